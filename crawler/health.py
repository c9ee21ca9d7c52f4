"""How every office stands at one moment: its last run's verdict, freshness, silence, completeness, server outages."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler.archive import AHEAD
from crawler.database import Connection, DatabaseProblem, check_readable, explained, open_for_reading
from crawler.habits import Habit
from crawler.instants import moment
from crawler.migrations import missing_steps
from crawler.outages import outages_of
from crawler.registry import Register
from crawler.servers import DAILY_BUDGET, day_of
from crawler.standings import Missing, Postponed, Report, Spending, Standing, State
from crawler.tallies import postponed
from crawler.unfinished import unfinished

_COMPLETE = 0.98
"""Part of what a list announces that must be held; lists count what they hide."""


class SourcesFailed(Exception):
    """Offices that suddenly give less than they did; what they gave is not to be published. Exit code 1."""


def refuse_failed(db: Connection) -> None:
    """Raise SourcesFailed, naming each office whose last run fell in volume or lost a field."""
    told = [
        f"{office}: {detail}"
        for office, detail in db.execute(
            "SELECT office, detail FROM office_runs r WHERE outcome = 'failed' AND run ="
            " (SELECT max(run) FROM office_runs s WHERE s.office = r.office)"
            " AND (detail LIKE '%volume: %' OR detail LIKE '%fill rate: %') ORDER BY office"
        )
    ]
    if told:
        raise SourcesFailed(
            "the copy made before is as it was, because of:\n  "
            + "\n  ".join(told)
            + "\nwiesci health tells more; if it is as it should be: wiesci publish --even-so"
        )


def report(news: Path, register: Register, now: datetime, *, overdue: timedelta | None = None) -> Report:
    """How every office stands at this moment. Raises DatabaseProblem."""
    connection = open_for_reading(news)
    try:
        with explained(news):
            found = _report(connection, register, now, overdue)
    except DatabaseProblem:
        check_readable(news, "news")  # after an update and before the next crawl nothing is damaged
        raise
    finally:
        connection.close()
    killed = unfinished(news.parent)
    if killed is not None:
        found = replace(found, last_run=killed.run, last_outcome="did not end", unfinished=str(killed))
    path = news.with_name("archive.db")
    return _with_manners(found, path, register, now) if path.exists() else found


def _with_manners(found: Report, path: Path, register: Register, now: datetime) -> Report:
    """The report with what the archive alone knows: what was put off, what is spent, when lists are due."""
    with explained(path), contextlib.closing(open_for_reading(path)) as connection:
        if missing_steps(Database(connection), "archive"):
            return found  # of an older version: the next crawl brings it up to date
        spent = connection.execute(
            "SELECT server, requests FROM spent WHERE day = ? ORDER BY server", (day_of(now).isoformat(),)
        ).fetchall()
        walks = {row[0]: row[1:] for row in connection.execute("SELECT office, due, habit FROM walks")}
        under_way = dict(connection.execute("SELECT office, pages FROM walks WHERE resume IS NOT NULL"))
        left = postponed(connection, found.last_run or "")
        last = connection.execute("SELECT at FROM visits ORDER BY sequence DESC LIMIT 1").fetchone()
    known = {name: register.servers.get(name) for name, _ in spent}
    spending = (
        Spending(server=name, requests=count, budget=server.budget if server else DAILY_BUDGET)
        for name, count in spent
        for server in [known[name]]
        if server or 2 * count >= DAILY_BUDGET
    )
    offices = (
        replace(one, lists_due=due, habit=Habit.read(habit).told() if habit else None)
        for one in (_under_way(one, under_way.get(one.office)) for one in found.offices)
        for due, habit in [walks.get(one.office, (None, None))]
    )
    return replace(
        found,
        ahead=told_ahead(moment(last[0]) - now) if last and moment(last[0]) - now > AHEAD else None,
        postponed=tuple(
            Postponed(outcome=word, detail=detail, addresses=addresses, offices=count)
            for (word, detail), (addresses, count) in left.items()
        ),
        spending=tuple(spending),
        offices=tuple(offices),
    )


def _under_way(one: Standing, pages: int | None) -> Standing:
    """The office as it stands while a walk through its lists goes on over several runs; `pages`: read so far."""
    if pages is None:
        return one
    told = f"completeness: its lists are being read through: {pages} pages so far, the next runs go on"
    return replace(one, troubles=(*one.troubles, told), state="warning" if one.state == "well" else one.state)


def told_ahead(by: timedelta) -> str:
    return (
        f"the archive is ahead of the clock by {by.days} days: one of the two is, or was, wrong; what is seen now is"
        " dated after what was seen then, until the clock has caught up"
    )


def _report(db: Connection, register: Register, now: datetime, overdue: timedelta | None) -> Report:
    last = db.execute("SELECT id, outcome, finished, started FROM runs ORDER BY started DESC LIMIT 1").fetchone()
    finished = db.execute("SELECT max(finished) FROM runs WHERE outcome != 'interrupted'").fetchone()[0]
    late = None
    if overdue is not None and (finished is None or now - moment(finished) > overdue):
        late = f"no run has finished since {finished or 'the beginning'}; one was expected every {_spoken(overdue)}"
    rows = db.execute(
        "SELECT office, outcome, detail, warnings, run, last_well, articles, newest_seen, teasers, usual, present,"
        " (SELECT signs FROM office_runs r WHERE r.office = h.office AND json_extract(signs, '$.deep')"
        " ORDER BY run DESC LIMIT 1) FROM office_health h ORDER BY office"
    ).fetchall()
    urls = dict(db.execute("SELECT id, url FROM offices"))
    rates: dict[str, dict[str, float]] = {}
    for office, name, rate in db.execute("SELECT office, field, rate FROM fill_rates ORDER BY office, field"):
        rates.setdefault(office, {})[name] = rate
    missing: dict[str, list[Missing]] = {}
    for office, url, outcome in db.execute("SELECT office, url, outcome FROM missing ORDER BY office, address"):
        missing.setdefault(office, []).append(Missing(url=url, outcome=outcome))
    outages = outages_of({row[0]: (urls[row[0]], row[2]) for row in rows if row[1] == "failed"}, urls, register)
    down = {office: outage.server for outage in outages for office in outage.offices}
    standings = tuple(
        _standing(row, _days(db, row[0]), rates.get(row[0], {}), missing.get(row[0], []), down.get(row[0]), now)
        for row in rows
    )
    return Report(
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        last_run=last[0] if last else None,
        last_outcome=(last[1] or "did not finish") if last else None,
        overdue=late,
        outages=outages,
        offices=standings,
    )


def _standing(
    row: Sequence[Any],
    days: Sequence[date],
    rates: Mapping[str, float],
    missing: Sequence[Missing],
    server: str | None,
    now: datetime,
) -> Standing:
    office, outcome, detail, warnings, run, last_well, articles, newest, teasers, usual, present, signs = row
    troubles: list[str] = []
    failed = outcome == "failed"
    if failed:
        troubles.append(f"with its server {server}" if server else detail or "no teasers")
    latest = {re.sub(r"\d+", "", one): one for one in (warnings or "").split("; ") if one}
    troubles += latest.values()  # of those that differ only in their numbers the last
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
    deep = json.loads(signs or "{}")
    announced, pages, read = (deep.get(name) for name in ("announced", "announced_pages", "read_pages"))
    if announced and held < _COMPLETE * announced:
        named = f"; {len(missing)} more are named: {_counted(missing)}" if missing else ""
        troubles.append(f"completeness: its list announces {announced}, held are {held}{named}")
    if pages and read is not None and read < pages:
        troubles.append(f"completeness: its list announces {pages} pages, read were {read}")
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
        announced_pages=pages,
        read_pages=read,
        held=held,
        missing=tuple(missing),
        fill_rates=dict(rates),
        outage=server if outcome == "failed" else None,
    )


def _counted(missing: Sequence[Missing]) -> str:
    """As in "3 gone, 1 timeout, 2 not visited yet"."""
    counts = Counter(one.outcome or "not visited yet" for one in missing)
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))


def _days(db: Connection, office: str) -> list[date]:
    """The last 30 days on which the office published something."""
    rows = db.execute(
        "SELECT DISTINCT substr(published, 1, 10) FROM articles WHERE office = ? AND length(published) >= 10"
        " ORDER BY 1 DESC LIMIT 30",
        (office,),
    )
    return sorted(date.fromisoformat(row[0]) for row in rows)


def _spoken(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:g} h"
