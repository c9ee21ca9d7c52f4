"""The page of a topic or an organisation: the newest articles that speak of it, and in which offices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.pages.newest import newest, titles

NEWEST = 20
_OFFICES = """
SELECT offices.id, offices.name, count(*) AS articles FROM json_each(:ids)
JOIN articles ON articles.id = json_each.value JOIN offices ON offices.id = articles.office
GROUP BY offices.id ORDER BY articles DESC, offices.name LIMIT 12
"""


@dataclass(frozen=True, kw_only=True)
class NamedPage:
    row: Any
    count: int | None
    """Articles that speak of it; None where there are very many."""
    newest: Sequence[Any]
    summed: int
    """Newest articles whose offices are counted."""
    offices: Sequence[Any]


async def topic(datasette: Any, database: Any, id: str, *, day: str, request: Any) -> NamedPage | None:
    """None where there is no such topic."""
    return await _read(database, "topics", "topic", id)


async def organisation(datasette: Any, database: Any, id: str, *, day: str, request: Any) -> NamedPage | None:
    """None where there is no such organisation."""
    return await _read(database, "organisations", "organisation", id)


async def _read(database: Any, table: str, naming: str, id: str) -> NamedPage | None:
    row = (await database.execute(f"SELECT * FROM {table} WHERE id = :id", {"id": id})).first()
    if row is None:
        return None
    named = await newest(database, naming, id)
    return NamedPage(
        row=row,
        count=named.count,
        newest=await titles(database, named.ids[:NEWEST]),
        summed=len(named.ids),
        offices=(await database.execute(_OFFICES, {"ids": json.dumps(list(named.ids))})).rows,
    )
