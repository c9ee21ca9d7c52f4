"""The year that a text leaves out: supplied from another day, or left missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from normalize.date_shapes import Point

_FUTURE: Final = re.compile(
    r"(?<![a-z])(?:odbed[a-z]+|bedzie|beda|zaprasza[a-z]*|rusza|ruszy|rozpoczni[a-z]+|potrwa"
    r"|(?:za)?planowan[a-z]+|startuje[a-z]*|nalezy|prosimy|mozna|wchodz[a-z]+|wejd[a-z]+|przed nami)(?![a-z])"
)
_PAST: Final = re.compile(
    r"(?<![a-z])(?:odbyl[a-z]*|byl[aoiy]?|zostal[aoiy]?|wziel[a-z]+|podpisa[a-z]+|goscil[a-z]+"
    r"|zakonczyl[a-z]+|za nami)(?![a-z])"
    r"|[a-z]l[aoiy]? sie(?![a-z])"
)
_TIE: Final = 62
"""Two years count as equally near where their distances differ by fewer days."""
_HALF_YEAR: Final = 184


def tense(sentence: str) -> int:
    """1 where the verbs of a plain sentence look forward, -1 where they look back, 0 where neither or both."""
    return int(_FUTURE.search(sentence) is not None) - int(_PAST.search(sentence) is not None)


def nearest(first: Point, last: Point, anchors: Sequence[date], leaning: int) -> tuple[int, int] | None:
    """The years of a yearless date or range by the days that may lend them; None unless all of these agree."""
    if first.month is None or (first.shift or last.shift):
        return None
    years = {_nearest_year(first, anchor, leaning) for anchor in anchors}
    year = years.pop() if len(years) == 1 else None
    return None if year is None else (year, year + (last.order < first.order))


def _nearest_year(point: Point, anchor: date, leaning: int) -> int | None:
    """The year that brings the date nearest to the anchor; None where the weekday speaks against it."""
    candidates = [point._replace(year=anchor.year + step, day=point.day or 15).full for step in (-1, 0, 1)]
    days = sorted((abs((day - anchor).days), day) for day in candidates if day is not None)
    if not days or days[0][0] > _HALF_YEAR:
        return None
    chosen = days[0][1]
    if len(days) > 1 and days[1][0] - days[0][0] < _TIE:
        other = days[1][1]
        if leaning:
            chosen = max(chosen, other) if leaning > 0 else min(chosen, other)
        elif point.weekday is not None and other.weekday() == point.weekday != chosen.weekday():
            chosen = other
    if (
        point.weekday is not None
        and point.day
        and chosen.weekday() != point.weekday
        and abs((chosen - anchor).days) > _TIE
    ):
        return None
    return chosen.year
