"""`wiesci serve`: the news database in Datasette, on one address."""

from __future__ import annotations

import errno
import socket
from pathlib import Path
from typing import Any

import click
import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils import parse_metadata

from crawler.publish import plugin

METADATA = Path(__file__).parents[2] / "datasette_metadata.json"

SETTINGS = {"suggest_facets": False, "truncate_cells_html": 1000, "facet_time_limit_ms": 1000, "max_csv_mb": 0}
PUBLIC = {
    **SETTINGS,
    "default_allow_sql": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "sql_time_limit_ms": 500,
    "max_returned_rows": 500,
    "facet_time_limit_ms": 100,
    "max_csv_mb": 5,
}
"""Held with 20 visitors searching at once; a visitor's own SQL can hang a server in spite of the time limit."""


class PortInUse(Exception):
    """Another program listens at that address; the message says what to do."""


def serve(
    database: Path, *, host: str = "127.0.0.1", port: int, metadata: Path | None = None, public: bool = False
) -> None:
    """Serve until interrupted. `port` 0 takes a free one; the address is printed once it answers.

    `metadata` None means the project's own; `public` means strangers: no SQL of their own and bounded answers.
    Raises PortInUse, and FileNotFoundError where there is no database.
    """
    application = datasette_of(database, metadata=metadata, public=public).app()
    with listen(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"Wieści: http://{shown}:{listener.getsockname()[1]}/   (Ctrl+C kończy)")
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="on"))
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            return


def datasette_of(database: Path, *, metadata: Path | None = None, public: bool = False) -> Any:
    """Datasette over this file with our plugin, not yet serving. Raises FileNotFoundError."""
    if not database.is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no news database yet; `wiesci crawl` makes one", str(database))
    if not pm.is_registered(plugin):
        pm.register(plugin, name="wiesci")
    text = (metadata or METADATA).read_text(encoding="utf-8")
    return Datasette([str(database)], metadata=parse_metadata(text), settings=PUBLIC if public else SETTINGS)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything else is started. Raises PortInUse."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortInUse(
                f"port {port} at {host} cannot be used ({error.strerror}); "
                f"stop what listens there, or choose another one: --port N"
            ) from error
        raise
    return listener
