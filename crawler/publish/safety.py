"""What every answer carries so that nothing crawled can act in a reader's browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST_VALUE = 5_000_000
"""Bytes of one value or row that a query may build, where the driver can limit it."""
SQLITE_LIMIT_LENGTH = 0

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}


def with_headers(application: Application) -> Application:
    """Add the headers to each answer that does not set them itself."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {bytes(name).lower() for name, _ in message.get("headers", [])}
                added = [
                    (name.encode("ascii"), value.encode("ascii"))
                    for name, value in HEADERS.items()
                    if name.encode("ascii") not in present
                ]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        await application(scope, receive, send_with_headers)

    return wrapped


def limit(connection: Any) -> None:
    """Bound the length of values, so that no query fills the memory: pysqlite3 0.6 has no setlimit, sqlite3 has."""
    if hasattr(connection, "setlimit"):
        connection.setlimit(SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
