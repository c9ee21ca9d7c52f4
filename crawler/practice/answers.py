"""Answers before they are put on the wire, and the table that leads an address to the one who makes its answer."""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, unquote

SMALL = 256
"""Servers do not compress bodies shorter than this."""
TEXTUAL = re.compile(r"text/|json|xml")
SESSION = re.compile(r";jsessionid=[^/?]*")


@dataclass(frozen=True)
class Answer:
    """One response: body, status, what its headers say beyond the usual, and the manner in which it is sent."""

    body: bytes
    content_type: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: str = "plain"
    changed: datetime | None = None

    @functools.cached_property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @functools.cached_property
    def zipped(self) -> bytes | None:
        """The body as gzip, for kinds of content that servers compress and where it was not encoded by hand."""
        if self.manner != "plain" or "Content-Encoding" in self.headers or len(self.body) < SMALL:
            return None
        if not TEXTUAL.search(self.content_type or ""):
            return None
        return gzip.compress(self.body, 6, mtime=0)


Query = dict[str, str]
Maker = Callable[[Query], Answer]


class Routes:
    """Addresses by path and query: of those on a path, the one most of whose parameters were asked for answers."""

    def __init__(self) -> None:
        self._by_path: dict[str, list[tuple[Query, Maker]]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._by_path

    def add(self, address: str, maker: Maker, *, bare: bool = False) -> None:
        """`bare`: the path alone, without the parameters, is enough too."""
        path, query = split(address)
        kept = self._by_path.setdefault(path, [])
        kept.append((query, maker))
        if bare and query:
            kept.append(({}, maker))

    def find(self, path: str, query: Query) -> Maker | None:
        best: tuple[int, Maker] | None = None
        for wanted, maker in self._by_path.get(path, ()):
            if wanted.items() <= query.items() and (best is None or len(wanted) > best[0]):
                best = (len(wanted), maker)
        return best[1] if best else None


def split(address: str) -> tuple[str, Query]:
    """Path (decoded, without a session) and parameters of an address without scheme and host."""
    path, _, query = address.partition("#")[0].partition("?")
    return SESSION.sub("", unquote(path)) or "/", dict(parse_qsl(query, keep_blank_values=True))
