"""What a visitor may type into the search box, and what it finds."""

from __future__ import annotations

import pysqlite3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import lemmas
from crawler.publish.search.searching import MOST_TERMS, NOTHING, expression, read
from tests.publish.typed import NASTY, PAIRS

TEXTS = [
    "Nabór wniosków w Łodzi",
    "Wyniki naboru na staże",
    "Rada rynku pracy w Kielcach",
    "lodz",
    "Covid-19 a rynek pracy, lata 2021–2027",
    "Usługi doradczo-szkoleniowe",
    "Aktywny Słupsk, praca i płaca",
]


def index_of(*texts: str) -> pysqlite3.Connection:
    connection = pysqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE f USING fts5 (title, text, lemmas, tokenize='unicode61 remove_diacritics 2')"
    )
    connection.executemany("INSERT INTO f VALUES ('', ?, ?)", [(text, lemmas.of(text)) for text in texts])
    return connection


@pytest.fixture(scope="module")
def index() -> pysqlite3.Connection:
    return index_of(*TEXTS)


def found(index: pysqlite3.Connection, typed: str) -> list[int]:
    return [row[0] for row in index.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid", [expression(typed)])]


def test_there_are_enough_pairs_and_queries_to_be_sure() -> None:
    assert len(PAIRS) >= 46
    assert len(set(NASTY)) >= 200
    assert max(map(len, NASTY)) >= 10_000


@pytest.mark.parametrize(("typed", "stands", "other"), PAIRS, ids=[f"{a}-{b}" for a, b, _ in PAIRS])
def test_an_inflected_word_is_found_and_its_neighbour_is_not(typed: str, stands: str, other: str) -> None:
    index = index_of(f"Wczoraj {stands}, wreszcie.", f"Wczoraj {other}, wreszcie.")
    assert found(index, typed) == [1]
    assert found(index, typed.upper()) == [1]
    for form in stands.split():
        assert found(index, form) == [1]


@pytest.mark.parametrize(("typed", "stands"), [pair[:2] for pair in PAIRS], ids=[f"{a}-{b}" for a, b, _ in PAIRS])
def test_marks_may_be_left_out_of_an_inflected_word(typed: str, stands: str) -> None:
    index = index_of(f"Wczoraj {stands}, wreszcie.")
    plain = typed.translate(str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ"))
    assert found(index, plain) == [1]


def test_all_words_must_occur(index: pysqlite3.Connection) -> None:
    assert found(index, "nabór łodzi") == [1]
    assert found(index, "nabór kielce") == []


def test_single_letters_are_passed_over(index: pysqlite3.Connection) -> None:
    assert found(index, "nabór w Łódź") == [1]
    assert expression("a i w") == NOTHING


def test_diacritics_may_be_left_out_or_be_in_another_case(index: pysqlite3.Connection) -> None:
    assert found(index, "nabor wniosku") == [1]
    assert found(index, "ŁÓDŹ") == found(index, "lodz") == [1, 4]


def test_quotes_make_a_phrase_of_words_as_they_stand(index: pysqlite3.Connection) -> None:
    assert found(index, '"rynku pracy"') == [3]
    assert found(index, '"pracy rynku"') == []
    assert found(index, '"rynek praca"') == []
    assert found(index, '"rada rynku') == [3]


def test_a_phrase_is_found_with_and_without_the_stroke_of_l(index: pysqlite3.Connection) -> None:
    assert found(index, '"aktywny slupsk"') == found(index, '"AKTYWNY SŁUPSK"') == [7]
    assert found(index, '"w lodzi"') == found(index, '"w Łodzi"') == [1]


def test_a_phrase_with_many_l_is_found_as_typed(index: pysqlite3.Connection) -> None:
    long = index_of("Była zła, wolała płacić Polakom za lalki")
    assert found(long, '"była zła, wolała płacić Polakom za lalki"') == [1]


def test_a_star_finds_beginnings(index: pysqlite3.Connection) -> None:
    assert found(index, "nab*") == [1, 2]
    assert found(index, "słup*") == found(index, "slup*") == [7]


def test_a_minus_excludes_every_form(index: pysqlite3.Connection) -> None:
    assert found(index, "nab* -staż") == [1]
    assert found(index, 'nab* -"w Łodzi"') == [2]
    assert found(index, "praca -rad* -covid") == [7]


def test_a_compound_asks_for_its_parts_and_numbers_stay_together(index: pysqlite3.Connection) -> None:
    assert found(index, "szkoleniowe-doradczo") == [6]
    assert found(index, "COVID-19") == found(index, "2021-2027") == [5]
    assert found(index, "covid-2021") == []


def test_nothing_to_look_for_finds_nothing(index: pysqlite3.Connection) -> None:
    assert expression(None) == expression("- * 😀") == expression("-staże") == NOTHING
    assert found(index, "😀") == []


def test_operators_are_words(index: pysqlite3.Connection) -> None:
    assert found(index, "nabór AND wniosków") == found(index, "nabór OR rada") == []


def test_a_very_long_question_is_cut_and_says_so() -> None:
    query = read(" ".join(f"słowo{n}" for n in range(99)))
    assert query.shortened
    assert len(query.wanted) == MOST_TERMS
    assert not read("nabór wniosków").shortened


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
def test_nothing_typed_is_an_error_for_the_index(index: pysqlite3.Connection, typed: str) -> None:
    found(index, typed)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_is_a_search(typed: str) -> None:
    found(index_of(), typed)
