"""How much of the register the news comes from, and where its gaps are: by the same question that readers can ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.labels import vocabulary

QUESTION = "stan_zrodel"
SILENT_AFTER = 30
"""Days; the question's own number, for what the pages say of it."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """The sources in one state: a stretch of the bar, in per cent of its length."""

    state: str
    name: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, kw_only=True)
class Coverage:
    sources: int
    """All of the register."""
    shares: Sequence[Share]

    @property
    def read(self) -> int:
        """Sources that were read at least once."""
        return self.sources - self.count("never")

    def count(self, state: str) -> int:
        return next(share.count for share in self.shares if share.state == state)


async def coverage(datasette: Any, database: Any, day: str) -> Coverage:
    """How the sources stand on a day, `2022-06-01`."""
    query = await datasette.get_canned_query(database.name, QUESTION, None)
    if query is None:
        return of({})
    sql = f"SELECT stan, count(*) FROM ({query['sql']}) GROUP BY stan"
    counted = await database.execute(sql, {"stan": "", "wojewodztwo": "", "dzien": day})
    return of(dict(map(tuple, counted.rows)))


def of(counts: Mapping[str, int]) -> Coverage:
    """Every state, also those that no source is in."""
    whole = sum(counts.values())
    shares, start = [], 0.0
    for state, name in vocabulary("source_state").items():
        count = counts.get(state, 0)
        length = 100 * count / whole if whole else 0.0
        shares.append(Share(state=state, name=name, count=count, start=start, length=length))
        start += length
    return Coverage(sources=whole, shares=shares)
