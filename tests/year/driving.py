"""Crawls the simulated web: real spiders, middlewares, archive and store; no socket, worker process or waiting."""

from __future__ import annotations

import asyncio
import copy
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings

from crawler.archive import Archive
from crawler.crawling import practice_settings, settings_with
from crawler.outcomes import Refused
from crawler.pausing import left_alone
from crawler.registry import Register
from crawler.run import Limits, Run
from crawler.store import Store
from crawler.understanding import Understanding, Understood, understand
from normalize.model import Capture, Hints, Office
from tests.crawler.made import SetClock
from tests.year.site import SimulatedWeb

LIMITS = Limits(list_pages=5, due=True)
"""What `wiesci crawl --due` asks for."""


class SimulatedHandler(BaseDownloadHandler):
    """The last step of Scrapy's downloader: the simulated web's answer in place of a connection."""

    async def download_request(self, request: Request) -> Response:
        refused = left_alone(self.crawler).get(request.meta.get("download_slot", ""))
        if refused and "office" in request.meta:
            raise Refused(*refused)
        run = self.crawler.spider.run  # type: ignore[union-attr]
        assert isinstance(run, SimulatedRun)
        run.clock.at += run.step
        parts = urlsplit(request.url)
        headers = {name.decode().lower(): values[0].decode() for name, values in request.headers.items() if values}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        reply = run.web.answer(parts.hostname or "", target or "/", headers, run.clock.at)
        if reply.dropped:
            raise DownloadFailedError("the connection was closed")
        answered = Headers(reply.headers)
        kind = responsetypes.from_args(headers=answered, url=request.url, body=reply.body)
        return kind(url=request.url, status=reply.status, headers=answered, body=reply.body, request=request)


class UnderstandingHere(Understanding):
    """Understands in this process: the year's pages are known to be harmless."""

    def __init__(self, archive: Archive, store: Store, register: Register, saved: Callable[..., None]) -> None:
        self._archive, self._store, self._register, self._saved = archive, store, register, saved
        self._places = asyncio.Semaphore(1)
        self._under_way = set()
        self._failed = []

    def close(self) -> None:
        """Nothing was started."""

    async def _in_a_worker(self, page: Capture, family: str, hints: Hints) -> Understood:
        return understand(page, family, hints)


class SimulatedRun(Run):
    """A run of the crawl that reaches the simulated web and tells the time that passes there."""

    def __init__(self, *, clock: SetClock, web: SimulatedWeb, step: timedelta, **fields: Any) -> None:
        super().__init__(clock=clock, **fields)
        self.clock, self.web, self.step = clock, web, step
        for database in (self.archive.connection, self.store._db):
            database.execute("PRAGMA synchronous = OFF")  # no power fails here, and a year of syncs takes long

    @property
    def understanding(self) -> Understanding:
        if self._understanding is None:
            self._understanding = UnderstandingHere(self.archive, self.store, self.register, saved=self._on_saved)
        return self._understanding


class _LightSettings(Settings):
    """Scrapy copies the settings for each crawler, all the way down, which takes longer than one of these crawls."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.attributes = settings.attributes

    def copy(self) -> Self:
        light = copy.copy(self)
        light.attributes = {name: copy.copy(one) for name, one in self.attributes.items()}
        return light


class Driver:
    """One data folder and its clock; each `crawl` is one run, as the schedule would start it.

    `step`: seconds that each request takes.
    """

    def __init__(self, data: Path, register: Register, web: SimulatedWeb, *, step: float = 1.0) -> None:
        self._data = data
        self._register = register
        self._web = web
        self._clock = SetClock()
        self._step = timedelta(seconds=step)
        changes: dict[str, Any] = {
            **practice_settings(1),
            "TWISTED_REACTOR_ENABLED": False,
            "WIESCI_TIME_SCALE": 0.0,
            "RETRY_TIMES": 2,
            "CONCURRENT_REQUESTS": 1,
            "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3"))
            | dict.fromkeys(("http", "https"), "tests.year.driving.SimulatedHandler"),
            "MEMUSAGE_ENABLED": False,
        }
        self._runner = AsyncCrawlerRunner(_LightSettings(settings_with(changes)))

    async def crawl(self, at: datetime, limits: Limits = LIMITS) -> datetime:
        """Crawl what is due at this instant; when that ended."""
        with _quiet("scrapy", "crawler.spider", "py.warnings"):
            return await self._crawled(at, limits)

    async def _crawled(self, at: datetime, limits: Limits) -> datetime:
        self._clock.at = at
        with SimulatedRun(
            data=self._data,
            register=self._register,
            command="year",
            clock=self._clock,
            limits=limits,
            web=self._web,
            step=self._step,
        ) as run:
            await run.resume()
            families: dict[str, list[Office]] = {}
            for office in self._register.select():
                families.setdefault(office.family, []).append(office)
            for family, offices in families.items():
                if not self._anything_due(run, offices):
                    continue  # a spider without anything to ask for only takes time
                await self._runner.crawl(family, run=run, offices=offices)
            if run.problem is not None:
                raise run.problem
            await run.finish("finished")
        return self._clock.at

    def _anything_due(self, run: SimulatedRun, offices: Sequence[Office]) -> bool:
        due = run.frontier.offices_due(run.now())
        return any(one.id in due or run.frontier.walks.of(one.id).due is None for one in offices)


@contextmanager
def _quiet(*talkers: str) -> Iterator[None]:
    """Of these loggers nothing below an error, as long as it lasts."""
    levels = {talker: logging.getLogger(talker).level for talker in talkers}
    for talker in talkers:
        logging.getLogger(talker).setLevel(logging.ERROR)
    try:
        yield
    finally:
        for talker, level in levels.items():
            logging.getLogger(talker).setLevel(level)
