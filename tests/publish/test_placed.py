"""A place in a filter is read in every case and never guessed: where several fit, the reader chooses."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import lxml.html
import pysqlite3
import pytest

from crawler.publish import placed
from crawler.publish.serve import datasette_of
from normalize.gazetteer import Gazetteer
from tests.publish import newsroom

KNOWN = {unit.teryt: unit.name for unit in Gazetteer.bundled().units}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Lublinie", ["0663"]),
        ("w Lublinie", ["0663"]),
        ("Lublińcu", ["2407"]),
        ("Łomży", ["2062"]),
        ("lomza", ["2062"]),
        ("łomżyński", ["2007"]),
        ("powiecie łomżyńskim", ["2007"]),
        ("Warszawie", ["1465"]),
        ("m.st. Warszawa", ["1465"]),
        ("miasto Kielce", ["2661"]),
        ("Kielcach", ["2661"]),
        ("powiat kielecki", ["2604"]),
        ("Starachowicach", ["2611"]),
        ("Bielsku-Białej", ["2461"]),
        ("woj. podlaskie", ["20"]),
        ("woj.podlaskie", ["20"]),
        ("województwie mazowieckim", ["14"]),
        ("Mazowszu", ["14"]),
        ("opolskie", ["16"]),
        ("opolski", ["0612", "1609"]),
        ("bielski", ["2003", "2402"]),
        ("lubelskim", ["06", "0609"]),
        ("woj. lubelskim", ["06"]),
        ("2402", ["2402"]),
        ("Miastko", []),
        ("", []),
    ],
)
def test_the_places_that_words_name_are_found(typed: str, codes: list[str]) -> None:
    assert list(placed.fitting(KNOWN, typed)) == codes


def test_every_town_is_found_by_each_of_its_cases() -> None:
    gazetteer = Gazetteer.bundled()
    for name, locative in gazetteer.locatives.items():
        (nominative,), (found,) = placed.fitting(KNOWN, name), placed.fitting(KNOWN, locative)
        assert nominative == found, (name, locative)


@pytest.mark.asyncio
async def test_where_several_places_fit_each_is_offered_and_none_is_taken(tmp_path: Path) -> None:
    path = newsroom.build(tmp_path / "news.db", articles=20, hostile=False)
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.executemany(
            "INSERT INTO places VALUES (?, ?, ?, ?)",
            [
                ("20", "voivodeship", "województwo podlaskie", "20"),
                ("24", "voivodeship", "województwo śląskie", "24"),
                ("2003", "powiat", "powiat bielski", "20"),
                ("2402", "powiat", "powiat bielski", "24"),
            ],
        )
    client = datasette_of(path).client
    answer = await client.get("/news/articles?_miejsce=bielski&kind=call")
    assert answer.status_code == 400
    page = lxml.html.document_fromstring(answer.content)
    assert "„bielski” może znaczyć różne miejsca" in page.cssselect(".intro")[0].text_content()
    links = page.cssselect(".chips a")
    assert [link.text_content() for link in links] == ["powiat bielski (podlaskie)", "powiat bielski (śląskie)"]
    assert links[1].get("href") == "/news/articles?kind=call&_miejsce=2402"
    assert (await client.get(links[1].get("href"))).status_code == 200
    told = await client.get("/news/articles.json?_miejsce=bielski")
    assert told.status_code == 400
    assert [one["value"] for one in told.json()["choices"]] == ["2003", "2402"]
    chosen = await client.get("/news/articles", params={"_miejsce": "powiat bielski (śląskie)"})
    assert chosen.headers["location"] == "/news/articles?_miejsce=2402"
