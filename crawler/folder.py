"""The data folder: what its databases are called, and the lock that one writer at a time holds."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.database import DatabaseProblem
from crawler.interrupts import as_ctrl_c

ARCHIVE = "archive.db"
NEWS = "news.db"


class AlreadyRunning(Exception):
    """Another run holds the lock of this data folder. Exit code 4."""


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the data folder for one writer; the lock dies with its process. Raises AlreadyRunning, naming the holder.

    Meanwhile SIGTERM is told like Ctrl-C, unless something else has been made of it: what holds the folder ends well.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise DatabaseProblem(
            f"{data}: {error.strerror}; choose a folder you may write to (--data DIR or WIESCI_DATA)"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 200).decode("utf-8", "replace").strip() or "another process"
            raise AlreadyRunning(
                f"{data} is in use by {holder}; wait for it, or use another folder (--data DIR)"
            ) from error
        with suppress(OSError):  # a full disk; the holder's name is for people only
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"process {os.getpid()}\n".encode())
        with as_ctrl_c():
            yield
    finally:
        os.close(descriptor)
