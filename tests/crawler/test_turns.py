"""Who goes first: what has waited longest, so that nothing that a budget leaves over starves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import registry
from crawler.frontier import Frontier
from crawler.turns import order, priority, waited
from tests.crawler.made import OFFICES, Bench

HOST = "http://wspolny.test"
DAY = timedelta(days=1)
LINES = [
    {**OFFICES[1], "id": "marszalek", "url": f"{HOST}/aktualnosci/"},
    {**OFFICES[1], "id": "rops", "kind": "rops", "url": f"{HOST}/rops/aktualnosci/"},
    *({**OFFICES[0], "id": f"pup-{name}", "url": f"http://{name}.test/lista"} for name in ("brzoza", "debno", "klon")),
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_an_office_that_was_put_off_yesterday_begins_before_one_that_is_due_today(bench: Bench) -> None:
    register, frontier, now = registry.load(practice=LINES), Frontier(bench.archive), bench.clock()
    frontier.walks.complete("pup-brzoza", now - 13 * DAY / 24, deep=False, unsorted=False)  # due an hour ago
    frontier.walks.postpone("pup-klon", now - DAY)
    turns = order(register.select(["pup-brzoza", "pup-debno", "pup-klon"]), register, frontier, now, due=True)
    assert [office.id for office in turns.first] == ["pup-klon", "pup-brzoza", "pup-debno"]


def test_a_marshal_office_begins_when_those_on_its_host_are_through_and_their_lists_are_read_with_its_own(
    bench: Bench,
) -> None:
    register, frontier, now = registry.load(practice=LINES), Frontier(bench.archive), bench.clock()
    frontier.walks.complete("rops", now, deep=False, unsorted=False)
    offices = register.select(["marszalek", "rops"])
    turns = order(offices, register, frontier, now, due=True)
    assert [office.id for office in turns.first] == ["rops"]
    assert [office.id for office in turns.last] == ["marszalek"]
    assert turns.repeated == {"rops"}  # though it is not due itself
    frontier.walks.complete("marszalek", now, deep=False, unsorted=False)
    assert order(offices, register, frontier, now, due=True).repeated == frozenset()


def test_an_article_that_has_waited_two_days_goes_before_todays_lists_and_todays_lists_before_todays_articles() -> None:
    turns = [(2, False), (0, True), (0, False), (1, True)]
    assert sorted(turns, key=lambda one: -priority(one[0], is_list=one[1])) == [
        (2, False),
        (1, True),
        (0, True),
        (0, False),
    ]


def test_days_of_waiting_are_those_by_which_budgets_are_counted() -> None:
    evening = datetime(2026, 3, 2, 22, 50, tzinfo=UTC)
    assert waited(evening, evening + timedelta(minutes=20)) == 1  # past midnight in Warsaw
    assert waited(evening, evening + timedelta(minutes=5)) == 0
    assert waited(None, evening) == 0
    assert waited(evening + DAY, evening) == 0
    assert waited(evening - 900 * DAY, evening) == 60
