from __future__ import annotations

import pytest

from normalize.authors import byline, person, trailing_credit
from tests.normalize.pages import PARAGRAPH, SECOND, article, page, read


def test_a_caption_shared_by_a_gallery_is_kept_once() -> None:
    items = "".join(
        f"<li><a href='/g/{n}.jpg'><img src='/g/m{n}.jpg' alt=''></a><span>Spotkanie w Łomży</span></li>"
        for n in range(8)
    )
    body = page(f"<div><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p><h3>Galeria zdjęć</h3><ul>{items}</ul></div>")
    found = read(body)
    assert [image.caption for image in found.images] == ["Spotkanie w Łomży", *[None] * 7]
    assert found.images[0].url == "https://urzad.test/g/0.jpg"
    assert found.text == PARAGRAPH


def test_a_figures_caption_and_credit_are_not_text() -> None:
    figure = "<figure><img src='/a.jpg' alt='Sala'><figcaption>Uczestnicy targów (fot. Jan Lis)</figcaption></figure>"
    found = read(article(figure))
    assert found.text == f"{PARAGRAPH}\n{SECOND}"
    assert [(image.alt, image.caption, image.credit) for image in found.images] == [
        ("Sala", "Uczestnicy targów", "Jan Lis")
    ]
    assert found.photo_credit == "Jan Lis"


def test_a_line_that_repeats_a_pictures_alternative_text_is_not_text() -> None:
    inside = "<p><img src='/a.jpg' alt='Dyrektor wręcza umowę'></p><p>Dyrektor wręcza umowę</p>"
    assert read(article(inside)).text == f"{PARAGRAPH}\n{SECOND}"


def test_ornaments_and_embedded_pictures_are_left_out() -> None:
    inside = (
        "<p><img src='data:image/png;base64,AA'><img src='/img/spacer.gif'>"
        "<img src='/x/ikona.png'><img src='/p.jpg' width=16></p>"
    )
    assert read(article(inside)).images == ()


@pytest.mark.parametrize(
    ("line", "author", "credit"),
    [
        ("fot. Tomasz Żak / UMWS", None, "Tomasz Żak / UMWS"),
        ("Foto: Anna Magda", None, "Anna Magda"),
        ("Fot.: archiwum urzędu", None, "archiwum urzędu"),
        ("Autor zdjęć: Michał Mielniczuk", None, "Michał Mielniczuk"),
        ("Zdjęcia: Ewa Lis", None, "Ewa Lis"),
        ("Autor: Krzysztof Kalita", "Krzysztof Kalita", None),
        ("Autor tekstu: Monika Konopka", "Monika Konopka", None),
        ("Opr. P. Cius", "P. Cius", None),
        ("Opracowała: Agnieszka Rzempała - Chmielewska", "Agnieszka Rzempała - Chmielewska", None),
        ("Dodano przez: Paweł Nowak", "Paweł Nowak", None),
        ("Tekst i Foto: Mateusz Frąckowiak/koordynator ds. informacji", "Mateusz Frąckowiak", "Mateusz Frąckowiak"),
        ("Tekst: Jan Lis, fot. Ewa Lis", "Jan Lis", "Ewa Lis"),
    ],
)
def test_bylines_are_read_in_all_their_spellings(line: str, author: str | None, credit: str | None) -> None:
    said = byline(line)
    assert said is not None
    assert (said.author, said.credit) == (author, credit)


@pytest.mark.parametrize(
    "line",
    [
        "Kontakt: Jan Nowak, tel. 41 364 16 08",
        "Osoba do kontaktu: Jan Nowak",
        "Autor: admin",
        "Autor projektu otrzymał nagrodę.",
        "Zdjęcia z wydarzenia można obejrzeć w galerii.",
        "Tekst jednolity ustawy ogłoszono w lutym.",
        "Fotografia jako zawód przyszłości",
        "Opublikowano: 12.03.2024",
    ],
)
def test_contacts_accounts_and_sentences_name_no_author(line: str) -> None:
    said = byline(line)
    assert said is None or (said.author, said.credit) == (None, None)


def test_a_person_is_a_name_and_nothing_else() -> None:
    assert person("Anna Lis, Jan Lis") == "Anna Lis, Jan Lis"
    assert person("Super User") is None
    assert person("rzecznik@urzad.test") is None
    assert person("Urząd 2024") is None


def test_a_credit_at_the_end_of_a_caption_is_split_off() -> None:
    assert trailing_credit("Otwarcie targów, fot. Jan Lis") == ("Otwarcie targów", "Jan Lis")
    assert trailing_credit("Otwarcie targów") == ("Otwarcie targów", None)


def test_the_software_house_in_the_head_is_not_the_author() -> None:
    assert read(article("", head="<meta name='author' content='Pracownia Stron'>")).author is None


def test_initials_alone_on_the_last_line_are_the_author() -> None:
    body = page(f"<div><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p><p>{SECOND}</p><p>L.D.</p></div>")
    found = read(body)
    assert (found.author, found.text) == ("L.D.", f"{PARAGRAPH}\n{SECOND}")
