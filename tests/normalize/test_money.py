from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import money
from normalize.model import Amount

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"

# raw, then what it says: "value", "value/value_to", "~" before an approximate one, currency unless PLN.
VALUES = [
    ("500 zł", "500.00"),
    ("500zł", "500.00"),
    ("500 zł.", "500.00"),
    ("500,00 zł", "500.00"),
    ("500,5 zł", "500.50"),
    ("500.50 zł", "500.50"),
    ("0,50 zł", "0.50"),
    ("0 zł", "0.00"),
    ("2000,- zł", "2000.00"),
    ("2000,-- zł", "2000.00"),
    ("1234567 zł", "1234567.00"),
    ("1234567,89 zł", "1234567.89"),
    ("1 234 567 zł", "1234567.00"),
    ("1 234 567,89 zł", "1234567.89"),
    (f"1{NBSP}234{NBSP}567,89{NBSP}zł", "1234567.89"),
    (f"1{NARROW}234{NARROW}567{NBSP}zł", "1234567.00"),
    (f"12{THIN}000{THIN}zł", "12000.00"),
    ("1.234.567,89 zł", "1234567.89"),
    ("12.000 zł", "12000.00"),
    ("12'000 zł", "12000.00"),
    ("1,234,567.89 zł", "1234567.89"),
    ("1,234,567 zł", "1234567.00"),
    ("12 000 PLN", "12000.00"),
    ("12000 pln", "12000.00"),
    ("10,000 PLN", "10000.00"),
    ("PLN 12 000", "12000.00"),
    ("PLN 12,500.50", "12500.50"),
    ("PLN 1.5 million", "1500000.00"),
    ("Kwota w zł: 12 000,00", "12000.00"),
    ("Wartość (PLN): 7 500", "7500.00"),
    ("100 złotych", "100.00"),
    ("23 złote za bilet", "23.00"),
    ("1 złoty", "1.00"),
    ("3 500 zł brutto", "3500.00"),
    ("3 500 zł netto", "3500.00"),
    ("12 zł 50 gr", "12.50"),
    ("12 zł i 5 groszy", "12.05"),
    ("20 tys. zł", "20000.00"),
    ("20 tys zł", "20000.00"),
    ("20tys.zł", "20000.00"),
    ("20 tys. złotych", "20000.00"),
    ("20 tysięcy złotych", "20000.00"),
    ("3 tysiące złotych", "3000.00"),
    ("1,5 tys. zł", "1500.00"),
    ("1 250 tys. zł", "1250000.00"),
    ("29 mln zł", "29000000.00"),
    ("29 mln PLN", "29000000.00"),
    ("29mln zł", "29000000.00"),
    ("2,3 mln zł", "2300000.00"),
    ("2.3 mln zł", "2300000.00"),
    ("1,125 mln zł", "1125000.00"),
    ("12,345678 mln zł", "12345678.00"),
    ("1 miliona złotych", "1000000.00"),
    ("3 miliony zł", "3000000.00"),
    ("5 milionów złotych", "5000000.00"),
    ("1,2 mld zł", "1200000000.00"),
    ("2 miliardy złotych", "2000000000.00"),
    ("2 mln 300 tys. zł", "2300000.00"),
    ("2 mln 300 tys. 500 zł", "2300500.00"),
    ("1 mld 200 mln zł", "1200000000.00"),
    ("2 mln 300 000 zł", "2300000.00"),
    ("7 tys. 250 zł", "7250.00"),
    ("500 euro", "500.00 EUR"),
    ("500 EUR", "500.00 EUR"),
    ("500 €", "500.00 EUR"),
    ("€500", "500.00 EUR"),
    ("EUR 1 200", "1200.00 EUR"),
    ("1,2 mln euro", "1200000.00 EUR"),
    ("2.500,00 EUR", "2500.00 EUR"),
    ("od 500 do 1 000 zł", "500.00/1000.00"),
    ("od 500 zł do 1 000 zł", "500.00/1000.00"),
    ("od 2 do 3 mln zł", "2000000.00/3000000.00"),
    ("od 500 do 2 tys. zł", "500.00/2000.00"),
    ("3 000 do 5 000 zł", "3000.00/5000.00"),
    ("3-5 tys. zł", "3000.00/5000.00"),
    ("3 000–5 000 zł", "3000.00/5000.00"),
    ("3 000 – 5 000 zł", "3000.00/5000.00"),
    ("500-700 zł", "500.00/700.00"),
    ("2,5-3 mln zł", "2500000.00/3000000.00"),
    ("między 3 a 5 tys. zł", "3000.00/5000.00"),
    ("w przedziale 100-200 euro", "100.00/200.00 EUR"),
    ("od 10 do 20 tys. euro", "10000.00/20000.00 EUR"),
    ("ok. 20 mln zł", "~20000000.00"),
    ("ok 20 mln zł", "~20000000.00"),
    ("około 300 zł", "~300.00"),
    ("ponad 1,5 mln zł", "~1500000.00"),
    ("blisko 40 tys. zł", "~40000.00"),
    ("prawie 40 tys. zł", "~40000.00"),
    ("niemal 2 mln zł", "~2000000.00"),
    ("przeszło 2 mln zł", "~2000000.00"),
    ("do 40 tys. zł", "~40000.00"),
    ("min. 500 zł", "~500.00"),
    ("minimum 500 zł", "~500.00"),
    ("maks. 500 zł", "~500.00"),
    ("maksymalnie 500 zł", "~500.00"),
    ("nie więcej niż 500 zł", "~500.00"),
    ("co najmniej 500 zł", "~500.00"),
    ("powyżej 500 zł", "~500.00"),
    ("do kwoty 500 zł", "~500.00"),
    ("do wysokości 500 zł", "~500.00"),
    ("ok. 3-4 tys. zł", "~3000.00/4000.00"),
    ("ponad dwa miliony złotych", "~2000000.00"),
    ("osiem tysięcy złotych", "8000.00"),
    ("sto złotych", "100.00"),
    ("pół miliona złotych", "500000.00"),
    ("półtora miliona euro", "1500000.00 EUR"),
    ("dwa miliony trzysta tysięcy złotych", "2300000.00"),
    ("tysiąc pięćset złotych", "1500.00"),
    ("milion złotych", "1000000.00"),
    ("1 000 zł (słownie: jeden tysiąc złotych)", "1000.00"),
    ("1 000,00 zł (tysiąc złotych 00/100)", "1000.00"),
    ("wypłacono 31.12.2022 5 000 zł", "5000.00"),
    ("zwiększono dofinansowanie do 500 zł", "500.00"),
    ("wzrost z 3 000 do 5 000 zł", "5000.00"),
    ("Etap 1 – 2 000 zł", "2000.00"),
    ("2023 – 500 zł", "500.00"),
]
NOTHING = [
    "17 012 14 zł",
    "1 23 zł",
    "012 zł",
    "12 34 567 zł",
    "1.23.456 zł",
    "10,000 zł",
    "1.125 mln zł",
    "1 2000 zł",
    "500",
    "3.000.000,00",
    "2 mln 300 tys.",
    "860 uczestników",
    "3 tys. 382 osoby",
    "60 proc.",
    "60% kosztów",
    "nr 500 zł",
    "poz. 1482 zł",
    "REGON 260423101",
    "NIP 959 191 29 72",
    "tel. 41 364 16 08",
    "26 1020 2629 0000 9202 0343 0123",
    "kilka tysięcy złotych",
    "kilkadziesiąt milionów złotych",
    "tys. zł",
    "mln zł",
    "zł",
    "złoty medal",
    "2 złote medale",
    "3 złotych zasad",
    "10 złotych zasad",
    "UEFA Euro 2012",
    "Rodzina 500+",
    "500 złożonych wniosków",
    "2020 zlot",
    "24-100 Puławy",
    "A-500 zł",
    "COVID-19 500 zł",
    "§ 5 ust. 2 1000 zł",
    "12:30 500 zł",
    "99999999999999999999999 zł",
    "z500 zł",
    "1/2 500 zł",
    "50 Euroregionów",
    "0,123 zł",
    "dwa trzy złotych",
    "od 5 000 do 3 000 zł",
]
ROLES = [
    ("Całkowita wartość projektu: 1 000 000 zł", "total"),
    ("Wartość projektu wynosi 1 mln zł.", "total"),
    ("Koszt całkowity zadania to 500 tys. zł", "total"),
    ("projekt wart 3 mln zł", "total"),
    ("budżet projektu: 3 mln zł", "total"),
    ("dofinansowanie w wysokości 500 000 zł", "grant"),
    ("Wartość dofinansowania: 500 000 zł", "grant"),
    ("500 000 zł dofinansowania z Unii", "grant"),
    ("Powiat otrzymał 500 000 zł z rezerwy ministra", "grant"),
    ("dotacja wynosi 2 tys. zł", "grant"),
    ("Wkład Funduszy Europejskich: 2 tys. zł", "grant"),
    ("refundacja do 30 000 zł", "grant"),
    ("wkład własny: 20 000 zł", "own_share"),
    ("20 000 zł wkładu własnego", "own_share"),
    ("Środki własne powiatu to 20 000 zł", "own_share"),
    ("20 000 zł na osobę", "per_person"),
    ("dotacja 20 000 zł na jedną osobę", "per_person"),
    ("pensja 1 500 zł miesięcznie", "other"),
    ("Koszt nauki jednej osoby wynosi 1 850 zł", "per_person"),
    ("35 tys. zł na jednego skierowanego bezrobotnego", "per_person"),
    ("Prowadzenie punktu kosztowało 184.500 zł", "total"),
    ("stypendium w wysokości 1 800 zł", "per_person"),
    ("500 zł/os.", "per_person"),
    ("koszt 500 zł za osobę", "per_person"),
    ("alokacja na konkurs: 5 mln zł", "pool"),
    ("pula środków wynosi 5 mln zł", "pool"),
    ("Na nabór przeznaczono 5 mln zł", "pool"),
    ("Urząd dysponuje kwotą 5 mln zł", "pool"),
    ("Do dyspozycji mamy 5 mln zł", "pool"),
    ("środki KFS na rok 2024: 5 mln zł", "pool"),
    ("dofinansowanie kosztów szkolenia w kwocie 500 zł", "grant"),
    ("refundacja części wynagrodzenia: 1 400 zł", "grant"),
    ("stypendia dla 20 osób po 1 000 zł", "per_person"),
    ("Budżet: 100 000 zł", "total"),
    ("opłata wynosi 50 zł", "other"),
    ("Kara grzywny w wysokości 5 000 zł", "other"),
    ("50 zł", "other"),
    ("Dotacje rozdano. Bilet kosztuje 50 zł", "other"),
]


