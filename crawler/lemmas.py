"""The base forms of Polish words in plain letters: for the search index, and for what is typed into the search."""

from __future__ import annotations

import re
import threading
from collections import Counter
from functools import lru_cache
from typing import Any

import morfeusz2

from normalize import words

TOKEN = re.compile(r"[^\W_]+")
"""A word as the index cuts them: letters and digits."""
LONGEST = 40
"""Letters of the longest word looked up; what is longer is an address or rubbish."""
MOST_REPEATS = 3
"""A word that a text repeats counts as often in the index, but not more often than this."""
MOST_SPELLINGS = 256
"""Ways to put marks on a word that are tried, some 45 µs each."""

PLACE = "nazwa_geograficzna"
"""Morfeusz' label of the names of places."""

_VOWELS = frozenset("aeiouyąęó")
_SPELLINGS = {"a": "aą", "c": "cć", "e": "eę", "l": "lł", "n": "nń", "o": "oó", "s": "sś", "z": "zźż"}
_here = threading.local()


def of(text: str) -> str:
    """All base forms of each word of a text, and the words as they stand, in plain letters and in alphabetic order.

    Words of one letter are left out.
    """
    counts: Counter[str] = Counter()
    for word, times in Counter(TOKEN.findall(text.lower())).items():
        found = forms(word)
        bare = words.fold(word) if len(found) > 1 else ""
        for form in found:
            counts[form] += 0 if form == bare else times
    return " ".join(form for form in sorted(counts) for _ in range(max(1, min(counts[form], MOST_REPEATS))))


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> tuple[str, ...]:
    """The base forms of one small-letter word and the word itself: "socjalna" -> ("socjalna", "socjalny").

    Nothing for a single letter.
    """
    plain = words.fold(word)
    if len(plain) < 2 or len(plain) > LONGEST:
        return ()
    return tuple(sorted({plain, *_bases(word)}))


@lru_cache(maxsize=1 << 12)
def wanted(word: str) -> tuple[str, ...]:
    """`forms` of a word as typed; one that is no word without its marks is read as any that it can be with them.

    "szkolen" -> what "szkoleń" gives; "plac" is a word, so it is not read as "płac". Names of places are always tried:
    "lodzi" finds "Łódź", though it is a form of a rare verb.
    """
    known = forms(word)
    if not known or not word.isascii() or not word.isalpha():
        return known
    only = PLACE if _bases(word) else ""
    return tuple(sorted({*known, *(base for spelling in _spellings(word) for base in _bases(spelling, only))}))


def _bases(word: str, only: str = "") -> set[str]:
    """Each base form that the dictionary knows (with this label only), folded; none for numbers and unknown words."""
    if not word.isalpha():
        return set()
    bases = set()
    for _, _, (_, lemma, tag, labels, _) in _analyser().analyse(word):
        if not tag.startswith(("ign", "aglt", "part", "interp")) and ":neg" not in tag and (not only or only in labels):
            bases.add(words.fold(lemma.partition(":")[0]))
    return {base for base in bases if len(base) > 1 and base.isalnum()}


def _spellings(word: str) -> list[str]:
    """What this word may be with Polish marks; none where there are too many ways."""
    ways = [""]
    for position, letter in enumerate(word):
        ways = [way + one for way in ways for one in _marked(letter, word, position)]
        if len(ways) > MOST_SPELLINGS:
            return []
    return ways


def _marked(letter: str, word: str, position: int) -> str:
    """The letters that this one may stand for there, by the rules of Polish spelling."""
    letters = _SPELLINGS.get(letter, letter)
    following = word[position + 1 : position + 2]
    if letter in "ae" and position == 0:
        return letter
    if letter == "o" and not following:
        return letter
    if following in _VOWELS:
        if letter in "csn":
            return letter
        if letter == "z":
            return "zż"
        if letter in "ae" or (letter == "l" and following == "i"):
            return letter
    return letters


def _analyser() -> Any:
    """Morfeusz, one for each thread: it keeps a state of its own."""
    if not hasattr(_here, "analyser"):
        _here.analyser = morfeusz2.Morfeusz(generate=False, case_handling=morfeusz2.IGNORE_CASE)
    return _here.analyser
