"""Lists as readers narrow them: in their own words, by what stands in other tables, with names in place of codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
import pytest

from crawler.publish import asked, mishaps, narrowing
from crawler.publish.serve import datasette_of
from tests.publish import storied
from tests.publish.conftest import Get, reader

CRECHE = "Żłobek przy urzędzie: świetlica dla dzieci kursantów"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tale, with a topic, an organisation and a title in capitals that only Polish has."""
    path = storied.build(tmp_path_factory.mktemp("lists") / "news.db")
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute("INSERT INTO organisations VALUES ('pfron', 'Fundusz Rehabilitacji', 'pfron')")
    for article in (storied.ANNOUNCED, storied.COPY):
        connection.execute("INSERT INTO article_topics VALUES (?, 'szkolenia', 'szkolen*')", [article])
    connection.execute(
        "INSERT INTO article_organisations VALUES (?, 'pfron', 'PFRON', 'acronym', 'high')", [storied.ANNOUNCED]
    )
    connection.execute("UPDATE articles SET title = ? WHERE id = ?", [CRECHE, storied.GONE])
    connection.close()
    return path


@pytest.fixture
def ask(database: Path) -> Get:
    return reader(datasette_of(database))


async def tree(ask: Get, path: str) -> Any:
    reply = await ask(path)
    assert reply.status_code == 200, path
    return lxml.html.document_fromstring(reply.content)


def said(element: Any) -> str:
    return " ".join(element.text_content().replace("\xa0", " ").split())


def texts(page: Any, selector: str) -> list[str]:
    return [said(element) for element in page.cssselect(selector)]


async def ids(ask: Get, query: str) -> list[str]:
    return [row["id"] for row in (await ask(f"/news/articles.json?{query}&_shape=objects")).json()["rows"]]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("kind=nabór", "kind=call"),
        ("kind__exact=NABOR", "kind=call"),
        ("kind__not=nabór", "kind__not=call"),
        ("voivodeship=Świętokrzyskie", "voivodeship=26"),
        ("voivodeship__endswith=pomorskie", "voivodeship__in=04%2C22%2C32"),
        ("office__contains=starachow", "office=pup-starachowice"),
        ("office__startswith=wojewódzki", "office__in=wup-kielce%2Cwup-lodz%2Cwup-poznan"),
        ("_miejsce=starachowicki", "_miejsce=2611"),
        ("_miejsce=SWIETOKRZYSKIE", "_miejsce=26"),
        ("_temat=&_program=&_miejsce=&office__contains=&_search=praca", "_search=praca"),
        ("kind__in=nabór,wyniki&_search=praca", "kind__in=call%2Cresults&_search=praca"),
    ],
)
@pytest.mark.asyncio
async def test_a_reader_s_words_lead_to_the_codes_of_the_column(database: Path, typed: str, address: str) -> None:
    reply = await datasette_of(database).client.get(f"/news/articles?{typed}")
    assert reply.status_code == 302
    assert reply.headers["location"].partition("?")[2] == address


@pytest.mark.asyncio
async def test_files_of_a_list_take_the_words_as_they_are(database: Path) -> None:
    client = datasette_of(database).client
    for form in ("json", "csv", "atom"):
        words, codes = [await client.get(f"/news/articles.{form}?kind={kind}") for kind in ("nabór", "call")]
        assert words.status_code == codes.status_code == 200
        if form == "csv":
            assert words.text == codes.text
            assert storied.ANNOUNCED in words.text


@pytest.mark.parametrize("typed", ["kind=call", "kind=nic+takiego", "office__contains=qqq", "title__contains=nabór"])
@pytest.mark.asyncio
async def test_codes_and_words_for_none_stay_as_they_are(database: Path, typed: str) -> None:
    assert (await datasette_of(database).client.get(f"/news/articles?{typed}")).status_code == 200


