"""The one word in which an attempt at an address ends."""

from __future__ import annotations

import gzip
import ssl
import sys
import zlib
from collections.abc import Iterator

import brotli
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


CONFIRMING = ("stored", "same", "unchanged")
"""Outcomes of a visit that show the page as it is: new bytes, the same bytes, a 304."""
POSTPONED = ("over_budget", "quiet_hours")
"""Outcomes of addresses that our own manners leave for later: they stay due as they were."""
LEFT_OVER = "left_over"
"""Outcome of what was found beyond the pages or the articles that one run may ask an office for: it stays due."""
PUT_OFF = (*POSTPONED, LEFT_OVER)


class Refused(IgnoreRequest):
    """We ourselves decline to ask for this address; `outcome` is the word for the ledger."""

    def __init__(self, outcome: str, detail: str = "") -> None:
        super().__init__(f"{outcome}: {detail}" if detail else outcome)
        self.outcome = outcome
        self.detail = detail


class HeadersTooLarge(Exception):
    """The server sent more headers than any page needs."""


UNDECODABLE = (gzip.BadGzipFile, zlib.error, brotli.error, zstd.ZstdError, EOFError)
"""What decompressing a body that is not what its Content-Encoding says raises."""

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "no_such_host"),
    (DownloadConnectionRefusedError, "connection_refused"),
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too_large"),
    (ResponseDataLossError, "truncated"),
    (UnsupportedURLSchemeError, "bad_link"),
    (ValueError, "bad_redirect"),  # an address that no request can be made of
)

FAILURES = (IgnoreRequest, DownloadFailedError, OSError, *UNDECODABLE, *(kind for kind, _ in _WORDS))
"""Everything that asking for an address may raise."""


def of_failure(error: BaseException) -> tuple[str, str]:
    """(outcome, detail) of an attempt that brought no answer."""
    if isinstance(error, Refused):
        return error.outcome, error.detail
    for kind, word in _WORDS:
        if isinstance(error, kind):
            return word, _short(error)
    if isinstance(error, IgnoreRequest):
        if "max redirections" in str(error):
            return "redirect_loop", ""
        if "DOWNLOAD_MAXSIZE" in str(error):
            return "too_large", "after decompression"
        if "robots.txt" in str(error):
            return "robots", ""
        return "dropped", _short(error)
    if any(isinstance(cause, HeadersTooLarge) for cause in _causes(error)):
        return "too_large", "headers"
    if any(isinstance(cause, SSL.Error | ssl.SSLError | VerificationError) for cause in _causes(error)):
        return "bad_certificate", _short(error)
    if isinstance(error, UNDECODABLE):
        return "decode_error", _short(error)
    if isinstance(error, DownloadFailedError | OSError):
        return "connection_failed", _short(error)
    return "crawler_error", f"{type(error).__name__}: {_short(error)}"


def of_status(status: int) -> str:
    """The outcome of an answer whose status is not 200 or 304."""
    if status in (404, 410):
        return "gone"
    if status == 429:
        return "asked_to_wait"
    if status in (401, 403):
        return "forbidden"
    if 300 <= status < 400 and status != 304:
        return "bad_redirect"
    return "server_error" if status >= 500 else "http_error"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and what Twisted gathered in its `reasons`."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [cause for cause in (one.__cause__, one.__context__) if cause is not None]
        for reason in getattr(one, "reasons", ()):
            value = getattr(reason, "value", None)
            if isinstance(value, BaseException):
                waiting.append(value)


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
