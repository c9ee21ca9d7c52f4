"""Politeness that no office can switch off: robots.txt with its delays, and one slot for one server."""

from __future__ import annotations

import asyncio
import codecs
from dataclasses import dataclass
from datetime import timedelta
from typing import Self, cast
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler import floors, outcomes, settings
from crawler.directives import keep_robots, kept_robots
from crawler.guard import is_practice
from crawler.outcomes import Refused
from crawler.pausing import scaled, slow_down, touch
from crawler.run import Run
from crawler.visits import Visit
from normalize.model import Office

ROBOTS_BYTES = 512 * 1024
"""RFC 9309, 2.5: at least 500 KiB must be read; more is not."""
KEPT = timedelta(hours=24)
"""RFC 9309, 2.4: a kept copy should not be used for longer."""
_MOST_RULES = 10_000
"""Of one file: each address is compared with all of them, in the reactor's own thread."""


class ServerGroupMiddleware:
    """One server is one slot, however many hosts it has, for robots.txt as well; it never goes below the floors."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._practice = bool(crawler.settings.getint("WIESCI_PRACTICE_PORT"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        request.meta["download_slot"] = _run(self._crawler).register.server(request.url).name
        if not is_practice(urlsplit(request.url).hostname or "", self._practice):
            slow_down(self._crawler, request, floors.DELAY)
            request.headers["User-Agent"] = settings.USER_AGENT


class AllowanceMiddleware:
    """Nothing waits in a slot whose server has had its requests of the day, or is in its quiet hours."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        refused = _run(self._crawler).allowance.refusal(request.url)
        if refused:
            raise Refused(*refused)


@dataclass(frozen=True)
class Rules:
    """What one origin's robots.txt came to."""

    parser: Protego | None = None
    """None: everything is allowed."""
    refused: tuple[str, str] | None = None
    """Why the whole host is left alone in this run: outcome and detail."""
    delay: float = 0.0
    """Seconds between requests, as Crawl-delay or Request-rate ask."""


class RobotsMiddleware:
    """RFC 9309: 4xx means allowed; 5xx, 429 or no answer means stay away. Each visit of a robots.txt is in the ledger.

    In place of Scrapy's own, to which every trouble means "allowed".
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._longest = crawler.settings.getfloat("WIESCI_LONGEST_DELAY")
        self._rules: dict[str, asyncio.Task[Rules]] = {}
        self._slowed: set[str] = set()
        crawler.signals.connect(self.bytes_received, signals.bytes_received)
        crawler.signals.connect(self.response_downloaded, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if "robots" in request.meta:
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._read(origin, request.meta.get("office")))
        rules = await asyncio.shield(self._rules[origin])
        if rules.refused:
            raise Refused(*rules.refused)
        if rules.parser is not None and not rules.parser.can_fetch(request.url, self._agent):
            raise Refused("robots")
        if rules.delay:
            self._slowed.add(slow_down(self._crawler, request, scaled(self._crawler, request.url, rules.delay)))

    def response_downloaded(self, request: Request) -> None:
        """A delay that was asked for begins when the answer is here, so that the server sees no less of it."""
        if request.meta.get("download_slot") in self._slowed:
            touch(self._crawler, request)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Enough of a robots.txt is enough."""
        if "robots" in request.meta:
            request.meta["robots"] += len(data)
            if request.meta["robots"] > 2 * ROBOTS_BYTES:
                raise StopDownload(fail=False)

    async def _read(self, origin: str, office: Office | None) -> Rules:
        run = _run(self._crawler)
        kept = kept_robots(run.archive, origin, run.now() - KEPT, run.now())
        if kept is not None:
            return self._rules_of(*kept)[0]
        url = f"{origin}/robots.txt"
        request = Request(url, priority=1000, callback=NO_CALLBACK, meta={"robots": 0, "download_maxsize": 0})
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except outcomes.FAILURES as error:
            word, detail = outcomes.of_failure(error)
            if word in outcomes.POSTPONED:
                self._rules.pop(origin, None)  # it was not asked for: whoever comes later asks
                return Rules(refused=(word, detail))
            self._note(origin, office, Visit(office="", purpose="robots", url=url, outcome=word, detail=detail or None))
            if word in ("blocked_address", "bad_link", "no_such_host", "bad_certificate"):
                return Rules(refused=(word, detail))
            return Rules(refused=("robots_unreachable", f"robots.txt: {word} {detail}".strip()))
        rules, body = self._understood(response)
        self._note(
            origin,
            office,
            Visit(
                office="",
                purpose="robots",
                url=url,
                final_url=response.url,
                hops=response.meta.get("redirect_urls", ())[1:],
                status=response.status,
                outcome="stored" if response.status == 200 else outcomes.of_status(response.status),
            ),
            body,
        )
        return rules

    def _understood(self, response: Response) -> tuple[Rules, str | None]:
        return self._rules_of(response.status, robots_text(response.body) if response.status == 200 else None)

    def _rules_of(self, status: int, text: str | None) -> tuple[Rules, str | None]:
        """`text`: that of an answer 200."""
        if status >= 500 or status == 429:
            return Rules(refused=("robots_unreachable", f"robots.txt answers {status}")), None
        if text is None:
            return Rules(), None
        parser = Protego.parse(text)
        delay = wanted_delay(parser, self._agent)
        if delay > self._longest:
            refused = ("asked_to_wait", f"robots.txt asks for {delay:g} s between requests")
            return Rules(refused=refused), text
        return Rules(parser=parser, delay=delay), text

    def _note(self, origin: str, office: Office | None, visit: Visit, body: str | None = None) -> None:
        run = _run(self._crawler)
        keep_robots(run.archive, origin, visit.status, body, run.now())
        if office is not None:
            run.archive.note(run.id, Visit(**{**vars(visit), "office": office.id}))


def robots_text(body: bytes) -> str:
    """The rules of a robots.txt as text: of whole lines only, within the limits, in UTF-8 or by its byte order mark."""
    if len(body) > ROBOTS_BYTES:
        body = body[: body.rfind(b"\n", 0, ROBOTS_BYTES) + 1]  # half a line would be another rule
    wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = body.decode("utf-16" if wide else "utf-8-sig", "replace")
    return "\n".join(text.splitlines()[:_MOST_RULES])


def wanted_delay(parser: Protego, agent: str) -> float:
    """Seconds between two requests: Crawl-delay, or what Request-rate comes to, whichever is longer."""
    rate = parser.request_rate(agent)
    return max(parser.crawl_delay(agent) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)


def _run(crawler: Crawler) -> Run:
    return cast(Run, crawler.spider.run)  # type: ignore[union-attr]
