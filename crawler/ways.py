"""By which of its addresses an office's lists are read, and in which order these are tried."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.frontier import Frontier
from crawler.outcomes import CONFIRMING
from crawler.signs import LEFT_ALONE, UNREACHABLE

TROUBLE = (*UNREACHABLE, *LEFT_ALONE, "maintenance", "bot_protection")
"""Outcomes of a list that speak of its server: another way leads to the same one."""


def in_order(ways: Sequence[str], proven: str | None, frontier: Frontier, *, deep: bool) -> list[str]:
    """The ways of one office as one run may try them. `proven`: the one that gave teasers last.

    All of them, the best first, where none is proven, and on a deep walk. Where the proven one failed the last time,
    it and one other, so that a list that stays broken costs one further request a run; where it failed because of
    the server's trouble, the one not asked for longest comes first.
    """
    if proven is None or proven not in ways or deep:
        return list(ways)
    others = [way for way in ways if way != proven]
    last = {way: frontier.list_asked(way) for way in ways}
    told = last[proven]
    if told is None or told[1] in CONFIRMING:
        return [proven, *others]
    longest = sorted(ways, key=lambda way: (last[way] or ("", ""))[0])
    if told[1] in TROUBLE:
        return list(dict.fromkeys([longest[0], proven, *longest]))[:2]
    return [proven, *(way for way in longest if way != proven)][:2]
