"""The newest articles that name a place, a programme, a topic or an organisation, without looking at all articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST = 1_000
"""Articles that a page's sums are made of."""
COUNTED = 10_000
"""Up to which the articles are counted."""
SORTED = 2_000
"""Up to so many are put in order; of more, the newest are met soon by walking all articles from the newest."""
WALKED = 20_000

NAMING = {
    "place": "article_places.teryt = :value",
    "region": "article_places.teryt >= :value AND article_places.teryt < :value || ':'",
    "programme": "article_programmes.programme = :value",
    "topic": "article_topics.topic = :value",
    "organisation": "article_organisations.organisation = :value",
}
"""A region is a voivodeship with its powiats and cities: their codes begin with its own, and ":" follows the digits."""
_TABLES = {
    "place": "article_places",
    "region": "article_places",
    "programme": "article_programmes",
    "topic": "article_topics",
    "organisation": "article_organisations",
}

_COUNT = f"SELECT count(DISTINCT article), count(*) FROM (SELECT article FROM {{0}} WHERE {{1}} LIMIT {COUNTED + 1})"
_SORT = f"""
SELECT DISTINCT articles.id, articles.published FROM {{0}} JOIN articles ON articles.id = {{0}}.article WHERE {{1}}
ORDER BY articles.published DESC, articles.id LIMIT {MOST}
"""
WALK = f"""
SELECT id FROM (SELECT id FROM articles ORDER BY published DESC, id LIMIT {WALKED})
WHERE EXISTS (SELECT 1 FROM {{0}} WHERE {{0}}.article = id AND {{1}}) LIMIT {MOST}
"""
_TITLES = """
SELECT articles.id, articles.title, articles.published, articles.kind, articles.lead, articles.gone,
  articles.office, offices.name AS office_name
FROM json_each(:ids) JOIN articles ON articles.id = json_each.value JOIN offices ON offices.id = articles.office
ORDER BY json_each.key
"""


@dataclass(frozen=True, kw_only=True)
class Newest:
    ids: Sequence[str]
    """At most MOST, the newest first."""
    count: int | None
    """All articles there are; None where there are more than COUNTED."""

    @property
    def whole(self) -> bool:
        return self.count is not None and self.count <= len(self.ids)


async def newest(database: Any, naming: str, value: str) -> Newest:
    """`naming`: a key of NAMING."""
    table, condition, given = _TABLES[naming], NAMING[naming], {"value": value}
    count, rows_met = (await database.execute(_COUNT.format(table, condition), given)).first()
    exact = rows_met <= COUNTED
    if count <= SORTED and exact:
        rows = (await database.execute(_SORT.format(table, condition), given)).rows
    else:
        rows = (await database.execute(WALK.format(table, condition), given)).rows
    return Newest(ids=[row[0] for row in rows], count=count if exact else None)


async def titles(database: Any, ids: Sequence[str]) -> Sequence[Any]:
    """What the list of these articles shows, in their order."""
    rows: Sequence[Any] = (await database.execute(_TITLES, {"ids": json.dumps(list(ids))})).rows
    return rows
