"""The sentence around a date: where it begins and ends, its telling words, and the heading above it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from normalize import date_years
from normalize.date_lines import plain
from normalize.date_roles import BUSINESS, Cue, Sides, cues, role
from normalize.date_shapes import Expression
from normalize.model import DateRole
from normalize.words import sentences

_OPENERS: Final = re.compile(
    r"(?:w|we|na|do|od|z|po|przed|wnioski|nabor|termin|szczegoly|projekt|spotkanie|zapraszamy|podczas|uczestnicy|zgloszenia|"
    r"osoby|wiecej|to|jest|podstawa|celem|prosimy|dokumenty|organizator[a-z]*|ponadto|jednoczesnie|natomiast|zgodnie|o|program|"
    r"kwota)(?![a-z])"
)


_HAPPENED: Final = re.compile(r"[a-z]{3}(?:l[aoiy]|ano|ono|eto)(?: sie)?(?![a-z])|(?<![a-z])byl(?![a-z])")
_OPENING: Final = 3
_LABELLED: Final = 40
_ROWS: Final = 8
"""Lines of a list between a date and the heading that says what it is."""
_FIGURE_ENDS: Final = re.compile(r"(?<=\d\d)\.\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ])")
_LONGEST_LIST: Final = 14
_FEW: Final = 6
"""Cues that a date without any of its own takes from before its neighbour."""


@dataclass(kw_only=True)
class Sentence:
    """A sentence with its telling words, read once for all of its dates."""

    low: str
    start: int
    end: int
    cues: list[Cue]
    years: set[int]

    @staticmethod
    def of(low: str, place: tuple[int, int], expressions: Sequence[Expression], above: list[Cue]) -> Sentence:
        start, end = place
        first = bisect_left(expressions, start, key=lambda e: e.start)
        beyond = bisect_left(expressions, end, key=lambda e: e.start)
        inside = expressions[first:beyond]
        return Sentence(
            low=low[start:end],
            start=start,
            end=end,
            cues=above + _of_papers(cues(low, start, max([end, *(e.end for e in inside[-1:])])), above),
            years={
                e.first.year for e in inside if e.year_only and not e.span and e.preposition == "w" and e.first.year
            },
        )

    def role(self, expression: Expression, before: int | None, after: int | None) -> tuple[DateRole, Sides]:
        here = bisect_left(self.cues, expression.start, key=lambda cue: cue.start)
        first = 0 if before is None else bisect_left(self.cues, before, key=lambda cue: cue.start)
        left = self.cues[first:here] or self.cues[max(0, here - _FEW) : here]
        begin = bisect_left(self.cues, expression.end, key=lambda cue: cue.start)
        until = len(self.cues) if after is None else bisect_left(self.cues, after, key=lambda cue: cue.start)
        right = self.cues[begin:until]
        earlier = reversed(self.cues[max(0, first - _FEW) : first])
        return role(
            expression,
            left,
            right,
            of_law=self.law is not None and self.law < expression.start,
            told=expression.start - self.start <= _OPENING and self.tells_after(expression.end),
            of_call=next((cue.kind for cue in earlier if cue.kind in BUSINESS), "") in ("call", "round"),
        )

    @cached_property
    def law(self) -> int | None:
        """Where the sentence first names a law."""
        return next((cue.start for cue in self.cues if cue.kind == "act"), None)

    def tells_after(self, place: int) -> bool:
        """A verb in the past tense follows."""
        return _HAPPENED.search(self.low, place - self.start) is not None

    @cached_property
    def leaning(self) -> int:
        return date_years.tense(self.low)

    @property
    def year(self) -> int | None:
        """The one year the sentence names ("w 2021 roku")."""
        return next(iter(self.years)) if len(self.years) == 1 else None


def neighbours(expressions: Sequence[Expression], n: int) -> tuple[int | None, int | None]:
    """Where the date before the n-th ends and the one after it starts; dates of one list share their words."""
    here = expressions[n]
    before = next((e.end for e in reversed(expressions[max(0, n - _LONGEST_LIST) : n]) if e.end <= here.start), None)
    after = next((e.start for e in expressions[n + 1 : n + _LONGEST_LIST] if e.start >= here.end), None)
    return before, after


def _of_papers(found: list[Cue], above: list[Cue]) -> list[Cue]:
    """Whether "przyjmujemy" takes papers or people, the rest of the sentence says."""
    if not any(cue.kind == "takes" for cue in found):
        return found
    papers = any(cue.kind in ("call", "round") for cue in (*found, *above))
    return [cue._replace(kind="call") if cue.kind == "takes" else cue for cue in found if papers or cue.kind != "takes"]


def introduction(paragraphs: Sequence[str], block: int) -> list[Cue]:
    """The cues of the paragraph before, where it introduces this one ("Termin składania wniosków:"), at places < 0."""
    here = paragraphs[block]
    for above in reversed(paragraphs[max(0, block - _ROWS) : block]):
        before = above.strip()
        row = before.endswith(" r.") and len(before) <= 60
        short = len(here) <= 60 and (row or not before.endswith((".", "!", "?", ";")))
        if len(before) > 120 or not (before.endswith(":") or short):
            return []
        low = plain(before)
        found = cues(low, 0, len(low))
        if len(here) > _LABELLED:  # the label had an empty value, the text begins
            found = [cue for cue in found if cue.kind != "published"]
        if found:
            return [cue._replace(start=cue.start - len(low) - 1, end=cue.end - len(low) - 1) for cue in found]
    return []


def bounds(text: str, low: str) -> list[tuple[int, int]]:
    """The sentences; a year's "r." before a name ("2022 r. Wojewódzki Urząd") does not end one."""
    out: list[tuple[int, int]] = []
    for start, end in _after_figures(text):
        if out and low[out[-1][0] : out[-1][1]].rstrip().endswith(" r.") and not _OPENERS.match(low, start):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _after_figures(text: str) -> Iterator[tuple[int, int]]:
    """The sentences, also where one ends with a figure ("do godz. 15:00. Zajęcia")."""
    for start, end in sentences(text):
        for stop in _FIGURE_ENDS.finditer(text, start + 4, end):
            yield start, stop.end()
            start = stop.end()
        yield start, end
