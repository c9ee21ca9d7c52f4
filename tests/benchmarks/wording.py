"""Polish of a labour office by the yard: sentences of the practice web, some words exchanged for others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from random import Random

import morfeusz2

from crawler import lemmas
from crawler.practice.site import BUNDLED
from normalize import words
from tests.publish.newsroom import STORIES

_TAG = re.compile(r"<[^>]+>|&\w+;")
_END = re.compile(r"(?<=[.!?])\s+")
_EXCHANGED = 0.4
"""Of the words of a sentence."""
_SYLLABLES = ("ba", "be", "bor", "cie", "cza", "dą", "do", "dra", "dzi", "fa", "ga", "go", "gro", "ja", "je", "ka",
              "ko", "kra", "kul", "la", "le", "li", "łę", "ma", "mi", "mro", "na", "no")  # fmt: skip
_ENDINGS = ("ska", "ski", "cka", "cki", "owa", "wicz", "ak", "ek", "yk", "nik", "czyk", "ała", "uk", "arz", "las")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, and how often each word of the search index stands in it."""

    text: str
    forms: Mapping[str, int]
    hash: str

    @classmethod
    def of(cls, text: str) -> Passage:
        return cls(text, counted(text), words.block_hash(text))


def counted(text: str) -> dict[str, int]:
    """How often each form stands in the text, as `lemmas.of` counts; counts of parts of a text add up."""
    counts: dict[str, int] = {}
    for word, times in Counter(lemmas.TOKEN.findall(text.lower())).items():
        found = lemmas.forms(word)
        bare = words.fold(word) if len(found) > 1 else ""
        for form in found:
            counts[form] = counts.get(form, 0) + (0 if form == bare else times)
    return counts


def indexed(parts: Sequence[Mapping[str, int]]) -> str:
    """What `lemmas.of` gives for the parts together, without looking any word up again."""
    counts: dict[str, int] = {}
    for part in parts:
        for form, times in part.items():
            counts[form] = counts.get(form, 0) + times
    return " ".join(
        [
            form if counts[form] < 2 else " ".join([form] * min(counts[form], lemmas.MOST_REPEATS))
            for form in sorted(counts)
        ]
    )


class Wording:
    """Passages, headings and names drawn with one seed."""

    def __init__(self, draw: Random, passages: int) -> None:
        self._draw = draw
        self._sentences = list(_sentences())
        ranked = list(_vocabulary(self._sentences))
        self._words = ranked
        self._weights = list(accumulate(1 / (rank + 20) for rank in range(len(ranked))))
        self.names = [self._name() for _ in range(max(50, passages))]
        self._name_weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.names))))
        self.passages = [Passage.of(self._paragraph()) for _ in range(passages)]
        self.headings = [self._heading() for _ in range(passages)]

    def surname(self) -> str:
        """A name that does not exist; some are frequent, most are rare."""
        return self._draw.choices(self.names, cum_weights=self._name_weights)[0]

    def _exchanged(self, sentence: str) -> str:
        tokens = sentence.split(" ")
        fresh = iter(self._draw.choices(self._words, cum_weights=self._weights, k=len(tokens)))
        return " ".join(
            next(fresh) if token.isalpha() and self._draw.random() < _EXCHANGED else token for token in tokens
        )

    def _paragraph(self) -> str:
        sentences = self._draw.choices(self._sentences, k=self._draw.choice((1, 2, 2, 3, 4)))
        changed = [self._exchanged(sentence) for sentence in sentences]
        return " ".join(sentence[:1].upper() + sentence[1:] for sentence in changed)

    def _heading(self) -> str:
        kind_and_story = self._draw.choice(STORIES)[1].partition(" w {town}")[0]
        return f"{kind_and_story} {' '.join(self._draw.choices(self._words, cum_weights=self._weights, k=3))}"

    def _name(self) -> str:
        stem = "".join(self._draw.choices(_SYLLABLES, k=self._draw.choice((1, 2, 2, 3))))
        return (stem + self._draw.choice(_ENDINGS)).capitalize()


def _sentences() -> Iterator[str]:
    for page in sorted(BUNDLED.glob("*/articles/*.html")):
        body = page.read_text(encoding="utf-8").split("+++\n", 2)[-1]
        for sentence in _END.split(words.clean(_TAG.sub(" ", body))):
            if 30 <= len(sentence) <= 300:
                yield sentence
    for _, _, text in STORIES:
        yield from (sentence for sentence in _END.split(text) if "{" not in sentence)


def _vocabulary(sentences: Sequence[str]) -> Iterator[str]:
    """The words of the sentences, the most frequent first; then every other form of each of them, in a fixed order."""
    ranked = [word for word, _ in Counter(chain.from_iterable(map(_plain, sentences))).most_common()]
    yield from ranked
    known = set(ranked)
    morfeusz = morfeusz2.Morfeusz()
    bases = {
        analysis[1].partition(":")[0]: None
        for word in ranked
        for _, _, analysis in morfeusz.analyse(word)
        if not analysis[2].startswith("ign")
    }
    others = {form[0] for base in bases for form in morfeusz.generate(base) if form[0].isalpha()} - known
    # Neighbours in the alphabet are forms of one word: by their digests they are spread over all frequencies.
    yield from sorted(others, key=lambda word: (words.block_hash(word), word))


def _plain(sentence: str) -> list[str]:
    return [word for word in lemmas.TOKEN.findall(sentence.lower()) if word.isalpha()]
