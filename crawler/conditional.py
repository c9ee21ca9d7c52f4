"""Asks "changed since?": the validators of the last answer go out with the next request for the same address."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.archive import Archive
from normalize.identity import address


class ConditionalMiddleware:
    """Adds If-None-Match and If-Modified-Since from the archive; a 304 comes back to the spider as it is."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if "office" not in request.meta or request.meta.get("unconditional"):
            return
        run = self._crawler.spider.run  # type: ignore[union-attr]
        if before := request.meta.get("redirect_urls"):
            self._redirected(request, before[0], run.archive)
            return
        of_list = getattr(request.callback, "__name__", "") == "parse_list"
        if not run.trust.worth(urlsplit(request.url).hostname or "", run.now(), of_list=of_list):
            return
        known = run.archive.validators(request.url)
        if known is None:
            return
        if known.etag:
            request.headers["If-None-Match"] = known.etag
        if known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified

    def _redirected(self, request: Request, asked: str, archive: Archive) -> None:
        """Conditions speak of the page they were given with: one that an address has led to only since is new."""
        known = archive.validators(asked)
        if known is None or address(archive.noted(known.capture).url) == address(request.url):
            return
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)
