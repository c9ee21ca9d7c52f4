"""The queries of one page of articles that nothing is searched in: counted before, on the shelf, or over a part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils import tilde_encode

from crawler.publish.search import shelf, tally
from crawler.publish.search.counting import Counting
from crawler.publish.search.gathering import Gathering
from crawler.publish.search.shelf import SHELF, TABLE, Finds

MOST_LISTED = 50_000
"""Of a longer list, whose articles the shelf can tell, so many of the newest are counted."""
MOST_LOOKED_UP = 2_500
"""The same, where each is to be looked up among the many articles that speak of a topic or a place."""
MOST_LOOKED_AT = 5_000
"""Of a list that only the articles' own rows can tell, so many of the newest articles are counted."""
MOST_LOOKED_THROUGH = 20_000
"""In so many of the newest articles is looked for what takes too long to look for in all."""

COUNT = f"select count(*) from {TABLE} "
FACET = re.compile(
    r"\s*select (\w+) as value, count\(\*\) as count from \(\s*select .* from articles (.*)\)"
    r"\s*where \1 is not null\s+group by \1 order by count desc, value limit (\d+)\s*",
    re.DOTALL,
)
NEWEST = re.compile(r"(select .*?) from articles (where .*)order by published desc, id limit (\d+)", re.DOTALL)
_EQUALITIES = re.compile(r'where ("\w+" = :p\d+)( and "\w+" = :p\d+)* ')
_EQUALITY = re.compile(r'"(\w+)" = :(p\d+)')


