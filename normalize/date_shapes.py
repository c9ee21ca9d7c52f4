"""What a printed date expression is made of, before anything is concluded from it."""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

_LENGTHS: Final = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Edge = Literal["start", "middle", "end"]


class Point(NamedTuple):
    """One printed date or part of a year; what the words leave out is None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str | None = None
    """ "Q3" or "H1"."""
    shift: int | None = None
    """The year as told from the text's own: 0 "br.", -1 "ubiegłego roku", 1 "przyszłego roku"."""
    hour: str | None = None
    weekday: int | None = None
    edge: Edge | None = None
    """ "koniec lutego", "w połowie marca"."""

    @property
    def dated(self) -> bool:
        """The words say which year is meant."""
        return self.year is not None or self.shift is not None

    @property
    def order(self) -> tuple[int, int]:
        """Place within a year."""
        return (self.month or 0, self.day or 0)

    @property
    def possible(self) -> bool:
        """The calendar has that day (29 February is granted where the year is not printed)."""
        if self.day is None or self.month is None:
            return True
        return 1 <= self.day <= _LENGTHS[self.month] and (self.day < 29 or self.month != 2 or isleap(self.year or 2024))

    @property
    def full(self) -> date | None:
        """The day, where year, month and day are known."""
        if self.year and self.month and self.day and self.possible:
            return date(self.year, self.month, self.day)
        return None

    def at(self, hour: str) -> Point:
        return self._replace(hour=hour)

    def in_year_of(self, other: Point, later: int = 0) -> Point:
        """This date in the year that `other` states or tells, or so many years later."""
        year = None if other.year is None else other.year + later
        return self._replace(year=year, shift=None if other.shift is None else other.shift + later)

    @property
    def kind(self) -> str:
        return "day" if self.day else "month" if self.month else "part" if self.part else "year"


class Expression(NamedTuple):
    """A date, or a span, as it stands in a line; `low[start:end]` are its words."""

    start: int
    end: int
    first: Point
    last: Point
    span: bool = False
    preposition: str = ""
    """The word before it that says how it is meant: od, do, z, w, po, przed, na, "; "" for none."""
    dated: bool = False
    """ "dnia", "w dniu", "w terminie" or a weekday stands directly before it."""
    period: bool = False
    """ "w okresie", "w latach" stands directly before it."""
    years_of: bool = False
    """ "na lata 2014-2020": the years of a programme."""

    @property
    def brief(self) -> bool:
        """Days, and not more than a fortnight of them."""
        if not self.span:
            return self.first.day is not None and self.preposition in ("", "w")
        begin, end = (point._replace(year=point.year or 2023).full for point in (self.first, self.last))
        return begin is not None and end is not None and 0 < (end - begin).days <= 14

    @property
    def year_only(self) -> bool:
        """Nothing but a year (or years), and not the end of one."""
        return (
            self.last.month is None
            and self.last.part is None
            and not (self.last.edge == "end" and self.preposition == "do")
        )


@dataclass(kw_only=True, slots=True)
class Lead:
    """The words directly before a date that belong to it."""

    start: int
    preposition: str = ""
    dated: bool = False
    period: bool = False
    years_of: bool = False
    year_cue: bool = False
    weekday: int | None = None
    edge: Edge | None = None


@dataclass(kw_only=True, slots=True)
class Hours:
    """The clock beside a day; `limit` where it ends something ("do godz. 15")."""

    begin: str
    end: str | None
    limit: bool


@dataclass(kw_only=True, slots=True)
class Atom:
    """One date form with its list of days, while the line is being read."""

    start: int
    end: int
    items: list[tuple[Point, Point]]
    lead: Lead
    firm: bool = True
    """False for a form that is a date only in company ("22.10", "marzec")."""
    numeric: bool = False
    hours: Hours | None = None
    each_day: bool = False
    """The hours hold for the days of the list before it too."""

    def expressions(self) -> list[Expression]:
        return [self._expression(first, last) for first, last in self.items]

    def _expression(self, first: Point, last: Point) -> Expression:
        lead, hours = self.lead, self.hours
        one_day = first is last or first == last
        if hours is not None and first.day is not None:
            if one_day and not (hours.end and lead.preposition in ("od", "do")):
                first, last = first.at(hours.begin), last.at(hours.end or hours.begin)
            elif not one_day and hours.limit and not hours.end:
                last = last.at(hours.begin)
        return Expression(
            start=min(self.start, lead.start),
            end=self.end,
            first=first,
            last=last,
            span=not one_day,
            preposition=lead.preposition,
            dated=lead.dated,
            period=lead.period,
            years_of=lead.years_of,
        )
