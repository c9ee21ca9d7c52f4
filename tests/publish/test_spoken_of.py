"""Facets of articles by topic, programme and place: counted rightly, toggled by their links, partial only when told."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
import pytest
from datasette.database import Database, QueryInterrupted

from crawler.publish import narrowing, spoken_of
from crawler.publish.search import finding, ranking, searching
from crawler.publish.search.shelf import Finds
from crawler.publish.serve import datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader

PLACES = {
    "2602": ("powiat", "powiat jędrzejowski", "26"),
    "2661": ("town", "Kielce", "26"),
    "0203": ("powiat", "powiat bielski", "02"),
    "2402": ("powiat", "powiat bielski", "24"),
    "02": ("voivodeship", "województwo dolnośląskie", "02"),
    "24": ("voivodeship", "województwo śląskie", "24"),
    "26": ("voivodeship", "województwo świętokrzyskie", "26"),
}
NAMED = [("2602",), ("2661",), ("26", "2602"), ("2602", "2661"), ("0203",), ("2402", "24"), ()]
"""The places of the first, second, … article, over and over."""
TOPICS = [("szkolenia",), ("staze", "szkolenia"), (), ("dotacje",)]
ARTICLES = 90
FILTERS = {"topic": "_temat", "programme": "_program", "place": "_miejsce"}
LISTS = {
    "": "1",
    "kind=call": "kind = 'call'",
    "voivodeship=26&office_kind=wup": "voivodeship = '26' AND office_kind = 'wup'",
    "published__gte=2025-12-15": "published >= '2025-12-15'",
    "title__contains=nab": "title LIKE '%nab%'",
    "_sort=title": "1",
    "_temat=szkolenia": "id IN (SELECT article FROM article_topics WHERE topic = 'szkolenia')",
    "_miejsce=26": "id IN (SELECT article FROM article_places WHERE teryt LIKE '26%')",
    "_miejsce=26&_temat=staze&kind=call": "kind = 'call'"
    " AND id IN (SELECT article FROM article_topics WHERE topic = 'staze')"
    " AND id IN (SELECT article FROM article_places WHERE teryt LIKE '26%')",
    "kind=nic-takiego": "0",
}
"""Address -> the same in SQL."""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = newsroom.build(tmp_path_factory.mktemp("spoken") / "news.db", articles=ARTICLES, hostile=False)
    with closing(pysqlite3.connect(str(path))) as db:
        db.execute("DELETE FROM article_places")
        db.execute("DELETE FROM article_topics")
        db.execute("DELETE FROM places")
        db.executemany("INSERT INTO places VALUES (?, ?, ?, ?)", [(teryt, *place) for teryt, place in PLACES.items()])
        known = {topic for topics in TOPICS for topic in topics}
        db.executemany("INSERT OR IGNORE INTO topics VALUES (?, ?)", [(topic, topic.upper()) for topic in known])
        for n, (article,) in enumerate(db.execute("SELECT id FROM articles ORDER BY id").fetchall()):
            for topic in TOPICS[n % len(TOPICS)]:
                db.execute("INSERT INTO article_topics VALUES (?, ?, 'words')", (article, topic))
            for teryt in NAMED[n % len(NAMED)]:
                level, name, _ = PLACES[teryt]
                row = (article, teryt, level, name, name, "list of names", "high", None)
                db.execute("INSERT INTO article_places VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.commit()
    return path


@pytest.fixture
def ask(spoken: Path) -> Get:
    return reader(datasette_of(spoken))


async def facets(ask: Get, asked: str) -> dict[str, Any]:
    found: dict[str, Any] = (await ask(f"/news/articles.json?{asked}&_size=0")).json()["facet_results"]
    return found


def counts(facet: dict[str, Any]) -> dict[str, int]:
    return {one["value"]: one["count"] for one in facet["results"]}


def by_sql(path: Path, where: str, limit: int = -1) -> dict[str, dict[str, int]]:
    """Facet -> value -> how many of the newest of these articles; a place's are those of all places within it."""
    newest = f"SELECT id FROM articles WHERE {where} ORDER BY published DESC, id LIMIT {limit}"
    within = (
        "SELECT count(DISTINCT article) FROM article_places WHERE teryt LIKE named.teryt || '%' AND article IN newest"
    )
    with closing(pysqlite3.connect(str(path))) as db:
        return {
            name: dict(db.execute(f"WITH newest AS MATERIALIZED ({newest}) {sql}"))
            for name, sql in {
                "topic": "SELECT topic, count(*) FROM article_topics WHERE article IN newest GROUP BY 1",
                "programme": "SELECT programme, count(*) FROM article_programmes WHERE article IN newest GROUP BY 1",
                "place": f"SELECT teryt, ({within}) FROM"
                " (SELECT DISTINCT teryt FROM article_places WHERE article IN newest) AS named",
            }.items()
        }


