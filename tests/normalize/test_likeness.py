from hypothesis import given
from hypothesis import strategies as st

from normalize.likeness import PLACES, bands, estimate, figures, is_copy, jaccard, shingles, signature

NEWS = (
    "Powiatowy urząd ogłasza nabór wniosków o staże. Wnioski można składać od 3 do 14 lutego 2025 r. w pokoju 12. "
    "Na ten cel przeznaczono 500 000 zł. Pierwszeństwo mają osoby do 30 roku życia oraz kobiety wracające do pracy. "
    "Szczegółowe zasady opisuje regulamin, a odpowiedzi na pytania udzielają doradcy klienta w godzinach pracy urzędu."
)


def _copy(one: str, other: str) -> bool:
    return is_copy(shingles(one), shingles(other), figures(one), figures(other))


def test_the_same_words_are_a_copy_whatever_their_case_and_spaces() -> None:
    assert jaccard(shingles(NEWS), shingles(NEWS.upper().replace(" ", "\u00a0"))) == 1.0
    assert _copy(NEWS, "Przedruk. " + NEWS)


def test_this_years_edition_of_a_yearly_call_is_not_a_copy() -> None:
    earlier = NEWS.replace("2025", "2024").replace("od 3 do 14 lutego", "od 5 do 16 lutego")
    assert jaccard(shingles(NEWS), shingles(earlier)) >= 0.6
    assert not _copy(NEWS, earlier)


def test_a_quotation_is_not_a_copy() -> None:
    quoting = "Jak czytamy: " + NEWS[:110] + " ".join(f"słowo{number} inne zdanie" for number in range(60))
    assert not _copy(NEWS, quoting)


def test_the_signature_estimates_the_likeness() -> None:
    words = [f"wyraz{number}" for number in range(400)]
    one, other = shingles(" ".join(words)), shingles(" ".join(words[:300] + [f"inny{n}" for n in range(100)]))
    assert abs(estimate(signature(one), signature(other)) - jaccard(one, other)) < 0.12
    assert set(bands(signature(one))) & set(bands(signature(other)))


def test_texts_without_words_are_like_nothing() -> None:
    assert signature(shingles("")) == ()
    assert bands(()) == ()
    assert estimate((), ()) == 0.0
    assert not _copy("", "")


@given(st.text())
def test_every_text_has_a_signature_that_fits_its_columns(text: str) -> None:
    marks = signature(shingles(text))
    assert len(marks) in (0, PLACES)
    assert all(0 <= number < 2**32 for number in marks)
    assert all(0 <= number < 2**63 for number in bands(marks))
    assert estimate(marks, marks) == (1.0 if marks else 0.0)
