"""A walk that was not through goes on in the next runs; a list that fails is asked again later, and later still."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.http import TextResponse

from crawler import health
from crawler.archive import Archive
from crawler.frontier import Frontier
from crawler.listing import Listed
from crawler.visits import Visit
from crawler.walks import DEEP_EVERY, Walked, Walks
from normalize.model import Office, Teaser
from spiders.siew import SiewSpider
from tests.crawler.listed_site import HTML, ListedSite, lists
from tests.crawler.made import START, Bench

LIST = "http://lipowo.praca.test/lista"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = Visit(office="most", purpose="list", url="http://most.test/news.html", outcome="stored", status=200)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_an_ordinary_walk_leaves_the_place_where_a_deep_pass_stopped(bench: Bench) -> None:
    walks, now = Walks(bench.archive), bench.clock()
    walks.begin("pup-lipowo", now)
    walks.go_on("pup-lipowo", now, LIST + "?p=7", now, deep=True, pages=6)
    walks.complete("pup-lipowo", now + HOUR, deep=False, unsorted=False)
    left = walks.of("pup-lipowo")
    assert (left.resume, left.deep, left.pages, left.begun) == (LIST + "?p=7", True, 6, now)
    walks.complete("pup-lipowo", now + DAY, deep=True, unsorted=False)
    through = walks.of("pup-lipowo")
    assert (through.completed, through.resume, through.deep, through.since_deep) == (now + DAY, None, False, 0)


def test_deep_passes_of_offices_met_on_one_day_come_on_different_ones(bench: Bench) -> None:
    walks, now = Walks(bench.archive), bench.clock()
    offices = [f"pup-{n}" for n in range(200)]
    for office in offices:
        walks.begin(office, now)
        walks.complete(office, now, deep=True, unsorted=False, asked=True)
    walked = [DEEP_EVERY - walks.of(office).since_deep for office in offices]
    assert set(walked) == set(range(2, DEEP_EVERY + 1))
    assert max(walked.count(n) for n in set(walked)) < 2 * len(offices) / (DEEP_EVERY - 1)
    walks.complete(offices[0], now, deep=True, unsorted=False)
    assert walks.of(offices[0]).since_deep == 0  # from then on all keep the same pace


def test_lists_that_fail_are_tried_again_later_and_later_and_at_least_daily(bench: Bench) -> None:
    walks, now = Walks(bench.archive), bench.clock()
    walks.complete("pup-lipowo", now, deep=False, unsorted=False)
    pauses = []
    for _ in range(6):
        walks.head_failed("pup-lipowo", now)
        due = walks.of("pup-lipowo").due
        assert due is not None
        pauses.append((due - now) / HOUR)
    assert pauses == [3, 6, 12, 24, 24, 24]
    assert walks.of("pup-lipowo").completed == now  # what was known before is known after it
    walks.begin("pup-lipowo", now)
    assert walks.of("pup-lipowo").failures == 0


def test_a_walk_that_ended_nobody_knows_where_leaves_its_beginning_to_the_next(bench: Bench) -> None:
    walks, now = Walks(bench.archive), bench.clock()
    walks.begin("pup-lipowo", now)
    walks.begin("pup-lipowo", now + HOUR)
    walks.begin("pup-lipowo", now + 2 * HOUR)
    assert walks.of("pup-lipowo").begun == now


def test_a_walk_that_dies_as_its_first_page_is_kept_is_made_anew_though_that_pages_articles_are_known(
    tmp_path: Path,
) -> None:
    site = ListedSite(tmp_path, 8)

    async def days() -> None:
        await site.crawl(START)
        site.order[:0] = [12, 11, 10, 9]
        with Archive.open(tmp_path / "archive.db", lambda: START + DAY) as archive:
            frontier = Frontier(archive)
            frontier.walks.begin("most", START + DAY)
            named = [Teaser(url=f"http://most.test/news,{n},wiesc.html") for n in (12, 11)]
            capture = archive.keep(archive.begin_run("killed"), KEPT, b"lista", content_type=None, teasers=named)
            frontier.meet([(one, (capture.capture, n)) for n, one in enumerate(named)], "most", START + DAY)
        assert lists(await site.crawl(START + DAY + HOUR)) == [1, 2, 3]
        assert site.held() == 12

    asyncio.run(days())


def test_what_a_list_said_to_a_run_that_died_then_is_taken_in_by_the_next(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 4, per_page=9)

    async def days() -> None:
        await site.crawl(START)
        site.order.remove(2)
        with Archive.open(tmp_path / "archive.db", lambda: START + DAY) as archive:
            Walks(archive).begin("most", START + DAY)
            named = [Teaser(url=f"http://most.test/news,{n},wiesc.html") for n in site.order]
            body = site.page(1).encode()
            assert archive.keep(archive.begin_run("killed"), KEPT, body, content_type=HTML, teasers=named).new
        assert "/news,2,wiesc.html" in await site.crawl(START + DAY + HOUR)

    asyncio.run(days())


def test_an_article_that_stands_on_the_list_again_is_looked_at_then_and_not_in_three_months(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 4, per_page=9)

    async def days() -> None:
        await site.crawl(START)
        site.gone.add("/news,2,wiesc.html")
        site.order.remove(2)
        for day in (1, 3, 5):
            await site.crawl(START + day * DAY)
        gone = "SELECT count(*) FROM articles WHERE gone IS NOT NULL"
        assert site.rows(gone, file="news.db") == [(1,)]
        site.gone.clear()
        site.order.insert(2, 2)
        assert "/news,2,wiesc.html" in await site.crawl(START + 9 * DAY)
        assert site.rows(gone, file="news.db") == [(0,)]

    asyncio.run(days())


def test_a_list_that_is_read_otherwise_by_now_is_a_list_of_its_own_so_that_places_on_it_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = ListedSite(tmp_path, 4, per_page=9)

    def every_other(spider: SiewSpider, response: TextResponse, office: Office) -> Iterator[Listed]:
        return itertools.islice(read(spider, response, office), 0, None, 2)

    async def days() -> None:
        monkeypatch.setattr(SiewSpider, "teasers", every_other)
        await site.crawl(START)
        assert site.held() == 2
        monkeypatch.setattr(SiewSpider, "teasers", read)
        await site.crawl(START + 4 * DAY)
        assert site.held() == 4
        named = site.rows(
            "SELECT c.requested_url, s.url FROM captures c LEFT JOIN sightings s"
            " ON s.list_capture = c.list_capture AND s.position = c.list_position WHERE c.purpose = 'article'"
        )
        assert [url for url, _ in named] == [told for _, told in named]

    read = SiewSpider.teasers
    asyncio.run(days())


def test_a_walk_cut_by_the_pages_of_one_run_goes_on_in_the_next_ones_until_it_is_through(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 26)

    async def days() -> None:
        first = await site.crawl(START)
        assert lists(first) == [1, 2, 3, 4, 5]
        assert site.held() == 10
        assert "its lists are being read through: 5 pages so far" in _troubles(site)
        site.order.insert(0, 27)
        second = await site.crawl(START + 6 * HOUR)
        assert lists(second) == [1, 2, 6, 7, 8, 9]  # the head ends where all is known; six pages, one to go on at all
        third = await site.crawl(START + 12 * HOUR)
        assert lists(third) == [1, 10, 11, 12, 13, 14]
        assert site.held() == 27
        assert "its lists" not in _troubles(site)
        assert lists(await site.crawl(START + 5 * DAY)) == [1]

    asyncio.run(days())


def test_what_lies_beyond_a_runs_articles_or_pages_has_an_end_in_the_ledger_and_stays_due(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 9, per_page=3)

    async def days() -> None:
        assert len([one for one in await site.crawl(START, articles=2, due=False) if "," in one]) == 2
        left = site.rows("SELECT purpose, url FROM visits WHERE outcome = 'left_over' ORDER BY 1, 2")
        assert left == [
            ("article", "http://most.test/news,7,wiesc.html"),
            ("list", "http://most.test/news.html?page=2"),
        ]
        assert site.rows("SELECT count(*) FROM frontier WHERE due <= ?", f"{START:%Y-%m-%dT%H:%M:%S.000Z}") == [(1,)]
        ((outcome, failed, postponed),) = site.rows(
            "SELECT outcome, failed, postponed FROM office_runs", file="news.db"
        )
        assert (outcome, failed, postponed) == ("well", 0, 2)
        await site.crawl(START + 6 * HOUR)
        assert site.held() == 9

    asyncio.run(days())


def test_a_deep_pass_that_a_failing_page_breaks_goes_on_there_after_what_is_new(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 24)

    async def days() -> None:
        site.down = {"/news.html?page=8"}
        assert lists(await site.crawl(START, deep=True))[:8] == [1, 2, 3, 4, 5, 6, 7, 8]
        assert site.rows("SELECT resume, is_deep, pages FROM walks") == [("http://most.test/news.html?page=8", 1, 7)]
        site.order.insert(0, 25)
        assert lists(await site.crawl(START + HOUR, due=True)) == []  # not at once
        site.down.clear()
        assert lists(await site.crawl(START + 6 * HOUR, due=True)) == [1, 2, 8, 9, 10, 11, 12, 13]
        assert site.held() == 25
        assert site.rows("SELECT resume, is_deep, pages FROM walks") == [(None, 0, 0)]

    asyncio.run(days())


def test_an_automatic_deep_pass_that_is_broken_goes_on_by_itself(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 16)

    async def days() -> None:
        at, walked = START, 0
        await site.crawl(at, list_pages=50)
        while not site.rows("SELECT 1 FROM walks WHERE is_deep"):
            at += 3 * DAY
            walked += 1
            site.down = {"/news.html?page=5"}
            await site.crawl(at)
            assert walked < DEEP_EVERY
        site.down.clear()
        assert lists(await site.crawl(at + DAY)) == [1, 5, 6, 7, 8]
        assert lists(await site.crawl(at + 4 * DAY)) == [1]

    asyncio.run(days())


def test_a_page_that_stays_broken_does_not_hold_a_pass_for_ever(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 12)

    async def days() -> None:
        site.gone = {"/news.html?page=4"}
        at = START
        for _ in range(3):
            await site.crawl(at, deep=True)
            at += 2 * DAY
        walked = site.rows("SELECT resume, is_deep, since_deep FROM walks")
        assert walked == [(None, 0, 0)]
        assert lists(await site.crawl(at)) == [1]

    asyncio.run(days())


def test_a_dead_office_is_not_asked_on_every_run_and_its_next_walk_is_no_whole_one(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 8)

    async def days() -> None:
        await site.crawl(START)
        site.down = {"*"}
        tried = []
        for hours in range(72, 168, 6):
            await site.crawl(START + hours * HOUR)
            tried += [hours] if site.asked else []
        assert tried == [72, 78, 84, 96, 120, 144]
        site.down.clear()
        back = await site.crawl(START + 168 * HOUR)
        assert lists(back) == [1]

    asyncio.run(days())


def _troubles(site: ListedSite) -> str:
    (standing,) = health.report(site.data / "news.db", site.register, START + 20 * DAY).offices
    return "; ".join(standing.troubles)


def test_nothing_is_known_of_an_office_that_was_never_walked(bench: Bench) -> None:
    assert Walks(bench.archive).of("pup-lipowo") == Walked()


def test_the_pages_that_a_list_announces_are_held_against_those_that_a_deep_pass_read(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 12)
    site.announcing = '<p class="pagination">Strona 1 z 6</p>'

    async def days() -> None:
        site.down = {"/news.html?page=4"}
        await site.crawl(START, deep=True)
        assert "its lists are being read through: 3 pages so far" in _troubles(site)
        site.down.clear()
        await site.crawl(START + DAY)
        assert "completeness" not in _troubles(site)
        assert site.rows("SELECT pages, read FROM announced ORDER BY at DESC LIMIT 1") == [(6, 6)]
        site.announcing = '<p class="pagination">Strona 1 z 9</p>'  # three of them are nowhere linked
        await site.crawl(START + 3 * DAY, deep=True)
        assert "completeness: its list announces 9 pages, read were 6" in _troubles(site)

    asyncio.run(days())


def test_a_list_without_dates_in_an_order_of_its_own_is_read_beyond_its_first_page(tmp_path: Path) -> None:
    site = ListedSite(tmp_path, 18, per_page=9, dates=False)
    site.published = {n: f"2025-{1 + 7 * n % 12:02}-{1 + 11 * n % 28:02}" for n in range(1, 20)}

    async def days() -> None:
        await site.crawl(START)
        assert site.rows("SELECT unsorted FROM walks") == [(0,)]  # of no article the day was known
        site.order.append(19)  # at the end of the second page, where the sorted walk never looks
        assert lists(await site.crawl(START + DAY)) == [1, 2, 3]
        assert site.rows("SELECT unsorted FROM walks") == [(1,)]
        assert site.held() == 19

    asyncio.run(days())
