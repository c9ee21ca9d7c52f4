"""NewsSpider: listing → teasers → articles. A family overrides one hook, `teasers`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import cached_property, partial
from typing import Any, Self

import pysqlite3
import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.python.failure import Failure

from crawler import claims, mapped, outcomes, plain, rhythm
from crawler.course import Course
from crawler.database import DatabaseProblem, told
from crawler.departed import has_departed
from crawler.ledger import asked, header
from crawler.listing import Announced, BadLink, Further, LayoutChanged, Listed
from crawler.requesting import Answering, Requests, purpose_of
from crawler.run import Run
from crawler.turns import order
from crawler.vitals import published_days
from crawler.walk import Walk
from normalize.charset import decode
from normalize.identity import address
from normalize.model import Office, Teaser, Unusable
from normalize.unusable import bot_wall

_MOST_TAGS = 50_000
"""Lists are read in the reactor's own thread; this many tags take it about half a second."""

log = logging.getLogger(__name__)


class NewsSpider(scrapy.Spider):
    """Walks the lists of one family's offices and fetches each article's own page.

    Subclasses name the family and override `teasers`. Every address that is found ends in one visit of the archive.
    """

    name = "news"

    def __init__(self, run: Run | None = None, offices: Sequence[Office] | str | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._run = run
        self._offices = offices
        self._close_run: plain.Close | None = None
        """Kept here: a signal holds its receiver only weakly."""
        self._last: Sequence[Office] = ()
        """Offices that begin when all others are through."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider._run is None:
            spider._run, spider._close_run = plain.open_run(crawler, spider.name)
            crawler.signals.connect(spider._close_run, signals.spider_closed)
        crawler.signals.connect(spider.on_spider_error, signals.spider_error)
        crawler.signals.connect(spider.on_request_dropped, signals.request_dropped)
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        return spider

    @property
    def run(self) -> Run:
        assert self._run is not None, "a spider crawls within a Run"
        return self._run

    @cached_property
    def course(self) -> Course:
        return Course(
            self.run,
            Requests(
                self.run,
                lists=Answering(answered=self.parse_list, failed=self.list_failed),
                articles=Answering(answered=self.parse_article, failed=self.article_failed),
                sitemaps=Answering(answered=self.parse_sitemap, failed=self.sitemap_failed),
            ),
        )

    def teasers(self, response: TextResponse, office: Office) -> Iterator[Listed]:
        """The hook: what one list page says, in its order.

        Yields Teaser, Further (the next page), Announced (the list's total) and BadLink. Raises LayoutChanged when
        the page does not have the structure of the family.
        """
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Request]:
        if self._close_run is not None:
            await self.run.resume()
        now, due = self.run.now(), self.run.limits.due
        turns = order(self._chosen(), self.run.register, self.run.frontier, now, due=due)
        self._last = turns.last
        for office in turns.first:
            for request in self.course.begin(office, repeated=office.id in turns.repeated):
                yield request

    def on_idle(self) -> None:
        """The offices whose turn comes last begin."""
        waiting, self._last = self._last, ()
        try:
            requests = [request for office in waiting for request in self.course.begin(office)]
        except DatabaseProblem as problem:
            self.run.stop(problem)
            return
        assert self.crawler.engine is not None
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def parse_list(self, response: Response, walk: Walk, first: bool) -> Iterator[Request]:
        """A list page, a feed or an API answer."""
        ledger, frontier, office = self.run.ledger, self.run.frontier, walk.office.id
        if claims.is_doubtful(response, self.run):
            ledger.keep(response, office, "list")
            yield claims.once_more(response, self.run)
            return
        try:
            page = self._list_page(response)
        except Unusable as unusable:
            ledger.keep(response, office, "list", unusable.reason, unusable.detail)
            yield from self.course.instead(walk, first, unusable.reason)
            return
        if page is None:
            outcome = outcomes.of_status(response.status)
            ledger.note(response, office, "list", outcome)
            yield from self.course.instead(walk, first, outcome)
            return
        if page.body.count(b"<") > _MOST_TAGS:
            ledger.keep(response, office, "list", "too_complex", f"more than {_MOST_TAGS} tags")
            yield from self.course.instead(walk, first, "too_complex")
            return
        try:
            listed = list(self.teasers(page, walk.office))
        except (LayoutChanged, ValueError) as error:  # ValueError: an address in the page that cannot be taken apart
            outcome = "bot_protection" if bot_wall(page.text) else "layout_changed"
            ledger.keep(response, office, "list", outcome, str(error))
            log.log(_loudness(walk), "%s: %s", office, error)
            yield from self.course.instead(walk, first, outcome)
            return
        teasers = [one for one in listed if isinstance(one, Teaser)]
        if first and not teasers:
            ledger.keep(response, office, "list", "no_teasers")
            yield from self.course.instead(walk, first, "no_teasers")
            return
        validators = self.run.archive.validators(asked(response))
        if claims.is_read_otherwise(response, self.run, teasers):
            ledger.keep(response, office, "list")
            yield claims.once_more(response, self.run)
            return
        with self.run.archive.writing():  # all that a list says, or nothing of it
            if walk.pages == 0:
                frontier.walks.begin(office, self.run.now())
                frontier.walks.found_way(office, asked(response))
            kept = ledger.keep(response, office, "list", teasers=teasers)
            claims.weigh(response, self.run, validators, kept)
            walk.ways.clear()
            where = [address(teaser.url) for teaser in teasers]
            known = [frontier.known(one) for one in where]
            before = [frontier.known(one, walk.since) for one in where] if walk.since else known
            walk.see(teasers, known, partial(published_days, self.run.store.connection, where))
            walk.pages += 1
            if kept.new or walk.repeats(asked(response)):
                self.course.take_in(asked(response), kept.capture, teasers)
            named = [(one, (kept.capture, n)) for n, one in enumerate(teasers)]
            for owner, theirs in self._by_owner(named, walk.office):
                frontier.meet(theirs, owner, self.run.now(), fresh=owner == office and not walk.below_known)
        walk.below_known |= all(known)
        fresh = any(address(teaser.url) not in walk.met for teaser in teasers)
        for position, teaser in enumerate(teasers):
            yield from self.course.listed(walk, teaser, (kept.capture, position))
        further: str | None = None
        for one in listed:
            if isinstance(one, BadLink):
                ledger.no_address(one.raw, office)
            elif isinstance(one, Announced):
                frontier.walks.announce(
                    self.run.id, office, self.run.now(), deep=walk.deep, total=one.total, pages=one.pages
                )
            elif isinstance(one, Further) and fresh:  # a page of nothing but what other pages said is the last one
                further = one.url
        yield from self.course.go_on(walk, further, ended=walk.ends(known, before), settled=walk.settled(before))

    async def parse_article(self, response: Response, walk: Walk, sighted: tuple[int, int] | None) -> None:
        """An article's own page: kept first, understood after."""
        ledger, office, url = self.run.ledger, walk.office.id, asked(response)
        known = self.run.archive.validators(url)
        if response.status == 304 and known is not None:
            ledger.note(response, office, "article", "unchanged", capture=known.capture)
            self.run.trust.not_modified(claims.host_of(response))
            self.run.looked_at(url, known.capture, response.url)
        elif has_departed(response, walk.office, self.run.register):
            ledger.note(response, office, "article", "gone", "redirects to a list")
            self.run.missed(url, gone=True)
        elif response.status != 200:
            outcome = outcomes.of_status(response.status)
            ledger.note(response, office, "article", outcome)
            self.run.missed(url, gone=outcome == "gone")
        elif self.run.store.suppressions.address(response.url):
            ledger.note(response, office, "article", "suppressed")
            self.run.frontier.visited(url, self.run.now() + rhythm.AFTER_GONE, "suppressed")
        else:
            kept = ledger.keep(response, office, "article", sighted=sighted)
            claims.weigh(response, self.run, known, kept)
            if kept.new:
                await self.run.understanding.offer(kept.capture)
            else:
                self.run.looked_at(url, kept.capture, response.url)

    async def parse_sitemap(self, response: Response, walk: Walk) -> AsyncIterator[Request]:
        """What the site's own sitemap names and no list has: articles too old for the lists, or fallen from them."""
        ledger, office = self.run.ledger, walk.office.id
        if response.status != 200:
            ledger.note(response, office, "sitemap", outcomes.of_status(response.status))
            return
        try:
            further, found, broken = await mapped.read(self.run, response.body, asked(response), walk.office)
        except LayoutChanged as error:
            ledger.keep(response, office, "sitemap", "layout_changed", str(error))
            return
        with self.run.archive.writing():
            kept = ledger.keep(response, office, "sitemap", teasers=found)
            named = [(one, (kept.capture, n)) for n, one in enumerate(found)]
            self.run.frontier.meet(named, office, self.run.now(), fresh=False)
        for raw in broken:
            ledger.no_address(raw, office)
        for teaser, place in named:
            for request in self.course.listed(walk, teaser, place):
                yield request
        for request in self.course.sitemaps(walk, further):
            yield request

    def sitemap_failed(self, failure: Failure) -> None:
        if self._stopped_by(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        self.run.ledger.failed(request, request.cb_kwargs["walk"].office.id, "sitemap", failure)

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        if self._stopped_by(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        walk: Walk = request.cb_kwargs["walk"]
        outcome, detail = self.run.ledger.failed(request, walk.office.id, "list", failure)
        if outcome in outcomes.POSTPONED:
            self.run.frontier.walks.postpone(walk.office.id, self.run.now())
            return
        log.log(_loudness(walk), "%s: %s: %s %s", walk.office.id, request.url, outcome, detail)
        yield from self.course.instead(walk, request.cb_kwargs["first"], outcome)

    def article_failed(self, failure: Failure) -> None:
        if self._stopped_by(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, _ = self.run.ledger.failed(request, request.cb_kwargs["walk"].office.id, "article", failure)
        if outcome not in outcomes.POSTPONED:
            self.run.missed(request.meta["asked"], gone=False)

    def on_spider_error(self, failure: Failure, response: Response, spider: scrapy.Spider) -> None:
        """A callback raised what it should not: the address gets its end, the other offices go on."""
        if self._stopped_by(failure):
            return
        request = response.request
        assert request is not None
        walk = request.cb_kwargs.get("walk")
        if walk is not None:
            detail = f"{type(failure.value).__name__}: {failure.value}"
            self.run.ledger.note(response, walk.office.id, purpose_of(request), "crawler_error", detail[:300])
            if purpose_of(request) == "article":
                self.run.missed(request.meta["asked"], gone=False)

    def _stopped_by(self, failure: Failure) -> bool:
        """Trouble with disk or database, in a callback or on the way to one, ends the run: going on loses more."""
        if isinstance(failure.value, DatabaseProblem):
            self.run.stop(failure.value)
        elif isinstance(failure.value, pysqlite3.DatabaseError):
            self.run.stop(DatabaseProblem(told(self.run.archive.path.parent, failure.value)))
        else:
            return False
        return True

    def on_request_dropped(self, request: Request, spider: scrapy.Spider) -> None:
        """The scheduler let a request fall without a word."""
        walk = request.cb_kwargs.get("walk")
        if walk is not None:
            self.run.ledger.unasked(request.url, walk.office.id, purpose_of(request), "duplicate")

    def _chosen(self) -> list[Office]:
        if isinstance(self._offices, str):
            ids = [one for one in self._offices.split(",") if one]
            return [office for office in self.run.register.select(ids) if office.family == self.name]
        if self._offices is None:
            return [office for office in self.run.register.select() if office.family == self.name]
        return list(self._offices)

    def _by_owner(
        self, named: Sequence[tuple[Teaser, tuple[int, int]]], office: Office
    ) -> list[tuple[str, list[tuple[Teaser, tuple[int, int]]]]]:
        """What a list names, by the offices whose it is."""
        found: dict[str, list[tuple[Teaser, tuple[int, int]]]] = {}
        for teaser, place in named:
            found.setdefault(self.run.register.owner(teaser.url, office).id, []).append((teaser, place))
        return list(found.items())

    def _list_page(self, response: Response) -> TextResponse | None:
        """The page as text in its real encoding; a 304 is answered from the archive; None when there is no page."""
        if response.status == 304:
            known = self.run.archive.validators(asked(response))
            if known is None:
                return None
            held = self.run.archive.held(known.capture)
            url, body, content_type = held.url, held.body, held.content_type
        elif response.status == 200:
            url, body, content_type = response.url, response.body, header(response, "Content-Type")
        else:
            return None
        _, encoding = decode(body, content_type)
        return HtmlResponse(url, headers=response.headers, body=body, encoding=encoding, request=response.request)


def _loudness(walk: Walk) -> int:
    """A way that fails while others are left is no news for the operator; the ledger has it anyway."""
    return logging.INFO if walk.ways else logging.WARNING