def left(counted: dict[str, int], chosen: str | None, *, within: bool) -> dict[str, int]:
    """What a facet shows of them where a value is chosen."""
    if chosen is None:
        return counted
    return {value: n for value, n in counted.items() if value == chosen or (within and value.startswith(chosen))}


@pytest.mark.parametrize("asked", LISTS)
@pytest.mark.asyncio
async def test_each_value_is_counted_as_sql_counts_it(ask: Get, spoken: Path, asked: str) -> None:
    shown = await facets(ask, asked)
    expected = by_sql(spoken, LISTS[asked])
    chosen = dict(pair.split("=") for pair in asked.split("&") if pair)
    for name, argument in FILTERS.items():
        assert counts(shown[name]) == left(expected[name], chosen.get(argument), within=name == "place"), name
        assert shown[name]["of_newest"] is None
        ordered = [(-one["count"], one["value"]) for one in shown[name]["results"]]
        assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    "asked", ["_search=urz%C4%85d", "_search=targi&kind=event", "_search=na*&_sort_desc=published"]
)
@pytest.mark.asyncio
async def test_facets_of_a_search_are_those_of_the_articles_it_found(ask: Get, spoken: Path, asked: str) -> None:
    rows = (await ask(f"/news/articles.json?{asked}&_size=max&_shape=array&_col=id")).json()
    assert rows
    ids = ", ".join(f"'{row['id']}'" for row in rows)
    shown = await facets(ask, asked)
    expected = by_sql(spoken, f"id IN ({ids})")
    assert {name: counts(shown[name]) for name in FILTERS} == expected


@pytest.mark.parametrize("asked", ["", "_search=nab%C3%B3r", "kind=call&_sort=title"])
@pytest.mark.asyncio
async def test_a_value_s_link_leads_to_as_many_articles_as_it_says_and_back(ask: Get, asked: str) -> None:
    shown = await facets(ask, asked)
    whole = (await ask(f"/news/articles.json?{asked}&_size=0")).json()["filtered_table_rows_count"]
    for name, argument in FILTERS.items():
        assert shown[name]["results"]
        for value in shown[name]["results"]:
            assert not value["selected"]
            page = (await ask(value["toggle_url"].removeprefix("http://localhost"))).json()
            assert page["filtered_table_rows_count"] == value["count"], value
            (chosen,) = [one for one in page["facet_results"][name]["results"] if one["selected"]]
            assert chosen["value"] == value["value"]
            assert chosen["count"] == value["count"]
            assert argument not in chosen["toggle_url"]
            back = (await ask(chosen["toggle_url"].removeprefix("http://localhost"))).json()
            assert back["filtered_table_rows_count"] == whole


@pytest.mark.asyncio
async def test_a_link_keeps_the_search_and_the_filters_and_begins_at_the_first_page(ask: Get) -> None:
    shown = (await ask("/news/articles.json?_search=urz%C4%85d&office_kind=pup&_size=3&_next=3")).json()
    link = shown["facet_results"]["topic"]["results"][0]["toggle_url"]
    assert "_search=urz%C4%85d" in link
    assert "office_kind=pup" in link
    assert "_temat=" in link
    assert "_next" not in link
    by_day = (await ask("/news/articles.json?kind=call&_size=3")).json()
    later = (await ask(by_day["next_url"].removeprefix("http://localhost"))).json()
    assert counts(later["facet_results"]["place"]) == counts(by_day["facet_results"]["place"])
    assert all("_next" not in one["toggle_url"] for one in later["facet_results"]["place"]["results"])


@pytest.mark.asyncio
async def test_within_a_chosen_voivodeship_its_places_are_offered_and_no_others(ask: Get) -> None:
    shown = (await facets(ask, "_miejsce=26"))["place"]["results"]
    assert [one["value"] for one in shown if one["selected"]] == ["26"]
    assert {one["value"] for one in shown} == {"26", "2602", "2661"}
    assert [one["value"] for one in (await facets(ask, "_miejsce=2661"))["place"]["results"]] == ["2661"]


