"""The places of Poland's TERYT register with the forms in which Polish text names them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from normalize.model import PlaceLevel

DATA = Path(__file__).with_name("data")
Adjectives = Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
"""First word of an inflected adjective to (further words, codes), longest first."""
MARKS = "^?!"
CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "locative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit of the register: a voivodeship (two digits), a powiat or a city with powiat rights (four)."""

    teryt: str
    level: PlaceLevel
    name: str
    """As it is shown: "województwo świętokrzyskie", "powiat kielecki", "Kielce"."""
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of a name in some of its cases; its first word is the key it is filed under."""

    rest: tuple[str, ...]
    """The words after the first, in small letters."""
    teryt: str
    level: PlaceLevel
    name: str
    cases: frozenset[str]
    mark: str
    """What the form needs around it: "" nothing, "^" not the start of a sentence, "?" a word that asks for its case,
    "!" a word that names a town."""
    doubt: int = 0
    """Regions: 1 unless another voivodeship's office speaks, 2 only where that voivodeship is known from elsewhere."""


@dataclass(frozen=True, kw_only=True)
class Gazetteer:
    """Everything `places.find` needs to know, ready for look-up by word; never changes."""

    units: tuple[Unit, ...]
    names: Mapping[str, tuple[Form, ...]]
    """First word of a town's or region's form (small letters) to its forms, longest first."""
    powiats: Adjectives
    """Ten of them stand for several powiats."""
    voivodeships: Adjectives
    before: Mapping[str, frozenset[str]]
    """A word in front of a name to the cases it asks for."""
    other_stems: tuple[str, ...]
    other_followers: frozenset[str]
    other_fronts: frozenset[str]
    first_names: frozenset[str]
    titles: frozenset[str]
    gmina_cities: frozenset[str]
    seats: Mapping[str, str]
    """Powiat to the code its seat is reported under (a city's own where it has powiat rights)."""
    locatives: Mapping[str, str]
    """Name of a town to its locative: "Kielce" to "Kielcach"."""
    shadows: Mapping[str, frozenset[str]]
    """Code of a town to the voivodeships where its bare name may mean another place (Krosno: Krosno Odrzańskie)."""
    labels: Mapping[tuple[str, PlaceLevel], str] = field(repr=False)

    @staticmethod
    def bundled() -> Gazetteer:
        return _bundled()