@pytest.mark.asyncio
async def test_a_chosen_office_is_shown_by_its_name(ask: Get) -> None:
    page = await tree(ask, "/news/articles?office=pup-starachowice")
    assert texts(page, ".chips.active li") == ["Urząd jest Powiatowy Urząd Pracy w Starachowicach ✕"]
    page = await tree(ask, "/news/articles?office__startswith=wojewódzki")
    (chip,) = texts(page, ".chips.active li")
    assert "Wojewódzki Urząd Pracy w Kielcach, Wojewódzki Urząd Pracy w Łodzi" in chip


@pytest.mark.parametrize(
    "sought",
    ["contains=żłobek", "contains=ŻŁOBEK", "startswith=żłobek+PRZY", "endswith=KURSANTÓW", "contains=Świetlica"],
)
@pytest.mark.asyncio
async def test_a_part_of_a_text_is_found_whatever_the_capitals(ask: Get, sought: str) -> None:
    assert await ids(ask, f"title__{sought}") == [storied.GONE]


@pytest.mark.parametrize("sought", ["contains=złobek", "startswith=łobek", "endswith=żłobek", "contains=ż_obek"])
@pytest.mark.asyncio
async def test_other_letters_in_the_place_of_polish_ones_are_not_found(ask: Get, sought: str) -> None:
    assert await ids(ask, f"title__{sought}") == []


NARROWED = {
    "_temat=szkolenia": {storied.ANNOUNCED, storied.COPY},
    "_program=kfs": {storied.ANNOUNCED},
    "_instytucja=pfron": {storied.ANNOUNCED},
    "_miejsce=2611": {storied.ANNOUNCED},
    "_miejsce=26": {storied.ANNOUNCED},
    "_temat=szkolenia&office=pup-elk": {storied.COPY},
    "_temat=szkolenia&_search=dotacje": {storied.ANNOUNCED, storied.COPY},
    "_temat=szkolenia&_miejsce=2611&_search=dotacja": {storied.ANNOUNCED},
    "_temat=nie-ma": set(),
    "_miejsce=' OR 1": set(),
}


@pytest.mark.parametrize("few", [narrowing.FEW, 0])
@pytest.mark.parametrize("query", NARROWED)
@pytest.mark.asyncio
async def test_articles_are_narrowed_by_what_they_speak_of(
    ask: Get, query: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "FEW", few)
    assert set(await ids(ask, query)) == NARROWED[query]
    page = await tree(ask, f"/news/articles?{query}")
    assert len(page.cssselect("td a.title")) == len(NARROWED[query])


@pytest.mark.asyncio
async def test_a_narrowed_list_says_so_and_keeps_it_in_its_form_facets_feeds_and_files(ask: Get) -> None:
    page = await tree(ask, "/news/articles?_temat=szkolenia")
    (chip,) = page.cssselect(".chips.active li a")
    assert said(chip) == "Temat: Szkolenia ✕"
    assert chip.get("href") == "/news/articles"
    assert page.xpath("//form//select[@name='_temat']/option[@selected]/@value") == ["szkolenia"]
    assert not page.xpath("//form//input[@name='_temat']")
    led = [*page.cssselect(".facet li:not(.selected) a"), *page.cssselect(".exports a")]
    assert led
    assert all("_temat=szkolenia" in link.get("href") for link in led)
    atom = await ask("/news/articles.atom?_temat=szkolenia")
    assert atom.text.count("<entry>") == 2


@pytest.mark.asyncio
async def test_calls_are_counted_and_narrowed_by_voivodeship(ask: Get) -> None:
    page = await tree(ask, "/news/calls")
    (link,) = page.cssselect("#facet-voivodeship a")
    assert said(link) == "świętokrzyskie 1"
    page = await tree(ask, link.get("href").removeprefix("http://localhost"))
    assert texts(page, ".chips.active li") == ["Województwo: świętokrzyskie ✕"]
    assert len(page.cssselect("td.col-id")) == 1
    assert len((await tree(ask, "/news/calls?_wojewodztwo=02")).cssselect("td.col-id")) == 0


