"""A crawl that meets trouble at random instants, each time looked at, completed and compared with an undisturbed one.

    python -m tests.faults.kills --how kill --rounds 300 --seed 1

--how: kill (SIGKILL), term (SIGTERM), full (the disk), locked (another writer). Half of the rounds are a first crawl of
three offices, half that of the second day over the first one's folder; every tenth begins as a user begins one, the
others in a fork. Ends with 1 when anything was lost, doubled, told wrongly, or not as in an undisturbed crawl.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler import registry
from crawler.rebuilding import rebuild
from crawler.verifying import ABSENT, UNMADE, verify
from tests.crawler.test_demo import INSTANTS, tables
from tests.faults import troubles
from tests.faults.disk import Disk, in_own_mounts, small_disk
from tests.faults.forked import Crawl, apart, ended, fork_server, started, warm, worked, workers
from tests.faults.town import offices, served, town
from tests.faults.troubles import OVER, Met

Tables = dict[str, list[tuple[Any, ...]]]
_FRESH = 10
"""One round in so many starts an interpreter of its own."""
_TOLD = 25
"""A line for so many rounds."""
_DAYS = (0, 400)
"""The second one so much later that every article is due."""
_IMPORTS = 0.8
"""Seconds of processor time, about, that a fresh interpreter needs before a crawl can begin."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day's crawl as it goes undisturbed."""

    told: Crawl
    """With the folder it has left."""
    before: Path | None
    """The folder it began with."""
    wanted: Tables
    seconds: float
    worked: float
    """Seconds of processor time of the crawl's first thread."""


@dataclass
class Found:
    """What the rounds came to."""

    rounds: int = 0
    met: Counter[str] = field(default_factory=Counter)
    """How the crawls ended, in words."""
    longest: float = 0.0
    """Seconds from the trouble to the crawl's end."""
    problems: list[str] = field(default_factory=list)


def rounds(how: str, number: int, seed: int, folder: Path, disk: Disk, keep: Path | None = None) -> Found:
    """So many crawls that meet this trouble; what is wrong is told at once, and the folder it is wrong with kept."""
    chance = random.Random(seed)
    found = Found()
    with _days(folder) as days:
        while found.rounds < number and found.met[OVER] <= number:
            day = days[found.rounds % 2]
            fresh = found.rounds % _FRESH == _FRESH - 1
            data = disk.folder / "data"
            if day.before is not None:
                shutil.copytree(day.before, data)
            told = Crawl(data=data, port=day.told.port, days=day.told.days)
            said = folder / "said"
            crawl = started(told, said, fresh=fresh)
            data.mkdir(exist_ok=True)
            if _waited(crawl, day, chance, fresh=fresh):
                met = troubles.MEET[how](crawl, data, chance, said, disk)
                found.met[met.end] += 1
                found.rounds += met.end != OVER
                found.longest = max(found.longest, met.seconds)
                left = folder / "left"
                shutil.copytree(data, left)
                problems = [*met.problems, *_left_over(), *apart(lambda: _completed(told, met, day.wanted))]  # noqa: B023
                for problem in problems:
                    print(f"{how} {found.rounds} of seed {seed} ({met.end}): {problem}", file=sys.stderr, flush=True)
                found.problems += problems
                if problems and keep is not None:
                    shutil.move(left, keep / f"{how}-{seed}-{found.rounds}")
                shutil.rmtree(left, ignore_errors=True)
            else:
                ended(crawl, 60)
                found.met[OVER] += 1
            shutil.rmtree(data)
            if found.rounds and found.rounds % _TOLD == 0:
                print(f"{found.rounds} rounds of {how}: {len(found.problems)} problems", file=sys.stderr, flush=True)
    return found


@contextmanager
def _days(folder: Path) -> Iterator[list[Day]]:
    """The two days' webs, served, and what undisturbed crawls of them leave."""
    with ExitStack() as stack:
        ports = [stack.enter_context(served(town(second_day=second))) for second in (False, True)]
        stack.enter_context(fork_server())
        warm(Crawl(data=folder / "warm", port=ports[0]))
        days: list[Day] = []
        for port, later in zip(ports, _DAYS, strict=True):
            told = Crawl(data=folder / f"day-{later}", port=port, days=later)
            before = days[0].told.data if days else None
            if before is not None:
                shutil.copytree(before, told.data)
            began, used = time.monotonic(), 0.0
            crawl = started(told, folder / "said")
            while (so_far := worked(crawl)) is not None:
                used = so_far
                time.sleep(0.001)
            assert ended(crawl, 60) == 0, (folder / "said").read_text()
            took = time.monotonic() - began
            wanted = tables(told.data, INSTANTS)
            days.append(Day(told=told, before=before, wanted=wanted, seconds=took, worked=used))
        yield days


def _waited(crawl: int, day: Day, chance: random.Random, *, fresh: bool) -> bool:
    """Wait for a random instant of the crawl; False when it was over before.

    By the clock or by the work done: by the clock alone, little would happen while it does much.
    """
    if chance.random() < 0.75:
        wanted = chance.uniform(0, day.worked) + (_IMPORTS if fresh else 0)
        while (used := worked(crawl)) is not None and used < wanted:
            time.sleep(0.0005)
    else:
        deadline = time.monotonic() + chance.uniform(0, day.seconds) + (2 * _IMPORTS if fresh else 0)
        while worked(crawl) is not None and time.monotonic() < deadline:
            time.sleep(0.001)
    return worked(crawl) is not None


def _left_over() -> list[str]:
    """No worker outlives its crawl."""
    deadline = time.monotonic() + 20
    while workers():
        if time.monotonic() > deadline:
            return [f"workers that outlived their crawl: {workers()}"]
        time.sleep(0.01)
    return []


def _completed(told: Crawl, met: Met, wanted: Tables) -> list[str]:
    """What is wrong with what was left behind, and with what the next crawl and a rebuild make of it."""
    from tests.faults.forked import crawl

    found = []
    kept = troubles.committed(told.data)
    found += [f"{table}: {kept[table]} of {n} are left" for table, n in met.acknowledged.items() if kept[table] < n]
    found += [f"before the next crawl: {one}" for one in verify(told.data) if one.what not in (ABSENT, UNMADE)]
    if met.end != "well":
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said), suppress(SystemExit):
            crawl(told)
        if "all: pages" not in said.getvalue() or "Traceback" in said.getvalue():
            found.append(f"the next crawl said: {said.getvalue()[-3000:]}")
    got = tables(told.data, INSTANTS)
    found += [f"{table} is not as in an undisturbed crawl" for table in wanted if got.get(table) != wanted[table]]
    differing = rebuild(told.data, registry.load(practice=offices())).differing
    if differing:
        found.append(f"a rebuild is different: {differing}")
    return found + [f"in the end: {one}" for one in verify(told.data)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--how", choices=sorted(troubles.MEET), default="kill")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="Folder in which what went wrong is kept.")
    told = parser.parse_args()
    if told.keep is not None:
        told.keep.mkdir(parents=True, exist_ok=True)
    if told.how == "full":
        in_own_mounts("tests.faults.kills")
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as made,
        small_disk(Path(made)) if told.how == "full" else Disk.whole(Path(made)) as disk,
    ):
        found = rounds(told.how, told.rounds, told.seed, Path(made), disk, told.keep)
    ends = ", ".join(f"{word} {count}" for word, count in sorted(found.met.items()))
    print(f"{found.rounds} rounds of {told.how}, seed {told.seed}, {time.monotonic() - began:.0f} s: {ends};"
          f" {found.longest:.1f} s to the end at most; {len(found.problems)} problems")  # fmt: skip
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
