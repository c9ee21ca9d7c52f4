"""The short form of the kills; `python -m tests.faults.kills --rounds 300` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.kills import kill


@pytest.mark.crawl
def test_s01_a_killed_crawl_loses_nothing_and_is_completed_to_the_same_rows(tmp_path: Path) -> None:
    killed = kill(3, 11, tmp_path)
    assert killed.rounds == 3
    assert killed.problems == []
