"""Texts in CSV: none may act as a formula in a spreadsheet, and each can be read back exactly.

A text that a spreadsheet would take for a formula gets an apostrophe in front; so does one that begins with an
apostrophe, and an empty text becomes a lone apostrophe (an empty cell means: no value). Taking one apostrophe away from
every text cell that begins with one therefore gives the original. In the CSV for Excel the same mark protects digits
that Excel would change: leading zeros ("02"), long digits and things like "12e7".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.database import Connection

MARK = "'"
_DANGEROUS = re.compile(
    r"[=+\-@\t\r\n\f\v'＝＋－＠]|[\s\0\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]+[=+\-@＝＋－＠]"
)
"""As it begins: the signs of OWASP's advice on CSV injection, and those behind what programs trim or do not show."""
_CHANGING = re.compile(r"\s*(?:0\d+|\d{16,}|\d+(?:[.,]\d*)?[eE]\d+)\s*\Z")

_BEGIN = "substr(CAST({0} AS BLOB), 1, 256)"
"""Its first bytes: the driver hands texts over only as far as their first NUL."""
PLAIN = (
    "CASE WHEN {0} BETWEEN 'A' AND '\u009f' OR {0} BETWEEN '0' AND '9\U0010ffff' THEN {0}"
    f" WHEN {{0}} IS NULL THEN NULL ELSE mark_of({_BEGIN}) || {{0}} END"
)
"""SQL around a text column. Most texts begin with a letter or a digit and stay in SQLite; BETWEEN reads them once."""
EXCEL = (
    "CASE WHEN {0} BETWEEN 'A' AND '\u009f' OR {0} GLOB '[0-9][0-9][0-9][0-9]-*' THEN {0}"
    f" WHEN {{0}} IS NULL THEN NULL ELSE mark_for_excel({_BEGIN}) || {{0}} END"
)
DECIMAL_COMMA = "decimal_comma({0})"
AMOUNT = "amount_with_comma({0})"


def defused(text: str) -> str:
    """Marked where it must be."""
    return MARK + text if not text or _DANGEROUS.match(text) else text


def kept_by_excel(text: str) -> str:
    return MARK + text if not text or _DANGEROUS.match(text) or _CHANGING.match(text) else text


def decimal_comma(value: float | None) -> str | None:
    """0.5 -> "0,5"; all digits are kept."""
    return None if value is None else repr(float(value)).replace(".", ",")


def amount_with_comma(value: float | None) -> str | None:
    """6120000.0 -> "6120000,00"."""
    return None if value is None else f"{value:.2f}".replace(".", ",")


def original(cell: str) -> str | None:
    """What a text cell held; None for an empty cell."""
    if not cell:
        return None
    return cell[1:] if cell[0] == MARK else cell


def register(connection: Connection) -> None:
    """Give the connection the functions that the expressions above call."""
    connection.create_function("mark_of", 1, _marking(defused), deterministic=True)
    connection.create_function("mark_for_excel", 1, _marking(kept_by_excel), deterministic=True)
    connection.create_function("decimal_comma", 1, decimal_comma, deterministic=True)
    connection.create_function("amount_with_comma", 1, amount_with_comma, deterministic=True)


def _marking(marked: Callable[[str], str]) -> Callable[[bytes | None], str]:
    def mark(begin: bytes | None) -> str:
        text = (begin or b"").decode("utf-8", "ignore")  # the driver gives None for no bytes
        return MARK if marked(text) != text else ""

    return mark
