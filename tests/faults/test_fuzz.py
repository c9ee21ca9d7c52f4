"""The short form of the fuzzing; `python -m tests.faults.fuzz --rounds 20000` is the long one."""

from __future__ import annotations

from tests.faults.fuzz import fuzz


def test_mutated_input_raises_nothing_takes_no_time_and_little_memory() -> None:
    found = fuzz(350, 7)
    assert found.problems == []
    assert found.ends.total() == 350
    assert len({kind for kind, _ in found.ends}) == 6
    assert found.ends["page", "article"] > 20
    assert found.megabytes < 500
