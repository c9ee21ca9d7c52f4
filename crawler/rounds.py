"""Ties what several articles of one office say of a call to one round of it: announced, extended, closed, results.

Pure, and blind to the order in which the articles came.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from normalize.words import fold

_ALIKE = 0.4
"""Share of common title words from which an extension can be of that call."""
_REACH = 400
"""Days after its announcement in which a call is still spoken of."""
_WORD = re.compile(r"[a-z]{2,}")
_EMPTY_WORDS = frozenset(
    _WORD.findall(
        "nabor naboru wnioskow wnioski na do dla oraz ze termin terminu wyniki lista przedluzenie wydluzenie "
        "zakonczenie odwolanie ogloszenie informacja konkurs konkursu"
    )
)
"""Words that titles of all calls share."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one article says of one call."""

    article: str
    position: int
    title: str | None
    published: str | None
    event: str
    opens: str | None = None
    closes: str | None = None
    open_ended: str | None = None
    programme: str | None = None
    audience: str | None = None
    grosze: int | None = None
    grosze_to: int | None = None
    currency: str | None = None
    place: str | None = None
    raw: str
    method: str
    sure: str
    words: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words = frozenset(_WORD.findall(fold(self.title or ""))) - _EMPTY_WORDS
        object.__setattr__(self, "words", words)


@dataclass
class Round:
    """One round of a call: what was said of it, the announcement first."""

    said: list[Said]

    @property
    def id(self) -> str:
        first = self.said[0]
        return hashlib.sha256(f"{first.article}\n{first.position}".encode()).hexdigest()[:16]

    @property
    def opens(self) -> str | None:
        return next((one.opens for one in self.said if one.opens), None)

    @property
    def closes(self) -> str | None:
        """The deadline now in force: of the last extension, else of the announcement."""
        for one in reversed(self.said):
            if one.event == "extended" and one.closes:
                return one.closes
        return next((one.closes for one in self.said if one.closes), None)

    @property
    def event(self) -> str:
        """The furthest it has come."""
        return max((one.event for one in self.said), key=_STEPS.index)

    def first(self, name: str) -> str | int | None:
        """The first value that anything said of it gives."""
        value: str | int | None = next(
            (getattr(one, name) for one in self.said if getattr(one, name) is not None), None
        )
        return value


_STEPS = ("announced", "extended", "closed", "results", "cancelled")


def rounds(said: Iterable[Said]) -> list[Round]:
    """The rounds of one office. What cannot be tied with certainty stays a round of its own."""
    ordered = sorted(said, key=_order)
    found: list[Round] = []
    for one in ordered:
        if one.event == "announced":
            again = [known for known in found if _announces_again(known, one)]
            if len(again) == 1:
                again[0].said.append(one)
            else:
                found.append(Round([one]))
    for one in ordered:
        if one.event != "announced":
            known = _spoken_of(found, one)
            if known is None:
                found.append(Round([one]))
            else:
                known.said.append(one)
    return found


def _order(one: Said) -> tuple[str, int, str, int]:
    return one.published or "9999", _STEPS.index(one.event), one.article, one.position


def _announces_again(known: Round, one: Said) -> bool:
    """The same window under much the same title: a reminder."""
    first = known.said[0]
    if first.article == one.article or one.closes is None or first.closes != one.closes or first.opens != one.opens:
        return False
    return _alike(first, one) and _near(first.published, one.published)


def _spoken_of(found: Sequence[Round], one: Said) -> Round | None:
    """The one round that this extension, closing, cancellation or result speaks of; None when that is not certain."""
    candidates = [
        known
        for known in found
        if known.said[0].article != one.article
        and _alike(known.said[0], one)
        and _near(known.said[0].published, one.published)
    ]
    if one.event != "extended":
        exact = [known for known in candidates if one.closes and known.closes == one.closes]
        candidates = exact or candidates
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    dated = sorted((known for known in candidates if known.said[0].published), key=lambda r: r.said[0].published or "")
    if not one.published or not dated:
        return None
    if len(dated) > 1 and dated[-1].said[0].published == dated[-2].said[0].published:
        return None
    return dated[-1]


def _alike(first: Said, one: Said) -> bool:
    if first.programme and one.programme and first.programme != one.programme:
        return False
    common, all_words = first.words & one.words, first.words | one.words
    if all_words and len(common) / len(all_words) >= _ALIKE:
        return True
    return bool(first.programme and first.programme == one.programme and (common or not all_words))


def _near(before: str | None, after: str | None) -> bool:
    if not before or not after:
        return True
    days = (date.fromisoformat(after) - date.fromisoformat(before)).days
    return 0 <= days <= _REACH
