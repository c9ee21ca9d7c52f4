"""Phrases of a vocabulary: written in a small notation with Polish endings, found in text without reading it twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from normalize.paragraphs import Paragraphs, beginning
from normalize.words import fold_aligned

SPACE = "[ \u00a0\t]+"
DASH = "[-–—\u2010\u2011]"

ENDINGS: Mapping[str, str] = {
    "i": "i iego iemu im",
    "y": "y ego emu ym",
    "a": "a y i ę ą ie",
    "ej": "a ej ą",
    "e": "e ego emu ym",
    "ie": "ie iego iemu im",
    "o": "o a u em ie",
    "um": "um",
    "": " u owi em ie a",
    "ąd": "ąd ędu ędowi ędem ędzie",
    "ek": "ek ka kowi kiem ku",
    "enie": "enie enia eniu eniem",
    "cja": "cja cji cję cją",
    "nia": "nia ni nię nią",
    "sz": "sz szu szowi szem sze szy szom szami szach",
    "ram": "ram ramu ramowi ramem ramie ramy ramów ramom ramami ramach",
}
"""What stands for `{…}` in a phrase: the singular endings of a Polish word (both numbers for funds and programmes)."""


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: `expression` matches it where `first` stands; a text without `needle` cannot have it."""

    expression: str
    first: str
    """How its first word begins, folded."""
    needle: str
    """Literal part of its last word that has a long one: what tells it from phrases that begin alike."""
    beginnings: frozenset[str]
    """How its further words begin, as texts know it of theirs."""

    def match(self, text: str, position: int = 0) -> re.Match[str] | None:
        return _compiled(self.expression).match(text, position)  # compiled when a text first comes this far


def phrase(notation: str) -> Phrase:
    """Compile "Krajow{y} Fundu{sz} Szkoleniow{y}".

    `{ending}` is one of ENDINGS, `*` any letters, `a|b` either (not in the first word), a last `?` makes a word
    optional; a word in capitals or with a capital first letter needs them ("KFS", "Fundu{sz}"), a small one takes any.
    """
    parts: list[str] = []
    needles: list[str] = []
    for number, token in enumerate(notation.split()):
        optional = token.endswith("?")
        choices = [_word(choice) for choice in token.removesuffix("?").split("|")]
        joined = choices[0][0] if len(choices) == 1 else "(?:" + "|".join(choice for choice, _ in choices) + ")"
        joint = "" if number == 0 else f"(?:{SPACE}|[ \u00a0]?{DASH}[ \u00a0]?)"
        parts.append(f"(?:{joint}{joined})?" if optional else joint + joined)
        if len(choices) == 1 and not optional:
            needles.append(choices[0][1])
    first, *rest = needles
    expression = r"(?<!\w)" + "".join(parts) + r"(?!\w)"
    needle = next((part for part in reversed(rest) if len(part) > 4), max(rest, key=len, default=""))
    return Phrase(expression, first, needle, frozenset(map(beginning, rest)) - {""})


def _word(token: str) -> tuple[str, str]:
    """Regular expression and first literal part (folded) of one word."""
    pieces = re.split(r"(\{\w*\}|\*)", token)
    out = []
    for piece in pieces:
        if piece == "*":
            out.append(r"\w*")
        elif piece.startswith("{"):
            out.append(
                "(?:" + "|".join(re.escape(e) for e in sorted(ENDINGS[piece[1:-1]].split(" "), reverse=True)) + ")"
            )
        else:
            out.append(re.escape(piece))
    body = "".join(out)
    if token.isupper() or any(letter.isupper() for letter in token[1:]):
        regex = body
    elif token[:1].isupper():
        regex = f"{body[0]}(?i:{body[1:]})"
    else:
        regex = f"(?i:{body})"
    return regex, fold_aligned(pieces[0])


T = TypeVar("T")


class Lexicon(Generic[T]):
    """Phrases with what each stands for, filed by how they begin: a text is looked through once for each beginning."""

    def __init__(self, phrases: Iterable[tuple[Phrase, T]]) -> None:
        filed: dict[str, list[tuple[Phrase, T]]] = {}
        for wanted, meaning in phrases:
            filed.setdefault(wanted.first, []).append((wanted, meaning))
        self._by_beginning: dict[str, list[tuple[str, list[tuple[Phrase, T]]]]] = {"": []}
        for first, some in filed.items():
            self._by_beginning.setdefault(beginning(first), []).append((first, some))

    def find(self, paragraphs: Paragraphs) -> Iterator[tuple[re.Match[str], T]]:
        """Every phrase that stands in the text; they may overlap."""
        low, text, beginnings = paragraphs.low, paragraphs.text, paragraphs.beginnings
        for head in ("", *(self._by_beginning.keys() & beginnings)):
            for first, phrases in self._by_beginning[head]:
                position = low.find(first)
                if position < 0:
                    continue
                likely = [pair for pair in phrases if pair[0].beginnings <= beginnings and pair[0].needle in low]
                while likely and position >= 0:
                    if position == 0 or not low[position - 1].isalnum():
                        for wanted, meaning in likely:
                            if match := wanted.match(text, position):
                                yield match, meaning
                    position = low.find(first, position + 1)

    def begins(self, text: str) -> bool:
        """Whether the text begins with one of the phrases."""
        low = fold_aligned(text)
        return any(
            wanted.match(text)
            for head in {"", beginning(low)}
            for first, phrases in self._by_beginning.get(head, ())
            if low.startswith(first)
            for wanted, _ in phrases
        )
