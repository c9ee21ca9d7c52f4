"""Whether an article is still there: from the visits of its addresses, in order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.instants import moment
from crawler.outcomes import CONFIRMING
from crawler.rhythm import CONFIRM_GONE
from crawler.visits import Attempt


@dataclass(frozen=True, kw_only=True)
class Presence:
    first: str
    """Earliest visit that showed the article."""
    last: str
    """Latest visit that confirmed it, or latest list that named it."""
    gone: str | None = None
    """The visit that confirmed its absence: a second one, at least a day after the first, and none good between."""
    reason: str | None = None
    """404, 410, soft_404 or redirect."""
    turns: tuple[tuple[str, str], ...] = ()
    """(instant, "gone" or "back"), in order: every time it was confirmed gone, every time it came back."""


def presence(attempts: Iterable[Attempt], understood: Mapping[int, str], named: str | None = None) -> Presence | None:
    """What the visits of an article's addresses come to; None when none of them ever showed it.

    Missing counts at the address where the article was last seen: that a former one is gone says nothing. The address
    that was asked for then speaks for the one it redirected to only as long as that was never asked for itself.
    `understood`: capture -> outcome of its understanding. `named`: the latest visit of a list that named the article.
    A failed attempt (a time-out, a server in trouble, a login page) says nothing either way.
    """
    first = last = missing = gone = reason = None
    page = way = ""
    asked: set[str] = set()
    turns: list[tuple[str, str]] = []
    for attempt in attempts:
        outcome = understood.get(attempt.capture) if attempt.capture is not None else None
        asked.add(attempt.address)
        if attempt.outcome in CONFIRMING and outcome == "article":
            first, last, missing = first or attempt.at, attempt.at, None
            page, way = attempt.final, attempt.address
            if gone is not None:
                gone = reason = None
                turns.append((attempt.at, "back"))
        elif attempt.outcome == "gone" or (attempt.outcome in CONFIRMING and outcome == "soft_404"):
            if page not in (attempt.address, attempt.final) and (attempt.address != way or page in asked):
                continue
            read = attempt.clock or attempt.at
            missing = min(missing or read, read)  # from where the clock has gone back to, time counts anew
            if gone is None and _apart(missing, read):
                gone, reason = attempt.at, _reason(attempt)
                turns.append((attempt.at, "gone"))
    if first is None or last is None:
        return None
    return Presence(first=first, last=max(last, named or last), gone=gone, reason=reason, turns=tuple(turns))


def _apart(first: str, second: str) -> bool:
    times: list[datetime] = [moment(first), moment(second)]
    return times[1] - times[0] >= CONFIRM_GONE


def _reason(attempt: Attempt) -> str:
    if attempt.outcome != "gone":
        return "soft_404"
    return str(attempt.status) if attempt.status in (404, 410) else "redirect"
