"""Editions: a checked copy of news.db and whole tables as files made from it, which readers get together or not at all.

data/public/editions/<id>/news.db       the copy that is served
data/public/editions/<id>/pliki/        a data package of all its tables
data/public/editions/<id>/edition.json  what it was made of
data/public/current                     a link to the edition that readers see
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.database import DatabaseProblem
from crawler.publish import DATABASE

SUPPRESSED = "suppressed.db"
PUBLIC = "public"
FILES = "pliki"
NEWS = f"{DATABASE}.db"
ID = "%Y%m%dT%H%M%S%fZ"

Stamp = Mapping[str, Sequence[int]]
"""File -> size and time of its last change."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    id: str
    made: str
    articles: int
    counts: Mapping[str, int]
    """Table -> rows."""
    sha256: str
    """Of its news.db."""
    of: Stamp
    """news.db and the list of what was taken down, as they were."""
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / NEWS

    @property
    def files(self) -> Path:
        return self.folder / FILES


def stamp(data: Path) -> Stamp:
    """By which a change of what an edition is made of is noticed."""
    found: dict[str, Sequence[int]] = {}
    for name in (NEWS, f"{NEWS}-wal", SUPPRESSED, f"{SUPPRESSED}-wal"):
        try:
            seen = (data / name).stat()
        except FileNotFoundError:
            continue
        if seen.st_size:
            found[name] = [seen.st_size, seen.st_mtime_ns]
    return found


def taken_down(of: Stamp) -> Stamp:
    """The part of it that tells of the list of what was taken down."""
    return {name: seen for name, seen in of.items() if name.startswith(SUPPRESSED)}


def instant_of(id: str) -> datetime:
    """When that edition was made."""
    return datetime.strptime(id, ID).replace(tzinfo=UTC)


def current(public: Path) -> Edition | None:
    """The edition that readers see; None before the first one, or where its files are gone."""
    try:
        folder = (public / "current").resolve(strict=True)
        told = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
        return Edition(**{**told, "folder": folder})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise DatabaseProblem(f"{public}/current is no edition ({error}); `wiesci publish` makes a new one") from error


@contextmanager
def held(edition: Edition) -> Iterator[None]:
    """While the block lasts, the edition is not cleared away. Raises FileNotFoundError where it is gone already."""
    descriptor = os.open(edition.folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        edition.database.stat()
        yield
    finally:
        os.close(descriptor)
