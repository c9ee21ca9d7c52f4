"""Rounds of a call over several articles: tied where it is certain, left alone where it is not."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from crawler.rounds import Round, Said, rounds


def said(article: str, title: str, published: str | None, event: str = "announced", **fields: Any) -> Said:
    values = {"position": 0, "raw": "nabór", "method": "verb", "sure": "high", **fields}
    return Said(article=article, title=title, published=published, event=event, **values)


KFS = said("a", "Nabór wniosków z KFS 2026", "2026-02-01", opens="2026-02-10", closes="2026-02-20", programme="kfs")
LONGER = said("b", "Przedłużamy nabór wniosków z KFS", "2026-02-19", "extended", closes="2026-02-27", programme="kfs")
RESULTS = said("c", "Wyniki naboru KFS", "2026-03-20", "results", programme="kfs")
STAZE = said("d", "Nabór na staże dla bezrobotnych", "2026-02-03", closes="2026-03-31")


def told(found: list[Round]) -> list[tuple[list[str], str | None, str | None, str]]:
    return sorted(([one.article for one in r.said], r.opens, r.closes, r.event) for r in found)


def test_an_extension_and_the_results_belong_to_the_call_they_speak_of() -> None:
    assert told(rounds([KFS, LONGER, RESULTS, STAZE])) == [
        (["a", "b", "c"], "2026-02-10", "2026-02-27", "results"),
        (["d"], None, "2026-03-31", "announced"),
    ]


@pytest.mark.parametrize("order", list(itertools.permutations([KFS, LONGER, RESULTS, STAZE])))
def test_the_order_of_arrival_does_not_matter(order: tuple[Said, ...]) -> None:
    assert told(rounds(order)) == told(rounds([KFS, LONGER, RESULTS, STAZE]))


def test_an_extension_before_its_announcement_is_of_another_call() -> None:
    early = said(
        "e", "Przedłużamy nabór wniosków z KFS", "2026-01-15", "extended", closes="2026-01-30", programme="kfs"
    )
    assert len(rounds([KFS, early])) == 2


def test_a_cancellation_of_another_programme_is_left_alone() -> None:
    other = said("e", "Odwołanie naboru na bony", "2026-02-12", "cancelled", programme="bony")
    assert len(rounds([KFS, other])) == 2


def test_of_last_years_and_this_years_call_the_extension_is_of_the_nearer_one() -> None:
    last = said("z", "Nabór wniosków z KFS 2025", "2025-02-01", closes="2025-02-20", programme="kfs")
    assert (["a", "b"], "2026-02-10", "2026-02-27", "extended") in told(rounds([last, KFS, LONGER]))


def test_two_calls_of_one_day_leave_an_extension_that_names_neither_alone() -> None:
    twin = said("f", "Nabór wniosków z KFS, priorytet drugi", "2026-02-01", closes="2026-02-25", programme="kfs")
    assert len(rounds([KFS, twin, LONGER])) == 3


def test_a_reminder_of_the_same_window_is_no_further_call() -> None:
    again = said(
        "g", "KFS: przypominamy o naborze", "2026-02-12", opens="2026-02-10", closes="2026-02-20", programme="kfs"
    )
    assert told(rounds([KFS, again])) == [(["a", "g"], "2026-02-10", "2026-02-20", "announced")]


def test_several_rounds_in_one_article_stay_apart() -> None:
    first = said("h", "Bony: terminy naborów", "2026-01-10", opens="2026-01-15", closes="2026-01-26")
    second = said("h", "Bony: terminy naborów", "2026-01-10", position=1, opens="2026-05-06", closes="2026-05-17")
    assert len(rounds([first, second])) == 2
