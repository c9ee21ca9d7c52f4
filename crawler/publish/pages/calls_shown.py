"""Calls as the pages list them: each with where it stands on a day, the nearest deadline first."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.pages.standing import Standing, standing
from crawler.publish.polish import money

MOST = 50
"""Calls that one page lists."""
CANDIDATES = 500
"""Calls that are looked at to find those that are open."""

CALL_OF = {"calls": "id", "call_articles": "call"}
"""Table -> the column that holds a call's id."""
_SAID = """
SELECT call_articles.call, call_articles.event, articles.id AS article, articles.title,
  coalesce(articles.published, articles.first_seen) AS at
FROM call_articles JOIN articles ON articles.id = call_articles.article
WHERE call_articles.call IN (SELECT value FROM json_each(:ids)) ORDER BY at, articles.id
"""
_ROW = "SELECT calls.*, offices.name AS office_name FROM calls JOIN offices ON offices.id = calls.office"
OPEN = f"{_ROW} WHERE calls.id IN ({{0}}) ORDER BY calls.closes IS NULL, calls.closes, calls.id LIMIT {CANDIDATES}"
"""By a condition that gives their ids."""
LATEST = f"{_ROW} WHERE {{0}} ORDER BY calls.closes DESC, calls.id LIMIT {MOST}"


@dataclass(frozen=True, kw_only=True)
class ShownCall:
    id: str
    title: str
    office: str
    office_name: str
    standing: Standing
    opens: str | None
    closes: str | None
    open_ended: str | None
    event: str
    audience: str | None
    money: str
    """"" where no amount is known."""
    article: str | None
    """The newest that speaks of it."""
    raw: str


async def shown(database: Any, rows: Sequence[Any], day: str) -> list[ShownCall]:
    """These rows of `calls` (with the office's name), in their order."""
    told: dict[str, list[Any]] = {}
    given = {"ids": json.dumps([row["id"] for row in rows])}
    for one in (await database.execute(_SAID, given)).rows if rows else ():
        told.setdefault(one["call"], []).append(one)
    return [_shown(row, told.get(row["id"], []), day) for row in rows]


async def open_calls(database: Any, ids: str, given: Mapping[str, Any], day: str) -> list[ShownCall]:
    """Those that are open on the day, of those whose ids the query `ids` gives."""
    rows = (await database.execute(OPEN.format(ids), {**given, "day": day})).rows
    return [call for call in await shown(database, rows, day) if call.standing.state == "open"]


async def called(database: Any, ids: Collection[str]) -> Mapping[str, str]:
    """Call -> the title of the first article that tells of it, by which readers know a call; those without one not."""
    titles: dict[str, str] = {}
    for one in (await database.execute(_SAID, {"ids": json.dumps(sorted(ids))})).rows if ids else ():
        if one["title"]:
            titles.setdefault(one["call"], one["title"])
    return titles


def amount(row: Any) -> str:
    """ "3 200 000,00 zł", "1 000,00 zł – 5 000,00 zł"; "" where none is known."""
    if row["grosze"] is None:
        return ""
    value = money(row["grosze"], row["currency"])
    return f"{value} – {money(row['grosze_to'], row['currency'])}" if row["grosze_to"] is not None else value


def _shown(row: Any, said: Sequence[Any], day: str) -> ShownCall:
    by_then = [one for one in said if one["at"][:10] <= day] or list(said)
    titled = next((one["title"] for one in said if one["title"]), None)
    return ShownCall(
        id=row["id"],
        title=titled or row["audience"] or "Nabór bez tytułu",
        office=row["office"],
        office_name=row["office_name"],
        standing=standing(row, [(one["event"], one["at"]) for one in said], day),
        opens=row["opens"],
        closes=row["closes"],
        open_ended=row["open_ended"],
        event=row["event"],
        audience=row["audience"],
        money=amount(row),
        article=by_then[-1]["article"] if by_then else None,
        raw=row["raw"],
    )
