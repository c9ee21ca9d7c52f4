"""Dates in text: a table of expressions, roles in sentences, missing years, repeats, and properties of any text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize import dates
from normalize.model import When

TABLE = Path(__file__).with_name("date_expressions.tsv")
MONTHS = (
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def rows() -> list[tuple[str, str, str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [
        (cells[0], cells[1], cells[2]) for line in lines if not line.startswith("#") for cells in [line.split("\t")]
    ]


def shown(when: When) -> str:
    value = when.start or ".." if when.start == when.end else f"{when.start or '..'}/{when.end or '..'}"
    return f"{when.role}{'*' if when.inferred else ''} {value}"


def found(*paragraphs: str, reference: date | None = None) -> list[str]:
    return [shown(when) for when in dates.find(paragraphs, reference=reference)]


@pytest.mark.parametrize(("words", "reference", "expected"), rows())
def test_an_expression_means_what_the_table_says(words: str, reference: str, expected: str) -> None:
    got = found(words, reference=None if reference == "-" else date.fromisoformat(reference))
    assert " + ".join(got) == ("" if expected == "none" else expected)


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        ("5 marca 2024 r. godz. 10", "minute"),
        ("5 marca 2024 r.", "day"),
        ("3 marca", "day"),
        ("do końca lutego 2014 r.", "day"),
        ("maj 2023", "month"),
        ("III kwartał 2024", "quarter"),
        ("I półrocze 2013", "half-year"),
        ("w latach 2014–2020", "year"),
        ("od marca 2023 r. do 15 maja 2024 r.", "day"),
    ],
)
def test_the_precision_is_that_of_the_words(words: str, precision: str) -> None:
    assert [when.precision for when in dates.find([words], reference=None)] == [precision]


def test_each_date_of_a_sentence_has_the_role_of_its_own_clause() -> None:
    assert found("Zgłoszenia na szkolenie, które odbędzie się 5 maja 2024 r., przyjmujemy do 30 kwietnia 2024 r.") == [
        "event 2024-05-05",
        "closes ../2024-04-30",
    ]
    assert found("Zgodnie z ustawą z dnia 12 marca 2022 r. nabór trwa od 3 do 14 lutego 2025 r.") == [
        "act 2022-03-12",
        "closes 2025-02-03/2025-02-14",
    ]


def test_a_name_after_the_years_mark_does_not_end_the_sentence() -> None:
    assert found("W dniu 5 marca 2024 r. Wojewódzki Urząd Pracy zorganizował targi.") == ["event 2024-03-05"]


def test_a_heading_tells_what_the_date_below_it_is() -> None:
    assert found("Termin składania wniosków:", "14 lutego 2025 r.") == ["closes ../2025-02-14"]
    assert found("Nabór wniosków", "3–14 lutego 2025 r.") == ["closes 2025-02-03/2025-02-14"]
    assert found("Nabór wniosków trwa. Zapraszamy.", "14 lutego 2025 r.") == ["mention 2025-02-14"]


def test_a_label_without_a_value_says_nothing_about_the_text_below_it() -> None:
    text = ("Data opublikowania:", "12 maja w siedzibie centrum w Radomiu spotkała się grupa robocza regionu.")
    assert found(*text) == ["event --05-12"]


def test_the_rows_below_a_heading_are_all_introduced_by_it() -> None:
    rows = ("Termin składania wniosków", "pierwszy", "15–26 stycznia 2024 r.", "drugi", "6.05–17.05.2024 r.")
    assert found(*rows) == ["closes 2024-01-15/2024-01-26", "closes 2024-05-06/2024-05-17"]


def test_a_month_without_a_year_adds_nothing_to_a_day_in_it() -> None:
    text = ("Targi w maju", "Targi odbędą się 12 maja 2023 r.")
    assert found(*text, reference=date(2023, 4, 20)) == ["event 2023-05-12"]


def test_a_missing_year_comes_from_another_full_date_of_the_text() -> None:
    assert found("8 lipca odbyło się spotkanie.", "Następne 24 października 2019 r.")[0] == "event* 2019-07-08"
    assert found("20 grudnia odbyło się spotkanie.", "Komunikat z dnia 5 stycznia 2023 r.")[0] == "event* 2022-12-20"


def test_the_date_of_a_law_lends_no_year() -> None:
    assert found("3 marca odbyło się spotkanie.", "Ustawa z dnia 20 kwietnia 2004 r.") == [
        "event --03-03",
        "act 2004-04-20",
    ]


def test_full_dates_that_disagree_leave_the_year_missing() -> None:
    text = ("3 marca odbyło się spotkanie.", "Projekt trwa od 1 lipca 2021 r. do 31 grudnia 2023 r.")
    assert found(*text)[0] == "event --03-03"


def test_the_reference_overrules_other_dates_of_the_text() -> None:
    text = ("3 marca odbyło się spotkanie.", "Projekt ruszył 5 maja 2017 r.")
    assert found(*text, reference=date(2023, 3, 10))[0] == "event* 2023-03-03"


def test_the_verb_decides_between_two_years_about_as_near() -> None:
    assert found("Targi odbędą się 15 września.", reference=date(2023, 3, 20)) == ["event* 2023-09-15"]
    assert found("Targi odbyły się 15 września.", reference=date(2023, 3, 20)) == ["event* 2022-09-15"]


def test_a_weekday_that_speaks_against_a_distant_day_leaves_the_year_missing() -> None:
    assert found("w poniedziałek 12 czerwca", reference=date(2024, 3, 10)) == ["mention --06-12"]
    assert found("w środę 12 czerwca", reference=date(2024, 3, 10)) == ["mention* 2024-06-12"]


def test_the_year_a_sentence_names_holds_for_its_days() -> None:
    assert found("W 2021 roku nabór zakończono 3 marca.", reference=date(2023, 3, 10))[1] == "closes* ../2021-03-03"


def test_repeats_of_a_value_are_one_fact_with_all_its_words() -> None:
    (when,) = dates.find(["Konferencja 5 marca 2024 r.", "W dniu 05.03.2024 odbyła się konferencja."], reference=None)
    assert [(mention.raw, mention.block) for mention in when.mentions] == [
        ("5 marca 2024 r.", 0),
        ("W dniu 05.03.2024", 1),
    ]
    assert shown(when) == "event 2024-03-05"


def test_a_day_and_the_same_day_with_its_hour_are_one_fact() -> None:
    assert found("Targi pracy 5 marca 2024 r.", "Zapraszamy 5 marca 2024 r. o godz. 10.00.") == [
        "event 2024-03-05T10:00"
    ]


def test_two_hours_of_one_day_are_two_facts() -> None:
    text = "Spotkania odbędą się 5 marca 2024 r. o godz. 10.00 oraz 5 marca 2024 r. o godz. 13.00."
    assert found(text) == ["event 2024-03-05T10:00", "event 2024-03-05T13:00"]


def test_a_deadline_joins_the_window_it_ends() -> None:
    text = ("Do 14 lutego 2025 r. trwa nabór", "Wnioski przyjmujemy od 3 do 14 lutego 2025 r.")
    assert found(*text) == ["closes 2025-02-03/2025-02-14"]


def test_a_printed_year_makes_the_joined_fact_certain() -> None:
    (when,) = dates.find(["3 marca odbył się kurs.", "Kurs odbył się 3 marca 2023 r."], reference=date(2023, 3, 10))
    assert (when.inferred, when.sure, when.method) == (False, "high", "printed")


def test_the_raw_words_stand_in_their_paragraph() -> None:
    text = "Zapraszamy w dniach 5\u00a0–\u00a07 marca 2024\u00a0r. do urzędu."
    (when,) = dates.find([text], reference=None)
    assert when.raw in text
    assert (when.start, when.end) == ("2024-03-05", "2024-03-07")


def test_every_date_knows_how_it_was_found() -> None:
    one, other = dates.find(["5 marca 2024 r. i 3 maja"], reference=None)
    assert one.method == other.method == "printed"
    (inferred,) = dates.find(["3 maja"], reference=date(2024, 5, 5))
    assert inferred.method == "year nearest to the reference date"
    assert inferred.as_dict()["raw"] == "3 maja"


def test_days_gives_the_full_days_of_a_line_with_their_places() -> None:
    line = "Opublikowano: 05.03.2024, zmieniono 6 marca 2024 r."
    found_days = dates.days(line)
    assert [day for day, *_ in found_days] == [date(2024, 3, 5), date(2024, 3, 6)]
    assert all(line[start:end].strip() == raw for _, raw, start, end in found_days)
    assert dates.days("od 3 do 14 lutego 2025 r.") == []
    assert dates.days("3 marca") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("wtorek, 5 marca 2024", date(2024, 3, 5)),
        ("2024-03-05T23:30:00Z", date(2024, 3, 6)),
        ("2024-03-05T23:30:00+00:00", date(2024, 3, 6)),
        ("2024-03-05T23:30:00+0100", date(2024, 3, 5)),
        ("2024-03-05T08:00:00.123+01:00", date(2024, 3, 5)),
        ("Tue, 05 Mar 2024 23:30:00 +0000", date(2024, 3, 6)),
        ("Tue, 05 Mar 2024 08:30:00 GMT", date(2024, 3, 5)),
        ("Tue, 45 Mar 2024 08:30:00 GMT", None),
        ("05.03.2024 - 06.03.2024", None),
        ("05.03.2024, 07.03.2024", None),
        ("", None),
        ("Data publikacji:", None),
    ],
)
def test_a_short_text_states_one_day_or_none(text: str, day: date | None) -> None:
    assert dates.read_day(text) == day


FETCHED = datetime(2024, 3, 15, 11, 0, tzinfo=UTC)  # noon in Warsaw


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("zmodyfikowano 3 dni temu", date(2024, 3, 12)),
        ("Dodano 1 dzień temu", date(2024, 3, 14)),
        ("wczoraj, 10:15", date(2024, 3, 14)),
        ("2 godziny temu", date(2024, 3, 15)),
        ("5 minut temu", date(2024, 3, 15)),
        ("12 godzin temu", None),
        ("20 godzin temu", date(2024, 3, 14)),
        ("dzisiaj, 10:15", date(2024, 3, 15)),
        ("tydzień temu", date(2024, 3, 8)),
        ("2 tygodnie temu", date(2024, 3, 1)),
        ("2 miesiące temu", None),
        ("rok temu", None),
        ("kilka godzin temu", None),
        ("12.03.2024", None),
    ],
)
def test_page_chrome_tells_a_day_by_distance_or_none(text: str, day: date | None) -> None:
    assert dates.relative(text, fetched=FETCHED) == day


ANY_DAY = st.dates(min_value=date(1990, 1, 1), max_value=date(2049, 12, 31))
FORMS = (
    lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year} r.",
    lambda d: f"{d.day:02d}.{d.month:02d}.{d.year}",
    lambda d: f"{d.day}.{d.month}.{d.year} r.",
    lambda d: d.isoformat(),
    lambda d: f"{d.day} {ROMAN[d.month - 1]} {d.year}",
    lambda d: f"{d.day}-go {MONTHS[d.month - 1].upper()} {d.year} roku",
    lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}",
)


@given(day=ANY_DAY, form=st.sampled_from(FORMS))
def test_a_day_written_and_read_is_the_same_day(day: date, form) -> None:  # type: ignore[no-untyped-def]
    assert found(form(day)) == [f"mention {day.isoformat()}"]


@given(
    first=ANY_DAY, length=st.integers(1, 300), form=st.sampled_from(FORMS), dash=st.sampled_from([" - ", "–", " do "])
)
def test_a_range_written_and_read_is_the_same_range(first: date, length: int, form, dash: str) -> None:  # type: ignore[no-untyped-def]
    last = first + timedelta(days=length)
    (when,) = dates.find([f"od {form(first)}{dash}{form(last)}"], reference=None)
    assert (when.start, when.end) == (first.isoformat(), last.isoformat())


PIECES = st.sampled_from(
    (
        "od",
        "do",
        "i",
        ",",
        "-",
        "–",
        ".",
        "3",
        "14",
        "31",
        "05",
        "2024",
        "r.",
        "roku",
        "br.",
        "lutego",
        "maja",
        "Maja",
        "III",
        "kwartał",
        "godz.",
        "9.00",
        "15:30",
        "w",
        "dniach",
        "dnia",
        "(",
        ")",
        "1",
        "poniedziałek",
        "wczoraj",
        "nabór",
        "ustawa",
        "z",
        "3.04",
        "12.05.2023",
        "2014-2020",
        "końca",
        "połowie",
        "pierwszego",
        "Dz.U.",
        "poz.",
        "tel.",
        "\u00a0",
    )
)


@given(st.lists(PIECES, max_size=40).map(" ".join), st.none() | ANY_DAY)
@settings(max_examples=300)
def test_no_mixture_of_the_words_of_dates_breaks_the_reading(text: str, reference: date | None) -> None:
    for when in dates.find([text], reference=reference):
        assert when.raw in text
        assert when.start or when.end
    dates.days(text)
    dates.read_day(text)


@given(st.lists(st.text(max_size=60), max_size=4), st.none() | st.dates())
def test_no_text_breaks_the_reading(paragraphs: list[str], reference: date | None) -> None:
    dates.find(paragraphs, reference=reference)


@pytest.mark.parametrize(
    "piece", ["1,", "1 i ", "12.05.2023, ", "od 3 do ", "5 maja ", "Dz.U. z ", "2023-", "nabór do ", "godz. 9 "]
)
def test_long_repetitions_are_read_to_their_end(piece: str) -> None:
    dates.find([piece * 3_000], reference=None)
