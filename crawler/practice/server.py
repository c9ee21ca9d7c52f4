"""The practice web's server: one local port, many hosts by their Host header, honest HTTP/1.1."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from crawler.practice.pages import Answer, Pages
from crawler.practice.site import BUNDLED, Site, SiteError, read_sites, read_story

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


class Web:
    """The practice web in a thread: `with Web([folder]) as web: … web.port`.

    Sites change between crawls through `edit`, `remove`, `add`, `outage` and `apply`.
    """

    def __init__(
        self,
        sites: Iterable[Path] = (BUNDLED,),
        port: int = 0,
        *,
        after: Iterable[str] = (),
        scale: float = 1.0,
        tied: bool = False,
    ) -> None:
        self.scale = scale
        self.log: list[Asked] = []
        self.closing = threading.Event()
        self._pages = {host: Pages(site) for host, site in read_sites(sites).items()}
        for name in after:
            self.apply(name)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.web = self
        self._server.parent = os.getppid() if tied else None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def hosts(self) -> list[str]:
        return list(self._pages)

    def __enter__(self) -> Web:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        if self._thread:
            self._thread.join()

    def run(self) -> None:
        """Serve in this thread until interrupted (or, when tied, until the parent process is gone)."""
        try:
            self._server.serve_forever(0.5)
        finally:
            self.closing.set()
            self._server.server_close()

    def pages(self, host: str) -> Pages | None:
        return self._pages.get(host.partition(":")[0].lower())

    def site(self, host: str) -> Site:
        return self._pages[host].site

    def requests(self, host: str | None = None) -> list[Asked]:
        """The log so far, of one host if named."""
        return [asked for asked in list(self.log) if host in (None, asked.host)]

    # --- what may happen to a site between two crawls

    def edit(self, host: str, slug: str, **change: Any) -> None:
        """Change a story: `replace=[(old, new)]` in its words, or any field by name (modified, title, attachments…)."""
        self._become(self.site(host).edited(slug, **change))

    def remove(self, host: str, slug: str, status: int = 404) -> None:
        """Take a story away; 410 says so plainly, 0 answers with a soft 404."""
        self.edit(host, slug, status=status)

    def add(self, host: str, file: Path) -> None:
        """Publish one more story, read from a file outside the site's articles."""
        site = self.site(host)
        self._become(site.with_stories([*site.stories, read_story(file)]))

    def outage(self, host: str, status: int | None = 503) -> None:
        """Let the host answer every request with this status; None ends it."""
        self._become(_replace(self.site(host), outage=status))

    def apply(self, name: str) -> None:
        """Make the change `changes/<name>.toml` of every site that has one."""
        changed = [after for site in self._all() if (after := site.after(name)) is not site]
        if not changed:
            raise SiteError(f"no practice site has changes/{name}.toml")
        for site in changed:
            self._become(site)

    def _all(self) -> list[Site]:
        return [pages.site for pages in self._pages.values()]

    def _become(self, site: Site) -> None:
        self._pages[site.host] = Pages(site)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    web: Web
    parent: int | None = None

    def service_actions(self) -> None:
        if self.parent is not None and os.getppid() != self.parent:
            raise SystemExit(0)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up on slow and cut pages: that is their right, and no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        web = self.server.web
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        pages = web.pages(host)
        if pages is None:
            answer = Answer(b"No such host here.\n", "text/plain; charset=utf-8", 421)
        else:
            answer = pages.answer(self.path)
        status = answer.status
        validators = self._validators(answer, pages.site) if pages and status == 200 else {}
        if validators and self._fresh(validators, answer):
            status = 304
        web.log.append(Asked(host, self.command, self.path, time.monotonic(), dict(self.headers.items()), status))
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
        web = self.server.web
        steps = max(1, int(SLOW_SECONDS * web.scale / SLOW_STEP))
        for n in range(min(steps, len(body) - 1)):
            self.wfile.write(body[n : n + 1])
            self.wfile.flush()
            if web.closing.wait(SLOW_STEP):
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


def _replace(site: Site, **change: Any) -> Site:
    return dataclasses.replace(site, **change, revision=site.revision + 1)
