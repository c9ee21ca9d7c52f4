"""Polish date expressions of a text, as typed and precise values.

Roles: `act` is the date of a law; `opens` and `closes` belong to applications; `event` is something that takes place;
`period` is how long something lasts; the rest is a `mention`. The window of a call is ONE value: role `closes` with
start = its opening and end = its deadline; `opens` (end None) stands only where no deadline is known beside it, and
`closes` with start None where only the deadline is. Without a role of its own, "od X" has end None, "do X" start None.

A year that the words leave out comes from the reference date, else from the other full dates of the text where they
agree: the nearest within six months; where two years are about as near, the verb's tense decides; a weekday that fits
neither leaves the year missing (`--03-03`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from . import date_relative
from .date_grammar import Expression, Point, plain, read
from .date_roles import Cue, Sides, cues, role
from .model import DateRole, Mention, Precision, Sure, When
from .words import sentences

WARSAW: Final = ZoneInfo("Europe/Warsaw")

_LIKELY: Final = re.compile(
    r"\d|stycz|lut[ey]|mar[cz]|kwie|kwart|maj|czerw|lip[ci]|sierp|wrze|pa[zźż]dz|listopad|grud|półrocz|roku|wczoraj|jutr|temu|tygodni|ubieg|zesz|"
    r"minion|najbliż",
    re.IGNORECASE,
)
_FUTURE: Final = re.compile(
    r"(?<![a-z])(?:odbed\w+|bedzie|beda|zaprasza\w*|rusza|ruszy|rozpoczni\w+|potrwa|zaplanowan\w+|planowan\w+|startuje\w*|nalezy|prosimy|mozna"
    r"|wchodz\w+|wejd\w+|przed nami)(?![a-z])"
)
_PAST: Final = re.compile(
    r"(?<![a-z])(?:odbyl\w*|byl[aoiy]?|zostal[aoiy]?|wziel\w+|podpisan\w+|podpisal\w+|\w{3,20}l[aoiy] sie|goscil\w+|zakonczyl\w+|za nami)(?![a-z])"
)
_TIE: Final = 62
"""Two years count as equally near where the distances differ by fewer days."""


@dataclass(kw_only=True, slots=True)
class _Found:
    expression: Expression
    block: int
    text: str
    role: DateRole
    sides: Sides
    tense: Literal[1, -1, 0]
    year_beside: int | None
    """The one year its own sentence names ("w 2021 roku … 3 marca")."""
    day: date | None = None
    """The day where it was told by its distance."""


def find(paragraphs: Sequence[str], *, reference: date | None) -> list[When]:
    """Every typed date of a text, in order of first appearance; repeats of one value are merged."""
    found: list[_Found] = []
    for block, text in enumerate(paragraphs):
        if _LIKELY.search(text):
            found.extend(_of_paragraph(text, block, _heading(paragraphs, block), reference))
    anchors = [reference] if reference else _anchors(found)
    values = [value for one in found if (value := _value(one, reference, anchors)) is not None]
    return _merged(values)


def _heading(paragraphs: Sequence[str], block: int) -> str:
    """The words of the paragraph before, where they introduce this one ("Termin składania wniosków:")."""
    if not block:
        return ""
    before, here = paragraphs[block - 1].strip(), paragraphs[block]
    if len(before) <= 120 and (before.endswith(":") or (len(here) <= 60 and not before.endswith((".", "!", "?", ";")))):
        return before
    return ""


def _of_paragraph(text: str, block: int, heading: str, reference: date | None) -> list[_Found]:
    expressions = read(text)
    low = plain(text)
    told: dict[int, date] = {}
    if reference is not None:
        expressions = _with_relative(expressions, low, reference, told)
    if not expressions:
        return []
    found = []
    bounds = _bounds(text, low)
    telling: dict[tuple[int, int], list[Cue]] = {}
    for n, expression in enumerate(expressions):
        start, end = next((a, b) for a, b in bounds if expression.start < b)
        end = max(end, expression.end)
        if (start, end) not in telling:
            telling[start, end] = cues(low, start, end)
        here = telling[start, end]
        earlier = max((e.end for e in expressions[:n] if e.end <= expression.start), default=0)
        later = min((e.start for e in expressions[n + 1 :] if e.start >= expression.end), default=end)
        sentence_left = [cue for cue in here if cue.end <= expression.start]
        left = [cue for cue in sentence_left if cue.start >= earlier] or sentence_left
        right = [cue for cue in here if expression.end <= cue.start < later]
        if heading and start == 0:
            above = [
                replace(cue, start=cue.start - len(heading), end=cue.end - len(heading))
                for cue in cues(plain(heading), 0, len(heading))
            ]
            sentence_left = above + sentence_left
            left = left or above
        kind, sides = role(expression, left, right, sentence_left=sentence_left)
        sentence = low[start:end]
        future, past = _FUTURE.search(sentence) is not None, _PAST.search(sentence) is not None
        years = {
            e.first.year
            for e in expressions
            if e.year_only and not e.span and e.preposition == "w" and start <= e.start < end and e.first.year
        }
        found.append(
            _Found(
                expression=expression,
                block=block,
                text=text,
                role=kind,
                sides=sides,
                tense=0 if future == past else 1 if future else -1,
                year_beside=years.pop() if len(years) == 1 else None,
                day=told.get(expression.start),
            )
        )
    return found


def _with_relative(expressions: list[Expression], low: str, reference: date, told: dict[int, date]) -> list[Expression]:
    out = list(expressions)
    for start, end, day in date_relative.find(low, reference):
        beside = next((n for n, e in enumerate(out) if 0 <= e.start - end <= 3), None)
        if beside is not None:  # "wczoraj (28 listopada)": one date, said twice
            out[beside] = replace(out[beside], start=start)
            continue
        point = Point(year=day.year, month=day.month, day=day.day)
        told[start] = day
        out.append(Expression(start=start, end=end, first=point, last=point))
    return sorted(out, key=lambda expression: expression.start) if told else out


_OPENERS: Final = re.compile(
    r"(?:w|we|na|do|od|z|po|przed|wnioski|nabor|termin|szczegoly|projekt|spotkanie|zapraszamy|podczas|uczestnicy|zgloszenia|osoby|wiecej|to|jest|"
    r"podstawa|celem|prosimy|dokumenty|organizator\w*|ponadto|jednoczesnie|natomiast|zgodnie|o|program|kwota)(?![a-z])"
)


def _bounds(text: str, low: str) -> list[tuple[int, int]]:
    """The sentences; a year's "r." before a name ("2022 r. Wojewódzki Urząd") does not end one."""
    out: list[tuple[int, int]] = []
    for start, end in sentences(text):
        if out and low[out[-1][0] : out[-1][1]].rstrip().endswith(" r.") and not _OPENERS.match(low, start):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _anchors(found: Sequence[_Found]) -> list[date]:
    """The full dates of the text that may lend their year: not those of laws."""
    days = []
    for one in found:
        if one.role != "act":
            days += [
                date(p.year, p.month, p.day)
                for p in (one.expression.first, one.expression.last)
                if p.year and p.month and p.day
            ]
    return days


