"""Two writers, and a copy that is made while one writes."""

from __future__ import annotations

import hashlib
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pysqlite3
import pytest

from crawler.archive import Archive
from crawler.backing_up import back_up
from crawler.exits import LOCKED
from crawler.folder import ARCHIVE, NEWS, locked
from crawler.rebuilding import rebuild
from crawler.store import Store
from tests.faults.driving import drive
from tests.faults.small import ARTICLES, counts, register, said, small_web

pytestmark = pytest.mark.crawl

_HOLDS = 8
"""Seconds."""


def test_s04_a_second_crawl_leaves_within_five_seconds_and_touches_nothing(data: Path) -> None:
    def files() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in data.iterdir()}

    with locked(data):
        before = files()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = subprocess.run(
            [sys.executable, "-c", "from crawler.cli import main; main()", "crawl", "--data", str(data)],
            capture_output=True,
            text=True,
            check=False,
        )
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert files() == before
    assert ended.returncode == LOCKED, ended.stderr
    assert "is in use by process" in ended.stderr
    assert now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime < 5  # what it did: the machine may be busy


@pytest.mark.parametrize("file", [ARCHIVE, NEWS])
def test_s05_a_second_writer_that_holds_the_lock_for_eight_seconds_costs_no_item(tmp_path: Path, file: str) -> None:
    data = tmp_path / "data"
    with Archive.open(data / ARCHIVE), Store.open(data / NEWS, register()):
        pass
    with _writing(_HOLDER, data / file, str(_HOLDS)), small_web() as web:
        began = time.monotonic()
        ended = drive(web, data)
        waited = time.monotonic() - began
    assert waited > _HOLDS - 1
    assert ended.outcome == "finished"
    assert "Traceback" not in ended.errors
    assert counts(data)["articles"] == ARTICLES
    assert said(data) == ""


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_s05_a_writer_of_a_file_that_is_being_made_is_waited_for_as_well(tmp_path: Path, mode: str) -> None:
    with closing(pysqlite3.connect(str(tmp_path / ARCHIVE))) as half_made:
        half_made.execute(f"PRAGMA journal_mode = {mode}")
    with _writing(_HOLDER, tmp_path / ARCHIVE, 0.5), Archive.open(tmp_path / ARCHIVE) as archive:
        assert archive.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_s08_a_backup_under_heavy_writing_is_whole_and_restores_into_an_empty_folder(
    data: Path, tmp_path: Path
) -> None:
    with _writing(_WRITER, data):
        before = counts(data)["visits"]
        began = time.monotonic()
        copy = back_up(data, tmp_path / "copies")
        assert time.monotonic() - began < 60
        after = counts(data)["visits"]
    restored = tmp_path / "restored"
    began = time.monotonic()
    shutil.copytree(copy, restored)
    assert said(restored) == ""
    assert time.monotonic() - began < 300
    assert counts(restored)["articles"] == ARTICLES
    assert before <= counts(restored)["visits"] < after
    with small_web() as web:
        drive(web, restored)
    assert rebuild(restored, register()).differing == {}
    assert said(restored) == ""
    assert counts(restored)["articles"] == ARTICLES
    assert not list((tmp_path / "copies").glob("*.part"))


@contextmanager
def _writing(code: str, *arguments: object) -> Iterator[None]:
    """While another program writes; from when it says that it does."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "writing"
        try:
            yield
        finally:
            writer.kill()


_WRITER = """
import sys
from pathlib import Path
from crawler.archive import Archive
from crawler.visits import Visit
with Archive.open(Path(sys.argv[1]) / "archive.db") as archive:
    run = archive.begin_run("writer")
    for n in range(100_000):
        url = f"http://jeden.test/pismo-{n}"
        visit = Visit(office="jeden", purpose="list", url=url, outcome="stored", status=200)
        archive.keep(run, visit, f"{n}".encode() * 500, content_type="text/html")
        if n == 50:
            print("writing", flush=True)
"""
_HOLDER = """
import sys, time
import pysqlite3
connection = pysqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("writing", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
time.sleep(600)
"""
