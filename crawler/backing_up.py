"""Copies a data folder while it is being written to; a copy is verified before it gets its name."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

from crawler.corrections_file import CORRECTIONS
from crawler.database import DatabaseProblem, explained, open_for_reading
from crawler.folder import ARCHIVE, NEWS
from crawler.instants import now
from crawler.suppression import SUPPRESSED
from crawler.verifying import verify

_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")


def back_up(data: Path, folder: Path, *, at: datetime | None = None) -> Path:
    """Copy the databases and the corrections into `folder`/<instant>; returns that folder.

    `restoring` puts it back. Raises DatabaseProblem, and then leaves no copy.
    """
    name = (at or now()).strftime("%Y-%m-%dT%H%M%SZ")
    copy, part = folder / name, folder / f"{name}.part"
    with explained(folder):
        if copy.exists():
            raise DatabaseProblem(f"{copy} exists already; a copy is never overwritten")
        _clear(folder)
        part.mkdir(parents=True)
        holding = _held(part)
        try:
            # news.db first: an archive that is ahead of it is caught up with, one behind it would lack captures
            for file in (NEWS, ARCHIVE, SUPPRESSED):
                if (data / file).exists() or file != SUPPRESSED:
                    copy_database(data / file, part / file)
            if (data / CORRECTIONS).exists():
                shutil.copyfile(data / CORRECTIONS, part / CORRECTIONS)
            damage = [one for one in verify(part) if not one.mends]
            if damage:
                told = "\n".join(map(str, damage))
                raise DatabaseProblem(f"the copy is not sound and was not kept (wiesci verify looks closer):\n{told}")
            settle(part)
            part.rename(copy)
            settle(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        finally:
            if holding is not None:
                os.close(holding)
    return copy


def _clear(folder: Path) -> None:
    """Remove what backups that were killed have left: as much as copies, which nobody counts or thins."""
    for part in folder.glob("*.part"):
        if _NAME.fullmatch(part.stem) and part.is_dir():
            held = _held(part)
            if held is not None:
                os.close(held)
                shutil.rmtree(part)


def _held(part: Path) -> int | None:
    """A lock on the folder, which dies with its process; None where a backup that goes on has it, or no locks are."""
    descriptor = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def copies_in(folder: Path) -> list[Path]:
    """The copies that `back_up` has made in this folder, the latest last."""
    return sorted(one for one in folder.iterdir() if _NAME.fullmatch(one.name) and (one / ARCHIVE).is_file())


def thin(folder: Path, keep: int) -> list[Path]:
    """Remove the copies in `folder` but the latest; what is none that `back_up` made stays. Raises DatabaseProblem."""
    with explained(folder):
        copies = copies_in(folder)
        for old in copies[:-keep]:
            shutil.rmtree(old)
    return copies[:-keep]


def copy_database(source: Path, target: Path) -> None:
    """VACUUM INTO reads one state of the database, whatever is written meanwhile; copying its file would not."""
    with explained(source), closing(open_for_reading(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def settle(folder: Path) -> None:
    """Let files and names reach the disk."""
    for path in (*folder.glob("*.db"), *folder.glob(CORRECTIONS), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
