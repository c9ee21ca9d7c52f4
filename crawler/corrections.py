"""Values that a person has corrected, and of which article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crawler.correctable import FIELDS
from crawler.suppression import Suppressions, hashed_key
from crawler.written import Known
from normalize import words
from normalize.identity import address

ID = re.compile(r"[0-9a-f]{16}")
"""Of an article."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One line: what a person says of one value of an article."""

    article: str
    """An address of the article, or its id."""
    field: str
    item: str
    """Which of several values, by the machine's value or the page's words; "": the only one, or one to be added."""
    value: str | None
    """As `correctable` writes it; None: none is known, or of a whole value: it is taken away."""
    reason: str
    who: str
    """Stays in the file: it is never shown."""
    day: str
    line: int
    """Where in the file."""

    @property
    def id(self) -> str:
        told = (self.target, self.field, folded(self.item), self.value or "", self.reason, self.day)
        return hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def target(self) -> str:
        """By which its article is found: an id, or the hashed key of an address."""
        return self.article if ID.fullmatch(self.article) else hashed_key(f"address|{address(self.article)}")

    @property
    def adds(self) -> bool:
        return FIELDS[self.field].sort == "whole" and not self.item


class Corrections:
    """The lines of the file, and which of them speak of an article."""

    def __init__(self, lines: Iterable[Correction], known: Known) -> None:
        self.lines = tuple(lines)
        self.known = known
        self._by_target: dict[str, list[Correction]] = {}
        for line in self.lines:
            self._by_target.setdefault(line.target, []).append(line)

    def __bool__(self) -> bool:
        return bool(self.lines)

    def of(self, targets: Collection[str]) -> list[Correction]:
        """The lines that speak of the article with these ids and hashed keys."""
        return [line for target in sorted(targets) for line in self._by_target.get(target, ())]

    def without(self, hidden: Suppressions) -> Corrections:
        """Those that say none of the phrases that were taken down."""
        if not self.lines or not hidden:
            return self
        kept = [one for one in self.lines if not hidden.phrase(one.article, one.item, one.value or "", one.reason)]
        return self if len(kept) == len(self.lines) else Corrections(kept, self.known)


def folded(text: str) -> str:
    """As a line's words are compared with others: case, accents and white space do not count."""
    return " ".join(words.fold(text).split())
