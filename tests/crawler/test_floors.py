"""No switch makes a crawl of live offices faster, nameless or blind to robots.txt."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler

from crawler import contact, floors, settings
from crawler.crawling import practice_settings, settings_with
from crawler.manners import ServerGroupMiddleware
from crawler.spider import NewsSpider
from tests.crawler.made import register

SWITCHES = {
    "DOWNLOAD_DELAY": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    "USER_AGENT": "Mozilla/5.0",
    "ROBOTSTXT_OBEY": "False",
    "AUTOTHROTTLE_ENABLED": "True",
    "DOWNLOADER_MIDDLEWARES": "{}",
    "DOWNLOAD_SLOTS": '{"praca.gov.pl": {"delay": 0, "concurrency": 16}}',
    "TELNETCONSOLE_ENABLED": "1",
    "WIESCI_PRACTICE_PORT": "8000",
    "RETRY_TIMES": "50",
}


def test_what_is_set_as_it_should_be_is_left_alone() -> None:
    assert floors.keep(settings_with({})) == []


def test_each_switch_is_put_right_and_said() -> None:
    turned = settings_with(SWITCHES)
    told = floors.keep(turned)
    assert [one.split()[0] for one in told] != []
    assert {one.split()[0] for one in told} == set(SWITCHES)
    assert turned.getfloat("DOWNLOAD_DELAY") == 1.0
    assert turned.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert turned["USER_AGENT"] == settings.USER_AGENT
    assert turned.getdict("DOWNLOADER_MIDDLEWARES") == settings.DOWNLOADER_MIDDLEWARES
    assert turned.getint("WIESCI_PRACTICE_PORT") == 0


@pytest.mark.parametrize("name", ["TWISTED_DNS_RESOLVER", "DNS_RESOLVER"])
def test_a_resolver_that_lets_private_addresses_through_ends_the_crawl_before_it_begins(name: str) -> None:
    with pytest.raises(floors.NotToBeChanged, match=name):
        floors.keep(settings_with({name: "scrapy.resolver.CachingThreadedResolver"}))


def test_more_patience_than_ours_is_kept() -> None:
    slow = settings_with({"DOWNLOAD_DELAY": "7.5", "RETRY_TIMES": "0"})
    assert floors.keep(slow) == []
    assert slow.getfloat("DOWNLOAD_DELAY") == 7.5


def test_plain_scrapy_crawl_meets_the_floors_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WIESCI_CONTACT", "anna@uczelnia.edu.pl")
    crawler = Crawler(NewsSpider, settings_with({**SWITCHES, "WIESCI_DATA": str(tmp_path)}))
    spider = NewsSpider.from_crawler(crawler)
    try:
        assert crawler.settings.getfloat("DOWNLOAD_DELAY") == 1.0
        assert crawler.settings["USER_AGENT"] == settings.USER_AGENT
        assert "DOWNLOAD_DELAY 0 is not for live offices: 1.0 holds" in caplog.text
    finally:
        assert spider._close_run is not None
        asyncio.run(spider._close_run(spider, "finished"))


def test_plain_scrapy_crawl_without_a_contact_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIESCI_CONTACT", raising=False)
    crawler = Crawler(NewsSpider, settings_with({"WIESCI_DATA": str(tmp_path)}))
    with pytest.raises(contact.NoContact):
        NewsSpider.from_crawler(crawler)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "delay"), [("https://wrzos.org.pl/news", 1.0), ("http://www.wrzos.org.pl/", 1.0), ("http://a.test/", None)]
)
def test_a_slot_never_goes_below_the_floor_but_on_the_practice_web(url: str, delay: float | None) -> None:
    slots: dict[str, Any] = {}
    downloader = SimpleNamespace(
        get_slot_key=lambda request: request.meta["download_slot"], per_slot_settings=slots, slots={}
    )
    crawler: Any = SimpleNamespace(
        settings=settings_with({**practice_settings(8000), "USER_AGENT": "Mozilla/5.0"}),
        spider=SimpleNamespace(run=SimpleNamespace(register=register())),
        engine=SimpleNamespace(downloader=downloader),
    )
    request = Request(url, headers={"User-Agent": "Mozilla/5.0"})
    ServerGroupMiddleware(crawler).process_request(request)
    if delay is None:
        assert slots == {}
        assert request.meta["download_slot"] == "a.test"
    else:
        assert slots == {"wrzos.org.pl": {"delay": delay, "concurrency": 1, "jitter": 0}}
        assert request.headers["User-Agent"] == settings.USER_AGENT.encode()
