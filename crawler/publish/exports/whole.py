"""A folder that is there whole or not at all: written beside, then changed places with the old one."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def in_place_of(folder: Path) -> Iterator[Path]:
    """An empty folder to write into, which takes the place of `folder` when the block ends well.

    Whatever is raised (or kills the process) leaves the old one as it was; what an earlier one left behind is removed.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    _recover(folder)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
    descriptor = os.open(new, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield new
        new.chmod(0o755)
        for path in new.iterdir():
            _sync(path)
        os.fsync(descriptor)
        _swap(new, folder)
        _sync(folder.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        os.close(descriptor)


def _swap(new: Path, folder: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is not None:
        ended = rename(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(folder), _RENAME_EXCHANGE)
        if ended == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS):  # these two: the file system cannot exchange
            raise OSError(code, os.strerror(code), str(folder))
    old = _old(folder)
    folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old)


def _recover(folder: Path) -> None:
    """Put back what a kill between two renames moved away, and remove what dead processes left."""
    old = _old(folder)
    if old.exists():
        if folder.exists():
            shutil.rmtree(old)
        else:
            old.rename(folder)
    for left in folder.parent.glob(f".{folder.name}.new-*"):
        descriptor = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue  # another export is at work there
        else:
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(descriptor)


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
