"""The paragraphs of one text with what its readers need of them made once: folded, joined, by the words' beginnings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from normalize.words import fold_aligned

BEGINNING = 3
"""Letters of a word by which texts are known to have it or not."""
_WORD = re.compile(rf"([a-z0-9]{{{BEGINNING}}})[a-z0-9]*")


def beginning(stem: str) -> str:
    """The first three letters of a folded word; "" for one that is shorter, or not of letters and digits there."""
    match = _WORD.match(stem)
    return match[1] if match else ""


def beginnings(low: str) -> frozenset[str]:
    """The first three letters of every word of a folded text."""
    return frozenset(_WORD.findall(low))


class Paragraphs(tuple[str, ...]):
    """Cleaned paragraphs, none of which has a line break."""

    text: str
    """All of them, a line each."""
    low: str
    """The text folded, every position kept."""
    folded: tuple[str, ...]
    """Each paragraph folded, every position kept."""
    beginnings: frozenset[str]
    """The first three letters of every word, folded: a vocabulary need look for no others."""
    read: dict[str, tuple[str, ...]]
    """Further forms that readers made of the folded ones, by reader."""
    _starts: list[int]

    def __new__(cls, paragraphs: Iterable[str] = ()) -> Paragraphs:
        self = super().__new__(cls, paragraphs)
        self.text = "\n".join(self)
        self.low = fold_aligned(self.text)
        together = tuple(self.low.split("\n"))
        self.folded = together if len(together) == len(self) else tuple(map(fold_aligned, self))
        self.beginnings = beginnings(self.low)
        self.read, self._starts = {}, []
        return self

    @classmethod
    def of(cls, paragraphs: Iterable[str]) -> Paragraphs:
        """The same where they are Paragraphs already."""
        return paragraphs if isinstance(paragraphs, Paragraphs) else cls(paragraphs)

    def followed_by(self, paragraph: str) -> Paragraphs:
        """With one more at the end; what is made of the others stays."""
        more = super().__new__(type(self), (*self, paragraph))
        more.text = f"{self.text}\n{paragraph}" if self else paragraph
        last = fold_aligned(paragraph)
        more.low = f"{self.low}\n{last}" if self else last
        more.folded = (*self.folded, last)
        more.beginnings = self.beginnings | beginnings(last)
        more.read, more._starts = {}, []
        return more

    def block(self, position: int) -> int:
        """Which paragraph a place of the whole text is in."""
        if not self._starts:
            self._starts = list(accumulate([len(line) + 1 for line in self], initial=0))
        return bisect_right(self._starts, position, hi=len(self)) - 1

    def places(self, stem: str) -> Iterator[int]:
        """Where words that begin so (folded) may start in the whole text."""
        position = self.low.find(stem)
        while position >= 0:
            yield position
            position = self.low.find(stem, position + 1)
