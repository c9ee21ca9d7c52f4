"""What the front page tells: what is new, what is open, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.labels import voivodeships
from crawler.publish.polish import today

NEWEST = 10
OPEN_CALLS = 7
SHADES = 5
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True)
class Region:
    """A voivodeship, how many articles its offices published, and how dark its tile is (0 none … 5 most)."""

    code: str
    name: str
    count: int
    shade: int


@dataclass(frozen=True, kw_only=True)
class Front:
    """Rows keep the column names of their queries."""

    day: str
    chosen: bool
    articles: int
    offices: int
    last_run: str | None
    newest: Sequence[Any]
    calls: Sequence[Any]
    open_calls: int
    regions: Sequence[Region]
    kinds: Sequence[Any]


async def front(datasette: Any, database: Any, asked: str) -> Front:
    """Read the front page for a day, `2022-06-01` (anything else: today)."""
    chosen = _DAY.fullmatch(asked) is not None
    day = asked if chosen else today()
    newest = await database.execute(
        "select articles.id, articles.title, articles.published, articles.kind, articles.voivodeship,"
        " articles.lead, offices.name as office from articles join offices on offices.id = articles.office"
        " where articles.gone is null order by articles.published desc, articles.id limit :most",
        {"most": NEWEST},
    )
    counted = await database.execute("select voivodeship, count(*) from articles group by voivodeship")
    by_region = {row[0]: row[1] for row in counted.rows}
    kinds = await database.execute("select kind, count(*) as count from articles group by kind order by 2 desc, 1")
    offices = (await database.execute("select count(distinct office) from articles")).first()[0]
    last_run = (await database.execute("select max(started) from runs")).first()[0]
    calls = await _open_calls(datasette, database, day)
    return Front(
        day=day,
        chosen=chosen,
        articles=sum(by_region.values()),
        offices=offices,
        last_run=last_run,
        newest=newest.rows,
        calls=calls[:OPEN_CALLS],
        open_calls=len(calls),
        regions=_regions(by_region),
        kinds=kinds.rows,
    )


async def _open_calls(datasette: Any, database: Any, day: str) -> Sequence[Any]:
    """By the same canned query that readers can ask, so that both always agree."""
    query = await datasette.get_canned_query(database.name, "otwarte_nabory", None)
    if query is None:
        return ()
    rows: Sequence[Any] = (await database.execute(query["sql"], {"dzien": day, "wojewodztwo": ""}, truncate=True)).rows
    return rows


def _regions(counts: dict[str | None, int]) -> Sequence[Region]:
    most = max((counts.get(code, 0) for code in voivodeships()), default=0)
    regions = []
    for code, name in voivodeships().items():
        count = counts.get(code, 0)
        shade = 0 if not count else 1 + (SHADES - 1) * count // most
        regions.append(Region(code=code, name=name, count=count, shade=shade))
    return regions
