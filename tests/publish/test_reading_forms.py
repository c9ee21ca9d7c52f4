"""What is typed into the forms of ready questions: a number, a day, a part of a name; never an error."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.publish.typed import MOST, day, day_in_poland, folded, number


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("30", 30),
        ("1 000 000", 1_000_000),
        ("1\u00a0000\u202f000,50 zł", 1_000_000.5),
        ("0", 0),
        ("2.5", 2.5),
        ("", None),
        ("trzy", 3),
        ("pies", None),
        ("-5", None),
        (None, None),
        ("9" * 40, MOST),
        ("9" * 15, 10**15 - 1),
    ],
)
def test_a_number_is_read_as_poles_write_it_and_bounded(typed: Any, read: Any) -> None:
    assert number(typed, None) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2.03.2026", "2026-03-02"),
        (" 2026-3-2 ", "2026-03-02"),
        ("2026-02-30", "x"),
        ("wczoraj", "x"),
        ("12", "x"),
        (None, "x"),
        ("0000-01-01", "x"),
    ],
)
def test_a_day_is_a_day_that_was_or_what_stands_for_none(typed: Any, read: str) -> None:
    assert day(typed, "x") == read


def test_names_are_compared_without_case_and_diacritics() -> None:
    assert folded("  Łódź ") == folded("LODZ") == "lodz"
    assert folded(None) == ""
    assert len(folded("ą" * 9999)) == 500


@pytest.mark.parametrize(
    ("instant", "read"),
    [
        ("2026-03-01T23:30:00Z", "2026-03-02"),
        ("2026-07-01T21:59:00Z", "2026-07-01"),
        ("2026-07-01T22:00:00.123Z", "2026-07-02"),
        ("kiedyś", None),
        (None, None),
    ],
)
def test_the_day_of_an_instant_is_the_one_in_poland(instant: Any, read: Any) -> None:
    assert day_in_poland(instant) == read
