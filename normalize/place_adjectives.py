"""Powiats and voivodeships named by their adjectives, alone or in lists: "w powiatach: łomżyńskim, kolneńskim"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalize.gazetteer import Adjectives, Gazetteer
from normalize.placing import WORD, Hit, adjective_at

_POWIAT = re.compile(r"\b(?:(?:powiat(?:u|owi|em|y|ów|om|ami|ach)?|powiecie)(?!\w)|pow\.)")
_VOIVODESHIP = re.compile(
    r"\b(?:(?:województw(?:o|a|u|em|ie|om|ami|ach)?|region(?:u|owi|em|ie|y|ów|om|ami|ach)?)(?!\w)|woj\.)"
)
_BRACKET = re.compile(r"\(\s?(?:woj\.\s?)?((?:\w+-)?\w+ie)\s?\)")
_SEPARATOR = re.compile(
    r"\s*(?:[,;:/]\s*(?:(?:a także|i|oraz|jak i)\s+)?"
    r"|\s(?:i|oraz|lub|albo|bądź|czy|a także|i/lub|jak i|jak również)\s+|[-–—]\s)"
    r"(?:powiat\w*\s|(?:w|z|ze)\s)?\s*"
)
_AFTER_TRIGGER = re.compile(r"\s*(?:,?\s?(?:tj\.|tzn\.|m\.\s?in\.)\s?)?(?:[:(–—-]\s*)?(?:ziemski\w*\s+)?")
_CITY_ITEM = re.compile(r"(?:m\.|miast\w+|mieście|m\.\s?st\.)\s+[a-ząćęłńóśźż]+(?:[ -][a-ząćęłńóśźż]+)?")
_ASIDE = re.compile(r"\s?\([^()]{1,40}\)")


_HINTS = ("powia", "powie", "pow.", "woj", "region", "(")


def hinted(folded: str) -> bool:
    """Whether a folded text can name a powiat or a voivodeship as such."""
    for hint in _HINTS:  # noqa: SIM110 - any() takes twice the time
        if hint in folded:
            return True
    return False


def find(text: str, block: int, gazetteer: Gazetteer) -> Iterator[Hit]:
    """Powiats and voivodeships named as such, alone or in lists: "w powiatach: łomżyńskim, kolneńskim"."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    if "powia" in low or "powie" in low or "pow." in low:
        for trigger in _POWIAT.finditer(low):
            for start, end, codes in _list(text, low, trigger.end(), gazetteer.powiats):
                raw = text[trigger.start() : end] if start <= trigger.end() + 2 else text[start:end]
                yield Hit(start, raw, block, "powiat", codes, "powiat_adjective")
            before = _adjective_before(low, trigger.start(), gazetteer)
            if before is not None:
                start, codes = before
                yield Hit(start, text[start : trigger.end()], block, "powiat", codes, "powiat_adjective")
    if "woj" in low or "region" in low:
        for trigger in _VOIVODESHIP.finditer(low):
            for start, end, codes in _list(text, low, trigger.end(), gazetteer.voivodeships):
                raw = text[trigger.start() : end] if start <= trigger.end() + 2 else text[start:end]
                yield Hit(start, raw, block, "voivodeship", codes, "voivodeship_adjective")
    if "(" in low:
        for bracket in _BRACKET.finditer(low):
            for start, end, codes in _list(text, low, bracket.start(1), gazetteer.voivodeships):
                if end == bracket.end(1):
                    yield Hit(start, text[start:end], block, "voivodeship", codes, "voivodeship_in_brackets")


def _list(text: str, low: str, position: int, table: Adjectives) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The adjectives of one list, all in one case; cities named among them are stepped over."""
    after = _AFTER_TRIGGER.match(low, position)
    position = after.end() if after else position
    ending = ""
    while True:
        found = adjective_at(low, position, table)
        if found is not None:
            end, codes = found
            said = _ending(low[position:end])
            if ending and (said != ending or _titled(text, position, end)):
                return
            ending = said
            yield position, end, codes
            position = end
            if aside := _ASIDE.match(low, position):
                position = aside.end()
        elif city := _CITY_ITEM.match(low, position):
            position = city.end()
        else:
            return
        separator = _SEPARATOR.match(low, position)
        if separator is None:
            return
        position = separator.end()


def _ending(adjective: str) -> str:
    return adjective[max(adjective.rfind("k"), adjective.rfind("n")) + 1 :]


def _titled(text: str, start: int, end: int) -> bool:
    """A capital adjective before a capital noun begins an organisation's name, not the next item of a list."""
    return text[start].isupper() and text[end : end + 2].strip().istitle()


def _adjective_before(low: str, position: int, gazetteer: Gazetteer) -> tuple[int, tuple[str, ...]] | None:
    """The adjective that stands before its noun: "w kieleckim powiecie"."""
    piece = low[max(0, position - 40) : position]
    offset = position - len(piece)
    for word in WORD.finditer(piece):
        found = adjective_at(piece, word.start(), gazetteer.powiats)
        if found is not None and piece[found[0] :].isspace() and (word.start() == 0 or piece[word.start() - 1] != "-"):
            return offset + word.start(), found[1]
    return None
