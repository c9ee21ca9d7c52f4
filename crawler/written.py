"""How a person writes a date, an amount of money and a place, and how it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import cast

from normalize import Knowledge
from normalize.model import PlaceLevel, Precision, decimal_string

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MINUTE = re.compile(r"(\S+)[T ]\s*(\d{1,2}):(\d{2})(?::\d{2})?")
_VAGUE: tuple[tuple[str, Precision], ...] = (
    (r"\d{4}-(?:0[1-9]|1[0-2])", "month"),
    (r"\d{4}-Q[1-4]", "quarter"),
    (r"\d{4}-H[12]", "half-year"),
    (r"\d{4}", "year"),
    (r"--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", "day"),
)
_NUMBER = r"\d[\d \u00a0\u202f]*(?:[.,]\d{1,2})?"
_MONEY = re.compile(rf"({_NUMBER})(?:\s*[-–—]\s*({_NUMBER}))?(?:\s*([A-Za-z]{{3}}|zł))?")
_YEARS = range(1980, 2101)


@dataclass(frozen=True, kw_only=True)
class Known:
    """The words that a correction may use beside its own: places, programmes, topics."""

    places: Mapping[tuple[str, PlaceLevel], str]
    """(TERYT, level) -> name."""
    levels: Mapping[str, PlaceLevel]
    """TERYT -> the level it is of where none is said."""
    programmes: Mapping[str, str]
    topics: Mapping[str, str]

    @staticmethod
    def of(knowledge: Knowledge) -> Known:
        return Known(
            places=knowledge.gazetteer.labels,
            levels={unit.teryt: unit.level for unit in knowledge.gazetteer.units},
            programmes={entry.id: entry.name for entry in knowledge.programmes.by_name.values()},
            topics=knowledge.topics.labels,
        )


def day(text: str, known: Known | None = None) -> str:
    """2026-03-10; also as spreadsheets of Polish offices write it, 10.03.2026."""
    found = _DAY.fullmatch(text)
    numbers = [int(one) for one in found.groups() if one] if found else []
    if found and found[4]:
        numbers.reverse()
    try:
        if numbers and numbers[0] in _YEARS:
            return date(*numbers).isoformat()
    except ValueError:
        pass
    raise ValueError(f"'{text}' is not a day; write it as 2026-03-10")


def moment(text: str, known: Known | None = None) -> str:
    """A day, a minute in Warsaw, or what is less precise, as the design's contract writes dates."""
    minute = _MINUTE.fullmatch(text)
    try:
        if minute:
            return f"{day(minute[1])}T{time(int(minute[2]), int(minute[3])):%H:%M}"
        if any(re.fullmatch(pattern, text) for pattern, _ in _VAGUE):
            return text
        return day(text)
    except ValueError:
        raise ValueError(
            f"'{text}' is not a date; write it as 2026-03-10, 2026-03-10T12:00, 2026-03, 2026-Q3, 2026-H1 or 2026"
        ) from None


def span(text: str, known: Known | None = None) -> str:
    """A date, or two with a stroke between them; a side may be open."""
    start, stroke, end = text.partition("/")
    if not stroke:
        return moment(text)
    told = [moment(side.strip()) if side.strip() else "" for side in (start, end)]
    if not any(told):
        raise ValueError("both sides are empty; write it as 2026-03-10/2026-03-20")
    if all(told) and told[0] == told[1]:
        return told[0]
    if all(told) and told[0] > told[1] and not told[0].startswith("--"):
        raise ValueError(f"'{text}' ends before it begins")
    return "/".join(told)


def money(text: str, known: Known | None = None) -> str:
    """12000.00 PLN, 500.00-1000.00 EUR; also 12 000,50 zł."""
    found = _MONEY.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not an amount; write it as 12000.00, 500.00-1000.00 or 12000.00 EUR")
    low, high = _hundredths(found[1]), _hundredths(found[2]) if found[2] else None
    if high is not None and high <= low:
        raise ValueError(f"'{text}' ends before it begins")
    currency = "PLN" if found[3] in (None, "zł") else found[3].upper()
    return written_money(low, high, currency)


def written_money(grosze: int, grosze_to: int | None, currency: str) -> str:
    told = decimal_string(grosze) + (f"-{decimal_string(grosze_to)}" if grosze_to is not None else "")
    return f"{told} {currency}"


def money_of(written: str) -> tuple[int, int | None, str]:
    """What `money` wrote: hundredths, their upper bound, the currency."""
    numbers, _, currency = written.partition(" ")
    low, _, high = numbers.partition("-")
    return _hundredths(low), _hundredths(high) if high else None, currency


def precision_of(written: str) -> Precision:
    """Of a date as `moment` writes it."""
    vague = next((precision for pattern, precision in _VAGUE if re.fullmatch(pattern, written)), None)
    return vague or ("minute" if "T" in written else "day")


def place(text: str, known: Known) -> str:
    """A TERYT code; with a level behind it where one code is both: 2661 town."""
    teryt, _, level = text.partition(" ")
    standing = known.levels.get(teryt)
    if not level and standing is not None:
        return teryt
    if (teryt, level) in known.places:
        return teryt if level == standing else f"{teryt} {level}"
    lost = " (a spreadsheet may have eaten its first zero)" if f"0{teryt}" in known.levels else ""
    raise ValueError(f"'{text}' is no place we know; write its TERYT code, as in 2604 or 2661 town{lost}")


def place_of(written: str, known: Known) -> tuple[str, PlaceLevel]:
    teryt, _, level = written.partition(" ")
    return teryt, cast(PlaceLevel, level) if level else known.levels[teryt]


def _hundredths(number: str) -> int:
    whole, _, part = re.sub(r"[ \u00a0\u202f]", "", number).replace(",", ".").partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0")) if part else int(whole) * 100