def _said(amount: Amount) -> str:
    one = amount.as_dict()
    value = one["value"] + (f"/{one['value_to']}" if one["value_to"] else "")
    return ("~" if amount.approximate else "") + value + ("" if amount.currency == "PLN" else f" {amount.currency}")


@pytest.mark.parametrize(("raw", "said"), VALUES)
def test_an_amount_is_read_exactly(raw: str, said: str) -> None:
    assert [_said(amount) for amount in money.find([raw])] == [said]


@pytest.mark.parametrize("raw", NOTHING)
def test_what_is_no_money_or_malformed_gives_none(raw: str) -> None:
    assert money.find([raw]) == []


@pytest.mark.parametrize(("raw", "role"), ROLES)
def test_the_nearest_words_give_the_role(raw: str, role: str) -> None:
    assert [amount.role for amount in money.find([raw])] == [role]


def test_each_amount_of_a_sentence_has_the_role_of_its_own_words() -> None:
    text = "Wartość projektu: 2 mln zł, w tym dofinansowanie 1,7 mln zł oraz 300 tys. zł wkładu własnego."
    assert [(_said(one), one.role) for one in money.find([text])] == [
        ("2000000.00", "total"),
        ("1700000.00", "grant"),
        ("300000.00", "own_share"),
    ]


