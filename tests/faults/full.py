"""Publishing and exporting on a small disk that is full, or nearly: what each said, and what stood there afterwards.

python -m tests.faults.full DATA   (prints JSON; needs a system that lets a process mount a disk of its own)
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.disk import Disk, in_own_mounts, small_disk

_SIZE = 64 << 20
COMMANDS = {
    "publish": ("publish", "{out}/wiesci.db", "--data", "{data}"),
    "edition": ("publish", "--data", "{data}"),
    "export": ("export", "{out}/pliki", "--format", "all", "--data", "{data}"),
}
"""What is tried, with the options of `wiesci`."""
LEFT = (0, 400_000)
"""Bytes that are free when it is."""


def attempts(disk: Disk) -> list[dict[str, object]]:
    """Each command once with enough room, then with little, then with enough again."""
    out, data = disk.folder / "out", disk.folder / "data"
    out.mkdir()
    told: list[dict[str, object]] = []
    for name, words in COMMANDS.items():
        command = [word.format(out=out, data=data) for word in words]
        first = _wiesci(*command)
        before = _files(disk)
        for left in LEFT:
            disk.fill(leaving=left)
            ended = _wiesci(*command)
            disk.free()
            after = _files(disk)
            told.append(
                {
                    "command": name,
                    "left": left,
                    "code": ended.returncode,
                    "said": ended.stderr,
                    "same": {at: digest for at, digest in after.items() if "lock" not in at}
                    == {at: digest for at, digest in before.items() if "lock" not in at},
                    "others": sorted(after.keys() ^ before.keys()),
                }
            )
        again = _wiesci(*command)
        told.append({"command": name, "left": None, "code": first.returncode or again.returncode, "said": again.stderr})
    return told


def _wiesci(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from crawler.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _files(disk: Disk) -> dict[str, str]:
    """Path -> digest of every file but the ballast, and SQLite's own that come and go."""
    return {
        str(path.relative_to(disk.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(disk.folder.rglob("*"))
        if path.is_file() and path != disk.ballast and not path.name.endswith(("-shm", "-wal"))
    }


def main() -> None:
    in_own_mounts("tests.faults.full")
    with tempfile.TemporaryDirectory() as made, small_disk(Path(made), _SIZE) as disk:
        shutil.copytree(sys.argv[1], disk.folder / "data")
        print(json.dumps(attempts(disk)))


if __name__ == "__main__":
    main()
