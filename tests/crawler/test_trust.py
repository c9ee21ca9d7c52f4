"""Whose "not modified" can be believed: found out by visits that are due anyway."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crawler.trust import Trust, _words
from crawler.visits import Validators, Visit
from tests.crawler.made import Bench

HOST = "lipowo.praca.test"
ONE, LIST = f"http://{HOST}/-/staze", f"http://{HOST}/lista"


class Asking:
    """A host whose answers come one after the other, each in a run of its own."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self.capture = self.bench.visit(ONE, "Urząd ogłasza nabór.").capture
        self.checks = 0

    def revisit(self, **answer: str) -> Trust:
        """One visit of the article: by the conditions' rule, or checked; `answer` as in `unconditional`."""
        self.bench.clock.forward(days=1)
        trust = Trust(self.bench.archive)
        claim = trust.to_check(HOST, ONE)
        if claim is None:
            trust.not_modified(HOST)
            self.note(304)
        else:
            self.checks += 1
            self.unconditional(trust, **answer)
        return trust

    def unconditional(
        self, trust: Trust, *, body: str = "same", tag: str = '"a"', of: str = ONE, at_once: bool = False
    ) -> None:
        claim = trust.claim(of, "article" if of == ONE else "list")
        assert claim is not None
        before = Validators(etag='"a"', last_modified=None, capture=self.capture)
        after = Validators(etag=tag, last_modified=None, capture=self.capture)
        trust.weigh(HOST, claim, self.bench.clock(), at_once=at_once, new=body != "same", before=before, after=after)
        self.note(200, of)

    def note(self, status: int, url: str = ONE) -> None:
        self.bench.archive.note(
            self.bench.run,
            Visit(
                office="pup-lipowo",
                purpose="article" if url == ONE else "list",
                url=url,
                outcome="unchanged" if status == 304 else "same",
                status=status,
            ),
            capture=self.capture,
        )


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    asking = Asking(tmp_path)
    yield asking
    asking.bench.close()


def test_trust_in_a_304_is_earned_by_checks_that_become_rare(asking: Asking) -> None:
    for _ in range(100):
        trust = asking.revisit()
    assert 4 <= asking.checks <= 9
    assert trust.trusted(HOST)


def test_only_a_visit_after_a_304_of_the_same_address_checks_anything(asking: Asking) -> None:
    trust = Trust(asking.bench.archive)
    trust.not_modified(HOST)
    assert trust.to_check(HOST, ONE) is None
    asking.note(304)
    assert trust.to_check(HOST, ONE) == asking.bench.clock()
    asking.note(200)
    assert Trust(asking.bench.archive).to_check(HOST, ONE) is None


def test_one_check_of_a_host_is_enough_for_a_run(asking: Asking) -> None:
    trust = Trust(asking.bench.archive)
    trust.not_modified(HOST)
    asking.note(304)
    assert trust.to_check(HOST, ONE) is not None
    assert trust.to_check(HOST, ONE) is None
    assert Trust(asking.bench.archive).to_check(HOST, ONE) is not None


def test_a_host_that_would_answer_304_for_other_bytes_loses_its_trust(asking: Asking) -> None:
    asking.revisit()
    trust = asking.revisit(body="another", tag='"a"')
    assert not trust.trusted(HOST)


def test_a_page_that_by_its_own_date_had_changed_before_the_304_makes_that_a_lie(asking: Asking) -> None:
    asking.note(304)
    claim = asking.bench.clock()
    asking.bench.clock.forward(days=1)
    for hours, trusted in ((5, True), (-5, False)):
        trust = Trust(asking.bench.archive)
        trust.weigh(
            HOST,
            claim,
            asking.bench.clock(),
            new=True,
            before=Validators(etag=None, last_modified="Mon, 02 Mar 2026 08:00:00 GMT", capture=asking.capture),
            after=Validators(
                etag=None,
                last_modified=format_datetime(claim + timedelta(hours=hours), usegmt=True),
                capture=asking.capture,
            ),
        )
        assert trust.trusted(HOST) is trusted
        assert trust.not_modified(HOST, of_list=True) is not trusted  # one that has lied is never left unchecked


def test_other_bytes_that_may_be_newer_than_the_304_let_lists_be_checked_at_once_until_they_were_true(
    asking: Asking,
) -> None:
    asking.revisit()
    trust = asking.revisit(body="another", tag='"b"')
    assert trust.trusted(HOST)
    checked = 0
    for _ in range(20):
        asking.bench.clock.forward(hours=12)
        trust = Trust(asking.bench.archive)
        at_once = trust.not_modified(HOST, of_list=True)
        asking.note(304, LIST)
        if at_once:
            checked += 1
            asking.unconditional(trust, of=LIST, at_once=True)
    assert checked == 8
    assert trust.trusted(HOST)


