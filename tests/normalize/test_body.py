from __future__ import annotations

import pytest

from normalize import Article
from tests.normalize.pages import PARAGRAPH, SECOND, article, page, read


def kinds(found: Article) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in found.blocks]


def test_lists_tables_and_headings_stay_and_keep_their_kind() -> None:
    inside = (
        "<h2>Warunki</h2><ul><li>wiek do 30 lat,</li><li><p>rejestracja w urzędzie.</p></li></ul>"
        "<table><tr><th>Gmina</th><th>Miejsca</th></tr><tr><td>Boćki</td><td>12</td></tr></table>"
    )
    assert kinds(read(article(inside))) == [
        ("paragraph", PARAGRAPH),
        ("heading", "Warunki"),
        ("item", "wiek do 30 lat,"),
        ("item", "rejestracja w urzędzie."),
        ("table", "Gmina | Miejsca"),
        ("table", "Boćki | 12"),
        ("paragraph", SECOND),
    ]


def test_a_table_that_only_places_things_on_the_page_is_no_table() -> None:
    body = page(
        "<table><tr><td><a href='/'>MENU</a></td><td><table><tr><td><b>Rusza nabór na staże</b></td></tr>"
        f"<tr><td>2024-03-05</td></tr><tr><td>{PARAGRAPH}<br><br>{SECOND}</td></tr></table></td></tr></table>"
    )
    found = read(body)
    assert kinds(found) == [("paragraph", PARAGRAPH), ("paragraph", SECOND)]
    assert found.published == "2024-03-05"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Trwa ładowanie...</p>",
        "<p>Trwa zapisywanie na newsletter...</p>",
        "<p>Drukuj</p>",
        "<p>Powrót do listy</p>",
        "<p>Liczba wyświetleń: 1024</p>",
        "<h1>Rusza nabór na staże</h1>",
        "<p>Rusza nabór na staże</p>",
        "<p class='sr-only'>Nagłówek aplikacji zagnieżdżonej, którego nikt nie widzi na stronie.</p>",
        "<p style='display: none'>Tekst ukryty przed czytelnikami i robotami.</p>",
        "<p hidden>Tekst ukryty przed czytelnikami i robotami.</p>",
        "<div class='social-share'><p>Udostępnij ten artykuł swoim znajomym i rodzinie już dziś.</p></div>",
        "<div class='cookie-box'><p>Ta strona zapisuje pliki, dzięki którym działa lepiej i szybciej.</p></div>",
        "<form><p>Zapisz się, a co tydzień wyślemy do Ciebie nasze wiadomości.</p><input name='e'></form>",
        "<p>DSC 0266</p>",
        "<p>IN_SITU_LOGOS</p>",
        "<p>naglowek-2024.jpg</p>",
        "<p>\u200b&nbsp;</p>",
        "<p>× </p>",
        "<p>Jesteś tutaj: Start / Aktualności</p>",
        "<p>Data opublikowania:</p>",
        "<p>Opublikowano: 12.03.2024</p>",
    ],
)
def test_what_the_site_prints_around_an_article_is_no_text(line: str) -> None:
    assert read(article(line)).text == f"{PARAGRAPH}\n{SECOND}"


def test_a_machine_summary_between_its_toggles_is_not_the_office_speaking() -> None:
    summary = (
        "<p>Rozwiń streszczenie od AI</p><p>Urząd organizuje staże, a wnioski przyjmuje cały rok.</p>"
        "<p>Zwiń streszczenie od AI</p>"
    )
    assert read(article(summary)).text == f"{PARAGRAPH}\n{SECOND}"


def test_a_line_broken_by_hand_inside_a_sentence_is_joined() -> None:
    found = read(article("<p>Wnioski składa się<br>w sekretariacie urzędu.<br>Termin mija w piątek.</p>"))
    assert [block.text for block in found.blocks[1:3]] == [
        "Wnioski składa się w sekretariacie urzędu.",
        "Termin mija w piątek.",
    ]


def test_an_address_plate_after_the_text_goes() -> None:
    body = page(
        f"<div class='x'><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p><p>{SECOND}</p>"
        "<p>Powiatowy Urząd Pracy<br>"
        "ul. Dworcowa 3, 16-300 Augustów<br>NIP: 846-10-00-000<br>tel. 87 643 00 00</p></div>"
    )
    assert read(body).text == f"{PARAGRAPH}\n{SECOND}"


def test_the_signature_of_an_office_holder_is_neither_text_nor_author() -> None:
    body = page(
        f"<div><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p><p>{SECOND}</p>"
        "<p>Dyrektor Powiatowego Urzędu Pracy</p><p>Anna Lipska</p></div>"
    )
    found = read(body)
    assert found.text == f"{PARAGRAPH}\n{SECOND}"
    assert found.author is None


