"""When an article came to light, as far as it is honestly known: the minute or day it prints, who saw it when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from crawler.rhythm import DAY
from normalize.dates import read_day
from normalize.published import WARSAW

_FEWEST = 5
"""Printed times from which one that most of them share says nothing."""
_CLOCK = re.compile(r"(?<![\d:.,])(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:])")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """One article came to light after `since`, and no later than `by`. Equal where the minute is printed."""

    since: datetime
    by: datetime

    @property
    def span(self) -> timedelta:
        return self.by - self.since


def appearance(
    printed: str | None, day: date | None, window: tuple[datetime, datetime] | None, *, dull: time | None = None
) -> Appearance | None:
    """What is honestly known of one article: the minute it prints, else its day, within the window of its sighting.

    `window`: the last walk of the lists that did not show it, and the first that did. Where the two contradict each
    other, what was seen is right: a text may be dated back. `dull`: a time of day that means none (`dull_time`).
    """
    told = _printed(printed, dull) if printed else None
    if told is None and day is not None:
        midnight = datetime.combine(day, time(), WARSAW).astimezone(UTC)
        told = (midnight, datetime.combine(day + DAY, time(), WARSAW).astimezone(UTC))
    if told is None or window is None:
        known = told or window
        return None if known is None else Appearance(since=known[0], by=known[1])
    since, by = max(told[0], window[0]), min(told[1], window[1])
    return Appearance(since=since, by=by) if since <= by else Appearance(since=window[0], by=window[1])


def dull_time(printed: Iterable[str]) -> time | None:
    """The time of day that over half of an office's articles print: put there by a system, nobody's hour."""
    clocks = Counter(moment.astimezone(WARSAW).time() for raw in printed if (moment := printed_instant(raw)))
    if sum(clocks.values()) < _FEWEST:
        return None
    clock, count = clocks.most_common(1)[0]
    return clock if 2 * count > sum(clocks.values()) else None


def printed_instant(raw: str) -> datetime | None:
    """The instant that a printed date with a time of day names (Warsaw, where it names no zone); None without one."""
    try:
        if _ISO.match(raw.strip()):
            moment = datetime.fromisoformat(raw.strip())
        else:
            moment = parsedate_to_datetime(raw)
            if raw.rstrip().endswith("-0000"):  # RFC 5322, 3.3: in UTC, wherever it was written
                moment = moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError):
        clocks, day = _CLOCK.findall(raw), read_day(raw)
        if day is None or len(clocks) != 1 or int(clocks[0][0]) > 23 or int(clocks[0][1]) > 59:
            return None
        moment = datetime.combine(day, time(int(clocks[0][0]), int(clocks[0][1])))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=WARSAW)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _printed(raw: str, dull: time | None) -> tuple[datetime, datetime] | None:
    moment = printed_instant(raw)
    if moment is None or (clock := moment.astimezone(WARSAW).time()) == time() or clock == dull:
        return None  # midnight: a day that was written as an instant
    return moment, moment