def _value(one: _Found, reference: date | None, anchors: Sequence[date]) -> When | None:
    expression = one.expression
    first, last = expression.first, expression.last
    inferred = one.day is not None
    method = "relative" if inferred else "printed"
    if not (first.year and last.year):
        if first.shift is not None and reference is not None:
            years: tuple[int, int] | None = (reference.year + (first.shift or 0), reference.year + (last.shift or 0))
            method = "year of the reference date"
        elif one.year_beside is not None and first.shift is None:
            years = (one.year_beside, one.year_beside + (first.order > last.order))
            method = "year of the sentence"
        else:
            years = _nearest_years(first, last, anchors, one.tense)
            method = "year nearest the reference date" if reference is not None else "year of another date of the text"
        if years is not None:
            first, last = replace(first, year=years[0]), replace(last, year=years[1])
            inferred = True
            if not (_exists(first) and _exists(last)):
                return None
        elif first.day is None or last.day is None:
            return None
        else:
            method = "printed"
    start, end, precision = _printed(first, last, expression.preposition)
    if one.sides == "start":
        shown: tuple[str | None, str | None] = (start, None)
    elif one.sides == "end":
        shown = (None, end)
    else:
        shown = (start, end)
    sure: Sure = "high" if not inferred else "medium"
    if (
        first.weekday is not None
        and _exists(first)
        and _day(first) is not None
        and _day(first).weekday() != first.weekday
    ):  # type: ignore[union-attr]
        sure = "medium"
    return When(
        mentions=(Mention(raw=one.text[expression.start : expression.end].strip(), block=one.block),),
        method=method,
        sure=sure,
        role=one.role,
        start=shown[0],
        end=shown[1],
        precision=precision,
        inferred=inferred,
    )


