"""What a visitor may type into the search box."""

from __future__ import annotations

import pysqlite3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.publish.searching import NOTHING, expression
from tests.publish.conftest import Get

NASTY = [
    '"', '""', "'", "*", "-", "(", ")", "AND", "OR NOT", "NEAR(", "title:", "a:b", "^x", "+", "{a b}", "\\", "%", "_",
    '"niedomknięty', "-tylko -minus", '-"fraza"', "😀", "😀 nabór", "\x00", "na\x00bór", "ż" * 10_000, "słowo " * 2_000,
    "nabór AND", "NOT nabór", "nabór OR", "; DROP TABLE articles", "<script>", "\u202enabór", "\ud7ff", "\t\n", "…",
    "1=1", "*nabór", "nab*r", "nabór***", '"" ""', "- -", "--", "a" + '"' * 99, "COLUMN : x", "- {title} : x",
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> pysqlite3.Connection:
    connection = pysqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5 (t, tokenize='unicode61 remove_diacritics 2')")
    connection.executemany(
        "INSERT INTO f VALUES (?)",
        [("Nabór wniosków w Łodzi",), ("Wyniki naboru na staże",), ("Rada rynku pracy w Kielcach",), ("lodz",)],
    )
    return connection


def found(index: pysqlite3.Connection, typed: str) -> list[int]:
    return [row[0] for row in index.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid", [expression(typed)])]


def test_all_words_must_occur(index: pysqlite3.Connection) -> None:
    assert found(index, "nabór łodzi") == [1]
    assert found(index, "nabór kielcach") == []


def test_diacritics_may_be_left_out(index: pysqlite3.Connection) -> None:
    assert found(index, "nabor wnioskow") == [1]


def test_a_word_with_l_stroke_is_looked_for_both_ways(index: pysqlite3.Connection) -> None:
    assert found(index, "łódź") == [4]
    assert found(index, "ŁODZI") == [1]


def test_quotes_make_a_phrase(index: pysqlite3.Connection) -> None:
    assert found(index, '"rynku pracy"') == [3]
    assert found(index, '"pracy rynku"') == []


def test_a_star_finds_beginnings(index: pysqlite3.Connection) -> None:
    assert found(index, "nab*") == [1, 2]


def test_a_minus_excludes(index: pysqlite3.Connection) -> None:
    assert found(index, "nab* -staże") == [1]
    assert found(index, 'nab* -"w Łodzi"') == [2]


def test_nothing_to_look_for_finds_nothing(index: pysqlite3.Connection) -> None:
    assert expression(None) == expression("- * 😀") == expression("-staże") == NOTHING
    assert found(index, "😀") == []


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
def test_nothing_typed_is_an_error_for_the_index(index: pysqlite3.Connection, typed: str) -> None:
    found(index, typed)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_is_a_search(typed: str) -> None:
    connection = pysqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5 (t)")
    connection.execute("SELECT * FROM f WHERE f MATCH ?", [expression(typed)]).fetchall()


@pytest.mark.asyncio
async def test_the_search_page_answers_whatever_is_typed(desk: object, get: Get) -> None:
    for typed in NASTY:
        for mode in ({}, {"_searchmode": "raw"}):
            reply = await desk.client.get("/news/articles", params={"_search": typed[:5000], **mode})  # type: ignore[attr-defined]
            assert reply.status_code == 200, repr(typed)


@pytest.mark.asyncio
async def test_an_empty_search_box_is_no_search(get: Get) -> None:
    assert (await get("/news/articles.json?_search=&_size=0")).json()["filtered_table_rows_count"] == 320


@pytest.mark.asyncio
async def test_a_search_combines_with_filters_and_csv(get: Get) -> None:
    page = (await get("/news/articles.json?_search=targi&voivodeship=12&_shape=array")).json()
    assert page
    assert {row["voivodeship"] for row in page} == {"12"}
    assert all("Targi" in row["title"] for row in page)
    lines = (await get("/news/articles.csv?_search=targi&voivodeship=12&_size=max&_col=title")).text.splitlines()
    assert len(lines) == len(page) + 1
