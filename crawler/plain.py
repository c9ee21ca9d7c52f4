"""The run that plain `scrapy crawl <family>` opens: in the settings' data folder, held while the spider lives."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import scrapy
from scrapy.crawler import Crawler

from crawler import contact, floors, registry
from crawler.folder import locked
from crawler.run import Limits, Run

Close = Callable[[scrapy.Spider, str], Awaitable[None]]
"""Closes the run when the spider is closed, with the reason of that."""

log = logging.getLogger(__name__)


def open_run(crawler: Crawler, family: str) -> tuple[Run, Close]:
    """The open run, and what closes it.

    Raises what stands in the way before anything is asked: no contact, a floor that is not to be changed, a folder
    that is held by another.
    """
    settings = crawler.settings
    contact.required()
    for put_right in floors.keep(settings):
        log.warning("%s", put_right)
    data = Path(settings["WIESCI_DATA"])
    lock = locked(data)
    lock.__enter__()
    run = Run(
        data=data,
        register=registry.load(),
        command=f"scrapy crawl {family}",
        limits=Limits(list_pages=settings.getint("WIESCI_LIST_PAGES")),
    )

    async def close(spider: scrapy.Spider, reason: str) -> None:
        try:
            await run.finish(reason)
        finally:
            run.close()
            lock.__exit__(None, None, None)

    return run, close
