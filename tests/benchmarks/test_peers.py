"""The table of the peers: what it promises, and that it is in step with the scores that the suite guards."""

from __future__ import annotations

import json

import pytest

from tests.benchmarks.peers import TABLE, behind, compare_words, read_table, table
from tests.benchmarks.reading import BARE, CRAWL, lines
from tests.evaluation import PINNED, Score

SAME = ("title", "published", "language", "text lines")
"""Fields that the table and the pinned scores measure alike."""
BEHIND: set[str] = set()
"""Fields in which a peer is ahead, each with its reason."""


def test_no_peer_is_ahead_where_it_is_not_written_down() -> None:
    cells = read_table(TABLE.read_text(encoding="utf-8"))
    assert len({program for _, program in cells} - {CRAWL, BARE}) == 4
    assert {line.partition(":")[0] for line in behind(cells)} <= BEHIND


def test_the_table_is_in_step_with_the_pinned_scores() -> None:
    if not PINNED.exists():
        pytest.skip(f"{PINNED.name} is not there: python -m tests.evaluation --pin")
    pinned = json.loads(PINNED.read_text(encoding="utf-8"))
    cells = read_table(TABLE.read_text(encoding="utf-8"))
    for name in SAME:
        assert cells[name, CRAWL] == pytest.approx(
            [pinned[name][key] for key in ("precision", "recall", "f1")], abs=0.002
        )


def test_a_peer_that_is_as_good_or_more_complete_is_named() -> None:
    cells = {
        ("title", CRAWL): (1.0, 0.9, 0.947),
        ("title", BARE): (1.0, 1.0, 1.0),
        ("title", "other"): (0.5, 1.0, 0.667),
    }
    (named,) = behind(read_table("\n".join(table(cells))))
    assert "as crawled" in named


def test_lines_lose_their_bullets_and_the_rows_of_a_table_are_one_line() -> None:
    assert lines("- kursy,\n• staże\n\n| Nabór | Kwota |\n| 1 | 2 |\n") == [
        "kursy,",
        "staże",
        "| Nabór | Kwota | | 1 | 2 |",
    ]


def test_words_are_counted_wherever_lines_are_cut_and_plates_count_for_nobody() -> None:
    score = Score()
    compare_words(
        score, "", ["nabor trwa do piatku"], ["nabor trwa", "do soboty", "projekt unijny"], ["projekt unijny"]
    )
    assert (score.right, score.wrong, score.missed) == (3, 1, 1)
