"""S03: a full disk during a crawl, while publishing, while exporting."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.exits import DISK
from tests.faults.disk import may_mount
from tests.faults.driving import COMMAND, drive, told
from tests.faults.full import COMMANDS, LEFT
from tests.faults.small import ARTICLES, counts, said, small_web

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
