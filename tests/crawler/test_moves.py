"""An article at another address: joined where the old one is gone and title, day and text are the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.visits import Visit
from normalize.model import Article
from tests.crawler.made import Bench, article, contents

OLD, NEW = "http://lipowo.praca.test/-/staze", "http://lipowo.praca.test/-/staze-dla-bezrobotnych"
TEXT = (
    "Urząd ogłasza nabór wniosków o organizację stażu dla osób bezrobotnych z terenu powiatu, do wyczerpania środków."
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def miss(bench: Bench, url: str) -> None:
    bench.clock.forward(hours=1)
    bench.archive.note(bench.run, Visit(office="pup-lipowo", purpose="article", url=url, outcome="gone", status=404))


def articles(bench: Bench) -> int:
    bench.store.catch_up(bench.archive)
    ((count,),) = bench.rows("SELECT count(*) FROM articles")
    return int(count)


def test_an_article_that_left_its_address_and_stands_at_another_is_one(bench: Bench) -> None:
    bench.save(article(OLD, TEXT), body="a")
    ((first,),) = bench.rows("SELECT id FROM articles")
    bench.save(article(NEW, TEXT), body="b")
    assert articles(bench) == 2
    miss(bench, OLD)
    assert articles(bench) == 1
    assert bench.rows("SELECT id, gone, url FROM articles") == [(first, None, NEW)]
    assert len(bench.rows("SELECT url FROM addresses")) == 2
    assert bench.rows("SELECT changes FROM revisions") == [("[]",)]
    miss(bench, OLD)
    bench.save(article(NEW, TEXT, "Nabór przedłużono o tydzień."), body="c")
    assert articles(bench) == 1
    assert len(bench.rows("SELECT id FROM revisions")) == 2


def test_it_does_not_matter_whether_the_old_address_was_missed_first_or_said_so_in_a_page(bench: Bench) -> None:
    bench.save(article(OLD, TEXT), body="a")
    bench.save(None, url=OLD, body="nie ma takiej strony")
    assert articles(bench) == 1
    bench.save(article(NEW, TEXT), body="b")
    assert articles(bench) == 1


@pytest.mark.parametrize(
    "other",
    [
        article(NEW, TEXT, title="Nabór wniosków o bon szkoleniowy"),
        article(NEW, TEXT, published="2026-02-27"),
        article(NEW, TEXT, published=None),
        article(
            NEW, "W poniedziałek urząd jest nieczynny, a w kolejny wtorek przyjmujemy interesantów o godzinę dłużej."
        ),
    ],
)
def test_another_title_day_or_text_is_another_article(bench: Bench, other: Article) -> None:
    bench.save(article(OLD, TEXT), body="a")
    bench.save(other, body="b")
    miss(bench, OLD)
    assert articles(bench) == 2


def test_what_stands_at_both_addresses_stays_two(bench: Bench) -> None:
    bench.save(article(OLD, TEXT), body="a")
    bench.save(article(NEW, TEXT), body="b")
    miss(bench, NEW)  # the later one is gone, not the earlier
    assert articles(bench) == 2


def test_of_two_offices_nothing_is_joined(bench: Bench) -> None:
    bench.save(article(OLD, TEXT), body="a")
    bench.save(article("http://lipowo.test/staze/", TEXT), body="b", office="marszalek-lipowo")
    miss(bench, OLD)
    assert articles(bench) == 2


def test_a_rebuilt_database_has_joined_the_same_in_whatever_order(bench: Bench, tmp_path: Path) -> None:
    further = "http://lipowo.praca.test/-/staze-2026"
    pages = {OLD: article(OLD, TEXT), NEW: article(NEW, TEXT), further: article(further, TEXT)}
    for url, page in pages.items():
        bench.save(page, body=url)
        assert articles(bench) == 1
        miss(bench, url)
        assert articles(bench) == 1
    before = contents(bench.store)
    bench.reopen("again.db")
    for capture, page in sorted(enumerate(pages.values(), 1), reverse=True):
        bench.understand(capture, page)
    assert articles(bench) == 1
    assert contents(bench.store) == before
