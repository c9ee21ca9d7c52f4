"""Puts a copy that `wiesci backup` made in the place of a data folder's databases; what was taken down stays down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from crawler import correcting, corrections_file, suppression, takedown
from crawler.backing_up import copies_in, copy_database, settle
from crawler.corrections_file import CORRECTIONS, NotACorrection
from crawler.database import DatabaseProblem, explained, open_for_reading, unreadable
from crawler.folder import ARCHIVE, NEWS
from crawler.instants import now
from crawler.migrations import missing_steps
from crawler.options import register_of
from crawler.registry import Register
from crawler.suppression import SUPPRESSED, Suppressions
from crawler.verifying import verify

_PART = "restoring.part"


class NotACopy(Exception):
    """The folder is none that can be restored from; the message says what it is. Exit code 2."""


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What a restore came to."""

    visits: int
    last_visit: str | None
    articles: int
    kept: Path | None
    """Where the databases are that were there before."""
    listed: int
    """Entries on the suppression list now."""
    joined: int
    """Those of them that only the copy had."""
    taken_down: int
    """Articles that the copy showed and are hidden now."""
    purged: int
    """Captures that the copy held and are holes now; the copy itself still has them."""
    corrections: int
    """Lines that only the copy's corrections.csv had."""
    overruled: int
    """Lines of the copy that were not taken over, because the folder says otherwise of the same values."""


def restore(copy: Path, data: Path, *, at: datetime | None = None) -> Restored:
    """Verify the copy, bring it up to the folder's list of what was taken down, and put it in place.

    Needs the folder's lock. The databases that were there are kept beside. The list and the corrections are those of
    the folder and of the copy together. Raises NotACopy, DatabaseProblem and CorrectionsError; then nothing has changed
    but the list, which may have more on it.
    """
    _look_at(copy, data)
    Suppressions.read(data / SUPPRESSED)  # a list that cannot be read ends it here: nothing may be shown without it
    with _made_ready(copy, data) as part:
        register = register_of(part)
        lines = _corrections_together(part, data, register)
        joined = suppression.merge(data, part / SUPPRESSED)
        (part / SUPPRESSED).unlink(missing_ok=True)
        if (data / SUPPRESSED).exists():
            copy_database(data / SUPPRESSED, part / SUPPRESSED)
        hidden, purged = takedown.apply(part, register)
        if correcting.outstanding(part, register):
            correcting.apply(part, register)
        told = _told(part)
        settle(part)
        kept = _exchange(part, data, (at or now()).strftime("%Y-%m-%dT%H%M%SZ"))
    return Restored(
        visits=told[0],
        last_visit=told[1],
        articles=told[2],
        kept=kept,
        listed=len(Suppressions.read(data / SUPPRESSED).rules),
        joined=joined,
        taken_down=len(hidden),
        purged=purged,
        corrections=lines[0],
        overruled=lines[1],
    )


def _look_at(copy: Path, data: Path) -> None:
    if copy.resolve() == data.resolve():
        raise NotACopy(f"{copy} is the data folder itself")
    missing = [name for name in (ARCHIVE, NEWS) if not (copy / name).is_file()]
    if not missing:
        return
    copies = copies_in(copy)
    if copies:
        raise NotACopy(f"{copy} holds {len(copies)} copies; name one of them, as the newest: {copies[-1]}")
    raise NotACopy(f"{copy} is no copy that wiesci backup made: {' and '.join(missing)} are not there")


@contextmanager
def _made_ready(copy: Path, data: Path) -> Iterator[Path]:
    """The copy's files in a folder of their own within the data folder, found whole."""
    part = data / _PART
    with explained(data):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    try:
        for name, steps in ((ARCHIVE, "archive"), (NEWS, "news"), (SUPPRESSED, "suppressed")):
            if not (copy / name).exists():
                continue
            try:
                copy_database(copy / name, part / name)
            except DatabaseProblem as error:
                if not unreadable(error) or ("disk I/O" in str(error) and _can_be_read(copy / name)):
                    raise  # in writing: a quota, files that may not grow
                raise _damaged(copy, [f"{name}: {error.__cause__}"]) from error
            with explained(copy / name), closing(open_for_reading(part / name)) as connection:
                missing_steps(Database(connection), steps)
        if (copy / CORRECTIONS).exists():
            with explained(part):
                shutil.copyfile(copy / CORRECTIONS, part / CORRECTIONS)
        damage = [one for one in verify(part) if not one.mends]
        if damage:
            raise _damaged(copy, [f"{one.file}: {one.what}" for one in damage])
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _can_be_read(file: Path) -> bool:
    """Whether the disk gives every byte of it, whatever they say."""
    try:
        with file.open("rb") as told:
            while told.read(1 << 20):
                pass
    except OSError:
        return False
    return True


def _damaged(copy: Path, found: Sequence[str]) -> DatabaseProblem:
    told = "\n  ".join(found)
    return DatabaseProblem(f"{copy} is damaged, and was not put in place; take another copy:\n  {told}")


def _corrections_together(part: Path, data: Path, register: Register) -> tuple[int, int]:
    """Put the folder's corrections and those that only the copy has into `part`: how many the copy's were, and how
    many of it were left out."""
    known = correcting.known_to(register)
    if not (data / CORRECTIONS).exists():
        return len(corrections_file.beside(part / NEWS, known).lines), 0
    body = (data / CORRECTIONS).read_bytes()
    ours = corrections_file.parsed(body, known)
    held = {line.id for line in ours}
    taken = left = 0
    for line in corrections_file.beside(part / NEWS, known).lines:
        if line.id in held:
            continue
        cells = {name: str(getattr(line, name) or "") for name in corrections_file.COLUMNS}
        try:
            body, taken = corrections_file.added(body, cells, known), taken + 1
        except NotACorrection:
            left += 1
    corrections_file.write(part / CORRECTIONS, body)
    return taken, left


def _told(part: Path) -> tuple[int, str | None, int]:
    with explained(part / ARCHIVE), closing(open_for_reading(part / ARCHIVE)) as archive:
        visits, last = archive.execute("SELECT count(*), max(at) FROM visits").fetchone()
    with explained(part / NEWS), closing(open_for_reading(part / NEWS)) as news:
        (articles,) = news.execute("SELECT count(*) FROM articles").fetchone()
    return visits, last, articles


def _exchange(part: Path, data: Path, instant: str) -> Path | None:
    """Move what is there aside, and what is ready into its place: the archive first, from which news.db can be made."""
    aside = data / f"before-restore-{instant}"
    with explained(data):
        for name in (ARCHIVE, NEWS):
            for held in (data / name, data / f"{name}-wal", data / f"{name}-shm"):
                if held.exists():
                    aside.mkdir(exist_ok=True)
                    held.rename(aside / held.name)
            for ready in (part / f"{name}-wal", part / name):
                if ready.exists():
                    ready.rename(data / ready.name)
        if (part / CORRECTIONS).exists():
            corrections_file.write(data / CORRECTIONS, (part / CORRECTIONS).read_bytes())
        descriptor = os.open(data, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return aside if aside.exists() else None
