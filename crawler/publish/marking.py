"""Where the words of each value stand in a text, and the pieces of the text that are to be marked. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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


@dataclass(frozen=True, kw_only=True)
class _Span:
    start: int
    end: int
    value: str


def mark(blocks: Mapping[int, str], values: Sequence[Quoted]) -> Marked:
    """Find the words of all values in the blocks (position -> text, in the order they are read)."""
    spans: dict[int, list[_Span]] = {position: [] for position in blocks}
    standing: dict[str, int] = {}
    for value in values:
        after: dict[str, tuple[int, int]] = {}
        for number, raw in enumerate(value.raws):
            place = _find(blocks, raw, value.block if number == 0 else None, after.get(raw))
            if place is None:
                continue
            position, start, end = place
            after[raw] = (position, end)
            standing.setdefault(value.value, position)
            spans[position].append(_Span(start=start, end=end, value=value.value))
    met: set[str] = set()
    pieces = {}
    for position, text in blocks.items():
        pieces[position] = _pieces(text, spans[position], met)
    return Marked(pieces=pieces, standing=standing)


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


def _find(
    blocks: Mapping[int, str], raw: str, block: int | None, after: tuple[int, int] | None
) -> tuple[int, int, int] | None:
    """(position, start, end) of the words: in their block, else behind where they were met, else anywhere."""
    if not raw.strip() or len(raw) > LONGEST:
        return None
    order = [position for position in blocks if position != TITLE] + [one for one in blocks if one == TITLE]
    if block is not None and block in blocks:
        order.remove(block)
        order.insert(0, block)
    for pattern in _patterns(raw):
        for position in order:
            begin = 0
            if after is not None:
                if order.index(position) < order.index(after[0]):
                    continue
                begin = after[1] if position == after[0] else 0
            if match := pattern.search(blocks[position], begin):
                return position, match.start(), match.end()
    return None


def _patterns(raw: str) -> Sequence[re.Pattern[str]]:
    """Whole words before parts of words; any white space for white space, since a page's spaces vary."""
    words = raw.split()
    loose = r"\s+".join(map(re.escape, words))
    left = r"(?<!\w)" if re.match(r"\w", words[0]) else ""
    right = r"(?!\w)" if re.search(r"\w$", words[-1]) else ""
    return re.compile(f"{left}{loose}{right}"), re.compile(loose, re.IGNORECASE)


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
