"""Personal numbers are taken out of what a page says before it reaches news.db: PESEL, by its checksum and its date."""

from __future__ import annotations

import calendar
import re
from typing import Any

import msgspec

from normalize import words
from normalize.model import Article

REDACTED = "[PESEL usunięty]"
RULES = 2
"""Number of what is taken for a PESEL: with another one every page is understood anew."""
_GAP = "[ \u00a0\u2009\u202f./-]"
_BARE = re.compile(
    r"(?<![^\W_])(?<!\+)(?<!\d[.,])"  # not within a word, a telephone number with its country, a decimal fraction
    rf"(?:\d{{11}}|(?<!\d{_GAP})(?:\d{{6}}{_GAP}\d{{5}}|\d\d(?P<gap>{_GAP})\d\d(?P=gap)\d\d{_GAP}\d{{5}})(?!{_GAP}\d))"
    r"(?![^\W_]|[.,]\d)"
)
"""Eleven digits, or six and five, or the day in its parts and five; those that stand in a longer row of groups are of
another number."""
_NAMED = re.compile(rf"(?i)(?<=pesel)([^\d\n]{{0,20}})(\d(?:{_GAP}?\d){{10}})(?!\d)")
_IN_ADDRESS = re.compile(r"(?<!\d)(?:\d{11}|\d{6}[._-]\d{5})(?!\d)")
_PERHAPS = re.compile(rb"\d(?:(?:[ ./_-]|\xc2\xa0|\xe2\x80\x89|\xe2\x80\xaf)?\d){10}")
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
_CENTURIES = (1900, 2000, 2100, 2200, 1800)
_KEPT = frozenset({"keys", "hash", "method"})
"""Fields that are hashes and names of rules."""
_OWN = frozenset({"url", "canonical_url"})
"""By which an article is known and asked for again: its own address stays as its site wrote it."""
REMOVED = "PESEL-usuniety"
"""In the address of a file or a picture, which then leads nowhere."""

_decode = msgspec.json.Decoder(Article).decode


def is_pesel(number: str) -> bool:
    """Eleven digits that begin with a day and whose sum is right (act of 24 September 2010 on population records)."""
    if len(number) != 11 or sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=True)) % 10:
        return False
    century, month = divmod(int(number[2:4]), 20)
    if not 1 <= month <= 12 or century >= len(_CENTURIES):
        return False
    year = _CENTURIES[century] + int(number[:2])
    return 1 <= int(number[4:6]) <= calendar.monthrange(year, month)[1]


def without_pesel(text: str) -> str:
    """The text with each PESEL replaced; numbers that only look like one (accounts, telephones) stay."""
    text = _NAMED.sub(lambda m: m[1] + (REDACTED if is_pesel(_digits(m[2])) else m[2]), text)
    return _BARE.sub(lambda m: REDACTED if is_pesel(_digits(m[0])) else m[0], text)


def address_without_pesel(url: str) -> str:
    """The address with each PESEL in it replaced."""
    return _IN_ADDRESS.sub(lambda m: REMOVED if is_pesel(_digits(m[0])) else m[0], url)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def redacted(record: bytes) -> bytes:
    """An Article as JSON, without PESEL numbers; the hashes of the blocks that had one are those of their new text."""
    if not _PERHAPS.search(record):
        return record
    plain = msgspec.json.decode(record)
    clean = {name: value if name in _OWN else _cleaned(value, name) for name, value in plain.items()}
    if clean == plain:
        return record
    for block in clean["blocks"]:
        block["hash"] = words.block_hash(block["text"])
    return msgspec.json.encode(_decode(msgspec.json.encode(clean)))


def _cleaned(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        if name == "url":
            return address_without_pesel(value)
        return value if name in _KEPT else without_pesel(value)
    if isinstance(value, dict):
        return {key: _cleaned(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return value if name in _KEPT else [_cleaned(one, name) for one in value]
    return value
