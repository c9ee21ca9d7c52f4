"""Polish words that name a month, a weekday, a day's number or a part of the year, in every form that offices print.

All forms are folded (`words.fold_aligned`): small ASCII letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_MONTHS: Final = (
    "styczen stycznia styczniu styczniem sty",
    "luty lutego lutym lutemu lut",
    "marzec marca marcu marcem mar",
    "kwiecien kwietnia kwietniu kwietniem kwi",
    "maj maja maju majem",
    "czerwiec czerwca czerwcu czerwcem cze",
    "lipiec lipca lipcu lipcem lip",
    "sierpien sierpnia sierpniu sierpniem sie",
    "wrzesien wrzesnia wrzesniu wrzesniem wrz",
    "pazdziernik pazdziernika pazdzierniku pazdziernikiem paz",
    "listopad listopada listopadzie listopadem lis",
    "grudzien grudnia grudniu grudniem gru",
)
MONTHS: Final = {form: number for number, forms in enumerate(_MONTHS, 1) for form in forms.split()}
ABBREVIATED: Final = frozenset(form for form in MONTHS if len(form) == 3 and form != "maj")
"""Short forms, of which some are words of their own ("sie", "lip", "lis"): read only between a day and a year."""

MONTH_STEMS: Final = (
    "stycz", "luty", "lute", "marz", "marc", "kwie", "maj", "czerw", "lip", "sierp", "wrze", "pazd", "listop", "grud",
)  # fmt: skip
"""Every full name of a month begins with one of these."""

_NUMERALS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
ROMAN: Final = {numeral: number for number, numeral in enumerate(_NUMERALS, 1)}

_WEEKDAYS: Final = (
    "poniedzialek poniedzialku poniedzialkiem pon",
    "wtorek wtorku wtorkiem wt",
    "sroda srode srody srodzie sr",
    "czwartek czwartku czwartkiem czw",
    "piatek piatku piatkiem pt",
    "sobota sobote soboty sobocie sob",
    "niedziela niedziele niedzieli niedz",
)
WEEKDAYS: Final = {form: number for number, forms in enumerate(_WEEKDAYS) for form in forms.split()}

_UNITS: Final = tuple(
    f"{stem}ego"
    for stem in (
        "pierwsz", "drugi", "trzeci", "czwart", "piat", "szost", "siodm", "osm", "dziewiat", "dziesiat", "jedenast",
        "dwunast", "trzynast", "czternast", "pietnast", "szesnast", "siedemnast", "osiemnast", "dziewietnast",
    )
)  # fmt: skip
ORDINAL_DAYS: Final = (
    {word: number for number, word in enumerate(_UNITS, 1)}
    | {"dwudziestego": 20, "trzydziestego": 30, "trzydziestego pierwszego": 31}
    | {f"dwudziestego {word}": 20 + number for number, word in enumerate(_UNITS[:9], 1)}
)
"""Days of a month in words, as a date has them (genitive)."""

ORDINAL_PARTS: Final = {
    f"{stem}{ending}": number
    for number, stem in enumerate(("pierwsz", "drug", "trzec", "czwart"), 1)
    for ending in ("y", "i", "ym", "im", "ego", "iego", "iej", "ej", "ie", "e", "a", "ia")
}
"""First to fourth quarter, half or half-year, in words."""


def alternatives(forms: Iterable[str]) -> str:
    """The forms as one regular-expression alternative, longest first."""
    return "|".join(sorted(forms, key=lambda form: (-len(form), form)))


DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:-?(?:go|ego|tego|szego|ty)(?![a-z]))?"
"""A day's number, also "5-go"."""
DAY_JOIN: Final = r"(?:\s{0,2}-\s{0,2}|\s?,\s?(?:i\s|oraz\s)?|\s(?:i|oraz|do|lub|a)\s(?:dnia\s)?)"
DAYS: Final = rf"{DAY}(?:\.?{DAY_JOIN}{DAY}){{0,12}}"
