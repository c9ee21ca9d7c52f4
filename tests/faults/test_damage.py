"""Damage, loss and crashes of the databases: a real crawl's folder is hurt, and what is said of it is looked at."""

from __future__ import annotations

import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler import registry
from crawler.archive import Archive
from crawler.backing_up import back_up
from crawler.database import DatabaseProblem
from crawler.rebuilding import rebuild
from crawler.run import ARCHIVE, NEWS
from crawler.sealing import sealed
from crawler.store import Store
from crawler.verifying import verify
from tests.faults.driving import Ended, drive
from tests.faults.web import FaultWeb, story

pytestmark = pytest.mark.crawl

ARTICLES = 24


def small_web() -> FaultWeb:
    web = FaultWeb()
    for host in ("jeden.test", "dwa.test"):
        web.site(host, {f"/news,{n},x.html": story(f"{host[:3]}-{n}") for n in range(ARTICLES // 2)})
    return web


def register() -> registry.Register:
    return registry.load(practice=small_web().offices)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    with small_web() as web:
        return drive(web, tmp_path_factory.mktemp("damage") / "data")


@pytest.fixture
def data(crawled: Ended, tmp_path: Path) -> Path:
    shutil.copytree(crawled.data, tmp_path / "data")
    return tmp_path / "data"


def said(data: Path) -> str:
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


def test_a_whole_folder_is_found_whole(data: Path) -> None:
    assert counts(data)["articles"] == ARTICLES
    assert said(data) == ""


@pytest.mark.parametrize(
    ("file", "sql", "named"),
    [
        (NEWS, "UPDATE articles SET title = 'Inny' WHERE id = (SELECT min(id) FROM articles)", "articles"),
        (NEWS, "UPDATE blocks SET text = text || ' ' WHERE position = 1", "articles"),
        (NEWS, "UPDATE offices SET name = 'X'", "offices"),
        (NEWS, "DELETE FROM understood WHERE capture = 3", "articles"),
        (ARCHIVE, "UPDATE visits SET at = '2026-01-01' WHERE sequence = 7", "visits: 7"),
        (ARCHIVE, "DELETE FROM visits WHERE sequence = 9", "visits: 9 (1 rows written, 0 there)"),
        (ARCHIVE, "UPDATE captures SET url = 'x' WHERE id = 2", "captures: 2"),
        (ARCHIVE, "UPDATE sightings SET title = 'x'", "sightings"),
        (ARCHIVE, "UPDATE bodies SET zstd = x'00' WHERE id = 3", "body 3"),
        (ARCHIVE, "UPDATE bodies SET zstd = (SELECT zstd FROM bodies WHERE id = 5) WHERE id = 4", "body 4"),
    ],
)
def test_a_change_that_no_writer_made_is_named(data: Path, file: str, sql: str, named: str) -> None:
    change(data / file, sql)
    assert named in said(data)
    assert "integrity" not in said(data)


def test_a_search_index_that_has_lost_an_article_is_named(data: Path) -> None:
    change(data / NEWS, "DELETE FROM articles_fts_data WHERE id > 10")
    assert "search index" in said(data)


def test_no_scribble_that_changes_a_row_goes_unseen(data: Path, tmp_path: Path) -> None:
    chance = random.Random(4)
    rows = content(data)
    found = 0
    for _ in range(40):
        hurt = tmp_path / "hurt"
        shutil.copytree(data, hurt)
        file = hurt / chance.choice((ARCHIVE, NEWS))
        letters = bytearray(file.read_bytes())
        at = chance.randrange(4096, len(letters) - 8)
        while not bytes(letters[at : at + 8]).isalpha():
            at = chance.randrange(4096, len(letters) - 8)
        letters[at : at + 4] = b"\x00\xff\x01Z"
        file.write_bytes(letters)
        if verify(hurt):
            found += 1
        else:  # it hit what is left in a page of a row that has moved, or the words of a table's definition
            assert content(hurt) == rows
        shutil.rmtree(hurt)
    assert found >= 15


def content(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the log and of the news, bodies and all."""
    found = {}
    for file, steps in ((ARCHIVE, "archive"), (NEWS, "news")):
        with closing(pysqlite3.connect(f"file:{data / file}?mode=ro", uri=True)) as connection:
            for table in sealed(connection, steps):
                found[table.table] = list(connection.execute(f'SELECT * FROM "{table.table}"'))
    return found


def test_a_corrupted_news_database_is_made_anew_from_the_archive(data: Path) -> None:
    before = counts(data)
    content = bytearray((data / NEWS).read_bytes())
    content[200:40_000] = bytes(39_800)
    (data / NEWS).write_bytes(content)
    assert "wiesci rebuild" in said(data)
    rebuild(data, register())
    assert said(data) == ""
    assert counts(data) == before
    assert (data / f"{NEWS}.damaged").exists()


def test_s06_a_lost_log_of_the_archive_is_reported_and_the_next_crawl_has_everything(
    crawled: Ended, tmp_path: Path
) -> None:
    """Both databases as a crash leaves them: the last commits stand in the -wal files."""
    with small_web() as web:
        live = _killed_after(web, tmp_path / "live", captures=12)
        for cut in (0.0, 0.5):
            hurt = tmp_path / f"hurt-{cut}"
            shutil.copytree(live, hurt)
            log = hurt / f"{ARCHIVE}-wal"
            assert log.stat().st_size > 0
            log.write_bytes(log.read_bytes()[: int(log.stat().st_size * cut)])
            report = said(hurt)
            assert "visits" in report or "captures" in report or "bodies" in report, report or "nothing was reported"
        whole = tmp_path / "whole"
        shutil.copytree(live, whole)
        assert said(whole) == ""
        drive(web, whole)
    assert counts(whole)["articles"] == ARTICLES
    assert said(whole) == ""


def test_s08_a_backup_under_heavy_writing_is_whole_and_restores_into_an_empty_folder(
    crawled: Ended, data: Path, tmp_path: Path
) -> None:
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(data)], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "writing"
        began = time.monotonic()
        copy = back_up(data, tmp_path / "copies")
        assert time.monotonic() - began < 60
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()  # type: ignore[union-attr]
    restored = tmp_path / "restored"
    shutil.copytree(copy, restored)
    assert said(restored) == ""
    assert counts(restored)["articles"] == ARTICLES
    assert counts(restored)["visits"] >= counts(crawled.data)["visits"]
    with small_web() as web:
        drive(web, restored)
    assert rebuild(restored, register()).differing == {}
    assert said(restored) == ""
    assert counts(restored)["articles"] == ARTICLES
    assert not list((tmp_path / "copies").glob("*.part"))


def test_a_backup_of_a_damaged_folder_is_refused_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    change(data / ARCHIVE, "UPDATE visits SET at = '2026-01-01' WHERE sequence = 7")
    with pytest.raises(DatabaseProblem, match="visits: 7"):
        back_up(data, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


def test_s09_a_database_of_a_newer_version_is_left_as_it_is(data: Path) -> None:
    change(data / ARCHIVE, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                           " VALUES ('archive', 'archive_9999', '2030-01-01')")  # fmt: skip
    before = (data / ARCHIVE).read_bytes()
    with pytest.raises(DatabaseProblem, match="newer version"):
        Archive.open(data / ARCHIVE)
    assert (data / ARCHIVE).read_bytes() == before


def test_s09_a_migration_that_was_killed_is_completed_by_the_next_start(tmp_path: Path) -> None:
    for number in range(6):
        path = tmp_path / f"{number}" / ARCHIVE
        opened = subprocess.Popen([sys.executable, "-c", _OPENER, str(path)], stdout=subprocess.PIPE, text=True)
        assert opened.stdout is not None
        opened.stdout.readline()
        time.sleep(number * 0.004)  # a moment within the steps
        opened.send_signal(signal.SIGKILL)
        opened.wait()
        opened.stdout.close()
        with Archive.open(path) as archive:
            archive.begin_run("test")


def test_s03_a_full_disk_stops_the_crawl_cleanly_and_the_next_one_completes_it(tmp_path: Path) -> None:
    with small_web() as web:
        told = tmp_path / "data"
        ended = _driven(web, told, most_bytes=400_000)
        assert "DatabaseProblem" in ended.stderr, ended.stderr
        assert "free some space" in ended.stderr
        assert ended.returncode != 0
        whole = drive(web, told)
    assert counts(whole.data)["articles"] == ARTICLES
    assert said(whole.data) == ""


def test_s05_a_second_writer_that_holds_the_lock_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Archive.open(data / ARCHIVE):
        pass
    with Store.open(data / NEWS, register()):
        pass
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, str(data / ARCHIVE)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with small_web() as web:
            drive(web, data)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()  # type: ignore[union-attr]
    assert counts(data)["articles"] == ARTICLES


def _driven(web: FaultWeb, data: Path, *, most_bytes: int) -> subprocess.CompletedProcess[str]:
    """A crawl whose files may not grow beyond so many bytes: as full as a disk can be, for this process alone."""
    import json

    from tests.faults.driving import SETTINGS

    told = {"data": str(data), "port": web.port, "offices": web.offices, "days": 0, "settings": SETTINGS}

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return subprocess.run(
        [sys.executable, "-m", "tests.faults.driving"],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=full,
    )


def _killed_after(web: FaultWeb, data: Path, *, captures: int) -> Path:
    import json

    from tests.faults.driving import SETTINGS

    told = {"data": str(data), "port": web.port, "offices": web.offices, "days": 0, "settings": SETTINGS}
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.driving"], stdin=subprocess.PIPE, text=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps(told))
    process.stdin.close()
    for _ in _until(process):
        if (data / NEWS).exists() and _understood(data) >= captures:
            break
    process.kill()
    process.wait()
    return data


def _until(process: subprocess.Popen[str]) -> Iterator[None]:
    while process.poll() is None:
        yield
        time.sleep(0.005)


def _understood(data: Path) -> int:
    try:
        with closing(pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True, timeout=5)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM understood").fetchone()
            return int(count)
    except pysqlite3.OperationalError:  # its tables are being made
        return 0


_WRITER = """
import sys
from pathlib import Path
from crawler.archive import Archive, Visit
with Archive.open(Path(sys.argv[1]) / "archive.db") as archive:
    run = archive.begin_run("writer")
    for n in range(100_000):
        url = f"http://jeden.test/pismo-{n}"
        visit = Visit(office="jeden", purpose="list", url=url, outcome="stored", status=200)
        archive.keep(run, visit, f"{n}".encode() * 500, content_type="text/html")
        if n == 50:
            print("writing", flush=True)
"""
_OPENER = """
import sys
from pathlib import Path
from crawler.archive import Archive
print("now", flush=True)
Archive.open(Path(sys.argv[1]))
"""
_HOLDER = """
import sys, time
import pysqlite3
connection = pysqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(4)
connection.execute("COMMIT")
time.sleep(60)
"""
