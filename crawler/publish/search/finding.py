"""The queries of one page of articles, answered in fewer and quicker steps than Datasette's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.database import QueryInterrupted, Results

from crawler.publish.search import searching, shelf, tally
from crawler.publish.search.counting import Counting
from crawler.publish.search.ranking import RANKED, Ranking
from crawler.publish.search.searching import Term
from crawler.publish.search.shelf import MATCHING, SHELF, TABLE, Finds

MOST_COUNTED = 10_000
"""Of a longer list the newest are counted, and its page says so."""
MOST_LISTED = 50_000
"""Of a longer list that nothing is searched in, but whose articles the shelf can tell."""
MOST_LOOKED_AT = 5_000
"""Of a list that only the articles' own rows can tell, so many of the newest articles are looked at."""
MOST_READ = 10_000
"""Articles in which a frequent beginning is looked for, at most, to put in order and to count what is found."""
SAMPLE = 500
FREQUENT = 0.06
"""Where more of the newest articles have a word with some beginning, its places in the index are too many to gather."""

_COUNT = f"select count(*) from {TABLE} "
_FACET = re.compile(
    r"\s*select (\w+) as value, count\(\*\) as count from \(\s*select .* from articles (.*)\)"
    r"\s*where \1 is not null\s+group by \1 order by count desc, value limit (\d+)\s*",
    re.DOTALL,
)
_NEWEST = re.compile(r"(select .*?) from articles (where .*)order by published desc, id limit (\d+)", re.DOTALL)
_EQUALITIES = re.compile(r'where ("\w+" = :p\d+)( and "\w+" = :p\d+)* ')
_EQUALITY = re.compile(r'"(\w+)" = :(p\d+)')


