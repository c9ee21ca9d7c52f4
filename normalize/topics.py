"""Topics and audiences of a text, from a closed vocabulary of labour-office words; each with the rule that fired."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from normalize.model import Topic
from normalize.words import fold_aligned, folded

_BUNDLED = Path(__file__).parent / "data" / "topics.toml"
_BEGINNING = 3
"""Letters of a rule's first word by which texts are searched for it."""
_WORD = re.compile(rf"(\w{{1,{_BEGINNING}}})\w*")


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of the vocabulary; a hint alone in the text is not enough."""

    topic: str
    words: str
    """As the vocabulary has it: "spółdzieln* socjaln*"."""
    pattern: re.Pattern[str]
    hint: bool


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The closed list of topics, made ready for reading texts."""

    labels: Mapping[str, str]
    """Id to the Polish words shown for it."""
    audiences: frozenset[str]
    """Ids that say whom a text is for; the others say what it is about."""
    rules: Mapping[str, tuple[re.Pattern[str], tuple[Rule, ...]]] = field(repr=False)
    """By the first letters of their first word: a pattern that matches where any of them does, and they."""

    @classmethod
    def bundled(cls) -> Vocabulary:
        """The vocabulary that comes with the package."""
        return cls.of(_BUNDLED.read_text(encoding="utf-8"))

    @classmethod
    def of(cls, toml: str) -> Vocabulary:
        """From TOML: a table a topic, with `label`, `words`, and optionally `hints` and `audience`."""
        topics = tomllib.loads(toml)
        filed: dict[str, list[Rule]] = {}
        for topic, said in topics.items():
            for hint, words in ((False, said.get("words", ())), (True, said.get("hints", ()))):
                for phrase in words:
                    filed.setdefault(_beginning(phrase), []).append(Rule(topic, phrase, _compiled(phrase), hint))
        return cls(
            labels={topic: said["label"] for topic, said in topics.items()},
            audiences=frozenset(topic for topic, said in topics.items() if said.get("audience")),
            rules={
                beginning: (re.compile("|".join(rule.pattern.pattern for rule in rules)), tuple(rules))
                for beginning, rules in filed.items()
            },
        )


def _beginning(phrase: str) -> str:
    first = _WORD.match(fold_aligned(phrase))
    if first is None or (len(first.group()) < _BEGINNING and phrase[first.end() : first.end() + 1] == "*"):
        raise ValueError(f"{phrase!r}: a rule begins with a whole word or with at least {_BEGINNING} letters")
    return first[1]


def _compiled(phrase: str) -> re.Pattern[str]:
    folded = re.escape(fold_aligned(phrase)).replace(r"\*", r"\w*").replace(r"\ ", " ")
    return re.compile(folded + r"(?!\w)")


def find(title: str | None, paragraphs: Sequence[str], vocabulary: Vocabulary) -> list[Topic]:
    """The topics in order of first appearance; title first (its block is None). `paragraphs` are cleaned text."""
    topics: dict[str, Topic] = {}
    hinted: set[str] = set()
    filed = vocabulary.rules
    for block, line, text in _lines(title, paragraphs):
        # A word shorter than three letters begins a rule only as a whole.
        for word in [word for word in _WORD.finditer(line) if word[1] in filed]:
            any_of_them, rules = filed[word[1]]
            if any_of_them.match(line, word.start()) is None:
                continue
            for rule in rules:
                met = None if rule.topic in topics else rule.pattern.match(line, word.start())
                if met is None:
                    continue
                if rule.hint and block is not None and rule.topic not in hinted:
                    hinted.add(rule.topic)
                    continue
                topics[rule.topic] = Topic(
                    id=rule.topic, rule=rule.words, block=block, raw=text[met.start() : met.end()]
                )
    return list(topics.values())


def _lines(title: str | None, paragraphs: Sequence[str]) -> Iterator[tuple[int | None, str, str]]:
    """Block, folded line and the line as printed, position by position alike."""
    if title is not None:
        yield None, fold_aligned(title), title
    for block, line in enumerate(folded(paragraphs)):
        yield block, line, paragraphs[block]
