"""Whose "not modified" can be believed: found out by visits that are due anyway."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crawler.archive import Validators, Visit
from crawler.trust import Trust
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
        assert not trust.not_modified(HOST, of_list=True)  # nothing is left in doubt


def test_other_bytes_that_may_be_newer_than_the_304_let_lists_be_checked_at_once_until_they_were_true(
    asking: Asking,
) -> None:
    asking.revisit()
    trust = asking.revisit(body="another", tag='"b"')
    assert trust.trusted(HOST)
    checked = 0
    for _ in range(10):
        asking.bench.clock.forward(hours=12)
        trust = Trust(asking.bench.archive)
        at_once = trust.not_modified(HOST, of_list=True)
        asking.note(304, LIST)
        if at_once:
            checked += 1
            asking.unconditional(trust, of=LIST, at_once=True)
    assert checked == 4
    assert trust.trusted(HOST)


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
