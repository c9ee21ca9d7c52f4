"""Charts of a query's own rows: what datasette_metadata.json asks for, made of what the query gave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from crawler.publish import polish
from crawler.publish.drawing import MONTH, Series, bars, lines, ranks
from crawler.publish.labels import label

MOST_BARS = 400
MOST_SERIES = 6
MOST_PANELS = 4
MOST_RANKS = 12
NOTHING = "–"
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart as it stands on a page."""

    title: str
    drawing: Markup
    legend: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What datasette_metadata.json asks for (`plugins.wiesci.chart` of a query).

    kind: bars, lines, or ranks (horizontal bars, the longest first). `y` None: the rows are counted. `panels`: columns
    of which each combination has a chart of its own, because its values must not be compared with the others'.
    """

    kind: str
    x: str
    title: str
    y: str | None = None
    series: str | None = None
    panels: Sequence[str] = ()
    currency: str | None = None
    """The column that names it; without one the values are plain numbers."""
    unit: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Asked:
        return cls(**told)


Row = Mapping[str, Any]


Told = Mapping[str, Any]


def figures(told: Told | Sequence[Told] | None, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Figure]:
    """The charts of a query's rows; none where there is nothing to compare. Of several wishes the first that can be."""
    if not told or not rows:
        return []
    if not isinstance(told, Mapping):
        return next((found for one in told if (found := figures(one, columns, rows))), [])
    asked = Asked.of(told)
    named = [dict(zip(columns, tuple(row), strict=True)) for row in rows]
    panels: dict[tuple[Any, ...], list[Row]] = {}
    for row in named:
        panels.setdefault(tuple(row[name] for name in asked.panels), []).append(row)
    ordered = sorted(panels.items(), key=lambda item: -len(item[1]))
    drawn = [figure for key, some in ordered if (figure := _figure(asked, key, some)) is not None]
    shown, left = drawn[:MOST_PANELS], len(drawn) - MOST_PANELS
    if left > 0:
        more = f"Bez wykresu: {polish.plural(left, 'rodzaj', 'rodzaje', 'rodzajów')} z najmniejszą liczbą wierszy."
        shown[-1] = replace(shown[-1], note=f"{shown[-1].note} {more}".strip())
    return shown


def _figure(asked: Asked, key: Sequence[Any], rows: Sequence[Row]) -> Figure | None:
    words = [_word(name, value) for name, value in zip(asked.panels, key, strict=True)]
    title = f"{asked.title}: {', '.join(words)}" if words else asked.title
    say = _speaker(asked, rows)
    if asked.kind == "ranks":
        values = _ranked(asked, rows)
        if len(values) < 2:
            return None
        note = f"Pierwsze {MOST_RANKS} z {polish.number(len(values))}." if len(values) > MOST_RANKS else ""
        return Figure(title=title, drawing=ranks(values[:MOST_RANKS], say), note=note)
    labels, series, left_out = _columns(asked, rows)
    if len(labels) < 2 or not any(value for one in series for value in one.values):
        return None
    note = f"Pokazano {MOST_SERIES} największych z {len(series) + left_out}." if left_out else ""
    draw = bars if asked.kind == "bars" else lines
    names = [one.name for one in series] if asked.series else []
    return Figure(title=title, drawing=draw(title, labels, series, say), legend=names, note=note)


def _speaker(asked: Asked, rows: Sequence[Row]) -> Callable[[float], str]:
    if asked.currency:
        currency = str(rows[0][asked.currency])
        return lambda value: polish.money(round(value * 100), currency)
    unit = f"\N{NO-BREAK SPACE}{asked.unit}" if asked.unit else ""
    return lambda value: f"{polish.decimal(value)}{unit}"


def _word(column: str, value: Any) -> str:
    return label(None, column, value) or (str(value) if value not in (None, "") else NOTHING)


def _ranked(asked: Asked, rows: Sequence[Row]) -> list[tuple[str, float]]:
    if asked.y is None:
        counts = Counter(_word(asked.x, row[asked.x]) for row in rows)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = [(_word(asked.x, row[asked.x]), row[asked.y]) for row in rows]
    return sorted(((name, value) for name, value in named if value), key=lambda item: (-item[1], item[0]))


def _columns(asked: Asked, rows: Sequence[Row]) -> tuple[list[str], list[Series], int]:
    """The places on the horizontal axis, what stands at them, and how many series were left out."""
    assert asked.y is not None
    labels = sorted({str(row[asked.x]) for row in rows if row[asked.x] not in (None, "")})[-MOST_BARS:]
    if labels and all(_YEAR.fullmatch(one) for one in labels):
        labels = [str(year) for year in range(int(labels[0]), int(labels[-1]) + 1)][-MOST_BARS:]
    elif labels and all(MONTH.fullmatch(one) for one in labels):
        first, last = (int(one[:4]) * 12 + int(one[5:]) - 1 for one in (labels[0], labels[-1]))
        span = range(max(first, last - MOST_BARS + 1), last + 1)
        labels = [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in span]
    values: dict[str, dict[str, float]] = {}
    for row in rows:
        name = _word(asked.series, row[asked.series]) if asked.series else ""
        if row[asked.y] is not None:
            values.setdefault(name, {})[str(row[asked.x])] = row[asked.y]
    order = sorted(values, key=lambda name: (-max(values[name].values()), name))
    chosen = [Series(name=name, values=[values[name].get(one) for one in labels]) for name in order[:MOST_SERIES]]
    return labels, chosen, len(order) - len(chosen)
