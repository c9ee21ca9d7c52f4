"""How the walk through an office's lists goes: its beginning, its next page, another way, its end, and what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from scrapy import Request

from crawler import mapped, rhythm
from crawler.frontier import TOLD
from crawler.outcomes import LEFT_OVER
from crawler.requesting import Requests, beyond
from crawler.run import Run
from crawler.turns import lists_due, waited
from crawler.walk import Walk
from crawler.walks import DEEP_EVERY
from crawler.ways import TROUBLE, in_order
from normalize.identity import address
from normalize.model import Office, Teaser

_MOST_PAGES = 10_000
"""Pages after which even a deep walk is taken for a trap."""
_MOST_REVISITS = 200
"""Articles of one office that are visited again in one run."""


class Course:
    """What a run asks an office for next; what an answer holds, its reader tells."""

    def __init__(self, run: Run, requests: Requests) -> None:
        self._run = run
        self._requests = requests

    def begin(self, office: Office, *, repeated: bool = False) -> Iterator[Request]:
        """The first request for an office: its list, or (when only what is due is wanted) its due articles.

        `repeated`: another list, which repeats what this office's names, is about to be read.
        """
        before, limits = self._run.frontier.walks.of(office.id), self._run.limits
        if self._run.store.suppressions.office(office.id):
            self._run.ledger.unasked(office.url, office.id, "list", "suppressed")
            return
        turn = before.completed is not None and before.since_deep + 1 >= DEEP_EVERY and before.resume is None
        deep = limits.deep or before.deep or turn
        addresses = self._run.register.families[office.family].list_addresses(office)
        ways = in_order(addresses, before.way, self._run.frontier, deep=deep)
        read = repeated or lists_due(office, self._run.frontier, self._run.now(), due=limits.due)
        refused = self._run.allowance.refusal(ways[0])
        if refused:
            if read or self._run.frontier.due(office.id, self._run.now(), 1):
                self._run.ledger.unasked(ways[0], office.id, "list", *refused)
                self._run.frontier.walks.postpone(office.id, self._run.now())
            return
        resume = before.resume if before.deep or not deep else None  # a deep walk takes in what another one left
        walk = Walk(
            office=office,
            ways=ways,
            whole=(deep and resume is None) or limits.whole or before.unsorted or before.head is None,
            deep=deep,
            resume=resume,
            begun=before.begun or before.head,
            guarded=before.completed is None,
            stopped=before.resume,
            waiting=waited(before.due, self._run.now()),
        )
        if not read:
            if not before.failures:  # else its server, as a rule, is in trouble: all of it waits for the next try
                yield from self._due(walk)
            return
        walk.habit = self._run.habit(office.id)
        request = self._next_way(walk)
        if request is not None:
            yield request
        else:
            self._run.frontier.walks.head_failed(office.id, self._run.now())

    def _next_way(self, walk: Walk) -> Request | None:
        while walk.ways:
            url = walk.ways.pop(0)
            request = self._requests.of_list(walk, url, first=True)
            if request is not None:
                return request
        return None

    def instead(self, walk: Walk, first: bool, outcome: str) -> Iterator[Request]:
        """After a page that gave nothing: at the list's head the next way to this office's news.

        Not where the server of an office whose way is known is in trouble: it is asked by another one in the next run.
        """
        request = None
        if first and not (outcome in TROUBLE and self._run.frontier.walks.of(walk.office.id).way):
            request = self._next_way(walk)
        if request is not None:
            yield request
        elif first:
            self._run.frontier.walks.head_failed(walk.office.id, self._run.now())
        else:
            self._run.frontier.walks.break_off(walk.office.id, self._run.now(), trouble=outcome in TROUBLE)
            yield from self._due(walk)  # the walk is broken, its articles can still be visited

    def go_on(self, walk: Walk, further: str | None, *, ended: bool, settled: bool) -> Iterator[Request]:
        """The next list page; or, when this was the last of this run, the articles whose time has come.

        `settled`: what stands below this page is known.
        """
        office, walks, now = walk.office.id, self._run.frontier.walks, self._run.now()
        read = 0 if walk.resume else 1  # the head, when a pass goes on below it, is no part of that
        if ended and walk.resume:
            further = walk.goes_on() or further
        elif ended:
            further = None
        most = _MOST_PAGES if walk.deep else self._run.limits.list_pages + walk.resumed
        if further is not None and walks.of(office).pages < _MOST_PAGES:
            if walk.pages < most and not self._requests.enough(walk):
                request = self._requests.of_list(walk, further, first=False)
                if request is not None:
                    walks.go_on(office, now, further, now, deep=walk.deep, pages=read)
                    yield request
                    return
            elif further not in walk.met and (walk.deep or not settled or walk.resumed):
                self._run.ledger.unasked(further, office, "list", LEFT_OVER, beyond(walk.pages, "list pages"))
                walks.go_on(office, now, further, now + rhythm.SOONEST_LIST, deep=walk.deep, pages=read)
                yield from self._due(walk)
                return
        if walk.deep:
            walks.read_through(self._run.id, office, walks.of(office).pages + read)
        walks.complete(
            office, now, deep=walk.deep, unsorted=walk.unsorted, habit=walk.habit, asked=self._run.limits.deep
        )
        if walk.deep:
            yield from self.sitemaps(walk, mapped.of_robots(self._run, walk.office))
        yield from self._due(walk)

    def sitemaps(self, walk: Walk, urls: Sequence[str]) -> Iterator[Request]:
        """Read after the lists, which say more of each article; what is known by then is left to them."""
        for url in urls:
            request = self._requests.of_sitemap(walk, url)
            if request is not None:
                yield request

    def _due(self, walk: Walk) -> Iterator[Request]:
        for one in self._run.frontier.due(walk.office.id, self._run.now(), _MOST_REVISITS):
            if self._requests.enough(walk):
                return
            if address(one.url) not in walk.met and not self._run.frontier.waits(address(one.url), self._run.began):
                sighted = self._run.archive.latest_sighting(one.url) or one.sighted
                yield from self._article(walk, one.url, sighted, one.since)

    def _article(
        self, walk: Walk, url: str, sighted: tuple[int, int] | None, since: datetime | None
    ) -> Iterator[Request]:
        request = self._requests.of_article(walk, url, sighted, since)
        if request is not None:
            yield request

    def take_in(self, url: str, capture: int, teasers: Sequence[Teaser]) -> None:
        """A list says something new: which articles that makes due."""
        frontier, now = self._run.frontier, self._run.now()
        frontier.make_due(frontier.vanished(url, capture), "absent", now)
        frontier.make_due(frontier.returned(url, capture), TOLD, now)
        told = [address(teaser.url) for teaser in teasers if frontier.changed_since_sighted(teaser, capture)]
        frontier.make_due(told, TOLD, now)

    def listed(self, walk: Walk, teaser: Teaser, sighted: tuple[int, int]) -> Iterator[Request]:
        """An article that a list names: asked for when it is new or due; else the list itself confirms it."""
        where = address(teaser.url)
        if where in walk.met:
            if teaser.url not in walk.met:  # another spelling; the same one again says nothing new
                walk.met.add(teaser.url)
                self._run.ledger.unasked(teaser.url, walk.office.id, "article", "duplicate")
            return
        if self._is_anothers(where, walk.office):
            walk.met |= {where, teaser.url}
            return
        since = self._run.frontier.due_since(where)
        due = since is None or (since <= self._run.now() and not self._run.frontier.waits(where, self._run.began))
        if self._run.limits.revisit or due:
            yield from self._article(walk, teaser.url, sighted, since)
        else:
            walk.met |= {where, teaser.url}

    def _is_anothers(self, where: str, office: Office) -> bool:
        """Whether another office of the same host has named this article: it is asked for in that one's name."""
        owner = self._run.register.offices.get(self._run.frontier.office_of(where) or "")
        return owner is not None and owner.id != office.id and owner in self._run.register.at(office.url)