def test_articles_that_have_not_changed_end_no_doubt_and_do_not_keep_lists_from_being_checked(asking: Asking) -> None:
    asking.revisit()
    asking.revisit(body="another", tag='"b"')
    for _ in range(30):
        trust = asking.revisit()
        assert trust.not_modified(HOST, of_list=True)
        asking.note(304, LIST)


def test_in_doubt_a_304_that_is_found_untrue_at_once_is_a_lie(asking: Asking) -> None:
    asking.revisit()
    asking.revisit(body="another", tag='"b"')
    trust = Trust(asking.bench.archive)
    assert trust.not_modified(HOST, of_list=True)
    asking.note(304, LIST)
    asking.unconditional(trust, body="another", tag='"c"', of=LIST, at_once=True)
    assert not trust.trusted(HOST)


def test_a_host_that_tells_a_change_by_itself_is_out_of_doubt(asking: Asking) -> None:
    asking.revisit()
    trust = asking.revisit(body="another", tag='"b"')
    trust.told_change(HOST)
    assert not Trust(asking.bench.archive).not_modified(HOST, of_list=True)


def test_a_host_that_has_lied_is_believed_again_after_true_answers_and_a_change_that_it_told(asking: Asking) -> None:
    asking.revisit()
    trust = asking.revisit(body="another", tag='"a"')
    now = asking.bench.clock
    assert not trust.trusted(HOST)
    assert not trust.worth(HOST, now(), of_list=True)
    worth = []
    for _ in range(70):
        now.forward(days=1)
        worth.append(trust.worth(HOST, now(), of_list=True))
        assert not trust.worth(HOST, now(), of_list=False)
    assert [place + 1 for place, one in enumerate(worth) if one] == [56, 63, 70]
    trust.told_change(HOST)  # alone it proves nothing of its 304
    for _ in range(12):
        now.forward(days=1)
        assert not trust.trusted(HOST)
        trust = Trust(asking.bench.archive)
        assert trust.not_modified(HOST, of_list=True)
        asking.note(304, LIST)
        asking.unconditional(trust, of=LIST, at_once=True)
    assert not trust.trusted(HOST)
    trust.told_change(HOST)
    assert trust.trusted(HOST)
    assert trust.worth(HOST, now(), of_list=False)


def test_a_host_that_lies_again_on_its_way_back_begins_anew(asking: Asking) -> None:
    asking.revisit()
    trust = asking.revisit(body="another", tag='"a"')
    asking.bench.clock.forward(weeks=8)
    for _ in range(10):
        asking.note(304, LIST)
        asking.unconditional(trust, of=LIST, at_once=True)
    asking.note(304, LIST)
    asking.unconditional(trust, body="another", tag='"c"', of=LIST, at_once=True)
    trust.told_change(HOST)
    assert not trust.trusted(HOST)
    assert not trust.worth(HOST, asking.bench.clock(), of_list=True)


@pytest.mark.parametrize(
    ("body", "trusted"),
    [
        ('<p>Urząd ogłasza nabór.</p><input type="hidden" value="5f2a"><script>t=17</script><!-- 09:15 -->', True),
        ("<p>Urząd ogłasza nabór do 5 maja.</p>", False),
    ],
)
def test_other_bytes_are_no_lie_while_the_words_are_the_same(asking: Asking, body: str, trusted: bool) -> None:
    first = asking.bench.visit(ONE, '<p>Urząd ogłasza nabór.</p><input type="hidden" value="91cc">').capture
    second = asking.bench.visit(ONE, body).capture
    asking.note(304)
    trust = Trust(asking.bench.archive)
    trust.weigh(
        HOST,
        asking.bench.clock(),
        asking.bench.clock(),
        new=True,
        before=Validators(etag='"a"', last_modified=None, capture=first),
        after=Validators(etag='"a"', last_modified=None, capture=second),
    )
    assert trust.trusted(HOST) is trusted


def test_a_page_of_nothing_but_open_brackets_is_compared_in_one_pass() -> None:
    for page in (b"<!--" * 200_000, b"<script>" * 100_000, b"<" * 900_000):
        assert _words(page + b"a") == []
    assert _words(b"a<b>B</b><!-- c --><SCRIPT>d</SCRIPT>e<style>f") == [b"a", b"b", b"e"]
