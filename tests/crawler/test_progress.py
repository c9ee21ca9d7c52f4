"""On a terminal a crawl shows what each office gives while it runs; elsewhere it prints nothing of its own."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from crawler.progress import Progress
from crawler.visits import Visit
from tests.crawler.made import Bench, article

ONE = "http://lipowo.praca.test/-/staze"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_visits_and_saved_pages_are_counted_by_office(bench: Bench) -> None:
    progress = Progress(["pup-lipowo", "marszalek-lipowo"], clock=itertools.count().__next__)
    bench.archive.watch = progress.visited
    bench.sight(ONE)
    kept = bench.visit(ONE, "a")
    progress.saved(bench.archive.held(kept.capture), bench.understand(kept.capture, article(ONE, "Treść.")))
    for outcome in ("timeout", "robots", "duplicate"):
        bench.archive.note(
            bench.run, Visit(office="marszalek-lipowo", purpose="article", url=ONE + outcome, outcome=outcome)
        )
    one, other = progress.tallies["pup-lipowo"], progress.tallies["marszalek-lipowo"]
    assert (one.lists, one.pages, one.new, one.changed, one.failed) == (1, 1, 1, 0, 0)
    assert (other.pages, other.failed) == (0, 1)


def test_a_terminal_shows_a_table_and_a_log_nothing() -> None:
    visit = Visit(office="pup-lipowo", purpose="list", url=ONE, outcome="stored")
    shown = {}
    for terminal in (True, False):
        console = Console(file=io.StringIO(), force_terminal=terminal, width=100)
        with Progress(["pup-lipowo"], console=console, clock=lambda: 0.0) as progress:
            progress.visited(visit, "stored")
        shown[terminal] = console.file.getvalue()  # type: ignore[attr-defined]
    assert "pup-lipowo" in shown[True]
    assert "1 of 1 offices" in shown[True]
    assert shown[False] == ""


def test_of_many_offices_those_at_which_something_happened_last_are_shown() -> None:
    progress = Progress([f"pup-{n:03d}" for n in range(60)], clock=itertools.count().__next__)
    for n in range(60):
        progress.visited(Visit(office=f"pup-{n:03d}", purpose="article", url=ONE, outcome="same"), "same")
    console = Console(file=io.StringIO(), width=100)
    console.print(progress.table())
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "pup-059" in text
    assert "pup-035" in text
    assert "pup-034" not in text
    assert "60 of 60 offices" in text
