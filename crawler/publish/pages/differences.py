"""What became different between two versions of a text: line by line, and within a line word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\S+\s*|\s+")
MOST_AT_ONCE = 250_000
MOST_WORK = 2_000_000
"""Pairs of lines or words that are compared, at once and in all; beyond it a stretch is shown as replaced."""
ALIKE = 0.35
"""Part of common words from which a line is told as the same one, edited."""

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """Words that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line that was edited (runs of more than one kind), went or came; or `unchanged` lines that are left out."""

    runs: Sequence[Run] = ()
    unchanged: int = 0


class Work:
    """What comparing may still cost: pages that are made to be costly are told less finely."""

    def __init__(self, most: int = MOST_WORK) -> None:
        self._left = most

    def take(self, old: int, new: int) -> bool:
        """Whether so many may be compared with so many; then they are counted."""
        cost = old * new
        if cost > MOST_AT_ONCE or cost > self._left:
            return False
        self._left -= cost
        return True


def difference(before: str, after: str, work: Work | None = None) -> list[Line]:
    """The lines that differ, in order, with the count of equal lines between them."""
    work = work or Work()
    old, new = before.split("\n"), after.split("\n")
    lines: list[Line] = []
    for tag, one, two in _blocks(old, new, work):
        if tag == "same":
            lines.append(Line(unchanged=len(one)))
        else:
            lines += _paired(one, two, work)
    return lines if any(line.runs for line in lines) else []


def words(before: str, after: str, work: Work | None = None) -> list[Run]:
    """Both texts as one, word by word."""
    runs: list[Run] = []
    for tag, one, two in _blocks(_WORD.findall(before), _WORD.findall(after), work or Work()):
        if tag == "same":
            runs.append(Run(kind="same", text="".join(two)))
        else:
            runs += [Run(kind="gone", text="".join(one))] if one else []
            runs += [Run(kind="new", text="".join(two))] if two else []
    return runs


def _blocks(
    old: Sequence[str], new: Sequence[str], work: Work
) -> list[tuple[Literal["same", "other"], list[str], list[str]]]:
    """Stretches in order: equal on both sides, or what stands in place of what."""
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    one, two = list(old[first : len(old) - last]), list(new[first : len(new) - last])
    found: list[tuple[Literal["same", "other"], list[str], list[str]]] = []
    if first:
        found.append(("same", list(old[:first]), list(new[:first])))
    if one or two:
        if not one or not two or not work.take(len(one), len(two)):
            found.append(("other", one, two))
        else:
            for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
                found.append(("same" if tag == "equal" else "other", one[a:b], two[c:d]))
    if last:
        found.append(("same", list(old[len(old) - last :]), list(new[len(new) - last :])))
    return found


def _paired(old: Sequence[str], new: Sequence[str], work: Work) -> list[Line]:
    """Edited lines beside what they were; the others went or came whole. Never looks back, so order is kept."""
    lines: list[Line] = []
    at = 0
    compare = work.take(10 * len(old), 10 * len(new))
    for line in old:
        match = next((n for n in range(at, len(new)) if _alike(line, new[n])), None) if compare else None
        if match is None:
            lines.append(_whole("gone", line))
            continue
        lines += [_whole("new", text) for text in new[at:match]]
        lines.append(Line(runs=words(line, new[match], work)))
        at = match + 1
    lines += [_whole("new", text) for text in new[at:]]
    return [line for line in lines if any(run.text for run in line.runs)]


def _whole(kind: Kind, text: str) -> Line:
    return Line(runs=[Run(kind=kind, text=text)])


def _alike(one: str, other: str) -> bool:
    a, b = set(one.split()), set(other.split())
    return bool(a and b) and len(a & b) / len(a | b) >= ALIKE
