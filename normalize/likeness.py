"""How alike two texts are: word shingles, a signature to find candidates by, and what makes a copy."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

from normalize.words import fold

PLACES = 128
"""Numbers in a signature."""
BANDS = 32
"""Of four numbers each: two texts with Jaccard .6 share a band in 98 of 100 cases."""
COPY = 0.6
"""Jaccard similarity of shingles from which two texts may be copies."""
_WIDTH = 3
_MASK = (1 << 64) - 1
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")


def shingles(text: str) -> frozenset[int]:
    """64-bit hashes of every three words in a row of the folded text; of all its words where it has fewer."""
    words = [zlib.crc32(word.encode("utf-8", "replace")) for word in _WORD.findall(fold(text))]
    if len(words) < _WIDTH:
        words += [0] * (_WIDTH - len(words)) if words else []
    return frozenset(
        ((one * 0x9E3779B97F4A7C15) ^ (two * 0xC2B2AE3D27D4EB4F + (three * 0x165667B19E3779F9 << 1))) & _MASK
        for one, two, three in zip(words, words[1:], words[2:], strict=False)
    )


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Shared shingles over all shingles; 0.0 where there are none."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def signature(hashes: Iterable[int]) -> tuple[int, ...]:
    """One-permutation MinHash: 128 numbers of 32 bits, alike in as many places as the sets are alike; () for none.

    A place that no hash falls into takes the number of the first filled one on a walk of its own, so that short
    texts compare fairly.
    """
    lowest = [_MASK] * PLACES
    for value in hashes:
        mixed = ((value ^ value >> 32) * 0xD6E8FEB86659FD93) & _MASK
        place, rank = mixed >> 57, mixed & 0xFFFFFFFF
        if rank < lowest[place]:
            lowest[place] = rank
    if min(lowest) == _MASK:
        return ()
    filled = list(lowest)
    for place in range(PLACES):
        walk = place
        while lowest[walk] == _MASK:
            walk = (walk + 2 * place + 1) % PLACES  # an odd stride visits every place
        filled[place] = lowest[walk]
    return tuple(filled)


def estimate(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The Jaccard similarity as two signatures tell it."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / PLACES


def bands(of: tuple[int, ...]) -> tuple[int, ...]:
    """One signed 63-bit number a band: texts that share one are candidates."""
    rows = PLACES // BANDS
    found = []
    for band in range(BANDS if of else 0):
        packed = b"".join(number.to_bytes(4, "big") for number in of[band * rows : (band + 1) * rows])
        found.append(band << 56 | zlib.crc32(packed) << 16 | zlib.adler32(packed) & 0xFFFF)
    return tuple(found)


def figures(text: str) -> frozenset[str]:
    """The numbers of a text (years, days, amounts): what this year's edition of a yearly call changes."""
    return frozenset(_FIGURE.findall(text))


def is_copy(
    one: frozenset[int], other: frozenset[int], one_figures: frozenset[str], other_figures: frozenset[str]
) -> bool:
    """Alike in words, and in the figures too: another year's edition of the same call is not a copy.

    A quotation is none either: a few sentences within a longer text stay far below the threshold.
    """
    if jaccard(one, other) < COPY:
        return False
    years = [max(filter(_YEAR.fullmatch, some), default="") for some in (one_figures, other_figures)]
    if all(years) and years[0] != years[1]:
        return False
    if min(len(one_figures), len(other_figures)) < 3:
        return True
    return len(one_figures & other_figures) * 2 >= len(one_figures | other_figures)
