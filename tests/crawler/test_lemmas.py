"""The base forms of words, for the index and for the search."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import lemmas
from normalize import words
from tests.crawler.made import Bench, article


def test_a_word_has_all_its_base_forms_and_itself_in_plain_letters() -> None:
    assert lemmas.forms("socjalna") == ("socjalna", "socjalny")
    assert lemmas.forms("łodzi") == ("lodz", "lodzi", "lodzia")
    assert lemmas.forms("zrobiłbym") == ("zrobic", "zrobilbym")


def test_a_word_that_nobody_knows_and_a_number_stand_for_themselves() -> None:
    assert lemmas.forms("fers") == ("fers",)
    assert lemmas.forms("2024") == ("2024",)
    assert lemmas.forms("66c") == ("66c",)


def test_single_letters_and_endless_words_are_left_out() -> None:
    assert lemmas.forms("w") == lemmas.forms("a" * 41) == ()


def test_a_denied_participle_is_not_its_verb() -> None:
    assert "pracowac" in lemmas.forms("pracujących")
    assert "pracowac" not in lemmas.forms("niepracujących")


def test_names_of_places_are_known_in_small_letters() -> None:
    assert "kielce" in lemmas.forms("kielcach")
    assert "bialystok" in lemmas.forms("białymstoku")


def test_the_words_of_a_text_stand_in_alphabetic_order() -> None:
    assert lemmas.of("Nabór WNIOSKÓW w Łodzi") == "lodz lodzi lodzia nabor wniosek wnioskow"


def test_case_and_order_of_the_words_make_no_difference() -> None:
    assert lemmas.of("Rada rynku pracy") == lemmas.of("PRACY RYNKU, rada!")


def test_what_a_text_repeats_counts_up_to_three_times() -> None:
    assert lemmas.of("nabór, naboru, naborem, naborze, naborów").split().count("nabor") == lemmas.MOST_REPEATS
    assert lemmas.of("naboru naboru").split() == ["nabor", "nabor", "naboru"]


def test_an_empty_text_has_no_words() -> None:
    assert lemmas.of("") == lemmas.of("– …  !") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("szkolen", "szkoleń"),
        ("wnioskow", "wniosków"),
        ("przedsiebiorcow", "przedsiębiorców"),
        ("swietokrzyskiego", "świętokrzyskiego"),
        ("zatrudnien", "zatrudnień"),
        ("slupsku", "słupsku"),
        ("lodzi", "łodzi"),
        ("doswiadczenie", "doświadczenie"),
        ("niepelnosprawnych", "niepełnosprawnych"),
        ("pozyczke", "pożyczkę"),
    ],
)
def test_marks_may_be_left_out_of_what_is_typed(typed: str, meant: str) -> None:
    assert set(lemmas.forms(meant)) <= set(lemmas.wanted(typed))


def test_a_word_without_marks_is_not_taken_for_another_with_them() -> None:
    assert lemmas.wanted("plac") == ("plac",)
    assert "miec" not in lemmas.wanted("maja")


def test_a_word_that_could_be_spelled_in_too_many_ways_stays_as_it_is() -> None:
    assert lemmas.wanted("zsczsczsczsczsczscz") == ("zsczsczsczsczsczscz",)


@given(st.text(max_size=60))
def test_any_text_has_words_in_order_that_the_index_cuts_no_further(text: str) -> None:
    found = lemmas.of(text).split(" ")
    assert found == sorted(found)
    assert all(word == words.fold(word) for word in found)


def test_threads_agree() -> None:
    texts = [
        "Nabór wniosków o dofinansowanie staży",
        "Targi pracy w Słupsku i w Łodzi",
        "Zasiłki dla bezrobotnych",
    ] * 40
    lemmas.forms.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lemmas.of, texts))
    assert together == [lemmas.of(text) for text in texts]


def test_a_kept_article_is_found_by_another_form_of_its_words(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.save(article("http://lipowo.praca.test/-/staze", "Urząd ogłasza konkurs w Łodzi.", title="Nabór wniosków"))
    assert bench.rows("SELECT lemmas FROM articles") == [(lemmas.of("Nabór wniosków Urząd ogłasza konkurs w Łodzi."),)]
    assert bench.rows("SELECT title FROM articles_fts WHERE articles_fts MATCH 'wniosek lodz oglaszac'") == [
        ("Nabór wniosków",)
    ]
    bench.close()