@pytest.mark.parametrize(
    "row", ["topics/szkolenia", "organisations/pfron", "places/2611", "places/26", "programmes/kfs"]
)
@pytest.mark.asyncio
async def test_a_page_leads_to_the_feed_calendar_and_files_of_its_articles(ask: Get, row: str) -> None:
    page = await tree(ask, f"/news/{row}")
    assert page.cssselect(".news h3 a")
    links = [address for address in page.xpath("//aside//@href") if "/articles." in address]
    assert {address.partition("?")[0].rpartition(".")[2] for address in links} == {
        "atom", "jsonfeed", "ics", "excel", "xlsx", "wholejson", "ndjson", "parquet",
    }  # fmt: skip
    for address in links:
        assert (await ask(address)).status_code == 200, address
    (whole,) = [
        link for link in page.cssselect("a.more") if said(link).startswith("Wszystkie") and "_" in link.get("href")
    ]
    assert storied.ANNOUNCED in str((await ask(whole.get("href"))).text)
    assert page.cssselect("form.among input[type=hidden]")[0].get("name") in whole.get("href")


@pytest.mark.asyncio
async def test_a_powiat_s_page_is_headed_by_what_it_is(ask: Get) -> None:
    assert texts(await tree(ask, "/news/places/2611"), "h1") == ["powiat starachowicki"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("500 tys", 500_000), ("500 tys. zł", 500_000), ("1,5 mln", 1_500_000), ("milion", 1_000_000),
        ("3 miliony", 3_000_000), ("2 mld", 2_000_000_000), ("pół miliona", 500_000), ("ponad 1 000,50 zł", 1000.5),
        ("7 dni", 7), ("-5", None), ("dwa słowa", None), ("1 mln i trochę", None), ("", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_they_are_spoken_of(typed: str, number: float | None) -> None:
    assert asked.number(typed) == number


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("kwoty_powyzej?od_kwoty=-5", "Pole „Od kwoty”: nie rozumiem „-5”. Może tu być kwota, na przykład 500 tys."),
        ("pieniadze_wedlug_programow?rok=dwa", "nie rozumiem „dwa”. Może tu być rok"),
        ("aktywnosc?lata=x", "nie rozumiem „x”. Może tu być liczba"),
        ("otwarte_nabory?dzien=wczoraj", "nie rozumiem „wczoraj”. Może tu być dzień"),
        ("otwarte_nabory?wojewodztwo=99", "nie rozumiem „99”. Może tu być województwo z listy"),
    ],
)
@pytest.mark.asyncio
async def test_what_is_not_understood_in_a_question_is_said(ask: Get, query: str, told: str) -> None:
    assert any(told in message for message in texts(await tree(ask, f"/news/{query}"), ".message"))


@pytest.mark.asyncio
async def test_what_is_understood_needs_no_words(ask: Get) -> None:
    page = await tree(ask, "/news/kwoty_powyzej?od_kwoty=250+tys.&wojewodztwo=26")
    assert texts(page, ".message") == []
    assert set(texts(page, "td.col-kwota")) == {"250 000,00 zł"}
    assert texts(await tree(ask, "/news/kwoty_powyzej?od_kwoty=251+tys."), "td.col-kwota") == []


@pytest.mark.parametrize(
    ("path", "selector", "words"),
    [
        ("/news/runs", "td.col-started", "3 marca 2026, 07:00"),
        ("/news/runs", "td.col-outcome", "zakończony"),
        ("/news/office_runs", "td.col-run a", "3 marca 2026, 07:00"),
        ("/news/revisions", "td.col-seen", "27 lutego 2026, 10:00"),
        ("/news/quantities", "td.col-value", "40"),
        ("/news/attachments", "td.col-media_type", "PDF"),
        ("/news/attachments", "#facet-media_type li", "PDF 1"),
        ("/news/zmiany_po_publikacji", "td.col-jest", "16 marca 2026, 15:30"),
    ],
)
@pytest.mark.asyncio
async def test_cells_read_as_polish(ask: Get, path: str, selector: str, words: str) -> None:
    assert words in texts(await tree(ask, path), selector)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/news/articles/nie-ma", 404, "Nie ma takiego zapisu."),
        ("/news/nic_takiego", 404, "Nie ma takiej tabeli."),
        ("/news/articles?_sort=nic", 400, "Tej listy nie można ułożyć według „nic”."),
        ("/news/articles?title__arraycontains=x", 400, "Ten warunek wymaga kolumny z listą"),
        ("/news/articles?_size=duzo", 400, "_size musi być liczbą dodatnią."),
    ],
)
@pytest.mark.asyncio
async def test_error_pages_are_polish_to_the_detail(ask: Get, path: str, status: int, words: str) -> None:
    reply = await ask(path)
    assert reply.status_code == status
    assert words in said(lxml.html.document_fromstring(reply.content))


