"""When to ask again: pure decisions over instants, without a clock of their own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

DAY = timedelta(days=1)
LONGEST = timedelta(days=60)
"""Between two visits of an article that has long been quiet."""
CONFIRM_GONE = timedelta(hours=24)
"""Between the two visits that must both find an article gone."""
AFTER_GONE = timedelta(days=90)
"""Until a tombstone is looked at again: articles do come back."""

SOONEST_LIST = timedelta(hours=3)
LATEST_LIST = timedelta(days=3)
USUAL_LIST = timedelta(hours=12)
_LEARNED_FROM = 5
"""Gaps between new articles from which an office's rhythm is learned."""


def next_visit(now: datetime, *, news: datetime, open_until: datetime | None = None) -> datetime:
    """When to visit an article again.

    `news`: when it was published or last changed, whichever is later. The pause is a quarter of the time since, at
    least a day, at most 60: an article of four days is visited daily, one of forty every ten days. While a call it
    announces is open, daily.
    """
    pause = min(max((now - news) / 4, DAY), LONGEST)
    if open_until is not None and now <= open_until + DAY:
        pause = DAY
    return now + pause


def next_try(now: datetime, failures: int) -> datetime:
    """After so many failures in a row: an hour, then twice as long each time, at most thirty days."""
    hours: int = 2 ** min(failures - 1, 12)
    return now + min(timedelta(hours=hours), 30 * DAY)


def after_gone(now: datetime, *, confirmed: bool) -> datetime:
    """After an article was found gone: a day later once more, and rarely when that is confirmed."""
    return now + (AFTER_GONE if confirmed else CONFIRM_GONE)


def list_pause(found: Sequence[datetime]) -> timedelta:
    """How long an office's lists can wait: a third of its usual gap between new articles, within bounds.

    `found`: when its latest articles were first met. Those of one visit count once: a first crawl finds many.
    """
    instants = sorted(set(found))
    gaps = sorted(later - earlier for earlier, later in itertools.pairwise(instants))
    if len(gaps) < _LEARNED_FROM:
        return USUAL_LIST
    return min(max(gaps[len(gaps) // 2] / 3, SOONEST_LIST), LATEST_LIST)


def next_list(now: datetime, found: Sequence[datetime]) -> datetime:
    """When an office's lists are due: after `list_pause`, moved on past weekdays on which it never publishes.

    A weekday counts as never only over at least twenty articles, and the lists never wait longer than three days.
    """
    due = now + list_pause(found)
    days = {instant.weekday() for instant in found}
    if len(set(found)) >= 20:
        while due.weekday() not in days and due + DAY <= now + LATEST_LIST:
            due += DAY
    return due
