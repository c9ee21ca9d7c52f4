"""S03: a full disk during a crawl, while publishing, while exporting."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler import operating, registry
from crawler.cli import main
from crawler.commands import upkeep
from crawler.contact import VARIABLE
from crawler.exits import DISK, UNUSABLE
from crawler.folder import NEWS
from tests.faults.disk import may_mount
from tests.faults.driving import COMMAND, drive, told
from tests.faults.full import COMMANDS, LEFT
from tests.faults.small import ARTICLES, counts, register, said, small_web

pytestmark = pytest.mark.crawl


def test_s03_files_that_may_not_grow_stop_the_crawl_cleanly_and_the_next_one_completes_it(tmp_path: Path) -> None:
    data = tmp_path / "data"

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    with small_web() as web:
        ended = subprocess.run(
            COMMAND, input=told(web, data), capture_output=True, text=True, check=False, preexec_fn=full
        )
        assert ended.returncode != 0
        assert "free some space" in ended.stderr, ended.stderr
        whole = drive(web, data)
    assert counts(whole.data)["articles"] == ARTICLES
    assert said(whole.data) == ""


REBUILD = """
import os, signal
from crawler import registry
from crawler.cli import main
from crawler.store import Store
from tests.faults.small import register
known = register()
registry.load = lambda practice=(): known
saved, save = [], Store.save
def counted(*told, **named):
    saved.append(told)
    if len(saved) == {stopped_at}:
        os.kill(os.getpid(), signal.SIGTERM)
    return save(*told, **named)
Store.save = counted
main()
"""


@pytest.mark.parametrize("largest", [500_000, 700_000])
def test_a_rebuild_that_finds_no_room_says_so_in_one_line_and_leaves_nothing_of_it(data: Path, largest: int) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    before = (data / NEWS).read_bytes()
    assert len(before) > largest
    code = REBUILD.format(stopped_at=0)
    command = [sys.executable, "-c", code, "rebuild", "--data", str(data)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=full)
    assert ended.returncode == DISK, ended.stderr
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert "free some space" in ended.stderr
    assert [*data.glob(f"{NEWS}.*")] == []
    assert (data / NEWS).read_bytes() == before


@pytest.mark.parametrize("stopped_at", [1, ARTICLES // 2, ARTICLES])
def test_a_rebuild_that_is_interrupted_leaves_nothing_of_it(data: Path, stopped_at: int) -> None:
    before = (data / NEWS).read_bytes()
    code = REBUILD.format(stopped_at=stopped_at)
    command = [sys.executable, "-c", code, "rebuild", "--data", str(data)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (UNUSABLE, "wiesci: interrupted; what was committed stays\n")
    assert [*data.glob(f"{NEWS}.*")] == []
    assert (data / NEWS).read_bytes() == before


@pytest.mark.parametrize("command", ["rebuild", "crawl"])
def test_what_a_killed_rebuild_left_goes_before_anything_else_is_done(
    data: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No contact is set: the crawl asks no one for anything."""
    known = register()
    monkeypatch.setattr(registry, "load", lambda practice=(): known)
    monkeypatch.delenv(VARIABLE, raising=False)
    for left in (f"{NEWS}.new", f"{NEWS}.new-wal", f"{NEWS}.new-shm"):
        (data / left).write_bytes(b"half")
    monkeypatch.setattr(upkeep, "register_of", _stopping)
    monkeypatch.setattr(operating, "_must_belong", _stopping)
    with pytest.raises(AssertionError, match="looked at"):
        CliRunner().invoke(main, [command, "--data", str(data)], catch_exceptions=False)
    assert [*data.glob(f"{NEWS}.*")] == []


def _stopping(*_: object) -> None:
    raise AssertionError("the databases are looked at")


@pytest.mark.skipif(not may_mount(), reason="this system lets no process mount a small disk of its own")
def test_s03_a_full_disk_leaves_what_was_published_and_exported_before(data: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.full", str(data)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert len(told) == len(COMMANDS) * (len(LEFT) + 1)
    for one in told:
        if one["left"] is None:  # with enough room, before and after
            assert one["code"] == 0, one
        else:
            assert one["code"] == DISK, one
            assert one["said"].startswith("wiesci: "), one
            assert "ree some space" in one["said"], one
            assert one["same"], one
