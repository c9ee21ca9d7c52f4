from __future__ import annotations

from datetime import UTC, datetime

import pytest

from normalize import Knowledge, Office, Teaser, normalize
from normalize.model import Capture, Hints
from tests.normalize.pages import FETCHED, PARAGRAPH, SECOND, URL, article, page, read

H1 = "<h1>Rusza nabór na staże</h1>"


@pytest.mark.parametrize(
    "line",
    [
        "Data publikacji: 5 marca 2024",
        "Data opublikowania: 05.03.2024",
        "Opublikowano: 2024-03-05 11:40:00",
        "Utworzono: 5 marzec 2024",
        "Dodano: Wtorek, 5 marca 2024 (12:54)",
        "Data dodania: 05.03.2024 r.",
        "Data wprowadzenia: 5.03.2024",
        "05.03.2024",
        "wtorek, 5 marca 2024",
        "2024-03-05",
        "<time datetime='2024-03-05'>5 marca 2024</time>",
    ],
)
def test_a_labelled_or_bare_day_under_the_title_is_the_publication_date(line: str) -> None:
    found = read(article("", heading=f"{H1}<p>{line}</p>"))
    assert found.published == "2024-03-05"
    assert found.text == f"{PARAGRAPH}\n{SECOND}"


@pytest.mark.parametrize(
    "line",
    [
        "Data opublikowania:",
        "Data publikacji: 31.02.2024",
        "Opublikowano: 05.03.2099",
        "05.03.2099",
        "Wnioski przyjmujemy do 5 marca 2024 r.",
        "Nabór trwa od 5 marca 2024 do 9 marca 2024",
        "Ustawa z dnia 5 marca 2024 r. o rynku pracy.",
        "Termin: 05.03.2024",
        "Ostatnia aktualizacja: 05.03.2024",
        "[2002]",
    ],
)
def test_no_publication_date_is_made_of_what_is_none(line: str) -> None:
    assert read(article("", heading=f"{H1}<p>{line}</p>")).published is None


def test_todays_date_in_the_header_is_not_a_publication_date() -> None:
    header = "<div class='gora'><p>20 maja 2026 Imieniny: Bazylego</p><p>Data: 20.05.2026</p></div>"
    body = page(f"{header}<div>{H1}<p>{PARAGRAPH}</p><p>{SECOND}</p></div>")
    assert read(body).published is None


def test_a_footers_last_update_and_a_copyright_year_are_no_dates_of_the_article() -> None:
    body = page(
        f"<div>{H1}<p>{PARAGRAPH}</p></div><div class='dol'><p>Ostatnia aktualizacja: 1.05.2026</p><p>© 2026</p></div>"
    )
    found = read(body)
    assert (found.published, found.modified) == (None, None)


def test_the_dates_of_a_carousel_before_the_article_belong_to_its_items() -> None:
    item = "<div class='slajd'><h3><a href='/inny'>Inna wiadomość z tego urzędu</a></h3><p>07.04.2024</p></div>"
    body = page(f"<div class='k'>{item * 5}</div><div class='t'>{H1}<p>{PARAGRAPH}</p></div>")
    assert read(body).published is None


def test_a_day_in_two_lines_is_one_day() -> None:
    assert read(article("", heading=f"<p>28 lutego</p><p>2020</p>{H1}")).published == "2020-02-28"


def test_a_day_glued_to_the_first_word_is_cut_off() -> None:
    body = page(f"<div>{H1}<p>wtorek, 1 sierpnia 2023{PARAGRAPH}</p></div>")
    found = read(body)
    assert (found.published, found.text) == ("2023-08-01", PARAGRAPH)


def test_machine_readable_instants_become_days_in_warsaw() -> None:
    meta = "<meta property='article:published_time' content='2024-03-05T23:30:00Z'>"
    assert read(article("", head=meta)).published == "2024-03-06"
    script = '{"@type":"NewsArticle","datePublished":"2024-03-05T08:00:00+01:00"}'
    data = f'<script type="application/ld+json">{script}</script>'
    found = read(article("", head=data))
    assert (found.published, found.evidence["/published"].method) == ("2024-03-05", "json-ld datePublished")


def test_a_stamp_made_by_the_request_itself_is_refused() -> None:
    meta = "<meta property='article:published_time' content='2026-05-20T09:29:30Z'>"
    assert read(article("", head=meta)).published is None


def test_the_lists_date_counts_where_the_page_shows_none() -> None:
    for raw, day in (
        ("Tue, 05 Mar 2024 23:30:00 +0000", "2024-03-06"),
        ("05.03.2024", "2024-03-05"),
        ("2 dni temu", "2026-05-18"),
    ):
        assert read(article(""), teaser=Teaser(url=URL, published_raw=raw)).published == day


def test_the_familys_selector_comes_first() -> None:
    office = Office(id="x", kind="pup", name="Urząd", url="https://urzad.test/", family="mine")
    hints = Hints(date=(".kiedy",), modified=(".zmiana",))
    knowledge = Knowledge.bundled(families={"mine": hints})
    body = article(
        "", heading=f"{H1}<p>06.03.2024</p><span class='kiedy'>5 marca 2024</span><p class='zmiana'>07.03.2024</p>"
    )
    found = normalize(Capture(url=URL, body=body, content_type=None, fetched=FETCHED, office=office), knowledge)
    assert (found.published, found.modified) == ("2024-03-05", "2024-03-07")
    assert found.evidence["/published"].method.startswith("family selector")


def test_the_modification_date_stands_apart() -> None:
    line = "<p>Utworzono: 5 marca 2024 | Zmodyfikowano: 7 marca 2024</p>"
    found = read(article("", heading=f"{H1}{line}"))
    assert (found.published, found.modified) == ("2024-03-05", "2024-03-07")


def test_a_day_is_refused_only_after_the_fetch_in_warsaw() -> None:
    late = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)
    assert read(article("", heading=f"{H1}<p>21.05.2026</p>"), fetched=late).published == "2026-05-21"
    assert read(article("", heading=f"{H1}<p>21.05.2026</p>")).published is None
