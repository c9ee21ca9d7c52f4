"""A crawl killed with SIGKILL at random instants, each time looked at, completed and compared with an undisturbed one.

python -m tests.faults.kills --rounds 300 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pysqlite3

from crawler import registry
from crawler.rebuilding import rebuild
from crawler.run import ARCHIVE
from crawler.verifying import verify
from tests.crawler.test_demo import INSTANTS, tables
from tests.faults.driving import SETTINGS, drive
from tests.faults.web import FaultWeb, story

ARTICLES = 30


@dataclass
class Killed:
    """What the rounds came to."""

    rounds: int = 0
    midway: int = 0
    """Kills that met a crawl with something kept and something still to come."""
    problems: list[str] = field(default_factory=list)


def web_of_three() -> FaultWeb:
    web = FaultWeb()
    for number, host in enumerate(("raz.test", "dwa.test", "trzy.test")):
        web.site(
            host,
            {
                f"/news,{n},x.html": story(f"{host}-{n}", date=f"{n + 1}.0{number + 1}.2026")
                for n in range(ARTICLES // 3)
            },
        )
    return web


def kill(rounds: int, seed: int, folder: Path) -> Killed:
    """Each round in a fresh folder: start, kill, look, complete, compare, rebuild."""
    chance = random.Random(seed)
    killed = Killed()
    with web_of_three() as web:
        undisturbed = drive(web, folder / "undisturbed")
        wanted = tables(undisturbed.data, INSTANTS)
        began, ended = _span(undisturbed.data)
        for number in range(rounds):
            data = folder / f"round-{number}"
            early = chance.random() < 0.2  # while databases are made and workers start
            after = chance.uniform(0.0, 1.2 * (ended - began))
            acknowledged = _killed(web, data, "runs" if early else "visits", after)
            killed.rounds += 1
            for problem in _problems(web, data, acknowledged, wanted):
                killed.problems.append(f"round {number} of seed {seed}: {problem}")
            killed.midway += 0 < acknowledged["captures"] < ARTICLES + 3  # with the lists
            shutil.rmtree(data)
    return killed


def _killed(web: FaultWeb, data: Path, first: str, after: float) -> dict[str, int]:
    """Kill a crawl so many seconds after the first row of this table; what had been committed just before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.driving"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    told = {"data": str(data), "port": web.port, "offices": web.offices, "days": 0, "settings": SETTINGS}
    assert process.stdin is not None
    process.stdin.write(json.dumps(told))
    process.stdin.close()
    while process.poll() is None and not _committed(data)[first]:
        time.sleep(0.002)
    time.sleep(after)
    seen = _committed(data)
    process.kill()
    process.wait()
    return seen


def _problems(
    web: FaultWeb, data: Path, acknowledged: dict[str, int], wanted: dict[str, list[tuple[object, ...]]]
) -> list[str]:
    found = []
    kept = _committed(data)
    found += [
        f"{table}: {kept[table]} of {count} are left" for table, count in acknowledged.items() if kept[table] < count
    ]
    found += map(str, verify(data))
    completed = drive(web, data)
    if completed.outcome != "finished":
        found.append(f"the next run ended as {completed.outcome}")
    got = tables(data, INSTANTS)
    found += [f"{table} is not as in an undisturbed run" for table in wanted if got[table] != wanted[table]]
    differing = rebuild(data, registry.load(practice=web.offices)).differing
    if differing:
        found.append(f"a rebuild is different: {differing}")
    found += map(str, verify(data))
    return found


def _committed(data: Path) -> dict[str, int]:
    """Rows of the archive that another connection sees; none while its tables are being made."""
    counts = {"runs": 0, "captures": 0, "visits": 0, "sightings": 0}
    if (data / ARCHIVE).exists():
        try:
            with closing(pysqlite3.connect(f"file:{data / ARCHIVE}?mode=ro", uri=True, timeout=10)) as connection:
                for table in counts:
                    (counts[table],) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        except pysqlite3.OperationalError:
            return dict.fromkeys(counts, 0)
    return counts


def _span(data: Path) -> tuple[float, float]:
    """When the first and the last visit were noted."""
    with closing(pysqlite3.connect(f"file:{data / ARCHIVE}?mode=ro", uri=True)) as connection:
        began, ended = connection.execute(
            "SELECT min(unixepoch(at, 'subsec')), max(unixepoch(at, 'subsec')) FROM visits"
        ).fetchone()
    return float(began), float(ended)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        killed = kill(told.rounds, told.seed, Path(folder))
    took = time.monotonic() - began
    print(f"{killed.rounds} kills, {killed.midway} midway, {took:.0f} s: {len(killed.problems)} problems")
    for problem in killed.problems:
        print(f"  {problem}", file=sys.stderr)
    return 1 if killed.problems else 0


if __name__ == "__main__":
    sys.exit(main())
