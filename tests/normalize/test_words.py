import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import call_words
from normalize.words import Sought, block_hash, clean, fold, fold_aligned, sentences


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Świętokrzyskie", "swietokrzyskie"),
        ("ŁÓDŹ i Żyrardów", "lodz i zyrardow"),
        ("1\u00a0059\u202f750\u2009zł", "1 059 750 zl"),
        ("zero\u200bwidth so\u00adft", "zerowidth soft"),
        ("z\u0301le", "zle"),
        ("Übung Größe", "ubung grose"),
        ("Київ", "київ"),
        ("IZMİR", "izmir"),
        ("20\u201102\u20112024", "20-02-2024"),
    ],
)
def test_folding_leaves_plain_small_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Nabór \n\t wniosków ", "Nabór wniosków"),
        ("za\u200br\u00adejestrowani", "zarejestrowani"),
        ("a\u0000b\ud800c\u202e", "abc"),
        ("1\u00a0000\u202fzł", "1 000 zł"),
        ("o\u0301semka", "ósemka"),
        ("", ""),
    ],
)
def test_cleaning_leaves_what_a_reader_sees(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text())
def test_aligned_folding_keeps_every_position(text: str) -> None:
    assert len(fold_aligned(text)) == len(text)


@given(st.text())
def test_folding_and_hashing_never_fail(text: str) -> None:
    fold(text)
    assert len(block_hash(text)) == 16


def test_equal_text_has_an_equal_hash_whatever_its_spaces_and_letter_case() -> None:
    assert block_hash("Projekt  współfinansowany\u00a0z EFS") == block_hash("projekt współfinansowany z efs")
    assert block_hash("Projekt A") != block_hash("Projekt B")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nabór trwa. Wnioski przyjmuje urząd.", ["Nabór trwa. ", "Wnioski przyjmuje urząd."]),
        ("Kwota ok. 20 mln zł. Razem 5.", ["Kwota ok. 20 mln zł. ", "Razem 5."]),
        ("Przy ul. Długiej 5 czeka p. Nowak.", ["Przy ul. Długiej 5 czeka p. Nowak."]),
        ("Od 2019 r. W tym roku mniej.", ["Od 2019 r. ", "W tym roku mniej."]),
        ("Ile? Sto!", ["Ile? ", "Sto!"]),
        ("", []),
    ],
)
def test_abbreviations_do_not_end_a_sentence(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(alphabet="aB. !?1„\n", max_size=60))
def test_sentences_together_are_the_text(text: str) -> None:
    assert "".join(text[start:end] for start, end in sentences(text)) == text


SOUGHT = [
    pytest.param(sought, id=f"{module.__name__}.{name}")
    for module in (call_words,)
    for name, sought in vars(module).items()
    if isinstance(sought, Sought)
]


@pytest.mark.parametrize("sought", SOUGHT)
@given(data=st.data())
def test_a_search_that_is_spared_would_have_found_nothing(sought: Sought, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(sought.pattern))
    assert sought.search(text) is not None
