"""`wiesci why URL` tells what happened to an address in the order it happened, in sentences anyone can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler import why
from crawler.appearances import Appearance
from crawler.frontier import Frontier
from crawler.habits import learn
from crawler.redaction import REDACTED
from crawler.servers import Quiet, Server
from crawler.suppression import Kind
from crawler.visits import Visit
from normalize.model import Teaser
from tests.crawler.made import START, Bench, article

ONE = "http://lipowo.praca.test/-/staze"
BODY = "Nagrodę odebrała Żaneta Wróblińska z Lipowa."


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def told(bench: Bench, url: str = ONE) -> str:
    bench.store.catch_up(bench.archive)
    return "\n".join(why.tell(bench.folder, url, bench.register).sentences)


def test_the_story_of_an_article_runs_from_the_list_to_its_revisions(bench: Bench) -> None:
    bench.sight(ONE)
    bench.save(article(ONE, "Wnioski do 10 marca.", title="Staże"), body="a")
    bench.clock.forward(days=1)
    bench.save(article(ONE, "Wnioski do 20 marca.", title="Staże"), body="b")
    story = told(bench)
    order = [
        "Found on http://lipowo.praca.test/lista of pup-lipowo, place 1, as “Tytuł”, on 2026-03-02 08:01 UTC.",
        "2026-03-02 08:02 UTC: a page came and was kept.",
        "was understood as an article; it was new.",
        "was understood as an article; it made a further revision.",
        "“Staże”, published 2026-03-01",
        "Revision of 2026-03-03 08:03 UTC: text.",
    ]
    places = [story.index(sentence) for sentence in order]
    assert places == sorted(places)


def test_a_personal_number_in_the_title_that_a_list_gave_is_not_told(bench: Bench) -> None:
    visit = Visit(
        office="pup-lipowo", purpose="list", url="http://lipowo.praca.test/lista", outcome="stored", status=200
    )
    teasers = [Teaser(url=ONE, title="Decyzja 44051401359")]
    bench.archive.keep(bench.run, visit, b"lista", content_type="text/html", teasers=teasers)
    story = told(bench)
    assert f"as “Decyzja {REDACTED}”" in story
    assert "44051401359" not in story


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("robots", "not asked for: robots.txt forbids it"),
        ("out_of_scope", "not asked for: it is not on a host of the office"),
        ("blocked_address", "leads to an address that is never connected to"),
        ("timeout", "no whole answer in time"),
        ("a_word_of_tomorrow", "a word of tomorrow"),
    ],
)
def test_each_refusal_says_its_reason(bench: Bench, outcome: str, words: str) -> None:
    bench.archive.note(bench.run, Visit(office="pup-lipowo", purpose="article", url=ONE, outcome=outcome))
    assert words in told(bench)


def test_a_page_that_is_no_article_is_called_what_it_is(bench: Bench) -> None:
    bench.save(None, url=ONE)
    assert "a page that says the article is not there, though the answer was 200" in told(bench)


def test_a_long_run_of_equal_visits_is_told_in_two_sentences(bench: Bench) -> None:
    bench.save(article(ONE, "Treść."))
    for _ in range(40):
        bench.clock.forward(days=1)
        bench.archive.note(bench.run, Visit(office="pup-lipowo", purpose="article", url=ONE, outcome="unchanged"))
    story = told(bench)
    assert "The same 39 times more, the last time on 2026-04-11 08:01 UTC." in story
    assert story.count("(304)") == 1


def test_redirects_are_shown_on_the_way(bench: Bench) -> None:
    visit = Visit(
        office="pup-lipowo",
        purpose="article",
        url=ONE,
        outcome="gone",
        status=404,
        hops=["http://lipowo.praca.test/a"],
        final_url="http://lipowo.praca.test/b",
    )
    bench.archive.note(bench.run, visit)
    way = f"by way of {ONE} → http://lipowo.praca.test/a → http://lipowo.praca.test/b: it is gone (status 404)."
    assert way in told(bench)
    assert way in told(bench, "http://lipowo.praca.test/b")


def test_an_address_nobody_named_is_told_of_its_host_and_scope(bench: Bench) -> None:
    story = why.tell(bench.folder, "http://lipowo.test/nigdy", bench.register)
    assert not story.known
    assert "never asked for" in story.sentences[-2]
    assert story.sentences[-1] == "Its host is that of marszalek-lipowo."
    assert why.tell(bench.folder, "http://obcy.test/", bench.register).sentences[-1].startswith("No office")


@pytest.mark.parametrize(
    ("kind", "value"),
    [("address", ONE), ("phrase", "żaneta wróblińska"), ("office", "pup-lipowo"), ("content", BODY)],
)
def test_what_was_taken_down_is_said_without_saying_what_it_was(bench: Bench, kind: Kind, value: str) -> None:
    from crawler import takedown

    bench.sight(ONE)
    bench.save(article(ONE, BODY, title="Laureaci"))
    bench.store.catch_up(bench.archive)
    assert "Tytuł" in told(bench)
    bench.close()
    takedown.note(bench.folder, kind, value, clock=bench.clock)
    waiting = "\n".join(why.tell(bench.folder, ONE, bench.register).sentences)
    assert "Tytuł" not in waiting
    assert "Laureaci" not in waiting
    takedown.apply(bench.folder, bench.register, clock=bench.clock)
    bench.open()
    story = told(bench)
    assert "taken down on 2026-03-02" in story
    assert "Laureaci" not in story
    assert "Tytuł" not in story


def test_an_address_is_told_when_its_office_publishes_and_when_its_lists_are_due(bench: Bench) -> None:
    bench.sight(ONE)
    habit = learn([Appearance(since=at, by=at) for n in range(40) for at in [START - timedelta(days=n, minutes=n)]])
    Frontier(bench.archive).meet([], "pup-lipowo", bench.clock())
    Frontier(bench.archive).walks.complete("pup-lipowo", START, deep=False, unsorted=False, habit=habit)
    story = told(bench, "http://lipowo.praca.test/lista")
    assert "The lists of pup-lipowo are due on 2026-03-0" in story
    assert "publishes on any day, 7:00-10:00 in Warsaw (learned from 40 articles); its lists are read" in story
    assert "Its server" not in story  # it has no budget of its own


def test_quiet_hours_of_its_server_are_told(bench: Bench) -> None:
    bench.sight(ONE)
    quiet = (Quiet.read("22:00-05:00"),)
    register = replace(bench.register, servers={"praca.test": Server(name="praca.test", quiet=quiet)})
    sentences = why.tell(bench.folder, "http://lipowo.praca.test/lista", register).sentences
    assert "Nothing is asked of praca.test at 22:00-05:00 in Warsaw." in sentences
