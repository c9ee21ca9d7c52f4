"""Search pages: the order of what was found, pages that hold each row once, and the words marked."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import lxml.html
import pysqlite3
import pytest
from datasette.database import Database, QueryInterrupted

from crawler import lemmas
from crawler.publish.search import counting, finding, ranking, shelf
from crawler.publish.search.searching import Query
from crawler.publish.serve import datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader
from tests.publish.typed import NASTY

STORIES = [
    ("Wyniki naboru na staże w Ełku", "Komisja rozpatrzyła wnioski.", "2020-05-04"),
    ("Ogłoszenie dla firm", "Staż, staże i jeszcze raz o stażach: kto przyjmie stażystę na staż?", "2024-03-01"),
    ("Posiedzenie rady", "W protokole raz wspomniano o stażu." + " Omówiono sprawy bieżące." * 40, "2024-03-01"),
    ("Staże w urzędzie", "Zapraszamy absolwentów.", "2024-03-01"),
    ("Staże w urzędzie", "Zapraszamy absolwentów.", "2019-03-01"),
    ("Staże w urzędzie", "Zapraszamy absolwentów.", None),
    ("Targi pracy", "Zapraszamy <b>bezrobotnych</b> & ich rodziny.", "2024-02"),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven articles, an id each from its place in the list."""
    path = newsroom.build(tmp_path_factory.mktemp("ranking") / "news.db", articles=len(STORIES), hostile=False)
    connection = pysqlite3.connect(str(path))
    for n, (title, text, published) in enumerate(STORIES):
        connection.execute(
            "UPDATE articles SET title = ?, text = ?, lemmas = ?, published = ?, lead = NULL WHERE id = ?",
            [title, text, lemmas.of(f"{title} {text}"), published, newsroom.identifier("article", n)],
        )
    connection.commit()
    connection.close()
    return path


async def places(path: Path, typed: str, more: str = "") -> list[int]:
    """Which of the stories a search finds, in its order."""
    ids = {newsroom.identifier("article", n): n for n in range(len(STORIES))}
    reply = await reader(datasette_of(path))(f"/news/articles.json?_search={quote(typed)}&_shape=array{more}")
    return [ids[row["id"]] for row in reply.json()]


@pytest.mark.asyncio
async def test_the_title_the_repeated_and_the_recent_come_first(small: Path) -> None:
    found = await places(small, "staż")
    assert set(found) == {0, 1, 2, 3, 4, 5}
    assert found.index(3) < found.index(4) < found.index(5)
    assert found.index(1) < found.index(2)
    assert found[0] == 3
    assert found[-1] == 2


@pytest.mark.asyncio
async def test_a_reader_may_sort_what_was_found_otherwise(small: Path) -> None:
    by_day = await places(small, "staż", "&_sort=published")
    assert by_day[:2] == [5, 4]
    assert len(by_day) == 6


@pytest.mark.asyncio
async def test_an_inflected_word_is_marked_and_the_text_around_it_stays_text(small: Path) -> None:
    page = (await reader(datasette_of(small))("/news/articles?_search=bezrobotny")).text
    assert "Zapraszamy &lt;b&gt;<mark>bezrobotnych</mark>&lt;/b&gt; &amp; ich rodziny." in page
    page = (await reader(datasette_of(small))("/news/articles?_search=sta%C5%BCem")).text
    assert "Wyniki naboru na <mark>staże</mark> w Ełku</a>" in page
    assert "raz wspomniano o <mark>stażu</mark>. Omówiono" in page


@pytest.mark.asyncio
async def test_json_tells_the_order(small: Path) -> None:
    page = (await reader(datasette_of(small))("/news/articles.json?_search=praca")).json()
    told = {"ranked": 1, "complete": True, "more_than": None, "read": None}
    told |= {"facets_complete": True, "too_general": False}
    assert page["search_order"] == {"by": "relevance", **told}


