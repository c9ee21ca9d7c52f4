"""Judges what each office gave: against its own past runs when a run is accounted for, and against today when asked."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.archive import moment
from crawler.database import Connection, explained, open_for_reading
from crawler.registry import Register
from crawler.signs import UNREACHABLE, Signs, likeness

PAST = 20
"""Earlier runs of an office that a run is judged by."""
_BAND = 12
_FEWEST_TEASERS = 5
_FALL = 0.6
"""A list that holds less than this part of its usual number has fallen by over 40 %."""
_USUALLY_FILLED = 0.5
_FEWEST_PAGES = 3
_CHANCE = 0.05
"""How probable it may be that a field is empty by chance on all pages since it was last filled."""
_ALIKE = 0.5
_COMPLETE = 0.98

State = Literal["well", "warning", "failed", "never"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a run's signs say against those of the runs before it."""

    usual: int | None = None
    """Lower edge of how many teasers the office's list holds."""
    failures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def judge(signs: Signs, past: Sequence[Signs]) -> Verdict:
    """`past`: the signs of the office's earlier runs, latest first, at most PAST of them."""
    failures: list[str] = []
    warnings: list[str] = []
    usual = _usual(signs, past)
    teasers = signs.get("teasers")
    if usual is not None and teasers is not None and usual >= _FEWEST_TEASERS and teasers < _FALL * usual:
        failures.append(f"volume: {teasers} teasers on a list that usually holds {usual} or more")
    for name in signs.get("filled", {}):
        rate = _emptied(name, [signs, *past])
        if rate is not None:
            failures.append(f"fill rate: {name} fell from {rate:.0%} to 0")
    ways = [one["list"] for one in past if "list" in one]
    if "list" in signs and ways and signs["list"] not in ways:
        warnings.append(f"way: the list was read at {signs['list']}, before at {ways[0]}")
    last = next((one["sketch"] for one in past if one.get("sketch")), None)
    if last and signs.get("sketch") and (alike := likeness(signs["sketch"], last)) < _ALIKE:
        warnings.append(f"structure: pages share {alike:.0%} of their kinds of elements with those of the run before")
    answers = signs.get("answers", {})
    asked = answers.get("asked", 0)
    for name in ("unreachable", "refused"):
        if asked >= 2 and answers.get(name, 0) * 2 >= asked:
            warnings.append(f"server: {answers[name]} of {asked} requests were {name}")
    walls = sum(signs.get("unusable", {}).values())
    pages = signs.get("filled", {}).get("title", (0, 0))[0]
    if walls >= _FEWEST_PAGES and walls > pages:
        told = ", ".join(f"{word} {count}" for word, count in sorted(signs["unusable"].items()))
        warnings.append(f"pages: {walls} of {walls + pages} new pages were no articles ({told})")
    return Verdict(usual=usual, failures=tuple(failures), warnings=tuple(warnings))


