"""Answers that no rule foresees: each has its end, and none is asked for again and again."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scrapy.http import TextResponse

from crawler import suppression
from crawler.archive import Archive
from crawler.database import DatabaseProblem
from crawler.frontier import Frontier
from crawler.listing import Listed
from crawler.spider import NewsSpider
from crawler.trust import Trust
from crawler.verifying import ABSENT, UNMADE, verify
from crawler.visits import Validators
from normalize.model import Office
from spiders.siew import SiewSpider
from tests.crawler.listed_site import ListedSite
from tests.crawler.made import START
from tests.year.site import Reply, Shown

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIST, PAGE = "/news.html", "/news,2,wiesc.html"


class OddSite(ListedSite):
    """Some addresses answer with a status and headers of their own."""

    odd: Mapping[str, tuple[int, Mapping[str, str]]]

    def __init__(self, data: Path) -> None:
        super().__init__(data, 3, per_page=10)
        self.odd = {}
        self.etag: str | None = None

    def answer(self, host: str, target: str, headers: Mapping[str, str], at: datetime) -> Reply:
        reply = super().answer(host, target, headers, at)
        if target in self.odd:
            status, told = self.odd[target]
            return Reply(status=status, headers=told, body=b"", shown=Shown(kind="made"))
        if self.etag is None:
            return reply
        told = {**reply.headers, "ETag": self.etag}
        if headers.get("if-none-match") == self.etag:
            return Reply(status=304, headers=told, body=b"", shown=reply.shown)
        return Reply(status=reply.status, headers=told, body=reply.body, shown=reply.shown)


def ends(site: OddSite, target: str) -> list[str]:
    return [
        outcome
        for (outcome,) in site.rows(
            "SELECT outcome FROM visits WHERE url = ? ORDER BY sequence", f"http://most.test{target}"
        )
    ]


def test_not_modified_for_a_page_of_which_nothing_is_held_is_a_failure_like_others(tmp_path: Path) -> None:
    site = OddSite(tmp_path)
    site.odd = {PAGE: (304, {})}

    async def days() -> None:
        for hours in (0, 13, 26, 39):
            await site.crawl(START + hours * HOUR)
        assert ends(site, PAGE) == ["http_error"] * 4
        ((failures, due),) = site.rows("SELECT failures, due FROM frontier WHERE url LIKE ?", f"%{PAGE}")
        assert failures == 4
        assert datetime.fromisoformat(due) == START + (39 + 8) * HOUR

    asyncio.run(days())


def test_a_list_that_says_not_modified_without_being_asked_so_is_asked_twice_and_no_oftener(tmp_path: Path) -> None:
    site = OddSite(tmp_path)
    site.etag = '"a"'

    async def days() -> None:
        await site.crawl(START)
        with Archive.open(tmp_path / "archive.db", lambda: START) as archive:
            told = Validators(etag='"a"', last_modified=None, capture=1)
            Trust(archive).weigh("most.test", START, START, at_once=True, new=True, before=told, after=told)
            assert not Trust(archive).trusted("most.test")
        site.odd = {LIST: (304, {})}
        assert await site.crawl(START + DAY) == [LIST, LIST]
        assert site.held() == 3

    asyncio.run(days())


def test_a_list_that_has_not_changed_but_is_read_otherwise_by_now_is_asked_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = OddSite(tmp_path)
    site.etag = '"a"'

    def but_the_first(spider: SiewSpider, response: TextResponse, office: Office) -> Iterator[Listed]:
        return itertools.islice(read(spider, response, office), 1, None)

    async def days() -> None:
        monkeypatch.setattr(SiewSpider, "teasers", but_the_first)
        await site.crawl(START)
        assert site.held() == 2
        monkeypatch.setattr(SiewSpider, "teasers", read)
        assert await site.crawl(START + DAY) == [LIST, LIST, "/news,3,wiesc.html"]
        assert await site.crawl(START + 2 * DAY) == [LIST]
        ((named,),) = site.rows(
            "SELECT s.url FROM captures c JOIN sightings s ON s.list_capture = c.list_capture"
            " AND s.position = c.list_position WHERE c.requested_url = 'http://most.test/news,3,wiesc.html'"
        )
        assert named == "http://most.test/news,3,wiesc.html"

    read = SiewSpider.teasers
    asyncio.run(days())


def test_an_address_that_leads_to_what_was_taken_down_is_asked_for_rarely(tmp_path: Path) -> None:
    site = OddSite(tmp_path)

    async def days() -> None:
        await site.crawl(START)
        suppression.add(tmp_path, "address", ["http://most.test/news,99,wiesc.html"], clock=lambda: START)
        site.odd = {PAGE: (301, {"Location": "/news,99,wiesc.html"})}
        visits = 0
        for days in range(60, 75):
            visits += PAGE in await site.crawl(START + days * DAY)
        assert visits == 1
        assert ends(site, PAGE) == ["stored", "suppressed"]

    asyncio.run(days())


def test_an_article_whose_old_address_no_longer_leads_to_it_is_asked_for_at_its_own_and_is_not_gone(
    tmp_path: Path,
) -> None:
    site = OddSite(tmp_path)
    moved = "/news,5,wiesc.html"
    site.published[5] = "2025-01-03"

    async def days() -> None:
        site.odd = {PAGE: (301, {"Location": moved})}
        await site.crawl(START)
        site.order.remove(2)
        await site.crawl(START + DAY)
        site.odd = {}
        site.gone.add(PAGE)
        asked: list[str] = []
        for days in range(60, 70):
            asked += await site.crawl(START + days * DAY)
        assert [one for one in asked if one in (PAGE, moved)] == [PAGE, moved, PAGE]
        ((url, gone),) = site.rows("SELECT url, gone FROM articles WHERE url LIKE ?", f"%{moved}", file="news.db")
        assert (url, gone) == (f"http://most.test{moved}", None)
        assert site.held() == 3

    asyncio.run(days())


def test_an_address_at_which_the_crawler_itself_fails_is_tried_later_and_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = OddSite(tmp_path)

    async def broken(*_: object) -> None:
        raise KeyError("nobody thought of this")

    monkeypatch.setattr(NewsSpider, "parse_article", broken)

    async def days() -> None:
        for hours in (0, 3, 6):
            await site.crawl(START + hours * HOUR)
        ((failures, due),) = site.rows("SELECT failures, due FROM frontier WHERE url LIKE ?", f"%{PAGE}")
        assert ends(site, PAGE)[-1] == "crawler_error"
        assert failures == len(ends(site, PAGE)) > 1
        assert datetime.fromisoformat(due) > START + 6 * HOUR

    asyncio.run(days())


def test_a_database_that_fails_on_the_way_to_an_answer_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = OddSite(tmp_path)

    def locked(*_: object) -> None:
        raise DatabaseProblem("archive.db: database is locked; another program is writing to it")

    async def days() -> None:
        with monkeypatch.context() as patched:
            patched.setattr("crawler.manners.keep_robots", locked)
            with pytest.raises(DatabaseProblem, match="another program is writing to it"):
                await site.crawl(START)
        assert site.rows("SELECT outcome FROM visits WHERE purpose = 'list'") == []
        await site.crawl(START + HOUR)
        assert site.held() == 3

    asyncio.run(days())


def test_of_what_a_list_says_all_is_noted_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = OddSite(tmp_path)

    def locked(*_: object, **__: object) -> None:
        raise DatabaseProblem("archive.db: database is locked; another program is writing to it")

    async def days() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(Frontier, "meet", locked)
            with pytest.raises(DatabaseProblem):
                await site.crawl(START)
        assert site.rows("SELECT 1 FROM captures WHERE purpose = 'list'") == []
        assert [one for one in verify(tmp_path) if one.what not in (ABSENT, UNMADE)] == []
        await site.crawl(START + HOUR)
        assert site.held() == 3

    asyncio.run(days())
