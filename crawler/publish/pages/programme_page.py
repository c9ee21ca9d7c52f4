"""The page of a programme: articles and calls that name it, amounts by what they are, organisations and years."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.pages.calls_shown import LATEST, ShownCall, open_calls, shown
from crawler.publish.pages.newest import newest, titles
from crawler.publish.pages.sums import Sum, sums

NEWEST = 10
_PROGRAMME = "SELECT * FROM programmes WHERE id = :id"
_OPEN = "SELECT id FROM calls WHERE programme = :id AND (closes >= :day OR closes IS NULL)"
_LATEST = LATEST.format("calls.programme = :id")
_YEARS = """
SELECT articles.year, count(*) AS articles FROM json_each(:ids) JOIN articles ON articles.id = json_each.value
GROUP BY articles.year ORDER BY articles.year IS NULL, articles.year DESC
"""
_NUMBERS = """
SELECT DISTINCT number FROM article_programmes WHERE programme = :id AND number IS NOT NULL
  AND article IN (SELECT value FROM json_each(:ids)) ORDER BY number LIMIT 20
"""
_ORGANISATIONS = """
SELECT organisations.id, organisations.name, organisations.kind, count(*) AS articles FROM article_organisations
JOIN organisations ON organisations.id = article_organisations.organisation
WHERE article_organisations.article IN (SELECT value FROM json_each(:ids))
GROUP BY organisations.id ORDER BY articles DESC, organisations.name LIMIT 12
"""
_OFFICES = """
SELECT offices.id, offices.name, count(*) AS articles FROM json_each(:ids)
JOIN articles ON articles.id = json_each.value JOIN offices ON offices.id = articles.office
GROUP BY offices.id ORDER BY articles DESC, offices.name LIMIT 12
"""


@dataclass(frozen=True, kw_only=True)
class ProgrammePage:
    row: Any
    count: int | None
    """Articles that name it; None where there are very many."""
    newest: Sequence[Any]
    calls: Sequence[ShownCall]
    """Open ones by their deadline, then the latest of the others."""
    summed: int
    """Newest articles that everything below is made of."""
    all_summed: bool
    sums: Sequence[Sum]
    years: Sequence[Any]
    numbers: Sequence[str]
    organisations: Sequence[Any]
    offices: Sequence[Any]

    @property
    def most_in_a_year(self) -> int:
        return max((row["articles"] for row in self.years), default=0)


async def read(datasette: Any, database: Any, id: str, *, day: str, request: Any) -> ProgrammePage | None:
    """None where there is no such programme."""
    row = (await database.execute(_PROGRAMME, {"id": id})).first()
    if row is None:
        return None
    named = await newest(database, "programme", id)
    given = {"id": id, "ids": json.dumps(list(named.ids))}

    async def rows(sql: str) -> Sequence[Any]:
        return list((await database.execute(sql, given)).rows)

    is_open = await open_calls(database, _OPEN, {"id": id}, day)
    latest = await shown(database, await rows(_LATEST), day)
    known = {call.id for call in is_open}
    return ProgrammePage(
        row=row,
        count=named.count,
        newest=await titles(database, named.ids[:NEWEST]),
        calls=[*is_open, *(call for call in latest if call.id not in known)],
        summed=len(named.ids),
        all_summed=named.whole,
        sums=await sums(database, named.ids),
        years=await rows(_YEARS),
        numbers=[one["number"] for one in await rows(_NUMBERS)],
        organisations=await rows(_ORGANISATIONS),
        offices=await rows(_OFFICES),
    )
