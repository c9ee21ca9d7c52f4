"""Politeness that no office can switch off: robots.txt with its Crawl-delay, and Retry-After."""

from __future__ import annotations

import email.utils
import time
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.outcomes import Refused

_ROBOTS_BYTES = 512 * 1024
"""RFC 9309, 2.5: at least 500 KiB must be read; more is not, because 200,000 rules stop the reactor for seconds."""


class ServerGroupMiddleware:
    """One server behind many hosts is one slot with one delay, for robots.txt as well."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        group = self._crawler.spider.run.register.server_group(request.url)  # type: ignore[union-attr]
        if group:
            request.meta["download_slot"] = group


class RobotsMiddleware(RobotsTxtMiddleware):
    """RFC 9309: 4xx means allowed, 5xx or no answer means stay away (Scrapy takes both for "allowed")."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, str] = {}

    async def process_request(self, request: Request, spider: Any = None) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        parser = await self.robot_parser(request)
        reason = self._unreachable.get(urlsplit(request.url).netloc)
        if reason:
            raise Refused("robots_unreachable", reason)
        self.process_request_2(parser, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        run = self.crawler.spider.run  # type: ignore[union-attr]
        origin = f"{urlsplit(request.url).scheme}://{netloc}"
        if response.status >= 500:
            self._unreachable[netloc] = f"robots.txt answers {response.status}"
        body = response.body[:_ROBOTS_BYTES] if response.status == 200 else b""
        run.archive.note_robots(origin, response.status, body.decode("utf-8", "replace") or None)
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = f"robots.txt: {exc}"
        super()._robots_error(exc, netloc)


class CrawlDelay:
    """Applies the Crawl-delay of a host's robots.txt to its download slot; it only ever slows down."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._user_agent = crawler.settings["USER_AGENT"]
        self._most = crawler.settings.getfloat("WIESCI_LONGEST_DELAY")
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        parser = getattr(robotparser, "rp", None)  # Protego's parser: Scrapy's own interface has no delay
        delay = parser.crawl_delay(self._user_agent) if parser is not None else None
        if delay:
            slow_down(self._crawler, request, min(float(delay), self._most))


class PatienceMiddleware:
    """Retries what may pass: after Retry-After where the server says so, else after a growing pause.

    In place of Scrapy's own, which asks again within milliseconds.
    """

    _PASSING = (429, 500, 502, 503, 504, 522, 524, 408)
    _ERRORS = (
        CannotResolveHostError,
        DownloadConnectionRefusedError,
        DownloadFailedError,
        DownloadTimeoutError,
        ResponseDataLossError,
    )

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._most = crawler.settings.getfloat("WIESCI_LONGEST_DELAY")
        self._times = crawler.settings.getint("RETRY_TIMES")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in self._PASSING or "office" not in request.meta:
            return response
        asked = _retry_after(response.headers.get("Retry-After"))
        if asked is not None and asked > self._most:
            return response  # longer than this run will wait: the next run asks again
        if asked:
            slow_down(self._crawler, request, asked)
        return self._again(request, f"status {response.status}") or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if "office" in request.meta and isinstance(exception, self._ERRORS):
            return self._again(request, type(exception).__name__)
        return None

    def _again(self, request: Request, reason: str) -> Request | None:
        spider = self._crawler.spider
        assert spider is not None
        return get_retry_request(
            request, spider=spider, reason=reason, max_retry_times=self._times, give_up_log_level="DEBUG"
        )


def slow_down(crawler: Crawler, request: Request, delay: float) -> None:
    """Let at least `delay` seconds pass between requests to this request's slot, for the rest of the run."""
    downloader = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    settings = downloader.per_slot_settings.setdefault(key, {})  # idle slots are collected and made anew from these
    settings.update(delay=max(delay, settings.get("delay", 0.0)), concurrency=1, jitter=0)
    slot = downloader.slots.get(key)
    if slot is not None:
        slot.delay = max(slot.delay, delay)
        slot.concurrency = 1
        slot.jitter = 0


def _retry_after(header: bytes | None) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110, 10.2.3)."""
    if not header:
        return None
    text = header.decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
