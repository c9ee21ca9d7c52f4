"""Addresses that lists have named are asked for again, whatever became of the crawl's own memory of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.backing_up import back_up
from crawler.frontier import Frontier
from crawler.instants import moment
from crawler.refilling import addresses, offices, refill
from crawler.run import Run
from crawler.verifying import verify
from normalize.identity import address
from normalize.model import Teaser
from tests.crawler.made import Bench, article

ONE, TWO, THREE = (f"http://lipowo.praca.test/-/artykul-{n}" for n in (1, 2, 3))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two lists were read, and one article of the first."""
    bench = Bench(tmp_path)
    frontier = Frontier(bench.archive)
    for urls in ((ONE, TWO), (THREE,)):
        kept = bench.sight(*urls)
        named = [(Teaser(url=url), (kept.capture, place)) for place, url in enumerate(urls)]
        frontier.meet(named, "pup-lipowo", bench.clock())
        frontier.walks.begin("pup-lipowo", bench.clock())
    bench.save(article(ONE, "Treść."))
    bench.archive.end_run(bench.run, "finished")
    bench.store.catch_up(bench.archive)
    yield bench
    bench.close()


def forget(bench: Bench) -> None:
    with bench.archive.writing():
        for table in ("frontier", "walks"):
            bench.archive.connection.execute(f"DELETE FROM {table}")


def rows(bench: Bench) -> dict[str, tuple[str, str, str, int]]:
    return {
        row[0]: row[1:]
        for row in bench.archive.connection.execute("SELECT url, office, due, reason, list_position FROM frontier")
    }


def test_nothing_is_missed_in_a_memory_that_is_whole(bench: Bench) -> None:
    assert (addresses(bench.archive.connection), offices(bench.archive.connection)) == ([], [])
    assert refill(bench.archive, bench.register, bench.clock()) == 0
    assert verify(bench.folder) == []


def test_verify_tells_a_memory_that_was_emptied_and_a_copy_is_made_all_the_same(bench: Bench, tmp_path: Path) -> None:
    forget(bench)
    (one,) = verify(bench.folder)
    assert one.mends
    assert "lacks 2 addresses" in str(one)
    assert "the next crawl takes them over again" in str(one)
    assert back_up(bench.folder, tmp_path / "kopie", at=bench.clock()).exists()


def test_a_walk_that_is_forgotten_is_told_of_each_office_but_the_last_that_was_asked(bench: Bench) -> None:
    forget(bench)
    bench.sight("http://lipowo.test/a", office="marszalek-lipowo")
    assert offices(bench.archive.connection) == ["pup-lipowo"]


def test_what_is_forgotten_is_taken_over_from_what_lists_named_and_pages_gave(bench: Bench) -> None:
    before = rows(bench)
    forget(bench)
    bench.clock.forward(hours=1)
    assert refill(bench.archive, bench.register, bench.clock()) == 3
    after = rows(bench)
    assert set(after) == set(before) == {ONE, TWO, THREE}
    for url in (TWO, THREE):
        assert (after[url][0], after[url][2:]) == (before[url][0], before[url][2:])
        assert moment(after[url][1]) == bench.clock()
    office, due, reason, _ = after[ONE]
    assert (office, reason) == ("pup-lipowo", "revisit")
    assert moment(due) > bench.clock()  # it was visited an hour ago
    assert verify(bench.folder) == []


def test_a_crawl_begins_with_it(bench: Bench) -> None:
    forget(bench)
    bench.close()
    with Run(data=bench.folder, register=bench.register, command="test", clock=bench.clock) as run:
        asyncio.run(run.resume())
        assert run.frontier.known(address(TWO))
        assert run.frontier.known(address(THREE))


def test_what_a_crawl_that_was_killed_had_not_taken_over_is_no_damage_and_is_taken_over(bench: Bench) -> None:
    bench.sight("http://lipowo.praca.test/-/nowy")
    assert verify(bench.folder) == []
    assert refill(bench.archive, bench.register, bench.clock()) == 1
