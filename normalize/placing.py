"""Words of a text that may name a place, and the matching of a name's further words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalize.gazetteer import Adjectives
from normalize.model import PlaceLevel, Sure

WORD = re.compile(r"[^\W\d_]+")
_NEXT = re.compile(r"[ \u00a0]?[ \u00a0]?[-–—\u2010\u2011]?[ \u00a0]?([^\W\d_]+)")


@dataclass(slots=True)
class Hit:
    """Words that may name a place, before the whole text has been heard."""

    start: int
    raw: str
    block: int
    level: PlaceLevel
    codes: tuple[str, ...]
    method: str
    sure: Sure = "high"
    doubt: int = 0


def adjective_at(low: str, position: int, table: Adjectives) -> tuple[int, tuple[str, ...]] | None:
    """End and codes of the adjective that starts here."""
    word = WORD.match(low, position)
    if word is None:
        return None
    for rest, codes in table.get(word.group(), ()):
        end = end_of_name(low, word.end(), rest)
        if end is not None:
            return end, codes
    return None


def end_of_name(low: str, position: int, rest: tuple[str, ...]) -> int | None:
    """Where a name ends whose further words are `rest`, or None if they do not follow."""
    for wanted in rest:
        following = _NEXT.match(low, position)
        if following is None or following.group(1) != wanted:
            return None
        position = following.end()
    return position
