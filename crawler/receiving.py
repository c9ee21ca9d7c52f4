"""Answers as they arrive: headers within bounds, bodies decoded or refused, stubs that only send elsewhere followed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.contextfactory import _load_context_factory_from_settings
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Response
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guard import refused_at_connect
from crawler.outcomes import UNDECODABLE, HeadersTooLarge, Refused
from crawler.pausing import left_alone
from crawler.registry import Register

MOST_HEADER_BYTES = 512 * 1024
_STUB_BYTES = 8_000
GZIP = b"\x1f\x8b"


class BoundedHandler(HTTP11DownloadHandler):
    """Scrapy's handler bounds the body; this one the headers too, and it asks nothing of a server to be left alone."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory
        lenient: Any = _load_context_factory_from_settings(crawler)
        lenient._verify_certificates = False
        self._contextFactory = cast(Any, _CertificatePolicy(self._contextFactory, lenient, self._reason))

    async def download_request(self, request: Request) -> Response:
        refused = left_alone(self._crawler).get(request.meta.get("download_slot", ""))
        if refused and "office" in request.meta:  # it waited in the queue while that was found
            raise Refused(*refused)
        self._crawler.spider.run.allowance.spend(request.url)  # type: ignore[union-attr]
        parts = urlsplit(request.url)
        reason = self._reason(parts.hostname or "") if parts.scheme == "https" else None
        if reason:
            told = dict.fromkeys((*request.meta.get("remarks", ()), f"certificate not checked: {reason}"))
            request.meta["remarks"] = list(told)  # once, however often it is asked again
        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            rebound = refused_at_connect(parts.hostname or "")
            if rebound is not None:
                raise rebound from error
            raise

    def _reason(self, host: str) -> str | None:
        """Why the certificate of this host is not checked; None: it is."""
        register: Register = self._crawler.spider.run.register  # type: ignore[union-attr]
        return register.unverified.get(host)


@implementer(IPolicyForHTTPS)
class _CertificatePolicy:
    """Certificates are checked, but for hosts whose line in the register says why not."""

    def __init__(self, strict: Any, lenient: Any, reason: Callable[[str], str | None]) -> None:
        self._strict = strict
        self._lenient = lenient
        self._reason = reason

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        policy = self._lenient if self._reason(hostname.decode("ascii")) else self._strict
        return policy.creatorForNetloc(hostname, port)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        parser: Any = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MOST_HEADER_BYTES:
                too_large = HeadersTooLarge(f"more than {MOST_HEADER_BYTES} bytes of headers")
                self._giveUp(Failure(too_large))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class DecodingMiddleware(HttpCompressionMiddleware):
    """Asks once more, uncompressed and later, for a body that cannot be decoded; a cut gzip body is no whole one."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        try:
            return super().process_response(self._bounded(request), response)
        except UNDECODABLE as error:
            again = self._again(request, error)
            if again is None:
                raise
            return again
        except ResponseDataLossError as error:
            again = self._again(request, error)
            if again is None:
                raise
            return again

    def _bounded(self, request: Request) -> Request:
        """A robots.txt is read to its limit as it arrives (0: no other holds there); what it unpacks to has one too."""
        if request.meta.get("download_maxsize") != 0:
            return request
        return request.replace(meta={**request.meta, "download_maxsize": self._max_size})

    def _again(self, request: Request, error: Exception) -> Request | None:
        assert self.crawler.spider is not None
        again = get_retry_request(
            request,
            spider=self.crawler.spider,
            reason=type(error).__name__,
            max_retry_times=1,
            priority_adjust=-5,
            give_up_log_level="DEBUG",
        )
        if again is not None:
            again.headers["Accept-Encoding"] = "identity"
        return again

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self.crawler = crawler

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        if encoding in (b"gzip", b"x-gzip"):
            return gunzipped(body, max_size)
        return HttpCompressionMiddleware._decode(body, encoding, max_size)


def gunzipped(body: bytes, most: int) -> bytes:
    """The whole content. Raises ResponseDataLossError when it is cut, IgnoreRequest when it is more than `most`."""
    parts: list[bytes] = []
    size = 0
    while True:
        packed = zlib.decompressobj(wbits=31)
        rest = body
        while rest and not packed.eof:
            part = packed.decompress(rest, 1 << 20)
            size += len(part)
            if size > most:
                raise IgnoreRequest(f"more than DOWNLOAD_MAXSIZE ({most} bytes) after decompression")
            parts.append(part)
            rest = packed.unconsumed_tail
            if not part and not rest:
                break
        if not packed.eof:
            raise ResponseDataLossError("the gzip body is cut")
        body = packed.unused_data
        if not body.startswith(GZIP):  # what else follows is padding
            return b"".join(parts)


class StubRefreshMiddleware(MetaRefreshMiddleware):
    """Follows `<meta http-equiv="refresh">` where the page is nothing else; guard, scope and robots judge each hop."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        if response.status != 200 or len(response.body) > _STUB_BYTES:
            return response
        return super().process_response(request, response)
