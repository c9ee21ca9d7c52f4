"""Counts that are not money: how many people, courses, institutions, and percentages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from normalize.model import Mention, Quantity
from normalize.numerals import NUMBER_WORDS, OPERAND, approximate_from, is_number_word, read_operand, read_words
from normalize.paragraphs import Paragraphs


def _counted() -> list[tuple[str, str, str, str]]:
    lines = (Path(__file__).parent / "data" / "counted.tsv").read_text(encoding="utf-8").splitlines()
    rows = [[*line.split("\t"), ""] for line in lines if line and not line.startswith("#")]
    return [(unit, few, many, one) for unit, few, many, one, *_ in rows]


_COUNTED = _counted()
UNITS = frozenset(unit for unit, *_ in _COUNTED) | {"percent"}
_BY_BEGINNING: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
for _unit, _few, _many, _one in _COUNTED:
    _BY_BEGINNING.setdefault(_few[:3], []).append((_unit, re.compile("|".join(filter(None, (_few, _many, _one))))))
# Two to four of a thing take another form than five or more: "22 osoby" but "25 osób". A number before the wrong
# form does not count the thing ("w 2020 osoby").
_FEW = "|".join(few for _, few, _, _ in _COUNTED)
_MANY = "|".join(many for _, _, many, _ in _COUNTED)
_ONE = "|".join(one for *_, one in _COUNTED if one)
_COUNTED_THINGS = (
    r"(?P<of>(?:i wiecej )?(?:[a-z-]{2,}(?:ych|ich|[a-z]e|ni|ce) ){0,2}?"
    rf"(?:(?P<many>{_MANY})|(?P<few>{_FEW})|(?P<one>{_ONE}))(?!\w)"
    r"(?: (?:projektu|programu|szkolen\w*|kursu|stazu|pracy|ukrainy|(?:spoleczn|zawodow|bezrobotn|niepelnosprawn)\w+)"
    r"(?!\w))?)"
)
_QUANTITY = re.compile(
    rf"(?P<operand>{OPERAND})(?:"
    r" ?(?P<percent>%|proc(?:\.|ent(?:ach|ami|om|owi?|u|a)?)?(?!\w))"
    rf"(?P<of_percent> (?:[a-z]+(?:ych|ich) ){{0,2}}(?:{_MANY})(?!\w))?"
    rf"| {_COUNTED_THINGS}| (?P<same>z nich)(?!\w)| to (?P<are>kobiety|mezczyzni|bezrobotni|cudzoziemcy)(?!\w))"
)
_IN_WORDS = re.compile(
    r"(?<!\w)(?P<words>"
    r"(?:(?:dw|trz|cztern?|czwor|pi[ae][ct]|szes|sied|osi?e?m|dziew|dzies|jedena|st[ou])[a-z]{0,16} ){1,4})"
    + _COUNTED_THINGS
)
_NUMBERED = re.compile(
    r"(?:(?<!\w)(?:nr|art|poz|pkt|ust|lp|tel|fax|ul|al|os|pl|lok|pok|godz|str|rozdz|par|zal|dz\. ?u|roku|rok)\.?"
    r"|(?<!\w)(?:wiek|dzial|klas)\w*|§) ?$"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE_YEAR = re.compile(r"(?<!\w)(?:w|od|po|za|na|rok|roku|lat|lata|latach|z|i|a|oraz|przed|[-–/]) ?$")
_RANGE_BEFORE = re.compile(r"[0-9](?: (?:osob|tys\.|proc\.))?(?: ?%)? ?(?:[-–—]|do|a|lub|/) ?$")
_MOST = 10**10


@dataclass(frozen=True, slots=True)
class _Count:
    start: int
    end: int
    value: int | float
    unit: str
    of: tuple[int, int]
    method: str


def find(paragraphs: Sequence[str]) -> list[Quantity]:
    """Counts of the things of `data/counted.tsv` and percentages; a repeated count is one Quantity.

    `paragraphs` are cleaned text (`words.clean`). Ranges ("10-15 osób"), ages, sizes, money and years are left out.
    """
    repeats: dict[tuple[int | float, str], list[tuple[_Count, Mention, str, bool]]] = {}
    for block, (paragraph, folded) in enumerate(zip(paragraphs, Paragraphs.of(paragraphs).folded, strict=True)):
        for count in _counts(folded):
            about = approximate_from(folded, count.start)
            mention = Mention(raw=paragraph[count.start if about is None else about : count.end], block=block)
            said = (count, mention, paragraph[slice(*count.of)].strip(), about is not None)
            repeats.setdefault((count.value, count.unit), []).append(said)
    return [
        Quantity(
            mentions=tuple(mention for _, mention, _, _ in said),
            method=said[0][0].method,
            value=value,
            unit=unit,
            of=said[0][2] or None,
            approximate=all(approximate for _, _, _, approximate in said),
        )
        for (value, unit), said in repeats.items()
    ]


def _counts(folded: str) -> list[_Count]:
    """The counts of one folded paragraph, from left to right."""
    found: list[_Count] = []
    for match in _QUANTITY.finditer(folded):
        count = _in_digits(folded, match, found[-1].unit if found else None)
        if count is not None:
            found.append(count)
    if NUMBER_WORDS.keys().isdisjoint(folded.split()):  # most texts have none
        return found
    in_words = [count for match in _IN_WORDS.finditer(folded) if (count := _in_words(match)) is not None]
    return sorted(found + in_words, key=lambda count: count.start)


def _in_digits(folded: str, match: re.Match[str], unit_before: str | None) -> _Count | None:
    start, end = match.span()
    before = folded[max(0, start - 30) : start]
    if before[-1:] in ("-", "–", "/") and before[-2:-1] != " ":
        return None
    read = read_operand(match["operand"])
    if read is None or read[0] > _MOST or _RANGE_BEFORE.search(before) or _NUMBERED.search(before):
        return None
    value = int(read[0]) if read[0] == int(read[0]) else float(read[0])
    if match["percent"]:
        of = match.span("of_percent") if match["of_percent"] else (0, 0)
        return _Count(start, end, value, "percent", of, "number and percent")
    if match["same"]:
        # "212 osób, a 57 z nich": counts what was counted before.
        unit = None if unit_before == "percent" else unit_before
        return _Count(start, end, value, unit, (0, 0), "number and counted noun before") if unit and value > 1 else None
    if match["are"]:
        return _Count(start, end, value, "persons", match.span("are"), "number and counted noun") if value > 1 else None
    if _YEAR.fullmatch(match["operand"]) and (match["few"] or _BEFORE_YEAR.search(before)):
        return None
    return _of_things(match, start, value, "number and counted noun")


def _in_words(match: re.Match[str]) -> _Count | None:
    words: list[str] = []
    start = match.end("words")
    for word in reversed(match["words"].split()):
        if not is_number_word(word):
            break
        words.insert(0, word)
        start -= len(word) + 1
    value = read_words(words)
    return None if value is None else _of_things(match, start, int(value), "number in words and counted noun")


def _of_things(match: re.Match[str], start: int, value: int | float, method: str) -> _Count | None:
    """None for a number that cannot count these things: one, a part, or the wrong form of the noun after it."""
    if not isinstance(value, int) or value < 1 or (value == 1) != (match["one"] is not None):
        return None
    if match["few"] and not (2 <= value % 10 <= 4 and not 12 <= value % 100 <= 14):
        return None
    noun = match["many"] or match["few"] or match["one"]
    unit = next(unit for unit, pattern in _BY_BEGINNING[noun[:3]] if pattern.fullmatch(noun))
    return _Count(start, match.end(), value, unit, match.span("of"), method)
