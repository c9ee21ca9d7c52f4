"""A line of text as the date grammar reads it: same length, small ASCII letters, what only looks like dates blanked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from normalize.paragraphs import Paragraphs
from normalize.words import fold_aligned

_DASHES: Final = "–—−‒―"
_NOT_DATES: Final = re.compile(
    r"h(?:ttps?://)\S{1,2000}|w(?:ww\.)\S{1,2000}"
    # Journals of laws with the chain of years and positions behind them: "Dz.U. z 2023 r. poz. 735 z późn. zm."
    r"|d(?:z\. ?u(?:rz)?\.)(?:[\s,.;]{0,3}"
    r"(?:(?:z|nr|poz|ue|we|l|c|i|oraz|str|s|r|roku|tj|t\.j|ze? zm|pozn|zm|dnia)(?![a-z])|\d[\d/.]*))*"
    r"|p(?:oz\. ?\d[\d ,]*(?:i \d+)?)"
    r"|t(?:el|elefon[a-z]{0,3})[\s.:/nr]{1,5}[+(]?\d[\d ()/+-]{4,40}"
    r"|f(?:ax|aks[a-z]{0,3})[\s.:/nr]{1,5}[+(]?\d[\d ()/+-]{4,40}"
    r"|n(?:ip[\s:]{1,3}\d[\d -]{4,20})|r(?:egon[\s:]{1,3}\d[\d -]{4,20})|k(?:rs[\s:]{1,3}\d[\d -]{4,20})"
    r"|k(?:ont[ao][\s:nr.]{1,6}\d[\d -]{10,60})"
)
_FILE_ENDING: Final = re.compile(r"\.(?:pdf|doc|xls|zip|jpe?g|png|odt|rtf)")
_FILE: Final = re.compile(r"[\w.-]{1,120}\.(?:pdf|docx?|xlsx?|zip|jpe?g|png|odt|rtf)(?!\w)")


def plain(text: str) -> str:
    """The text folded and its dashes made alike, position by position."""
    return _with_hyphens(fold_aligned(text))


def _with_hyphens(low: str) -> str:
    if not low.isascii():
        for dash in _DASHES:
            low = low.replace(dash, "-")
    return low


def plain_all(paragraphs: Sequence[str]) -> Sequence[str]:
    """Each paragraph as `plain` gives it; made once for all readers of the same Paragraphs."""
    if not isinstance(paragraphs, Paragraphs):
        return [plain(text) for text in paragraphs]
    lows = paragraphs.read.get("plain")
    if lows is None:
        lows = paragraphs.read["plain"] = tuple(map(_with_hyphens, paragraphs.folded))
    return lows


def masked(low: str) -> str:
    """A plain line without addresses, law gazettes, telephone and register numbers and file names: blanks instead."""
    low = _NOT_DATES.sub(_spaces, low)
    if _FILE_ENDING.search(low):
        low = _FILE.sub(_spaces, low)
    return low


def _spaces(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())
