"""Leads the addresses of the practice web, which carry no port, to the local port it listens on."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.guard import is_practice
from crawler.receiving import BoundedHandler


class PracticeHandler(BoundedHandler):
    """http and https alike reach the practice web in the clear; any other host is fetched as always.

    With WIESCI_PRACTICE_TLS_PORT, https is spoken there.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._port = crawler.settings.getint("WIESCI_PRACTICE_PORT")
        self._tls_port = crawler.settings.getint("WIESCI_PRACTICE_TLS_PORT")

    async def download_request(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        if not is_practice(parts.hostname or "", bool(self._port)) or parts.port is not None:
            return await super().download_request(request)
        scheme, port = ("https", self._tls_port) if parts.scheme == "https" and self._tls_port else ("http", self._port)
        local = urlunsplit((scheme, f"{parts.hostname}:{port}", parts.path, parts.query, ""))
        inner = request.replace(url=local)
        inner.headers["Host"] = parts.hostname
        response = await super().download_request(inner)
        request.meta.update(inner.meta)
        return response.replace(url=request.url)
