"""Where the words of each value stand in a text, and the pieces of the text that are to be marked. Pure."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

TITLE = -1
"""The position of an article's title among its blocks."""
LONGEST = 2_000
"""Characters of words that are looked for; nobody reads a longer mark."""


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """The words of one value as printed, one string for each place that repeats it; `block` is where the first is."""

    value: str
    raws: Sequence[str]
    block: int | None = None


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a block that the same values' words cover."""

    text: str
    values: Sequence[str] = ()
    """Whose words it belongs to, the shortest words first: a mark leads to the first of them."""
    begins: Sequence[str] = ()
    """Values whose words begin here for the first time in the article."""
    also: Sequence[str] = ()
    """Values whose words end here, of which every piece leads to another value."""

    @property
    def leads(self) -> bool:
        """Whether it can be a link: a full stop between two marks is too small to be hit."""
        return any(character.isalnum() for character in self.text)


@dataclass(frozen=True, kw_only=True)
class Marked:
    pieces: Mapping[int, Sequence[Piece]]
    """Position of a block (or TITLE) to its pieces, which together are its whole text."""
    standing: Mapping[str, int] = field(default_factory=dict)
    """Value to the block in which its words first stand; a value whose words are nowhere is missing."""
    places: Mapping[str, int] = field(default_factory=dict)
    """Value to how many places say it."""


@dataclass(frozen=True, kw_only=True)
class _Span:
    start: int
    end: int
    value: str


def mark(blocks: Mapping[int, str], values: Sequence[Quoted]) -> Marked:
    """Find the words of all values in the blocks (position -> text, in the order they are read)."""
    texts = {position: _Text(text) for position, text in blocks.items()}
    spans: dict[int, list[_Span]] = {position: [] for position in blocks}
    standing: dict[str, int] = {}
    places: dict[str, int] = {}
    for value in values:
        after: dict[str, tuple[int, int]] = {}
        for number, raw in enumerate(value.raws):
            place = _find(texts, raw, value.block if number == 0 else None, after.get(raw))
            if place is None:
                continue
            position, start, end = place
            after[raw] = (position, end)
            standing.setdefault(value.value, position)
            places[value.value] = places.get(value.value, 0) + 1
            spans[position].append(_Span(start=start, end=end, value=value.value))
    met: set[str] = set()
    pieces = {}
    for position, text in blocks.items():
        pieces[position] = _pieces(text, spans[position], met)
    return Marked(pieces=pieces, standing=standing, places=places)


def cells(pieces: Sequence[Piece], separator: str = " | ") -> list[list[Piece]]:
    """The pieces of a table's row, cell by cell."""
    row: list[list[Piece]] = [[]]
    for piece in pieces:
        texts = piece.text.split(separator)
        for number, text in enumerate(texts):
            if number:
                row.append([])
            row[-1].append(
                replace(
                    piece,
                    text=text,
                    begins=piece.begins if number == 0 else (),
                    also=piece.also if number == len(texts) - 1 else (),
                )
            )
    return row


class _Text:
    """A block, and what it is when white space and capitals do not count."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _loose(self) -> tuple[str, list[int]]:
        """The text in small letters with single spaces, and where each of its characters comes from."""
        kept: list[str] = []
        places: list[int] = []
        for place, character in enumerate(self.text):
            small = " " if character.isspace() else character.lower()
            if small == " " and kept and kept[-1] == " ":
                continue
            kept.append(small if len(small) == 1 else character)
            places.append(place)
        return "".join(kept), places

    def exactly(self, raw: str, begin: int) -> tuple[int, int] | None:
        start = _whole(self.text, raw, begin)
        return None if start is None else (start, start + len(raw))

    def loosely(self, raw: str, begin: int, *, whole: bool) -> tuple[int, int] | None:
        loose, places = self._loose
        wanted = " ".join(raw.split()).lower()
        first = bisect_left(places, begin)
        start = _whole(loose, wanted, first) if whole else loose.find(wanted, first)
        return None if start is None or start < 0 else (places[start], places[start + len(wanted) - 1] + 1)


def _find(
    blocks: Mapping[int, _Text], raw: str, block: int | None, after: tuple[int, int] | None
) -> tuple[int, int, int] | None:
    """(position, start, end) of the words: in their block, else behind where they were met, else anywhere.

    As printed comes before other spaces and capitals, and whole words before parts of words.
    """
    if not raw.strip() or len(raw) > LONGEST:
        return None
    order = [position for position in blocks if position != TITLE] + [one for one in blocks if one == TITLE]
    if block is not None and block in blocks:
        order.remove(block)
        order.insert(0, block)
    places = [(position, 0) for position in order]
    if after is not None:
        places = [after, *((position, 0) for position in order[order.index(after[0]) + 1 :])]
    ways: Sequence[Callable[[_Text, int], tuple[int, int] | None]] = (
        lambda text, begin: text.exactly(raw, begin),
        lambda text, begin: text.loosely(raw, begin, whole=True),
        lambda text, begin: text.loosely(raw, begin, whole=False),
    )
    for way in ways:
        for position, begin in places:
            if found := way(blocks[position], begin):
                return position, *found
    return None


def _whole(text: str, wanted: str, begin: int) -> int | None:
    """Where it first stands as whole words."""
    start = text.find(wanted, begin)
    while start >= 0:
        end = start + len(wanted)
        cut = wanted[0].isalnum() and start > 0 and text[start - 1].isalnum()
        if not cut and not (wanted[-1].isalnum() and text[end : end + 1].isalnum()):
            return start
        start = text.find(wanted, start + 1)
    return None


def _pieces(text: str, spans: Sequence[_Span], met: set[str]) -> list[Piece]:
    """The text cut where words begin or end; `met` are the values whose first words have been passed already."""
    edges = sorted({0, len(text), *(span.start for span in spans), *(span.end for span in spans)})
    cut: list[Piece] = []
    leading: set[str] = set()
    for start, end in itertools.pairwise(edges):
        covering = sorted(
            (span for span in spans if span.start <= start and end <= span.end),
            key=lambda span: (span.end - span.start, spans.index(span)),
        )
        values = tuple(dict.fromkeys(span.value for span in covering))
        begins = tuple(value for value in values if value not in met)
        met.update(begins)
        piece = Piece(text=text[start:end], values=values, begins=begins)
        if piece.leads:
            leading.update(values[:1])
        cut.append(piece)
    ends = {span.value: span.end for span in spans if span.value not in leading}
    if not ends:
        return cut
    whole: list[Piece] = []
    at = 0
    for piece in cut:
        at += len(piece.text)
        whole.append(replace(piece, also=tuple(value for value, end in ends.items() if end == at)))
    return whole
