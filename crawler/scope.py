"""Keeps every request, redirects and retries included, on the hosts of the office it is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.outcomes import Refused

if TYPE_CHECKING:
    from crawler.registry import Register
    from normalize.model import Office


def in_scope(url: str, office: Office, register: Register) -> bool:
    """Whether the address lies on one of the office's hosts, or under one of its mirrors."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host in register.hosts(office) or any(url.startswith(prefix) for prefix in office.mirrors)


class ScopeMiddleware:
    """Scrapy's own fence looks away at `dont_filter`; this one never does."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        office = request.meta.get("office")
        if office is None:  # robots.txt: asked for by the robots middleware, on the host of a request that passed
            return
        if not in_scope(request.url, office, self._crawler.spider.run.register):  # type: ignore[union-attr]
            raise Refused("out_of_scope", urlsplit(request.url).hostname or "")
