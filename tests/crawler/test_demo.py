"""The main job, whole: the practice web crawled over loopback by the command a user types."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler import registry
from crawler.folder import ARCHIVE, NEWS
from crawler.practice import manifest, offices
from crawler.practice.site import BUNDLED, read_sites
from crawler.rebuilding import rebuild

pytestmark = pytest.mark.crawl

MOVES = {
    "articles": {"last_seen"},
    "runs": None,
    "office_runs": None,
    "progress": None,
}
"""What a second crawl of an unchanged web may change: whole tables (None), or these columns."""

INSTANTS = {
    "articles": {"first_seen", "last_seen", "changed"},
    "revisions": {"seen"},
    "understood": {"capture", "run", "seen"},
    "runs": None,
    "office_runs": None,
    "progress": None,
}
"""What an interruption may change: run ids and the instants of visits."""


def wiesci(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from crawler.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        **options,
    )


def start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "from crawler.cli import main; main()", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One undisturbed demo crawl; tests copy its folder and never write to it."""
    data = tmp_path_factory.mktemp("demo") / "data"
    return data, wiesci("demo", "--no-serve", "--data", str(data))


@pytest.fixture
def copied(first: tuple[Path, Any], tmp_path: Path) -> Path:
    shutil.copytree(first[0], tmp_path / "data")  # no process has it open: its write-ahead log is empty
    return tmp_path / "data"


def tables(data: Path, leave_out: dict[str, set[str] | None]) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of news.db as sorted rows, without what is left out."""
    connection = pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True)
    try:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND name NOT LIKE 'articles_fts%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
            )
        ]
        found = {}
        for name in names:
            hidden = leave_out.get(name, set())
            if hidden is None:
                continue
            columns = [row[1] for row in connection.execute(f"PRAGMA table_xinfo({name})") if row[1] not in hidden]
            rows = connection.execute(f"SELECT {', '.join(f'[{column}]' for column in columns)} FROM {name}")
            found[name] = sorted(rows, key=repr)
        return found
    finally:
        connection.close()


def query(data: Path, sql: str, *values: Any, file: str = NEWS) -> list[tuple[Any, ...]]:
    connection = pysqlite3.connect(f"file:{data / file}?mode=ro", uri=True)
    try:
        return list(connection.execute(sql, values))
    finally:
        connection.close()


def test_the_demo_ends_well_and_says_what_each_office_gave(first: tuple[Path, Any]) -> None:
    _, ended = first
    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = dict(line.split(": ", 1) for line in ended.stdout.splitlines() if ": " in line)
    for office in offices():
        counts = dict(re.findall(r"(\w+) (\d+)", lines[office["id"]]))
        assert set(counts) == {"pages", "teasers", "new", "changed", "same", "dropped", "failed"}
        assert int(counts["new"]) > 0


def test_the_demo_holds_every_article_of_every_manifest(first: tuple[Path, Any]) -> None:
    data, _ = first
    expected = {
        (record["office"], record["expected"]["title"])
        for host in read_sites([BUNDLED])
        for record in manifest(host)
        if record["listed"]
    }
    held = set(query(data, "SELECT office, title FROM articles"))
    assert expected - held == set()
    assert len(expected) >= 60


def test_each_title_day_and_author_of_the_demo_tells_how_it_was_found(first: tuple[Path, Any]) -> None:
    for name in ("title", "published", "author"):
        ((held, told, sure),) = query(
            first[0],
            f"SELECT count({name}), count({name}_method), count({name}_sure) FROM articles WHERE {name} IS NOT NULL",
        )
        assert held > 5, name
        assert (told, sure) == (held, held), name
    assert query(first[0], "SELECT count(*) FROM articles WHERE author IS NOT NULL AND author_raw IS NULL") == [(0,)]
    assert query(first[0], "SELECT count(*) FROM articles WHERE title_raw = title") == [(0,)]


def test_a_second_crawl_of_an_unchanged_web_changes_no_row_but_when_it_was_seen(copied: Path) -> None:
    before = tables(copied, MOVES)
    ended = wiesci("demo", "--no-serve", "--data", str(copied))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert tables(copied, MOVES) == before
    assert query(copied, "SELECT count(*) FROM runs") == [(2,)]
    assert query(
        copied, "SELECT sum(new + changed), sum(same) > 60 FROM office_runs WHERE run > (SELECT min(id) FROM runs)"
    ) == [(0, 1)]


def test_a_changed_web_gives_revisions_and_nothing_else_moves(copied: Path) -> None:
    ended = wiesci("demo", "--no-serve", "--after", "druga", "--data", str(copied))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    ((new, changed),) = query(
        copied, "SELECT sum(new), sum(changed) FROM office_runs WHERE run > (SELECT min(id) FROM runs)"
    )
    assert (new, changed) == (1, 2)
    assert query(copied, "SELECT count(*) FROM revisions WHERE changes != '[]'") == [(2,)]


def test_a_rebuild_gives_every_table_as_the_crawl_did(copied: Path) -> None:
    wiesci("demo", "--no-serve", "--after", "druga", "--data", str(copied))
    before = tables(copied, {})
    rebuilt = rebuild(copied, registry.load(practice=offices()))
    assert rebuilt.differing == {}
    assert rebuilt.captures > 60
    assert tables(copied, {}) == before


def test_a_crawl_killed_at_any_moment_goes_on_to_the_same_rows(first: tuple[Path, Any], tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = 0
    for wanted in (1, 50):
        process = start("demo", "--no-serve", "--data", str(data))
        kept = captures_reach(data, max(wanted, kept + 1), process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    ended = wiesci("demo", "--no-serve", "--data", str(data))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert tables(data, INSTANTS) == tables(first[0], INSTANTS)
    assert query(data, "SELECT count(*) > 1 FROM runs") == [(1,)]


def test_an_interrupted_crawl_ends_cleanly_and_the_next_one_completes_it(
    first: tuple[Path, Any], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    process = start("demo", "--no-serve", "--data", str(data))
    captures_reach(data, 30, process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 3
    assert query(data, "SELECT outcome FROM runs") == [("interrupted",)]
    ended = wiesci("demo", "--no-serve", "--data", str(data))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert tables(data, INSTANTS) == tables(first[0], INSTANTS)


def test_a_second_run_leaves_at_once_naming_the_first(tmp_path: Path) -> None:
    """And Ctrl-C, which reaches the whole group, ends the first while its web is still there."""
    data = tmp_path / "data"
    process = start("demo", "--no-serve", "--data", str(data), process_group=0)
    try:
        captures_reach(data, 1, process)
        ended = wiesci("demo", "--no-serve", "--data", str(data))
        assert ended.returncode == 4
        assert f"process {process.pid}" in ended.stderr
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) == 3
    finally:
        process.kill()
        process.wait()
    unreached = "SELECT office, url FROM visits WHERE outcome = 'connection_failed' AND office != 'practice-zly'"
    assert query(data, unreached, file=ARCHIVE) == []


def captures_reach(data: Path, wanted: int, process: subprocess.Popen[bytes]) -> int:
    """Wait until the archive holds so many captures (or the process has ended); how many it holds."""
    kept = 0
    while process.poll() is None:
        if (data / ARCHIVE).exists():
            try:
                connection = pysqlite3.connect(f"file:{data / ARCHIVE}?mode=ro", uri=True, timeout=5)
                (kept,) = connection.execute("SELECT count(*) FROM captures").fetchone()
                connection.close()
            except pysqlite3.OperationalError:  # its tables are being made
                kept = 0
            if kept >= wanted:
                break
        os.sched_yield()
        time.sleep(0.005)
    return kept
