"""Counts by month as a picture drawn on the server: SVG without a style or a script of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.publish.when import month

HEIGHT = 48
WIDTH = 12
GAP = 3


@dataclass(frozen=True, kw_only=True)
class Bar:
    month: str
    """ "2024-02"."""
    count: int
    x: int
    y: int
    height: int

    @property
    def name(self) -> str:
        return month(self.month)


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Every month of a span, the empty ones too."""

    bars: Sequence[Bar]

    @property
    def width(self) -> int:
        return len(self.bars) * (WIDTH + GAP) - GAP

    @property
    def told(self) -> str:
        """What the picture shows, in words."""
        most = max(self.bars, key=lambda bar: (bar.count, bar.month))
        first, last = self.bars[0].name, self.bars[-1].name
        return f"Od: {first}, do: {last}. Najwięcej artykułów: {most.name} ({most.count})."


def bars(counts: Mapping[str, int], last: str, *, months: int = 24) -> Bars | None:
    """The months up to `last` ("2024-02"), at most so many, from the first that has any; None when none has."""
    wanted: list[str] = []
    year, number = int(last[:4]), int(last[5:7])
    for _ in range(months):
        wanted.append(f"{year:04d}-{number:02d}")
        year, number = (year, number - 1) if number > 1 else (year - 1, 12)
    wanted.reverse()
    while wanted and not counts.get(wanted[0]):
        wanted.pop(0)
    if not wanted:
        return None
    most = max(counts.get(one, 0) for one in wanted)
    drawn = []
    for place, one in enumerate(wanted):
        count = counts.get(one, 0)
        height = 0 if not count else max(2, HEIGHT * count // most)
        drawn.append(Bar(month=one, count=count, x=place * (WIDTH + GAP), y=HEIGHT - height, height=height))
    return Bars(bars=drawn)
