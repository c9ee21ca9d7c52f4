"""How late an event may be seen at the chosen rhythm: publications by the pause of lists, edits by the revisits.

What is published in a long list that is not sorted by date is promised by the deep pass alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler import rhythm
from crawler.walks import DEEP_EVERY
from tests.year.budget import LIST_PAGES, next_due
from tests.year.history import EDITS, MOVES, TROUBLES, Event
from tests.year.log import believing
from tests.year.oracle import Oracle

SLACK = timedelta(hours=7)
"""Between two runs, with their own length."""


def latest(oracle: Oracle, event: Event) -> datetime | None:
    """The instant by which a visit must have come; None where the site was in trouble, or nothing is promised."""
    if event.kind == "published":
        if event.at < oracle.runs.began[0]:
            return None
        pause = rhythm.LATEST_LIST
        unsorted = any(one.kind == "reordered" and one.at < event.at + pause for one in oracle.events)
        if unsorted and oracle.list_pages(event.at) > LIST_PAGES:
            pause *= DEEP_EVERY  # it may stand below the pages that one walk reads
        bound = event.at + pause + SLACK
        if any(one.kind == "vanished" and event.at < one.at < bound for one in oracle.by_item[event.number]):
            return None  # taken down again before that: it may be seen when it comes back
        return None if _troubled(oracle, event.at - rhythm.LATEST_LIST, bound) else bound
    if event.kind not in EDITS:
        return None
    visits = [one for one in oracle.visits[event.number] if one.at < event.at]
    good = [one for one in visits if one.told or one.same]
    if not good:
        return None
    last = good[-1]
    if event.item is None or oracle.address(event.item) != last.final:
        return None  # it had moved: first its new address must be found
    same = [one for one in visits if one.address == last.address]
    gone = [one for one in same if one.missing and one.at > last.at]  # from then on it has the rhythm of what is gone
    bound = max(next_due((gone or [last])[-1], same, oracle, event.number), event.at) + SLACK
    if any(one.kind in (*MOVES, "vanished") and event.at < one.at < bound for one in oracle.by_item[event.number]):
        return None  # it was not there any more: it is seen where it has moved to, or when it comes back
    return None if _troubled(oracle, last.at, bound) else bound


def _troubled(oracle: Oracle, since: datetime, until: datetime) -> bool:
    """Whether the site was in trouble then, or had been: after an outage it is left alone for as long again."""
    for event in oracle.events:
        if event.kind == "lying" and event.at < until:
            believed = [one.at for one in believing(oracle.log)]
            if since < max(believed):
                return True
        if event.kind in TROUBLES and event.until is not None:
            over = event.until + (event.until - event.at) + rhythm.DAY
            if event.at < until and over > since:
                return True
    return False
