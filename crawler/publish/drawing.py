"""Bars, lines and ranks as SVG: no script, no style of its own, colours and letters from the page.

Widths are per cent of whatever room there is, heights and letters are not: a chart reads the same on a telephone.
Every axis begins at zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from crawler.publish import polish

HEIGHT = 230
TOP, BOTTOM = 18, 28
GUTTER = 11.0
"""Per cent at the left that are left to the axis."""
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)

_BAR = Markup(
    '<rect class="c{}" x="{:.3f}%" y="{}" width="{:.3f}%" height="{}" data-value="{}"><title>{}</title></rect>'
)
_DOT = Markup('<circle class="c{}" cx="{:.3f}%" cy="{}" r="{}" data-value="{}"><title>{}</title></circle>')
_LINE = Markup(
    '<svg class="stretched" width="100%" height="{0}" viewBox="0 0 100 {0}" preserveAspectRatio="none">'
    '<polyline class="l{1}" points="{2}" vector-effect="non-scaling-stroke"/></svg>'
)
_RANK = Markup(
    '<li><span class="name">{}</span> <b>{}</b><svg width="100%" height="10" aria-hidden="true" focusable="false">'
    '<rect class="c0" width="100%" height="10"/>'
    '<rect class="c1" width="{:.3f}%" height="10" data-value="{}"/></svg></li>'
)
_SWATCH = Markup(
    '<li><svg width="26" height="10" aria-hidden="true" focusable="false">'
    '<line class="l{0}" x1="0" x2="26" y1="5" y2="5"/><circle class="c{0}" cx="13" cy="5" r="4"/></svg> {1}</li>'
)


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line of a chart, or its bars; None is a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The vertical axis: from zero to a round number that no value exceeds."""

    top: float
    steps: Sequence[float] = field(default=())

    @classmethod
    def over(cls, values: Iterable[float | None]) -> Scale:
        most = max((value for value in values if value), default=1)
        exponent = 10 ** math.floor(math.log10(most))
        step = next(one * exponent / 4 for one in (1, 2, 4, 8, 10, 20) if one * exponent >= most)
        if most >= 1:
            step = max(1, math.ceil(step)) if most < 20 else step
        count = math.ceil(most / step - 1e-9)
        return cls(top=step * count, steps=[step * n for n in range(count + 1)])

    def y(self, value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / self.top), 2)


def bars(title: str, labels: Sequence[str], series: Sequence[Series], say: Callable[[float], str]) -> Markup:
    """Upright bars, those of several series beside each other."""
    scale = Scale.over(value for one in series for value in one.values)
    slot = (100 - GUTTER) / len(labels)
    width = slot * 0.76 / len(series)
    drawn = []
    for number, one in enumerate(series, 1):
        for place, value in enumerate(one.values):
            if value is None:
                continue
            x = GUTTER + slot * (place + 0.12) + width * (number - 1)
            y = scale.y(value)
            said = _said(one, labels[place], value, say)
            drawn.append(_BAR.format(number, x, y, width, round(scale.y(0) - y, 2), value, said))
    return _whole(title, labels, series, scale, say, Markup("").join(drawn), slot)


def lines(title: str, labels: Sequence[str], series: Sequence[Series], say: Callable[[float], str]) -> Markup:
    """A line for each series, broken where nothing is known; every value is also a dot."""
    scale = Scale.over(value for one in series for value in one.values)
    slot = (100 - GUTTER) / len(labels)
    drawn = []
    for number, one in enumerate(series, 1):
        for run in _unbroken(one.values):
            points = " ".join(f"{GUTTER + slot * (place + 0.5):.3f},{scale.y(value)}" for place, value in run)
            drawn.append(_LINE.format(HEIGHT, number, points))
        for place, value in enumerate(one.values):
            if value is not None:
                x = GUTTER + slot * (place + 0.5)
                said = _said(one, labels[place], value, say)
                drawn.append(_DOT.format(number, x, scale.y(value), 4 if len(labels) <= 40 else 2.5, value, said))
    return _whole(title, labels, series, scale, say, Markup("").join(drawn), slot)


def ranks(values: Sequence[tuple[str, float]], say: Callable[[float], str]) -> Markup:
    """Names with a bar each; it is a list, so what it says can be read aloud."""
    most = max(value for _, value in values)
    items = [_RANK.format(name, say(value), max(0.0, 100 * value / most), value) for name, value in values]
    return Markup('<ol class="ranks">{}</ol>').format(Markup("").join(items))


def _unbroken(values: Sequence[float | None]) -> Iterable[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _said(one: Series, place: str, value: float, say: Callable[[float], str]) -> str:
    return f"{f'{one.name}, ' if one.name else ''}{polish.period(place)}: {say(value)}"


def _whole(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    scale: Scale,
    say: Callable[[float], str],
    drawn: Markup,
    slot: float,
) -> Markup:
    grid = Markup("").join(
        Markup('<line x1="0" x2="100%" y1="{0}" y2="{0}"/><text class="tick" x="0" y="{1}">{2}</text>').format(
            scale.y(step), scale.y(step) - 4, polish.short(step)
        )
        for step in scale.steps
    )
    below = Markup("").join(
        Markup('<text class="place{}" x="{:.3f}%" y="{}" text-anchor="middle">{}</text>').format(
            "" if main else " minor", GUTTER + slot * (place + 0.5), HEIGHT - 8, text
        )
        for place, text, main in _places(labels)
    )
    return Markup(
        '<svg class="drawing" role="img" width="100%" height="{}" aria-label="{}"><g class="grid">{}</g>{}{}</svg>'
    ).format(HEIGHT, f"{title}. {_told(labels, series, say)}", grid, drawn, below)


def _told(labels: Sequence[str], series: Sequence[Series], say: Callable[[float], str]) -> str:
    """What the picture shows, in words."""
    span = f"{polish.period(labels[0])} – {polish.period(labels[-1])}"
    told = []
    for one in series:
        value, place = max((value, place) for place, value in enumerate(one.values) if value is not None)
        told.append(f"{f'{one.name}: ' if one.name else ''}najwięcej {say(value)} ({polish.period(labels[place])})")
    return f"{span}; {'; '.join(told)}."


def _places(labels: Sequence[str]) -> Iterable[tuple[int, str, bool]]:
    """Which places have a word below, and which of these also where there is little room."""
    count = len(labels)
    if all(MONTH.fullmatch(one) for one in labels):
        every = next((step for step in (1, 3, 6, 12, 24, 60, 120) if count / step <= 9), 240)
        wide = next((step for step in (every, 6, 12, 24, 60, 120) if step >= every and count / step <= 5), 240)
        for place, one in enumerate(labels):
            number = int(one[:4]) * 12 + int(one[5:]) - 1
            if number % every == 0:
                yield place, one[:4] if number % 12 == 0 else polish.SHORT_MONTHS[number % 12], number % wide == 0
        return
    every = max(1, math.ceil(count / 10))
    for place in range(count - 1, -1, -every):
        yield place, polish.period(labels[place]), every > 1 or count <= 6 or (count - 1 - place) % 2 == 0


def swatches(names: Sequence[str]) -> Markup:
    """The legend of a chart with several series."""
    items = [_SWATCH.format(number, name) for number, name in enumerate(names, 1)]
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(items))
