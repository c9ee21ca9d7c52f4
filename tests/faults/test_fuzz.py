"""The short forms of the fuzzing; `python -m tests.faults.fuzz` and `tests.faults.fuzzed` are the long ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fuzz import fuzz
from tests.faults.fuzzed import crawled


def test_mutated_input_raises_nothing_takes_no_time_and_little_memory() -> None:
    found = fuzz(350, 7)
    assert found.problems == []
    assert found.ends.total() == 350
    assert len({kind for kind, _ in found.ends}) == 7
    assert found.ends["page", "article"] > 20
    assert found.megabytes < 500


@pytest.mark.crawl
def test_mutated_answers_all_the_way_raise_nothing_and_lose_no_address(tmp_path: Path) -> None:
    crawl = crawled(8, 7, tmp_path)
    assert crawl.problems == []
    assert crawl.outcomes["article", "stored"] > 20
    assert any(purpose == "sitemap" for purpose, _ in crawl.outcomes)
    assert len({outcome for _, outcome in crawl.outcomes}) > 3
