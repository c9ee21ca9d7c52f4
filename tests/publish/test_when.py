"""Dates and instants in Polish."""

from __future__ import annotations

import pytest

from crawler.publish import when


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2024-02-20T08:35", "20 lutego 2024, 08:35"),
        ("2024-02-20", "20 lutego 2024"),
        ("2024-02", "luty 2024"),
        ("2024-Q3", "III kwartał 2024"),
        ("2013-H1", "I półrocze 2013"),
        ("2019", "2019"),
        ("--03-03", "3 marca (rok nieznany)"),
        ("2024-13-45", "2024-13-45"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_date_of_any_precision_has_words(iso: str | None, words: str) -> None:
    assert when.moment(iso).replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-02-20", "2024-02-20", "20 lutego 2024"),
        ("2024-02-20", "2024-02-23", "20–23 lutego 2024"),
        ("2024-02-20", "2024-03-01", "20 lutego – 1 marca 2024"),
        ("2023-12-20", "2024-01-05", "20 grudnia 2023 – 5 stycznia 2024"),
        ("2024-02-20T08:00", "2024-02-20T15:30", "20 lutego 2024, 08:00–15:30"),
        ("2024-02-20", "2024-02-23T15:30", "20 lutego 2024 – 23 lutego 2024, 15:30"),
        ("2024-02", "2024-03", "luty 2024 – marzec 2024"),
        (None, "2024-02-20", "do 20 lutego 2024"),
        ("2024-02-20", None, "od 20 lutego 2024"),
        (None, None, ""),
    ],
)
def test_a_span_says_what_both_ends_share_once(start: str | None, end: str | None, words: str) -> None:
    assert when.span(start, end).replace("\N{NO-BREAK SPACE}", " ") == words


def test_an_instant_is_told_by_the_clocks_of_poland() -> None:
    assert when.instant("2024-06-30T22:05:01.123Z").replace("\N{NO-BREAK SPACE}", " ") == "1 lipca 2024, 00:05"
    assert when.instant("2024-12-31T22:59:00Z").replace("\N{NO-BREAK SPACE}", " ") == "31 grudnia 2024, 23:59"
    assert when.local_day("2024-06-30T22:05:01Z") == "2024-07-01"
    assert when.instant("kiedyś") == "kiedyś"
    assert when.local_day(None) == ""


def test_days_apart_are_counted_only_between_days() -> None:
    assert when.apart("2024-02-28", "2024-03-01T10:00") == 2
    assert when.apart("2024-03-01", "2024-02-28") == -2
    assert when.apart("2024-03", "2024-03-01") is None
    assert when.apart(None, "2024-03-01") is None
