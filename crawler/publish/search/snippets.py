"""Where a text says what was searched for, whatever the inflection: words to mark, and the piece worth showing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from crawler import lemmas
from crawler.publish.search.searching import Query, Term
from normalize import words

LENGTH = 220
BEFORE = 60
"""Characters shown before the first marked word."""
READ = 20_000
MOST_HITS = 40


@dataclass(frozen=True)
class Hit:
    start: int
    end: int
    term: Term


def hits(text: str, query: Query) -> Iterator[Hit]:
    """Each place in the text, in order, where one of the wanted words stands."""
    term_of = _terms(query)
    phrases = [(term, [words.fold(word) for word in term.phrase]) for term in query.wanted if term.phrase]
    if not phrases:
        for token in lemmas.TOKEN.finditer(text):
            if (term := term_of(token.group())) is not None:
                yield Hit(token.start(), token.end(), term)
        return
    tokens = list(lemmas.TOKEN.finditer(text))
    plain = [words.fold(token.group()) for token in tokens]
    for n, token in enumerate(tokens):
        if (term := term_of(token.group())) is not None:
            yield Hit(token.start(), token.end(), term)
            continue
        for phrase, folded in phrases:
            if plain[n : n + len(folded)] == folded:
                yield Hit(token.start(), tokens[n + len(folded) - 1].end(), phrase)
                break


@lru_cache(maxsize=32)
def _terms(query: Query) -> Callable[[str], Term | None]:
    """Which of the wanted words or beginnings a word is, if any; a page asks for the same words again and again."""
    by_form: dict[str, Term] = {form: term for term in reversed(query.wanted) for form in term.forms}
    prefixes = [term for term in query.wanted if term.prefix]

    @lru_cache(maxsize=1 << 13)
    def term_of(word: str) -> Term | None:
        forms = lemmas.forms(word.lower())
        term = next((by_form[form] for form in forms if form in by_form), None)
        if term is None and prefixes:
            term = next((one for one in prefixes if any(form.startswith(one.prefix) for form in forms)), None)
        return term

    return term_of


def marked(text: str, query: Query) -> Markup:
    """The whole text with each hit marked."""
    return _marked(text, 0, min(len(text), READ), list(hits(text[:READ], query)))


def snippet(text: str, query: Query) -> Markup:
    """The piece of the text where most of the wanted words stand together, marked; the beginning where none does."""
    text = text[:READ]
    found = []
    for hit in hits(text, query):
        found.append(hit)
        if len(found) == MOST_HITS:
            break
    start = _best(found)
    if start > 0:
        start = _word_start(text, start)
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start + LENGTH // 2, end), start + LENGTH // 2)
    shown = _marked(text, start, end, found)
    return Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(text) else "")


def share(text: str, query: Query) -> float:
    """How many of the wanted words stand in the text: 0 none … 1 all."""
    if not query.wanted:
        return 0.0
    if any(term.phrase for term in query.wanted):
        return len({hit.term for hit in hits(text, query)}) / len(query.wanted)
    found = set(map(_terms(query), lemmas.TOKEN.findall(text)))
    return len(found - {None}) / len(query.wanted)


def _best(found: Sequence[Hit]) -> int:
    """Where the piece begins that holds most different words, the first of equals."""
    most, best = 0, 0
    for n, first in enumerate(found):
        start = max(0, first.start - BEFORE)
        together = len({hit.term for hit in found[n:] if hit.end <= start + LENGTH})
        if together > most:
            most, best = together, start
    return best


def _word_start(text: str, position: int) -> int:
    space = text.find(" ", position, position + BEFORE)
    return position if space < 0 else space + 1


def _marked(text: str, start: int, end: int, found: Sequence[Hit]) -> Markup:
    pieces = []
    done = start
    for hit in found:
        if hit.start < done or hit.end > end:
            continue
        pieces += [escape(text[done : hit.start]), Markup("<mark>{}</mark>").format(text[hit.start : hit.end])]
        done = hit.end
    return Markup("").join([*pieces, escape(text[done:end])])
