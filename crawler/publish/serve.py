"""`wiesci serve`: the news database in Datasette, on one address; for oneself, or hardened for strangers."""

from __future__ import annotations

import errno
import functools
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click
import uvicorn
from datasette.plugins import pm
from datasette.utils import parse_metadata

from crawler.database import DatabaseProblem
from crawler.publish import METADATA as METADATA
from crawler.publish import PortInUse as PortInUse
from crawler.publish import plugin
from crawler.publish.desk import Desk, EditionDesk, PublicDesk
from crawler.publish.public.crowd import Bounds, Crowd
from crawler.publish.public.editions import PUBLIC as EDITIONS
from crawler.publish.public.editions import Edition, current
from crawler.publish.public.making import Making
from crawler.publish.public.newsstand import LOOK, Newsstand
from crawler.publish.safety import Application, Receive, Scope, Send, with_headers

SETTINGS: Mapping[str, Any] = {
    "suggest_facets": False,
    "truncate_cells_html": 1000,
    "facet_time_limit_ms": 1000,
    "max_csv_mb": 0,
}
PUBLIC: Mapping[str, Any] = {
    **SETTINGS,
    "default_allow_sql": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "sql_time_limit_ms": 500,
    "max_returned_rows": 500,
    "facet_time_limit_ms": 100,
    "default_cache_ttl": 60,
}
"""Held with 20 visitors searching at once; a visitor's own SQL can hang a server in spite of the time limit."""

MOST_CONNECTIONS = 1_000
LAST_ANSWERS = 5
"""Seconds that answers under way are given when the server is told to end."""


class NotAnAddress(Exception):
    """Readers cannot see a site there; the message says why. Exit code 2."""


def serve(
    database: Path, *, host: str = "127.0.0.1", port: int, metadata: Path | None = None, public: bool = False
) -> None:
    """Serve until interrupted. `port` 0 takes a free one; the address is printed once it answers.

    `metadata` None means the project's own; `public` means strangers: no SQL of their own and bounded answers.
    Raises PortInUse, and FileNotFoundError where there is no database.
    """
    desk = datasette_of(database, metadata=metadata, public=public)
    with listen(host, port) as listener:
        _run(desk.app(), listener, _shown(host, listener))


def serve_editions(
    data: Path,
    listener: socket.socket,
    *,
    host: str,
    address: str | None = None,
    every: float | None = None,
    bounds: Bounds | None = None,
    look: float = LOOK,
) -> None:
    """Serve the current edition under data/public until interrupted, and each one that follows it.

    `address`: where readers see the site, behind a reverse proxy. `every`: seconds at least between two editions that
    the server has made when the database has changed; None: it makes none. Raises DatabaseProblem.
    """
    base = base_of(address)
    if current(data / EDITIONS) is None:
        raise DatabaseProblem(f"{data / EDITIONS}: there is no edition yet; wiesci publish makes one")
    newsstand = Newsstand(
        data / EDITIONS,
        functools.partial(edition_desk, base=base),
        making=None if every is None else Making(data, every=every),
        look=look,
    )
    application: Application = with_headers(Crowd(newsstand, bounds, base=base))
    if address:
        application = seen_at(address, application)
    _run(application, listener, address or _shown(host, listener))


def datasette_of(database: Path, *, metadata: Path | None = None, public: bool = False) -> Any:
    """Datasette over this file with our plugin, not yet serving. Raises FileNotFoundError."""
    if not database.is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no news database yet; `wiesci crawl` makes one", str(database))
    desk = PublicDesk if public else Desk
    return desk([str(database)], metadata=_metadata(metadata), settings=dict(PUBLIC if public else SETTINGS))


def edition_desk(edition: Edition, *, base: str = "/", metadata: Path | None = None) -> Any:
    """Datasette over an edition, for strangers, not yet serving."""
    return EditionDesk(edition, metadata=_metadata(metadata), settings={**PUBLIC, "base_url": base})


def base_of(address: str | None) -> str:
    """The path below which readers see the site: "/", "/wiesci/". Raises NotAnAddress."""
    if address is None:
        return "/"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise NotAnAddress(f"'{address}' is no address of a site; write it as https://wiesci.example.pl/")
    return "/" + "".join(f"{part}/" for part in parts.path.split("/") if part)


def seen_at(address: str, application: Application) -> Application:
    """The application as if it had been asked at this address, whatever a proxy calls it, with the path or without."""
    parts = urlsplit(address)
    base = base_of(address)

    async def there(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
            headers.append((b"host", parts.netloc.encode("idna")))
            scope = {**scope, "scheme": parts.scheme, "headers": headers}
            if not str(scope["path"]).startswith(base):
                scope["path"] = base + str(scope["path"]).lstrip("/")
                if scope.get("raw_path"):
                    scope["raw_path"] = base.encode("ascii") + bytes(scope["raw_path"]).lstrip(b"/")
        await application(scope, receive, send)

    return there


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything else is started. Raises PortInUse."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL) or isinstance(error, socket.gaierror):
            raise PortInUse(
                f"port {port} at {host} cannot be used ({error.strerror}); "
                f"stop what listens there, or choose another place: --port N, --host H"
            ) from error
        raise
    return listener


class _Announced(uvicorn.Server):
    """Tells where it is once it answers."""

    shown = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            click.echo(f"Wieści: {self.shown}   (Ctrl+C kończy)")


def _run(application: Application, listener: socket.socket, shown: str) -> None:
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=LAST_ANSWERS,
    )
    with _terminated_as_interrupted():
        try:
            server = _Announced(config)
            server.shown = shown
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends the server as Ctrl+C does: uvicorn finishes, then raises the signal again."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _shown(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}/"


def _metadata(path: Path | None) -> Any:
    if not pm.is_registered(plugin):
        pm.register(plugin, name="wiesci")
    return parse_metadata((path or METADATA).read_text(encoding="utf-8"))
