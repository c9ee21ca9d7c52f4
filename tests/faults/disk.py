"""A disk that can be filled: a small file system of its own where this system lets one be mounted."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_SIZE = 24 << 20
_INSIDE = "WIESCI_FAULTS_MOUNTS"


class NoSmallDisk(Exception):
    """This system lets no file system be mounted, not even for one process."""


@dataclass(frozen=True)
class Disk:
    """Where a crawl's folder lies."""

    folder: Path
    ballast: Path | None = None
    """The file that takes all space; None: this disk cannot be filled."""

    @classmethod
    @contextmanager
    def whole(cls, folder: Path) -> Iterator[Self]:
        """An ordinary folder."""
        yield cls(folder)

    def fill(self, *, leaving: int = 0) -> None:
        """Let no more than about so many bytes be free."""
        assert self.ballast is not None
        with self.ballast.open("ab") as ballast:
            step = 1 << 20
            while step:
                there = os.statvfs(self.folder)
                if there.f_bavail * there.f_frsize <= leaving:
                    break
                step = min(step, there.f_bavail * there.f_frsize - leaving)
                try:
                    os.posix_fallocate(ballast.fileno(), os.fstat(ballast.fileno()).st_size, step)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    step //= 2  # the crawl has taken some meanwhile

    def free(self) -> None:
        assert self.ballast is not None
        self.ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(under: Path, size: int = _SIZE) -> Iterator[Disk]:
    """A file system of so many bytes, in memory. Needs `in_own_mounts` before. Raises NoSmallDisk."""
    at = under / "disk"
    at.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "wiesci-faults", str(at)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise NoSmallDisk(mounted.stderr.decode(errors="replace"))
    try:
        yield Disk(at, at / "ballast")
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=False)


def in_own_mounts(module: str) -> None:
    """Start this module anew where mounts are its own and end with it (user and mount namespaces), unless it is."""
    if os.environ.get(_INSIDE) or not may_mount():
        return
    os.environ[_INSIDE] = "1"
    os.execvp("unshare", [*_UNSHARE, sys.executable, "-m", module, *sys.argv[1:]])


def may_mount() -> bool:
    """Whether this system lets a process have mounts of its own, and a small file system among them."""
    try:
        tried = subprocess.run(
            [*_UNSHARE, "mount", "-t", "tmpfs", "-o", "size=64k", "wiesci-faults", "/tmp"],
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


_UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]
