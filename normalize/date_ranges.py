"""Puts neighbouring dates of a line together: ranges ("od 22.10 do 5.11.2025") and lists that print their year once."""

from __future__ import annotations

import re
from typing import Final, Literal

from normalize.date_shapes import Atom
from normalize.date_words import WEEKDAYS

_GAP: Final = re.compile(r"[a-z]+|[^\sa-z]")
_LONGEST_GAP: Final = 32
_RANGE_WORDS: Final = frozenset({"-", "do", "a"})
_LIST_WORDS: Final = frozenset({",", "i", "oraz", "lub", "takze", "a"})
_FILLERS: Final = frozenset({"dnia", "dn", "dniu", ".", ",", ")", "(", "az", "w", "konca", "polowy", *WEEKDAYS})
_KINDS: Final = ({"day"}, {"month"}, {"year"}, {"part"}, {"day", "month"})


def joined(atoms: list[Atom], low: str) -> list[Atom]:
    """Ranges and lists put together; forms that nothing confirmed are dropped."""
    out: list[Atom] = []
    chain = 0  # how many of the last atoms make one list
    for atom in atoms:
        between = _between(out[-1], atom, low) if out else None
        if between == "range" and _range(out[-1], atom):
            continue
        chain = chain + 1 if between == "list" else 0
        if chain:
            _share_year(out[-chain:], atom)
            if atom.each_day:
                for earlier in out[-chain:]:
                    earlier.hours = earlier.hours or atom.hours
        out.append(atom)
    return [atom for atom in out if atom.firm or _confirmed(atom)]


def _confirmed(atom: Atom) -> bool:
    """ "w dniu 22.10", "w marcu", "do końca maja": half a date that the words before it make one."""
    first = atom.items[0][0]
    if first.day is not None:
        return atom.lead.dated
    return first.month is not None and atom.lead.preposition in ("w", "od", "do")


def _between(left: Atom, right: Atom, low: str) -> Literal["range", "list"] | None:
    gap = low[left.end : right.start]
    if len(gap) > _LONGEST_GAP:
        return None
    words = _GAP.findall(gap)
    if sum(word in _RANGE_WORDS for word in words) == 1 and all(w in _FILLERS or w in _RANGE_WORDS for w in words):
        return "range" if "a" not in words or left.lead.preposition == "od" else "list"
    if any(w in _LIST_WORDS for w in words) and all(w in _LIST_WORDS or w in _FILLERS for w in words):
        return "list"
    return None


def _range(left: Atom, right: Atom) -> bool:
    """Joins `right` to `left` as the end of a range, if the two can be one; `left` is changed in place."""
    first, first_end = left.items[-1]
    last_start, last = right.items[0]
    if first != first_end or last_start != last or {first.kind, last.kind} not in _KINDS:
        return False
    if not (left.firm or right.firm or left.lead.dated or left.lead.preposition == "od"):
        return False
    later = int(first.order > last.order)
    if not first.dated and last.dated:
        first = first.in_year_of(last, -later)
    elif first.dated and not last.dated:
        last = last.in_year_of(first, later)
    elif first.year is not None and last.year is not None and (first.year, first.order) > (last.year, last.order):
        return False
    if not (first.possible and last.possible):
        return False
    if left.hours is not None and left.hours.end is None:
        first = first.at(left.hours.begin)
    if right.hours is not None and right.hours.end is None:
        last = last.at(right.hours.begin)
    left.hours = None
    left.items[-1:] = [(first, last), *right.items[1:]]
    left.end = right.end
    left.firm = True
    return True


def _share_year(before: list[Atom], atom: Atom) -> None:
    """ "18.05, 25.05 i 1.06.2022": the year printed once holds for the whole list."""
    first, printed = atom.items[0][0], atom.items[-1][1]
    if printed.dated:
        for earlier in reversed(before):
            last = earlier.items[-1][1]
            if last.dated or last.day is None or last.order >= first.order or not (earlier.firm or atom.numeric):
                return
            earlier.items = [(a.in_year_of(printed), b.in_year_of(printed)) for a, b in earlier.items]
            earlier.firm = True
            first = earlier.items[0][0]
        return
    last = before[-1].items[-1][1]
    if last.dated and last.day is not None and first.day is not None and atom.firm and last.order < first.order:
        atom.items = [(a.in_year_of(last), b.in_year_of(last)) for a, b in atom.items]
