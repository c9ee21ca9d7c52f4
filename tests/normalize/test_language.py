import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.language import is_foreign_tail, of

POLISH = "Urząd pracy przyjmuje wnioski o staż od poniedziałku, a wyniki ogłosi do końca miesiąca."
ENGLISH = "To send your story to the editor you should fill out the form below and accept the terms of use."
UKRAINIAN = "Центр зайнятості допомагає громадянам України знайти роботу та житло у нашому місті."
GERMAN = "Die Stiftung hilft Menschen, die lange ohne Arbeit sind, und berät sie auf dem Weg zurück."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (POLISH, "pl"),
        ("Nabor wnioskow jest otwarty i trwa do konca roku dla osob bez pracy oraz firm", "pl"),
        (ENGLISH, "en"),
        (UKRAINIAN, "uk"),
        (GERMAN, "de"),
        ("Мы поможем вам найти работу и жильё в этом городе, если вы приехали", None),
        ("", None),
        ("12.05.2023", None),
        ("CIS KIS ZAZ WTZ", None),
        ("Kielce", None),
    ],
)
def test_the_language_is_told_by_its_commonest_words(text: str, language: str | None) -> None:
    assert of(text) == language


def test_an_english_form_after_a_polish_text_is_a_tail_with_its_heading() -> None:
    assert is_foreign_tail([POLISH, POLISH, "Your message", ENGLISH, "Send"]) == 2


def test_a_ukrainian_end_is_a_tail() -> None:
    assert is_foreign_tail([POLISH, UKRAINIAN]) == 1


def test_a_polish_end_leaves_foreign_paragraphs_in_their_place() -> None:
    assert is_foreign_tail([POLISH, ENGLISH, POLISH]) is None


def test_a_wholly_foreign_text_has_no_tail() -> None:
    assert is_foreign_tail([ENGLISH, ENGLISH]) is None


def test_a_polish_text_with_a_last_line_of_initials_has_no_tail() -> None:
    assert is_foreign_tail([POLISH, "Jan Nowak", "tel. 41 000 00 00"]) is None
    assert is_foreign_tail([]) is None


@given(st.lists(st.text(max_size=80), max_size=6))
def test_no_text_is_too_odd(paragraphs: list[str]) -> None:
    tail = is_foreign_tail(paragraphs)
    assert tail is None or 0 < tail < len(paragraphs)
    assert of("\n".join(paragraphs)) in ("pl", "en", "uk", "de", None)
