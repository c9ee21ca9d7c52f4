"""Facets of a long table: counted over a part of its rows where all of them would take too long, and told so."""

from __future__ import annotations

import re
from typing import Any

from datasette.database import QueryInterrupted

from crawler.publish.search import seeking

MOST_COUNTED = 20_000
"""Rows that are counted where not all can be."""

_FACET = re.compile(
    r"\s*select (\S+) as value, count\(\*\) as count from \(\s*(select .*)\)"
    r"(\s*where \1 is not null\s+group by \1 order by count desc, value limit \d+\s*)",
    re.DOTALL,
)


class Counting:
    """The queries of one page of any table."""

    def __init__(self) -> None:
        self.counted: int | None = None
        """Of how many rows the facets tell; None: of all."""

    async def execute(self, database: Any, sql: str, params: Any, **how: Any) -> Any:
        """Any query of the page; an interrupted facet is asked anew, of some rows. Raises QueryInterrupted."""
        facet = _FACET.fullmatch(sql)
        if facet is None or self.counted is None:  # where one took too long, the others are not tried
            try:
                return await seeking.rows(database, sql, params, **how)
            except QueryInterrupted:
                if facet is None:
                    raise
        how.pop("custom_time_limit", None)
        self.counted = MOST_COUNTED
        return await database.execute(
            f"select {facet[1]} as value, count(*) as count from ({facet[2]} limit {MOST_COUNTED}){facet[3]}",
            params,
            **how,
        )
