"""The short form of the year; `python -m tests.year --days 365` is the long one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler.folder import NEWS
from tests.year.history import START
from tests.year.offices import PROFILES
from tests.year.year import Year, scheduled, simulate

pytestmark = pytest.mark.crawl

SEED = 1
NUMBERED: dict[str, set[str]] = {"understood": {"capture"}, "office_runs": {"signs", "detail"}, "progress": {"value"}}
"""What depends on who answers first: the numbers of captures and of visits; what a failure says in its own words."""


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A week of spring: the first crawl, and what happens at the eight offices in the days after."""
    return simulate(tmp_path_factory.mktemp("week"), instants=scheduled(first=96, length=6, seed=SEED), seed=SEED)


def test_what_a_visit_could_show_is_in_the_database_and_nothing_else_is(week: Year) -> None:
    assert week.judgement.problems == []
    assert week.judgement.late == []
    assert sum(tally.observed for tally in week.judgement.tallies.values()) >= 15


def test_no_more_is_asked_for_than_is_due(week: Year) -> None:
    asked, due = (sum(getattr(day, name) for day in week.days.values()) for name in ("asked", "due"))
    assert asked <= 1.05 * due
    assert {day: one.ratio for day, one in week.days.items() if one.ratio > 1.2} == {}


def tables(data: Path) -> dict[str, list[tuple[Any, ...]]]:
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
            cursor = connection.execute(f"SELECT * FROM {name}")
            kept = [n for n, column in enumerate(cursor.description) if column[0] not in NUMBERED.get(name, ())]
            found[name] = sorted((tuple(row[n] for n in kept) for row in cursor), key=repr)
        return found
    finally:
        connection.close()


def over_loopback(data: Path, offices: int, instants: Sequence[datetime]) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.year.loopback",
            str(data),
            str(SEED),
            str(offices),
            *(one.isoformat() for one in instants),
        ],
        check=True,
        timeout=600,
    )


def test_over_real_sockets_the_same_days_give_the_same_tables(tmp_path: Path) -> None:
    instants = [START + timedelta(days=days, hours=6) for days in (100, 101, 130)]
    offices = 3
    simulate(tmp_path / "simulated", instants=instants, seed=SEED, profiles=PROFILES[:offices], step=0)
    over_loopback(tmp_path / "real", offices, instants)
    simulated, real = tables(tmp_path / "simulated"), tables(tmp_path / "real")
    assert len(real["articles"]) > 100
    assert [name for name in simulated if simulated[name] != real[name]] == []
