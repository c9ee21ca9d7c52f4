"""Articles that another table or the index of titles names, gathered once for all the queries of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crawler.publish.search.shelf import HELD, NAMED, TABLE, Finds

MOST_TITLES = 20_000
"""What more titles have is soon met among the newest articles: it is not gathered."""

_TITLED = re.compile(
    r'"title" like (:p\d+)(?! and zawiera)'
    r"|\(\"title\" like :p\d+ and zawiera\(\"title\", :p\d+, '(?:contains|startswith|endswith)'\)\)"
)
"""Datasette's filters by a part of the title, and ours (crawler/publish/folding.py)."""
_DENIED = re.compile(r"(?<!is )\bnot\b|\bcase\b", re.IGNORECASE)
"""What is so of an article without a title is unlike what is so of an article that is not among those gathered."""


class Gathering:
    """Their places. The index of titles is read through in a small part of the time that the articles' rows take, and
    each article that a table names is looked up once, not in each query of the page anew."""

    def __init__(self) -> None:
        self._places: dict[str, str | None] = {}
        """Condition -> places, as JSON; None: too many."""

    async def held(self, database: Any, finds: Finds) -> Finds:
        """The same finds, asked for by the places of what has been gathered. Raises QueryInterrupted."""
        where, params = await self.told(database, finds.where, finds.params)
        return replace(finds, where=where, params=params)

    async def told(self, database: Any, sql: str, params: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """The same SQL over articles, and what it is to be given. Raises QueryInterrupted."""
        told, given = sql, dict(params)
        for clause, gathers, most in _gatherable(sql):
            if clause not in self._places:
                found = await database.execute(gathers, params, truncate=False)
                few = most is None or len(found.rows) <= most
                self._places[clause] = json.dumps([row[0] for row in found.rows]) if few else None
            places = self._places[clause]
            if places is not None:
                told = told.replace(clause, HELD.format(len(given)))
                given[f"gathered{len(given)}"] = places
        return told, given


def _gatherable(where: str) -> Iterator[tuple[str, str, int | None]]:
    """Conditions of the list; what gives the places of the articles for which each is so; and how many are too many."""
    for named in NAMED.finditer(where):
        yield named[0], named["places"], None
    if _DENIED.search(where):
        return
    for titled in _TITLED.finditer(where):
        yield titled[0], f"select rowid from {TABLE} where {titled[0]} limit {MOST_TITLES + 1}", MOST_TITLES
