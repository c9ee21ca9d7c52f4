"""Requests a day against what was due: lists, new and changed pages, revisits, one robots.txt a group."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pysqlite3

from crawler import rhythm
from crawler.folder import ARCHIVE
from crawler.walks import DEEP_EVERY
from tests.year.oracle import Oracle, Visit

LIST_PAGES = 5


@dataclass
class Day:
    """One day's requests, as they came and as they were called for."""

    asked: int = 0
    lists: int = 0
    new: int = 0
    changed: int = 0
    revisits: int = 0
    robots: int = 0
    left: int = 0
    """Revisits made on this day whose time had come on an earlier one, less those of this day that were made later."""

    @property
    def due(self) -> int:
        """What trouble put off is due until it is made: each revisit counts once, on the day on which it was made."""
        return self.lists + self.new + self.changed + self.revisits + self.robots

    @property
    def ratio(self) -> float:
        return self.asked / self.due if self.due else float(self.asked)

    @property
    def ratio_when_due(self) -> float:
        """The same with each revisit on the day on which its time came, whether or not it could be made then."""
        due = self.due - self.left
        return self.asked / due if due else float(self.asked)


@dataclass
class Lists:
    """Before each run: the list pages that the rhythm, as fixed by then, calls for."""

    due: list[dict[str, int]] = field(default_factory=list)

    def note(self, data: Path, at: datetime, pages: Mapping[str, int]) -> None:
        """`pages`: office -> pages of its list now. A walk of the whole list is due every so many walks."""
        counts = dict.fromkeys(pages, 1)
        if (data / ARCHIVE).exists():
            with closing(pysqlite3.connect(f"file:{data / ARCHIVE}?mode=ro", uri=True)) as archive:
                for office, completed, resume, since_deep, unsorted, due in archive.execute(
                    "SELECT office, completed, resume, since_deep, unsorted, due FROM walks"
                ):
                    whole = pages.get(office, 1)
                    if completed is None or resume:
                        whole = min(whole, LIST_PAGES)
                    elif since_deep + 1 < DEEP_EVERY:
                        whole = min(whole, LIST_PAGES) if unsorted else 1
                    counts[office] = whole if datetime.fromisoformat(due) <= at else 0
        else:
            counts = {office: min(count, LIST_PAGES) for office, count in pages.items()}
        self.due.append(counts)


def days(oracles: Mapping[str, Oracle], lists: Lists) -> dict[date, Day]:
    """What was asked for and what was due, day by day (UTC)."""
    found: dict[date, Day] = {}
    for oracle in oracles.values():
        log = oracle.runs
        hosts: set[date] = set()
        for asked in oracle.log:
            day = log.began[asked.run].date()
            found.setdefault(day, Day()).asked += 1
            hosts.add(day)
        for day in hosts:
            found[day].robots += 1
        for run, counts in enumerate(lists.due):
            found.setdefault(log.began[run].date(), Day()).lists += counts.get(oracle.profile.id, 0)
        for kind, amounts in _articles(oracle).items():
            for run, count in amounts.items():
                day_of = found.setdefault(log.began[run].date(), Day())
                setattr(day_of, kind, getattr(day_of, kind) + count)
    return found


def _articles(oracle: Oracle) -> dict[str, Counter[int]]:
    """Run -> pages that were new, that had changed, or whose time had come, asked for or not; and `Day.left`."""
    counts: dict[str, Counter[int]] = {name: Counter() for name in ("new", "changed", "revisits", "left")}
    began = oracle.runs.began
    for number, visits in oracle.visits.items():
        by_address: dict[str, list[Visit]] = {}
        for visit in visits:
            by_address.setdefault(visit.address, []).append(visit)
        changes = [event.at for event in oracle.by_item[number]]
        for some in by_address.values():
            some = list({visit.run: visit for visit in some}.values())
            counts["new"][some[0].run] += 1
            for here, there in zip(some, [*some[1:], None], strict=True):
                due = next_due(here, some, oracle, number)
                upto = there.run if there else len(began)
                early = there is not None and began[there.run] < due
                if early and there is not None:
                    if any(here.at < at <= there.at for at in changes):
                        counts["changed"][there.run] += 1
                    continue
                run = next((run for run in range(here.run + 1, upto) if began[run] >= due), upto)
                if there is not None:
                    counts["revisits"][there.run] += 1
                    counts["left"][run] -= 1
                    counts["left"][there.run] += 1
                elif run < len(began):
                    counts["revisits"][run] += 1
    return counts


def next_due(visit: Visit, earlier: list[Visit], oracle: Oracle, number: int) -> datetime:
    """When the rhythm brings an address up again after this visit."""
    before = [one for one in earlier if one.at <= visit.at]
    if visit.missing:
        misses = []
        for one in reversed(before):
            if not one.missing:
                break
            misses.append(one)
        return rhythm.after_gone(visit.at, confirmed=visit.at - misses[-1].at >= timedelta(hours=24))
    if visit.failed:
        failures = 0
        for one in reversed(before):
            if not one.failed:
                break
            failures += 1
        return rhythm.next_try(visit.at, failures)
    shown = [one for one in oracle.visits[number] if one.told is not None and one.at <= visit.at]
    if not shown:
        return visit.at + rhythm.DAY
    told = shown[-1].told
    assert told is not None
    changed = [b.at for a, b in itertools.pairwise(shown) if a.told != b.told]
    news = max([_midnight(told.published), *(_midnight(at.date()) for at in changed)])
    until = _midnight(told.closes) if told.closes else None
    return rhythm.next_visit(visit.at, news=min(news, visit.at), open_until=until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