@pytest.mark.asyncio
async def test_facets_counted_along_with_the_finds_are_those_of_datasette(get: Get) -> None:
    columns = ("office_kind", "voivodeship", "kind", "year")
    for asked in ("_search=targi", "_search=urz%C4%85d&kind=news", "_search=nab*&_sort=title", "_search=nieobecny"):
        facets = (await get(f"/news/articles.json?{asked}&_size=0")).json()["facet_results"]
        counted = {name: [(one["value"], one["count"]) for one in facets[name]["results"]] for name in columns}
        rows = (await get(f"/news/articles.json?{asked}&_size=max&_shape=array")).json()
        for name in columns:
            expected = Counter(row[name] for row in rows if row[name] is not None)
            assert counted[name] == sorted(expected.items(), key=lambda item: (-item[1], item[0]))


@pytest.mark.asyncio
async def test_of_a_longer_list_the_newest_are_counted_and_the_page_says_so(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (await get("/news/articles.json?_search=targi&_sort_desc=published&_size=max")).json()
    assert whole["search_order"]["facets_complete"]
    assert whole["filtered_table_rows_count"] == len(whole["rows"]) > 20
    monkeypatch.setattr(finding, "MOST_COUNTED", 20)
    page = (await get("/news/articles.json?_search=targi&_facet=language&_facet=office")).json()
    assert page["filtered_table_rows_count"] is None
    assert not page["search_order"]["facets_complete"]
    assert page["search_order"]["more_than"] == 20
    position = whole["columns"].index("voivodeship")
    newest = Counter(row[position] for row in whole["rows"][:20])
    facets = page["facet_results"]
    assert {one["value"]: one["count"] for one in facets["voivodeship"]["results"]} == newest
    assert [(one["value"], one["count"]) for one in facets["language"]["results"]] == [("pl", 20)]
    assert sum(one["count"] for one in facets["office"]["results"]) == 20
    shown = (await get("/news/articles?_search=targi")).text
    assert "Ponad 20 wierszy" in shown
    assert "Liczby przy filtrach dotyczą 20 najnowszych" in shown or "liczby przy filtrach dotyczą 20" in shown


@pytest.mark.asyncio
async def test_exactly_as_many_as_are_counted_are_the_whole_list(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    count = (await get("/news/articles.json?_search=targi&_size=0")).json()["filtered_table_rows_count"]
    monkeypatch.setattr(finding, "MOST_COUNTED", count)
    assert (await get("/news/articles.json?_search=targi&_size=0")).json()["filtered_table_rows_count"] == count


@pytest.mark.asyncio
async def test_facets_and_counts_of_lists_without_a_search_are_those_of_the_rows(get: Get, database: Path) -> None:
    connection = pysqlite3.connect(str(database))
    for asked, where in (
        ("", "1"),
        ("kind=call", "kind = 'call'"),
        ("voivodeship=26&office_kind=pup", "voivodeship = '26' and office_kind = 'pup'"),
        ("year=", "year = ''"),
        ("year__isnull=1", "year is null"),
        ("kind=call&published__gte=2025-01-01", "kind = 'call' and published >= '2025-01-01'"),
        ("kind=nothing", "0"),
    ):
        page = (await get(f"/news/articles.json?{asked}&_facet=office&_size=3")).json()
        (count,) = connection.execute(f"select count(*) from articles where {where}").fetchone()
        assert page["filtered_table_rows_count"] == count, asked
        for name in ("office", "year", "kind"):
            expected = connection.execute(
                f"select {name}, count(*) from articles where {where} and {name} is not null"
                " group by 1 order by 2 desc, 1"
            ).fetchall()
            results = page["facet_results"][name]["results"]
            assert [(one["value"], one["count"]) for one in results] == expected[:20], asked


def interrupted(*_: object) -> None:
    raise QueryInterrupted(None, "", {})


@pytest.mark.asyncio
async def test_a_frequent_beginning_is_looked_for_in_the_newest_articles_and_the_page_says_so(
    large_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = reader(datasette_of(large_database))
    whole = await walk(get, "_search=urz%C4%85d -st*&_size=250")
    monkeypatch.setattr(finding, "MOST_COUNTED", 10)
    monkeypatch.setattr(finding, "MOST_READ", 200)
    page = (await get("/news/articles.json?_search=urz%C4%85d -st*&_shape=objects&_size=250")).json()
    told = page["search_order"]
    assert told["read"] == 200
    assert not told["complete"]
    assert 0 < told["more_than"] < 200
    assert set(whole) > {row["id"] for row in page["rows"]}
    assert "przejrzano 200 najnowszych" in (await get("/news/articles?_search=urz%C4%85d -st*")).text
    assert sorted(await walk(get, "_search=urz%C4%85d -st*&_size=250")) == sorted(whole)


@pytest.mark.asyncio
async def test_facets_of_a_long_table_are_counted_over_a_part_and_the_page_says_so(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = datasette_of(database)
    get = reader(desk)
    whole = (await get("/news/dates.json?_facet=role")).json()
    assert "facets_of" not in whole
    assert whole["facet_results"]["role"]["results"][0]["count"] > 50
    monkeypatch.setattr(counting, "MOST_COUNTED", 50)
    execute = Database.execute

    async def slow(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        if "as count from" in sql and "limit 50)" not in sql:
            raise QueryInterrupted(None, sql, params)
        return await execute(self, sql, params, **how)

    monkeypatch.setattr(Database, "execute", slow)
    part = (await get("/news/dates.json?_facet=role")).json()
    assert part["facets_of"] == 50
    assert sum(one["count"] for one in part["facet_results"]["role"]["results"]) == 50
    assert "liczby dotyczą 50 jej wierszy" in (await get("/news/dates")).text


@pytest.mark.asyncio
async def test_a_search_that_takes_too_long_is_no_error(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding.Finding, "_finds", interrupted)
    for asked in ("", "&_sort_desc=published", "&_size=0"):
        reply = await get(f"/news/articles?_search=p*{asked}")
        assert reply.status_code == 200
    reply = await get("/news/articles?_search=pr*")
    assert "zbyt ogólne" in reply.text
    assert "Bardzo wiele wierszy" in reply.text
    assert (await get("/news/articles.csv?_search=pr*&_stream=on&_size=max")).text.count("\n") == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "typed", ["nab*", "nab* -urz*", "na* targi", "targi -nab*", "-urz* -nab*", "na* -urząd", "x* na*"]
)
@pytest.mark.parametrize("filters", ["", "&kind=call", "&office=pup-elk&published__gte=2025-01-01"])
async def test_beginnings_of_frequent_words_find_the_same(
    large_database: Path, monkeypatch: pytest.MonkeyPatch, typed: str, filters: str
) -> None:
    get = reader(datasette_of(large_database))
    asked = f"_search={quote(typed)}{filters}"
    by_index = await walk(get, f"{asked}&_size=250")
    looked_for: list[str] = []
    read = shelf.Finds.read

    def watched(query: Query, where: str, params: Any, terms: Any = ()) -> shelf.Finds:
        looked_for.extend(term.prefix for term in terms)
        return read(query, where, params, terms)

    monkeypatch.setattr(shelf.Finds, "read", watched)
    monkeypatch.setattr(finding, "MOST_COUNTED", 10)
    assert await walk(get, f"{asked}&_size=250") == by_index
    assert ("na" in typed or "urz*" in typed) == bool(looked_for)


async def walk(get: Get, asked: str) -> list[str]:
    following: str | None = f"/news/articles.json?{asked}&_shape=objects&_nofacet=1"
    seen: list[str] = []
    while following:
        page = (await get(following)).json()
        seen += [row["id"] for row in page["rows"]]
        following = page["next_url"] and "{0.path}?{0.query}".format(urlsplit(page["next_url"]))
    return seen


@pytest.mark.asyncio
@pytest.mark.parametrize("longer", [False, True])
@pytest.mark.parametrize(
    "asked", ["_search=urz%C4%85d", "_search=nab*&voivodeship=26", "_search=targi", "_search=osoba&kind=news"]
)
async def test_pages_of_any_size_hold_each_row_once(
    large_database: Path, monkeypatch: pytest.MonkeyPatch, asked: str, longer: bool
) -> None:
    if longer:
        monkeypatch.setattr(finding, "MOST_COUNTED", 50)
    get = reader(datasette_of(large_database))
    counted = (await get(f"/news/articles.json?{asked}&_size=0")).json()["filtered_table_rows_count"]
    together = await walk(get, f"{asked}&_size=max")
    for size in (37, 100, 250):
        assert await walk(get, f"{asked}&_size={size}") == together
    assert len(together) == len(set(together)) > 0
    assert counted == (None if longer and len(together) > 50 else len(together))
    lines = (await get(f"/news/articles.csv?{asked}&_stream=on&_size=max&_col=title")).text
    assert [row["id"] for row in csv.DictReader(io.StringIO(lines))] == together


@pytest.mark.asyncio
async def test_of_very_many_finds_the_newest_are_ranked_and_the_page_says_so(large_database: Path) -> None:
    get = reader(datasette_of(large_database))
    reply = await get("/news/articles?_search=urz%C4%85d")
    page = lxml.html.document_fromstring(reply.content)
    assert f"ułożono {ranking.RANKED} najnowszych" in page.cssselect(".found .message")[0].text_content()
    connection = pysqlite3.connect(str(large_database))
    newest = {
        row[0]
        for row in connection.execute(
            "SELECT id FROM articles WHERE rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'urzad')"
            " ORDER BY published DESC, id LIMIT ?",
            [ranking.RANKED],
        )
    }
    assert set((await walk(get, "_search=urz%C4%85d&_size=250"))[: ranking.RANKED]) == newest
    assert "ułożono" not in (await get("/news/articles?_search=targi+e%C5%82k")).text


@pytest.mark.asyncio
async def test_a_search_combines_with_filters_facets_and_csv(get: Get) -> None:
    page = (await get("/news/articles.json?_search=targami&voivodeship=12&_facet=office")).json()
    assert page["rows"]
    offices = {one["value"]: one["count"] for one in page["facet_results"]["office"]["results"]}
    assert sum(offices.values()) == page["filtered_table_rows_count"]
    assert set(offices) <= {"pup-zakopane", "rops-krakow"}
    rows = (await get("/news/articles.json?_search=targami&voivodeship=12&_shape=array")).json()
    assert all("Targi" in row["title"] for row in rows)
    lines = (await get("/news/articles.csv?_search=targami&voivodeship=12&_size=max&_col=title")).text.splitlines()
    assert len(lines) == len(rows) + 1


@pytest.mark.asyncio
async def test_an_empty_search_box_is_no_search(get: Get) -> None:
    assert (await get("/news/articles.json?_search=&_size=0")).json()["filtered_table_rows_count"] == 320


@pytest.mark.asyncio
async def test_a_search_for_nothing_says_what_is_missing(get: Get) -> None:
    for typed in ("-nab%C3%B3r", "w", "%21"):
        assert "podaj choć jedno" in (await get(f"/news/articles?_search={typed}")).text
    assert "jego koniec pominięto" in (await get("/news/articles?_search=" + "urzad+praca" * 500)).text


@pytest.mark.asyncio
async def test_a_search_in_one_column_is_answered(get: Get) -> None:
    for column in ("title", "text", "lemmas"):
        assert (await get(f"/news/articles?_search_{column}=targi+-praca")).status_code == 200


@pytest.mark.asyncio
async def test_a_forged_place_in_the_pages_is_answered(get: Get) -> None:
    for cursor in ("0", "5", "99999999999999999999", "-1", "%C2%B2", "abc", "a,b", "$null,", ",,,"):
        reply = await get(f"/news/articles?_search=targi&_next={cursor}")
        assert reply.status_code == 200, cursor


@pytest.mark.asyncio
async def test_the_search_page_answers_whatever_is_typed(desk: Any) -> None:
    for typed in NASTY:
        asked = {"_search": typed, "_size": "3", "_nofacet": "1", "_searchmode": "raw"}
        assert (await desk.client.get("/news/articles", params=asked)).status_code == 200, repr(typed[:100])
