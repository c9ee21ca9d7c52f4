"""The marked words, and the piece of a text that is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from crawler.publish.search.searching import read
from crawler.publish.search.snippets import LENGTH, marked, share, snippet

LONG = "Zarząd omówił sprawy bieżące. " * 30 + "Osobom bezrobotnym przyznano staże. " + "Dalej nic. " * 200


def test_every_form_of_a_word_is_marked() -> None:
    assert (
        marked("Bezrobotni i BEZROBOTNA", read("bezrobotnych")) == "<mark>Bezrobotni</mark> i <mark>BEZROBOTNA</mark>"
    )


def test_a_phrase_is_marked_whole_and_a_beginning_as_its_word() -> None:
    assert marked("Rada rynku pracy radzi", read('"rynku pracy"')) == "Rada <mark>rynku pracy</mark> radzi"
    assert marked("Miasto Słupsk", read("slup*")) == "Miasto <mark>Słupsk</mark>"


def test_what_is_excluded_is_not_marked() -> None:
    assert marked("praca i staż", read("praca -staż")) == "<mark>praca</mark> i staż"


def test_the_piece_shown_is_where_the_words_stand_together() -> None:
    shown = snippet(LONG, read("bezrobotny staż"))
    assert "Osobom <mark>bezrobotnym</mark> przyznano <mark>staże</mark>." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_a_text_that_does_not_say_it_is_shown_from_its_beginning() -> None:
    assert snippet("Zapraszamy.", read("bezrobotny")) == "Zapraszamy."
    assert snippet(LONG, read("nieobecny")).startswith("Zarząd omówił")


def test_markup_in_a_text_stays_text() -> None:
    assert snippet("<script>praca</script>", read("praca")) == "&lt;script&gt;<mark>praca</mark>&lt;/script&gt;"


def test_the_share_of_the_words_that_stand_in_a_title() -> None:
    assert share("Targi pracy", read("targi praca")) == 1
    assert share("Targi pracy", read("targi staż")) == 0.5
    assert share("Targi pracy", read("-targi")) == 0


@given(st.text(max_size=400), st.text(max_size=40))
def test_marking_loses_no_letter(text: str, typed: str) -> None:
    shown = str(marked(text, read(typed)))
    assert shown.replace("<mark>", "").replace("</mark>", "") == str(escape(text))
    assert len(snippet(text, read(typed)).striptags()) <= LENGTH + 4
