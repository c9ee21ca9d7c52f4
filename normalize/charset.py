"""Bytes to text: which charset a Polish page is written in, whatever it declares."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from normalize.model import Unusable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SINGLE_BYTE = ("windows-1250", "iso-8859-2", "cp852")
_CYRILLIC = frozenset({"windows-1251", "cp1251", "koi8-u", "koi8-r", "iso-8859-5", "cp866"})
_HIGH = re.compile(rb"[\x80-\xff]+")
_HIGH_RUN = 2.5
"""Bytes beyond ASCII in a row, on average: below 2 in Polish words, whole words in Cyrillic or Greek."""
_FEW_HIGH = 20
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{3,20})""", re.I)
_ASCII = bytes(range(128))
_BINARY = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
)
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27})
_SAMPLE = 8192


def _weights() -> dict[str, int]:
    """What a character says for a Polish text: letters much, typography a little, foreign letters and boxes against."""
    table = dict.fromkeys("ąćęłńóśźż", 4)
    table |= dict.fromkeys("ĄĆĘŁŃÓŚŹŻ", 2)
    table |= dict.fromkeys("\u00a0–—„”’‘“…•§°×·«»\u00ad€™®©", 1)
    table |= dict.fromkeys("äöüßéáíýčřšžěů", 0)
    return table


def _points(charset: str) -> tuple[int, ...]:
    """What each byte says for a Polish text in this charset."""
    weights = _weights()
    return tuple(weights.get(bytes((byte,)).decode(charset, "replace"), -4) for byte in range(256))


_POINTS = {name: _points(name) for name in _SINGLE_BYTE}


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text and the charset it was read in.

    In this order: a byte order mark, the NUL pattern of UTF-16, strict UTF-8, then whichever of windows-1250,
    ISO-8859-2 and CP852 gives the most Polish letters; what header and meta declare only decides ties. Words that are
    all letters beyond ASCII are another script: read in a Cyrillic charset that is declared, else not at all.
    Raises Unusable("not_html") for what is no text at all, "decode_error" for another script in an unknown charset.
    """
    if body.startswith(_BINARY):
        raise Unusable("not_html", "a file of another type")
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _text(body[len(mark) :].decode(name, "replace")), name
    sample = body[:_SAMPLE]
    wide = _utf16(sample) if b"\0" in body else None
    if wide:
        return _text(body.decode(wide, "replace")), wide
    controls = [code for code in _CONTROL if code in sample]  # most pages have none
    if sum(map(sample.count, controls)) > len(sample) * 0.02:
        raise Unusable("not_html", "control characters")
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    high = body.translate(None, _ASCII)
    if _mostly_utf8(body, len(high)):
        return body.decode("utf-8", "replace"), "utf-8"
    names = declared(body, content_type)
    other_script = len(high) >= _FEW_HIGH and len(high) > _HIGH_RUN * len(_HIGH.findall(body))
    cyrillic = next((name for name in names if name in _CYRILLIC), "") if other_script else ""
    if cyrillic:
        return body.decode(cyrillic, "replace"), cyrillic
    if len(high) > len(body) * 0.4:
        raise Unusable("not_html", "no text in any charset of Polish pages")
    if other_script:
        raise Unusable("decode_error", "another script than Latin in a charset that nothing declares")
    name = _best_single_byte(high, names)
    return body.decode(name, "replace"), name


def declared(body: bytes, content_type: str | None) -> tuple[str, ...]:
    """Charset names the header and the first meta give, in lower case."""
    found = []
    for source in ((content_type or "").encode("ascii", "replace"), body[:4096]):
        match = _DECLARED.search(source)
        if match:
            name = match.group(1).decode("ascii").lower()
            found.append({"cp1250": "windows-1250", "latin2": "iso-8859-2", "ibm852": "cp852"}.get(name, name))
    return tuple(found)


def _utf16(sample: bytes) -> str | None:
    half = len(sample) // 2
    if half < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _text(text: str) -> str:
    head = text[:_SAMPLE]
    if sum(head.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f") > len(head) * 0.02:
        raise Unusable("not_html", "control characters")
    return text


def _mostly_utf8(body: bytes, high: int) -> bool:
    """UTF-8 with a few broken bytes (a cut body, a pasted fragment) still is UTF-8."""
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return broken * 20 < high


def _best_single_byte(high: bytes, names: tuple[str, ...]) -> str:
    counts = Counter(high)

    def score(name: str) -> tuple[int, bool, int]:
        of_byte = _POINTS[name]
        points = sum([number * of_byte[byte] for byte, number in counts.items()])
        return points, name in names, -_SINGLE_BYTE.index(name)

    return max(_SINGLE_BYTE, key=score)
