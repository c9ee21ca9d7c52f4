"""What may pass is asked for again, later; a server that is in trouble or does not want us is left alone."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler.outcomes import Refused
from crawler.pausing import hold, left_alone, scaled
from normalize.unusable import bot_wall

_PASSING = (408, 429, 500, 502, 503, 504, 522, 524)
_PLEASE_WAIT = (429, 503)
_UNREACHED = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
_BACK_OFF = 10.0
"""Seconds after the first "too many requests" that names no time; doubled with each further one."""
_MOST_FAILURES = 5
"""Addresses of one server given up one after the other before the rest of it is left alone."""
_MOST_WALLS = 3
_WALL_BYTES = 20_000


class PatienceMiddleware:
    """Retries what may pass: after Retry-After where the server says so, else after a growing pause of the whole slot.

    In place of Scrapy's own, which asks again within milliseconds. A slot is left alone for the rest of the run when
    it asks for a longer wait than a run can last, gives nothing but bot walls, or cannot be reached.

    Asking again is for what passes within minutes: a slot that has given nothing good since is asked again so many
    times only, however many addresses wait, and an address that failed in the run before not at all.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._longest = crawler.settings.getfloat("WIESCI_LONGEST_DELAY")
        self._times = crawler.settings.getint("RETRY_TIMES")
        self._failures: Counter[str] = Counter()
        self._walls: Counter[str] = Counter()
        self._again_since: Counter[str] = Counter()
        """Times a slot was asked again since it gave something good."""
        crawler.signals.connect(self.response_downloaded, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        refused = self._left_alone.get(self._slot(request))
        if refused and "office" in request.meta:
            raise Refused(*refused)

    @property
    def _left_alone(self) -> dict[str, tuple[str, str]]:
        return left_alone(self._crawler)

    def response_downloaded(self, request: Request, response: Response) -> None:
        """Let a wait begin before the slot's next request is looked for: its server may be behind other hosts too."""
        if response.status not in _PASSING:
            return
        asked = retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))
        if asked is not None and asked > self._longest:
            told = ("asked_to_wait", f"status {response.status}, for {asked:g} s")
            self._left_alone[self._slot(request)] = told  # longer than a run lasts
            request.meta["leave"] = (scaled(self._crawler, request.url, asked), told[1])
            return
        tried = request.meta.get("retry_times", 0)
        pause = asked or (_BACK_OFF * 2**tried if response.status in _PLEASE_WAIT else 0.0)
        if pause:
            pause = min(pause, self._longest)
            hold(self._crawler, request, scaled(self._crawler, request.url, pause))
            request.meta["waits"] = f"waited {pause:g} s after status {response.status}"

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if "leave" in request.meta:
            self._crawler.spider.run.allowance.wait(request.url, *request.meta.pop("leave"))  # type: ignore[union-attr]
        if "office" not in request.meta:
            return response
        slot = self._slot(request)
        self._failures[slot] = 0
        self._look_for_wall(slot, response)
        if response.status not in _PASSING:
            self._again_since[slot] = 0
            return response
        if slot in self._left_alone:
            return response
        again = self._again(request, f"status {response.status}")
        if again is None:
            return response
        remark = again.meta.pop("waits", None)
        if remark:
            again.meta["remarks"] = [*request.meta.get("remarks", ()), remark]
        return again

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if "office" not in request.meta or not isinstance(exception, (*_UNREACHED, ResponseDataLossError)):
            return None
        again = self._again(request, type(exception).__name__, cut=isinstance(exception, ResponseDataLossError))
        if again is None and isinstance(exception, _UNREACHED):
            slot = self._slot(request)
            self._failures[slot] += 1
            if self._failures[slot] >= _MOST_FAILURES:
                self._left_alone[slot] = ("server_trouble", f"{_MOST_FAILURES} addresses in a row gave no answer")
        return again

    def _look_for_wall(self, slot: str, response: Response) -> None:
        if len(response.body) <= _WALL_BYTES and bot_wall(response.body.decode("utf-8", "replace")):
            self._walls[slot] += 1
            if self._walls[slot] >= _MOST_WALLS:
                self._left_alone[slot] = ("bot_protection", "every page is a bot wall")
        elif response.status == 200:
            self._walls[slot] = 0

    def _again(self, request: Request, reason: str, *, cut: bool = False) -> Request | None:
        """`cut`: the server did answer, if not to the end."""
        spider, slot = self._crawler.spider, self._slot(request)
        assert spider is not None
        if not cut and ("failed_before" in request.meta or self._again_since[slot] >= self._times):
            return None
        again = get_retry_request(
            request, spider=spider, reason=reason, max_retry_times=self._times, give_up_log_level="DEBUG"
        )
        self._again_since[slot] += again is not None and not cut
        return again

    def _slot(self, request: Request) -> str:
        engine: Any = self._crawler.engine
        key: str = engine.downloader.get_slot_key(request)
        return key


def retry_after(header: bytes | None, date: bytes | None = None) -> float | None:
    """Seconds to wait, from either form of the header (RFC 9110, 10.2.3); None when it says nothing readable.

    A date is read against the server's own `date`, so that a clock that is wrong there or here does not matter.
    """
    text = (header or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = _instant(text)
    if until is None:
        return None
    told = _instant((date or b"").decode("latin-1"))
    return max(0.0, until - (time.time() if told is None else told))


def _instant(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
