"""Personal numbers are taken out of what a page says before it reaches news.db: PESEL, by its checksum and its date."""

from __future__ import annotations

import calendar
import re
from typing import Any

import msgspec

from normalize import words
from normalize.model import Article

REDACTED = "[PESEL usunięty]"
_BARE = re.compile(r"(?<![\w-])(?<!\d[.,])\d{11}(?![\w-]|[.,]\d)")
_NAMED = re.compile(r"(?i)(?<=pesel)([^\d\n]{0,20})(\d(?:[ \u00a0\u2009\u202f-]?\d){10})(?!\d)")
_PERHAPS = re.compile(rb"\d(?:(?:[ -]|\xc2\xa0|\xe2\x80\x89|\xe2\x80\xaf)?\d){10}")
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
_CENTURIES = (1900, 2000, 2100, 2200, 1800)
_KEPT = frozenset({"url", "canonical_url", "keys", "hash", "method"})
"""Fields that are addresses or hashes: long numbers in them are a site's own."""

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
    text = _NAMED.sub(lambda m: m[1] + (REDACTED if is_pesel(re.sub(r"\D", "", m[2])) else m[2]), text)
    return _BARE.sub(lambda m: REDACTED if is_pesel(m[0]) else m[0], text)


def redacted(record: bytes) -> bytes:
    """An Article as JSON, without PESEL numbers; the hashes of the blocks that had one are those of their new text."""
    if not _PERHAPS.search(record):
        return record
    plain = msgspec.json.decode(record)
    clean = _cleaned(plain)
    if clean == plain:
        return record
    for block in clean["blocks"]:
        block["hash"] = words.block_hash(block["text"])
    return msgspec.json.encode(_decode(msgspec.json.encode(clean)))


def _cleaned(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in _KEPT else without_pesel(value)
    if isinstance(value, dict):
        return {key: _cleaned(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return value if name in _KEPT else [_cleaned(one, name) for one in value]
    return value
