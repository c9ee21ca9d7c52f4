"""The day numbers before a month: lists and ranges of them, and what only looks like one (a street, a room)."""

from __future__ import annotations

import re
from typing import Final

from normalize.date_shapes import Lead
from normalize.date_words import DAY, DAY_JOIN

_NUMBER_OF_DAY: Final = re.compile(rf"({DAY})\.?({DAY_JOIN})?")
_ROOM: Final = re.compile(
    r"(?:[Ss]al[aie]|[Pp]ok(?:oj\w*)?|nr|lok(?:al\w*)?|ul|grup\w*|piętr\w*)\.?\s?$|[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+ $"
)
_STREET: Final = re.compile(
    r"(?<![a-z])(?:ul|ulic[aeyi]|al|alei|alej[ae]|pl|placu?|os|osiedl[aeu]|rond[oa]|skwer[a-z]{0,2}|konstytucj[ia]|im)\.?\s$"
)
_HOUSE: Final = re.compile(r"\s\d{1,3}[a-z]?(?![\w:.%]|\s?(?:godz|osob))")


def day_spans(days: str, lead: Lead, before: str) -> tuple[list[tuple[int, int]], int]:
    """The days of "3-5, 12 i 14" as spans, and how many characters of `days` were left out at its start.

    Numbers before a comma are days too where words say so ("w dniach 3, 10 i 17") or an "i" closes the list and no
    room or street stands before it; else they belong to something else ("pok. 12, 15 maja"). A list of days rises.
    """
    if days.isdigit():
        return [(int(days), int(days))], 0
    found = [
        (int("".join(c for c in m[1] if c.isdigit())), (m[2] or "").split(), m.start())
        for m in _NUMBER_OF_DAY.finditer(days)
    ]
    joins = [(words[0][:1] if words and words[0][0] in "-," else words[0] if words else "") for _, words, _ in found]
    first = 0
    commas = [n for n, join in enumerate(joins) if join == ","]
    if commas and not (lead.dated or lead.preposition == "w" or before.endswith(": ")):
        closed = any(join in ("i", "oraz", "lub") for join in joins) or any(len(w) > 1 for _, w, _ in found)
        if not closed or _ROOM.search(before):
            first = commas[-1] + 1
    for n in range(len(found) - 1, first, -1):
        if found[n - 1][0] >= found[n][0]:
            first = n
            break
    spans: list[tuple[int, int]] = []
    n = first
    while n < len(found):
        day = found[n][0]
        if n + 1 < len(found) and joins[n] in ("-", "do", "a"):
            n += 1
        spans.append((day, found[n][0]))
        n += 1
    # "w dniach 5 i 6 marca" is one event of two days.
    if (
        len(spans) == 2
        and joins[first] == "i"
        and spans[0][1] + 1 == spans[1][0]
        and before.lower().endswith("w dniach ")
    ):
        spans = [(spans[0][0], spans[1][1])]
    return spans, found[first][2] if found else 0


def is_street(text: str, low: str, start: int, month: int, end: int) -> bool:
    """ "ul. 1 Maja", "Konstytucji 3 Maja", "3 Maja 12": a name, not a day of the text."""
    if _STREET.search(low[max(0, start - 14) : start]):
        return True
    return month >= 0 and text[month].isupper() and _HOUSE.match(low, end) is not None
