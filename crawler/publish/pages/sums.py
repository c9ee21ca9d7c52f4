"""Amounts of some articles, by role and currency: never added across either, an amount that is repeated only once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.labels import label
from crawler.publish.polish import money

_SQL = """
SELECT amounts.role, amounts.currency, count(DISTINCT amounts.article) AS articles,
  count(DISTINCT amounts.grosze) AS different, sum(DISTINCT amounts.grosze) AS total, max(amounts.grosze) AS highest
FROM amounts WHERE amounts.article IN (SELECT value FROM json_each(:ids))
GROUP BY amounts.role, amounts.currency ORDER BY amounts.currency != 'PLN', amounts.currency, total DESC, amounts.role
"""


@dataclass(frozen=True, kw_only=True)
class Sum:
    role: str
    name: str
    currency: str
    articles: int
    different: int
    total: str
    highest: str


async def sums(database: Any, ids: Sequence[str]) -> list[Sum]:
    rows = (await database.execute(_SQL, {"ids": json.dumps(list(ids))})).rows
    return [
        Sum(
            role=row["role"],
            name=label("amounts", "role", row["role"]) or row["role"],
            currency=row["currency"],
            articles=row["articles"],
            different=row["different"],
            total=money(row["total"], row["currency"]),
            highest=money(row["highest"], row["currency"]),
        )
        for row in rows
    ]