def test_a_foreign_language_tail_is_not_text() -> None:
    english = (
        "<p>The office invites all employers to apply for the training. You will find the form on our website.</p>"
    )
    body = page(f"<div><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p><p>{SECOND}</p>{english}</div>")
    found = read(body)
    assert found.text == f"{PARAGRAPH}\n{SECOND}"
    assert found.language == "pl"


def test_a_plate_that_names_who_paid_only_confirms_an_amount() -> None:
    body = page(
        f"<div><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p>"
        "<p>Na staże urząd otrzymał dofinansowanie 250 000,00 zł.</p>"
        "<p>Dofinansowano z Funduszu Pracy</p><p>Zadanie:</p><p>Dofinansowanie: 250 000,00 zł</p>"
        "<p>Wkład własny: 10 000,00 zł</p></div>"
    )
    found = read(body)
    assert found.text.endswith("250 000,00 zł.")
    assert [(amount.grosze, len(amount.mentions)) for amount in found.facts.amounts] == [(25_000_000, 2)]
    assert [mention.block for mention in found.facts.amounts[0].mentions] == [1, None]


def test_a_lead_stands_apart_and_in_the_text() -> None:
    body = page(f"<div><h1>Rusza nabór na staże</h1><p class='lead'>{PARAGRAPH}</p><p>{SECOND}</p></div>")
    found = read(body)
    assert found.lead == PARAGRAPH
    assert kinds(found)[0] == ("lead", PARAGRAPH)


def test_plates_under_their_own_headings_after_an_article_are_not_its_text() -> None:
    text = f"<p>{PARAGRAPH}</p><p>{SECOND}</p>" * 1
    plates = "".join(f"<div class='custom'><h3>O projekcie {n}</h3><p>{SECOND} Wersja {n}.</p></div>" for n in range(3))
    body = page(f"<main><div class='wpis'><h1>Rusza nabór na staże</h1>{text}</div>{plates}</main>")
    assert read(body).text == f"{PARAGRAPH}\n{SECOND}"


def test_an_article_in_several_boxes_is_whole() -> None:
    boxes = f"<div class='box'><p>{PARAGRAPH}</p></div><div class='box'><p>{SECOND}</p></div>"
    body = page(f"<div class='naglowek'><h1>Rusza nabór na staże</h1></div><div class='boxes'>{boxes}</div>")
    assert read(body).text == f"{PARAGRAPH}\n{SECOND}"


def test_the_button_in_the_heading_is_not_the_title() -> None:
    heading = "<div class='h2'><a href='/lista'>Wstecz</a> <span>Rusza nabór na staże</span></div>"
    found = read(article("", heading=heading))
    assert found.title == "Rusza nabór na staże"
    assert found.text == f"{PARAGRAPH}\n{SECOND}"


def test_a_title_that_only_the_window_shows_is_taken_without_the_sites_name() -> None:
    found = read(article("", heading=""))
    assert found.title == "Rusza nabór na staże"
    assert found.evidence["/title"].method == "html title"


def test_a_sidebar_longer_than_the_article_stays_outside() -> None:
    item = f"<div><h3><a href='/inna'>Inna wiadomość</a></h3><p>{SECOND}</p></div>"
    column = f"<div class='sidebar'>{item * 20}</div>"
    body = page(f"<div class='wpis'><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p><p>{SECOND}</p></div>{column}")
    assert read(body).text == f"{PARAGRAPH}\n{SECOND}"


def test_a_wrapper_named_after_its_sidebar_keeps_the_article() -> None:
    article_only = f"<div class='wpis'><h1>Rusza nabór na staże</h1><p>{PARAGRAPH}</p><p>{SECOND}</p></div>"
    assert read(page(f"<div class='with-sidebar'>{article_only}</div>")).text == f"{PARAGRAPH}\n{SECOND}"


def test_a_short_article_beside_a_long_sidebar_stays_short() -> None:
    item = f"<div><h3><a href='/inna'>Inna wiadomość</a></h3><p>{SECOND}</p></div>"
    article_only = (
        "<div class='wpis'><h1>Rusza nabór na staże</h1><p>W piątek urząd pracuje tylko do godziny 13.00.</p></div>"
    )
    assert read(page(f"{article_only}<div class='sidebar'>{item * 20}</div>")).text.startswith("W piątek urząd pracuje")
    assert len(read(page(f"{article_only}<div class='sidebar'>{item * 20}</div>")).blocks) == 1
