"""Polish numbers, money and days."""

from __future__ import annotations

import pytest

from crawler.publish import polish
from crawler.publish.cells import outward


@pytest.mark.parametrize(
    ("grosze", "currency", "written"),
    [
        (105_975_000, "PLN", "1 059 750,00 zł"),
        (5, "PLN", "0,05 zł"),
        (-250, "PLN", "-2,50 zł"),
        (100, "EUR", "1,00 €"),
        (100, "CZK", "1,00 CZK"),
        (100, None, "1,00"),
    ],
)
def test_money_is_written_with_a_comma_and_spaces(grosze: int, currency: str | None, written: str) -> None:
    assert polish.money(grosze, currency).replace("\N{NO-BREAK SPACE}", " ") == written


def test_sizes_count_1024_bytes_to_a_kilobyte() -> None:
    written = [polish.size(count).replace("\N{NO-BREAK SPACE}", " ") for count in (0, 1023, 1536, 5_242_880, 3 << 30)]
    assert written == ["0 B", "1023 B", "1,5 KB", "5,0 MB", "3,0 GB"]


@pytest.mark.parametrize(
    ("iso", "written"),
    [("2022-06-01", "1 czerwca 2022"), ("2024-02-20T08:35", "20 lutego 2024"), ("2022-06", "2022-06"), (None, "")],
)
def test_a_day_is_written_in_words_and_anything_coarser_stays(iso: str | None, written: str) -> None:
    assert polish.day(iso).replace("\N{NO-BREAK SPACE}", " ") == written


def test_nouns_follow_their_number() -> None:
    forms = [polish.plural(count, "nabór", "nabory", "naborów").split("\N{NO-BREAK SPACE}")[-1]
             for count in (0, 1, 2, 5, 12, 22, 101, 112, 124)]  # fmt: skip
    assert forms == ["naborów", "nabór", "nabory", "naborów", "naborów", "nabory", "naborów", "naborów", "nabory"]


def test_the_days_left_agree_with_their_number() -> None:
    left = [polish.days_left(count).replace("\N{NO-BREAK SPACE}", " ") for count in (None, 0, 1, 3, 5, 13, 22)]
    assert left == ["bez terminu", "ostatni dzień", "został 1 dzień", "zostały 3 dni", "zostało 5 dni",
                    "zostało 13 dni", "zostały 22 dni"]  # fmt: skip


def test_long_names_break_where_their_halves_meet() -> None:
    assert [polish.breakable(name).replace("\N{SOFT HYPHEN}", "|") for name in
            ("zachodniopomorskie", "świętokrzyskie", "śląskie", "dolnośląskie", "kujawsko-pomorskie")] == [
        "zachodnio|pomorskie", "święto|krzyskie", "śląskie", "dolno|śląskie", "kujawsko-\u200bpomorskie"]  # fmt: skip


def test_a_link_to_a_source_is_shortened_and_escaped() -> None:
    link = outward("https://www.wup.kielce.test/" + "a" * 100 + '?x="><script>')
    assert 'rel="noopener noreferrer nofollow"' in link
    assert "<script>" not in link
    assert "…</a>" in link
