"""An office's habit: on which weekdays, at which hours and how often its news appears; learned, never assumed. Pure."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from crawler.appearances import Appearance, appearance, dull_time, printed_instant
from crawler.rhythm import DAY, LATEST_LIST, SOONEST_LIST, USUAL_LIST
from normalize.dates import read_day
from normalize.published import WARSAW

LATEST = 60
"""Appearances from which a habit is learned: the last ones, because offices change."""
_GAPS = 5
"""Pauses between news from which its frequency is learned."""
_DAYS = 20
"""Different appearances from which weekdays and hours are learned."""
_SHARP = timedelta(hours=12)
"""A longer window says nothing of the hour."""
_WIDE = 3 * DAY
"""A longer window says nothing of the weekday."""
_UNEXPECTED = 0.1
"""Part of the attention that is spread over the whole week, whatever has been learned."""
_HOUR = timedelta(hours=1)
_MOST_OF = 0.9


@dataclass(frozen=True, kw_only=True)
class Habit:
    """How often an office's lists are worth a look, and when. Weights have the mean 1."""

    pause: timedelta = USUAL_LIST
    weekdays: tuple[float, ...] = (1.0,) * 7
    hours: tuple[float, ...] = (1.0,) * 24
    """Of the day in Warsaw."""
    learned_from: int = 0
    """Appearances that the weights rest on; 0: none are learned."""

    def weight(self, instant: datetime) -> float:
        """How much there is to be expected at this instant, in relation to the week's mean."""
        local = instant.astimezone(WARSAW)
        learned = self.weekdays[local.weekday()] * self.hours[local.hour]
        return _UNEXPECTED + (1 - _UNEXPECTED) * learned

    def written(self) -> str:
        return json.dumps({**asdict(self), "pause": self.pause.total_seconds()}, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Self:
        """The reverse of `written`."""
        told = json.loads(text)
        return cls(
            pause=timedelta(seconds=told["pause"]),
            weekdays=tuple(told["weekdays"]),
            hours=tuple(told["hours"]),
            learned_from=told["learned_from"],
        )

    def told(self) -> str:
        """ "Mon to Fri, 7:00-15:00 in Warsaw, learned from 60 articles; its lists are read about every 12 h"."""
        every = f"its lists are read about every {self.pause.total_seconds() / 3600:.0f} h"
        if not self.learned_from:
            return f"when it publishes is not known yet; {every}"
        first, hours = _most(self.hours)
        day, days = _most(self.weekdays)
        week = "on any day" if days == 7 else _NAMES[day] + (f" to {_NAMES[(day + days - 1) % 7]}" if days > 1 else "")
        clock = "at any hour" if hours >= 20 else f"{first}:00-{(first + hours - 1) % 24 + 1}:00 in Warsaw"
        return f"publishes {week}, {clock} (learned from {self.learned_from} articles); {every}"


_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def learn(appearances: Iterable[Appearance]) -> Habit:
    """The habit that the latest appearances show. What came to light at one and the same time counts once."""
    seen = sorted({(one.by, one.since): one for one in appearances}.items())[-LATEST:]
    latest = [one for _, one in seen]
    weekdays, days_from = _weekdays(latest)
    hours, hours_from = _hours(latest)
    return Habit(
        pause=_pause([one.by for one in latest]),
        weekdays=weekdays,
        hours=hours,
        learned_from=max(days_from, hours_from),
    )


Windows = Mapping[str, tuple[datetime | None, datetime, str | None]]
"""Address -> the last walk of the lists without it (None: not known), when it was found, the date its list printed."""


def learn_from(windows: Windows, published: Mapping[str, tuple[str | None, str | None]]) -> Habit:
    """What lists and pages say of an office's articles comes to a habit.

    `published`: address -> day of publication and the words it was read from, for articles that have been understood.
    """
    printed = {where: told[2] for where, told in windows.items()}
    printed.update((where, raw) for where, (_, raw) in published.items() if raw and printed_instant(raw))
    dull = dull_time(raw for raw in printed.values() if raw)
    found = []
    for where in sorted({*windows, *published}):
        since, by, _ = windows.get(where, (None, None, None))
        day = published.get(where, (None, None))[0]
        raw = printed.get(where)
        one = appearance(
            raw,
            date.fromisoformat(day) if day else read_day(raw) if raw else None,
            (since, by) if since is not None and by is not None else None,
            dull=dull,
        )
        if one is not None:
            found.append(one)
    return learn(found)


def _pause(found: Sequence[datetime]) -> timedelta:
    """A third of the usual gap between news, within bounds. What comes within three hours is one piece of news."""
    starts: list[datetime] = []
    for instant in sorted(found):
        if not starts or instant - starts[-1] >= SOONEST_LIST:
            starts.append(instant)
    gaps = sorted(later - earlier for earlier, later in itertools.pairwise(starts))
    if len(gaps) < _GAPS:
        return USUAL_LIST
    return min(max(gaps[len(gaps) // 2] / 3, SOONEST_LIST), LATEST_LIST)


def _weekdays(latest: Sequence[Appearance]) -> tuple[tuple[float, ...], int]:
    telling = [one for one in latest if one.span <= _WIDE]
    if len(telling) < _DAYS:
        return (1.0,) * 7, 0
    weights = [0.0] * 7
    for one in telling:
        for local, part in _spread(one):
            weights[local.weekday()] += part
    return _even(weights), len(telling)


def _hours(latest: Sequence[Appearance]) -> tuple[tuple[float, ...], int]:
    telling = [one for one in latest if one.span <= _SHARP]
    if len(telling) < _DAYS:
        return (1.0,) * 24, 0
    weights = [0.0] * 24
    for one in telling:
        for local, part in _spread(one):
            for hour, share in ((local.hour - 1, 0.25), (local.hour, 0.5), (local.hour + 1, 0.25)):
                weights[hour % 24] += part * share  # what comes at nine might as well have come at ten
    return _even(weights), len(telling)


def _spread(one: Appearance) -> Iterator[tuple[datetime, float]]:
    """The local hours of an appearance's window with the part of it that lies in each: within it, all are alike."""
    if not one.span:
        yield one.by.astimezone(WARSAW), 1.0
        return
    at = one.since
    while at < one.by:
        further = min(_full_hour(at) + _HOUR, one.by)
        yield at.astimezone(WARSAW), (further - at) / one.span
        at = further


def _full_hour(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _even(weights: Sequence[float]) -> tuple[float, ...]:
    mean = sum(weights) / len(weights)
    return tuple(round(weight / mean, 4) for weight in weights)


def _most(weights: Sequence[float]) -> tuple[int, int]:
    """Start and length of the shortest stretch, around the clock, that holds nearly everything."""
    size, enough = len(weights), _MOST_OF * sum(weights)
    for length in range(1, size + 1):
        sums = [sum(weights[(start + n) % size] for n in range(length)) for start in range(size)]
        best = max(range(size), key=lambda start: (sums[start], -start))
        if sums[best] >= enough:
            return best, length
    return 0, size
