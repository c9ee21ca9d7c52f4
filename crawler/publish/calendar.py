"""iCalendar (RFC 5545) of the deadlines and events of every search and filter."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from datasette.utils import tilde_encode
from datasette.utils.asgi import Response

from crawler.publish import DATABASE
from crawler.publish.feeds_out import NAMESPACE, NEVER, article_column, no_feed, since
from crawler.publish.lists import TooMany, all_rows, title_of
from crawler.publish.validators import validated

MOST_ARTICLES = 5_000
"""Whose dates one calendar holds; of a longer list, the first so many, and the calendar says so."""
AT_ONCE = 100
NO_CALENDAR = "Ta lista nie prowadzi do artykułów ani naborów, więc nie ma kalendarza. Można ją pobrać jako plik."
OCTETS = 75
_CONTROL = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")

WARSAW = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Warsaw",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19960331T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""Always there: a calendar without any component is not valid, and a filter may have no dates."""

_ARTICLE = (
    "articles.id AS article, articles.title, articles.url, offices.name AS office,"
    " coalesce(articles.changed, articles.first_seen) AS stamp"
)
CALLS = f"""
SELECT calls.id, calls.closes, calls.event, calls.audience, calls.raw, {_ARTICLE}, min(articles.id)
FROM json_each(:ids) AS chosen {{calls}} CROSS JOIN articles ON articles.id = call_articles.article
  CROSS JOIN offices ON offices.id = articles.office
WHERE length(calls.closes) >= 10 GROUP BY calls.id
"""
OF_ARTICLES = (
    "CROSS JOIN call_articles ON call_articles.article = chosen.value CROSS JOIN calls ON calls.id = call_articles.call"
)
OF_CALLS = "CROSS JOIN calls ON calls.id = chosen.value CROSS JOIN call_articles ON call_articles.call = calls.id"
DATES = f"""
SELECT dates.role, dates.start, dates.end, dates.raw, {_ARTICLE}
FROM json_each(:ids) AS chosen CROSS JOIN dates ON dates.article = chosen.value
  CROSS JOIN articles ON articles.id = dates.article CROSS JOIN offices ON offices.id = articles.office
WHERE dates.role IN ('event', 'closes') AND length(coalesce(dates.start, dates.end)) >= 10
  AND NOT (dates.role = 'closes' AND EXISTS (SELECT 1 FROM call_articles JOIN calls ON calls.id = call_articles.call
    WHERE call_articles.article = dates.article AND substr(calls.closes, 1, 10) = substr(dates.end, 1, 10)))
"""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One deadline or event; days, or minutes in Warsaw."""

    id: str
    start: str
    end: str
    title: str
    words: str
    url: str
    page: str
    office: str
    stamp: str
    cancelled: bool = False


def can_calendar(columns: Sequence[str], table: str | None, database: str) -> bool:
    return database == DATABASE and (table == "calls" or article_column(columns, table) is not None)


async def calendar(
    datasette: Any,
    columns: Sequence[str],
    rows: Sequence[Any],
    database: str,
    table: str | None,
    query_name: str | None,
    request: Any,
    data: Mapping[str, Any],
) -> Any:
    if not can_calendar(columns, table, database):
        return await no_feed(datasette, request, NO_CALENDAR)
    column = "id" if table == "calls" else article_column(columns, table)
    index = list(columns).index(column) if column and column in columns else None
    ids: dict[str, None] = {}
    whole = True
    try:
        async for row in all_rows(datasette, request, rows, {**data, "filtered_table_rows_count": None}, MOST_ARTICLES):
            if index is not None and row[index] is not None:
                ids[str(row[index])] = None
            if len(ids) > MOST_ARTICLES:
                raise TooMany(MOST_ARTICLES)
    except TooMany:
        whole = False
        if not ids and index is not None:  # a query that Datasette itself cut short
            ids = {str(row[index]): None for row in rows}
    title = title_of(datasette, request, database, table, query_name)
    events = await _events(datasette, request, database, table, list(ids)[:MOST_ARTICLES])
    body = "".join(_folded(line) for line in _lines(title, whole, events))
    headers = {"content-disposition": f'inline; filename="{table or query_name or "wiesci"}.ics"'}
    answer = Response(body, content_type="text/calendar; charset=utf-8", headers=headers)
    last = (await datasette.databases[database].execute("SELECT max(coalesce(finished, started)) FROM runs")).first()[0]
    return validated(request, answer, since(last or NEVER, table))


async def _events(datasette: Any, request: Any, database: str, table: str | None, ids: Sequence[str]) -> list[Event]:
    async def rows(sql: str) -> list[Any]:
        """Of some of the ids at a time: a query may not take long."""
        found: list[Any] = []
        for start in range(0, len(ids), AT_ONCE):
            given = {"ids": json.dumps(ids[start : start + AT_ONCE])}
            found += (await datasette.databases[database].execute(sql, given, truncate=False)).rows
        return found

    def event(row: Any, id: str, start: str, end: str, title: str, cancelled: bool = False) -> Event:
        page = datasette.urls.row(database, "articles", tilde_encode(row["article"]))
        return Event(
            id=id,
            start=start,
            end=end,
            title=title,
            words=row["raw"],
            url=row["url"],
            page=str(datasette.absolute_url(request, page)),
            office=row["office"],
            stamp=row["stamp"] or NEVER,
            cancelled=cancelled,
        )

    events: dict[str, Event] = {}
    told: dict[str, str] = {}
    for row in await rows(CALLS.format(calls=OF_CALLS if table == "calls" else OF_ARTICLES)):
        what = row["title"] or row["audience"] or "nabór"
        one = event(
            row, f"call/{row['id']}", row["closes"], row["closes"], f"Termin: {what}", row["event"] == "cancelled"
        )
        if one.id not in told or row["article"] < told[one.id]:  # of several articles, always the same one
            told[one.id], events[one.id] = row["article"], one
    for row in await rows(DATES) if table != "calls" else ():
        start = row["end"] if row["role"] == "closes" else row["start"]
        end = row["end"] if row["end"] and len(row["end"]) >= 10 else start
        if not start or len(start) < 10:
            continue
        before = "Termin: " if row["role"] == "closes" else ""
        one = event(
            row, f"date/{row['article']}/{row['role']}/{start}", start, end, before + (row["title"] or row["office"])
        )
        events.setdefault(one.id, one)
    return sorted(events.values(), key=lambda one: (one.start, one.id))


def _lines(title: str, whole: bool, events: Sequence[Event]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Wiesci//Terminy i wydarzenia//PL", "CALSCALE:GREGORIAN")
    yield f"NAME:{_escaped(title)}"
    yield f"X-WR-CALNAME:{_escaped(title)}"
    if not whole:
        told = f"Lista jest dłuższa: kalendarz obejmuje jej pierwsze pozycje (najwyżej {MOST_ARTICLES})."
        yield f"DESCRIPTION:{_escaped(told)}"
        yield f"X-WR-CALDESC:{_escaped(told)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield from WARSAW
    for one in events:
        yield from _event(one)
    yield "END:VCALENDAR"


def _event(one: Event) -> Iterator[str]:
    try:
        span = list(_span(one.start, one.end))
    except ValueError:
        return  # not a day of the calendar
    stamp = datetime.fromisoformat(one.stamp).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(NAMESPACE, one.id)}"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    yield from span
    yield f"SUMMARY:{_escaped(one.title)}"
    source = one.url if one.url.startswith(("http://", "https://")) else one.page
    yield f"DESCRIPTION:{_escaped(f'{one.office}{chr(10)}„{one.words}”{chr(10)}{source}{chr(10)}{one.page}')}"
    yield f"URL:{_CONTROL.sub('', source)}"
    if one.cancelled:
        yield "STATUS:CANCELLED"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _span(start: str, end: str) -> Iterator[str]:
    if "T" in start:
        yield f"DTSTART;TZID=Europe/Warsaw:{datetime.fromisoformat(start):%Y%m%dT%H%M%S}"
        if "T" in end and end > start:
            yield f"DTEND;TZID=Europe/Warsaw:{datetime.fromisoformat(end):%Y%m%dT%H%M%S}"
        return
    first = date.fromisoformat(start)
    last = max(first, date.fromisoformat(end[:10]))
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"


def _escaped(text: str) -> str:
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never within a character."""
    pieces, piece, room = [], "", OCTETS
    for character in line:
        size = len(character.encode("utf-8"))
        if size > room:
            pieces.append(piece)
            piece, room = "", OCTETS - 1  # a further piece begins with a space
        piece += character
        room -= size
    pieces.append(piece)
    return "\r\n ".join(pieces) + "\r\n"
