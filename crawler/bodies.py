"""Bodies as archive.db keeps them: each once, by its SHA-256, packed with Zstandard."""

from __future__ import annotations

import hashlib
import sys

from crawler.database import Connection

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LEVEL = 8


class Damaged(Exception):
    """What is kept cannot be unpacked, or is not what was received."""


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def keep(db: Connection, sha256: str, body: bytes) -> None:
    """Needs a transaction; a body that is held already is not written again."""
    db.execute(
        "INSERT OR IGNORE INTO bodies (sha256, size, zstd) VALUES (?, ?, ?)",
        (sha256, len(body), zstd.compress(body, _LEVEL)),
    )


def unpacked(packed: bytes, sha256: str) -> bytes:
    """The body of this digest; raises Damaged. Packed bodies have no checksum: a changed byte may well unpack."""
    try:
        body: bytes = zstd.decompress(packed)
    except zstd.ZstdError as error:
        raise Damaged(f"cannot be unpacked ({error})") from error
    if digest(body) != sha256:
        raise Damaged("is not the one that was received")
    return body
