"""What a visitor typed, understood: the words to find, in any of their forms, and the words to avoid."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product

from crawler import lemmas
from normalize import words

MOST_TERMS = 20
"""Nobody types more words than this to find an article; what follows them is left out, and the page says so."""
MOST_FORMS = 12
LONGEST = 2_000
"""Characters of what was typed that are read at all."""
NOTHING = '""'
"""An expression that FTS5 accepts and no row answers."""

_PIECE = re.compile(r'(-?)"([^"]*)"?|([^\s"]+)')
_MOST_STROKES = 4


@dataclass(frozen=True, kw_only=True)
class Term:
    """One word in any of its forms, one beginning of words (`prefix`), or some words as they stand (`phrase`)."""

    forms: tuple[str, ...] = ()
    prefix: str = ""
    phrase: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """As FTS5 reads it; everything is quoted.

        The index folds every Polish letter but ł, save in the column of the base forms: a phrase is looked for in all
        the ways that its letters l may stand in the text.
        """
        if self.prefix:
            return f'"{self.prefix}" *'
        if self.phrase:
            ways = _strokes(" ".join(self.phrase))
            return "{title text} : (" + " OR ".join(f'"{way}"' for way in ways) + ")"
        return "(" + " OR ".join(f'"{form}"' for form in self.forms) + ")"


@dataclass(frozen=True, kw_only=True)
class Query:
    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...]
    shortened: bool = False
    """More was typed than is looked for."""

    @cached_property
    def expression(self) -> str:
        """An expression that FTS5 always accepts. Where nothing is wanted, nothing is found."""
        if not self.wanted:
            return NOTHING
        return self.excluded(" AND ".join(term.expression for term in self.wanted))

    def excluded(self, found: str) -> str:
        """An expression without what is unwanted."""
        unwanted = " OR ".join(term.expression for term in self.unwanted)
        return f"({found}) NOT ({unwanted})" if unwanted else found

    def without(self, terms: Collection[Term]) -> Query:
        """The query that asks for nothing about these."""
        return replace(
            self,
            wanted=tuple(term for term in self.wanted if term not in terms),
            unwanted=tuple(term for term in self.unwanted if term not in terms),
        )


@lru_cache(maxsize=256)
def read(typed: str) -> Query:
    """All the words must occur: `nabór "rada rynku" prac* -staż`; quotes make a phrase, * a prefix, - an exclusion.

    Everything else that FTS5 would take for syntax is plain text. Words of one letter are not in the index: they are
    passed over outside phrases.
    """
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    for piece in _PIECE.finditer(words.clean(typed[:LONGEST])):
        if max(len(wanted), len(unwanted)) > MOST_TERMS:
            break
        minus, phrase, word = piece.groups()
        if word is None:
            terms = _phrase(lemmas.TOKEN.findall(phrase.lower()))
        else:
            minus, word = ("-", word[1:]) if word.startswith("-") else ("", word)
            terms = _terms(word)
        (unwanted if minus else wanted).update(dict.fromkeys(terms))
    return Query(
        wanted=tuple(wanted)[:MOST_TERMS],
        unwanted=tuple(unwanted)[:MOST_TERMS],
        shortened=len(typed) > LONGEST or len(wanted) > MOST_TERMS or len(unwanted) > MOST_TERMS,
    )


def expression(typed: str | None) -> str:
    """The FTS5 expression for what was typed: the SQL function `escape_fts`."""
    return read(typed or "").expression


def _terms(word: str) -> Sequence[Term]:
    """What one typed word asks for; a compound such as `doradczo-szkoleniowe` asks for each of its parts."""
    parts = lemmas.TOKEN.findall(word.lower())
    if len(parts) > 1 and any(part.isdigit() for part in parts):
        return _phrase(parts)
    terms = []
    for n, part in enumerate(parts):
        if n == len(parts) - 1 and word.endswith("*"):
            beginning = words.fold(part)
            if len(beginning) > 1:
                terms.append(Term(prefix=beginning[: lemmas.LONGEST]))
        elif len(part) > lemmas.LONGEST:
            terms.append(Term(phrase=(part,)))
        elif forms := lemmas.wanted(part):
            terms.append(Term(forms=forms[:MOST_FORMS]))
    return terms


def _phrase(tokens: Sequence[str]) -> Sequence[Term]:
    return [Term(phrase=tuple(tokens))] if tokens else []


def _strokes(phrase: str) -> list[str]:
    """The phrase with each of its l and ł in both ways; of many, only as typed, all stroked and none stroked."""
    pieces = re.split("[lł]", phrase)
    count = len(pieces) - 1
    if count > _MOST_STROKES:
        return list(dict.fromkeys([phrase, phrase.replace("l", "ł"), phrase.replace("ł", "l")]))
    return [
        "".join(piece + stroke for piece, stroke in zip(pieces, (*way, ""), strict=True))
        for way in product("lł", repeat=count)
    ]
