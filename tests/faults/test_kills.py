"""The short form of the troubles; `python -m tests.faults.kills --how kill --rounds 300` is the long one."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.faults.disk import may_mount

pytestmark = pytest.mark.crawl


def rounds(how: str, number: int, seed: int) -> str:
    """In a process of its own, which forks: not this one, with whatever threads it has."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", "--how", how, "--rounds", str(number), "--seed", str(seed)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert re.match(rf"{number} rounds of {how}, ", ended.stdout)
    assert ended.stdout.rstrip().endswith("; 0 problems")
    return ended.stdout


def test_s01_a_killed_crawl_loses_nothing_and_is_completed_to_the_same_rows() -> None:
    assert "midway" in rounds("kill", 2, 11)


def test_a_crawl_told_to_end_does_so_within_ten_seconds_and_the_next_one_completes_it() -> None:
    assert "interrupted" in rounds("term", 2, 11)


@pytest.mark.skipif(not may_mount(), reason="this system lets no process mount a small disk of its own")
def test_s03_a_disk_that_is_full_at_any_instant_stops_the_crawl_cleanly() -> None:
    assert "stopped" in rounds("full", 1, 11)


def test_s05_another_writer_at_any_instant_costs_no_item() -> None:
    assert "well" in rounds("locked", 1, 11)
