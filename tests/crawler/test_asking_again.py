"""When an address is asked for again: by what its visit showed, not by how often it failed before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from crawler import rhythm
from crawler.run import Run
from crawler.visits import Visit
from normalize.model import Call, Facts, Mention, Teaser
from tests.crawler.made import SetClock, article, register

URL = "http://lipowo.praca.test/-/staze"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Asking:
    """A run with one address that a list has named."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock()
        self.run = Run(data=folder, register=register(), command="test", clock=self.clock)
        listed = self._visit("list", "stored", f"{URL}-lista")
        teaser = Teaser(url=URL, title="Staże")
        page = self.run.archive.keep(self.run.id, listed, b"lista", content_type="text/html", teasers=[teaser])
        self.run.frontier.meet([(teaser, (page.capture, 0))], "pup-lipowo", self.clock())

    def shown(self, outcome: str = "article", body: str = "strona", facts: Facts | None = None) -> None:
        """The address gives a page that is understood as this."""
        kept = self.run.archive.keep(
            self.run.id, self._visit("article", "stored"), body.encode(), content_type="text/html"
        )
        record = (
            msgspec.json.encode(article(URL, "Urząd ogłasza nabór.", facts=facts or Facts()))
            if outcome == "article"
            else None
        )
        self.run.store.save(self.run.archive.held(kept.capture), outcome, record, archive=self.run.archive)
        self.run.looked_at(URL, kept.capture, URL)

    def failed(self) -> None:
        self.run.archive.note(self.run.id, self._visit("article", "timeout"))
        self.run.missed(URL, gone=False)

    def gone(self) -> None:
        self.run.archive.note(self.run.id, self._visit("article", "gone", status=404))
        self.run.missed(URL, gone=True)

    def pause(self) -> timedelta:
        """From now until the address is due."""
        due = self.run.frontier.due_since("lipowo.praca.test/-/staze")
        assert due is not None
        return due - self.clock()

    def _visit(self, purpose: str, outcome: str, url: str = URL, status: int | None = 200) -> Visit:
        return Visit(office="pup-lipowo", purpose=purpose, url=url, outcome=outcome, status=status)  # type: ignore[arg-type]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    asking = Asking(tmp_path)
    yield asking
    asking.run.close()


def test_an_article_that_is_gone_after_failures_is_asked_for_again_a_day_later(asking: Asking) -> None:
    asking.shown()
    for _ in range(3):
        asking.clock.forward(hours=6)
        asking.failed()
    asking.clock.forward(hours=6)
    asking.gone()
    assert asking.pause() == DAY


def test_only_two_misses_a_day_apart_make_it_rare(asking: Asking) -> None:
    asking.shown()
    asking.gone()
    asking.clock.forward(hours=2)
    asking.gone()  # a list that no longer names it had made it due
    assert asking.pause() == DAY
    asking.clock.forward(hours=24)
    asking.gone()
    assert asking.pause() == rhythm.AFTER_GONE


def test_an_address_that_never_showed_an_article_is_rare_after_two_misses(asking: Asking) -> None:
    asking.gone()
    assert asking.pause() == DAY
    asking.clock.forward(hours=24)
    asking.gone()
    assert asking.pause() == rhythm.AFTER_GONE


@pytest.mark.parametrize("outcome", ["maintenance", "login", "bot_protection", "error_page"])
def test_a_page_that_is_no_article_for_a_while_is_tried_again_soon(asking: Asking, outcome: str) -> None:
    asking.shown()
    for pause in (HOUR, 2 * HOUR, 4 * HOUR):  # the same page again says no more than before
        asking.clock.forward(days=1)
        asking.shown(outcome, "przerwa techniczna")
        assert asking.pause() == pause
    asking.shown()
    assert DAY <= asking.pause() < 2 * DAY


def test_a_page_that_says_that_nothing_is_there_counts_like_a_404_however_often_it_is_the_same(asking: Asking) -> None:
    asking.shown()
    asking.shown("soft_404", "nie ma takiej strony")
    assert asking.pause() == DAY
    asking.clock.forward(hours=24)
    asking.shown("soft_404", "nie ma takiej strony")
    assert asking.pause() == rhythm.AFTER_GONE


def test_an_open_call_is_asked_for_daily_from_its_first_sight_on(asking: Asking) -> None:
    asking.clock.forward(days=20)
    call = Call(opens="2026-03-10", closes="2026-04-10", mentions=(Mention(raw="nabór", block=0),), method="verb")
    asking.shown(facts=Facts(calls=(call,)))
    assert asking.pause() == DAY
    asking.shown(facts=Facts(calls=(call,)), body="ta sama wiadomość obok innych nagłówków")
    assert asking.pause() == DAY


def test_a_call_until_the_funds_are_spent_is_asked_for_weekly_until_its_end_is_told(asking: Asking) -> None:
    asking.clock.forward(days=60)
    mention = (Mention(raw="do wyczerpania środków", block=0),)
    call = Call(open_ended="funds", mentions=mention, method="verb")
    asking.shown(facts=Facts(calls=(call,)))
    assert asking.pause() == 7 * DAY
    ended = Call(open_ended="funds", event="closed", mentions=mention, method="verb")
    asking.shown(facts=Facts(calls=(ended,)), body="nabór zakończono")
    assert asking.pause() > 14 * DAY
