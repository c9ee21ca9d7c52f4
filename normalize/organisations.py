"""Organisations named in a text: offices and institutions of a closed vocabulary, foundations, associations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from normalize.gazetteer import Gazetteer
from normalize.model import Mention, Organisation
from normalize.paragraphs import Paragraphs
from normalize.phrases import Lexicon, Phrase, phrase
from normalize.words import fold

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One organisation, or one sort of them, of the vocabulary."""

    kind: str
    name: str
    tail: str | None = None
    """What belongs to the name behind the phrase: "town", "voivodeship", "name" (which must follow) or nothing."""
    front: bool = False
    acronym: bool = False


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Organisations with the phrases and acronyms that name them."""

    kinds: frozenset[str]
    lexicon: Lexicon[Entry] = field(repr=False)
    seats: Mapping[str, str] = field(repr=False)
    """Name of a town to its place in an office's name: "Kielce" to "w Kielcach"."""
    locatives: frozenset[str] = field(repr=False)

    @staticmethod
    def bundled() -> Vocabulary:
        return _bundled()


@cache
def _bundled() -> Vocabulary:
    data = tomllib.loads((_DATA / "organisations.toml").read_text(encoding="utf-8"))
    phrases: list[tuple[Phrase, Entry]] = []
    for line in data["organisation"]:
        entry = Entry(kind=line["kind"], name=line["name"], tail=line.get("tail"), front=line.get("front", False))
        phrases += [(phrase(notation), entry) for notation in line["phrases"]]
        short = replace(entry, acronym=True, front=False)
        phrases += [(phrase(acronym), short) for acronym in line.get("acronyms", ())]
    for line in data["ministry"]:
        for name in line["names"]:
            entry = Entry(kind="ministry", name=f"Ministerstwo {name}")
            phrases.append((phrase(f"Ministerstw{{o}} {name}"), entry))
        for acronym, name in line["acronyms"].items():
            phrases.append((phrase(acronym), Entry(kind="ministry", name=f"Ministerstwo {name}", acronym=True)))
    seats = {}
    for town, locative in Gazetteer.bundled().locatives.items():
        seats[town] = ("we " if _WITH_E.match(locative) else "w ") + locative
    return Vocabulary(
        kinds=frozenset(data["kinds"]),
        lexicon=Lexicon(phrases),
        seats=seats,
        locatives=frozenset(Gazetteer.bundled().locatives.values()),
    )


_WITH_E = re.compile(r"[WwFf][bcćdfghjklłmnńprsśtwzźż]")
_CAP = r"[A-ZĄĆĘŁŃÓŚŹŻ][\w’']*"
_HYPHEN = r"[ \u00a0]?[-–\u2010\u2011][ \u00a0]?"
_IN_TOWN = re.compile(
    rf"[ \u00a0](?P<w>[Ww][Ee]?)[ \u00a0](?P<town>{_CAP}"
    rf"(?:{_HYPHEN}{_CAP}|(?<=[yi]m|ej)[ \u00a0]{_CAP}|[ \u00a0]{_CAP}(?:im|ym|ej|ich|ych|iem))*)"
)
_TOWN = re.compile(rf"[ \u00a0](?P<town>{_CAP}(?:{_HYPHEN}{_CAP}|[ \u00a0]{_CAP})?(?:[ \u00a0]{_CAP})?)")
_OF_VOIVODESHIP = re.compile(rf"[ \u00a0](?P<of>Województwa[ \u00a0][\w-]+iego)(?!\w)|(?={_IN_TOWN.pattern})")
_OF_POWIAT = re.compile(r" dla Powiatu [A-ZĄĆĘŁŃÓŚŹŻ][\w-]+iego(?!\w)")
_FRONT = re.compile(r"(?P<front>[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż-]+[scz]k)(?:i|iego|iemu|im)[ \u00a0]$")
# Words that begin another organisation or a person's office: a name does not run on into them.
_STOP = (
    r"(?:Fundacj|Stowarzysz|Spółdziel|Urz|Gmin[aąęo]|Powiat(?:\b|em|ow)|Miast(?:o|em)|Województwo|Minister|Centr|Ośrod|Zakład|Punkt|Prezes|Prezydent|"
    r"Dyrektor|Starost|Wójt|Burmistrz|Marszał|Wojewod|Projekt|Program|Regionaln|Pani|Pan\b|Dom\b|Instytut)"
)
_OWN_NAME = re.compile(
    rf"[ \u00a0](?P<name>[„\"“«][^„”\"“»\n]{{1,90}}[”\"“»]|(?:(?i:na rzecz|dla|przeciw)[ \u00a0]|(?!{_STOP})){_CAP}"
    rf"(?:(?:[ \u00a0](?i:na rzecz|im\.|dla|ds\.|do spraw|przy|przeciw)[ \u00a0]"
    rf"|(?:{_HYPHEN}|[ \u00a0](?:i[ \u00a0])?)(?!{_STOP}))[„\"]?{_CAP}[”\"]?){{0,9}})"
)
_BESIDE = re.compile(r"[ \u00a0]?[,/][ \u00a0]?[A-Z]{3,}")
_BESIDE_BEFORE = re.compile(r"[A-Z]{3,}[ \u00a0]?[,/][ \u00a0]?$")