def test_an_error_without_polish_words_keeps_its_own() -> None:
    assert mishaps.told("something new") == "something new"


@pytest.mark.parametrize(
    ("search", "beginning"),
    [("-bezrobotny", ""), ("i", ""), ("bezrobotyn", "bezro"), ("-nie bezrobotyn", "bezro"), ("początek*", ""),
     ('"dokładnie tak"', "dokła"), ("", ""), (None, "")],
)  # fmt: skip
def test_the_beginning_to_be_tried_is_one_of_a_long_word_that_is_sought(search: str | None, beginning: str) -> None:
    assert asked.begun(search) == beginning


@pytest.mark.asyncio
async def test_a_list_of_nothing_is_in_no_order(ask: Get) -> None:
    page = await tree(ask, "/news/articles?_search=nicosobliwego")
    assert texts(page, ".count") == ["0 wierszy"]


@pytest.mark.asyncio
async def test_every_voivodeship_has_a_row_and_one_without_anything_a_nought(ask: Get, database: Path) -> None:
    rows = (await ask("/news/wojewodztwa.json?_shape=objects")).json()["rows"]
    assert {name: rows_of(rows, "26")[name] for name in ("wojewodztwo", "zrodla")} == {"wojewodztwo": "26", "zrodla": 2}
    connection = pysqlite3.connect(str(database))
    regions = {row[0] for row in connection.execute("SELECT teryt FROM places WHERE level = 'voivodeship'")}
    assert regions <= {row["wojewodztwo"] for row in rows}


def rows_of(rows: list[dict[str, Any]], region: str) -> dict[str, Any]:
    (found,) = [row for row in rows if row["wojewodztwo"] == region]
    return found


@pytest.mark.asyncio
async def test_an_office_s_days_without_news_are_one_number_wherever_they_are_told(database: Path, ask: Get) -> None:
    connection = pysqlite3.connect(str(database))
    today = connection.execute("SELECT date('now')").fetchone()[0]
    health = (await ask("/news/office_health.json?_shape=objects&_size=max")).json()["rows"]
    asked_for = (await ask(f"/news/stan_zrodel.json?dzien={today}&_shape=objects")).json()["rows"]
    days = {row["office"]: row["days_without_new"] for row in health}
    assert days == {row["zrodlo"]: row["dni_ciszy"] for row in asked_for}
    assert days["pup-starachowice"] is not None
    assert days["ngo-wroclaw"] is not None  # its only article has no date


@pytest.mark.parametrize(
    ("asked", "told", "left"),
    [
        ("published__gt=2099", "tego warunku. Usuń go:", ["?"]),
        (
            "_search=praca&published__gt=2099&_miejsce=2611",
            "wszystkich tych warunków naraz. Usuń jeden z nich:",
            ["?published__gt=2099&_miejsce=2611", "?_search=praca&_miejsce=2611", "?_search=praca&published__gt=2099"],
        ),
    ],
)
@pytest.mark.asyncio
async def test_filters_that_leave_nothing_are_named_with_a_way_to_remove_each(
    ask: Get, asked: str, told: str, left: list[str]
) -> None:
    page = await tree(ask, f"/news/articles?{asked}")
    (zero,) = page.cssselect(".zero-results")
    assert told in said(zero)
    assert "pisowni" not in said(zero)
    assert ["?" + link.get("href").partition("?")[2] for link in zero.cssselect("a")] == left
