"""Topics and audiences of a text, from a closed vocabulary of labour-office words; each with the rule that fired."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from normalize.model import Topic
from normalize.paragraphs import BEGINNING, Paragraphs, beginning, beginnings
from normalize.words import fold_aligned

_BUNDLED = Path(__file__).parent / "data" / "topics.toml"
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of the vocabulary; a hint alone in the text is not enough."""

    number: int
    """Its place in the vocabulary."""
    topic: str
    words: str
    """As the vocabulary has it: "spółdzieln* socjaln*"."""
    hint: bool
    pattern: re.Pattern[str]
    stem: str
    """What stands before its first star, folded: what a text is searched for."""
    beginnings: frozenset[str]
    """How its words begin: a text that lacks one of these words cannot match it."""

    @staticmethod
    def of(number: int, topic: str, words: str, *, hint: bool) -> Rule:
        low = fold_aligned(words)
        first = _FIRST_WORD.match(low)
        if first is None or (len(first.group()) < BEGINNING and low[first.end() : first.end() + 1] == "*"):
            raise ValueError(f"{words!r}: a rule begins with a whole word or with at least {BEGINNING} letters")
        pattern = re.compile(re.escape(low).replace(r"\*", r"\w*").replace(r"\ ", " ") + r"(?!\w)")
        known = frozenset(map(beginning, low.split())) - {""}
        return Rule(number, topic, words, hint, pattern, low.partition("*")[0], known)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The closed list of topics, made ready for reading texts."""

    labels: Mapping[str, str]
    """Id to the Polish words shown for it."""
    audiences: frozenset[str]
    """Ids that say whom a text is for; the others say what it is about."""
    rules: Mapping[str, tuple[Rule, ...]] = field(repr=False)
    """By the beginning of their first word; under "" those whose first word is too short to have one."""

    @classmethod
    def bundled(cls) -> Vocabulary:
        """The vocabulary that comes with the package."""
        return cls.of(_BUNDLED.read_text(encoding="utf-8"))

    @classmethod
    def of(cls, toml: str) -> Vocabulary:
        """From TOML: a table a topic, with `label`, `words`, and optionally `hints` and `audience`."""
        topics = tomllib.loads(toml)
        phrases = [
            (topic, words, hint)
            for topic, said in topics.items()
            for hint in (False, True)
            for words in said.get("hints" if hint else "words", ())
        ]
        filed: dict[str, tuple[Rule, ...]] = {"": ()}
        for number, (topic, words, hint) in enumerate(phrases):
            rule = Rule.of(number, topic, words, hint=hint)
            filed[beginning(rule.stem)] = (*filed.get(beginning(rule.stem), ()), rule)
        return cls(
            labels={topic: said["label"] for topic, said in topics.items()},
            audiences=frozenset(topic for topic, said in topics.items() if said.get("audience")),
            rules=filed,
        )


def find(title: str | None, paragraphs: Sequence[str], vocabulary: Vocabulary) -> list[Topic]:
    """The topics in order of first appearance; title first (its block is None). `paragraphs` are cleaned text."""
    topics: dict[str, Topic] = {}
    hinted: set[str] = set()
    whole = Paragraphs.of(paragraphs)
    if title is not None:
        low = fold_aligned(title)
        for start, end, rule in _met(low, beginnings(low), vocabulary):
            topics.setdefault(rule.topic, Topic(id=rule.topic, rule=rule.words, raw=title[start:end]))
    for start, end, rule in _met(whole.low, whole.beginnings, vocabulary):
        if rule.topic in topics:
            continue
        if rule.hint and rule.topic not in hinted:
            hinted.add(rule.topic)
            continue
        topics[rule.topic] = Topic(id=rule.topic, rule=rule.words, block=whole.block(start), raw=whole.text[start:end])
    return list(topics.values())


def _met(low: str, present: frozenset[str], vocabulary: Vocabulary) -> list[tuple[int, int, Rule]]:
    """Start and end of the words that each rule meets in a folded text, in order; `present`: how its words begin."""
    met: list[tuple[int, int, Rule]] = []
    for head in ("", *(vocabulary.rules.keys() & present)):
        for rule in vocabulary.rules[head]:
            if rule.beginnings <= present and rule.stem in low:
                met += _places(low, rule)
    return sorted(met, key=lambda one: (one[0], one[2].number))


def _places(low: str, rule: Rule) -> Iterator[tuple[int, int, Rule]]:
    position = low.find(rule.stem)
    while position >= 0:
        before = low[position - 1] if position else " "
        if not (before.isalnum() or before == "_") and (match := rule.pattern.match(low, position)):
            yield position, match.end(), rule
        position = low.find(rule.stem, position + 1)
