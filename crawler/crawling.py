"""Drives Scrapy: one crawler a family, side by side in one reactor where they share no server, within one Run."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, cast

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.database import DatabaseProblem
from crawler.exits import UNUSABLE
from crawler.legs import Leg, legs
from crawler.run import Run
from normalize.model import Office

_GRACE = 8.0
"""Seconds that what is under way may take to end well after the first Ctrl-C or SIGTERM."""
_FETCHING, _UNDERSTANDING = 4.0, 2.0
"""How many of them go to what is being fetched, and to what is being understood; what is left over, the next start has
to do."""


def settings_with(changes: Mapping[str, Any]) -> Settings:
    """The project's settings with these in their place."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(dict(changes), priority="cmdline")
    return settings


def practice_settings(port: int) -> dict[str, Any]:
    """What differs on the practice web: where it listens, no delay between requests, short patience."""
    handler = "crawler.practice.handler.PracticeHandler"
    return {
        "WIESCI_PRACTICE_PORT": port,
        "WIESCI_TIME_SCALE": 0.02,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "DOWNLOAD_TIMEOUT": 3,
        "RETRY_TIMES": 1,
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None, "http": handler, "https": handler},
    }


def crawl(run: Run, offices: Sequence[Office], settings: Settings) -> str:
    """Crawl these offices and make the account; returns "finished" or "interrupted".

    First understands whatever an interrupted run left behind. Ctrl-C and SIGTERM let what is under way end well; a
    second one ends at once. Raises what stopped the run: DatabaseProblem.
    """
    planned = legs(offices, run.register)
    process = AsyncCrawlerProcess(settings)
    for accounted in ("scrapy.core.downloader.handlers.http11", "scrapy.downloadermiddlewares.httpcompression"):
        logging.getLogger(accounted).setLevel(logging.ERROR)  # cut and oversized bodies are in the ledger
    logging.getLogger("scrapy.core.scraper").addFilter(_not_told_elsewhere)
    interrupted = False
    asked = asyncio.Event()

    async def whole() -> str:
        if await _within(run.resume(), asked, 0) and not asked.is_set():
            under_way: list[asyncio.Future[None]] = []
            for leg in planned:
                before = [under_way[place] for place in leg.after]
                under_way.append(asyncio.ensure_future(begun(leg, before)))
            await _within(asyncio.gather(*under_way), asked, _FETCHING)
        if run.problem is not None:
            raise run.problem
        outcome = "interrupted" if interrupted else "finished"
        await run.finish(outcome, within=_UNDERSTANDING if interrupted else None)
        return outcome

    async def begun(leg: Leg, before: Sequence[asyncio.Future[None]]) -> None:
        await asyncio.gather(*before)
        if not asked.is_set():
            await process.crawl(leg.family, run=run, offices=leg.offices)

    def end() -> None:
        asked.set()
        stopping.append(loop.create_task(process.stop()))

    def interrupt() -> None:
        nonlocal interrupted
        if interrupted:
            _leave()
        interrupted = True
        loop.call_later(_GRACE, _leave)
        end()

    _ = run.understanding  # its workers start here: they would hold up the reactor for half a second
    loop = asyncio.get_event_loop()
    stopping: list[asyncio.Task[None]] = []
    run.on_stop.append(end)
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, interrupt)
    task = loop.create_task(whole())
    task.add_done_callback(lambda _: _stop_reactor())
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    return task.result()


async def _within(work: Awaitable[Any], asked: asyncio.Event, seconds: float) -> bool:
    """Wait for the work; from when it is asked to end, only so long. Whether it was done; raises what it raised."""
    doing = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(asked.wait())
    await asyncio.wait((doing, waiting), return_when=asyncio.FIRST_COMPLETED)
    if not doing.done():
        await asyncio.wait((doing,), timeout=seconds)
    waiting.cancel()
    if not doing.done():
        doing.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # else it is logged as an error
        doing.cancel()
        return False
    doing.result()
    return True


def _not_told_elsewhere(record: logging.LogRecord) -> bool:
    """Trouble with disk or database ends the run and is told once, by the command; not as a traceback as well."""
    return not (record.exc_info and isinstance(record.exc_info[1], DatabaseProblem))


def _leave() -> None:
    """End this process now. What is committed stays; the next start goes on from there."""
    sys.stderr.write("wiesci: interrupted before everything was put in order: the next crawl goes on from here\n")
    sys.stderr.flush()
    os._exit(UNUSABLE)


def _stop_reactor() -> None:
    from twisted.internet import reactor

    running = cast(Any, reactor)
    if running.running:
        running.stop()
