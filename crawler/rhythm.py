"""When to ask again: pure decisions over instants, without a clock of their own."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.habits import Habit

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
OPEN_ENDED = timedelta(days=183)
"""Since its last news, for which a call without a closing day is taken for one that may still be open."""
LONGEST = timedelta(days=60)
"""Between two visits of an article that has long been quiet."""
CONFIRM_GONE = timedelta(hours=24)
"""Between the two visits that must both find an article gone."""
DATED_AHEAD = timedelta(days=28)
"""How old an article counts as whose last news is stamped by a clock that was ahead: it is visited once a week."""
AFTER_GONE = timedelta(days=90)
"""Until a tombstone is looked at again: articles do come back."""

SOONEST_LIST = timedelta(hours=3)
LATEST_LIST = timedelta(days=3)
LONGEST_WAIT = timedelta(days=7)
"""A server that asks for more has made a mistake, or is asked once a week whether it still means it."""
BELIEVED = timedelta(days=3)
"""How long a list may answer "not modified" before it is asked for without conditions."""
USUAL_LIST = timedelta(hours=12)
"""Between two walks of lists whose office's habit is not known yet."""


def next_visit(
    now: datetime, *, news: datetime, open_until: datetime | None = None, open_ended: bool = False
) -> datetime:
    """When to visit an article again.

    `news`: when it was published or last changed, whichever is later. The pause is a quarter of the time since, at
    least a day, at most 60: an article of four days is visited daily, one of forty every ten days. While a call it
    announces is open, daily; where that is until the funds are spent, or until further notice (`open_ended`), weekly
    for half a year, because its end may be told any day.
    """
    pause = min(max((now - news) / 4, DAY), LONGEST)
    if open_ended and now - news <= OPEN_ENDED:
        pause = min(pause, WEEK)
    if open_until is not None and now <= open_until + DAY:
        pause = DAY
    return now + pause


def next_try(now: datetime, failures: int) -> datetime:
    """After so many failures in a row: an hour, then twice as long each time, at most thirty days."""
    hours: int = 2 ** min(failures - 1, 12)
    return now + min(timedelta(hours=hours), 30 * DAY)


def next_list_try(now: datetime, failures: int) -> datetime:
    """After lists have given nothing so often in a row: as soon as after a walk, then twice as long, at most a day."""
    times: int = 2 ** min(failures - 1, 12)
    return now + min(SOONEST_LIST * times, DAY)


def after_gone(now: datetime, *, confirmed: bool) -> datetime:
    """After an article was found gone: a day later once more, and rarely when that is confirmed."""
    return now + (AFTER_GONE if confirmed else CONFIRM_GONE)


def next_list(now: datetime, habit: Habit) -> datetime:
    """When an office's lists are due: when what is expected there has waited as long, all in all, as in a usual pause.

    News that trickles in evenly makes that the habit's pause. After a morning in which much is expected it comes
    sooner, in a night after an empty evening hardly anything waits; what came on Friday afternoon is not left until
    Monday. At least three hours later, at most three days, whatever has been learned.
    """
    hour = timedelta(hours=1)
    left = (habit.pause / hour) ** 2 / 2  # an even trickle of one an hour: the n-th waits (pause - n) hours
    at, unseen = now, 0.0
    while at < now + LATEST_LIST:
        further = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + hour
        span, weight = (further - at) / hour, habit.weight(at)
        waited = unseen * span + weight * span * span / 2
        if waited >= left:
            at += hour * ((math.sqrt(unseen * unseen + 2 * weight * left) - unseen) / weight)
            break
        left, unseen, at = left - waited, unseen + weight * span, further
    return min(max(at, now + SOONEST_LIST), now + LATEST_LIST)
