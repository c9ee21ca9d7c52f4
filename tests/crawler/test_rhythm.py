"""When to ask again: a decaying rhythm, within bounds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler import rhythm
from crawler.walk import Walk
from normalize.model import Teaser
from tests.crawler.made import office

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "pause"),
    [(0, 1), (3, 1), (8, 2), (40, 10), (240, 60), (4000, 60)],
)
def test_an_article_is_visited_the_more_rarely_the_longer_it_is_quiet(age: int, pause: int) -> None:
    assert rhythm.next_visit(NOW, news=NOW - age * DAY) == NOW + pause * DAY


def test_an_open_call_is_visited_daily_until_the_day_after_its_deadline() -> None:
    old = NOW - 100 * DAY
    assert rhythm.next_visit(NOW, news=old, open_until=NOW + 5 * DAY) == NOW + DAY
    assert rhythm.next_visit(NOW, news=old, open_until=NOW - 2 * DAY) == NOW + 25 * DAY


def test_failures_are_tried_again_after_pauses_that_double_up_to_a_month() -> None:
    pauses = [rhythm.next_try(NOW, failures) - NOW for failures in range(1, 14)]
    assert pauses[:3] == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
    assert pauses[-1] == 30 * DAY


def walk(**fields: bool) -> Walk:
    return Walk(office=office(), ways=[], **fields)


def page(*days: str) -> list[Teaser]:
    return [Teaser(url=f"http://lipowo.praca.test/-/{n}-{day}", published_raw=day) for n, day in enumerate(days)]


def test_a_page_of_known_articles_ends_a_walk_that_is_not_whole() -> None:
    assert walk(whole=False).ends([True, True])
    assert not walk(whole=False).ends([True, False])
    assert not walk().ends([True, True])


def test_old_items_pinned_on_top_do_not_make_a_list_unsorted() -> None:
    one = walk(whole=False)
    one.see(page("01.02.2019", "05.03.2018", "02.03.2026", "27.02.2026", "20.02.2026"))
    one.pages += 1
    one.see(page("19.02.2026", "10.02.2026"))
    assert not one.unsorted


def test_a_list_in_another_order_is_recognised_and_walked_whole() -> None:
    one = walk(whole=False)
    one.see(page("01.02.2019", "05.03.2018", "02.03.2020", "27.02.2018", "20.02.2026", "11.01.2017", "08.08.2024"))
    one.pages += 1
    one.see(page("01.01.2015", "10.02.2022"))
    assert one.unsorted
    assert not one.ends([True, True])


def test_a_list_that_begins_with_the_oldest_is_recognised_though_news_came_every_day() -> None:
    one = walk(whole=False)
    one.see(page(*(f"{day:02}.03.2026" for day in range(1, 11))))
    assert one.unsorted


def test_news_that_stands_a_day_out_of_its_order_makes_no_list_unsorted() -> None:
    one = walk(whole=False)
    one.see(page(*(f"{day:02}.03.2026" for day in (28, 27, 28, 26, 26, 25, 26, 24, 23, 24, 22, 21, 22, 20, 19, 20))))
    assert not one.unsorted


def undated(count: int, first: int = 0) -> list[Teaser]:
    return [Teaser(url=f"http://lipowo.praca.test/-/{n}") for n in range(first, first + count)]


def days(*told: int) -> dict[str, date]:
    """By address, days of March."""
    return {f"lipowo.praca.test/-/{n}": date(2026, 3, day) for n, day in enumerate(told)}


def test_a_list_without_dates_is_judged_by_what_its_articles_pages_tell() -> None:
    for told, unsorted in (
        ((9, 9, 9, 20, 3, 28, 1, 17, 8, 25), True),
        ((30, 29, 28, 20, 19, 18, 18, 17, 8, 2), False),
        ((30, 29, 28, 27, 2, 26, 25, 24, 23, 22), False),  # one page whose day was misread
    ):
        one = walk(whole=False)
        one.see(undated(10), [True] * 10, lambda told=told: days(*told))  # type: ignore[misc]
        assert one.unsorted == unsorted, told
        assert one.ends([True] * 10) != unsorted


def test_dates_that_a_list_prints_count_alone() -> None:
    one = walk(whole=False)
    one.see(page(*["05.03.2026"] * 10), [True] * 10, lambda: days(9, 9, 9, 20, 3, 28, 1, 17, 8, 25))
    assert not one.unsorted


def test_what_is_new_below_what_is_known_in_a_list_without_dates_makes_the_next_page_read() -> None:
    one = walk(whole=False)
    known = [True] * 6 + [False] + [True] * 5
    one.see(undated(12), known)
    assert not one.ends(known)
    pinned = [True] * 3 + [False] * 2 + [True] * 7
    one.see(undated(12), pinned)
    assert one.ends(pinned)


@pytest.mark.parametrize(("age", "pause"), [(2, 1), (20, 5), (40, 7), (180, 7), (184, 46), (400, 60)])
def test_a_call_without_a_closing_day_is_looked_at_weekly_for_half_a_year(age: int, pause: int) -> None:
    assert rhythm.next_visit(NOW, news=NOW - age * DAY, open_ended=True) == NOW + pause * DAY
