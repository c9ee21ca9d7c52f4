"""One page from its address, under the same manners and guard as a crawl."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import contact, outcomes, registry
from crawler.crawling import settings_with
from crawler.links import absolute
from crawler.run import Run


class NotFetched(Exception):
    """The address gave no page; `outcome` says why, in the ledger's word."""

    def __init__(self, url: str, outcome: str, detail: str = "") -> None:
        super().__init__(f"{url}: {outcome}{f' ({detail})' if detail else ''}")
        self.outcome = outcome


@dataclass(frozen=True, kw_only=True)
class Fetched:
    url: str
    body: bytes
    content_type: str | None


class _OnePage(scrapy.Spider):
    name = "one-page"

    def __init__(self, run: Run, url: str, got: list[Fetched | NotFetched], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.run = run
        self._url = url
        self._got = got

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self._url, callback=self.page, errback=self.failed, dont_filter=True)

    def page(self, response: Response) -> None:
        if response.status != 200:
            outcome = outcomes.of_status(response.status)
            self._got.append(NotFetched(self._url, outcome, f"status {response.status}"))
            return
        content_type = response.headers.get("Content-Type")
        self._got.append(
            Fetched(
                url=response.url,
                body=response.body,
                content_type=content_type.decode("latin-1") if content_type else None,
            )
        )

    def failed(self, failure: Failure) -> None:
        error = failure.value
        assert error is not None
        self._got.append(NotFetched(self._url, *outcomes.of_failure(error)))


def fetch(url: str, settings: dict[str, Any] | None = None) -> Fetched:
    """Fetch the page; raises NotFetched, NoContact. Leaves no trace in any data folder."""
    if absolute(url, url) is None:
        raise NotFetched(url, "bad_link", "not an address that can be asked for")
    if not (settings or {}).get("WIESCI_PRACTICE_PORT"):
        contact.required()
    got: list[Fetched | NotFetched] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Run(data=Path(folder), register=registry.load(), command="fetch") as run,
    ):
        process = AsyncCrawlerProcess(settings_with(settings or {}))
        process.crawl(_OnePage, run=run, url=url, got=got)
        process.start()
    if not got:
        raise NotFetched(url, "bad_link", "not an address that can be asked for")
    if isinstance(got[0], NotFetched):
        raise got[0]
    return got[0]
