"""The five real documents, each in its family's markup and in two unfamiliar ones: the whole record must come out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler import registry
from crawler.practice.site import read_sites
from normalize import Article, Capture, Office, normalize
from tests import seeds

pytestmark = pytest.mark.skipif(not seeds.FOLDER.is_dir(), reason=seeds.MISSING)

SKELETONS = ("family", "unfamiliar", "flat")


def _read(number: str, skeleton: str) -> tuple[seeds.Seed, Article]:
    seed = next(one for one in seeds.all_seeds() if one.number == number)
    knowledge = registry.load(practice=[]).knowledge()
    office: Any = Office(**seed.office) if skeleton == "family" else None
    body = seed.page(None if skeleton == "family" else skeleton)
    capture = Capture(url=seed.url, body=body, content_type="text/html", fetched=seeds.FETCHED, office=office)
    return seed, normalize(capture, knowledge)


def _line(text: str) -> str:
    return " ".join(text.split()).removeprefix("• ")


def _whole_text(seed: seeds.Seed, begins: str, ends: str, without: tuple[str, ...] = ()) -> list[str]:
    """The document's lines from the one that begins with `begins` to the one that ends with `ends`."""
    lines = [line for line in map(_line, seed.lines()) if line]
    first = next(n for n, line in enumerate(lines) if line.startswith(begins))
    last = next(n for n, line in enumerate(lines) if line.endswith(ends))
    return [line for line in lines[first : last + 1] if not line.startswith(without)]


def _texts(found: Article) -> list[str]:
    return [block.text for block in found.blocks]


def _dates(found: Article) -> set[tuple[str, str | None, str | None]]:
    return {(when.role, when.start, when.end) for when in found.facts.dates}


def _places(found: Article) -> set[str]:
    return {place.teryt for place in found.facts.places}


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_the_polish_article_on_an_english_page(skeleton: str) -> None:
    seed, found = _read("000", skeleton)
    assert found.title == seed.lines()[0]
    assert _texts(found) == _whole_text(seed, "To największy projekt społeczny", "i gminą Boćki.")
    assert (found.published, found.modified, found.author, found.photo_credit) == (None, None, None, None)
    assert found.language == "pl"
    assert _dates(found) == {("mention", "2019", "2019")}
    assert [(one.grosze, one.approximate, one.role) for one in found.facts.amounts] == [(2_000_000_000, True, "grant")]
    assert {"2007", "2006", "2014", "2013", "2005", "2010", "2003", "2062", "20"} <= _places(found)
    assert "efs" in {programme.id for programme in found.facts.programmes}
    quantities = {(one.value, one.unit) for one in found.facts.quantities}
    assert {(860, "persons"), (60, "percent"), (26, "institutions")} <= quantities


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_the_meeting_with_four_presentations(skeleton: str) -> None:
    seed, found = _read("001", skeleton)
    dropped = (
        "Prezentacje ze spotkania",
        "Założenia projektowe",
        "Regionalny hub",
        "Aktualna sytuacja",
        "System wsparcia",
    )
    assert found.title == "Innowacje społeczne w projekcie IN SITU"
    assert _texts(found) == _whole_text(seed, "17 września 2019", "(Vienna Board of Education).", dropped)
    assert (found.published, found.author, found.photo_credit) == (None, None, "Tomasz Żak / UMWS")
    assert _dates(found) == {("event", "2019-09-17", "2019-09-17")}
    assert found.facts.amounts == ()
    assert [(file.declared_bytes, file.media_type) for file in found.attachments] == [
        (size, "application/pdf") for size in (1029120, 311296, 1048576, 630784)
    ]
    assert found.attachments[0].label == "Założenia projektowe"
    assert _places(found) == {"24"}
    names = {programme.name for programme in found.facts.programmes}
    assert any("Europa Środkowa" in name for name in names)


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_the_project_for_foreigners_with_its_amount_said_twice(skeleton: str) -> None:
    seed, found = _read("002", skeleton)
    assert found.title == "Nowy projekt na rzecz integracji i aktywizacji zawodowej cudzoziemców"
    assert _texts(found) == _whole_text(seed, "W okresie od 1 lipca 2022", "przy ul. Sienkiewicza 78A.")
    assert (found.published, found.author, found.photo_credit) == ("2022-06-01", "Krzysztof Kalita", None)
    assert ("period", "2022-07-01", "2023-12-31") in _dates(found)
    assert ("act", "2022-03-12", "2022-03-12") in _dates(found)
    assert ("mention", "2022-02-24", "2022-02-24") in _dates(found)
    (amount,) = found.facts.amounts
    assert (amount.grosze, amount.currency, amount.role, amount.approximate) == (105_975_000, "PLN", "grant", False)
    assert [mention.raw for mention in amount.mentions] == ["1 059 750,00 zł"] * 2
    assert "26" in _places(found)
    assert "NIP" not in found.text
    quantities = {(one.value, one.unit) for one in found.facts.quantities}
    assert {(1200, "persons"), (800, "persons"), (50, "persons"), (600, "persons"), (20, "courses")} <= quantities
    assert sum(block.kind == "item" for block in found.blocks) == 4


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_the_second_meeting_of_the_thematic_group(skeleton: str) -> None:
    seed, found = _read("003", skeleton)
    assert found.title == seed.lines()[0]
    assert _texts(found) == _whole_text(seed, "3 marca w siedzibie", "i porządkowo-budowlanej.")
    assert (found.published, found.author, found.photo_credit) == (None, None, None)
    assert _dates(found) == {("event", "--03-03", "--03-03")}
    assert found.facts.amounts == ()
    assert {"2610", "26"} <= _places(found)
    if skeleton == "family":
        assert len(found.images) == 8
        assert [image.caption for image in found.images] == [found.title, *[None] * 7]


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_the_half_year_of_model_cooperation_in_an_old_table(skeleton: str) -> None:
    seed, found = _read("004", skeleton)
    assert found.title == "Podsumowanie modelowych działań w pierwszym półroczu 2013"
    assert _texts(found) == [line for line in map(_line, seed.lines()[seed.title_line + 2 :]) if line]
    assert (found.published, found.author, found.photo_credit) == ("2013-07-11", None, None)
    assert ("period", "2013-H1", "2013-H1") in _dates(found)
    assert ("period", "2013-01", "2013-06") in _dates(found)
    assert any(role == "period" and end in ("2014-02-28", "2014-02") for role, _, end in _dates(found))
    assert found.facts.amounts == ()
    assert found.language == "pl"
    quantities = {(one.value, one.unit) for one in found.facts.quantities}
    assert {(74, "persons"), (154, "persons"), (8, "meetings")} <= quantities


def test_the_seeds_are_mounted_as_practice_sites(tmp_path: Path) -> None:
    hosts = seeds.mount(tmp_path)
    assert hosts == ["mapadotacji.test", "europasrodkowa.test", "siew.test", "es-umws.test", "wrzos.test"]
    assert sorted(read_sites([tmp_path])) == sorted(hosts)
