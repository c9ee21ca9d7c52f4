"""Damage, loss and crashes of the databases: a real crawl's folder is hurt, and what is said of it is looked at."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from click.testing import CliRunner
from sqlite_utils import Database, Migrations

from crawler import registry
from crawler.archive import Archive
from crawler.backing_up import back_up
from crawler.cli import main
from crawler.database import DatabaseProblem
from crawler.folder import ARCHIVE, NEWS
from crawler.rebuilding import rebuild
from crawler.sealing import sealed
from crawler.store import Store
from crawler.verifying import ABSENT, UNMADE, verify
from tests.crawler.test_archive import flipped
from tests.faults.driving import drive
from tests.faults.small import ARTICLES, change, counts, killed_after, register, said, small_web

pytestmark = pytest.mark.crawl


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
        if said(hurt):
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


def _with_noise(content: bytes, *pages: int) -> bytes:
    noisy = bytearray(content)
    for page in pages:
        noisy[page * 4096 : (page + 1) * 4096] = random.Random(page).randbytes(4096)
    return bytes(noisy)


@pytest.mark.parametrize(
    "hurt",
    [
        lambda content: bytes(100) + content[100:],
        lambda content: _with_noise(content, 0),
        lambda content: _with_noise(content, 1, 2, 3),
        lambda content: _with_noise(content, *range(4, len(content) // 4096)),
        lambda content: content[:10],
        lambda content: content[: 3 * 4096 + 100],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
    ],
    ids=["header", "page 0", "pages 1-3", "all but the first pages", "10 bytes", "3 pages", "half", "nothing"],
)
def test_the_command_rebuilds_a_news_database_however_it_was_damaged(
    data: Path, hurt: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = register()
    monkeypatch.setattr(registry, "load", lambda practice=(): known)
    before = counts(data)
    (data / NEWS).write_bytes(hurt((data / NEWS).read_bytes()))
    assert said(data) != ""
    ended = CliRunner().invoke(main, ["rebuild", "--data", str(data)])
    assert ended.exit_code == 0, ended.output
    assert said(data) == ""
    assert counts(data) == before


def test_a_rebuild_makes_nothing_of_a_page_that_is_not_the_one_received(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = register()
    monkeypatch.setattr(registry, "load", lambda practice=(): known)
    with closing(pysqlite3.connect(str(data / ARCHIVE))) as archive:
        hurt, url, packed = archive.execute(
            "SELECT b.id, c.requested_url, b.zstd FROM captures c JOIN bodies b ON b.sha256 = c.body"
            " WHERE c.purpose = 'article' ORDER BY c.id LIMIT 1 OFFSET 9"
        ).fetchone()
    change(data / ARCHIVE, "UPDATE bodies SET zstd = ? WHERE id = ?", flipped(packed), hurt)
    before = (data / NEWS).read_bytes()
    ended = CliRunner().invoke(main, ["rebuild", "--data", str(data)])
    assert ended.exit_code == 5, ended.output
    assert url in ended.output
    assert "wiesci restore" in ended.output
    assert (data / NEWS).read_bytes() == before


def test_a_news_database_that_is_in_use_is_no_damaged_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = register()
    monkeypatch.setattr(registry, "load", lambda practice=(): known)
    problem = DatabaseProblem("locked")
    problem.__cause__ = pysqlite3.OperationalError("database is locked")
    monkeypatch.setattr(Store, "timed_out", _raising(problem))
    before = (data / NEWS).read_bytes()
    ended = CliRunner().invoke(main, ["rebuild", "--data", str(data)])
    assert ended.exit_code == 5
    assert (data / NEWS).read_bytes() == before
    assert not (data / f"{NEWS}.damaged").exists()


def _raising(problem: Exception) -> Callable[[object], None]:
    def ask(_: object) -> None:
        raise problem

    return ask


def test_s06_a_lost_log_of_the_archive_is_reported_and_the_next_crawl_has_everything(tmp_path: Path) -> None:
    """Both databases as a crash leaves them: the last commits stand in the -wal files."""
    with small_web() as web:
        live = killed_after(web, tmp_path / "live", captures=12)
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


def test_a_backup_of_a_damaged_folder_is_refused_and_leaves_nothing(data: Path, tmp_path: Path) -> None:
    change(data / ARCHIVE, "UPDATE visits SET at = '2026-01-01' WHERE sequence = 7")
    with pytest.raises(DatabaseProblem, match="visits: 7"):
        back_up(data, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_folder_whose_first_crawl_was_killed_while_it_made_the_tables_is_not_called_damaged(tmp_path: Path) -> None:
    with closing(pysqlite3.connect(str(tmp_path / ARCHIVE))) as connection:
        Migrations("archive").apply(Database(connection))
    assert [one.what for one in verify(tmp_path)] == [UNMADE, ABSENT]
    with Archive.open(tmp_path / ARCHIVE):
        pass
    assert [one.what for one in verify(tmp_path)] == [ABSENT]


def test_a_database_killed_with_its_first_step_half_written_is_not_called_damaged(tmp_path: Path) -> None:
    with closing(pysqlite3.connect(str(tmp_path / "begun"), isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 5")  # what does not fit is written, with a journal to take it back
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE begun (words TEXT)")
        connection.executemany("INSERT INTO begun VALUES (?)", [("słowa" * 500,)] * 200)
        for killed in (ARCHIVE, NEWS):
            shutil.copy(tmp_path / "begun", tmp_path / killed)
            shutil.copy(tmp_path / "begun-journal", tmp_path / f"{killed}-journal")
    assert [one.what for one in verify(tmp_path)] == [UNMADE, UNMADE]
    with Archive.open(tmp_path / ARCHIVE) as archive, Store.open(tmp_path / NEWS, register()) as store:
        store.catch_up(archive)
    assert verify(tmp_path) == []


def test_an_archive_that_has_lost_all_its_tables_is_not_taken_for_a_new_one(data: Path) -> None:
    (data / ARCHIVE).unlink()
    with closing(pysqlite3.connect(str(data / ARCHIVE))) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert "missing altogether" in said(data)
