"""The front page: its figures, its map, its chart, what it says of coverage, and that it stays quick."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
import pytest
import time_machine

from crawler.publish import coverage, plugin
from crawler.publish import front as page_of
from crawler.publish.serve import datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader


async def tree(get: Get, path: str = "/?dzien=2026-03-02") -> Any:
    reply = await get(path)
    assert reply.status_code == 200
    return lxml.html.document_fromstring(reply.content)


def words(element: Any) -> str:
    return " ".join(element.text_content().replace("\xa0", " ").split())


@pytest.mark.asyncio
async def test_the_chart_is_the_table_beside_it_and_both_are_the_database(database: Path, get: Get) -> None:
    page = await tree(get)
    connection = pysqlite3.connect(str(database))
    published = [
        row[0][:7] for row in connection.execute("SELECT published FROM articles WHERE published >= '2024-04'")
    ]
    counted = Counter(published)
    bars = [int(one) for one in page.xpath("//section[@aria-labelledby='activity']//@data-value")]
    cells = [int(words(cell)) for cell in page.cssselect(".numbers tbody td")]
    assert len(bars) == 24
    assert bars == cells[::-1]
    assert sum(bars) == len(published)
    assert bars[-1] == counted["2026-03"]
    assert "mar 2026" in page.xpath("//section[@aria-labelledby='activity']//svg/@aria-label")[0].replace("\xa0", " ")


@pytest.mark.asyncio
async def test_a_month_leads_to_its_articles(get: Get) -> None:
    page = await tree(get)
    link = page.cssselect(".numbers tbody td a")[0]
    found = (await get(link.get("href").replace("/articles?", "/articles.json?"))).json()
    assert found["filtered_table_rows_count"] == int(words(link))
    assert all(row["published"].startswith("2026-03") for row in found["rows"] if isinstance(row, dict))


@pytest.mark.asyncio
async def test_the_map_counts_articles_and_open_calls_and_leads_to_them(get: Get) -> None:
    page = await tree(get)
    calls = (await get("/news/otwarte_nabory.json?dzien=2026-03-02&_shape=array")).json()
    by_region = Counter(row["wojewodztwo"] for row in calls)
    for tile in page.cssselect(".tile"):
        code = tile.xpath(".//a/@href")[0].rpartition("=")[2]
        told = re.search(r"(\d+) nab", words(tile))
        assert int(told[1] if told else 0) == by_region[code]
        count = int(tile.cssselect("b")[0].text)
        assert (await get(f"/news/articles.json?voivodeship={code}&_size=0")).json()[
            "filtered_table_rows_count"
        ] == count
    assert words(page.cssselect(".calls + p a")[0]) == f"Wszystkie otwarte nabory ({len(calls)})"


@pytest.mark.asyncio
async def test_articles_of_no_voivodeship_are_told_beside_the_map(tmp_path: Path) -> None:
    path = newsroom.build(tmp_path / "news.db", articles=30, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute("UPDATE articles SET voivodeship = NULL WHERE office = 'ngo-wroclaw'")
    (count,) = connection.execute("SELECT count(*) FROM articles WHERE voivodeship IS NULL").fetchone()
    connection.close()
    page = await tree(reader(datasette_of(path)))
    link = page.xpath("//section[@aria-labelledby='regions']//p/a")[0]
    assert words(link).startswith(f"{count} artyku")
    found = await reader(datasette_of(path))(link.get("href").replace("?", ".json?"))
    assert found.json()["filtered_table_rows_count"] == count


@pytest.mark.asyncio
async def test_open_calls_beyond_the_answer_s_limit_are_counted(tmp_path: Path) -> None:
    path = newsroom.build(tmp_path / "news.db", articles=200, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    article, call = connection.execute("SELECT article, call FROM call_articles LIMIT 1").fetchone()
    for number in range(1500):
        connection.execute(
            "INSERT INTO calls SELECT ?, office, '2026-01-01', '2026-12-31', NULL, 'announced', audience, grosze, NULL,"
            " currency, programme, place, raw, method, sure FROM calls WHERE id = ?", (f"x{number}", call)
        )  # fmt: skip
        connection.execute("INSERT INTO call_articles VALUES (?, ?, 'announced', 'x')", (f"x{number}", article))
    connection.execute("UPDATE articles SET published = '2026-02-01' WHERE id = ?", (article,))
    connection.close()
    page = await tree(reader(datasette_of(path)))
    told = re.search(r"\((\d+)\)", words(page.cssselect(".calls + p a")[0]).replace(" ", ""))
    assert told is not None
    assert int(told[1]) >= 1500


@pytest.mark.asyncio
async def test_coverage_states_the_gaps_and_leads_to_them(tmp_path: Path) -> None:
    path = newsroom.build(tmp_path / "news.db", articles=200, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute(
        "INSERT INTO offices (id, kind, name, url, family, confidence)"
        " VALUES ('pup-nowy', 'pup', 'Powiatowy Urząd Pracy w Nowym', 'https://nowy.test/', 'psz', 'low')"
    )
    connection.execute("UPDATE office_runs SET outcome = 'failed', detail = 'timeout' WHERE office = 'pup-elk'")
    connection.execute("DELETE FROM articles WHERE office = 'x'")
    connection.close()
    get = reader(datasette_of(path))
    page = await tree(get)
    section = page.xpath("//section[@aria-labelledby='coverage']")[0]
    assert "mamy 14 źródeł, czytamy 13 z nich" in words(section)
    assert "ostatnie zbieranie: 2 marca 2026" in words(section)
    states = {words(item).rpartition(" ")[0]: item for item in section.cssselect(".states li")}
    assert list(states) == ["na bieżąco", "milczy", "nie udało się", "jeszcze nie czytane"]
    for name, item in states.items():
        count = int(words(item).rpartition(" ")[2])
        for link in item.xpath(".//a/@href"):
            rows = (await get(link.replace("?", ".json?") + "&_shape=array")).json()
            assert len(rows) == count > 0, name
    assert words(states["nie udało się"]).endswith("1")
    assert words(states["jeszcze nie czytane"]).endswith("1")
    widths = [float(one.rstrip("%")) for one in section.xpath(".//svg[@class='stack']/rect/@width")]
    assert sum(widths) == pytest.approx(100, abs=0.01)


def test_a_register_without_sources_has_every_state_at_nothing() -> None:
    empty = coverage.of({})
    assert (empty.sources, empty.read) == (0, 0)
    assert [share.length for share in empty.shares] == [0, 0, 0, 0]


@pytest.mark.asyncio
async def test_a_silent_past_is_told_in_words(tmp_path: Path) -> None:
    get = reader(datasette_of(newsroom.build(tmp_path / "news.db", articles=30, hostile=False)))
    page = await tree(get, "/?dzien=1999-05-05")
    assert "nie znamy żadnej publikacji" in words(page.xpath("//section[@aria-labelledby='activity']")[0])
    assert "nie znamy otwartych naborów" in words(page.xpath("//section[@aria-labelledby='calls']")[0])


@pytest.mark.asyncio
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "'", "%00", "2.03.2026", "x" * 3000])
async def test_any_day_that_is_typed_has_a_page(get: Get, day: str) -> None:
    assert (await get(f"/?dzien={day}")).status_code == 200


@pytest.mark.asyncio
async def test_a_day_of_the_past_shows_what_was_newest_then(get: Get) -> None:
    page = await tree(get, "/?dzien=2026-01-15")
    days = page.xpath("//ol[@class='news']//time/@datetime")
    assert len(days) == 10
    assert max(days) <= "2026-01-15T23:59"
    assert days == sorted(days, reverse=True)


@pytest.mark.asyncio
async def test_every_link_of_the_front_page_leads_somewhere(get: Get) -> None:
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        page = await tree(get, "/")
        inner = {one for one in page.xpath("//main//@href | //footer//@href") if one.startswith("/")}
        assert len(inner) > 60
        broken = [one for one in sorted(inner) if (await get(one)).status_code != 200]
    assert broken == []
    assert {"/-/o-danych", "/-/slownik", "/-/api", "/news/articles.atom", "/news/calls.ics"} <= inner


@pytest.mark.asyncio
async def test_parts_have_headings_and_names(get: Get) -> None:
    page = await tree(get)
    assert len(page.cssselect("main")) == len(page.cssselect("header")) == len(page.cssselect("footer")) == 1
    for section in page.cssselect("main section[aria-labelledby]"):
        assert page.xpath(f"//h2[@id='{section.get('aria-labelledby')}']")
    levels = [int(heading.tag[1]) for heading in page.xpath("//main//*[self::h1 or self::h2 or self::h3]")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for svg in page.cssselect("main svg"):
        hidden = svg.get("aria-hidden") == "true" or bool(svg.xpath("ancestor::svg"))
        assert hidden or (svg.get("role") == "img" and svg.get("aria-label"))


SQL = [page_of.NEWS, page_of.COUNTS, page_of.BY_MONTH, page_of.LAST_RUN]


@pytest.mark.asyncio
async def test_nothing_on_the_front_page_walks_through_all_articles(database: Path, desk: Any) -> None:
    connection = pysqlite3.connect(str(database))
    plugin.prepare_connection(connection, "news")
    calls = (await desk.get_canned_query("news", "otwarte_nabory", None))["sql"]
    states = (await desk.get_canned_query("news", coverage.QUESTION, None))["sql"]
    given = dict.fromkeys(("day", "most", "first", "last", "dzien", "wojewodztwo", "stan"), "")
    for sql in (*SQL, page_of.CALLS.format(question=calls, most=6), states):
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
        walked = [
            step for step in steps if re.match(r"SCAN (articles|calls|call_articles|call_facts|office_runs)\b", step)
        ]
        assert [step for step in walked if "articles_newest" not in step] == [], sql


@pytest.mark.asyncio
async def test_the_front_page_asks_few_things(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    execute = desk.databases["news"].execute

    async def noted(sql: str, *given: Any, **named: Any) -> Any:
        asked.append(sql)
        return await execute(sql, *given, **named)

    monkeypatch.setattr(desk.databases["news"], "execute", noted)
    assert (await desk.client.get("/?dzien=2026-03-02")).status_code == 200
    ours = [sql for sql in asked if "sqlite_master" not in sql and "pragma" not in sql.lower()]
    assert len(ours) <= 12, ours
