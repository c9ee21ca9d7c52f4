"""Holds the database against the oracle: what is missing, what is false, which events were observable and observed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3

from crawler.folder import NEWS
from tests.year.coverage import latest
from tests.year.history import EDITS, MOVES, SILENT, TROUBLES, Event, Item
from tests.year.log import Log, believing
from tests.year.oracle import Oracle, Visit, Wanted, spelled

BELIEVED_LIAR = timedelta(days=14)
"""Within so long a host that answers 304 for changed pages must be found out."""
KINDS = ("published", *EDITS, *MOVES, "vanished", "returned", *TROUBLES, *SILENT)


@dataclass(kw_only=True)
class Row:
    """One article as the database has it."""

    id: str
    office: str
    title: str
    lines: tuple[str, ...]
    published: str | None
    first: int | None
    last: int | None
    gone: int | None
    reason: str | None
    addresses: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    revisions: Counter[tuple[int | None, frozenset[str]]] = field(default_factory=Counter)


@dataclass
class Tally:
    """What became of the events of one kind."""

    happened: int = 0
    observable: int = 0
    observed: int = 0
    false: int = 0
    delays: list[timedelta] = field(default_factory=list)
    """From the event to the visit that showed it."""


@dataclass
class Judgement:
    tallies: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in KINDS})
    problems: list[str] = field(default_factory=list)
    unobservable: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    """Events that were seen later than the rhythm promises, or not though they lasted long enough."""


def read(data: Path, log: Log) -> list[Row]:
    """Every article of the database, its instants as runs."""

    def run(text: str | None) -> int | None:
        return None if text is None else log.run_at(datetime.fromisoformat(text))

    with closing(pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True)) as news:
        rows = {
            one[0]: Row(
                id=one[0],
                office=one[1],
                title=one[2],
                lines=tuple(one[3].split("\n")),
                published=one[4],
                first=run(one[5]),
                last=run(one[6]),
                gone=run(one[7]),
                reason=one[8],
            )
            for one in news.execute(
                "SELECT id, office, title, text, published, first_seen, last_seen, gone, gone_reason FROM articles"
            )
        }
        for article, url in news.execute("SELECT article, url FROM addresses"):
            rows[article].addresses |= {spelled(url)}
        for article, label in news.execute("SELECT article, label FROM attachments"):
            rows[article].files |= {label}
        for article, seen, changes in news.execute("SELECT article, seen, changes FROM revisions"):
            rows[article].revisions[run(seen), frozenset(one["type"] for one in json.loads(changes))] += 1
    return list(rows.values())


def judge(data: Path, oracles: Iterable[Oracle], log: Log) -> Judgement:
    found = Judgement()
    rows = read(data, log)
    at = {(row.office, address): row for row in rows for address in row.addresses}
    explained: set[str] = set()
    for oracle in oracles:
        wanted = oracle.wanted()
        for one in wanted:
            held = {row.id: row for address in one.addresses if (row := at.get((one.office, address)))}
            explained |= held.keys()
            _compare(found, one, list(held.values()))
        for event in oracle.events:
            if log.began[0] <= event.at <= log.ended[-1]:
                _observe(found, oracle, event, wanted, at, log)
    for row in rows:
        if row.id not in explained:
            found.problems.append(f"{row.office}: an article that never was: {row.title!r} at {sorted(row.addresses)}")
            found.tallies["published"].false += 1
    _troubles(found, data, oracles, log)
    return found


# --- articles


def _compare(found: Judgement, wanted: Wanted, held: Sequence[Row]) -> None:
    name = f"{wanted.office} article {wanted.item}"
    if len(held) != 1:
        found.problems.append(f"{name}: {len(held)} articles at {sorted(wanted.addresses)}")
        found.tallies["published"].false += max(0, len(held) - 1)
        return
    (row,) = held
    told = wanted.told
    for what, want, have in (
        ("title", told.title, row.title),
        ("text", told.lines, row.lines),
        ("publication day", told.published.isoformat(), row.published),
        ("attachments", {label for _, label in told.files}, row.files),
        ("first_seen", wanted.first, row.first),
        ("last_seen", wanted.last, row.last),
        ("gone", (wanted.gone, wanted.reason), (row.gone, row.reason)),
        ("addresses", wanted.addresses, row.addresses),
    ):
        if want != have:
            found.problems.append(f"{name}: {what}: wanted {want!r}, held {have!r}")
    revisions: Counter[tuple[int | None, frozenset[str]]] = Counter((one.run, one.types) for one in wanted.revisions)
    for (run, types), count in (revisions - row.revisions).items():
        found.problems.append(f"{name}: {count} revision(s) missing: {sorted(types)} of run {run}")
    for (run, types), count in (row.revisions - revisions).items():
        found.problems.append(f"{name}: {count} revision(s) that never were: {sorted(types)} of run {run}")
        for kind in types:
            found.tallies[_kind_of(kind)].false += count


def _kind_of(type_: str) -> str:
    return {"gone": "vanished", "back": "returned"}.get(type_, type_)


# --- events


def _observe(
    found: Judgement,
    oracle: Oracle,
    event: Event,
    wanted: Sequence[Wanted],
    at: dict[tuple[str, str], Row],
    log: Log,
) -> None:
    if event.kind in (*TROUBLES, *SILENT):
        return
    tally = found.tallies[event.kind]
    tally.happened += 1
    visit, why = _first_shown(oracle, event, wanted)
    assert event.item is not None
    if visit is None:
        if (bound := latest(oracle, event)) is not None and bound < _lasted(oracle, event, log):
            found.late.append(f"{event.office} article {event.number}: {event.kind} of {event.at:%m-%d %H:%M}: never")
        found.unobservable.append(
            f"{event.office} article {event.number}: {event.kind} at {event.at:%m-%d %H:%M}: {why}"
        )
        return
    tally.observable += 1
    tally.delays.append(visit.at - event.at)
    if (bound := latest(oracle, event)) is not None and visit.at > bound:
        found.late.append(
            f"{event.office} article {event.number}: {event.kind} of {event.at:%m-%d %H:%M}, {visit.at - bound}"
        )
    row = at.get((event.office, visit.final)) or at.get((event.office, visit.address))
    if row is not None and _is_told(row, oracle, event, visit):
        tally.observed += 1
    else:
        found.problems.append(
            f"{event.office} article {event.number}: {event.kind} of {event.at:%m-%d %H:%M} was to be seen"
            f" in run {visit.run} and is not in the database"
        )


def _lasted(oracle: Oracle, event: Event, log: Log) -> datetime:
    """Until when a visit could have shown it."""
    later = [one.at for one in oracle.by_item[event.number] if one.at > event.at]
    return min([*later, log.ended[-1]])


def _is_told(row: Row, oracle: Oracle, event: Event, visit: Visit) -> bool:
    if event.kind == "published":
        return row.first is not None and row.first <= visit.run
    if event.kind in MOVES:
        assert event.item is not None
        before = _before(oracle, event)
        return {oracle.address(before), oracle.address(event.item)} <= row.addresses
    type_ = {"vanished": "gone", "returned": "back"}.get(event.kind, event.kind)
    return any(run == visit.run and type_ in types for run, types in row.revisions)


def _first_shown(oracle: Oracle, event: Event, wanted: Sequence[Wanted]) -> tuple[Visit | None, str]:
    """The first visit that could show what happened, or why there was none."""
    visits = oracle.visits[event.number]
    good = [one for one in visits if one.told is not None]
    later = [one for one in oracle.by_item[event.number] if one.at > event.at]
    if event.kind == "published":
        return (good[0], "") if good else (None, "never shown to any visit")
    if event.kind in ("vanished", "returned"):
        return _turn(oracle, event, wanted)
    if event.kind in MOVES:
        return _joined(oracle, event, wanted)
    if not good or good[0].at >= event.at:
        return None, "before the first visit"
    aspect = _ASPECT[event.kind]
    before, after = _before(oracle, event), event.item
    assert after is not None
    until = next((one.at for one in later if one.item and aspect(one.item) != aspect(after)), None)
    shown = next((one for one in good if one.at >= event.at and (until is None or one.at < until)), None)
    if shown is None:
        return None, "overtaken before a visit" if until else "no visit since"
    last = [one for one in good if one.at < shown.at][-1]
    assert last.told is not None
    if not any({last.final, shown.final} <= one.addresses for one in wanted if one.item == event.number):
        return None, _APART
    if aspect(before) != _ASPECT[event.kind](_as_item(before, last)):
        # an earlier change of the same kind was not shown either: both are one difference
        return (shown, "") if aspect(_as_item(before, last)) != aspect(after) else (None, "undone before a visit")
    return shown, ""


def _as_item(item: Item, visit: Visit) -> Item:
    assert visit.told is not None
    return replace(item, told=visit.told)


_APART = "nothing showed both addresses to be of one article"
_ASPECT: dict[str, Any] = {
    "text": lambda item: item.told.paragraphs,
    "title": lambda item: item.told.title,
    "deadline_extended": lambda item: item.told.closes,
    "amount_changed": lambda item: item.told.zlotys,
    "attachment_added": lambda item: item.told.files,
    "attachment_removed": lambda item: item.told.files,
    "date_corrected": lambda item: item.told.published,
}


def _before(oracle: Oracle, event: Event) -> Item:
    earlier = [one.item for one in oracle.by_item[event.number] if one.at < event.at and one.item]
    return earlier[-1]


def _turn(oracle: Oracle, event: Event, wanted: Sequence[Wanted]) -> tuple[Visit | None, str]:
    """The visit that confirmed that the article was gone (or back), between this event and its opposite."""
    later = [one for one in oracle.by_item[event.number] if one.at > event.at]
    opposite = "returned" if event.kind == "vanished" else "vanished"
    until = next((one.at for one in later if one.kind == opposite), None)
    type_ = "gone" if event.kind == "vanished" else "back"
    for one in wanted:
        if one.item != event.number:
            continue
        for revision in one.revisions:
            if type_ in revision.types:
                visit = next(v for v in one.visits if v.run == revision.run)
                if visit.at >= event.at and (until is None or visit.at < until):
                    return visit, ""
    if event.kind == "returned":
        return None, "it had not been found gone, or no visit since"
    return None, "back before two visits a day apart" if until else "not yet two visits a day apart"


def _joined(oracle: Oracle, event: Event, wanted: Sequence[Wanted]) -> tuple[Visit | None, str]:
    assert event.item is not None
    old, new = oracle.address(_before(oracle, event)), oracle.address(event.item)
    for one in wanted:
        if one.item == event.number and {old, new} <= one.addresses:
            return next(v for v in one.visits if v.final == new), ""
    return None, _APART


# --- sites


def _troubles(found: Judgement, data: Path, oracles: Iterable[Oracle], log: Log) -> None:
    """Trouble of a site must show in the office's account of the run, and nowhere else."""
    with closing(pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True)) as news:
        failed = {
            (office, log.run_at(datetime.fromisoformat(run[:24])))
            for run, office in news.execute(
                "SELECT run, office FROM office_runs WHERE outcome = 'failed' OR failed > 0"
            )
        }
    for oracle in oracles:
        for event in oracle.events:
            if not log.began[0] <= event.at <= log.ended[-1] or event.kind not in (*TROUBLES, *SILENT):
                continue
            tally = found.tallies[event.kind]
            tally.happened += 1
            if event.kind == "lying":
                _believed(found, oracle, event)
            if event.kind in SILENT:
                continue
            runs = set(_met(oracle, event))
            if not runs:
                found.unobservable.append(
                    f"{event.office}: {event.kind} at {event.at:%m-%d %H:%M}: no list was asked for"
                )
                continue
            tally.observable += 1
            if any((event.office, run) in failed for run in runs):
                tally.observed += 1
            else:
                found.problems.append(f"{event.office}: {event.kind} at {event.at:%m-%d %H:%M} shows in no account")


