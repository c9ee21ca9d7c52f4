"""Facets of articles by what they speak of: topics, programmes and places, which stand in tables of their own.

They are counted over the newest articles of a list, and each says so where the list is longer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import path_with_replaced_args

from crawler.publish.narrowing import PLACES
from crawler.publish.search import shelf
from crawler.publish.search.finding import Finding
from crawler.publish.search.ranking import RANKED

NEWEST = RANKED
"""Those that a search has gathered to put them in order."""
FEWER = 100
"""Where those cannot be told in time."""
MOST_SHOWN = 12
"""Values of each, where the reader does not ask for more."""
ARGUMENTS: Mapping[str, str] = {"topic": "_temat", "programme": "_program", "place": "_miejsce"}
"""Name of the facet, in the order of the page -> the argument that narrows the list by its value."""
_SHOWN = (None, "", "json")
"""Formats of a list that show facets; feeds and files have none."""

_SAID = """
SELECT 'topic', article, topic FROM article_topics WHERE article IN (SELECT value FROM json_each(:ids))
UNION ALL
SELECT 'programme', article, programme FROM article_programmes WHERE article IN (SELECT value FROM json_each(:ids))
UNION ALL
SELECT DISTINCT 'place', article, teryt FROM article_places WHERE article IN (SELECT value FROM json_each(:ids))
"""
_NAMES = f"""
SELECT 'topic', id, name FROM topics WHERE id IN (SELECT value FROM json_each(:topic))
UNION ALL SELECT 'programme', id, name FROM programmes WHERE id IN (SELECT value FROM json_each(:programme))
UNION ALL SELECT 'place', teryt, name FROM {PLACES} WHERE teryt IN (SELECT value FROM json_each(:place))
"""
_OF_ALL = "SELECT what, id, articles FROM _mentions WHERE what IN ('topic', 'programme')"

Counts = Mapping[str, Counter[str]]
"""Facet -> value -> articles."""


class SpokenOfFacet(Facet):  # type: ignore[misc]
    """A value's count is of the articles that its link leads to: those of a voivodeship speak of any place in it.

    A link takes the place of another value of the same facet. Where one is chosen, it is therefore the only one shown,
    and of places also those that lie in it.
    """

    type = "spoken_of"

    async def suggest(self) -> list[Any]:
        return []

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        finding = getattr(self.ds, "by", None)
        shown_as = self.request.url_vars.get("format")
        if not isinstance(finding, Finding) or shown_as not in _SHOWN:
            return [], []
        try:
            told = await self._counted(finding, NEWEST, self.ds.setting("facet_time_limit_ms"))
        except QueryInterrupted:
            try:
                told = await self._counted(finding, FEWER, None)
            except QueryInterrupted:
                nothing: Counts = {name: Counter() for name in ARGUMENTS}
                return await self._told(nothing, dict.fromkeys(ARGUMENTS, 0)), [*ARGUMENTS]
        return await self._told(*told), []

    async def _counted(self, finding: Finding, most: int, limit: int | None) -> tuple[Counts, Mapping[str, int | None]]:
        """And of how many of the newest articles each facet tells; None: of all. Raises QueryInterrupted."""
        database = self.ds.databases[self.database]
        ids = await finding.newest(database, self.sql, self.params, most + 1, custom_time_limit=limit)
        newest = {"ids": json.dumps(ids[:most])}
        said = await database.execute(_SAID, newest, custom_time_limit=limit)
        counts = {name: self._count(name, said.rows) for name in ARGUMENTS}
        part = most if len(ids) > most else len(ids) if ids and finding.read is not None else None
        of_newest: dict[str, int | None] = dict.fromkeys(ARGUMENTS, part)
        if len(ids) > most and not shelf.without_cursor(self.sql.partition(f" from {shelf.TABLE} ")[2]):
            for name in ("topic", "programme"):  # of all articles they were counted before
                counts[name], of_newest[name] = Counter(), None
            for name, value, articles in (await database.execute(_OF_ALL, custom_time_limit=limit)).rows:
                counts[name][value] = articles
        return counts, of_newest

    def _count(self, name: str, said: Sequence[Any]) -> Counter[str]:
        chosen = self.request.args.get(ARGUMENTS[name])
        pairs = [(article, value) for what, article, value in said if what == name]
        if name == "place":
            return _places(pairs, chosen)
        return Counter(value for _, value in pairs if not chosen or value == chosen)

    async def _told(self, counted: Counts, of_newest: Mapping[str, int | None]) -> list[dict[str, Any]]:
        """As Datasette tells facets; and `of_newest`."""
        most = self.get_facet_size() if self.request.args.get("_facet_size") else MOST_SHOWN
        frequent = {name: _frequent(values, most + 1) for name, values in counted.items()}
        asked = {name: json.dumps(values[:most]) for name, values in frequent.items()}
        named = await self.ds.databases[self.database].execute(_NAMES, asked)
        names = {(name, value): said for name, value, said in named.rows}
        return [
            {
                "name": name,
                "type": self.type,
                "hideable": False,
                "toggle_url": None,
                "results": [
                    self._value(name, value, names.get((name, value), value), counted[name][value])
                    for value in values[:most]
                ],
                "truncated": len(values) > most,
                "of_newest": of_newest[name],
            }
            for name, values in frequent.items()
        ]

    def _value(self, name: str, value: str, label: str, count: int) -> dict[str, Any]:
        argument = ARGUMENTS[name]
        selected = value == self.request.args.get(argument)
        address = path_with_replaced_args(self.request, {argument: None if selected else value, "_next": None})
        return {
            "value": value,
            "label": label,
            "count": count,
            "toggle_url": self.ds.absolute_url(self.request, self.ds.urls.path(address)),
            "selected": selected,
        }


def _places(said: Sequence[tuple[str, str]], chosen: str | None) -> Counter[str]:
    """Place -> articles that speak of it or of a place within it: of each place that an article names."""
    articles: dict[str, set[str]] = {}
    for article, place in said:
        for around in _around(place):
            articles.setdefault(around, set()).add(article)
    named = {place for _, place in said} | ({chosen} if chosen in articles else set())
    return Counter({place: len(articles[place]) for place in named if not chosen or place.startswith(chosen)})


def _frequent(counts: Mapping[str, int], most: int) -> Sequence[str]:
    return sorted(counts, key=lambda value: (-counts[value], value))[:most]


def _around(place: str) -> Iterator[str]:
    """The codes of the place and of those that it lies in: a code begins with theirs (TERYT)."""
    yield from (place[:length] for length in range(2, len(place) + 1))
