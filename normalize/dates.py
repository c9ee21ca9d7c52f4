"""Polish date expressions of a text, as typed and precise values.

Roles: `act` is the date of a law; `opens` and `closes` belong to applications; `event` is something that takes place;
`period` is how long something lasts; the rest is a `mention`. The window of a call is ONE value: role `closes` with
start = its opening and end = its deadline; `opens` (end None) stands only where no deadline is known beside it, and
`closes` with start None where only the deadline is. In the other roles "od X" has end None and "do X" start None.

A year that the words leave out comes from the reference date, else from the other full dates of the text where they
agree (laws apart): the nearest within six months; where two years are about as near, the verb's tense decides. Where
nothing decides, it stays missing (`--03-03`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from normalize import date_hours, date_relative, date_years
from normalize.date_grammar import Clues, read
from normalize.date_lines import plain, plain_all
from normalize.date_repeats import merged
from normalize.date_roles import Sides
from normalize.date_sentences import Sentence, bounds, introduction, neighbours
from normalize.date_shapes import Expression, Point
from normalize.model import DateRole, Mention, Precision, When
from normalize.paragraphs import Paragraphs

WARSAW: Final = ZoneInfo("Europe/Warsaw")

_FINENESS: Final[tuple[Precision, ...]] = ("minute", "day", "month", "quarter", "half-year", "year")


@dataclass(kw_only=True, slots=True)
class _Found:
    """An expression with what its sentence says about it."""

    expression: Expression
    mention: Mention
    role: DateRole
    sides: Sides
    leaning: int
    year_beside: int | None
    """The one year its own sentence names ("w 2021 roku … 3 marca")."""
    told: bool
    """A day told by its distance ("wczoraj")."""


def find(paragraphs: Sequence[str], *, reference: date | None) -> list[When]:
    """Every typed date of a text, in order of first appearance; repeats of one value are merged."""
    found: list[_Found] = []
    paragraphs = Paragraphs.of(paragraphs)
    lows = plain_all(paragraphs)
    whole = "\n".join(lows)
    clues = Clues.of(whole, paragraphs.beginnings)
    nearby = reference if date_relative.hinted(whole) else None
    for block, text in enumerate(paragraphs):
        found += _of_paragraph(text, lows[block], block, paragraphs, clues, nearby)
    anchors = [reference] if reference else _anchors(found)
    return merged(value for one in found if (value := _value(one, reference, anchors)) is not None)


def _of_paragraph(
    text: str, low: str, block: int, paragraphs: Sequence[str], clues: Clues, nearby: date | None
) -> list[_Found]:
    """`nearby`: the reference date, where the text tells days by their distance from it."""
    expressions = read(low, text, clues)
    told: set[int] = set()
    if nearby is not None:
        expressions = _with_relative(expressions, low, nearby, told)
    if not expressions:
        return []
    above = introduction(paragraphs, block)
    out: list[_Found] = []
    places = iter(bounds(text, low))
    sentence = Sentence.of(low, next(places), expressions, above)
    for n, expression in enumerate(expressions):
        while expression.start >= sentence.end:
            sentence = Sentence.of(low, next(places), expressions, [])
        kind, sides = sentence.role(expression, *neighbours(expressions, n))
        yearless = not (expression.first.year and expression.last.year)
        out.append(
            _Found(
                expression=expression,
                mention=Mention(raw=text[expression.start : expression.end].strip(), block=block),
                role=kind,
                sides=sides,
                leaning=sentence.leaning if yearless else 0,
                year_beside=sentence.year if yearless else None,
                told=expression.start in told,
            )
        )
    return out


def _with_relative(expressions: list[Expression], low: str, reference: date, told: set[int]) -> list[Expression]:
    out = list(expressions)
    for start, end, day in date_relative.find(low, reference):
        beside = next((n for n, e in enumerate(out) if 0 <= e.start - end <= 3), None)
        if beside is not None:  # "wczoraj (28 listopada)": one date, said twice
            out[beside] = out[beside]._replace(start=start)
        elif not any(e.start < end and start < e.end for e in out):
            point = Point(year=day.year, month=day.month, day=day.day)
            told.add(start)
            out.append(Expression(start=start, end=end, first=point, last=point))
    return sorted(out, key=lambda expression: expression.start) if told else out


def _anchors(found: Sequence[_Found]) -> list[date]:
    """The full dates of the text that may lend their year: not those of laws."""
    points = [p for one in found if one.role != "act" for p in (one.expression.first, one.expression.last)]
    full = [day for point in points if (day := point.full) is not None]
    return [min(full), max(full)] if full else []  # where the first and the last agree, those between do


def _value(one: _Found, reference: date | None, anchors: Sequence[date]) -> When | None:
    first, last = one.expression.first, one.expression.last
    method, inferred = ("relative", True) if one.told else ("printed", False)
    if not (first.year and last.year):
        years, how = _years(one, reference, anchors)
        if years is not None:
            first, last = first._replace(year=years[0]), last._replace(year=years[1])
            method, inferred = how, True
        if not (first.possible and last.possible and (years or (first.day and last.day))):
            return None
    start, end, precision = _printed(first, last, one.expression.preposition)
    at_odds = first.weekday is not None and (day := first.full) is not None and day.weekday() != first.weekday
    return When(
        mentions=(one.mention,),
        method=method,
        sure="medium" if inferred or at_odds else "high",
        role=one.role,
        start=None if one.sides == "end" else start,
        end=None if one.sides == "start" else end,
        precision=precision,
        inferred=inferred,
    )


def _years(one: _Found, reference: date | None, anchors: Sequence[date]) -> tuple[tuple[int, int] | None, str]:
    """The years supplied for an expression without its own, and where they come from."""
    first, last = one.expression.first, one.expression.last
    if first.shift is not None and reference is not None:
        return (reference.year + first.shift, reference.year + (last.shift or 0)), "year told from the reference date"
    if first.shift is None and one.year_beside is not None:
        return (one.year_beside, one.year_beside + (last.order < first.order)), "year of the sentence"
    how = "year nearest to the reference date" if reference is not None else "year of another date of the text"
    return date_years.nearest(first, last, anchors, one.leaning), how


def _printed(first: Point, last: Point, preposition: str) -> tuple[str, str, Precision]:
    """Start and end as the contract writes them, and the finer of their precisions."""
    if last.edge == "end" and preposition == "do" and last.day is None and last.year:
        last = _end_of(last, last.year)
        first = last if first.kind != "day" and first.order <= last.order and first.edge == "end" else first
    (start, one), (end, other) = _iso(first), _iso(last)
    return start, end, min(one, other, key=_FINENESS.index)


def _end_of(point: Point, year: int) -> Point:
    """The last day of a month, a quarter, a half-year or a year."""
    month = point.month or 12
    if point.part:
        month = int(point.part[1]) * (3 if point.part[0] == "Q" else 6)
    return Point(year=year, month=month, day=monthrange(year, month)[1])


def _iso(point: Point) -> tuple[str, Precision]:
    year = f"{point.year:04d}" if point.year else "-"
    if point.day:
        day = f"{year}-{point.month:02d}-{point.day:02d}"
        hour = date_hours.iso(point.hour) if point.hour and point.year else None
        return (f"{day}T{hour}", "minute") if hour else (day, "day")
    if point.month:
        return f"{year}-{point.month:02d}", "month"
    if point.part:
        return f"{year}-{point.part}", "quarter" if point.part[0] == "Q" else "half-year"
    return year, "year"


def days(text: str) -> Sequence[tuple[date, str, int, int]]:
    """The full days printed in a line, each with its words and where they stand; spans are left out."""
    return _days_of_line(text) if len(text) <= _LINE else _days_in(text)


def _days_in(text: str) -> Sequence[tuple[date, str, int, int]]:
    return [
        (day, text[one.start : one.end].strip(), one.start, one.end)
        for one in read(plain(text), text)
        if not one.span and (day := one.first.full) is not None
    ]


_LINE: Final = 200
_days_of_line: Final = lru_cache(maxsize=128)(_days_in)
"""Several readers ask for the same short lines of a page."""

_INSTANT: Final = re.compile(
    r"\s*(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s?(Z|[+-]\d\d:?\d\d)\s*", re.IGNORECASE | re.ASCII
)
_MAIL: Final = re.compile(
    r"\s*(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC|UT|Z)\s*", re.ASCII
)


def read_day(text: str) -> date | None:
    """The one day a short text states; None where it states none or several.

    Instants with a zone (ISO 8601, the dates of mail and RSS) give their day in Warsaw.
    """
    instant = _INSTANT.fullmatch(text)
    if instant is None and not _MAIL.fullmatch(text):
        found = {day for day, *_ in days(text)}
        return found.pop() if len(found) == 1 else None
    try:
        moment = datetime.fromisoformat(instant[1] + instant[2].upper()) if instant else parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(WARSAW).date()
    except (ValueError, OverflowError):
        return None


_AGO: Final = re.compile(
    r"(?<![a-z\d])(\d{1,2}|kilka|kilkanascie|kilkadziesiat)? ?(sekund|minut|godzin)[eya]? temu(?![a-z])"
)
_TODAY: Final = re.compile(r"(?<![a-z])(?:dzis|dzisiaj)(?![a-z])")


def relative(text: str, *, fetched: datetime) -> date | None:
    """The Warsaw day that page chrome tells by distance ("3 dni temu", "wczoraj, 10:15", "2 godziny temu").

    None for longer units ("2 miesiące temu") and where the hours told may reach into the day before.
    """
    low = plain(text)
    now = fetched.astimezone(WARSAW)
    found = {day for *_, day in date_relative.find(low, now.date())}
    if found:
        return found.pop() if len(found) == 1 else None
    ago = _AGO.search(low)
    if ago is None:
        return now.date() if _TODAY.search(low) else None
    if ago[1] and not ago[1].isdigit():
        return None
    count = int(ago[1] or 1)
    unit = timedelta(hours=1) if ago[2] == "godzin" else timedelta(minutes=1)
    latest, earliest = (fetched - n * unit for n in (count, count + 1))
    day = latest.astimezone(WARSAW).date()
    return day if earliest.astimezone(WARSAW).date() == day else None
