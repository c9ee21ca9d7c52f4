"""Opening the project's SQLite files: pragmas, numbered steps, one transaction at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pysqlite3
from sqlite_utils import Database

from crawler import interrupts
from crawler.migrations import NewerSchema, bring_up_to_date, missing_steps
from crawler.sealing import keep_seals

Connection = Any
"""A pysqlite3 connection; its stubs do not exist."""


PATIENCE = 10
"""Seconds for which another writer is waited for."""


class DatabaseProblem(Exception):
    """The file cannot be opened, read or written; the message names it and says what to do. Exit code 5."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about this file into DatabaseProblem, with the file's name and what to do.

    An interruption stays one.
    """
    try:
        yield
    except NewerSchema as error:
        raise DatabaseProblem(
            f"{path} was made by a newer version of Wieści ({error}); use that version, "
            f"or another folder (--data DIR). Nothing was changed."
        ) from error
    except pysqlite3.DatabaseError as error:
        if interrupts.caused(error):
            raise KeyboardInterrupt from error
        raise DatabaseProblem(told(path, error)) from error
    except OSError as error:
        raise DatabaseProblem(
            f"{path}: {error.strerror or error}; choose a folder you may write to (--data DIR)"
        ) from error


def open_database(path: Path, steps: str) -> Connection:
    """Open (or make) the file and bring it up to date.

    WAL with synchronous FULL: what was committed survives a loss of power, for 18 % of the writing speed.
    Raises DatabaseProblem.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = pysqlite3.connect(f"file:{path}", uri=True, isolation_level=None, timeout=PATIENCE)
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
            bring_up_to_date(Database(connection), steps)
            keep_seals(connection, steps)
        except BaseException:
            connection.close()
            raise
        return connection


def _write_ahead(connection: Connection) -> None:
    """Switch to WAL. A file that is not in it yet SQLite switches at once or not at all, whatever its timeout."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except pysqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def open_for_reading(path: Path) -> Connection:
    """The file as it is, never written to. Raises DatabaseProblem when it does not exist.

    What was killed in the moment of its making leaves a journal, which only a writer can roll back.
    """
    if not path.exists():
        raise DatabaseProblem(f"{path} does not exist; crawl first (wiesci crawl, wiesci demo)")
    if path.with_name(f"{path.name}-journal").exists():
        with suppress(pysqlite3.DatabaseError):  # which will be said when it is read
            _roll_back(path)
    with explained(path):
        return pysqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, timeout=PATIENCE)


def _roll_back(path: Path) -> None:
    with closing(pysqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=PATIENCE)) as connection:
        connection.execute("SELECT 1 FROM sqlite_master")


def check_readable(path: Path, steps: str) -> None:
    """Raises DatabaseProblem unless the file is a database of ours, neither newer nor older than this version."""
    connection = open_for_reading(path)
    try:
        with explained(path):
            missing = missing_steps(Database(connection), steps)
    finally:
        connection.close()
    if missing:
        raise DatabaseProblem(
            f"{path} was made by an older version of Wieści; `wiesci rebuild` (or the next crawl) brings it up to date"
        )


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """BEGIN IMMEDIATE … COMMIT; whatever is raised inside rolls everything back."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


_NOT_DAMAGE = ("locked", "is full", "readonly", "read-only", "unable to open")
"""Words of complaints that speak of the disk or of another program, not of what the file holds."""


def unreadable(problem: DatabaseProblem) -> bool:
    """Whether what the file holds is damaged: not so where it is newer, locked, not to be opened, or the disk full."""
    cause = problem.__cause__
    return isinstance(cause, pysqlite3.DatabaseError) and not any(word in str(cause) for word in _NOT_DAMAGE)


def one_line(complaint: str, longest: int = 1000) -> str:
    """A complaint as it can be read: of what could not be decoded SQLite quotes all, however long."""
    said = " ".join(complaint.partition(" with text '")[0].split())
    said = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in said)
    return said if len(said) <= longest else f"{said[:longest]} …"


def told(path: Path | str, error: Exception) -> str:
    """What SQLite complains of, and what to do about it."""
    message = one_line(str(error))
    if "unable to open" in message or "readonly" in message:
        advice = "choose a folder you may write to (--data DIR)"
    elif "is full" in message or "disk I/O" in message:
        advice = "free some space and run the same command again: nothing committed is lost"
    elif "locked" in message:
        advice = "another program is writing to it; try again when it has finished"
    else:
        advice = (
            "wiesci verify names what is damaged: archive.db is the original, which a backup gives back (wiesci"
            " restore), news.db can be made anew from it (wiesci rebuild)"
        )
    return f"{path}: {message}; {advice}"
