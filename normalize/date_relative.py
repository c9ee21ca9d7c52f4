"""Days told by their distance from another day: "wczoraj", "przed 3 dniami", "tydzień temu", "w ubiegły piątek"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from .date_words import WEEKDAYS, alternatives
from .numerals import NUMBER_WORDS

_NUMBER: Final = rf"\d{{1,3}}|{alternatives(NUMBER_WORDS)}"
_WEEKDAY: Final = alternatives(word for word in WEEKDAYS if len(word) > 5 or word == "srode")
_RELATIVE: Final = re.compile(
    r"(?P<day>przedwczoraj|wczoraj(?! (?:i|czy|a) dzi|, dzi)|pojutrze|(?<=juz )jutro|jutro(?= o godz| \())(?![a-z])"
    rf"|przed (?P<before>{_NUMBER}) (?P<before_unit>dni(?:ami)?|tygodni(?:ami)?)(?![a-z])"
    r"|(?P<week>przed tygodniem|tydzien temu|za tydzien)(?![a-z])|(?P<yesterday>dzien temu)(?![a-z])"
    rf"|(?P<ago>{_NUMBER}) (?P<ago_unit>dni|tygodnie|tygodni) temu(?![a-z])"
    rf"|w (?P<which>ubiegl|zeszl|minion|najblizsz)[yae] (?P<weekday>{_WEEKDAY})(?![a-z])"
)
_HINTS: Final = (
    "wczoraj",
    "jutr",
    " temu",
    "tygodni",
    " dniami",
    "za tydzien",
    "ubiegl",
    "zeszl",
    "minion",
    "najblizsz",
)
_NAMED: Final = {"przedwczoraj": -2, "wczoraj": -1, "jutro": 1, "pojutrze": 2}


def hinted(low: str) -> bool:
    """Whether a plain text can have such an expression at all."""
    for hint in _HINTS:  # noqa: SIM110 - any() takes twice the time
        if hint in low:
            return True
    return False


def find(low: str, reference: date) -> Iterator[tuple[int, int, date]]:
    """Start, end and day of each such expression in a plain (folded) line."""
    if not hinted(low):
        return
    for match in _RELATIVE.finditer(low):
        if match.start() and low[match.start() - 1].isalnum():
            continue
        yield match.start(), match.end(), reference + timedelta(days=_days(match, reference))


def _days(match: re.Match[str], reference: date) -> int:
    if match["day"]:
        return _NAMED[match["day"]]
    if match["yesterday"]:
        return -1
    if match["week"]:
        return 7 if match["week"].startswith("za") else -7
    if match["weekday"]:
        away = (WEEKDAYS[match["weekday"]] - reference.weekday()) % 7
        return (away or 7) if match["which"] == "najblizsz" else away - 7
    number, unit = (match["before"], match["before_unit"]) if match["before"] else (match["ago"], match["ago_unit"])
    count = int(number) if number.isdigit() else NUMBER_WORDS[number]
    return -count * (7 if unit.startswith("tyg") else 1)