def _exists(point: Point) -> bool:
    return not (point.year and point.month and point.day) or point.day <= monthrange(point.year, point.month)[1]


def _day(point: Point) -> date | None:
    return date(point.year, point.month, point.day) if point.year and point.month and point.day else None


def _nearest_years(first: Point, last: Point, anchors: Sequence[date], tense: int) -> tuple[int, int] | None:
    if first.month is None or (first.shift is not None and first.shift != 0):
        return None
    chosen = {_nearest_year(first, anchor, tense) for anchor in anchors}
    if len(chosen) != 1 or (year := chosen.pop()) is None:
        return None
    return year, year + (last.order < first.order and last.month is not None)


def _nearest_year(point: Point, anchor: date, tense: int) -> int | None:
    """The year that brings the date nearest to the anchor, None where nothing decides."""
    distances: list[tuple[int, date]] = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        candidate = replace(point, year=year, day=point.day or 15)
        if 1 <= year <= 9999 and _exists(candidate):
            day = date(year, point.month or 1, point.day or 15)
            distances.append((abs((day - anchor).days), day))
    distances.sort(key=lambda pair: pair[0])
    (least, nearest), *others = distances
    if others and others[0][0] - least < _TIE:
        second = others[0][1]
        if tense:
            nearest = max(nearest, second) if tense > 0 else min(nearest, second)
        elif point.weekday is not None and second.weekday() == point.weekday != nearest.weekday():
            nearest = second
    if (
        point.weekday is not None
        and point.day
        and nearest.weekday() != point.weekday
        and abs((nearest - anchor).days) > _TIE
    ):
        return None
    return nearest.year if least <= 184 else None


def _printed(first: Point, last: Point, preposition: str) -> tuple[str, str, Precision]:
    """Start and end as the contract writes them, and the finer of their precisions."""
    if last.edge == "end" and preposition == "do" and last.day is None and last.year:
        first = last = _end_of(last)
    (start, one), (end, other) = _iso(first), _iso(last)
    return start, end, min(one, other, key=_FINENESS.index)


_FINENESS: Final[tuple[Precision, ...]] = ("minute", "day", "month", "quarter", "half-year", "year")


def _end_of(point: Point) -> Point:
    year = point.year or 1
    month = point.month or 12
    if point.part:
        month = int(point.part[1]) * (3 if point.part[0] == "Q" else 6)
    return Point(year=year, month=month, day=monthrange(year, month)[1])


def _iso(point: Point) -> tuple[str, Precision]:
    year = f"{point.year:04d}" if point.year else "-"
    if point.day:
        day = f"{year}-{point.month:02d}-{point.day:02d}"
        hour = _hour(point.hour) if point.hour and point.year else None
        return (f"{day}T{hour}", "minute") if hour else (day, "day")
    if point.month:
        return f"{year}-{point.month:02d}", "month"
    if point.part:
        return f"{year}-{point.part}", "quarter" if point.part[0] == "Q" else "half-year"
    return year, "year"


def _hour(printed: str) -> str | None:
    """ "9.00", "15:30:12", "8", "1530" -> HH:MM; None for 24:00, which is the whole day."""
    parts = re.split(r"[:.]", printed)
    if len(parts) == 1 and len(printed) > 2:
        parts = [printed[:-2], printed[-2:]]
    hours, minutes = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    return f"{hours:02d}:{minutes:02d}" if hours < 24 else None


_STRENGTH: Final[tuple[DateRole, ...]] = ("act", "closes", "opens", "event", "period", "mention")


def _merged(values: list[When]) -> list[When]:
    """One fact a value: a mention joins the same date in another role, one side of a window joins the window."""
    out: list[When] = []
    for value in values:
        for n, other in enumerate(out):
            joined = _join(other, value)
            if joined is not None:
                out[n] = joined
                break
        else:
            out.append(value)
    return out


def _join(one: When, other: When) -> When | None:
    if one.role != other.role and "mention" not in (one.role, other.role):
        if {one.role, other.role} != {"opens", "closes"}:
            return None
    strong, weak = (one, other) if _STRENGTH.index(one.role) <= _STRENGTH.index(other.role) else (other, one)
    start, end = strong.start, strong.end
    if one.role == other.role and _covers(weak, strong) and not _covers(strong, weak):
        strong, weak = weak, strong
        start, end = strong.start, strong.end
    if not _covers(strong, weak):
        return None
    start, end = _finer(start, weak.start), _finer(end, weak.end)
    return replace(
        strong,
        mentions=tuple(dict.fromkeys((*one.mentions, *other.mentions))),
        start=start,
        end=end,
        precision="minute" if "minute" in (one.precision, other.precision) else strong.precision,
        inferred=one.inferred and other.inferred,
        sure="high" if "high" in (one.sure, other.sure) else strong.sure,
        method=one.method if not one.inferred else other.method,
    )


