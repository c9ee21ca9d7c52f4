"""What a crawl may meet at any instant: SIGKILL, SIGTERM, a full disk, another writer; and how it must then end."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pysqlite3

from crawler.exits import DISK, UNUSABLE, WELL
from crawler.folder import ARCHIVE, NEWS
from tests.faults.disk import Disk
from tests.faults.forked import ended, workers

OVER = "over before"
_TERMINATED = 10.0
"""Seconds within which a crawl that is asked to end has ended."""
_PATIENCE = 10.0
"""Seconds for which a crawl waits for another writer."""
_LONGEST = 60.0
_TABLES = {ARCHIVE: ("runs", "captures", "visits", "sightings"), NEWS: ("understood", "articles", "revisions")}


@dataclass(frozen=True, kw_only=True)
class Met:
    """How one crawl ended that met trouble."""

    end: str
    """In a word; "well" when nothing remained to be done."""
    seconds: float
    """From the trouble to the end."""
    problems: list[str]
    acknowledged: dict[str, int] = field(default_factory=dict)
    """Table -> rows that had been committed when the trouble came."""


def killed(crawl: int, data: Path, chance: random.Random, said: Path, disk: Disk) -> Met:
    """SIGKILL, to the crawl alone; it is stopped first, so that what it has committed can be read."""
    os.kill(crawl, signal.SIGSTOP)
    acknowledged = committed(data)
    os.kill(crawl, signal.SIGKILL)
    began = time.monotonic()
    code = ended(crawl, _LONGEST)
    problems = [] if code in (-signal.SIGKILL, WELL) else [f"it ended with {code}"]
    begun = "midway" if acknowledged["visits"] else "before its first visit"
    word = OVER if code == WELL else begun
    return Met(end=word, seconds=time.monotonic() - began, problems=problems, acknowledged=acknowledged)


def terminated(crawl: int, data: Path, chance: random.Random, said: Path, disk: Disk) -> Met:
    """SIGTERM: to the crawl alone, as by `kill`, or to its workers too, as systemd sends it; sometimes twice."""
    acknowledged = committed(data)
    to_all, twice = chance.random() < 0.5, chance.random() < 0.2
    began = time.monotonic()
    for one in (crawl, *(workers() if to_all else ())):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGTERM)
    if twice:
        time.sleep(chance.uniform(0, 0.3))
        with suppress(ProcessLookupError):
            os.kill(crawl, signal.SIGTERM)
    code = ended(crawl, _TERMINATED)
    took = time.monotonic() - began
    if code == -signal.SIGTERM and committed(data)["runs"] == acknowledged["runs"]:  # nothing had been begun
        return Met(end="before its first visit", seconds=took, problems=[], acknowledged=acknowledged)
    return _judged(crawl, code, took, (WELL, UNUSABLE), "interrupted", said, acknowledged)


def full(crawl: int, data: Path, chance: random.Random, said: Path, disk: Disk) -> Met:
    """Nothing more fits on the disk, or only a little more does."""
    acknowledged = committed(data)
    disk.fill(leaving=chance.choice((0, 0, chance.randrange(300_000))))
    began = time.monotonic()
    code = ended(crawl, _LONGEST)
    took = time.monotonic() - began
    disk.free()
    return _judged(crawl, code, took, (WELL, DISK), "free some space", said, acknowledged)


def locked(crawl: int, data: Path, chance: random.Random, said: Path, disk: Disk) -> Met:
    """Another program writes for some seconds; one that writes too long is told, and ends the crawl cleanly."""
    held = chance.choice((8.0, 8.0, chance.uniform(0.1, 8.0), 2 * _PATIENCE + chance.uniform(2.0, 5.0)))
    acknowledged = committed(data)
    began = time.monotonic()
    holder = _hold(data / chance.choice((ARCHIVE, NEWS)), held)
    code = ended(crawl, _LONGEST)
    took = time.monotonic() - began
    os.waitpid(holder, 0)
    may = (WELL,) if held <= 8.0 else (WELL, DISK)
    return _judged(crawl, code, took, may, "another program is writing to it", said, acknowledged)


MEET: dict[str, Callable[[int, Path, random.Random, Path, Disk], Met]] = {
    "kill": killed,
    "term": terminated,
    "full": full,
    "locked": locked,
}


def _judged(
    crawl: int, code: int | None, took: float, may: tuple[int, ...], word: str, said: Path, acknowledged: dict[str, int]
) -> Met:
    told = said.read_text(errors="replace")
    problems = []
    if code is None:
        problems.append(f"it was still there after {took:.0f} s")
        os.kill(crawl, signal.SIGKILL)
        ended(crawl, _LONGEST)
    elif code not in may:
        problems.append(f"it ended with {code}: {told[-2000:]}")
    elif code and word not in told:
        problems.append(f"it did not say why it ended: {told[-2000:]}")
    if "Traceback" in told:
        problems.append(f"it ended with a traceback: {told[-4000:]}")
    end = (
        {WELL: "well", UNUSABLE: "interrupted", DISK: "stopped"}.get(code, str(code)) if code is not None else "killed"
    )
    return Met(end=end, seconds=took, problems=problems, acknowledged=acknowledged)


def _hold(file: Path, seconds: float) -> int:
    """A process that writes to the database for so long, from when it can."""
    holder = os.fork()
    if holder:
        return holder
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with suppress(pysqlite3.OperationalError), closing(_opened(file)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            connection.execute("ROLLBACK")
            break
        time.sleep(0.01)
    os._exit(0)


def _opened(file: Path) -> pysqlite3.Connection:
    return pysqlite3.connect(f"file:{file}?mode=rw", uri=True, isolation_level=None, timeout=5)


def committed(data: Path) -> dict[str, int]:
    """Rows that another connection sees; none of a database whose tables are being made."""
    counts = {}
    for file, names in _TABLES.items():
        counts |= dict.fromkeys(names, 0)
        if (data / file).exists():
            try:
                with closing(
                    pysqlite3.connect(f"file:{data / file}?mode=ro", uri=True, timeout=0.1, isolation_level=None)
                ) as connection:
                    connection.execute("BEGIN")  # one state of the database for all
                    counts |= {
                        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in names
                    }
            except pysqlite3.OperationalError:
                counts |= dict.fromkeys(names, 0)
    return counts
