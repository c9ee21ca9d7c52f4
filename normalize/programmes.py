"""Programmes, funds and projects named in a text: a closed vocabulary, titles in quotation marks, contract numbers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from normalize.model import Mention, Programme
from normalize.phrases import Lexicon, Phrase, Whole, phrase
from normalize.words import fold

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One programme of the vocabulary."""

    id: str
    name: str
    unless: str | None = None
    """Folded; a text that has them uses the phrases for something else."""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Programmes with the phrases that name them and the prefixes of their contract numbers."""

    lexicon: Lexicon[Entry] = field(repr=False)
    by_prefix: Mapping[str, Entry]
    by_name: Mapping[str, Entry]
    """Folded name to entry, for names in quotation marks."""

    @staticmethod
    def bundled() -> Vocabulary:
        return _bundled()


@cache
def _bundled() -> Vocabulary:
    lines = tomllib.loads((_DATA / "programmes.toml").read_text(encoding="utf-8"))["programme"]
    phrases: list[tuple[Phrase, Entry]] = []
    names: dict[str, Entry] = {}
    by_prefix: dict[str, Entry] = {}
    for line in lines:
        entry = Entry(
            id=line["id"],
            name=line["name"],
            unless=fold(line["unless"]) if "unless" in line else None,
        )
        names[fold(entry.name)] = entry
        phrases += [(phrase(notation), entry) for notation in line["phrases"]]
        by_prefix |= dict.fromkeys(line.get("prefixes", ()), entry)
    return Vocabulary(lexicon=Lexicon(phrases), by_prefix=by_prefix, by_name=names)


_QUOTED = r"[„\"“”«'‘’‚]{1,2}(?P<title>[^„”\"“«»\n]{3,220})[”\"“»’']"
_PROJECT = re.compile(
    r"(?<!\w)(?P<noun>[Pp]rojek(?:t|tu|tem|cie|towi|ty|tów|tom|tami|tach)|PROJEKTU?|"
    r"[Pp]rogram(?:u|em|ie|owi|y|ów|ami|ach)?|PROGRAMU?|[Zz]adani(?:e|a|u|em))(?P<between>[^„\"“”«\n.;!?]{0,60}?)"
    r"(?:\s?(?:pn|pt|p\.n|p\.t)\.:?|\s?pod nazwą:?|\s?pod tytułem:?|\s?o nazwie:?|\s?o tytule:?)?\s?:?\s?" + _QUOTED
)
# Words between the noun and the title that make the quoted words something else than the project's name.
_OTHERWISE = re.compile(
    r"(?<!\w)(?:ustaw\w+|uchwał\w*|rozporządze\w+|umow\w+|regulamin\w*|strategi\w+|statut\w*|przez|dla|w|we|na|z|ze|do|jest|są|"
    r"był\w*|został\w*|oraz|i|a|to|o|podczas|konkurs\w*|kampani\w+|konferencj\w+|partner\w*|lider\w*)(?!\w)"
)
_ABBREVIATED = re.compile(r"\(([A-Z][A-Z0-9_+ -]{2,30})\)\s*$")
_NUMBER = re.compile(
    r"(?P<prefix>[A-Z]{4,6})\.\d\d\.\d\d(?:\.\d\d)?-(?:[A-Z]{2}\.\d\d|\d\d)-[0-9A-Z]{2,6}/\d\d(?:-\d\d)?(?!\w)"
)


@dataclass(slots=True)
class _Hit:
    start: int
    end: int
    id: str | None
    name: str
    method: str
    number: str | None = None


def find(paragraphs: Sequence[str], vocabulary: Vocabulary) -> list[Programme]:
    """Programmes and projects in order of first appearance; a project outside the vocabulary has no id."""
    whole = Whole(paragraphs)
    projects = list(_projects(whole, vocabulary))
    numbers = list(_NUMBER.finditer(whole.text)) if "/" in whole.text else []
    hits = _without_overlaps([*_named(whole, vocabulary), *(hit for hit in projects if hit.id)])
    hits = [hit for hit in hits if not any(number.start() <= hit.start < number.end() for number in numbers)]
    hits += [hit for hit in projects if hit.id is None]
    hits += _aliases(whole, projects)
    _number(whole, numbers, hits, projects, vocabulary)
    hits.sort(key=lambda hit: hit.start)
    facts: dict[tuple[str | None, str, str | None], Programme] = {}
    for hit in hits:
        key = (hit.id, fold(hit.name), hit.number)
        mention = Mention(raw=whole.text[hit.start : hit.end], block=whole.block(hit.start))
        known = facts.get(key)
        facts[key] = Programme(
            id=hit.id,
            name=known.name if known else hit.name,
            number=hit.number,
            mentions=(mention,) if known is None else (*known.mentions, mention),
            method=known.method if known else hit.method,
        )
    return list(facts.values())


def _named(whole: Whole, vocabulary: Vocabulary) -> Iterator[_Hit]:
    for match, entry in vocabulary.lexicon.find(whole):
        if not (entry.unless and entry.unless in whole.low):
            yield _Hit(match.start(), match.end(), entry.id, entry.name, "vocabulary")


def _without_overlaps(hits: Sequence[_Hit]) -> list[_Hit]:
    """The longest of those that share words: "EFS+" is not "EFS"."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _projects(whole: Whole, vocabulary: Vocabulary) -> Iterator[_Hit]:
    """Titles in quotation marks behind "projekt", "zadanie", "program"."""
    starts = [start for stem in ("projek", "program", "zadani") for start in whole.places(stem)]
    for match in filter(None, (_PROJECT.match(whole.text, start) for start in starts)):
        title = " ".join(match["title"].split()).strip(" .,–-")
        if _OTHERWISE.search(match["between"]) or len(title) < 3 or not title[0].isalnum():
            continue
        entry = vocabulary.by_name.get(fold(title))
        if entry is not None:
            yield _Hit(match.start(), match.end(), entry.id, entry.name, "title_in_quotes")
        elif not vocabulary.lexicon.begins(title):
            yield _Hit(match.start("title"), match.end("title"), None, title, "title_in_quotes")