def _covers(whole: When, part: When) -> bool:
    """Whether `part` says nothing that `whole` does not say."""
    if (whole.role == "closes" and part.role in ("opens", "closes")) or (whole.role == part.role == "period"):
        return all(
            b is None or (a is not None and a[:10] == b[:10])
            for a, b in ((whole.start, part.start), (whole.end, part.end))
        )
    return all(
        (a or "")[:10] == (b or "")[:10] and _alike(a, b) for a, b in ((whole.start, part.start), (whole.end, part.end))
    )


def _alike(one: str | None, other: str | None) -> bool:
    """Two hours of one day are two values."""
    return one is None or other is None or len(one) == 10 or len(other) == 10 or one == other


def _finer(one: str | None, other: str | None) -> str | None:
    return other if one is not None and other is not None and len(other) > len(one) else one


def days(text: str) -> list[tuple[date, str, int, int]]:
    """The full days printed in a line, each with its words and where they stand; spans are left out."""
    if not any(letter.isdigit() for letter in text):
        return []
    out = []
    for expression in read(text):
        day = _day(expression.first)
        if day is not None and not expression.span:
            out.append((day, text[expression.start : expression.end].strip(), expression.start, expression.end))
    return out


_INSTANT: Final = re.compile(
    r"\s*(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|[+-]\d\d:?\d\d)\s*$", re.IGNORECASE
)
_MAIL: Final = re.compile(
    r"\s*(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC|UT|Z)\s*$"
)


def read_day(text: str) -> date | None:
    """The one day a short text states; None where it states none or several.

    Instants with a zone (ISO 8601, the dates of mail and RSS) give their day in Warsaw.
    """
    instant = _INSTANT.match(text[:60])
    if instant is not None:
        try:
            return datetime.fromisoformat(instant[1] + instant[2].upper()).astimezone(WARSAW).date()
        except (ValueError, OverflowError):
            return None
    if _MAIL.match(text[:60]):
        try:
            moment = parsedate_to_datetime(text.strip())
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(WARSAW).date()
    found = {day for day, *_ in days(text)}
    return found.pop() if len(found) == 1 else None


_AGO: Final = re.compile(
    r"(?<!\w)(\d{1,2}|kilka|kilkanascie|kilkadziesiat)?\s?(?:sekund|minut|godzin)[eya]?(?:\s\d{1,2}\s(?:minut|sekund)[eya]?)? temu(?![a-z])"
)
_TODAY: Final = re.compile(r"(?<![a-z])(?:dzis|dzisiaj)(?![a-z])")


def relative(text: str, *, fetched: datetime) -> date | None:
    """The day that page chrome tells by distance ("3 dni temu", "wczoraj, 10:15", "2 godziny temu"); None for longer units."""
    here = fetched.astimezone(WARSAW)
    low = plain(text)
    found = {day for *_, day in date_relative.find(low, here.date())}
    if len(found) == 1:
        return found.pop()
    if found:
        return None
    if (ago := _AGO.search(low)) is not None:
        return _hours_ago(ago, here)
    if _DAY_AGO.search(low):
        return date.fromordinal(here.toordinal() - 1)
    return here.date() if _TODAY.search(low) else None


_DAY_AGO: Final = re.compile(r"(?<![a-z])(?:1 |jeden )?dzien temu(?![a-z])")


def _hours_ago(ago: re.Match[str], here: datetime) -> date | None:
    """Today, if the moment cannot lie on the day before; the day is not known when it may."""
    from datetime import timedelta

    number = int(ago[1]) if ago[1] and ago[1].isdigit() else 1 if not ago[1] else None
    if number is None:
        return here.date() if here.hour >= 1 and "godzin" not in ago[0] else None
    unit = timedelta(hours=1) if "godzin" in ago[0] else timedelta(minutes=1)
    moment = (here.astimezone(UTC) - number * unit).astimezone(WARSAW)
    earlier = (here.astimezone(UTC) - (number + 1) * unit).astimezone(WARSAW)
    return moment.date() if moment.date() == earlier.date() else None
