"""What went wrong while something was written for readers: which file, what readers have now, what can be done."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysqlite3

from crawler.database import DatabaseProblem


@contextmanager
def told(doing: str, where: Path, kept: str) -> Iterator[None]:
    """Turn what the disk or SQLite says into DatabaseProblem. `kept`: what is as it was."""
    try:
        yield
    except OSError as error:
        at = f"{error.filename}: " if error.filename and Path(error.filename) != where else ""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "Free some space and try again." if full else "Name a place you may write to."
        raise DatabaseProblem(
            f"{doing} to {where}: {at}{error.strerror or error}; {kept} is as it was. {remedy}"
        ) from error
    except pysqlite3.DatabaseError as error:
        full = "full" in str(error) or "disk I/O" in str(error)
        remedy = "Free some space and try again." if full else "wiesci verify names what is damaged."
        raise DatabaseProblem(f"{doing} to {where}: {error}; {kept} is as it was. {remedy}") from error
