"""Makes news.db anew from the archive, and says what became different."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import Archive
from crawler.comparing import differences
from crawler.database import DatabaseProblem, explained, unreadable
from crawler.folder import ARCHIVE, NEWS
from crawler.registry import Register
from crawler.store import Store, version_of
from crawler.understanding import Understanding

_NEW = f"{NEWS}.new"


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    captures: int
    differing: dict[str, tuple[int, int]]
    """Table -> rows only in the old database, rows only in the new one; equal tables are left out."""
    damaged: Path | None = None
    """Where the old database is kept when it could not be read, and so not compared."""


def rebuild(
    data: Path, register: Register, *, workers: int = 2, progress: Callable[[int, int], None] | None = None
) -> Rebuilt:
    """Understand every capture again into a new file, and put it in the old one's place when it is whole.

    Needs the folder's lock. Until the last moment the old database stays as it is; one that cannot be read is kept
    beside the new one, as news.db.damaged. Raises DatabaseProblem; then nothing has changed.
    """
    with _in_the_making(data) as new:
        return _rebuilt(data, new, register, workers, progress)


def clear(data: Path) -> None:
    """Remove what a rebuild that was killed has left, which may be all that fills the disk. Needs the folder's lock."""
    with explained(data):
        for leftover in data.glob(f"{_NEW}*"):
            leftover.unlink()


@contextmanager
def _in_the_making(data: Path) -> Iterator[Path]:
    """Where the new database is made; nothing is left there."""
    clear(data)
    try:
        yield data / _NEW
    finally:
        clear(data)


def _rebuilt(
    data: Path, new: Path, register: Register, workers: int, progress: Callable[[int, int], None] | None
) -> Rebuilt:
    old = data / NEWS
    given_up: dict[int, tuple[str, str | None]] = {}
    readable = old.exists()
    if readable:
        try:
            with explained(old), Store.open(old, register) as store:
                given_up = store.timed_out()
        except DatabaseProblem as error:
            if not unreadable(error):
                raise
            readable = False
    with Archive.open(data / ARCHIVE) as archive, Store.open(new, register) as store:
        captures = archive.article_offices()
        asyncio.run(_understand_all(archive, store, register, list(captures), given_up, workers, progress))
        store.catch_up(archive)
        differing: dict[str, tuple[int, int]] = {}
        if readable:
            try:
                differing = differences(store.connection, old)
            except DatabaseProblem as error:
                if not unreadable(error):
                    raise
                readable = False
        with explained(new):  # where closing finds no room for it, it says nothing
            store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damaged = data / f"{NEWS}.damaged" if old.exists() and not readable else None
    with explained(data):
        if damaged is not None:
            old.replace(damaged)  # a copy might not find room
        _swap_in(new, old)
    return Rebuilt(captures=len(captures), differing=differing, damaged=damaged)


async def _understand_all(
    archive: Archive,
    store: Store,
    register: Register,
    captures: list[int],
    given_up: dict[int, tuple[str, str | None]],
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    understanding = Understanding(archive, store, register, workers=workers)
    try:
        for done, capture in enumerate(captures):
            version, detail = given_up.get(capture, (None, None))
            held = archive.held(capture) if version else None
            if held is not None and held.office in register.offices and version == version_of(register, held.office):
                store.save(held, "time_out", None, detail, archive=archive)
            else:
                await understanding.offer(capture)
            if progress is not None:
                progress(done, len(captures))
        await understanding.drain()
    finally:
        await understanding.give_up()
        understanding.close()


def _swap_in(new: Path, old: Path) -> None:
    """Put a finished database in place of another; the new one must be closed and fully written back."""
    for suffix in ("-wal", "-shm"):
        old.with_name(old.name + suffix).unlink(missing_ok=True)
    new.replace(old)
