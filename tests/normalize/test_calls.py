"""Calls for applications: windows, rounds, extensions, results, open ends, audience, amount, address, status."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import calls, dates
from normalize.model import Amount, Call, Mention, Programme


def found(
    *paragraphs: str,
    reference: date | None = None,
    amounts: tuple[Amount, ...] = (),
    programmes: tuple[Programme, ...] = (),
) -> list[Call]:
    return calls.find(
        paragraphs,
        dates=dates.find(paragraphs, reference=reference),
        amounts=amounts,
        programmes=programmes,
        reference=reference,
    )


def brief(*paragraphs: str, reference: date | None = None) -> list[str]:
    return [
        " ".join(
            str(part)
            for part in (call.event, f"{call.opens or '..'}/{call.closes or '..'}", call.open_ended)
            if part is not None
        )
        for call in found(*paragraphs, reference=reference)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nabór wniosków trwa od 3 do 14 lutego 2025 r.", "announced 2025-02-03/2025-02-14"),
        ("Ogłaszamy nabór wniosków w dniach 23–25 lipca 2025 r.", "announced 2025-07-23/2025-07-25"),
        ("Nabór wniosków odbędzie się w dniach 23-25 lipca 2025 r.", "announced 2025-07-23/2025-07-25"),
        ("Wnioski będą przyjmowane w dniu 11 grudnia 2025 r.", "announced 2025-12-11/2025-12-11"),
        ("Od 19 marca 2021 r. rusza nabór na prace interwencyjne.", "announced 2021-03-19/.."),
        ("11 sierpnia 2025 r. wznawiamy nabór wniosków o dotacje.", "announced 2025-08-11/.."),
        ("Zgłoszenia przyjmujemy do 14 lutego 2025 r. do godz. 15.30.", "announced ../2025-02-14T15:30"),
        ("Termin składania ofert upływa 14 lutego 2025 r. o godz. 12:00.", "announced ../2025-02-14T12:00"),
        ("Rekrutacja do projektu potrwa do 30 czerwca 2024 r.", "announced ../2024-06-30"),
        (
            "Nabór rozpocznie się 3 lutego 2025 r. i zakończy się 14 lutego 2025 r.",
            "announced 2025-02-03/2025-02-14",
        ),
        (
            "Wnioski można składać od 3 lutego 2025 r. od godz. 8:00 do 14 lutego 2025 r. do godz. 15:00.",
            "announced 2025-02-03T08:00/2025-02-14T15:00",
        ),
        (
            "Wnioski przyjmowane są od 3 lutego 2025 r. do wyczerpania środków.",
            "announced 2025-02-03/.. funds",
        ),
        ("Nabór prowadzony jest w sposób ciągły.", "announced ../.. notice"),
        ("Wnioski przyjmujemy do odwołania.", "announced ../.. notice"),
        ("Trwa nabór wniosków do wyczerpania limitu środków.", "announced ../.. funds"),
        ("Wydłużamy nabór wniosków do 21 lutego 2025 r.", "extended ../2025-02-21"),
        ("Termin składania wniosków został przedłużony do dnia 21 lutego 2025 r.", "extended ../2025-02-21"),
        ("Zmiana terminu składania wniosków: do 21 lutego 2025 r.", "extended ../2025-02-21"),
        (
            "Termin naboru został wydłużony z 14 lutego 2025 r. do 21 lutego 2025 r.",
            "extended ../2025-02-21",
        ),
        ("Na wniosek gmin przedłużamy do 12 maja 2023 r. nabór zgłoszeń.", "extended ../2023-05-12"),
        ("Konkurs trwa: zamiast do 8 maja formularze przyjmujemy do 12 maja 2023 r.", "announced ../2023-05-12"),
        ("Z dniem 12 maja 2023 r. zamykamy nabór ekspertów.", "closed ../2023-05-12"),
        ("Odwołujemy nabór, który miał trwać od 8 do 12 maja 2023 r.", "cancelled 2023-05-08/2023-05-12"),
        ("Firmy mogą składać wnioski. Terminy naboru podajemy w załączniku.", "announced ../.."),
        ("Nabór wniosków został zakończony.", "closed ../.."),
        ("W związku z wyczerpaniem środków wstrzymujemy przyjmowanie wniosków.", "closed ../.."),
        ("Informujemy o zakończeniu naboru wniosków.", "closed ../.."),
        ("Nabór wniosków został odwołany.", "cancelled ../.."),
        ("Dyrektor unieważnił konkurs ofert.", "cancelled ../.."),
        ("Wyniki naboru wniosków o środki z rezerwy.", "results ../.."),
        ("Lista rankingowa wniosków w ramach naboru.", "results ../.."),
        (
            "Wyniki naboru wniosków prowadzonego od 3 do 14 lutego 2025 r.",
            "results 2025-02-03/2025-02-14",
        ),
        ("Ogłaszamy nabór wniosków o bony na zasiedlenie.", "announced ../.."),
        ("Zapraszamy do składania wniosków o organizację stażu.", "announced ../.."),
    ],
)
def test_a_sentence_announces_a_call_or_what_became_of_it(text: str, expected: str) -> None:
    assert brief(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Do 31 marca 2022 r. zrekrutujemy 60 uczestników.",
        "Projekt zakłada przeszkolenie 200 osób do 30 czerwca 2023 r.",
        "Konferencja odbyła się 5 marca 2024 r. w Opolu.",
        "Sprawozdania należy składać do 31 stycznia 2025 r.",
        "Uwagi do projektu programu można zgłaszać do 28 lutego 2022 r.",
        "W ramach naboru z 2023 r. złożono 30 wniosków.",
        "Projekt potrwa do 31 grudnia 2023 r.",
        "Wyniki zostaną ogłoszone na stronie.",
        "Odwołanie od decyzji wnosi się w terminie 14 dni.",
        "Przedłużenie zezwolenia na pracę jest możliwe.",
        "Wydłużamy godziny pracy urzędu.",
        "Zapraszamy na konferencję. Na zgłoszenia czekamy do 12 maja 2023 r.",
        "Bezpłatne warsztaty: zgłoszenia przyjmujemy do 12 maja 2023 r.",
        "Nabór na wolne stanowisko urzędnicze: dokumenty należy złożyć do 12 maja 2023 r.",
        "Zapytanie ofertowe: oferty przyjmujemy do 12 maja 2023 r.",
        "Doradca przyjmuje od 12 maja 2023 r. w pokoju 5.",
        "",
    ],
)
def test_what_nobody_can_apply_for_is_no_call(text: str) -> None:
    assert brief(text) == []


def test_the_results_that_are_still_to_come_do_not_end_a_call() -> None:
    text = ("Nabór wniosków trwa do 14 lutego 2025 r.", "Wyniki naboru zostaną ogłoszone do 30 marca 2025 r.")
    assert {call.event for call in found(*text)} == {"announced"}


def test_sentences_that_agree_make_one_call() -> None:
    assert brief(
        "Do 14 lutego br. trwa nabór wniosków",
        "Urząd ogłasza nabór wniosków o środki na szkolenia pracowników.",
        "Wnioski można składać od 3 do 14 lutego 2025 r. Termin upływa 14 lutego 2025 r. o godz. 15:30.",
        reference=date(2025, 2, 1),
    ) == ["announced 2025-02-03/2025-02-14T15:30"]


def test_several_rounds_are_several_calls() -> None:
    assert brief(
        "Harmonogram naborów:",
        "I nabór: od 3 do 14 lutego 2025 r.",
        "II nabór: od 5 do 16 maja 2025 r.",
        "III nabór: od 1 do 12 września 2025 r.",
    ) == [
        "announced 2025-02-03/2025-02-14",
        "announced 2025-05-05/2025-05-16",
        "announced 2025-09-01/2025-09-12",
    ]


def test_an_extension_moves_the_deadline_of_the_call_it_speaks_of() -> None:
    assert brief(
        "Nabór wniosków trwa od 3 do 14 lutego 2025 r.",
        "Uwaga! Termin składania wniosków został wydłużony do 21 lutego 2025 r.",
    ) == ["extended 2025-02-03/2025-02-21"]


def test_a_cancellation_belongs_to_the_call_above_it() -> None:
    assert brief("Nabór wniosków trwał od 3 do 14 lutego 2025 r.", "Informujemy, że nabór został unieważniony.") == [
        "cancelled 2025-02-03/2025-02-14"
    ]


def test_a_label_and_its_value_on_two_lines_are_read_together() -> None:
    assert brief("Termin składania wniosków:", "3–14 lutego 2025 r.") == ["announced 2025-02-03/2025-02-14"]


def test_a_duration_counts_from_the_day_of_the_news() -> None:
    text = "Nabór potrwa przez kolejnych 14 dni."
    assert brief(text, reference=date(2020, 5, 13)) == ["announced 2020-05-13/2020-05-27"]
    assert brief("Nabór potrwa przez kolejnych 14 dni roboczych.", reference=date(2020, 5, 13)) == ["announced ../.."]


def test_a_call_whose_dates_stand_in_an_attachment_says_so() -> None:
    (call,) = found("Ogłaszamy nabór wniosków, szczegóły w załączniku.")
    assert (call.opens, call.closes) == (None, None)
    assert "attachment" in call.method


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        (
            "Ogłaszamy nabór wniosków dla pracodawców na kształcenie ustawiczne do 14 lutego 2025 r.",
            "pracodawców",
        ),
        (
            "Rusza nabór skierowany do osób bezrobotnych do 30 roku życia.",
            "osób bezrobotnych",
        ),
        (
            "Rekrutacja trwa. O wsparcie mogą ubiegać się organizacje pozarządowe z terenu województwa.",
            "organizacje pozarządowe z terenu województwa",
        ),
        ("Ogłaszamy nabór wniosków.", None),
    ],
)
def test_the_audience_is_in_the_words_of_the_page(text: str, audience: str | None) -> None:
    (call,) = found(text)
    assert call.audience is None if audience is None else (call.audience or "").startswith(audience)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (
            "Wnioski należy składać w siedzibie urzędu, pokój 12, do 14 lutego 2025 r.",
            "w siedzibie urzędu, pokój 12",
        ),
        (
            "Wnioski można składać wyłącznie za pośrednictwem portalu praca.gov.pl do dnia 14 lutego 2025 r.",
            "wyłącznie za pośrednictwem portalu praca.gov.pl",
        ),
        (
            "Zgłoszenia prosimy przesyłać na adres nabor@example.org do 14 lutego 2025 r.",
            "na adres nabor@example.org",
        ),
        ("Nabór wniosków trwa do 14 lutego 2025 r.", None),
    ],
)
def test_the_place_to_apply_is_in_the_words_of_the_page(text: str, where: str | None) -> None:
    (call,) = found(text)
    assert call.where == where


def money(grosze: int, role: str, block: int) -> Amount:
    return Amount(mentions=(Mention(raw="", block=block),), method="", grosze=grosze, role=role)  # type: ignore[arg-type]


def test_the_amount_of_a_call_is_the_only_one_of_its_role() -> None:
    text = ("Nabór wniosków trwa do 14 lutego 2025 r.", "Pula wynosi dwa miliony.")
    pool, grant = money(200_000_000, "pool", 1), money(4_000_000, "grant", 1)
    (call,) = found(*text, amounts=(grant, pool))
    assert call.amount == pool
    (call,) = found(*text, amounts=(pool, money(100, "pool", 1)))
    assert call.amount is None


def test_the_programme_of_a_call_stands_beside_it_or_is_the_only_one() -> None:
    text = ("Nabór wniosków z KFS trwa do 14 lutego 2025 r.", "Urząd realizuje też inne programy.")
    kfs = Programme(mentions=(Mention(raw="KFS", block=0),), method="", id="kfs", name="KFS")
    other = Programme(mentions=(Mention(raw="FP", block=1),), method="", id="fp", name="FP")
    assert [call.programme for call in found(*text, programmes=(other, kfs))] == ["kfs"]
    assert [call.programme for call in found(*text, programmes=(other,))] == ["fp"]


def call(**fields: object) -> Call:
    return Call(mentions=(Mention(raw="nabór"),), method="window", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "day", "status"),
    [
        (call(opens="2025-02-03", closes="2025-02-14"), date(2025, 2, 2), "planned"),
        (call(opens="2025-02-03", closes="2025-02-14"), date(2025, 2, 3), "open"),
        (call(opens="2025-02-03", closes="2025-02-14T15:30"), date(2025, 2, 14), "open"),
        (call(opens="2025-02-03", closes="2025-02-14"), date(2025, 2, 15), "closed"),
        (call(closes="2025-02-14"), date(2025, 2, 1), "open"),
        (call(opens="2025-02-03"), date(2025, 2, 1), "planned"),
        (call(opens="2025-02-03"), date(2025, 3, 1), "unknown"),
        (call(opens="2025-02-03", open_ended="funds"), date(2025, 3, 1), "open"),
        (call(open_ended="notice"), date(2025, 3, 1), "open"),
        (call(), date(2025, 3, 1), "unknown"),
        (call(closes="--02-14"), date(2025, 2, 1), "unknown"),
        (call(opens="2025-05", closes="2025-06"), date(2025, 6, 30), "open"),
        (call(opens="2025-11", closes="2025-12"), date(2026, 1, 1), "closed"),
        (call(closes="2025-02-14", event="cancelled"), date(2025, 2, 1), "cancelled"),
        (call(event="results"), date(2025, 2, 1), "closed"),
        (call(event="closed", open_ended="funds"), date(2025, 2, 1), "closed"),
        (call(closes="2025-02-21", event="extended"), date(2025, 2, 20), "open"),
    ],
)
def test_the_status_of_a_call_is_that_of_the_day_it_is_asked_for(one: Call, day: date, status: str) -> None:
    assert calls.status(one, day) == status


def test_a_call_keeps_the_sentences_it_was_read_from() -> None:
    (one,) = found("Wstęp.", "Nabór wniosków trwa do 14 lutego 2025 r. Zapraszamy.")
    assert one.mentions == (Mention(raw="Nabór wniosków trwa do 14 lutego 2025 r.", block=1),)


def test_a_title_tells_what_the_windows_of_the_text_are_for() -> None:
    text = ["Szukamy chętnych na targi w Kielcach.", "Zgłoszenia przyjmujemy 03.02–14.02.2025 r. w biurze."]
    whens = dates.find(text, reference=None)
    said = [
        calls.find(text, dates=whens, amounts=[], programmes=[], reference=None, title=title)
        for title in ("Nabór prowadzących", "Targi pracy w Kielcach")
    ]
    assert [len(some) for some in said] == [1, 0]


def test_results_keep_the_window_in_which_papers_were_taken() -> None:
    text = ["Znamy wyniki podziału środków rezerwy.", "Zapotrzebowanie można było zgłaszać do 30 czerwca 2023 r."]
    (one,) = found(*text)
    assert (one.event, one.opens, one.closes) == ("results", None, "2023-06-30")


def test_the_plate_of_a_project_below_the_call_gives_it_neither_money_nor_programme() -> None:
    text = [
        "Nabór wniosków trwa od 3 do 14 lutego 2025 r.",
        "Projekt „Aktywni” jest współfinansowany z EFS+, dofinansowanie: 2 mln zł.",
    ]
    grant = Amount(mentions=(Mention(raw="2 mln zł", block=1),), method="printed", grosze=200_000_000, role="grant")
    fund = Programme(mentions=(Mention(raw="EFS+", block=1),), method="name", id="efs-plus", name="EFS+")
    (one,) = found(*text, amounts=(grant,), programmes=(fund,))
    assert (one.amount, one.programme) == (None, None)
    (other,) = found(text[0], "Pula: 2 mln zł z EFS+.", amounts=(grant,), programmes=(fund,))
    assert (other.amount, other.programme) == (grant, "efs-plus")


PIECES = st.sampled_from(
    (
        "nabór",
        "wniosków",
        "od",
        "do",
        "3",
        "14",
        "lutego",
        "2025 r.",
        "wydłużamy",
        "termin",
        "wyniki",
        "naboru",
        "odwołany",
        "do wyczerpania środków",
        "dla pracodawców",
        "w siedzibie",
        "składać",
        ".",
        "Wnioski",
        "II nabór:",
        "5 maja 2025 r.",
    )
)


@given(st.lists(st.lists(PIECES, max_size=15).map(" ".join), max_size=5))
def test_no_mixture_of_the_words_of_calls_breaks_the_reading(paragraphs: list[str]) -> None:
    for one in found(*paragraphs, reference=date(2025, 2, 1)):
        assert not (one.opens and one.closes) or one.opens[:10] <= one.closes[:10]
        assert calls.status(one, date(2025, 2, 10)) in ("planned", "open", "closed", "cancelled", "unknown")


@pytest.mark.parametrize(
    "piece", ["nabór ", "nabór wniosków do 5 maja 2025 r. ", "składać wnioski ", "termin ", "dla osób "]
)
def test_long_repetitions_are_read_to_their_end(piece: str) -> None:
    found(piece * 2_000)
