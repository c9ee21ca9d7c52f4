"""The order of what a search found: by relevance and recency, each row once however it is paged."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from datasette.utils import tilde_encode

from crawler.lemmas import MOST_REPEATS
from crawler.publish.search import searching, snippets
from crawler.publish.search.searching import Term
from crawler.publish.search.shelf import TABLE, Finds, rows_of

RANKED = 500
"""The newest finds are put in order of relevance, so many at most; older ones follow by date."""
YEAR = 365.25
_KNOWN = 20_000
"""Words that stand in more articles than this are all equally frequent."""
_SATURATION, _LENGTH = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009)."""


class Ranking:
    """One search page: takes the place of the page's own query, and remembers where the next page begins.

    `position` is how many rows of the ranking stand on earlier pages.
    """

    def __init__(self, typed: str, position: int) -> None:
        self.query = searching.read(typed)
        self.position = position
        self.next: str | None = None
        self.found: Sequence[Any] = ()
        """The newest finds, one more than are ranked where there are more."""
        self.ranked = 0
        self.complete = True
        self.read_on = False
        """There are older articles that were not looked through."""

    def told(self) -> dict[str, Any]:
        """For the page and its JSON: how many rows the ranking holds, and whether that is all that was found."""
        return {"by": "relevance", "ranked": self.ranked, "complete": self.complete}

    async def rows(self, database: Any, select: str, finds: Finds, limit: int, **how: Any) -> Any:
        """The rows that the table page's query would bring, in this order."""
        self.found = found = await finds.newest(database, RANKED + 1)
        self.complete = len(found) <= RANKED and not self.read_on
        order_of = await self._order(database, found[:RANKED])
        self.ranked = len(order_of)
        wanted = order_of[self.position : self.position + limit]
        if limit > 1:
            self._go_on(found, self.position + limit - 1)
        return await rows_of(database, select, wanted, **how)

    def _go_on(self, found: Sequence[Any], after: int) -> None:
        """Where the next page begins: further down the ranking, or after it, at the oldest row that it holds."""
        if after < self.ranked:
            self.next = str(after)
        elif not self.complete and self.ranked:
            last = found[self.ranked - 1]
            day = "$null" if last["published"] is None else tilde_encode(last["published"])
            self.next = f"{day},{tilde_encode(last['id'])}"

    async def _order(self, database: Any, found: Sequence[Any]) -> list[str]:
        """Their ids, the best first. Among equals the newer comes first, as they stand in `found`."""
        if not found:
            return []
        said = await database.execute(
            f"select rowid, title, lemmas from {TABLE} where rowid in (select value from json_each(:places))",
            {"places": json.dumps([row["place"] for row in found])},
        )
        titles = {row["rowid"]: row["title"] or "" for row in said.rows}
        relevance = self._relevance(
            {row["rowid"]: f" {row['lemmas']} " for row in said.rows}, await self._weights(database)
        )
        newest = _day(found[0]["published"])
        scores = [
            relevance[row["place"]]
            * (1 + snippets.share(titles[row["place"]], self.query))
            * (1 + _freshness(row["published"], newest))
            for row in found
        ]
        return [found[n]["id"] for n in sorted(range(len(found)), key=lambda n: -scores[n])]

    async def _weights(self, database: Any) -> Mapping[Term, float]:
        """How much each wanted word tells: the rarer, the more."""
        if len(self.query.wanted) < 2:
            return dict.fromkeys(self.query.wanted, 1.0)
        (articles,) = (await database.execute("select coalesce(sum(articles), 0) from office_counts")).rows[0]
        weights = {}
        for term in self.query.wanted:
            if not term.forms:  # a beginning or a phrase: its finds are not counted, they count as much as any
                weights[term] = 1.0
                continue
            matching = f"select 1 from {TABLE}_fts where {TABLE}_fts match :match limit {_KNOWN}"
            counted = await database.execute(f"select count(*) from ({matching})", {"match": term.expression})
            weights[term] = math.log(1 + articles / (counted.rows[0][0] + 0.5))
        return weights

    def _relevance(self, said: Mapping[int, str], weights: Mapping[Term, float]) -> dict[int, float]:
        """BM25 of the base forms of each article; they stand there in the order of the alphabet, the repeated often."""
        lengths = {place: forms.count(" ") for place, forms in said.items()}
        usual = sum(lengths.values()) / len(said)
        scores = {}
        for place, forms in said.items():
            damped = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[place] / usual)
            score = 0.0
            for term, weight in weights.items():
                often = _often(term, forms)
                score += weight * often * (1 + _SATURATION) / (often + damped)
            scores[place] = score
        return scores


def _often(term: Term, forms: str) -> int:
    """How often an article that was found says what was asked for."""
    if term.prefix:
        return max(1, forms.count(f" {term.prefix}"))
    most = 1
    for form in term.forms:
        first = forms.find(f" {form} ")
        while first >= 0 and most < MOST_REPEATS and forms.startswith(f" {form}" * (most + 1) + " ", first):
            most += 1
    return most


def _freshness(published: str | None, newest: date | None) -> float:
    """1 for the day of the newest find, half of it for each year before, 0 where the day is not known."""
    day = _day(published)
    return 0.0 if day is None or newest is None else 0.5 ** ((newest - day).days / YEAR)


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None
