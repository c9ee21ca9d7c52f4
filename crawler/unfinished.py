"""The last run, where no account ends it: it was killed, or the machine went down."""

from __future__ import annotations

import fcntl
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from crawler.database import explained, open_for_reading
from crawler.folder import ARCHIVE


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A run without an end."""

    run: str
    command: str
    started: str

    def __str__(self) -> str:
        return (
            f"the run of {self.started[:16]} ({self.command}) did not end: it was killed, or the machine went down;"
            " what it fetched is kept, and the next crawl goes on from there"
        )


def unfinished(data: Path) -> Unfinished | None:
    """The last run of this folder's archive, unless it has ended or is under way. Raises DatabaseProblem."""
    path = data / ARCHIVE
    if not path.exists():
        return None
    with explained(path), closing(open_for_reading(path)) as archive:
        if not archive.execute("SELECT 1 FROM sqlite_master WHERE name = 'runs'").fetchone():
            return None
        row = archive.execute(
            "SELECT id, command, started, finished FROM runs ORDER BY started DESC, id DESC LIMIT 1"
        ).fetchone()
    if row is None or row[3] is not None or _held(data):
        return None
    return Unfinished(run=row[0], command=row[1], started=row[2])


def _held(data: Path) -> bool:
    """Whether some process holds the folder's lock."""
    try:
        descriptor = os.open(data / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