def _usual(signs: Signs, past: Sequence[Signs]) -> int | None:
    """The lower quartile of the last runs that read the same list."""
    same = [one["teasers"] for one in past if one.get("teasers") and one.get("list") == signs.get("list")]
    counts = sorted(same[:_BAND])
    return counts[len(counts) // 4] if counts else None


def _emptied(name: str, runs: Sequence[Signs]) -> float | None:
    """The rate a field had before it was empty on all later pages; None when it is not or that may be chance."""
    counts = [one["filled"][name] for one in runs if name in one.get("filled", {})]
    empty = 0
    while counts and counts[0][1] == 0:
        empty += counts.pop(0)[0]
    pages = sum(count[0] for count in counts)
    if empty < _FEWEST_PAGES or pages < _FEWEST_PAGES:
        return None
    rate = sum(count[1] for count in counts) / pages
    if rate < _USUALLY_FILLED or (1 - rate) ** empty > _CHANCE:
        return None
    return float(rate)


def rejudge(news: Connection, office: str, since: str, *, further: bool = True) -> None:
    """Write the verdict of one office's run `since` and (`further`) those of the runs that are judged by it."""
    rows = news.execute(
        "SELECT run, signs, teasers FROM office_runs WHERE office = ? AND run <= ? ORDER BY run DESC LIMIT ?",
        (office, since, PAST + 1),
    ).fetchall()[::-1]
    first = len(rows) - 1
    if further:
        rows += news.execute(
            "SELECT run, signs, teasers FROM office_runs WHERE office = ? AND run > ? ORDER BY run LIMIT ?",
            (office, since, PAST),
        ).fetchall()
    signs = [json.loads(row[1]) for row in rows]
    for place in range(first, len(rows)):
        run, _, teasers = rows[place]
        verdict = judge(signs[place], signs[max(0, place - PAST) : place][::-1])
        told = [*([signs[place]["trouble"]] if "trouble" in signs[place] else ()), *verdict.failures]
        news.execute(
            "UPDATE office_runs SET outcome = ?, detail = ?, usual = ?, warnings = ? WHERE run = ? AND office = ?",
            (
                "failed" if verdict.failures or not teasers else "well",
                "; ".join(told) or None,
                verdict.usual,
                "; ".join(verdict.warnings) or None,
                run,
                office,
            ),
        )


# How things stand today.


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one office stands."""

    office: str
    state: State
    troubles: tuple[str, ...]
    run: str | None
    last_well: str | None
    articles: int
    newest: str | None
    """When the last article that is new was first seen."""
    usual_gap_days: float | None
    """Median days between days on which it published."""
    teasers: int | None
    usual_teasers: int | None
    announced: int | None
    held: int
    fill_rates: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Outage:
    """One server, many offices: told once."""

    server: str
    outcome: str
    offices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    at: str
    last_run: str | None
    last_outcome: str | None
    overdue: str | None
    """Set when no run has finished for longer than was expected."""
    outages: tuple[Outage, ...] = ()
    offices: tuple[Standing, ...] = field(default=())

    @property
    def failed(self) -> list[Standing]:
        return [one for one in self.offices if one.state == "failed"]

    @property
    def exit_code(self) -> int:
        """0 well, 1 some offices failed or a run was missed, 3 nothing was crawled or nothing of it is well."""
        crawled = [one for one in self.offices if one.state != "never"]
        if not crawled or len(self.failed) == len(crawled):
            return 3
        return 1 if self.failed or self.overdue else 0


def report(news: Path, register: Register, now: datetime, *, overdue: timedelta | None = None) -> Report:
    """How every office stands at this moment. Raises DatabaseProblem."""
    connection = open_for_reading(news)
    try:
        with explained(news):
            return _report(connection, register, now, overdue)
    finally:
        connection.close()


def _report(db: Connection, register: Register, now: datetime, overdue: timedelta | None) -> Report:
    last = db.execute("SELECT id, outcome, finished, started FROM runs ORDER BY started DESC LIMIT 1").fetchone()
    finished = db.execute("SELECT max(finished) FROM runs WHERE outcome != 'interrupted'").fetchone()[0]
    late = None
    if overdue is not None and (finished is None or now - moment(finished) > overdue):
        late = f"no run has finished since {finished or 'the beginning'}; one was expected every {_spoken(overdue)}"
    rows = db.execute(
        "SELECT office, outcome, detail, warnings, run, last_well, articles, newest_seen, teasers, usual, present,"
        " (SELECT json_extract(signs, '$.announced') FROM office_runs r WHERE r.office = h.office"
        " AND json_extract(signs, '$.deep') ORDER BY run DESC LIMIT 1) FROM office_health h ORDER BY office"
    ).fetchall()
    urls = dict(db.execute("SELECT id, url FROM offices"))
    rates: dict[str, dict[str, float]] = {}
    for office, name, rate in db.execute("SELECT office, field, rate FROM fill_rates ORDER BY office, field"):
        rates.setdefault(office, {})[name] = rate
    outages = _outages({row[0]: (urls[row[0]], row[2]) for row in rows if row[1] == "failed"}, urls, register)
    down = {office: outage.server for outage in outages for office in outage.offices}
    standings = tuple(_standing(row, _days(db, row[0]), rates.get(row[0], {}), down.get(row[0]), now) for row in rows)
    return Report(
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        last_run=last[0] if last else None,
        last_outcome=(last[1] or "did not finish") if last else None,
        overdue=late,
        outages=outages,
        offices=standings,
    )


def _standing(
    row: Sequence[Any], days: Sequence[date], rates: Mapping[str, float], server: str | None, now: datetime
) -> Standing:
    office, outcome, detail, warnings, run, last_well, articles, newest, teasers, usual, present, announced = row
    troubles: list[str] = []
    failed = outcome == "failed"
    if failed:
        troubles.append(f"with its server {server}" if server else detail or "no teasers")
    troubles += (warnings or "").split("; ") if warnings else []
    gap = None
    if newest:
        gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
        gap = float(statistics.median(gaps)) if len(gaps) >= 3 else None
        quiet = (now - moment(newest)).days
        longest = max(gaps, default=0)
        if quiet > max(21, 3 * longest) and len(gaps) >= 3:
            failed = True
            troubles.append(f"silence: nothing new for {quiet} days; its longest pause before was {longest}")
        elif gap is not None and quiet > max(7, 4 * gap, longest):
            troubles.append(f"freshness: nothing new for {quiet} days; it usually publishes every {gap:g}")
    held = present or 0
    if announced and held < _COMPLETE * announced:
        troubles.append(f"completeness: its list announces {announced}, held are {held}")
    state: State = "never" if run is None else "failed" if failed else "warning" if troubles else "well"
    return Standing(
        office=office,
        state=state,
        troubles=tuple(troubles),
        run=run,
        last_well=last_well,
        articles=articles,
        newest=newest,
        usual_gap_days=gap,
        teasers=teasers,
        usual_teasers=usual,
        announced=announced,
        held=held,
        fill_rates=dict(rates),
    )


def _days(db: Connection, office: str) -> list[date]:
    """The last 30 days on which the office published something."""
    rows = db.execute(
        "SELECT DISTINCT substr(published, 1, 10) FROM articles WHERE office = ? AND length(published) >= 10"
        " ORDER BY 1 DESC LIMIT 30",
        (office,),
    )
    return sorted(date.fromisoformat(row[0]) for row in rows)


def _outages(
    failed: Mapping[str, tuple[str, str | None]], urls: Mapping[str, str], register: Register
) -> tuple[Outage, ...]:
    """Servers of which at least three offices, and half of all, could not be reached for one and the same reason."""
    size: dict[str, int] = {}
    for url in urls.values():
        server = _server(url, register)
        size[server] = size.get(server, 0) + 1
    groups: dict[tuple[str, str], list[str]] = {}
    for office, (url, detail) in failed.items():
        word = (detail or "").partition(":")[0].partition(";")[0]
        if word in UNREACHABLE:
            groups.setdefault((_server(url, register), word), []).append(office)
    return tuple(
        Outage(server=server, outcome=word, offices=tuple(sorted(offices)))
        for (server, word), offices in sorted(groups.items())
        if len(offices) >= 3 and 2 * len(offices) >= size[server]
    )


_PUBLIC_SUFFIXES = frozenset({"com.pl", "edu.pl", "gov.pl", "info.pl", "net.pl", "org.pl"})


def _server(url: str, register: Register) -> str:
    """The server group of the register, else the domain above the host's first label."""
    group = register.server_group(url)
    if group:
        return group
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    above = host.partition(".")[2]
    return above if above.count(".") and above not in _PUBLIC_SUFFIXES else host


def _spoken(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:g} h"
