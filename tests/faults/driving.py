"""A crawl in a process of its own, which says whom it connected to, what memory it took, how long it stood still."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pysqlite3

from crawler import registry
from crawler.archive import Archive
from crawler.crawling import crawl, practice_settings, settings_with
from crawler.folder import ARCHIVE, NEWS
from crawler.instants import now
from crawler.outcomes import CONFIRMING
from crawler.run import Limits, Run
from crawler.servers import Server
from tests import memory
from tests.faults.web import FaultWeb

COMMAND = [sys.executable, "-m", "tests.faults.driving"]
PAGES = 5
SETTINGS: dict[str, Any] = {"DOWNLOAD_TIMEOUT": 30, "WIESCI_TIME_SCALE": 0.1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}


@dataclass(frozen=True)
class Ended:
    """What a crawl said of itself, and the folder it left."""

    data: Path
    outcome: str
    connections: list[tuple[str, int]]
    megabytes: int
    stood_still: float
    errors: str

    def visits(self, url: str, purpose: str = "article") -> list[dict[str, Any]]:
        """Attempts at exactly this spelling, of the last run."""
        with Archive.open(self.data / ARCHIVE) as archive:
            (run,) = archive._db.execute("SELECT max(id) FROM runs").fetchone()
            return [
                visit
                for visit in archive.visits(url)
                if visit["url"] == url and visit["purpose"] == purpose and visit["run"] == run
            ]

    def end(self, url: str, purpose: str = "article") -> str:
        """The one word in which the address ended: of its only visit, and where a page was kept, of its reading."""
        visits = self.visits(url, purpose)
        assert len(visits) == 1, f"{url}: {len(visits)} ends"
        word: str = visits[0]["outcome"]
        if word not in CONFIRMING or purpose != "article":
            return word
        ((outcome,),) = self.rows("SELECT outcome FROM understood WHERE capture = ?", visits[0]["capture"])
        return "stored" if outcome == "article" else str(outcome)

    def rows(self, sql: str, *values: Any, file: str = NEWS) -> list[tuple[Any, ...]]:
        connection = pysqlite3.connect(f"file:{self.data / file}?mode=ro", uri=True)
        try:
            return list(connection.execute(sql, values))
        finally:
            connection.close()

    def titles(self, host: str) -> list[str]:
        return [
            title
            for (title,) in self.rows("SELECT title FROM articles WHERE office = ? ORDER BY 1", host.partition(".")[0])
        ]


def drive(
    web: FaultWeb,
    data: Path,
    *,
    only: Collection[str] = (),
    groups: Collection[str] = (),
    days: int = 0,
    deep: bool = False,
    time_out: float = 240,
    environment: Mapping[str, str] | None = None,
    **settings: Any,
) -> Ended:
    """Crawl the fault web's offices, or only those of these ids; `days`: so much later than now; `deep`: to the end.

    `groups`: names under which all hosts are one server.
    """
    process = subprocess.run(
        COMMAND,
        input=told(web, data, only=only, groups=groups, days=days, deep=deep, settings=settings),
        capture_output=True,
        text=True,
        timeout=time_out,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    assert process.returncode == 0, process.stderr
    said = json.loads(process.stdout.splitlines()[-1])
    return Ended(
        data=data,
        outcome=said["outcome"],
        connections=[tuple(one) for one in said["connections"]],
        megabytes=said["megabytes"],
        stood_still=said["stood_still"],
        errors=process.stderr,
    )


def told(
    web: FaultWeb,
    data: Path,
    *,
    only: Collection[str] = (),
    groups: Collection[str] = (),
    days: int = 0,
    deep: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> str:
    """What COMMAND is to be told on its standard input."""
    return json.dumps(
        {
            "data": str(data),
            "port": web.port,
            "offices": [line for line in web.offices if not only or line["id"] in only],
            "groups": list(groups),
            "days": days,
            "deep": deep,
            "settings": SETTINGS | dict(settings or {}),
        }
    )


def _main() -> None:
    asked = json.loads(sys.stdin.read())
    connections: set[tuple[str, int]] = set()
    longest = [0.0]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            connections.add((str(arguments[1][0]), int(arguments[1][1])))

    sys.addaudithook(watch)
    groups = {name: Server(name=name) for name in asked["groups"]}
    register = replace(registry.load(practice=asked["offices"]), servers=groups)
    later = timedelta(days=asked["days"])
    with Run(
        data=Path(asked["data"]),
        register=register,
        command="fault test",
        clock=lambda: now() + later,
        limits=Limits(list_pages=PAGES, deep=asked["deep"]),
    ) as run:
        settings = settings_with({**practice_settings(asked["port"]), **asked["settings"]})
        last = [0.0]

        def tick() -> None:
            by_cpu = time.thread_time()  # what the thread did itself: other work on the machine does not count
            if last[0]:
                longest[0] = max(longest[0], by_cpu - last[0])
            last[0] = by_cpu if connections else 0.0  # the start of the workers is not counted
            asyncio.get_event_loop().call_later(0.02, tick)

        asyncio.get_event_loop().call_soon(tick)
        outcome = crawl(run, register.select(), settings)
    print(
        json.dumps(
            {
                "outcome": outcome,
                "connections": sorted(connections),
                "megabytes": memory.peak(),
                "stood_still": round(longest[0], 3),
            }
        )
    )


if __name__ == "__main__":
    _main()
