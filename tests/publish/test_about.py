""" "O danych": its figures are those of the database, its contact is the operator's, a report names its record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
import pytest

from crawler.publish.serve import datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader

PAGE = "/-/o-danych"


async def tree(get: Get, path: str = PAGE) -> Any:
    reply = await get(path)
    assert reply.status_code == 200
    return lxml.html.document_fromstring(reply.content)


def words(page: Any, anchor: str) -> str:
    section = page.xpath(f"//section[@aria-labelledby='{anchor}']")[0]
    return " ".join(section.text_content().replace("\xa0", " ").split())


@pytest.fixture
def changed(tmp_path: Path) -> Any:
    """A newsroom of its own to write into, and its path."""
    path = newsroom.build(tmp_path / "news.db", articles=30, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    yield connection, path
    connection.close()


@pytest.mark.asyncio
async def test_it_has_every_part_and_the_chips_lead_to_them(get: Get) -> None:
    page = await tree(get)
    led = [address[1:] for address in page.xpath("//ul[@class='chips']//@href")]
    ids = set(page.xpath("//@id"))
    assert {"zrodla", "braki", "odczyt", "warunki", "prywatnosc", "usuniecie", "zglos-blad", "kontakt"} == set(led)
    assert set(led) | {"licencje"} <= ids
    assert [heading.tag for heading in page.cssselect("main h1, main h2, main h3")].count("h1") == 1


@pytest.mark.asyncio
async def test_what_the_law_asks_to_be_told_is_told(get: Get) -> None:
    told = words(await tree(get), "warunki")
    for part in ("ustawa z dnia 11 sierpnia 2021 r.", "źródło", "czas wytworzenia", "czas pozyskania", "przetworzono"):
        assert part in told
    private = words(await tree(get), "prywatnosc")
    for part in ("PESEL", "art. 6 ust. 1 lit. f RODO", "sprzeciw", "skargę do Prezesa Urzędu Ochrony Danych"):
        assert part in private


@pytest.mark.asyncio
async def test_the_figures_are_counted_from_the_database(database: Path, get: Get) -> None:
    connection = pysqlite3.connect(str(database))
    undated = connection.execute("SELECT count(*) FROM articles WHERE published IS NULL").fetchone()[0]
    page = await tree(get)
    sources = words(page, "zrodla")
    assert f"jest {len(newsroom.SOURCES)} źródeł" in sources
    assert "powiatowy urząd pracy: 6" in sources
    assert "1 z 1 powiatów i miast na prawach powiatu" in sources
    assert "opolskie, podkarpackie, podlaskie" in sources
    assert "320 artykułów" in sources
    assert f"{undated} artykułów nie ma znanej daty" in words(page, "braki")


@pytest.mark.asyncio
async def test_doubts_and_licences_come_from_the_register(changed: Any) -> None:
    connection, path = changed
    connection.execute("UPDATE offices SET doubt = 'Adres tylko <b>według</b> wzoru.' WHERE id = 'pup-elk'")
    connection.execute(
        "UPDATE offices SET licence = 'https://creativecommons.org/licenses/by/4.0/deed.pl' WHERE kind = 'wup'"
    )
    connection.execute("UPDATE offices SET licence = 'javascript:alert(1)' WHERE id = 'pup-elk'")
    page = await tree(reader(datasette_of(path)))
    assert "Powiatowy Urząd Pracy w Ełku: Adres tylko <b>według</b> wzoru." in words(page, "braki")
    told = words(page, "warunki")
    assert "deed.pl: 3 źródła" in told
    assert "nieznane albo niepodane na stronie: 9 źródeł" in told
    assert "javascript:alert(1): 1 źródło (Powiatowy Urząd Pracy w Ełku)" in told
    assert not [one for one in page.xpath("//@href") if one.startswith("javascript")]


@pytest.mark.asyncio
async def test_without_a_contact_the_page_says_that_none_was_given(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIESCI_CONTACT", raising=False)
    monkeypatch.delenv("WIESCI_REPORTS", raising=False)
    page = await tree(get)
    assert "nie podał adresu do kontaktu" in words(page, "kontakt")
    assert "nie podał jeszcze adresu" in words(page, "zglos-blad")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("redakcja@przyklad.test", "mailto:redakcja@przyklad.test"),
        ("mailto:redakcja@przyklad.test", "mailto:redakcja@przyklad.test"),
        ("https://przyklad.test/kontakt", "https://przyklad.test/kontakt"),
        ("ul. Długa 1, 25-000 Kielce", None),
        ("javascript:alert(1)", None),
        ('"><script>alert(1)</script>@zly.test', None),
    ],
)
async def test_the_contact_is_the_operator_s_and_only_an_address_becomes_a_link(
    database: Path, monkeypatch: pytest.MonkeyPatch, told: str, address: str | None
) -> None:
    monkeypatch.setenv("WIESCI_CONTACT", told)
    page = await tree(reader(datasette_of(database)))
    section = page.xpath("//section[@aria-labelledby='kontakt']")[0]
    assert section.xpath(".//@href") == ([address] if address else [])
    assert told.removeprefix("mailto:") in words(page, "kontakt")
    assert page.xpath("//main//script") == []


@pytest.mark.asyncio
async def test_reports_go_where_reports_go_when_no_other_contact_is_set(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WIESCI_CONTACT", raising=False)
    monkeypatch.setenv("WIESCI_REPORTS", "bledy@przyklad.test")
    assert "bledy@przyklad.test" in words(await tree(get), "kontakt")


@pytest.mark.asyncio
async def test_a_report_names_its_record_and_so_does_the_letter(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIESCI_CONTACT", "redakcja@przyklad.test")
    row = (await get("/news/articles.json?kind=call&_size=1&_shape=array")).json()[0]
    for asked in (row["id"], f"articles%2F{row['id']}"):
        for parameter in ("zapis", "rekord"):
            page = await tree(get, f"{PAGE}?{parameter}={asked}")
            section = page.xpath("//section[@aria-labelledby='zglos-blad']")[0]
            assert f"articles/{row['id']}" in section.text_content()
            assert f"/news/articles/{row['id']}" in section.xpath(".//@href")
            letter = section.xpath(".//a[starts-with(@href, 'mailto:')]/@href")[0]
            assert f"articles/{row['id']}" in letter


@pytest.mark.asyncio
@pytest.mark.parametrize("asked", ["nie-ma", "articles%2Fnie-ma", "understood%2F1", "%3Cscript%3E", "x" * 5000, "%00"])
async def test_a_record_that_is_not_there_is_said_not_to_be(get: Get, asked: str) -> None:
    page = await tree(get, f"{PAGE}?zapis={asked}")
    assert "Nie mamy zapisu" in page.cssselect(".message")[0].text_content()
    assert page.xpath("//main//script") == []


@pytest.mark.asyncio
async def test_every_page_leads_there_from_its_footer(get: Get) -> None:
    for path in ("/", "/news", "/news/articles", "/news/otwarte_nabory", "/-/slownik", "/-/api", "/nie-ma"):
        page = lxml.html.document_fromstring((await get(path)).content)
        assert {PAGE, f"{PAGE}#zglos-blad"} <= set(page.xpath("//footer//@href")), path


@pytest.mark.asyncio
async def test_an_empty_database_has_the_page_and_another_one_has_not(tmp_path: Path) -> None:
    empty = reader(datasette_of(newsroom.build(tmp_path / "news.db", articles=0, hostile=False)))
    assert "0 artykułów" in words(await tree(empty), "zrodla")
    other = reader(datasette_of(newsroom.build(tmp_path / "inna.db", articles=1, hostile=False)))
    assert (await other(PAGE)).status_code == 404


@pytest.mark.asyncio
async def test_cities_with_a_powiat_s_rights_count_among_the_served_and_among_all(changed: Any) -> None:
    connection, path = changed
    towns = [("3062", "Konin"), ("3064", "Poznań"), ("2661", "Kielce")]
    connection.executemany("INSERT INTO places VALUES (?, 'town', ?, substr(?1, 1, 2))", towns)
    connection.execute("INSERT INTO office_powiats VALUES ('pup-konin', '3062')")
    sources = words(await tree(reader(datasette_of(path))), "zrodla")
    assert "2 z 4 powiatów i miast na prawach powiatu" in sources