def test_a_label_in_a_table_row_speaks_of_the_amount_after_it() -> None:
    text = "Wartość projektu: 500 zł dofinansowanie: 400 zł wkład własny: 100 zł"
    assert [one.role for one in money.find([text])] == ["total", "grant", "own_share"]


def test_a_label_on_the_line_before_counts_for_an_amount_alone_on_its_line() -> None:
    assert [one.role for one in money.find(["Dofinansowanie:", "1 000,00 zł"])] == ["grant"]


def test_the_same_money_in_brackets_has_the_same_role() -> None:
    found = money.find(["Alokacja wynosi 20 000 000,00 PLN (4 651 162,79 EUR)."])
    assert [(one.currency, one.role) for one in found] == [("PLN", "pool"), ("EUR", "pool")]


def test_repeats_are_one_amount_with_the_most_specific_role_and_every_mention() -> None:
    found = money.find(["Projekt wart 1 059 zł.", "Inny tekst.", "Dofinansowanie: 1.059,00 zł"])
    assert [(one.grosze, one.role, [(m.raw, m.block) for m in one.mentions]) for one in found] == [
        (105900, "grant", [("1 059 zł", 0), ("1.059,00 zł", 2)])
    ]


def test_a_repeat_without_about_makes_the_amount_exact() -> None:
    assert not money.find(["Dotacja ok. 500 zł.", "Dotacja 500 zł."])[0].approximate


