"""The pages as a reader gets them."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import pytest

from tests.publish import newsroom
from tests.publish.conftest import Get

PAGES = [
    "/",
    "/?dzien=2026-03-02",
    "/news",
    "/news/articles",
    "/news/articles?_kolumny=wszystkie",
    "/news/articles?_search=nab%C3%B3r&voivodeship=26",
    "/news/articles?_sort=zla",
    "/news/calls",
    "/news/amounts",
    "/news/office_runs",
    "/news/otwarte_nabory?dzien=2026-03-02",
    "/news/pieniadze_wedlug_programow",
    "/news/nowosci_w_wojewodztwie?wojewodztwo=26",
    "/news?sql=select+title,+url+from+articles",
    "/nie-ma-takiej",
]


async def tree(get: Get, path: str) -> Any:
    return lxml.html.document_fromstring((await get(path)).content)


async def hostile(get: Get) -> str:
    """The address of the article that came from a bad page."""
    rows = (await get("/news/articles.json?_shape=array&_size=max&url__startswith=javascript")).json()
    return f"/news/articles/{rows[0]['id']}"


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_polish_whole_and_asks_nothing_of_other_hosts(get: Get, path: str) -> None:
    page = await tree(get, path)
    assert page.get("lang") == "pl"
    assert len(page.cssselect("h1")) == 1
    assert page.cssselect("main")
    assert page.xpath("//script | //style | //@style | //@onclick") == []
    loaded = page.xpath("//link[@rel!='alternate']/@href | //img/@src")
    assert all(address.startswith("/-/wiesci/") for address in loaded)


@pytest.mark.asyncio
async def test_every_answer_forbids_what_is_not_ours(get: Get) -> None:
    for path in ("/", "/news/articles", "/news/articles.json", "/news/articles.csv", "/nie-ma", "/-/wiesci/wiesci.css"):
        headers = (await get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.asyncio
async def test_the_style_sheet_is_served(get: Get) -> None:
    reply = await get("/-/wiesci/wiesci.css")
    assert reply.status_code == 200
    assert "http" not in reply.text
    assert (await get("/-/wiesci/../plugin.py")).status_code == 404


@pytest.mark.asyncio
async def test_the_front_page_shows_newest_articles_open_calls_and_voivodeships(get: Get) -> None:
    page = await tree(get, "/?dzien=2026-03-02")
    assert page.cssselect(".news time")[0].text == "2\xa0marca\xa02026"
    assert len(page.cssselect(".news li")) == 10
    assert page.cssselect(".calls .left")[0].text_content().startswith("ostatni dzień")
    tiles = page.cssselect(".tile")
    assert len(tiles) == 16
    assert sum(int(tile.cssselect("b")[0].text) for tile in tiles) == 320
    assert page.cssselect("form[role=search] input[name=_search]")


@pytest.mark.asyncio
async def test_the_front_page_without_a_day_is_today_s(get: Get) -> None:
    for path in ("/", "/?dzien=wczoraj", "/?dzien=2026-99-99"):
        assert (await get(path)).status_code == 200
    assert "Dziś, " in (await get("/?dzien=jutro")).text


@pytest.mark.asyncio
async def test_an_empty_database_still_has_its_pages(tmp_path: Any) -> None:
    from crawler.publish.serve import datasette_of
    from tests.publish.conftest import reader

    get = reader(datasette_of(newsroom.build(tmp_path / "news.db", articles=0, hostile=False)))
    for path in ("/", "/news", "/news/articles", "/news/otwarte_nabory"):
        assert (await get(path)).status_code == 200


@pytest.mark.asyncio
async def test_another_database_keeps_plain_pages(tmp_path: Any) -> None:
    from crawler.publish.serve import datasette_of
    from tests.publish.conftest import reader

    get = reader(datasette_of(newsroom.build(tmp_path / "inna.db", articles=3, hostile=False)))
    for path in ("/", "/inna", "/inna/articles", "/inna/amounts"):
        assert (await get(path)).status_code == 200


@pytest.mark.asyncio
async def test_facets_carry_polish_words_in_the_order_of_the_metadata(get: Get) -> None:
    page = await tree(get, "/news/articles")
    assert [summary.text for summary in page.cssselect(".facet summary")] == [
        "Rodzaj urzędu",
        "Województwo",
        "Rodzaj",
        "Rok",
        "Urząd",
        "Program",
        "Miejsce w tekście",
    ]
    words = {span.text for span in page.cssselect(".facet li span")}
    assert {"powiatowy urząd pracy", "świętokrzyskie", "nabór", "2026"} <= words


@pytest.mark.asyncio
async def test_a_filter_can_be_taken_away_again(get: Get) -> None:
    page = await tree(get, "/news/articles?voivodeship=26&kind__not=job&_search=kielcach")
    chips = {chip.text_content().strip("✕ \n"): chip.get("href") for chip in page.cssselect(".chips.active a")}
    assert set(chips) == {"„kielcach”", "Województwo jest świętokrzyskie", "Rodzaj nie jest oferta pracy"}
    assert chips["Województwo jest świętokrzyskie"] == "/news/articles?kind__not=job&_search=kielcach"
    assert chips["„kielcach”"] == "/news/articles?voivodeship=26&kind__not=job"


@pytest.mark.asyncio
async def test_values_read_as_poles_write_them(get: Get) -> None:
    page = await tree(get, "/news/amounts?grosze=1250000")
    assert page.cssselect(".col-grosze .number")[0].text == "12\xa0500,00\xa0zł"
    page = await tree(get, "/news/amounts?currency=EUR&_size=1")
    assert page.cssselect(".col-grosze .number")[0].text.endswith(",00\xa0€")
    page = await tree(get, "/news/attachments?_size=1")
    assert re.fullmatch(r"350,\d\xa0KB", page.cssselect(".col-declared_bytes .number")[0].text)
    page = await tree(get, "/news/articles?voivodeship=26&_size=1")
    place = page.cssselect("td.col-voivodeship a")[0]
    assert (place.text, place.get("href")) == ("świętokrzyskie", "/news/articles?voivodeship=26")


@pytest.mark.asyncio
async def test_json_and_csv_keep_the_codes(get: Get) -> None:
    row = (await get("/news/amounts.json?grosze=1250000&_shape=array")).json()[0]
    assert (row["grosze"], row["currency"], row["role"]) == (1_250_000, "PLN", "pool")
    header, first = (await get("/news/articles.csv?voivodeship=26&_size=1&_col=voivodeship&_col=kind")).text.split()
    assert header == "id,voivodeship,kind"
    assert first.split(",")[1] == "26"


@pytest.mark.asyncio
async def test_the_download_links_of_a_list_work(get: Get) -> None:
    page = await tree(get, "/news/articles?kind=call")
    links = {link.text: link.get("href") for link in page.cssselect(".exports a")}
    files = {"CSV", "CSV – wszystkie wiersze", "CSV dla Excela", "XLSX", "JSON", "NDJSON", "Parquet"}
    assert set(links) == files | {"Atom", "JSON Feed", "Kalendarz"}
    for name in ("CSV", "CSV – wszystkie wiersze"):
        reply = await get(links[name])
        assert reply.headers["content-type"].startswith("text/csv")
        assert "attachment" in reply.headers["content-disposition"]
        assert reply.text.count("\nid") == 0
        assert len(reply.text.splitlines()) > 80
    assert len((await get(links["JSON"])).json()) == 80


@pytest.mark.asyncio
async def test_the_page_of_a_row_names_what_it_points_to(get: Get) -> None:
    row = (await get("/news/articles.json?kind=call&_size=1&_shape=array")).json()[0]
    page = await tree(get, f"/news/articles/{row['id']}")
    office = page.cssselect("dl.fields .col-office a")[0]
    assert office.text == next(one.name for one in newsroom.SOURCES if one.id == row["office"])
    assert (await get(office.get("href"))).status_code == 200
    assert page.cssselect("h1")[0].text_content() == row["title"]
    source = page.cssselect(".source a")[0]
    assert source.get("href") == row["url"]
    assert "noopener" in source.get("rel")


@pytest.mark.asyncio
async def test_the_page_of_an_article_shows_what_was_read_from_it_and_the_words(get: Get) -> None:
    row = (await get("/news/articles.json?kind=call&voivodeship=26&_size=1&_shape=array")).json()[0]
    page = await tree(get, f"/news/articles/{row['id']}")
    sections = [heading.text for heading in page.cssselect(".evidence h3")]
    assert sections == ["Data publikacji", "Nabory", "Daty", "Kwoty", "Miejsca", "Programy"]
    amount = (await get(f"/news/amounts.json?article={row['id']}&_shape=array")).json()[0]
    assert amount["raw"] in [words.text_content() for words in page.cssselect(".evidence q")]
    assert "\n".join(block.text_content() for block in page.cssselect(".story p")) == row["text"]


@pytest.mark.asyncio
async def test_what_a_bad_page_left_stays_text(get: Get) -> None:
    address = await hostile(get)
    for path in (address, "/news/articles?_size=max&_kolumny=wszystkie", "/news/articles?_size=max", "/news/addresses",
                 "/news/nowosci_w_wojewodztwie", "/news/articles?_search=pr%C3%B3b%C4%99"):  # fmt: skip
        page = await tree(get, path)
        assert page.xpath("//script | //main//img") == []
        led = page.xpath("//@href | //@src | //@action")
        assert [address for address in led if re.match(r"\s*(javascript|data|vbscript):", address)] == []
    assert "&lt;script&gt;" in (await get(address)).text


@pytest.mark.asyncio
async def test_technical_tables_are_neither_listed_nor_shown(get: Get) -> None:
    page = (await get("/news?_show_hidden=1")).text
    for table in ("understood", "article_keys", "progress", "stale_runs", "_sqlite_migrations", "articles_fts_data"):
        assert (await get(f"/news/{table}")).status_code == 403
        assert (await get(f"/news/{table}.json")).status_code == 403
        assert f"/news/{table}" not in page


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/news/nie_ma", 404, "Nie ma takiej strony"),
        ("/news/articles/nie-ma", 404, "Nie ma takiej strony"),
        ("/news/understood", 403, "Ta strona nie jest udostępniona"),
        ("/news/articles?_sort=zla", 400, "Nie rozumiem tego pytania"),
        ("/news/articles?_size=abc", 400, "Nie rozumiem tego pytania"),
    ],
)
async def test_a_mishap_is_told_in_polish(get: Get, capfd: Any, path: str, status: int, words: str) -> None:
    reply = await get(path)
    assert reply.status_code == status
    assert words in reply.text
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.asyncio
async def test_datasette_s_own_pages_are_still_there(get: Get) -> None:
    assert (await get("/-/settings.json")).json()["suggest_facets"] is False
    assert (await get("/-/versions.json")).status_code == 200
    assert (await get("/-/metadata.json")).json()["title"] == "Wieści"
    assert (await get("/.json")).json()["news"]["tables_count"] > 20
