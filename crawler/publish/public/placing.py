"""Lets readers have an edition: written beside the one they see, put in its place in one step; the old ones cleared."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from crawler.database import DatabaseProblem
from crawler.publish.public.editions import FILES, ID, NEWS, PUBLIC, Edition, stamp, taken_down
from crawler.publish.snapshot import sync
from crawler.publish.trouble import told

KEPT = 2
"""Editions that stay on the disk: the current one and the one before, which a slow reader may still be given."""


class BeingMade(Exception):
    """Another process is making an edition. Exit code 4."""


@contextmanager
def undisturbed(data: Path) -> Iterator[Path]:
    """The folder of the editions, which no one else writes to meanwhile."""
    public = data / PUBLIC
    editions = public / "editions"
    with told(f"publishing {data / NEWS}", public, "what readers see"):
        editions.mkdir(parents=True, exist_ok=True)
        with _alone(public):
            yield editions


@contextmanager
def _alone(public: Path) -> Iterator[None]:
    with (public / ".making").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BeingMade(f"{public}: an edition is being made by another process; it will be there soon") from None
        yield


@contextmanager
def turn(public: Path, name: str) -> Iterator[None]:
    """One after the other: whoever comes second waits."""
    with (public / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sweep(editions: Path, kind: str) -> None:
    """Remove what a process left that died: no other is at it now."""
    for left in editions.glob(f".*.{kind}-*"):
        shutil.rmtree(left, ignore_errors=True)


def put(data: Path, made: datetime, write: Callable[[Path, str], Edition], *, kind: str = "new") -> Edition:
    """What is written, in its place as a whole, and seen by readers from then on."""
    editions = data / PUBLIC / "editions"
    id = made.astimezone(UTC).strftime(ID)
    if (editions / id).exists():
        raise DatabaseProblem(f"{editions / id} exists already; an edition is never overwritten")
    new = Path(tempfile.mkdtemp(prefix=f".{id}.{kind}-", dir=editions))
    try:
        edition = write(new, id)
        describe(edition, new)
        new.chmod(0o755)
        sync(new)
        with turn(data / PUBLIC, ".placing"):
            if taken_down(stamp(data)) != taken_down(edition.of):
                raise DatabaseProblem(f"{editions / id}: something was taken down meanwhile; publish again")
            new.rename(editions / id)
            sync(editions)
            point(editions.parent, id)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return edition


def describe(edition: Edition, folder: Path) -> None:
    """Write what the edition was made of, and let all of it reach the disk."""
    said = {name: value for name, value in asdict(edition).items() if name != "folder"}
    for path in (folder / FILES, *(folder / FILES).iterdir()):
        sync(path)
    told_anew = folder / ".edition.json.new"
    told_anew.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    sync(told_anew)
    told_anew.replace(folder / "edition.json")


def point(public: Path, id: str) -> None:
    """Readers see this edition from now on: a rename takes the place of the old link in one step."""
    link = public / ".current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("editions") / id)
    link.replace(public / "current")
    sync(public)


def clear(editions: Path, edition: Edition, *, withdrawn: bool = False) -> None:
    """Remove what no one needs: not the newest ones, nor any that a server still reads.

    Files of editions that may show what was taken down since go at once, whoever may be reading them; all of them,
    where something was `withdrawn`.
    """
    past = sorted(path for path in editions.iterdir() if path.name != edition.id and not path.name.startswith("."))
    clean = set() if withdrawn else {path for path in past if _as_clean(path, edition)}
    kept = clean & set(past[max(0, len(past) + 1 - KEPT) :])
    for path in past:
        if path not in clean:
            shutil.rmtree(path / FILES, ignore_errors=True)
        if path in kept:
            continue
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(descriptor)


def _as_clean(path: Path, edition: Edition) -> bool:
    """Whether that edition was made with the same list of what was taken down."""
    try:
        of = json.loads((path / "edition.json").read_text(encoding="utf-8"))["of"]
    except (OSError, ValueError, KeyError):
        return False
    return taken_down(of) == taken_down(edition.of)
