"""What a reader typed into a field of a ready question: read as a number or a day, or told to be neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crawler.publish import labels
from normalize import numerals, words

LONGEST = 100
_CUT, _LETTERS = 5, re.compile(r"[^\W\d_]+")
_UNIT = r"(?:zl(?:ot(?:y|e|ych|ego))?|pln|euro?|€|dni|dzien|lat[a]?|rok(?:u|i)?|miesiac\w*|miesiecy)\.?"
_NUMBER = re.compile(rf"(?:(?:od|ponad|powyzej|>=?|≥) ?)?(?P<operand>{numerals.OPERAND})(?:,-{{1,2}})?(?: ?{_UNIT})?")
_IN_WORDS = re.compile(rf"(?:(?:od|ponad|powyzej) )?(?P<words>[a-z]+(?: [a-z]+)*?)(?: {_UNIT})?")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[.](\d{1,2})[.](\d{4})")
_YEAR = re.compile(r"(?:19|20)\d\d")
TAKEN: Mapping[str, str] = {
    "number": "liczba, na przykład 30",
    "amount": "kwota, na przykład 500 tys., 1,5 mln, 2 mld albo 1 000 000 zł",
    "year": "rok, na przykład 2025",
    "date": "dzień, na przykład 2026-03-02 albo 2.03.2026",
    "voivodeship": "województwo z listy",
    "choice": "wartość z listy",
}
"""Kind of field -> what it takes."""


@dataclass(frozen=True, kw_only=True)
class Misread:
    """A field whose words say nothing that it takes."""

    name: str
    label: str
    typed: str
    taken: str
    otherwise: str
    """What the question takes in its place; "" for no condition at all."""


def number(typed: Any) -> Decimal | None:
    """ "500 tys." -> 500000, "1,5 mln zł", "milion", "pół miliona", "od 1 000 000,50"; None for what is no number."""
    text = words.fold(" ".join(str(typed or "")[:LONGEST].split()))
    found = _NUMBER.fullmatch(text)
    if found is not None:
        plain = found["operand"].replace(" ", "")
        if plain.isdigit():  # however long, and however grouped
            return Decimal(plain)
        read = numerals.read_operand(found["operand"])
        return None if read is None else read[0]
    spelled = _IN_WORDS.fullmatch(text)
    return None if spelled is None else numerals.read_words(spelled["words"].split())


def day(typed: Any) -> str | None:
    """ "2026-03-02", "2.03.2026" -> "2026-03-02"; None for anything else, or a day that never was."""
    found = _DAY.fullmatch(str(typed or "").strip()[:40])
    if found is None:
        return None
    year, month, of_month, early, middle, late = found.groups()
    try:
        return date(int(year or late), int(month or middle), int(of_month or early)).isoformat()
    except ValueError:
        return None


def misread(fields: Mapping[str, Mapping[str, Any]], typed: Mapping[str, Any]) -> list[Misread]:
    """The fields of a question, by name, whose values it cannot take."""
    return list(_misread(fields, typed))


def _misread(fields: Mapping[str, Mapping[str, Any]], typed: Mapping[str, Any]) -> Iterator[Misread]:
    for name, value in typed.items():
        field = fields.get(name) or {}
        kind = str(field.get("kind") or "text")
        if str(value or "").strip() and not _is_taken(kind, str(value), field):
            yield Misread(
                name=name,
                label=str(field.get("label") or name),
                typed=str(value)[:LONGEST],
                taken=TAKEN[kind],
                otherwise=str(field.get("default") or ""),
            )


def _is_taken(kind: str, value: str, field: Mapping[str, Any]) -> bool:
    if kind in ("number", "amount"):
        return number(value) is not None
    if kind == "date":
        return day(value) is not None
    if kind == "year":
        return _YEAR.fullmatch(value.strip()) is not None
    if kind == "voivodeship":
        return value in labels.voivodeships()
    if kind == "choice":
        return value in labels.vocabulary(str(field["vocabulary"]))
    return True


def begun(search: str | None) -> str:
    """The beginning of the first long word that is sought, to be tried with an asterisk; "" where there is none."""
    for word in (search or "")[:1_000].split():
        bare = word.strip('"„”.,;:()')
        if _LETTERS.fullmatch(bare) and len(bare) > _CUT:
            return bare[:_CUT]
    return ""