def _believed(found: Judgement, oracle: Oracle, event: Event) -> None:
    """A host that answers 304 for what has changed must lose the trust that conditional requests are."""
    tally = found.tallies[event.kind]
    lies = [one for one in oracle.log if one.shown.kind == "same" and one.shown.changed]
    if not lies:
        found.unobservable.append(f"{event.office}: lying at {event.at:%m-%d %H:%M}: nothing untrue was said")
        return
    if oracle.log[-1].at <= lies[0].at + BELIEVED_LIAR:
        found.unobservable.append(f"{event.office}: lying at {event.at:%m-%d %H:%M}: not long enough yet")
        return
    tally.observable += 1
    last = believing(oracle.log)[-1]
    tally.delays.append(last.at - lies[0].at)
    if last.at - lies[0].at <= BELIEVED_LIAR:
        tally.observed += 1
    else:
        found.problems.append(f"{event.office}: lies from {lies[0].at:%m-%d}, still believed on {last.at:%m-%d}")


def _met(oracle: Oracle, event: Event) -> Iterator[int]:
    """Runs in which a list could not be read because of this trouble."""
    assert event.until is not None
    kinds = {"outage": "trouble", "maintenance": "maintenance", "broken_list": "broken", "robots_down": "robots"}
    for asked in oracle.log:
        if event.at <= asked.at < event.until and asked.shown.kind == kinds[event.kind]:
            if event.kind == "robots_down" and asked.shown.how != "down":
                continue
            if event.kind in ("outage", "maintenance") and asked.target not in oracle.lists:
                continue
            yield asked.run