def _lines(name: str) -> Iterator[dict[str, str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    header = lines[1].split("\t")
    for line in lines[2:]:
        yield dict(zip(header, line.split("\t"), strict=True))


def words(name: str) -> tuple[str, ...]:
    """A name's words in small letters; hyphens part words too, since pages print them with and without spaces."""
    return tuple(name.lower().replace("-", " ").split())


def _masculine(adjective: str) -> Iterator[tuple[str, ...]]:
    """All forms of "kielecki", "czarnkowsko-trzcianecki", "łódzki wschodni", masculine and plural."""
    *fixed, last = words(adjective)
    stem = last.removesuffix("i")
    first_declines = bool(fixed) and fixed[0].endswith("i")
    for ending in ("i", "iego", "iemu", "im", "ie", "ich", "imi"):
        head = [fixed[0].removesuffix("i") + ending] if first_declines else fixed
        yield (*head, stem + ending)


def _neuter(adjective: str) -> Iterator[tuple[str, ...]]:
    """All forms of "świętokrzyskie" that stand beside województwo or region."""
    *fixed, last = words(adjective)
    stem = last.removesuffix("ie")
    for ending in ("ie", "i", "iego", "iemu", "im", "iem", "ich", "imi"):
        yield (*fixed, stem + ending)


def _towns(short: Mapping[str, str]) -> Iterator[tuple[str, Form]]:
    for row in _lines("towns.tsv"):
        name = row["nominative"].rstrip(MARKS)
        surfaces: dict[str, set[str]] = {}
        for case in CASES:
            surfaces.setdefault(row[case], set()).add(case)
        for surface, cases in surfaces.items():
            bare = surface.rstrip(MARKS)
            first, *rest = words(bare)
            form = Form(tuple(rest), row["code"], "town", name, frozenset(cases), surface[len(bare) :])
            yield first, form
            if rest and (shortened := short.get(rest[-1][: rest[-1].rfind("k") + 1])):
                yield first, replace(form, rest=(*rest[:-1], shortened))


def _regions() -> Iterator[tuple[str, Form]]:
    for row in _lines("voivodeships.tsv"):
        for surface in filter(None, row["regions"].split("|")):
            bare = surface.rstrip("~?")
            marks = surface[len(bare) :]
            first, *rest = words(bare)
            name = f"województwo {row['name']}"
            cases = frozenset({"genitive"} if "?" in marks else CASES)
            mark = "?" if "?" in marks else ""
            yield first, Form(tuple(rest), row["code"], "voivodeship", name, cases, mark, marks.count("~"))


def _first_name(name: str) -> Iterator[str]:
    """A first name in the cases in which a surname may follow; forms that do not exist harm nothing."""
    yield name
    if name.endswith("a"):
        yield from (name[:-1] + ending for ending in ("y", "i", "ę", "ą", "ie"))
    else:
        stem = name[:-2] + "k" if name.endswith("ek") else name.removesuffix("y")
        yield from (stem + ending for ending in ("a", "owi", "em", "iem", "ego", "emu", "ym", "im"))


def _by_first_word(forms: Mapping[tuple[str, ...], list[str]]) -> Adjectives:
    filed: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for form, codes in sorted(forms.items(), key=lambda item: -len(item[0])):
        filed.setdefault(form[0], []).append((form[1:], tuple(codes)))
    return {first: tuple(rest) for first, rest in filed.items()}


@cache
def _bundled() -> Gazetteer:
    hints = tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))
    names: dict[str, list[Form]] = {}
    towns: dict[str, str] = {}
    for first, form in (*_towns(hints["short"]), *_regions()):
        names.setdefault(first, []).append(form)
        if form.level == "town":
            towns[form.name] = form.teryt
    units: list[Unit] = []
    of_powiats: dict[tuple[str, ...], list[str]] = {}
    seats: dict[str, str] = {}
    for row in _lines("powiats.tsv"):
        code, name = row["code"], row["name"]
        if row["kind"] == "city":
            units.append(Unit(teryt=code, level="town", name=name, seat=name))
            continue
        units.append(Unit(teryt=code, level="powiat", name=f"powiat {name}", seat=row["seat"]))
        seats[code] = towns[row["seat"]]
        for form_words in _masculine(name):
            of_powiats.setdefault(form_words, []).append(code)
    of_voivodeships: dict[tuple[str, ...], list[str]] = {}
    for row in _lines("voivodeships.tsv"):
        units.append(Unit(teryt=row["code"], level="voivodeship", name=f"województwo {row['name']}"))
        for form_words in _neuter(row["name"]):
            of_voivodeships[form_words] = [row["code"]]
    shadows = {code: set(where) for code, where in hints["namesakes"].items()}
    for name, code in towns.items():
        for longer, other in towns.items():
            if longer.startswith(name + " "):
                shadows.setdefault(code, set()).add(other[:2])
    labels: dict[tuple[str, PlaceLevel], str] = {(unit.teryt, unit.level): unit.name for unit in units}
    labels |= {(code, "town"): name for name, code in towns.items()}
    before: dict[str, set[str]] = {}
    for case, listed in hints["before"].items():
        for word in listed.split():
            before.setdefault(word, set()).add(case)
    return Gazetteer(
        units=tuple(sorted(units, key=lambda unit: unit.teryt)),
        names={first: tuple(sorted(forms, key=lambda form: -len(form.rest))) for first, forms in names.items()},
        powiats=_by_first_word(of_powiats),
        voivodeships=_by_first_word(of_voivodeships),
        before={word: frozenset(cases) for word, cases in before.items()},
        other_stems=tuple(hints["other"]["stems"].split()),
        other_followers=frozenset(hints["other"]["followers"].split()),
        other_fronts=frozenset(
            stem + ending
            for stem in hints["other"]["fronts"].split()
            for ending in ["y", "i", "a", "e", "ie", "ego", "iego", "ej", "iej", "ym", "im", "ą", "ych", "ich"]
        ),
        first_names=frozenset(form for name in hints["people"]["first_names"].split() for form in _first_name(name)),
        titles=frozenset(hints["people"]["titles"].split()),
        gmina_cities=frozenset(hints["gmina"]["cities"]),
        seats=seats,
        locatives={row["nominative"].rstrip(MARKS): row["locative"].rstrip(MARKS) for row in _lines("towns.tsv")},
        shadows={code: frozenset(where) for code, where in shadows.items()},
        labels=labels,
    )
