"""Counts that are not money: how many people, courses, institutions, and percentages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from normalize.model import Mention, Quantity
from normalize.numerals import OPERAND, approximate_from, read_operand
from normalize.words import folded as folded_all


def _counted() -> list[tuple[str, str, str]]:
    lines = (Path(__file__).parent / "data" / "counted.tsv").read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    return [(unit, few, many) for unit, few, many in rows]


_COUNTED = _counted()
UNITS = frozenset(unit for unit, _, _ in _COUNTED) | {"percent"}
_BY_BEGINNING: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
for _unit, _few, _many in _COUNTED:
    _BY_BEGINNING.setdefault(_few[:3], []).append((_unit, re.compile(f"{_few}|{_many}")))
# Two to four of a thing take another form than five or more: "22 osoby" but "25 osób". A number before the wrong
# form does not count the thing ("w 2020 osoby").
_FEW = "|".join(few for _, few, _ in _COUNTED)
_MANY = "|".join(many for _, _, many in _COUNTED)
_QUANTITY = re.compile(
    rf"(?P<operand>{OPERAND})(?:"
    r" ?(?P<percent>%|proc(?:\.|ent(?:ach|ami|om|owi?|u|a)?)?(?!\w))"
    r"(?P<of_percent> (?:[a-z]+(?:ych|ich) ){0,2}"
    rf"(?:{_MANY})(?!\w))?"
    r"| (?P<of>(?:i wiecej )?(?:[a-z-]{2,}(?:ych|ich|[a-z]e|ni|ce) ){0,2}?"
    rf"(?:(?P<many>{_MANY})|(?P<few>{_FEW}))(?!\w)"
    r"(?: (?:projektu|programu|szkolen\w*|kursu|stazu|pracy|ukrainy|(?:spoleczn|zawodow|bezrobotn|niepelnosprawn)\w+)"
    r"(?!\w))?))"
)
_NUMBERED = re.compile(
    r"(?:(?<!\w)(?:nr|art|poz|pkt|ust|lp|tel|fax|ul|al|os|pl|lok|pok|godz|str|rozdz|par|zal|dz\. ?u|roku|rok)\.?"
    r"|(?<!\w)(?:wiek|dzial|klas)\w*|§) ?$"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE_YEAR = re.compile(r"(?<!\w)(?:w|od|po|za|na|rok|roku|lat|lata|latach|z|i|a|oraz|przed|[-–/]) ?$")
_RANGE_BEFORE = re.compile(r"[0-9](?: (?:osob|tys\.|proc\.))?(?: ?%)? ?(?:[-–—]|do|a|lub|/) ?$")
_MOST = 10**10


def find(paragraphs: Sequence[str]) -> list[Quantity]:
    """Counts of the things of `data/counted.tsv` and percentages; a repeated count is one Quantity.

    `paragraphs` are cleaned text (`words.clean`). Ranges ("10-15 osób"), ages, sizes, money and years are left out.
    """
    quantities: dict[tuple[int | float, str], Quantity] = {}
    for number, folded in enumerate(folded_all(paragraphs)):
        for match in _QUANTITY.finditer(folded):
            quantity = _read(paragraphs[number], folded, match, number)
            if quantity is None:
                continue
            key = (quantity.value, quantity.unit)
            first = quantities.get(key)
            if first is not None:
                quantity = replace(
                    first,
                    mentions=first.mentions + quantity.mentions,
                    approximate=first.approximate and quantity.approximate,
                )
            quantities[key] = quantity
    return list(quantities.values())


def _read(paragraph: str, folded: str, match: re.Match[str], block: int) -> Quantity | None:
    start, end = match.span()
    read = read_operand(match["operand"])
    before = folded[max(0, start - 30) : start]
    if before[-1:] in ("-", "–", "/") and before[-2:-1] != " ":
        return None
    if read is None or read[0] > _MOST or _RANGE_BEFORE.search(before) or _NUMBERED.search(before):
        return None
    about = approximate_from(folded, start)
    value = read[0]
    if match["percent"]:
        unit, of = "percent", match.span("of_percent")
        exact: int | float = int(value) if value == int(value) else float(value)
    else:
        if value != int(value):
            return None
        exact = int(value)
        if _YEAR.fullmatch(match["operand"]) and (match["few"] or _BEFORE_YEAR.search(before)):
            return None
        if match["few"] and not (2 <= exact % 10 <= 4 and not 12 <= exact % 100 <= 14):
            return None
        if exact < 2:
            return None
        noun, of = match["many"] or match["few"], match.span("of")
        unit = next(unit for unit, pattern in _BY_BEGINNING[noun[:3]] if pattern.fullmatch(noun))
    begin = start if about is None else about
    return Quantity(
        mentions=(Mention(raw=paragraph[begin:end], block=block),),
        method="number and percent" if match["percent"] else "number and counted noun",
        value=exact,
        unit=unit,
        of=paragraph[of[0] : of[1]].strip() or None if of[0] >= 0 else None,
        approximate=about is not None,
    )