def test_raw_words_hold_the_whole_expression_with_its_approximation() -> None:
    raws = [
        one.raw for one in money.find(["Razem od 3 000 do 5 000 zł, ponad 2 mln 300 tys. zł i 12 zł 50 gr brutto."])
    ]
    assert raws == ["od 3 000 do 5 000 zł", "ponad 2 mln 300 tys. zł", "12 zł 50 gr brutto"]


def test_values_in_two_currencies_stay_apart() -> None:
    assert [_said(one) for one in money.find(["Kwota 100 EUR (430 zł)"])] == ["100.00 EUR", "430.00"]


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    money.find([text, text])


@given(st.text(alphabet="0123456789 .,-–złŁpneurodtysmlq€()%'/", max_size=80))
def test_no_mess_of_figures_is_too_odd(text: str) -> None:
    for amount in money.find([text]):
        assert amount.grosze >= 0
        assert amount.grosze_to is None or amount.grosze_to > amount.grosze


@given(
    st.integers(min_value=0, max_value=10**13),
    st.sampled_from([" ", NBSP, NARROW, ".", ""]),
    st.sampled_from(["zł", "złotych", "PLN", "euro"]),
)
def test_an_amount_that_is_written_is_read_back(grosze: int, separator: str, currency: str) -> None:
    text = f"{grosze // 100:,}".replace(",", separator) + f",{grosze % 100:02d} {currency}"
    assert [amount.grosze for amount in money.find([f"Kwota {text} razem"])] == [grosze]


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=1, max_value=999))
def test_millions_and_thousands_add_up(millions: int, thousands: int) -> None:
    (amount,) = money.find([f"{millions} mln {thousands} tys. zł"])
    assert Decimal(amount.grosze) / 100 == millions * 1_000_000 + thousands * 1_000


@pytest.mark.parametrize("unit", ["1", "1 ", "1 mln ", "zł ", "od 1 do ", "1-", "1 zł ", "sto ", "("])
def test_the_work_grows_with_the_length_alone(unit: str) -> None:
    money.find([unit * (60_000 // len(unit)) + " zł"])
    money.find(["1 tys. " + unit * (60_000 // len(unit)) + "? zł"])
