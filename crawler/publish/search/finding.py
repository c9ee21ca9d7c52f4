"""The queries of one page of articles, answered in fewer and quicker steps than Datasette's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.database import QueryInterrupted, Results

from crawler.publish.search import searching, shelf, tally
from crawler.publish.search.gathering import Gathering
from crawler.publish.search.listing import COUNT, FACET, NEWEST, Listing
from crawler.publish.search.ranking import RANKED, Ranking
from crawler.publish.search.searching import Term
from crawler.publish.search.shelf import MATCHING, SHELF, TABLE, Finds

MOST_COUNTED = 10_000
"""Of a longer list the newest are counted, and its page says so."""
MOST_LOOKED_UP = 500
"""The same, where each is to be looked up among the many articles that speak of a topic or a place."""
MOST_READ = 10_000
"""Articles in which a frequent beginning is looked for, at most, to put in order and to count what is found."""
SAMPLE = 500
FREQUENT = 0.06
"""Where more of the newest articles have a word with some beginning, its places in the index are too many to gather."""


class Finding:
    """What Datasette's page of articles asks the database, of all of them or of what a search found.

    A search reads the newest finds out of the index, no more than are shown or counted.
    """

    def __init__(self, ranking: Ranking | None, facets: Sequence[str]) -> None:
        self._ranking = ranking
        self._facets = [name for name in facets if name in shelf.MARKED]
        self._gathering = Gathering()
        self.listing = Listing(self._facets, self._gathering)
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
            return await self.listing.execute(database, sql, params, **how)
        if sql.startswith(COUNT):
            return [[await self._total(database, sql, params)]]
        facet = FACET.fullmatch(sql)
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
        if MATCHING not in sql:
            return await self.listing.newest(database, f"where {where} " if where else "", params, most, **how)
        finds = await self._within(database, await self._finds(database, where, params))
        found = await database.execute(finds.of_newest("id", most), finds.params, **how)
        return [row[0] for row in found.rows]

    async def _rows(self, database: Any, sql: str, params: Any, **how: Any) -> Any:
        if how.get("truncate"):  # of all queries of the page, only the one for its rows
            if self._ranking is not None:
                select, _, rest = sql.partition(f" from {TABLE} ")
                where, _, order = rest.rpartition("order by ")
                finds = await self._within(database, await self._finds(database, where, params))
                self._ranking.read_on = self.read is not None
                return await self._ranking.rows(database, select, finds, int(order.rpartition(" limit ")[2]), **how)
            if newest := NEWEST.fullmatch(sql):
                finds = await self._finds(database, newest[2], params)
                rows = await finds.newest(database, int(newest[3]))
                return await shelf.rows_of(database, newest[1], [row["id"] for row in rows], **how)
        return await database.execute(sql, params, **how)

    async def _total(self, database: Any, sql: str, params: Any) -> int:
        """How many finds there are. Raises QueryInterrupted where they are more than are counted."""
        if not self.too_general:
            finds = await self._finds(database, sql.removeprefix(COUNT), params)
            await self._count(database, await self._within(database, finds))
        if self._count_of_all is None:
            raise QueryInterrupted(None, sql, params)
        return self._count_of_all

    async def _finds(self, database: Any, where: str, params: Mapping[str, Any]) -> Finds:
        query = searching.read(params["search"])
        if self._looked_for is None:
            beginnings = [term for term in (*query.wanted, *query.unwanted) if term.prefix]
            frequent = [term for term in beginnings if await is_frequent(database, term)]
            self._looked_for = tuple(frequent)
        finds = Finds.read(query, where, params, self._looked_for)
        return await self._gathering.held(database, finds)

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
        most = MOST_LOOKED_UP if finds.looked_up else MOST_COUNTED
        try:
            await self._count_newest(database, finds, most)
        except QueryInterrupted:
            await self._count_newest(database, finds, MOST_COUNTED // 20)

    async def _count_newest(self, database: Any, finds: Finds, most: int) -> None:
        newest = f"{finds.select(tally.columns(self._facets))} limit {most}"
        counted = await database.execute(tally.query(self._facets, newest), finds.params)
        self._tally, total, last = tally.tallied(self._facets, counted.rows)
        if self.read is not None or (total == most and await self._is_longer(database, finds.between(past=last))):
            self.more_than = total
        else:
            self._count_of_all = total

    async def _is_longer(self, database: Any, rest: Finds) -> bool:
        return bool((await database.execute(f"{rest.select()} limit 1", rest.params)).rows)

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


async def is_frequent(database: Any, term: Term) -> bool:
    """Whether many of the newest articles have a word with this beginning; never in a small database."""
    newest = f"select place from {SHELF} order by place desc"
    sampled = await database.execute(
        f"select count(*), coalesce(sum(instr(' ' || lemmas, :beginning) > 0), 0) from {TABLE}"
        f" where rowid in ({newest} limit {SAMPLE}) and exists ({newest} limit 1 offset {MOST_COUNTED})",
        {"beginning": f" {term.prefix}"},
    )
    count, having = sampled.rows[0]
    return bool(count and having / count > FREQUENT)
