"""The order in which the addresses of an office's lists are tried, and how often a server in trouble is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.frontier import Frontier
from crawler.visits import Visit
from crawler.ways import in_order
from tests.crawler.made import Bench
from tests.faults.driving import drive
from tests.faults.web import FaultWeb, redirect, response, story

SITE = "http://lipowo.praca.test"
REST, FEED, HTML = WAYS = [f"{SITE}/wp-json", f"{SITE}/feed", f"{SITE}/aktualnosci"]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def asked(bench: Bench, *ends: tuple[str, str]) -> None:
    for url, outcome in ends:
        bench.clock.forward(hours=6)
        bench.archive.note(bench.run, Visit(office="pup-lipowo", purpose="list", url=url, outcome=outcome))


def test_without_a_proven_way_and_on_deep_walks_all_are_tried_the_best_first(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    asked(bench, (HTML, "layout_changed"))
    assert in_order(WAYS, None, frontier, deep=False) == WAYS
    assert in_order(WAYS, HTML, frontier, deep=True) == WAYS
    assert in_order(WAYS, f"{SITE}/dawna", frontier, deep=False) == WAYS


def test_the_proven_way_comes_first(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    assert in_order(WAYS, HTML, frontier, deep=False) == [HTML, REST, FEED]
    asked(bench, (HTML, "unchanged"))
    assert in_order(WAYS, HTML, frontier, deep=False) == [HTML, REST, FEED]


def test_a_list_that_stays_broken_costs_one_further_request_a_run(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    asked(bench, (HTML, "layout_changed"), (REST, "gone"))
    assert in_order(WAYS, HTML, frontier, deep=False) == [HTML, FEED]
    asked(bench, (HTML, "layout_changed"), (FEED, "gone"))
    assert in_order(WAYS, HTML, frontier, deep=False) == [HTML, REST]


def test_after_trouble_of_the_server_the_way_not_asked_for_longest_comes_first(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    asked(bench, (HTML, "server_error"))
    assert in_order(WAYS, HTML, frontier, deep=False) == [REST, HTML]
    asked(bench, (REST, "server_error"), (FEED, "timeout"))
    assert in_order(WAYS, HTML, frontier, deep=False) == [HTML, REST]


def test_a_server_that_answers_nothing_good_is_asked_again_so_many_times_however_many_addresses_wait(
    tmp_path: Path,
) -> None:
    with FaultWeb() as web:
        pages = {f"/news,{n},w.html": story(n) for n in range(6)}
        web.site("awaria.test", pages)
        drive(web, tmp_path / "data")
        before = len(web.asked("awaria.test"))
        for target in pages:
            web.put("awaria.test", target, response(status=500))
        asked_for = []
        for days in (100, 102):
            drive(web, tmp_path / "data", days=days)
            there = [one for one in web.asked("awaria.test")[before:] if one.target in pages]
            asked_for.append(len(there) - sum(asked_for))
    assert asked_for == [len(pages) + 1, len(pages)]  # the practice web's one retry, and then not even that


def test_a_list_that_an_article_leads_to_is_not_fetched_for_that(tmp_path: Path) -> None:
    with FaultWeb() as web:
        web.site(
            "zdjete.test",
            {
                "/news,1,jest.html": story(1),
                "/news,2,na-liste.html": redirect("/news.html"),
                "/news,3,na-glowna.html": redirect("/"),
            },
        )
        ended = drive(web, tmp_path / "data")
        assert len(web.asked("zdjete.test", "/news.html")) == 1
        assert web.asked("zdjete.test", "/") == []
    assert ended.end("http://zdjete.test/news,2,na-liste.html") == "gone"
    assert ended.end("http://zdjete.test/news,3,na-glowna.html") == "gone"