class Finding:
    """What Datasette's page of articles asks the database, of all of them or of what a search found.

    A search reads the newest finds out of the index, no more than are shown or counted. What a list of all articles,
    or those of some facets, counts has been counted before: `_shelf_counts`.
    """

    def __init__(self, ranking: Ranking | None, facets: Sequence[str]) -> None:
        self._ranking = ranking
        self._facets = [name for name in facets if name in shelf.MARKED]
        self.counting = Counting()
        """For lists that nothing is searched in."""
        self._tally: Mapping[str, Counter[Any]] | None = None
        self._looked_for: tuple[Term, ...] | None = None
        self._count_of_all: int | None = None
        self.more_than: int | None = None
        """The list is longer; so many of its newest were counted."""
        self.read: int | None = None
        """The newest articles that were looked through for a frequent beginning; None: all of them."""
        self.too_general = False
        """Even finding the newest took too long: nothing is shown."""

    def told(self) -> dict[str, Any]:
        """For the page and its JSON: what it could not tell."""
        return {
            "more_than": self.more_than,
            "read": self.read,
            "facets_complete": self.more_than is None and not self.too_general,
            "too_general": self.too_general,
        }

    async def execute(self, database: Any, sql: str, params: Any, **how: Any) -> Any:
        """Any query of the page, run or answered. Raises QueryInterrupted where Datasette expects that it may."""
        if MATCHING not in sql:
            newest = _NEWEST.fullmatch(sql) if how.get("truncate") else None
            finds = Finds.listed(newest[2], params) if newest else None
            if newest and finds:
                rows = await finds.newest(database, int(newest[3]))
                return await shelf.rows_of(database, newest[1], [row["id"] for row in rows], **how)
            return (
                await self._counted_before(database, sql, params)
                or await self._facet_of_list(database, sql, params, **how)
                or await self.counting.execute(database, sql, params, **how)
            )
        if sql.startswith(_COUNT):
            return [[await self._total(database, sql, params)]]
        facet = _FACET.fullmatch(sql)
        if not self.too_general:
            try:
                if facet:
                    return await self._facet(database, facet, params)
                return await self._rows(database, sql, params, **how)
            except QueryInterrupted:
                self.too_general = True
        if facet:
            return Results([], False, None)
        return await database.execute(f"{sql.partition(f' from {TABLE} ')[0]} from {TABLE} where 0", **how)

    async def newest(self, database: Any, sql: str, params: Mapping[str, Any], most: int, **how: Any) -> Sequence[str]:
        """Ids of the newest articles of the whole list that is asked for, so many at most. Raises QueryInterrupted."""
        if self.too_general:
            return []
        if self._ranking is not None and most <= RANKED + 1:
            return [row["id"] for row in self._ranking.found[:most]]
        where = shelf.without_cursor(sql.partition(f" from {TABLE} ")[2])
        finds: Finds | None
        if MATCHING in sql:
            finds = await self._within(database, await self._finds(database, where, params))
        else:
            finds = Finds.listed(where, params)
        if finds is not None:
            found = await database.execute(finds.of_newest("id", most), finds.params, **how)
        else:
            newest = f"where {where} order by published desc, id limit {most}"
            found = await database.execute(f"select id from {TABLE} {newest}", params, **how)
        return [row[0] for row in found.rows]

    async def _rows(self, database: Any, sql: str, params: Any, **how: Any) -> Any:
        if how.get("truncate"):  # of all queries of the page, only the one for its rows
            if self._ranking is not None:
                select, _, rest = sql.partition(f" from {TABLE} ")
                where, _, order = rest.rpartition("order by ")
                finds = await self._within(database, await self._finds(database, where, params))
                self._ranking.read_on = self.read is not None
                return await self._ranking.rows(database, select, finds, int(order.rpartition(" limit ")[2]), **how)
            if newest := _NEWEST.fullmatch(sql):
                finds = await self._finds(database, newest[2], params)
                rows = await finds.newest(database, int(newest[3]))
                return await shelf.rows_of(database, newest[1], [row["id"] for row in rows], **how)
        return await database.execute(sql, params, **how)

    async def _total(self, database: Any, sql: str, params: Any) -> int:
        """How many finds there are. Raises QueryInterrupted where they are more than are counted."""
        if not self.too_general:
            finds = await self._finds(database, sql.removeprefix(_COUNT), params)
            await self._count(database, await self._within(database, finds))
        if self._count_of_all is None:
            raise QueryInterrupted(None, sql, params)
        return self._count_of_all

    async def _finds(self, database: Any, where: str, params: Mapping[str, Any]) -> Finds:
        query = searching.read(params["search"])
        if self._looked_for is None:
            beginnings = [term for term in (*query.wanted, *query.unwanted) if term.prefix]
            frequent = [term for term in beginnings if await _is_frequent(database, term)]
            self._looked_for = tuple(frequent)
        return Finds.read(query, where, params, self._looked_for)

    async def _within(self, database: Any, finds: Finds) -> Finds:
        """The same finds of the newest articles only, where a frequent beginning is looked for in too many."""
        if not self._looked_for:
            return finds
        last = (await database.execute(finds.after(MOST_READ), finds.params)).rows
        if not last:
            return finds
        self.read = MOST_READ
        return finds.between(floor=shelf.day_below(last[0][0]))

    async def _count(self, database: Any, finds: Finds) -> None:
        """The number of finds and, along with it, of each facet; of fewer where it takes too long."""
        try:
            await self._count_newest(database, finds, MOST_COUNTED)
        except QueryInterrupted:
            await self._count_newest(database, finds, MOST_COUNTED // 20)

    async def _count_newest(self, database: Any, finds: Finds, most: int) -> None:
        columns = ", ".join(self._facets)
        newest = f"{finds.select(columns or 'finds.place')} limit {most}"
        counted = await database.execute(tally.query(self._facets, newest), finds.params)
        self._tally, total = tally.tallied(self._facets, counted.rows)
        further = f"{finds.select()} limit 1 offset {most}"
        if self.read is not None or (total == most and (await database.execute(further, finds.params)).rows):
            self.more_than = total
        else:
            self._count_of_all = total

    async def _facet(self, database: Any, asked: re.Match[str], params: Mapping[str, Any]) -> Any:
        column, where, most = asked[1], shelf.without_cursor(asked[2]), int(asked[3])
        finds = await self._within(database, await self._finds(database, where, params))
        if self._tally is None:
            await self._count(database, finds)
        if self._tally is not None and column in self._tally:
            return tally.ordered(self._tally[column], most)
        return await database.execute(
            f"select {column} as value, count(*) as count from {TABLE}"
            f" where rowid in ({finds.select()} limit {self.more_than or MOST_COUNTED}) and {column} is not null"
            f" group by {column} order by count desc, value limit {most}",
            finds.params,
            truncate=False,
        )

    async def _facet_of_list(
        self, database: Any, sql: str, params: Mapping[str, Any] | None, custom_time_limit: int | None = None, **_: Any
    ) -> Any:
        """A facet of a list that nothing is searched in, all of them counted at once; None: something else is asked."""
        facet = _FACET.fullmatch(sql)
        if facet is None or facet[1] not in self._facets:
            return None
        bare = shelf.without_cursor(facet[2])
        if not bare:
            return None
        if self._tally is None:
            finds = Finds.listed(f"where {bare} ", params or {})
            if finds is not None:
                await self._count_on_shelf(database, finds)
            else:
                await self._count_in_rows(database, bare, params, custom_time_limit)
        return tally.ordered((self._tally or {}).get(facet[1], {}), int(facet[3]))

    async def _count_on_shelf(self, database: Any, finds: Finds) -> None:
        columns = ", ".join(self._facets)
        try:
            await self._count_rows(database, finds.of_newest(columns, MOST_LISTED), finds.params, MOST_LISTED)
        except QueryInterrupted:
            fewer = MOST_LISTED // 20
            await self._count_rows(database, finds.of_newest(columns, fewer), finds.params, fewer)

    async def _count_in_rows(self, database: Any, where: str, params: Any, limit: int | None) -> None:
        """What only the articles' own rows can tell: of the newest of them, where all would take too long."""
        chosen = f"select {', '.join(self._facets)} from {TABLE} where ({where})"
        try:
            await self._count_rows(database, chosen, params, None, custom_time_limit=limit)
        except QueryInterrupted:
            newest = f"select place from {SHELF} order by place desc limit {MOST_LOOKED_AT}"
            await self._count_rows(database, f"{chosen} and rowid in ({newest})", params, None)
            self.counting.counted = MOST_LOOKED_AT

    async def _count_rows(self, database: Any, rows: str, params: Any, most: int | None, **how: Any) -> None:
        """`most`: so many rows may not be all."""
        counted = await database.execute(tally.query(self._facets, rows), params, truncate=False, **how)
        self._tally, total = tally.tallied(self._facets, counted.rows)
        if total == most:
            self.counting.counted = most

    async def _counted_before(self, database: Any, sql: str, params: Mapping[str, Any] | None) -> Any:
        """The count or a facet of all articles, or of those of some facets; None: the query asks for something else."""
        if sql.startswith(_COUNT):
            where, facet = sql.removeprefix(_COUNT), None
        elif facet := _FACET.fullmatch(sql):
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


async def _is_frequent(database: Any, term: Term) -> bool:
    """Whether many of the newest articles have a word with this beginning; never in a small database."""
    newest = f"select place from {SHELF} order by place desc"
    sampled = await database.execute(
        f"select count(*), coalesce(sum(instr(' ' || lemmas, :beginning) > 0), 0) from {TABLE}"
        f" where rowid in ({newest} limit {SAMPLE}) and exists ({newest} limit 1 offset {MOST_COUNTED})",
        {"beginning": f" {term.prefix}"},
    )
    count, having = sampled.rows[0]
    return bool(count and having / count > FREQUENT)
