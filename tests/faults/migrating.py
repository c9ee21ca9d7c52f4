"""Databases killed in the making: at each statement of each step in turn, and then opened again.

python -m tests.faults.migrating [--every 1]   (prints what was wrong; how many kills, at the end)
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3
from sqlite_utils import Database

from crawler import migrations
from crawler.database import open_database
from crawler.verifying import damage

NAMES = ("archive", "news")


def killed_everywhere(folder: Path, name: str, *, first: int, every: int) -> tuple[int, list[str]]:
    """So many kills, and what was wrong after them; the database begins with its first so many steps."""
    whole = folder / "whole.db"
    _made(whole, name, first)
    with closing(open_database(whole, name)) as connection:
        wanted = _shape(connection)
    problems: list[str] = []
    kills = 0
    while True:
        at = kills * every
        path = folder / f"{name}-{first}-{at}.db"
        _made(path, name, first)
        if _forked(lambda: _opened_but_killed(path, name, at)) != -signal.SIGKILL:  # noqa: B023  it got to the end
            return kills, problems
        kills += 1
        again = _forked(lambda: _opened_again(path, name, wanted))  # noqa: B023
        if again:
            problems.append(f"{name} from step {first}, killed at statement {at}: {again}")


def _made(path: Path, name: str, first: int) -> None:
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        steps = migrations._steps(name)
        steps._migrations = steps._migrations[:first]
        if first:
            steps.apply(Database(connection))


def _opened_but_killed(path: Path, name: str, after: int) -> int:
    statements = migrations._statements
    done = 0

    def counted(sql: str) -> Iterator[str]:
        nonlocal done
        for statement in statements(sql):
            if done == after:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            yield statement

    migrations._statements = counted
    open_database(path, name).close()
    return 0


def _opened_again(path: Path, name: str, wanted: list[str]) -> int:
    """0 when the database is as one made undisturbed."""
    with closing(open_database(path, name)) as connection:
        if migrations.missing_steps(Database(connection), name):
            return 2
        if _shape(connection) != wanted:
            return 3
    return 4 if damage(path, name) else 0


def _shape(connection: pysqlite3.Connection) -> list[str]:
    return [str(row) for row in connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")]


def _forked(work: Callable[[], int]) -> int:
    child = os.fork()
    if not child:
        code = 70
        try:
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="Only at each n-th statement.")
    every = parser.parse_args().every
    kills, problems = 0, []
    for name in NAMES:
        for first in (0, 1):
            with tempfile.TemporaryDirectory() as folder:
                number, wrong = killed_everywhere(Path(folder), name, first=first, every=every)
            kills += number
            problems += wrong
    for problem in problems:
        print(problem)
    print(f"{kills} kills")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
