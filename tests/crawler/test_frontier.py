"""The crawl's memory: what is due, what vanished from a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.frontier import Frontier
from crawler.visits import Visit
from normalize.identity import address
from normalize.model import Teaser
from tests.crawler.made import Bench

SITE = "http://lipowo.praca.test/-/"
LIST = "http://lipowo.praca.test/lista"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def listed(bench: Bench, *slugs: str) -> int:
    """The list as it names these articles; its capture."""
    bench.clock.forward(hours=1)
    visit = Visit(office="pup-lipowo", purpose="list", url=LIST, outcome="stored", status=200)
    teasers = [Teaser(url=SITE + slug, title=slug) for slug in slugs]
    return bench.archive.keep(bench.run, visit, " ".join(slugs).encode(), content_type=None, teasers=teasers).capture


def test_what_a_list_names_first_is_due_at_once_and_keeps_its_time_after(bench: Bench) -> None:
    frontier, now = Frontier(bench.archive), bench.clock()
    capture = listed(bench, "a", "b")
    frontier.meet([(Teaser(url=SITE + "a"), (capture, 0)), (Teaser(url=SITE + "b"), (capture, 1))], "pup-lipowo", now)
    frontier.visited(SITE + "a", now + timedelta(days=3), "revisit")
    frontier.meet([(Teaser(url=SITE + "a"), (capture, 0))], "pup-lipowo", now + timedelta(days=1))
    assert [one.url for one in frontier.due("pup-lipowo", now, 10)] == [SITE + "b"]
    assert [one.url for one in frontier.due("pup-lipowo", now + timedelta(days=4), 10)] == [SITE + "b", SITE + "a"]
    assert frontier.offices_due(now) == {"pup-lipowo"}


def test_an_article_taken_from_the_middle_of_a_list_has_vanished(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    listed(bench, "a", "b", "c")
    assert frontier.vanished(LIST, listed(bench, "a", "c")) == {address(SITE + "b")}


def test_articles_pushed_off_the_end_by_new_ones_have_not(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    listed(bench, "a", "b", "c", "d")
    assert frontier.vanished(LIST, listed(bench, "x", "y", "a", "b")) == set()


def test_what_has_vanished_while_a_list_could_not_be_read_is_found_when_it_can(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    listed(bench, "a", "b", "c")
    listed(bench)
    assert frontier.vanished(LIST, listed(bench, "a", "c")) == {address(SITE + "b")}


def test_what_was_gone_and_stands_on_a_list_again_has_returned(bench: Bench) -> None:
    frontier, now = Frontier(bench.archive), bench.clock()
    first = listed(bench, "a", "b", "c")
    frontier.meet([(Teaser(url=SITE + one), (first, n)) for n, one in enumerate("abc")], "pup-lipowo", now)
    for gone in "ab":
        frontier.visited(SITE + gone, now + timedelta(days=90), "gone", failed=True)
    listed(bench, "a", "c")
    again = listed(bench, "a", "b", "c")
    assert frontier.returned(LIST, again) == {address(SITE + "b")}  # "a" never left: the list says nothing new of it


def test_a_list_that_tells_another_title_makes_the_article_due(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    listed(bench, "a")
    capture = listed(bench, "a", "b")
    assert not frontier.changed_since_sighted(Teaser(url=SITE + "a", title="a"), capture)
    assert frontier.changed_since_sighted(Teaser(url=SITE + "a", title="a – zmiana terminu"), capture)


def test_what_a_list_of_another_kind_says_is_no_change(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    listed(bench, "a")
    answer = Teaser(url=SITE + "a", title="A", modified_raw="2026-03-02T10:00")
    visit = Visit(office="pup-lipowo", purpose="list", url=f"{LIST}.json", outcome="stored", status=200)
    capture = bench.archive.keep(bench.run, visit, b"{}", content_type=None, teasers=[answer]).capture
    assert not frontier.changed_since_sighted(answer, capture)
    assert not frontier.changed_since_sighted(Teaser(url=SITE + "a", title="a"), capture + 1)
    later = Teaser(url=SITE + "a", title="A", modified_raw="2026-03-03T10:00")
    assert frontier.changed_since_sighted(later, capture + 1)


def test_a_revisit_that_comes_due_under_way_waits_for_the_next_run(bench: Bench) -> None:
    frontier, began = Frontier(bench.archive), bench.clock()
    where = address(SITE + "a")
    frontier.meet([(Teaser(url=SITE + "a"), (listed(bench, "a"), 0))], "pup-lipowo", bench.clock())
    assert not frontier.waits(where, began)  # it is new
    frontier.visited(SITE + "a", began + timedelta(seconds=5), "revisit")
    assert frontier.waits(where, began)
    assert not frontier.waits(where, began + timedelta(hours=6))


def test_a_list_that_has_answered_not_modified_for_days_is_asked_for_without_conditions(bench: Bench) -> None:
    frontier = Frontier(bench.archive)
    assert frontier.believed(LIST, bench.clock())
    capture = listed(bench, "a")
    for _ in range(3):
        assert frontier.believed(LIST, bench.clock())
        bench.clock.forward(days=1)
        same = Visit(office="pup-lipowo", purpose="list", url=LIST, outcome="unchanged", status=304)
        bench.archive.note(bench.run, same, capture=capture)
    assert not frontier.believed(LIST, bench.clock())


def test_an_office_that_was_put_off_waits_from_then_on_and_a_walk_ends_its_wait(bench: Bench) -> None:
    frontier, now = Frontier(bench.archive), bench.clock()
    assert frontier.waiting_since("pup-lipowo") is None
    frontier.walks.postpone("pup-lipowo", now)
    frontier.walks.postpone("pup-lipowo", now + timedelta(days=1))
    assert frontier.waiting_since("pup-lipowo") == now
    frontier.walks.complete("pup-lipowo", now + timedelta(days=2), deep=False, unsorted=False)
    waits = frontier.waiting_since("pup-lipowo")
    assert waits is not None
    assert waits > now + timedelta(days=2)


def test_an_article_that_was_put_off_keeps_the_office_waiting(bench: Bench) -> None:
    frontier, now = Frontier(bench.archive), bench.clock()
    frontier.meet([(Teaser(url=SITE + "a"), (listed(bench, "a"), 0))], "pup-lipowo", now)
    frontier.walks.complete("pup-lipowo", now + timedelta(hours=1), deep=False, unsorted=False)
    assert frontier.waiting_since("pup-lipowo") == now
    assert [one.since for one in frontier.due("pup-lipowo", now, 10)] == [now]
