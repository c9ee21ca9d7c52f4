"""archive.db: everything observed, once, in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler import bodies
from crawler.archive import Archive
from crawler.database import DatabaseProblem
from crawler.directives import keep_robots, kept_robots
from crawler.spider import NewsSpider
from crawler.visits import Visit
from normalize.model import Teaser
from tests.crawler.made import START, Bench, SetClock

URL = "http://lipowo.praca.test/-/staze"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_a_body_comes_back_byte_for_byte(bench: Bench) -> None:
    body = bytes(range(256)) * 50
    visit = Visit(office="pup-lipowo", purpose="article", url=URL, outcome="stored", status=200)
    kept = bench.archive.keep(bench.run, visit, body, content_type="text/html")
    assert bench.archive.held(kept.capture).body == body


def flipped(packed: bytes) -> bytes:
    """One byte of it changed, so that it unpacks nonetheless, to something else."""
    whole = bodies.zstd.decompress(packed)
    for at in reversed(range(len(packed))):
        hurt = packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :]
        try:
            if bodies.zstd.decompress(hurt) != whole:
                return hurt
        except bodies.zstd.ZstdError:
            continue
    raise AssertionError("no byte of it can be changed unseen")


def test_a_body_that_unpacks_to_other_bytes_than_were_received_is_not_given_but_named(bench: Bench) -> None:
    kept = bench.visit(URL, "<p>Nabór wniosków o staże trwa do końca marca.</p>")
    log = bench.archive.connection
    (packed,) = log.execute("SELECT zstd FROM bodies").fetchone()
    log.execute("UPDATE bodies SET zstd = ?", (flipped(packed),))
    with pytest.raises(DatabaseProblem, match=rf"capture {kept.capture} \({URL}\) is not the one .*wiesci restore"):
        bench.archive.held(kept.capture)


def test_a_body_that_is_missing_is_named(bench: Bench) -> None:
    kept = bench.visit(URL, "treść")
    log = bench.archive.connection
    log.execute("PRAGMA foreign_keys = OFF")
    log.execute("DELETE FROM bodies")
    with pytest.raises(DatabaseProblem, match=rf"capture {kept.capture} \({URL}\) is missing.*wiesci restore"):
        bench.archive.held(kept.capture)


def test_a_list_that_has_not_changed_is_not_read_from_a_damaged_body(bench: Bench) -> None:
    listed = Visit(office="pup-lipowo", purpose="list", url=URL, outcome="stored", status=200)
    bench.archive.keep(bench.run, listed, b"<a href='/-/staze'>Nabory</a>" * 9, content_type="text/html", etag='"a"')
    unchanged: Any = Response(URL, status=304, request=Request(URL, meta={"asked": URL}))
    spider: Any = SimpleNamespace(run=SimpleNamespace(archive=bench.archive))
    assert NewsSpider._list_page(spider, unchanged) is not None
    log = bench.archive.connection
    (packed,) = log.execute("SELECT zstd FROM bodies").fetchone()
    log.execute("UPDATE bodies SET zstd = ?", (flipped(packed),))
    with pytest.raises(DatabaseProblem, match="is not the one that was received"):
        NewsSpider._list_page(spider, unchanged)


def test_the_same_bytes_again_are_a_visit_and_not_a_capture(bench: Bench) -> None:
    first = bench.visit(URL, "treść")
    again = bench.visit(URL, "treść")
    assert (first.new, again.new) == (True, False)
    assert again.capture == first.capture
    assert [row["outcome"] for row in bench.archive.visits(URL)] == ["stored", "same"]


def test_a_page_that_turns_back_is_a_capture_again_over_one_body(bench: Bench) -> None:
    captures = [bench.visit(URL, body).capture for body in ("a", "b", "a")]
    assert len(set(captures)) == 3
    assert bench.archive._db.execute("SELECT count(*) FROM bodies").fetchone() == (2,)


def test_time_never_runs_backwards_within_the_archive(tmp_path: Path) -> None:
    clock = SetClock()
    with Archive.open(tmp_path / "archive.db", clock) as archive:
        run = archive.begin_run("test")
        archive.note(run, Visit(office="x", purpose="list", url=URL, outcome="timeout"))
        clock.forward(hours=-2)
        archive.note(run, Visit(office="x", purpose="list", url=URL, outcome="timeout"))
        instants = [row["at"] for row in archive.visits(URL)]
    assert instants == sorted(instants)
    with Archive.open(tmp_path / "archive.db", clock) as archive:
        archive.note(run, Visit(office="x", purpose="list", url=URL, outcome="timeout"))
        assert archive.visits(URL)[-1]["at"] >= instants[-1]


def test_the_teaser_that_led_to_a_page_comes_back_with_it(bench: Bench) -> None:
    listed = bench.sight(URL)
    visit = Visit(office="pup-lipowo", purpose="article", url=URL, outcome="stored", status=200)
    kept = bench.archive.keep(bench.run, visit, b"x", content_type=None, sighted=(listed.capture, 0))
    teaser = bench.archive.held(kept.capture).teaser
    assert teaser is not None
    assert (teaser.url, teaser.title) == (URL, "Tytuł")


def test_a_list_that_names_an_article_confirms_it(bench: Bench) -> None:
    bench.visit(URL, "treść")
    listed = bench.sight(URL)
    last = bench.archive._db.execute("SELECT at FROM visits WHERE capture = ?", (listed.capture,)).fetchone()[0]
    assert bench.archive.named(["lipowo.praca.test/-/staze"]) == last
    assert [one.outcome for one in bench.archive.attempts(["lipowo.praca.test/-/staze"])] == ["stored"]


def test_an_answer_without_validators_forgets_the_old_ones(bench: Bench) -> None:
    visit = Visit(office="pup-lipowo", purpose="article", url=URL, outcome="stored", status=200)
    bench.archive.keep(bench.run, visit, b"a", content_type=None, etag='"1"')
    known = bench.archive.validators(URL)
    assert known is not None
    assert known.etag == '"1"'
    bench.archive.keep(bench.run, visit, b"b", content_type=None)
    assert bench.archive.validators(URL) is None


def test_two_runs_begun_in_one_millisecond_have_two_ids(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db", lambda: START) as archive:
        assert archive.begin_run("a") != archive.begin_run("b")


def test_a_robots_txt_is_kept_as_long_as_asked_unless_its_server_was_in_trouble(bench: Bench) -> None:
    origin = "http://lipowo.praca.test"
    for status, body, kept in (
        (200, "Disallow: /a", (200, "Disallow: /a")),
        (404, None, (404, None)),
        (503, None, None),
    ):
        keep_robots(bench.archive, origin, status, body, bench.clock())
        assert kept_robots(bench.archive, origin, START - timedelta(hours=24), bench.clock()) == kept
        assert kept_robots(bench.archive, origin, START + timedelta(hours=24), bench.clock()) is None
    assert kept_robots(bench.archive, "http://inny.test", START - timedelta(hours=24), bench.clock()) is None


def test_the_same_bytes_are_a_capture_again_where_the_list_now_prints_another_day(bench: Bench) -> None:
    def seen(printed: str | None) -> bool:
        bench.clock.forward(hours=1)
        listed = Visit(office="pup-lipowo", purpose="list", url=f"{URL}-lista", outcome="stored", status=200)
        said = [Teaser(url=URL, title="Staże", published_raw=printed)]
        body = f"{printed} {bench.clock()}".encode()
        page = bench.archive.keep(bench.run, listed, body, content_type="text/html", teasers=said)
        visit = Visit(office="pup-lipowo", purpose="article", url=URL, outcome="stored", status=200)
        return bench.archive.keep(bench.run, visit, b"strona", content_type="text/html", sighted=(page.capture, 0)).new

    printed = ["12.01.2026", "12 stycznia 2026", "wczoraj", None, "12.01.2026", "10.01.2026", "10.01.2026"]
    assert [seen(one) for one in printed] == [True, False, False, False, False, True, False]


def test_a_run_that_asked_for_nothing_is_told_until_it_is_known(bench: Bench) -> None:
    visit = Visit(office="pup-lipowo", purpose="article", url=URL, outcome="timeout")
    bench.archive.note(bench.run, visit)
    quiet = bench.archive.begin_run("test")
    assert [run[0] for run in bench.archive.runs(since=0)] == [bench.run, quiet]
    assert [run[0] for run in bench.archive.runs(since=1)] == [quiet]
    assert bench.archive.runs(since=1, known=[bench.run, quiet]) == []
    assert [run[0] for run in bench.archive.runs(since=0, known=[bench.run, quiet])] == [bench.run]