@pytest.mark.asyncio
async def test_a_chosen_voivodeship_that_only_its_places_speak_for_can_be_taken_away(ask: Get) -> None:
    shown = (await facets(ask, "_miejsce=02"))["place"]["results"]
    assert {one["value"]: one["selected"] for one in shown} == {"02": True, "0203": False}
    assert len({one["count"] for one in shown}) == 1


@pytest.mark.asyncio
async def test_places_of_one_name_are_told_apart_by_their_voivodeship(ask: Get) -> None:
    named = {one["value"]: one["label"] for one in (await facets(ask, ""))["place"]["results"]}
    assert named["0203"] == "powiat bielski (dolnośląskie)"
    assert named["2402"] == "powiat bielski (śląskie)"
    assert named["2602"] == "powiat jędrzejowski"


@pytest.mark.asyncio
async def test_a_place_that_shares_its_name_stays_chosen_when_the_form_is_sent_again(ask: Get) -> None:
    page = lxml.html.document_fromstring((await ask("/news/articles?_miejsce=2402")).content)
    (chip,) = page.cssselect(".chips.active li a")
    assert " ".join(chip.text_content().split()) == "Miejsce: powiat bielski (śląskie) ✕"
    (typed,) = page.xpath("//form//input[@name='_miejsce']/@value")
    assert str((await ask(f"/news/articles?_miejsce={typed}")).url).endswith("_miejsce=2402")


@pytest.mark.asyncio
async def test_of_a_longer_list_the_newest_are_counted_and_their_number_is_told(
    ask: Get, spoken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken_of, "NEWEST", 20)
    shown = await facets(ask, "office_kind=pup")
    expected = by_sql(spoken, "office_kind = 'pup'", 20)
    for name in FILTERS:
        assert shown[name]["of_newest"] == 20
        assert counts(shown[name]) == expected[name]
    page = lxml.html.document_fromstring((await ask("/news/articles?office_kind=pup")).content)
    notes = [" ".join(note.text_content().split()) for note in page.cssselect(".facet .meta")]
    assert notes == ["z 20 najnowszych"] * 3


@pytest.mark.asyncio
async def test_topics_and_programmes_of_all_articles_are_counted_whole_however_many_there_are(
    ask: Get, spoken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken_of, "NEWEST", 20)
    shown = await facets(ask, "")
    for name in ("topic", "programme"):
        assert shown[name]["of_newest"] is None
        assert counts(shown[name]) == by_sql(spoken, "1")[name]
    assert shown["place"]["of_newest"] == 20
    assert counts(shown["place"]) == by_sql(spoken, "1", 20)["place"]


@pytest.mark.asyncio
async def test_a_search_counts_the_finds_that_it_ranks(ask: Get, spoken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "RANKED", 10)
    monkeypatch.setattr(finding, "RANKED", 10)
    monkeypatch.setattr(spoken_of, "NEWEST", 10)
    asked = "_search=urz%C4%85d"
    rows = (await ask(f"/news/articles.json?{asked}&_sort_desc=published&_size=10&_shape=array&_col=id")).json()
    shown = await facets(ask, asked)
    expected = by_sql(spoken, f"id IN ({', '.join(repr(row['id']) for row in rows)})")
    for name in FILTERS:
        assert shown[name]["of_newest"] == 10
        assert counts(shown[name]) == expected[name]