def _aliases(whole: Whole, projects: Sequence[_Hit]) -> Iterator[_Hit]:
    """Later mentions of a project by the short name that its title gives in brackets: "(IN SITU)"."""
    seen: set[str] = set()
    for project in projects:
        short = _ABBREVIATED.search(project.name)
        if short and project.id is None and short.group(1) not in seen:
            seen.add(short.group(1))
            for match in re.finditer(rf"(?i:projek\w+) {re.escape(short.group(1))}(?!\w)", whole.text):
                yield _Hit(match.start(), match.end(), None, project.name, "short_name")


def _number(
    whole: Whole,
    numbers: Sequence[re.Match[str]],
    hits: list[_Hit],
    projects: Sequence[_Hit],
    vocabulary: Vocabulary,
) -> None:
    """Give each contract number to the only titled project of its paragraph, else to the programme of its prefix."""
    for match in numbers:
        entry = vocabulary.by_prefix.get(match["prefix"])
        block = whole.block(match.start())
        here = [hit for hit in projects if hit.id is None and whole.block(hit.start) == block]
        owners = {fold(hit.name) for hit in here}
        if len(owners) == 1 and here[0].number in (None, match.group()):
            for hit in hits:
                if hit.id is None and fold(hit.name) in owners:
                    hit.number = match.group()
            if entry is not None:
                hits.append(_Hit(match.start(), match.end(), entry.id, entry.name, "contract_prefix"))
        elif entry is not None:
            hits.append(_Hit(match.start(), match.end(), entry.id, entry.name, "contract_number", match.group()))
        else:
            hits.append(_Hit(match.start(), match.end(), None, match.group(), "contract_number", match.group()))
