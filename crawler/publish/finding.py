"""One search of the articles at the least cost: how common its words are, its count, and its facets in one pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.database import QueryInterrupted, Results

from crawler.publish.ranking import TABLE, Ranking

COMMON = 20_000
"""Words that stand in more articles than this are common."""

INDEX = {"name": f"{TABLE}_facets"}

_NAME = re.compile(r'"(\w+)"')
_MATCHING = f"rowid in (select rowid from {TABLE}_fts where {TABLE}_fts match escape_fts(:search))"
_COUNT = f"select count(*) from {TABLE} "
_FACET = re.compile(r"\s*select (\w+) as value, count\(\*\) as count from \(.* limit (\d+)\s*", re.DOTALL)


class Finding:
    """What Datasette's table page asks the database for one search, answered in fewer and quicker steps.

    Rare words: the articles are looked up one by one. Common words: an index is walked, newest first, and each of its
    articles looked for among those found; SQLite's planner, which cannot know how many that are, never chooses so.
    All facets of the metadata and the count come from one query.
    """

    def __init__(self, ranking: Ranking | None, facets: Sequence[str]) -> None:
        self._ranking = ranking
        self._facets = [name for name in facets if isinstance(name, str)]
        self._tally: Mapping[str, Counter[Any]] | None = None
        self._common: bool | None = None
        self.partial = False
        """The facets count the newest finds only: counting all would have taken too long."""
        self.too_general = False
        """Even finding the newest took too long: nothing is shown."""

    async def execute(self, database: Any, sql: str, params: Any, **how: Any) -> Any:
        """Any query of the page, run or answered. Raises QueryInterrupted where Datasette expects that it may."""
        if _MATCHING not in sql:
            return await database.execute(sql, params, **how)
        if not self.too_general:
            try:
                return await self._answer(database, sql, params, **how)
            except QueryInterrupted:
                if sql.startswith(_COUNT) or _FACET.fullmatch(sql):
                    raise
                self.too_general = True
        if sql.startswith(_COUNT):
            raise QueryInterrupted(None, sql, params)
        if _FACET.fullmatch(sql):
            return Results([], False, None)
        return await database.execute(f"{sql.partition(f' from {TABLE} ')[0]} from {TABLE} where 0", **how)

    async def _answer(self, database: Any, sql: str, params: Any, **how: Any) -> Any:
        sql = await self._quicker(database, sql, params)
        if sql.startswith(_COUNT):
            return await self._count(database, sql, params)
        facet = _FACET.fullmatch(sql)
        if facet and self._tally is not None and facet[1] in self._tally:
            return _ordered(self._tally[facet[1]], int(facet[2]))
        if self._ranking is not None and how.get("truncate"):  # of all queries of the page, only the one for its rows
            return await self._ranking.rows(database, sql, params, **how)
        return await database.execute(sql, params, **how)

    async def _quicker(self, database: Any, sql: str, params: Mapping[str, Any]) -> str:
        if self._common is None:
            matching = f"select 1 from {TABLE}_fts where {TABLE}_fts match escape_fts(:search) limit {COMMON + 1}"
            found = await database.execute(f"select count(*) from ({matching})", {"search": params["search"]})
            self._common = found.first()[0] > COMMON
            if self._ranking is not None:
                self._ranking.common = self._common
        return sql.replace(_MATCHING, f"+{_MATCHING}") if self._common else sql

    def told(self) -> dict[str, bool]:
        """For the page and its JSON: what it could not tell."""
        return {"facets_complete": not self.partial, "too_general": self.too_general}

    async def _count(self, database: Any, sql: str, params: Mapping[str, Any]) -> Sequence[Sequence[int]]:
        """The number of finds; their facets are counted along with it. Raises QueryInterrupted."""
        where = sql.removeprefix(_COUNT)
        try:
            rows = await self._count_facets(database, where, params)
        except QueryInterrupted:
            if self._ranking is None:
                raise
            self.partial = True
            newest = "where id in (select value from json_each(:ids))"
            await self._count_facets(database, newest, {"ids": self._ranking.newest})
            raise
        return [[rows]]

    async def _count_facets(self, database: Any, where: str, params: Mapping[str, Any]) -> int:
        columns = "".join(f"{name}, " for name in self._facets)
        groups = f"group by {columns.rstrip(', ')}" if columns else ""
        hint = await self._hint(database, where)
        counted = await database.execute(f"select {columns}count(*) from {TABLE} {hint}{where} {groups}", params)
        tally: dict[str, Counter[Any]] = {name: Counter() for name in self._facets}
        total = 0
        for row in counted.rows:
            *values, count = row
            total += count
            for name, value in zip(self._facets, values, strict=True):
                if value is not None:
                    tally[name][value] += count
        self._tally = tally
        return total

    async def _hint(self, database: Any, where: str) -> str:
        """Common words, filtered by nothing but facets: everything needed is in one index, the rows are not touched."""
        if not self._common or _MATCHING not in where or set(_NAME.findall(where)) - set(self._facets):
            return ""
        index = await database.execute("select 1 from sqlite_master where type = 'index' and name = :name", INDEX)
        return f"indexed by {INDEX['name']} " if index.rows else ""


def _ordered(counts: Mapping[Any, int], most: int) -> Results:
    """A facet as Datasette's own query gives it: the most frequent first, then by value."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return Results([{"value": value, "count": count} for value, count in rows], False, None)


class FindingDesk:
    """Datasette as one table page sees it whose queries are one search's."""

    def __init__(self, whole: Any, finding: Finding) -> None:
        self._whole = whole
        self._finding = finding

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def get_database(self, *given: Any, **named: Any) -> FindingDatabase:
        return FindingDatabase(self._whole.get_database(*given, **named), self._finding)

    async def execute(self, name: str, sql: str, params: Any = None, **how: Any) -> Any:
        return await self._finding.execute(self._whole.databases[name], sql, params, **how)


class FindingDatabase:
    """Its database."""

    def __init__(self, whole: Any, finding: Finding) -> None:
        self._whole = whole
        self._finding = finding

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    async def execute(self, sql: str, params: Any = None, **how: Any) -> Any:
        return await self._finding.execute(self._whole, sql, params, **how)
