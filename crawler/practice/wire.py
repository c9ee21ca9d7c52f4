"""Honest HTTP/1.1 for the practice web: many hosts on one port, validators, compression; bad manners on demand."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawler.practice.answers import Answer
from crawler.practice.pages import Pages
from crawler.practice.site import Site

SLOW_SECONDS = 60.0
"""How long a slow page takes at scale 1: longer than any crawler waits."""
SLOW_STEP = 0.5


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    host: str
    method: str
    target: str
    at: float
    """Monotonic seconds."""
    headers: Mapping[str, str]
    status: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Listener(ThreadingHTTPServer):
    """One local port; a thread for each connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, port: int, find: Callable[[str], Pages | None], log: list[Asked], *, scale: float, tied: bool
    ) -> None:
        self.find = find
        self.log = log
        self.scale = scale
        self.closing = threading.Event()
        self._parent = os.getppid() if tied else None
        super().__init__(("127.0.0.1", port), _Handler)

    def service_actions(self) -> None:
        if self._parent is not None and os.getppid() != self._parent:
            raise SystemExit(0)

    def server_close(self) -> None:
        self.closing.set()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may hang up on slow and cut pages: that is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 60
    server: Listener

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        pages = self.server.find(host)
        if pages is None:
            answer = Answer(b"No such host here.\n", "text/plain; charset=utf-8", 421)
        else:
            answer = pages.answer(self.path)
        status = answer.status
        validators = self._validators(answer, pages.site) if pages and status == 200 else {}
        if validators and self._fresh(validators, answer):
            status = 304
        self.server.log.append(
            Asked(host, self.command, self.path, time.monotonic(), dict(self.headers.items()), status)
        )
        self._send(answer, status, validators)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.send_error(405)

    def _validators(self, answer: Answer, site: Site) -> dict[str, str]:
        found = {}
        if answer.manner == "plain" and site.server.get("etag", True):
            found["ETag"] = answer.etag
        if answer.manner == "plain" and answer.changed and site.server.get("last_modified", True):
            found["Last-Modified"] = format_datetime(answer.changed, usegmt=True)
        return found

    def _fresh(self, validators: Mapping[str, str], answer: Answer) -> bool:
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
            return bool(tags & {validators.get("ETag"), "*"})
        since = _moment(self.headers.get("If-Modified-Since"))
        return (
            since is not None
            and "Last-Modified" in validators
            and answer.changed is not None
            and answer.changed <= since
        )

    def _send(self, answer: Answer, status: int, validators: Mapping[str, str]) -> None:
        body = answer.body
        self.send_response(status)
        headers = {**validators, **answer.headers}
        if answer.content_type and status != 304:
            headers["Content-Type"] = answer.content_type
        if answer.zipped is not None:
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", "") and status != 304:
                headers["Content-Encoding"] = "gzip"
                body = answer.zipped
        if status == 304:
            body = b""
        else:
            claimed = len(body) * 10 if answer.manner == "truncated" else len(body)
            headers.setdefault("Content-Length", str(claimed))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._write(body, answer.manner)

    def _write(self, body: bytes, manner: str) -> None:
        if manner == "slow":
            self._drip(body)
        elif manner == "dropped":
            self.wfile.write(body[: len(body) // 2])
        else:
            self.wfile.write(body)
        if manner != "plain":
            self.close_connection = True

    def _drip(self, body: bytes) -> None:
        """A byte now and then, the rest only after the slow time: whoever waits for it waits long."""
        steps = max(1, int(SLOW_SECONDS * self.server.scale / SLOW_STEP))
        for n in range(min(steps, len(body) - 1)):
            self.wfile.write(body[n : n + 1])
            self.wfile.flush()
            if self.server.closing.wait(SLOW_STEP):
                return
        self.wfile.write(body[min(steps, len(body) - 1) :])

    def log_message(self, format: str, *args: Any) -> None:
        """The log is kept as `Asked`, not printed."""


def _moment(header: str | None) -> datetime | None:
    if not header:
        return None
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None
