"""What the front page tells: what is new, what is open and where, how much is published, what is covered."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish import polish, typed
from crawler.publish.charts import Figure
from crawler.publish.coverage import Coverage, coverage
from crawler.publish.drawing import Series, bars
from crawler.publish.labels import voivodeships
from crawler.publish.public.prepared import edition_of

NEWEST = 10
OPEN_CALLS = 6
SHADES = 5
MONTHS = 24

NEWS = """
WITH newest AS (
    SELECT * FROM (SELECT rowid AS place FROM articles WHERE published < date(:day, '+1 day') AND gone IS NULL
        ORDER BY published DESC, id LIMIT :most)
    UNION ALL
    SELECT * FROM (SELECT rowid FROM articles WHERE published IS NULL AND gone IS NULL ORDER BY id LIMIT :most)
)
SELECT articles.id, articles.title, articles.published, articles.kind, articles.voivodeship, articles.lead,
    offices.name AS office
FROM newest CROSS JOIN articles ON articles.rowid = newest.place JOIN offices ON offices.id = articles.office
ORDER BY articles.published DESC, articles.id LIMIT :most
"""
COUNTS = "SELECT nullif(voivodeship, ''), kind, sum(articles) FROM activity_counts GROUP BY voivodeship, kind"
BY_MONTH = """
SELECT month, sum(articles) FROM activity_counts WHERE month >= :first AND month <= :last GROUP BY month
"""
LAST_RUN = "SELECT max(started) FROM runs"
CALLS = "SELECT * FROM ({question}) LIMIT {most}"
CALLS_BY_REGION = "SELECT wojewodztwo, count(*) FROM ({question}) GROUP BY wojewodztwo"


@dataclass(frozen=True, kw_only=True)
class Region:
    """A voivodeship, what its offices published, and how dark its tile is (0 none … 5 most)."""

    code: str
    name: str
    count: int
    calls: int
    shade: int


@dataclass(frozen=True, kw_only=True)
class Month:
    month: str
    """ "2022-06"."""
    following: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Front:
    """Rows keep the column names of their queries."""

    day: str
    chosen: bool
    articles: int
    last_run: str | None
    newest: Sequence[Any]
    calls: Sequence[Any]
    open_calls: int
    regions: Sequence[Region]
    elsewhere: int
    """Articles of sources that belong to no voivodeship."""
    kinds: Sequence[tuple[str, int]]
    months: Sequence[Month]
    activity: Figure | None
    coverage: Coverage
    files: bool
    """Whole tables are there as files."""


async def front(datasette: Any, database: Any, asked: str) -> Front:
    """Read the front page for a day, `2022-06-01` (anything else: today)."""
    today = polish.today()
    day = typed.day(asked, None)
    chosen, day = day is not None, day or today
    newest = (await database.execute(NEWS, {"most": NEWEST, "day": day})).rows
    by_region: Counter[str | None] = Counter()
    by_kind: Counter[str] = Counter()
    for region, kind, count in (await database.execute(COUNTS)).rows:
        by_region[region] += count
        by_kind[kind] += count
    last_run = (await database.execute(LAST_RUN)).first()[0]
    calls, open_by_region = await _open_calls(datasette, database, day)
    months = await _months(database, day[:7])
    return Front(
        day=day,
        chosen=chosen,
        articles=by_region.total(),
        last_run=typed.day_in_poland(last_run) if last_run else None,
        newest=newest,
        calls=calls,
        open_calls=sum(open_by_region.values()),
        regions=_regions(by_region, open_by_region),
        elsewhere=by_region[None],
        kinds=sorted(by_kind.items(), key=lambda item: (-item[1], item[0])),
        months=months,
        activity=_activity(months),
        coverage=await coverage(datasette, database, day),
        files=edition_of(datasette) is not None,
    )


async def _open_calls(datasette: Any, database: Any, day: str) -> tuple[Sequence[Any], Mapping[str | None, int]]:
    """The first of them, and how many there are by voivodeship: by the same canned query that readers can ask, so that
    both always agree."""
    query = await datasette.get_canned_query(database.name, "otwarte_nabory", None)
    if query is None:
        return (), {}
    given = {"dzien": day, "wojewodztwo": ""}
    rows = (await database.execute(CALLS.format(question=query["sql"], most=OPEN_CALLS), given)).rows
    counted = (await database.execute(CALLS_BY_REGION.format(question=query["sql"]), given, truncate=False)).rows
    return rows, dict(map(tuple, counted))


def _regions(counts: Mapping[str | None, int], calls: Mapping[str | None, int]) -> Sequence[Region]:
    most = max((counts.get(code, 0) for code in voivodeships()), default=0)
    regions = []
    for code, name in voivodeships().items():
        count = counts.get(code, 0)
        shade = 0 if not count else 1 + (SHADES - 1) * count // most
        regions.append(Region(code=code, name=name, count=count, calls=calls.get(code, 0), shade=shade))
    return regions


async def _months(database: Any, last: str) -> Sequence[Month]:
    """The last two years, month by month, the empty ones too."""
    number = int(last[:4]) * 12 + int(last[5:]) - 1
    names = [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(max(12, number - MONTHS + 1), number + 2)]
    found = await database.execute(BY_MONTH, {"first": names[0], "last": last})
    counts: dict[str, int] = dict(map(tuple, found.rows))
    return [
        Month(month=name, following=following, count=counts.get(name, 0))
        for name, following in itertools.pairwise(names)
    ]


def _activity(months: Sequence[Month]) -> Figure | None:
    if not any(month.count for month in months):
        return None
    title = "Artykuły opublikowane w kolejnych miesiącach"
    values = Series(name="", values=[month.count for month in months])
    drawing = bars(title, [month.month for month in months], [values], lambda value: polish.number(int(value)))
    return Figure(title=title, drawing=drawing)