class Listing:
    """What a list of all articles, or of those of some facets, counts has been counted before: `_shelf_counts`.

    What cannot be looked for everywhere in time is looked for in the newest articles, and its page says so.
    """

    def __init__(self, facets: Sequence[str], gathering: Gathering) -> None:
        self._facets = facets
        self._gathering = gathering
        self.counting = Counting()
        self._tally: Mapping[str, Counter[Any]] | None = None
        self._total: int | None = None
        self._floor: int | None = None
        self.looked_through: int | None = None
        """So many of the newest articles, or of those behind the last page; None: all of them."""
        self.next: str | None = None
        """Where a page that looks through the following ones begins."""

    async def execute(self, database: Any, sql: str, params: Any, **how: Any) -> Any:
        """Any query of the page, run or answered. Raises QueryInterrupted where Datasette expects that it may."""
        newest = NEWEST.fullmatch(sql) if how.get("truncate") else None
        if newest:
            return await self._rows(database, sql, newest, params, **how)
        if (before := await self._counted_before(database, sql, params)) is not None:
            return before
        if sql.startswith(COUNT):
            return [[await self._count(database, sql, params, **how)]]
        facet = FACET.fullmatch(sql)
        if facet and facet[1] in self._facets and shelf.without_cursor(facet[2]):
            return await self._facet(database, facet, params, **how)
        if how.get("truncate"):  # the page's rows, in another order
            sql, params = await self._gathering.told(database, sql, params or {})
        return await self.counting.execute(database, sql, params, **how)

    async def newest(
        self, database: Any, where: str, params: Mapping[str, Any], most: int, **how: Any
    ) -> Sequence[str]:
        """Ids of the newest articles of the whole list, so many at most. Raises QueryInterrupted."""
        finds = await self._finds(database, where, params)
        if finds.on_shelf or self._floor is not None:
            found = await database.execute(finds.of_newest("id", most), finds.params, **how)
        else:
            newest = f"where {finds.where} order by published desc, id limit {most}"
            found = await database.execute(f"select id from {TABLE} {newest}", finds.params, **how)
        return [row[0] for row in found.rows]

    async def _finds(self, database: Any, where: str, params: Mapping[str, Any] | None) -> Finds:
        """What is asked for; where not all of it was looked through, the part that was."""
        finds = await self._gathering.held(database, Finds.of_list(where, params or {}))
        return finds if self._floor is None else finds.between(floor=self._floor)

    async def _rows(self, database: Any, sql: str, newest: re.Match[str], params: Any, **how: Any) -> Any:
        select, where, most = newest[1], newest[2], int(newest[3])
        try:
            finds = await self._finds(database, where, params)
            if not finds.on_shelf:
                return await self.counting.execute(database, sql, params, **how)
            rows = await finds.newest(database, most)
        except QueryInterrupted:
            rows = await self._newest_looked_through(database, Finds.of_list(where, params or {}), most)
        return await shelf.rows_of(database, select, [row["id"] for row in rows], **how)

    async def _newest_looked_through(self, database: Any, finds: Finds, most: int) -> Sequence[Any]:
        try:
            return await self._looked_through(database, finds, most, MOST_LOOKED_THROUGH)
        except QueryInterrupted:
            return await self._looked_through(database, finds, most, MOST_LOOKED_THROUGH // 20)

    async def _looked_through(self, database: Any, finds: Finds, most: int, articles: int) -> Sequence[Any]:
        """What is found in so many articles, and in those of the same day as the last of them."""
        behind = f"select place from {SHELF} where 1{finds.bounds.format('place')} order by place desc"
        last = (await database.execute(f"{behind} limit 1 offset {articles}", finds.params)).first()
        floor = shelf.day_below(last[0]) if last else 0
        rows = await finds.between(floor=floor).newest(database, most)
        self.looked_through, self._floor = articles, floor
        if floor and len(rows) < most:
            day = f"select min(published) from {SHELF} where place > :floor and place < :floor + {shelf.DAY}"
            earliest = (await database.execute(day, {"floor": floor})).first()[0]
            self.next = f"{tilde_encode(earliest)},{tilde_encode(shelf.BEFORE_ALL)}"
        elif not floor:
            self.looked_through = None
        return rows

    async def _count(self, database: Any, sql: str, params: Any, **how: Any) -> int:
        """How long the list is. Raises QueryInterrupted where it is longer than is counted."""
        if self.looked_through is not None:
            raise QueryInterrupted(None, sql, params)
        finds = await self._finds(database, sql.removeprefix(COUNT), params)
        one = shelf.SPOKEN_OF.fullmatch(finds.where)
        if one:
            told = f"select count(distinct article) from {one['each']} where {one['said']}"
            return int((await database.execute(told, finds.params)).rows[0][0])
        if not finds.on_shelf or not (finds.held or finds.looked_up):
            return int((await self.counting.execute(database, sql, params, **how)).rows[0][0])
        await self._count_on_shelf(database, finds)
        if self._total is None:
            raise QueryInterrupted(None, sql, params)
        return self._total

    async def _facet(
        self,
        database: Any,
        facet: re.Match[str],
        params: Mapping[str, Any] | None,
        custom_time_limit: int | None = None,
        **_: Any,
    ) -> Any:
        """All facets are counted at once."""
        if self._tally is None:
            where = shelf.without_cursor(facet[2])
            finds = await self._finds(database, f"where {where} ", params)
            if finds.on_shelf:
                await self._count_on_shelf(database, finds)
            elif self._floor is not None:
                await self._count_rows(database, finds.select(tally.columns(self._facets)), finds.params, None)
            else:
                await self._count_in_rows(database, where, params, custom_time_limit)
        return tally.ordered((self._tally or {}).get(facet[1], {}), int(facet[3]))

    async def _count_on_shelf(self, database: Any, finds: Finds) -> None:
        columns = tally.columns(self._facets)
        most = MOST_LOOKED_UP if finds.looked_up else MOST_LISTED
        try:
            await self._count_rows(database, finds.of_newest(columns, most), finds.params, most)
        except QueryInterrupted:
            await self._count_rows(database, finds.of_newest(columns, most // 20), finds.params, most // 20)

    async def _count_in_rows(self, database: Any, where: str, params: Any, limit: int | None) -> None:
        """What only the articles' own rows can tell: of the newest of them, where all would take too long."""
        chosen = f"select {tally.columns(self._facets)} from {TABLE} where ({where})"
        try:
            await self._count_rows(database, chosen, params, None, custom_time_limit=limit)
        except QueryInterrupted:
            newest = f"select place from {SHELF} order by place desc limit {MOST_LOOKED_AT}"
            await self._count_rows(database, f"{chosen} and rowid in ({newest})", params, None)
            self.counting.counted = MOST_LOOKED_AT

    async def _count_rows(self, database: Any, rows: str, params: Any, most: int | None, **how: Any) -> None:
        """`most`: so many rows may not be all."""
        counted = await database.execute(tally.query(self._facets, rows), params, truncate=False, **how)
        self._tally, total, _ = tally.tallied(self._facets, counted.rows)
        if total == most:
            self.counting.counted = most
        else:
            self._total = total

    async def _counted_before(self, database: Any, sql: str, params: Mapping[str, Any] | None) -> Any:
        """The count or a facet of all articles, or of those of some facets; None: the query asks for something else."""
        if sql.startswith(COUNT):
            where, facet = sql.removeprefix(COUNT), None
        elif facet := FACET.fullmatch(sql):
            bare = shelf.without_cursor(facet[2])
            where = f"where {bare} " if bare else ""
        else:
            return None
        if where and not _EQUALITIES.fullmatch(where):
            return None
        chosen = [(name, (params or {})[param]) for name, param in _EQUALITY.findall(where)]
        if any(name not in shelf.MARKED or value == "" for name, value in chosen):
            return None
        if facet is None:
            found = await database.execute(f"select coalesce(sum(articles), 0) from _shelf_counts {where}", params)
            return [[found.rows[0][0]]]
        if facet[1] not in shelf.MARKED:
            return None
        return await database.execute(
            f"select {facet[1]} as value, sum(articles) as count from _shelf_counts {where or 'where 1'}"
            f" and {facet[1]} != '' group by 1 order by 2 desc, 1 limit {facet[3]}",
            params,
            truncate=False,
        )
