import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.kinds import kind
from normalize.model import Call, CallEvent, Mention

PAST = "W poniedziałek odbyło się spotkanie partnerów, w którym wzięło udział 40 osób."
COMING = "Zapraszamy na spotkanie informacyjne, które odbędzie się 5 marca w siedzibie urzędu."
PLAIN = "Projekt obejmie wsparciem mieszkańców całego regionu."

BY_TITLE = [
    ("Zapytanie ofertowe na usługę cateringową", "tender"),
    ("Przetarg na sprzedaż samochodu służbowego", "tender"),
    ("Rozeznanie rynku – szkolenia", "tender"),
    ("Zaproszenie do składania ofert na remont", "tender"),
    ("Wyniki naboru wniosków KFS", "results"),
    ("Lista rankingowa wniosków o staż", "results"),
    ("Rozstrzygnięcie konkursu ofert", "results"),
    ("Konkurs rozstrzygnięty!", "results"),
    ("Oferty pracy z 5 marca", "job"),
    ("Nabór na wolne stanowisko urzędnicze", "job"),
    ("Praca w urzędzie: doradca klienta", "job"),
    ("Nabór wniosków o dofinansowanie kształcenia", "call"),
    ("Ogłaszamy konkurs na dotacje dla NGO", "call"),
    ("Rekrutacja do projektu „Nowy start”", "call"),
    ("Przedłużenie terminu naboru", "call"),
    ("Wydłużamy termin składania wniosków", "call"),
    ("Weź udział w konkursie dla spółdzielni", "call"),
    ("Zaproszenie na konferencję o rynku pracy", "event"),
    ("Zapraszamy na Targi Pracy", "event"),
    ("Zapraszamy do udziału w bezpłatnym szkoleniu", "event"),
    ("Polityka prywatności", "static"),
    ("Kontakt", "static"),
    ("Deklaracja dostępności", "static"),
    ("Podsumowanie naboru wniosków", "news"),
    ("Targi pracy za nami", "news"),
    ("Nowy projekt dla cudzoziemców", "news"),
    ("Zmiana godzin pracy urzędu", "news"),
]


def _call(event: CallEvent) -> Call:
    return Call(mentions=(Mention(raw="nabór"),), method="test", event=event)


@pytest.mark.parametrize(("title", "expected"), BY_TITLE)
def test_the_title_tells_the_kind(title: str, expected: str) -> None:
    found, rule = kind(title, [PLAIN], [])
    assert found == expected
    assert rule


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([PAST], "news"),
        ([COMING], "event"),
        ([PLAIN, COMING], "event"),
        ([PAST, COMING], "news"),
        ([COMING, PAST], "event"),
        ([PLAIN], "news"),
        ([], "news"),
    ],
)
def test_an_invitation_makes_an_event_and_a_report_makes_news(paragraphs: list[str], expected: str) -> None:
    assert kind("II spotkanie Grupy Tematycznej", paragraphs, [])[0] == expected


def test_a_call_in_the_text_makes_a_call() -> None:
    assert kind("Wsparcie dla firm", [PLAIN], [_call("announced")]) == ("call", "calls: announced")
    assert kind("Wsparcie dla firm", [PLAIN], [_call("extended")]) == ("call", "calls: extended")
    assert kind("Wsparcie dla firm", [PLAIN], [_call("results")]) == ("results", "calls: results")


def test_a_deadline_for_registering_leaves_an_invitation_an_event() -> None:
    assert kind("Webinar o zmianach w prawie", [COMING], [_call("announced")])[0] == "event"
    assert kind("Zapraszamy na szkolenie", [PLAIN], [_call("announced")])[0] == "event"


def test_without_a_title_the_first_paragraph_speaks() -> None:
    assert kind(None, ["Nabór wniosków o staże", PLAIN], [])[0] == "call"


@given(st.text(), st.lists(st.text(), max_size=4))
def test_no_text_is_too_odd(title: str, paragraphs: list[str]) -> None:
    assert kind(title, paragraphs, [])[0] in ("news", "call", "results", "event", "job", "tender", "static")