@pytest.mark.asyncio
async def test_what_the_clock_interrupts_is_counted_over_fewer(
    ask: Get, spoken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken_of, "FEWER", 5)
    execute = Database.execute

    async def slow(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        if "article_topics WHERE article IN" in sql and len(json.loads(params["ids"])) > 5:
            raise QueryInterrupted(None, sql, params)
        return await execute(self, sql, params, **how)

    monkeypatch.setattr(Database, "execute", slow)
    shown = await facets(ask, "kind=call")
    for name in FILTERS:
        assert shown[name]["of_newest"] == 5
        assert counts(shown[name]) == by_sql(spoken, "kind = 'call'", 5)[name]


@pytest.mark.asyncio
async def test_what_cannot_be_counted_at_all_is_named(ask: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    execute = Database.execute

    async def slow(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        if "article_topics WHERE article IN" in sql:
            raise QueryInterrupted(None, sql, params)
        return await execute(self, sql, params, **how)

    monkeypatch.setattr(Database, "execute", slow)
    shown = await facets(ask, "kind=call")
    for name in FILTERS:
        assert (shown[name]["of_newest"], shown[name]["results"]) == (0, [])
    assert "Nie policzono na czas: temat, program, miejsce." in (await ask("/news/articles?kind=call")).text


@pytest.mark.asyncio
async def test_the_page_has_a_box_of_each_in_polish_with_the_chosen_value_removable(ask: Get) -> None:
    page = lxml.html.document_fromstring((await ask("/news/articles?_temat=staze&_search=urz%C4%85d")).content)
    titles = [summary.text_content() for summary in page.cssselect(".facet summary")]
    assert titles[-4:] == ["Urząd", "Temat", "Program", "Miejsce w tekście"]
    (chosen,) = page.cssselect("#facet-topic li.selected a")
    assert chosen.get("aria-label") == "Usuń filtr: STAZE"
    assert chosen.get("href").endswith("/news/articles?_search=urz%C4%85d")
    assert len(page.cssselect("#facet-topic li")) == 1


@pytest.mark.asyncio
async def test_offices_are_counted_along_with_a_search(ask: Get) -> None:
    rows = (await ask("/news/articles.json?_search=nab%C3%B3r&_size=max&_shape=array&_col=office")).json()
    shown = await facets(ask, "_search=nab%C3%B3r")
    assert counts(shown["office"]) == Counter(row["office"] for row in rows)
    assert {one["value"]: one["label"] for one in shown["office"]["results"]}["pup-konin"] == (
        "Powiatowy Urząd Pracy w Koninie"
    )


@pytest.mark.asyncio
async def test_a_longer_box_shows_the_most_frequent_and_leads_to_all(ask: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken_of, "MOST_SHOWN", 2)
    shown = await facets(ask, "")
    assert (len(shown["place"]["results"]), shown["place"]["truncated"]) == (2, True)
    page = lxml.html.document_fromstring((await ask("/news/articles")).content)
    (more,) = page.cssselect("#facet-place li.truncated a")
    assert len((await facets(ask, more.get("href").partition("?")[2]))["place"]["results"]) > 2


@pytest.mark.parametrize("asked", ["_nofacet=1", "_shape=array", "_search=nicosobliwego"])
@pytest.mark.asyncio
async def test_no_facets_where_none_are_asked_for_and_empty_ones_where_nothing_is_found(ask: Get, asked: str) -> None:
    page = (await ask(f"/news/articles.json?{asked}")).json()
    shown = page.get("facet_results", {}) if isinstance(page, dict) else {}
    assert not any(facet["results"] for facet in shown.values())
    if "_search" in asked:
        assert set(FILTERS) <= set(shown)
        assert not lxml.html.document_fromstring((await ask(f"/news/articles?{asked}")).content).cssselect(".facet")


@pytest.mark.asyncio
async def test_other_tables_and_feeds_have_none(ask: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    of_calls = (await ask("/news/calls.json")).json()["facet_results"]
    assert {facet["type"] for facet in of_calls.values()} == {"column", "voivodeship"}

    async def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("a feed shows no facets")

    monkeypatch.setattr(spoken_of.SpokenOfFacet, "_counted", refused)
    assert (await ask("/news/articles.atom?kind=call")).status_code == 200


@pytest.mark.parametrize("few", [narrowing.FEW, 0])
@pytest.mark.asyncio
async def test_a_search_narrowed_by_what_is_spoken_of_reads_the_short_rows_only(
    spoken: Path, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "FEW", few)
    desk = datasette_of(spoken)
    for argument, value in (("_temat", "staze"), ("_program", "kfs"), ("_miejsce", "26"), ("_instytucja", "pfron")):
        rule = await narrowing.NARROWINGS["articles"][argument].rule(desk.databases["news"], argument, value)
        given = {argument.strip("_"): value, "p0": "call"}
        finds = Finds.read(searching.read("praca"), f'where {rule} and "kind" = :p0 ', given)
        assert " _shelf as articles on " in finds.select(), rule
        finds = Finds.read(searching.read("praca"), f"where {rule} and title != '' ", given)
        assert " articles on articles.rowid " in finds.select()


@pytest.mark.asyncio
async def test_a_condition_of_one_s_own_may_look_like_those_and_ask_for_more(ask: Get) -> None:
    own = "exists (select 1 from article_topics where article_topics.article = articles.id and articles.text != '')"
    page = (await ask(f"/news/articles.json?_search=nab%C3%B3r&_where={own}&_shape=objects&_size=max")).json()
    assert page["rows"]
    assert page["filtered_table_rows_count"] == len(page["rows"])
