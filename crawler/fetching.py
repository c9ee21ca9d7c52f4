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

from crawler import outcomes, registry
from crawler.crawling import settings_with
from crawler.run import Run


class NotFetched(Exception):
    """The address gave no page; the message says why, in the ledger's word."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    url: str
    body: bytes
    content_type: str | None


class _OnePage(scrapy.Spider):
    name = "one-page"

    def __init__(self, run: Run, url: str, got: list[Fetched | str], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.run = run
        self._url = url
        self._got = got

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self._url, callback=self.page, errback=self.failed, dont_filter=True)

    def page(self, response: Response) -> None:
        if response.status != 200:
            self._got.append(f"{outcomes.of_status(response.status)} (status {response.status})")
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
        outcome, detail = outcomes.of_failure(error)
        self._got.append(f"{outcome} ({detail})" if detail else outcome)


def fetch(url: str, settings: dict[str, Any] | None = None) -> Fetched:
    """Fetch the page; raises NotFetched. Leaves no trace in any data folder."""
    got: list[Fetched | str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Run(data=Path(folder), register=registry.load(), command="fetch") as run,
    ):
        process = AsyncCrawlerProcess(settings_with(settings or {}))
        try:
            process.crawl(_OnePage, run=run, url=url, got=got)
        except ValueError as error:
            raise NotFetched(f"{url}: {error}") from error
        process.start()
    if not got:
        raise NotFetched(f"{url}: not an address that can be asked for")
    answer = got[0]
    if isinstance(answer, str):
        raise NotFetched(f"{url}: {answer}")
    return answer
