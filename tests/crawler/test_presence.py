"""Tombstones: gone only when two visits a day apart agree; back when the article is seen again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.visits import Visit
from tests.crawler.made import Bench, article, contents

URL = "http://lipowo.praca.test/-/staze"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def miss(bench: Bench, outcome: str = "gone", status: int | None = 404) -> None:
    visit = Visit(office="pup-lipowo", purpose="article", url=URL, outcome=outcome, status=status)
    bench.archive.note(bench.run, visit)
    bench.store.catch_up(bench.archive)


def state(bench: Bench) -> tuple[object, ...]:
    return bench.rows("SELECT gone IS NOT NULL, gone_reason, text FROM articles")[0]


def test_one_404_is_not_enough_and_two_a_day_apart_are(bench: Bench) -> None:
    bench.save(article(URL, "Urząd ogłasza nabór."))
    miss(bench)
    bench.clock.forward(hours=23)
    miss(bench)
    assert state(bench) == (0, None, "Urząd ogłasza nabór.")
    bench.clock.forward(hours=2)
    miss(bench)
    assert state(bench) == (1, "404", "Urząd ogłasza nabór.")


def test_a_soft_404_counts_like_a_hard_one_and_overwrites_nothing(bench: Bench) -> None:
    bench.save(article(URL, "Urząd ogłasza nabór."), body="a")
    ((seen,),) = bench.rows("SELECT last_seen FROM articles")
    bench.save(None, url=URL, body="nie ma takiej strony")
    bench.clock.forward(days=2)
    bench.visit(URL, "nie ma takiej strony")
    bench.store.catch_up(bench.archive)
    assert state(bench) == (1, "soft_404", "Urząd ogłasza nabór.")
    assert bench.rows("SELECT last_seen FROM articles") == [(seen,)]


@pytest.mark.parametrize("outcome", ["timeout", "server_error", "robots_unreachable", "forbidden"])
def test_trouble_with_the_server_never_marks_gone(bench: Bench, outcome: str) -> None:
    bench.save(article(URL, "Urząd ogłasza nabór."))
    for _ in range(4):
        bench.clock.forward(days=3)
        miss(bench, outcome, None)
    assert state(bench)[0] == 0


def test_a_good_visit_between_two_misses_starts_the_count_anew(bench: Bench) -> None:
    bench.save(article(URL, "Urząd ogłasza nabór."), body="a")
    miss(bench)
    bench.clock.forward(days=2)
    bench.visit(URL, "a")
    bench.clock.forward(hours=1)
    miss(bench)
    assert state(bench)[0] == 0


def test_an_article_that_comes_back_is_no_longer_gone_and_its_history_says_so(bench: Bench) -> None:
    bench.save(article(URL, "Urząd ogłasza nabór."), body="a")
    for _ in range(2):
        bench.clock.forward(days=2)
        miss(bench, status=410)
    assert state(bench)[1] == "410"
    bench.clock.forward(days=30)
    bench.visit(URL, "a")
    bench.store.catch_up(bench.archive)
    assert state(bench)[0] == 0
    changes = [json.loads(row[0]) for row in bench.rows("SELECT changes FROM revisions ORDER BY seen")]
    assert [[change["type"] for change in some] for some in changes] == [[], ["gone"], ["back"]]


def test_absence_from_a_list_says_nothing(bench: Bench) -> None:
    bench.sight(URL, URL + "-2")
    bench.save(article(URL, "Urząd ogłasza nabór."))
    bench.clock.forward(days=9)
    bench.sight(URL + "-2")
    bench.store.catch_up(bench.archive)
    assert state(bench)[0] == 0


def test_a_rebuilt_database_has_the_same_tombstones(bench: Bench, tmp_path: Path) -> None:
    page = article(URL, "Urząd ogłasza nabór.")
    bench.save(page, body="a")
    bench.save(None, url=URL, body="nie ma")
    bench.clock.forward(days=2)
    miss(bench)
    before = contents(bench.store)
    bench.reopen("again.db")
    for capture, made in ((2, None), (1, page)):
        bench.understand(capture, made)
    bench.store.catch_up(bench.archive)
    assert contents(bench.store) == before


def moved(bench: Bench, former: str, present: str) -> None:
    """The article was seen at one address, then at another, and a number says that it is the same."""
    for url in (former, present):
        bench.save(article(url, "Urząd ogłasza nabór.", further_keys=("praca.test|article:7",)), body=url)


def miss_at(bench: Bench, url: str) -> None:
    visit = Visit(office="pup-lipowo", purpose="article", url=url, outcome="gone", status=404)
    bench.archive.note(bench.run, visit)
    bench.store.catch_up(bench.archive)


def test_a_former_address_that_is_gone_says_nothing_of_an_article_that_was_seen_elsewhere_since(bench: Bench) -> None:
    moved(bench, URL, URL + "-2026")
    for _ in range(3):
        bench.clock.forward(days=2)
        miss_at(bench, URL)
    assert bench.rows("SELECT count(*), max(gone) FROM articles") == [(1, None)]
    for _ in range(2):
        bench.clock.forward(days=2)
        miss_at(bench, URL + "-2026")
    assert bench.rows("SELECT count(*), max(gone_reason) FROM articles") == [(1, "404")]


def test_an_address_that_only_redirects_speaks_for_the_page_until_that_is_asked_for_itself(bench: Bench) -> None:
    bench.save(article(URL + "-2026", "Urząd ogłasza nabór."), url=URL, final_url=URL + "-2026", body="a")
    for _ in range(2):
        bench.clock.forward(days=2)
        miss_at(bench, URL)
    assert bench.rows("SELECT gone_reason FROM articles") == [("404",)]
    bench.clock.forward(days=2)
    bench.visit(URL, "a", final_url=URL + "-2026")
    bench.visit(URL + "-2026", "a")
    for _ in range(2):
        bench.clock.forward(days=2)
        miss_at(bench, URL)
    assert bench.rows("SELECT gone FROM articles") == [(None,)]