@dataclass(slots=True)
class _Hit:
    start: int
    end: int
    entry: Entry
    name: str
    bare: bool
    """Nothing but the sort was said: "PUP", "Urząd Marszałkowski"; not so in lists of sorts, "(CIS, KIS, ZAZ)"."""


def find(paragraphs: Sequence[str], vocabulary: Vocabulary) -> list[Organisation]:
    """Organisations in order of first appearance, an office by its full name however it is shortened or inflected."""
    whole = Paragraphs.of(paragraphs)
    hits: list[_Hit] = []
    found = sorted(vocabulary.lexicon.find(whole), key=lambda item: (item[0].start(), -item[0].end()))
    done = 0
    for match, entry in found:
        if match.start() >= done and (hit := _hit(match, entry, whole, vocabulary)):
            hits.append(hit)
            done = hit.end
    _shorten(hits)
    named: dict[str, set[str]] = {}
    for hit in hits:
        if hit.name != hit.entry.name:
            named.setdefault(hit.entry.name, set()).add(hit.name)
    facts: dict[tuple[str, str], tuple[str, _Hit, list[Mention]]] = {}
    for hit in hits:
        full = named.get(hit.entry.name, set())
        # a bare "PUP" is the one office of its sort that the text names in full, if there is exactly one
        name = next(iter(full)) if hit.bare and len(full) == 1 else hit.name
        mention = Mention(raw=whole.text[hit.start : hit.end], block=whole.block(hit.start))
        facts.setdefault((hit.entry.kind, _key(name)), (name, hit, []))[2].append(mention)
    return [
        Organisation(
            name=name,
            kind=kind,
            mentions=tuple(mentions),
            method="acronym" if first.entry.acronym else "vocabulary",
        )
        for (kind, _), (name, first, mentions) in facts.items()
    ]


def _hit(match: re.Match[str], entry: Entry, whole: Paragraphs, vocabulary: Vocabulary) -> _Hit | None:
    """The phrase with what stands around it and belongs to the name."""
    text, start, end = whole.text, match.start(), match.end()
    name = entry.name
    if entry.tail == "name":
        own = _OWN_NAME.match(text, end)
        if own is None:
            return None
        return _Hit(start, own.end(), entry, f"{name} {own['name']}", False)
    if entry.front and (front := _FRONT.search(text, max(0, start - 40), start)):
        start = front.start()
        name = f"{front['front']}i {name}"
    said = ""
    if entry.tail == "voivodeship" and (of := _OF_VOIVODESHIP.match(text, end)) and of["of"]:
        said, end = f" {of['of']}", of.end()
    elif entry.tail == "town" and (of_powiat := _OF_POWIAT.match(text, end)):
        said, end = of_powiat.group(), of_powiat.end()
    elif entry.tail and (inside := _IN_TOWN.match(text, end)):
        # a known seat ends where it ends ("w Nowym Dworze Mazowieckim Filia"), other names where their case does
        known = (town for town in _shorter(inside["town"]) if _joined(town) in vocabulary.locatives)
        town = next(known, inside["town"])
        said, end = f" {inside['w'].lower()} {_joined(town)}", inside.start("town") + len(town)
    elif entry.tail == "town" and (behind := _TOWN.match(text, end)):
        for town in _shorter(behind["town"]):
            if seat := vocabulary.seats.get(_joined(town)):
                said, end = f" {seat}", behind.start("town") + len(town)
                break
    bare = not said and start == match.start() and entry.tail is not None
    if bare and entry.acronym:
        bare = not (_BESIDE.match(text, end) or _BESIDE_BEFORE.search(text, max(0, start - 12), start))
    return _Hit(start, end, entry, name + said, bare)


def _joined(town: str) -> str:
    """The town as the register prints it: no spaces at hyphens, no capitals throughout."""
    town = re.sub(_HYPHEN, "-", town)
    return town.title() if town.isupper() else town


def _shorter(words: str) -> Iterator[str]:
    """The words, then ever fewer of them."""
    while words:
        yield words
        cut = max(words.rfind(" "), words.rfind("\u00a0"))
        words = words[:cut] if cut > 0 else ""


def _shorten(hits: Sequence[_Hit]) -> None:
    """A name that runs on past one the text gives elsewhere is that one: the words behind it are the sentence's."""
    names = {_key(hit.name): hit.name for hit in reversed(hits) if hit.entry.tail == "name"}
    for hit in hits:
        if hit.entry.tail == "name":
            key = _key(hit.name)
            gaps = [gap.start() for gap in re.finditer(" ", key)]
            hit.name = next((names[key[:gap]] for gap in gaps if key[:gap] in names), hit.name)


def _key(name: str) -> str:
    return re.sub(r"\W+", " ", fold(name)).strip()
