"""Text as it is compared and kept: cleaned of what nobody sees, folded to plain small letters, hashed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
"""Soft hyphen, zero-width and bidirectional marks: the inside of a character class."""

_UNSEEN = re.compile(f"[{INVISIBLE}\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_MARKS = re.compile("[\u0300-\u036f]")
_LOOSE = re.compile(f"[{INVISIBLE}\u0300-\u036f]")


def _letters() -> dict[int, str]:
    """Latin letters with marks to their plain small letter, spaces and hyphens beyond ASCII to the plain ones."""
    table = {ord(letter): plain for letter, plain in zip("łøđħıŧßŀ", "lodhitsl", strict=True)}
    table |= dict.fromkeys(map(ord, "\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"), " ")
    table |= dict.fromkeys(range(0x2000, 0x200B), " ")
    table |= dict.fromkeys(map(ord, "\u2010\u2011"), "-")
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


_LETTERS = _letters()
_RARE = re.compile("[" + re.escape("".join(chr(code) for code in _LETTERS)) + "]")
_MARKS_OF_PRINT = "„”–’…"
# Replacing these one by one leaves most Polish text ASCII, several times faster than a translation table would.
_POLISH = tuple(zip("ąćęłńóśźż\u00a0", "acelnoszz ", strict=True))


def _plain(letter: re.Match[str]) -> str:
    return _LETTERS[ord(letter.group())]


def fold_aligned(text: str) -> str:
    """`fold` that keeps every position: character i of the result stands for character i of `text`.

    Nothing is removed, so invisible characters and loose accents stay; cleaned text has none.
    """
    if text.isascii():
        return text.lower()
    folded = text.replace("İ", "i").lower()  # the one letter whose small form is two characters
    for letter, plain in _POLISH:
        folded = folded.replace(letter, plain)
    return folded if folded.isascii() else _RARE.sub(_plain, folded)


def fold(text: str, low: str | None = None) -> str:
    """Small ASCII letters where the letter is Latin (ł too), any odd space a plain one, nothing invisible.

    `low`: what `fold_aligned` makes of the text, where that is known.
    """
    low = fold_aligned(text) if low is None else low
    bare = low
    for mark in "" if low.isascii() else _MARKS_OF_PRINT:
        bare = bare.replace(mark, "")
    if bare.isascii():  # what is invisible or a loose accent would have stayed
        return low
    if _LOOSE.search(text) or not unicodedata.is_normalized("NFC", text):
        return fold_aligned(_MARKS.sub("", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))))
    return low


def clean(text: str) -> str:
    """NFC on one line, white space collapsed; no zero-width or direction marks, control characters or surrogates."""
    # Printable text has no white space but plain blanks; most of it is tidy already.
    tidy = text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "
    words = text if tidy else " ".join(text.split())
    if tidy or words.isprintable():  # one of the unseen counts as printable; nothing that white space parts composes
        if words.isascii():
            return words
        if "\u034f" not in words:
            return unicodedata.normalize("NFC", words)
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


class Sought(NamedTuple):
    """A pattern that only texts with one of some words can match: where none stands, the search is spared."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]

    def search(self, text: str, small: str | None = None) -> re.Match[str] | None:
        """The first match; `small`: the text, or what it is cut from, in the letters that the words are written in."""
        within = text if small is None else small
        for word in self.words:
            if word in within:
                return self.pattern.search(text)
        return None


def block_hash(text: str, low: str | None = None) -> str:
    """First 16 hex digits of the SHA-256 of the folded text, white space collapsed: equal text, equal hash.

    `low`: what `fold_aligned` makes of the text, where that is known.
    """
    folded = " ".join(fold(text, low).split())
    return hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()[:16]


_SENTENCE_END = re.compile(r"[.!?…][\"”»)]*\s+(?=[„\"«(–-]?\s?[A-ZĄĆĘŁŃÓŚŹŻ0-9])")
# A full stop after these does not end a sentence; folded.
_ABBREVIATION = re.compile(
    r"al|art|br|cd|dot|dr|dyr|fot|godz|hab|im|in|inz|itd|itp|jw|kl|ks|lek|lic|lok|m\.in|mgr|min|mld|mln|n\.p\.m|nr|np|ok|ob|op|"
    r"os|pkt|pl|pok|pow|poz|prof|przyp|r|red|rys|sp|str|sw|sygn|szt|tab|tel|tj|tys|tzn|tzw|ub|ul|ust|wg|wlk|wlkp|woj|ww|"
    r"wyd|zb|zl|zob|zt|ds|gen|gm|kom|pn|pt|rtm|sek|[^\W\d_]|\d+"
)
_LAST_WORD = re.compile(r"[\w.]*\w$")
# Units and the year's mark end a sentence where a capital letter follows: "w 2023 r. W tym roku", "20 mln zł. Razem".
_MAY_END = frozenset({"r", "zl", "br", "ub", "tys", "mln", "mld", "itd", "itp"})


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; abbreviations ("ok.", "m.in.", "r.", initials, "2.") do not end one."""
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if text[end.start()] == ".":
            word = _LAST_WORD.search(text, max(start, end.start() - 12), end.start())
            said = fold_aligned(word.group()) if word else ""
            capital = text[end.end() : end.end() + 1].isupper()
            if _ABBREVIATION.fullmatch(said) and not (capital and said in _MAY_END):
                continue
        yield start, end.end()
        start = end.end()
    if start < len(text):
        yield start, len(text)
