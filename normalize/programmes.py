"""Programmes, funds and projects named in a text: a closed vocabulary, titles in quotation marks, contract numbers."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from normalize.model import Mention, Programme
from normalize.paragraphs import Paragraphs
from normalize.phrases import Lexicon, Phrase, phrase
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
_QUOTE = re.compile(r"[„\"“”«'‘’‚]")
_FARTHEST = 110
"""Characters from the noun's first letter within which its quotation marks open."""
_PROJECT = re.compile(
    r"(?<!\w)(?P<noun>[Pp]rojek(?:t|tu|tem|cie|towi|ty|tów|tom|tami|tach)|PROJEKTU?|"
    r"[Pp]rogram(?:u|em|ie|owi|y|ów|ami|ach)?|PROGRAMU?|[Zz]adani(?:e|a|u|em))(?!\w)(?P<between>[^„\"“”«\n.;!?]{0,60}?)"
    r"(?:\s?(?:pn|pt|p\.n|p\.t)\.:?|\s?pod nazwą:?|\s?pod tytułem:?|\s?o nazwie:?|\s?o tytule:?)?\s?:?\s?" + _QUOTED
)
# Words between the noun and the title that make the quoted words something else than the project's name.
_OTHERWISE = re.compile(
    r"(?<!\w)(?:ustaw\w+|uchwał\w*|rozporządze\w+|umow\w+|regulamin\w*|strategi\w+|statut\w*|przez|dla|w|we|na|z|ze|do|jest|są|"
    r"był\w*|został\w*|oraz|i|a|to|o|podczas|konkurs\w*|kampani\w+|konferencj\w+|partner\w*|lider\w*)(?!\w)"
)
_FURTHER = re.compile(r"(?:,|,? i|,? oraz|,? a także)[ \u00a0]" + _QUOTED)
_ABBREVIATED = re.compile(r"\(([A-Z][A-Z0-9_+ -]{2,30})\)\s*$")
_NUMBER = re.compile(
    r"(?P<prefix>[A-Z]{4,6})\.\d\d\.\d\d(?:\.\d\d)?-(?:[A-Z]{2}\.\d\d|\d\d)-[0-9A-Z]{2,6}/\d\d(?:-\d\d)?(?!\w)"
)


_MOST_ALIASES = 20


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
    whole = Paragraphs.of(paragraphs)
    projects = list(_projects(whole, vocabulary))
    numbers = list(_NUMBER.finditer(whole.text)) if "/" in whole.text else []
    named = [*_named(whole, vocabulary), *(hit for hit in projects if hit.id)]
    hits = _without_overlaps(named, numbers)
    hits += [hit for hit in projects if hit.id is None]
    hits += _aliases(whole, projects)
    hits += _numbered(whole, numbers, projects, vocabulary)
    hits.sort(key=lambda hit: hit.start)
    facts: dict[tuple[str | None, str, str | None], tuple[_Hit, list[Mention]]] = {}
    numbers_of: dict[str, set[str]] = {}
    for hit in hits:
        if hit.number:
            numbers_of.setdefault(fold(hit.name), set()).add(hit.number)
    for hit in hits:
        known = numbers_of.get(fold(hit.name), set())
        number = next(iter(known)) if len(known) == 1 else hit.number
        mention = Mention(raw=whole.text[hit.start : hit.end], block=whole.block(hit.start))
        facts.setdefault((hit.id, fold(hit.name), number), (hit, []))[1].append(mention)
    return [
        Programme(id=id, name=first.name, number=number, mentions=tuple(mentions), method=first.method)
        for (id, _, number), (first, mentions) in facts.items()
    ]


def _named(whole: Paragraphs, vocabulary: Vocabulary) -> Iterator[_Hit]:
    for match, entry in vocabulary.lexicon.find(whole):
        if not (entry.unless and entry.unless in whole.low):
            yield _Hit(match.start(), match.end(), entry.id, entry.name, "vocabulary")


def _without_overlaps(hits: Sequence[_Hit], numbers: Sequence[re.Match[str]]) -> list[_Hit]:
    """The longest of those that share words, "EFS+" not being "EFS"; none that is part of a contract number."""
    kept: list[_Hit] = []
    starts = [number.start() for number in numbers]
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        before = bisect_right(starts, hit.start) - 1
        if before >= 0 and hit.start < numbers[before].end():
            continue
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _projects(whole: Paragraphs, vocabulary: Vocabulary) -> Iterator[_Hit]:
    """Titles in quotation marks behind "projekt", "zadanie", "program"."""
    starts = [start for stem in ("projek", "program", "zadani") for start in whole.places(stem)]
    quoted = (start for start in starts if _QUOTE.search(whole.text, start, start + _FARTHEST))
    for match in filter(None, (_PROJECT.match(whole.text, start) for start in quoted)):
        if _OTHERWISE.search(match["between"]):
            continue
        yield from filter(None, (_titled(title, vocabulary) for title in _titles(match, whole.text)))


def _titles(match: re.Match[str], text: str) -> Iterator[re.Match[str]]:
    """The title, and behind a plural the further titles of the list."""
    title: re.Match[str] | None = match
    plural = match["noun"].lower().endswith(("ty", "tów", "tom", "tami", "tach", "my", "mów", "mami", "mach"))
    while title:
        yield title
        title = _FURTHER.match(text, title.end()) if plural else None


def _titled(match: re.Match[str], vocabulary: Vocabulary) -> _Hit | None:
    title = " ".join(match["title"].split()).strip(" .,–-")
    if len(title) < 3 or not title[0].isalnum():
        return None
    entry = vocabulary.by_name.get(fold(title))
    if entry is not None:
        return _Hit(match.start(), match.end(), entry.id, entry.name, "title_in_quotes")
    if vocabulary.lexicon.begins(title):
        return None
    return _Hit(match.start("title"), match.end("title"), None, title, "title_in_quotes")


def _aliases(whole: Paragraphs, projects: Sequence[_Hit]) -> Iterator[_Hit]:
    """Later mentions of a project by the short name that its title gives in brackets: "(IN SITU)"."""
    names: dict[str, str] = {}
    for project in projects:
        short = _ABBREVIATED.search(project.name)
        if short and project.id is None and len(names) < _MOST_ALIASES:
            names.setdefault(short.group(1), project.name)
    for short_name, name in names.items():
        wanted = re.compile(rf"\w+ {re.escape(short_name)}(?!\w)")
        for match in filter(None, (wanted.match(whole.text, start) for start in whole.places("projek"))):
            yield _Hit(match.start(), match.end(), None, name, "short_name")


def _numbered(
    whole: Paragraphs, numbers: Sequence[re.Match[str]], projects: Sequence[_Hit], vocabulary: Vocabulary
) -> Iterator[_Hit]:
    """Give each contract number to the only titled project of its paragraph, else to the programme of its prefix."""
    titled: dict[int, list[_Hit]] = {}
    for project in projects:
        if project.id is None:
            titled.setdefault(whole.block(project.start), []).append(project)
    owned: set[int] = set()
    for match in numbers:
        entry = vocabulary.by_prefix.get(match["prefix"])
        block = whole.block(match.start())
        here = titled.get(block, [])
        if block not in owned and here and all(project.name == here[0].name for project in here):
            owned.add(block)
            here[0].number = match.group()
            if entry is not None:
                yield _Hit(match.start(), match.end(), entry.id, entry.name, "contract_prefix")
        elif entry is not None:
            yield _Hit(match.start(), match.end(), entry.id, entry.name, "contract_number", match.group())
        else:
            yield _Hit(match.start(), match.end(), None, match.group(), "contract_number", match.group())
