"""How often each value of some columns is met, of rows that were counted by all of these columns at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.database import Results

APART = frozenset({"office"})
"""Columns of so many values that counting by all columns at once would make almost as many groups as there are rows."""


def query(names: Sequence[str], rows: str) -> str:
    """SQL: the values of these columns in the rows, null where a column is counted elsewhere; their count; the first
    place among them. The rows have these columns and `place`."""
    counts = []
    for group in _groups(names):
        values = ", ".join(name if name in group else "null" for name in names)
        counts.append(f"select {values}, count(*), min(place) from counted group by {', '.join(group)}")
    every = "select count(*), min(place) from counted"
    return f"with counted as materialized ({rows}) {' union all '.join(counts) or every}"


def tallied(names: Sequence[str], rows: Sequence[Any]) -> tuple[Mapping[str, Counter[Any]], int, int | None]:
    """Of what that query gave: column -> value -> how often; how many rows there are; and the first place of all."""
    tally: dict[str, Counter[Any]] = {name: Counter() for name in names}
    total = 0
    for *values, count, _ in rows:
        total += count
        for name, value in zip(names, values, strict=True):
            if value is not None:
                tally[name][value] += count
    first = min((row[-1] for row in rows if row[-1] is not None), default=None)
    return tally, total // max(1, len(_groups(names))), first


def columns(names: Sequence[str]) -> str:
    """What the rows are to have, as SQL over `articles`."""
    return ", ".join([*names, "articles.rowid as place"])


def _groups(names: Sequence[str]) -> Sequence[Sequence[str]]:
    together = [name for name in names if name not in APART]
    apart = [[name] for name in names if name in APART]
    return [together, *apart] if together else apart


def ordered(counts: Mapping[Any, int], most: int) -> Results:
    """A facet as Datasette's own query gives it: the most frequent first, then by value."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
    return Results([{"value": value, "count": count} for value, count in rows], False, None)
