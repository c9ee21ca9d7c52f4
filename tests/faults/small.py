"""Two small offices, the folder that a crawl of them leaves, and ways to look at it and to hurt it."""

from __future__ import annotations

import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3

from crawler import registry
from crawler.folder import ARCHIVE, NEWS
from crawler.verifying import verify
from tests.faults.driving import COMMAND, told
from tests.faults.web import FaultWeb, story

ARTICLES = 24


def small_web() -> FaultWeb:
    web = FaultWeb()
    for host in ("jeden.test", "dwa.test"):
        web.site(host, {f"/news,{n},x.html": story(f"{host[:3]}-{n}") for n in range(ARTICLES // 2)})
    return web


def register() -> registry.Register:
    return registry.load(practice=small_web().offices)


def said(data: Path) -> str:
    """What `wiesci verify` says of it."""
    return "\n".join(map(str, verify(data)))


def change(path: Path, sql: str, *values: Any) -> None:
    """As another program would: without the crawler's triggers."""
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute(sql, values)


def counts(data: Path) -> dict[str, int]:
    found = {}
    for file, tables in ((ARCHIVE, ("captures", "visits", "bodies")), (NEWS, ("articles", "blocks", "understood"))):
        with closing(pysqlite3.connect(f"file:{data / file}?mode=ro", uri=True)) as connection:
            for table in tables:
                (found[table],) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return found


def killed_after(web: FaultWeb, data: Path, *, captures: int) -> Path:
    """The folder of a crawl that was killed when it had understood so many captures."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write(told(web, data))
        process.stdin.close()
        while process.poll() is None and _understood(data) < captures:
            time.sleep(0.005)
        process.kill()
    return data


def _understood(data: Path) -> int:
    if not (data / NEWS).exists():
        return 0
    try:
        with closing(pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True, timeout=5)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM understood").fetchone()
            return int(count)
    except pysqlite3.OperationalError:  # its tables are being made
        return 0
