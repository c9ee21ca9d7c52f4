"""The page of a place: what the articles say of it, which calls are open there, which offices serve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.labels import label
from crawler.publish.pages import calls_shown
from crawler.publish.pages.calls_shown import ShownCall
from crawler.publish.pages.newest import NAMING, newest, titles
from crawler.publish.pages.sums import Sum, sums

NEWEST = 10
NEAREST = 2_000
"""Open calls of all offices, by the nearest deadline, among which those that name the place are looked for."""

_PLACE = "SELECT * FROM places WHERE teryt = :teryt"
_WITHIN = (
    "SELECT teryt, level, name FROM places WHERE voivodeship = :voivodeship AND teryt != :voivodeship"
    " ORDER BY level DESC, name"
)
_OFFICES = """
SELECT offices.id, offices.name, offices.kind, office_health.articles, office_health.newest_published
FROM offices LEFT JOIN office_health ON office_health.office = offices.id
WHERE {0} ORDER BY offices.kind != 'wup', offices.kind != 'marshal', offices.name
"""
_SERVING = "offices.id IN (SELECT office FROM office_powiats WHERE teryt = :teryt)"
_IN_REGION = "offices.voivodeship = :teryt"
# Each of the nearest calls is looked up by its own articles; the other way round all articles of the place would be.
OPEN = f"""
SELECT id FROM calls WHERE office IN (SELECT offices.id FROM offices WHERE {{0}}) AND (closes >= :day OR closes IS NULL)
UNION SELECT near.id FROM (SELECT id FROM calls WHERE closes >= :day ORDER BY closes LIMIT {NEAREST}) AS near
WHERE EXISTS (SELECT 1 FROM call_articles CROSS JOIN article_places ON article_places.article = call_articles.article
  WHERE call_articles.call = near.id AND {{1}})
"""


@dataclass(frozen=True, kw_only=True)
class PlacePage:
    row: Any
    region: Any
    """The voivodeship it lies in; None for a voivodeship."""
    within: Sequence[Any]
    """Powiats and cities of a voivodeship; of another place, those beside it."""
    count: int | None
    """Articles that name it; None where there are very many."""
    newest: Sequence[Any]
    open_calls: Sequence[ShownCall]
    offices: Sequence[Any]
    summed: int
    """The newest of them, of which the sums are made."""
    all_summed: bool
    sums: Sequence[Sum]

    @property
    def heading(self) -> str:
        """A name that is an adjective says nothing alone: "powiat starachowicki"."""
        name, level = str(self.row["name"]), label("places", "level", self.row["level"]) or ""
        bare = self.row["level"] in ("powiat", "voivodeship") and not name.startswith(level)
        return f"{level} {name}" if bare else name


async def read(datasette: Any, database: Any, id: str, *, day: str, request: Any) -> PlacePage | None:
    """None where there is no such place."""
    row = (await database.execute(_PLACE, {"teryt": id})).first()
    if row is None:
        return None
    whole = row["level"] == "voivodeship"
    region = None if whole else (await database.execute(_PLACE, {"teryt": row["voivodeship"]})).first()
    within = (await database.execute(_WITHIN, {"voivodeship": row["voivodeship"]})).rows
    naming = "region" if whole else "place"
    named = await newest(database, naming, id)
    there = _IN_REGION if whole else _SERVING
    return PlacePage(
        row=row,
        region=region,
        within=within,
        count=named.count,
        newest=await titles(database, named.ids[:NEWEST]),
        open_calls=await calls_shown.open_calls(
            database, OPEN.format(there, NAMING[naming]), {"teryt": id, "value": id}, day
        ),
        offices=(await database.execute(_OFFICES.format(there), {"teryt": id})).rows,
        summed=len(named.ids),
        all_summed=named.whole,
        sums=await sums(database, named.ids),
    )
