"""The order of what a search found: by relevance and recency, each row once however it is paged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from datasette.utils import tilde_encode

from crawler.publish import searching, snippets

TABLE = "articles"
RANKED = 500
"""The newest finds are put in order of relevance, so many at most; older ones follow by date."""
WEIGHTS = "5.0, 0.5, 1.0"
"""Of title, text and base forms; the last say best how often a text names something."""
YEAR = 365.25


class Ranking:
    """One search page: takes the place of the page's own query, and remembers where the next page begins.

    `position` is how many rows of the ranking stand on earlier pages.
    """

    def __init__(self, typed: str, position: int) -> None:
        self.query = searching.read(typed)
        self.typed = typed
        self.position = position
        self.next: str | None = None
        self.ranked = 0
        self.complete = True
        self.common = False
        """Its words stand in very many articles: relevance is what the title says."""
        self.newest = "[]"
        """The ids that were put in order, as JSON."""

    def told(self) -> dict[str, Any]:
        """For the page and its JSON: how many rows the ranking holds, and whether that is all that was found."""
        return {"by": "relevance", "ranked": self.ranked, "complete": self.complete, "common": self.common}

    async def rows(self, database: Any, sql: str, params: Mapping[str, Any], **how: Any) -> Any:
        """The rows that the table page's query would bring, in this order."""
        select, _, rest = sql.partition(f" from {TABLE} ")
        where, _, order = rest.rpartition("order by ")
        limit = int(order.rpartition(" limit ")[2])
        newest = await database.execute(
            f"select rowid, id, published, title from {TABLE} {where}order by published desc, id limit {RANKED + 1}",
            params,
        )
        found = newest.rows
        self.complete = len(found) <= RANKED
        order_of = await self._order(database, found[:RANKED])
        self.ranked = len(order_of)
        self.newest = json.dumps(order_of)
        wanted = order_of[self.position : self.position + limit]
        if limit > 1:
            self._go_on(found, self.position + limit - 1)
        results = await database.execute(
            f"{select} from {TABLE} where id in (select value from json_each(:ids))", {"ids": json.dumps(wanted)}, **how
        )
        place = {id: n for n, id in enumerate(wanted)}
        results.rows.sort(key=lambda row: place[row["id"]])
        return results

    def _go_on(self, found: Sequence[Any], after: int) -> None:
        """Where the next page begins: further down the ranking, or after it, at the oldest row that it holds."""
        if after < self.ranked:
            self.next = str(after)
        elif not self.complete:
            last = found[self.ranked - 1]
            day = "$null" if last["published"] is None else tilde_encode(last["published"])
            self.next = f"{day},{tilde_encode(last['id'])}"

    async def _order(self, database: Any, found: Sequence[Any]) -> list[str]:
        """Their ids, the best first. Among equals the newer comes first, as they stand in `found`."""
        if not found:
            return []
        relevance = {} if self.common else await self._relevance(database, [row["rowid"] for row in found])
        newest = _day(found[0]["published"])
        scores = [
            relevance.get(row["rowid"], 1.0)
            * (1 + snippets.share(row["title"] or "", self.query))
            * (1 + _freshness(row["published"], newest))
            for row in found
        ]
        return [found[n]["id"] for n in sorted(range(len(found)), key=lambda n: -scores[n])]

    async def _relevance(self, database: Any, rowids: Sequence[int]) -> dict[int, float]:
        # The plus keeps SQLite from running the search anew for each of the rows.
        scored = await database.execute(
            f"select rowid, -bm25({TABLE}_fts, {WEIGHTS}) from {TABLE}_fts"
            f" where {TABLE}_fts match escape_fts(:search) and +rowid in (select value from json_each(:rows))",
            {"search": self.typed, "rows": json.dumps(rowids)},
        )
        return {row[0]: row[1] for row in scored.rows}


def _freshness(published: str | None, newest: date | None) -> float:
    """1 for the day of the newest find, half of it for each year before, 0 where the day is not known."""
    day = _day(published)
    return 0.0 if day is None or newest is None else 0.5 ** ((newest - day).days / YEAR)


def _day(published: str | None) -> date | None:
    return date.fromisoformat((published + "-01-01"[len(published) - 4 :])[:10]) if published else None
