"""A run with the clock years ahead, and then the right clock again: nothing is put off by it, and spans are true."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import health
from crawler.directives import keep_robots, keep_wait, kept_robots, kept_wait
from crawler.frontier import Frontier
from crawler.practice import Web
from crawler.presence import presence
from crawler.trust import Trust
from crawler.visits import Validators, Visit
from normalize.identity import address
from tests.crawler.listed_site import ListedSite, lists
from tests.crawler.made import START, Bench
from tests.crawler.walking import walk

URL = "http://lipowo.praca.test/-/staze"
HOUR, DAY, YEARS = timedelta(hours=1), timedelta(days=1), timedelta(days=3 * 365)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_after_a_run_with_the_clock_three_years_ahead_all_is_due_and_told(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 6)

    async def days() -> None:
        await site.crawl(START)
        await site.crawl(START + YEARS)
        site.order.insert(0, 7)
        at = START + DAY
        told = health.report(tmp_path / "news.db", site.register, at)
        assert told.ahead is not None
        assert "ahead of the clock by 1094 days" in told.ahead
        asked = await site.crawl(at)
        assert "/robots.txt" in site.asked
        assert lists(asked)[0] == 1
        assert {one for one in asked if one.startswith("/news,")} == {f"/news,{n},wiesc.html" for n in range(1, 8)}
        assert site.held() == 7
        assert lists(await site.crawl(at + HOUR)) == []  # what was put off is due once, not in each run from now on
        dues = site.rows("SELECT max(due) FROM (SELECT due FROM walks UNION ALL SELECT due FROM frontier)")
        assert dues[0][0] < "2026-06"
        stamps = [row[0] for row in site.rows("SELECT at FROM visits ORDER BY sequence")]
        assert stamps == sorted(stamps)
        assert lists(await site.crawl(at + 3 * DAY)) == [1]

    asyncio.run(days())


@pytest.mark.crawl
def test_the_account_of_a_crawl_tells_of_a_clock_that_was_ahead(tmp_path: Path) -> None:
    with Web() as web:
        assert "clock:" not in walk(web.port, tmp_path, START + YEARS).account
        before = len(web.requests())
        told = walk(web.port, tmp_path, START, "due").account
        assert len(web.requests()) > before
    assert "clock: the archive is ahead of the clock by 1095 days: one of the two is, or was, wrong" in told
    assert "what was put off by that clock is due now" in told
    assert "all: pages 0" not in told


def test_a_page_is_found_gone_a_day_apart_though_stamps_are_held_back(bench: Bench) -> None:
    def attempt(outcome: str, status: int) -> None:
        visit = Visit(office="pup-lipowo", purpose="article", url=URL, outcome=outcome, status=status)
        bench.archive.note(bench.run, visit, capture=capture if outcome == "unchanged" else None)

    capture = bench.visit(URL, "strona").capture
    bench.clock.at = START + YEARS
    attempt("gone", 404)
    bench.clock.at = START
    for hours, gone in ((0, False), (23, False), (24, True)):
        bench.clock.at = START + hours * HOUR
        attempt("gone", 404)
        there = presence(bench.archive.attempts([address(URL)]), {capture: "article"})
        assert there is not None
        assert (there.gone is not None) == gone, hours


def test_two_visits_in_one_held_back_instant_are_not_a_day_apart(bench: Bench) -> None:
    capture = bench.visit(URL, "strona").capture
    for by in (timedelta(), YEARS, timedelta(hours=1)):
        bench.clock.at = START + by
        bench.archive.note(
            bench.run, Visit(office="pup-lipowo", purpose="article", url=URL, outcome="gone", status=404)
        )
    there = presence(bench.archive.attempts([address(URL)])[:1], {capture: "article"})
    assert there is not None
    assert there.gone is None


def test_a_list_and_a_robots_file_read_in_the_future_are_not_fresh(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    bench.clock.at = START + YEARS
    bench.sight(URL)
    keep_robots(bench.archive, "http://lipowo.praca.test", 200, "User-agent: *", bench.clock())
    bench.clock.at = START + DAY
    assert not frontier.believed("http://lipowo.praca.test/lista", bench.clock())
    assert kept_robots(bench.archive, "http://lipowo.praca.test", bench.clock() - DAY, bench.clock()) is None
    bench.sight(URL)
    assert frontier.believed("http://lipowo.praca.test/lista", bench.clock())
    bench.clock.forward(days=4)
    assert not frontier.believed("http://lipowo.praca.test/lista", bench.clock())


def test_a_304_of_the_future_makes_no_liar_of_a_host(bench: Bench) -> None:
    trust = Trust(bench.archive)
    validators = bench.archive.validators(URL)
    bench.clock.at = START + YEARS
    bench.archive.note(
        bench.run, Visit(office="pup-lipowo", purpose="article", url=URL, outcome="unchanged", status=304)
    )
    claim = trust.claim(URL, "article")
    assert claim is not None
    assert validators is None
    bench.clock.at = START
    after = Validators(etag=None, last_modified="Sun, 01 Mar 2026 10:00:00 GMT", capture=1)
    trust.weigh("lipowo.praca.test", claim, bench.clock(), new=True, before=None, after=after)
    assert trust.trusted("lipowo.praca.test")


def test_what_a_held_back_page_calls_yesterday_is_read_by_the_clock(bench: Bench) -> None:
    bench.clock.at = START + YEARS
    bench.visit(URL, "strona")
    bench.clock.at = START + DAY
    held = bench.archive.held(bench.visit(URL, "strona, dodano wczoraj").capture)
    assert (held.fetched, held.clock) == (START + YEARS, START + DAY)


def test_runs_begun_while_stamps_are_held_back_have_ids_in_their_order(bench: Bench) -> None:
    bench.clock.at = START + YEARS
    bench.visit(URL, "strona")
    bench.clock.at = START
    runs = [bench.archive.begin_run("test") for _ in range(12)]
    assert runs == sorted(runs)
    assert len(set(runs)) == 12


def test_a_wait_that_a_server_asked_for_is_kept_and_one_that_no_server_gets_is_not(bench: Bench) -> None:
    now = bench.clock()
    for server, days in (("a.test", 3), ("b.test", 1000)):
        keep_wait(bench.archive, server, f"{now + days * DAY:%Y-%m-%dT%H:%M:%S.000Z}", "status 503")
    Frontier(bench.archive).clock_went_back(now)
    assert kept_wait(bench.archive, "a.test") is not None
    assert kept_wait(bench.archive, "b.test") is None
