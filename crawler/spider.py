"""NewsSpider: listing → teasers → articles. A family overrides one hook, `teasers`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import pysqlite3
import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.python.failure import Failure

from crawler import contact, floors, mapped, outcomes, registry, rhythm
from crawler.database import DatabaseProblem, told
from crawler.departed import leads_to
from crawler.folder import locked
from crawler.frontier import TOLD
from crawler.ledger import asked, header
from crawler.listing import Announced, BadLink, Further, LayoutChanged, Listed
from crawler.outcomes import CONFIRMING, LEFT_OVER
from crawler.run import Limits, Run
from crawler.scope import in_scope
from crawler.sitemaps import MOST_FILES
from crawler.turns import lists_due, order, priority, waited
from crawler.visits import Kept, Purpose, Validators
from crawler.vitals import published_days
from crawler.walk import Walk
from crawler.walks import DEEP_EVERY
from crawler.ways import TROUBLE, in_order
from normalize.charset import decode
from normalize.identity import address
from normalize.model import Office, Teaser, Unusable
from normalize.unusable import bot_wall

_MOST_TAGS = 50_000
"""Lists are read in the reactor's own thread; this many tags take it about half a second."""
_MOST_PAGES = 10_000
"""Pages after which even a deep walk is taken for a trap."""
_MOST_REVISITS = 200
"""Articles of one office that are visited again in one run."""

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
        self._close_run: Callable[..., Any] | None = None
        self._last: Sequence[Office] = ()
        """Offices that begin when all others are through."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider._run is None:
            spider._open_own_run()
        crawler.signals.connect(spider.on_spider_error, signals.spider_error)
        crawler.signals.connect(spider.on_request_dropped, signals.request_dropped)
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        return spider

    @property
    def run(self) -> Run:
        assert self._run is not None, "a spider crawls within a Run"
        return self._run

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
            for request in self._begin(office, repeated=office.id in turns.repeated):
                yield request

    def on_idle(self) -> None:
        """The offices whose turn comes last begin."""
        waiting, self._last = self._last, ()
        try:
            requests = [request for office in waiting for request in self._begin(office)]
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
        if response.status == 304 and self.run.trust.not_modified(_host(response), of_list=True):
            ledger.keep(response, office, "list")
            yield self._once_more(response)
            return
        try:
            page = self._list_page(response)
        except Unusable as unusable:
            ledger.keep(response, office, "list", unusable.reason, unusable.detail)
            yield from self._instead(walk, first, unusable.reason)
            return
        if page is None:
            outcome = outcomes.of_status(response.status)
            ledger.note(response, office, "list", outcome)
            yield from self._instead(walk, first, outcome)
            return
        if page.body.count(b"<") > _MOST_TAGS:
            ledger.keep(response, office, "list", "too_complex", f"more than {_MOST_TAGS} tags")
            yield from self._instead(walk, first, "too_complex")
            return
        try:
            listed = list(self.teasers(page, walk.office))
        except (LayoutChanged, ValueError) as error:  # ValueError: an address in the page that cannot be taken apart
            outcome = "bot_protection" if bot_wall(page.text) else "layout_changed"
            ledger.keep(response, office, "list", outcome, str(error))
            log.log(_loudness(walk), "%s: %s", office, error)
            yield from self._instead(walk, first, outcome)
            return
        teasers = [one for one in listed if isinstance(one, Teaser)]
        if first and not teasers:
            ledger.keep(response, office, "list", "no_teasers")
            yield from self._instead(walk, first, "no_teasers")
            return
        validators = self.run.archive.validators(asked(response))
        if walk.pages == 0:  # before it is kept: if all ends here, what it names is not taken for known
            frontier.walks.begin(office, self.run.now())
            frontier.walks.found_way(office, asked(response))
        kept = ledger.keep(response, office, "list", teasers=teasers)
        self._weigh(response, validators, kept)
        walk.ways.clear()
        where = [address(teaser.url) for teaser in teasers]
        known = [frontier.known(one) for one in where]
        before = [frontier.known(one, walk.since) for one in where] if walk.since else known
        walk.see(teasers, known, partial(published_days, self.run.store.connection, where))
        walk.pages += 1
        if kept.new:
            self._take_in(asked(response), kept.capture, teasers)
        named = [(one, (kept.capture, n)) for n, one in enumerate(teasers)]
        for owner, theirs in self._by_owner(named, walk.office):
            frontier.meet(theirs, owner, self.run.now(), fresh=owner == office and not walk.below_known)
        walk.below_known |= all(known)
        fresh = any(address(teaser.url) not in walk.met for teaser in teasers)
        for position, teaser in enumerate(teasers):
            yield from self._listed(walk, teaser, (kept.capture, position))
        further: str | None = None
        for one in listed:
            if isinstance(one, BadLink):
                ledger.unasked(one.raw, office, "article", "bad_link")
            elif isinstance(one, Announced):
                frontier.walks.announce(
                    self.run.id, office, self.run.now(), deep=walk.deep, total=one.total, pages=one.pages
                )
            elif isinstance(one, Further) and fresh:  # a page of nothing but what other pages said is the last one
                further = one.url
        yield from self._go_on(walk, further, ended=walk.ends(known, before), settled=walk.settled(before))

    async def parse_article(self, response: Response, walk: Walk, sighted: tuple[int, int] | None) -> None:
        """An article's own page: kept first, understood after."""
        ledger, office, url = self.run.ledger, walk.office.id, asked(response)
        if response.status == 304:
            known = self.run.archive.validators(url)
            ledger.note(response, office, "article", "unchanged", capture=known.capture if known else None)
            self.run.trust.not_modified(_host(response))
            if known is not None:
                self.run.looked_at(url, known.capture, response.url)
        elif self._leads_to_a_list(response, walk):
            ledger.note(response, office, "article", "gone", "redirects to a list")
            self.run.missed(url, gone=True)
        elif response.status != 200:
            outcome = outcomes.of_status(response.status)
            ledger.note(response, office, "article", outcome)
            self.run.missed(url, gone=outcome == "gone")
        elif self.run.store.suppressions.address(response.url):
            ledger.note(response, office, "article", "suppressed")
        else:
            before = self.run.archive.validators(url)
            kept = ledger.keep(response, office, "article", sighted=sighted)
            self._weigh(response, before, kept)
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
        kept = ledger.keep(response, office, "sitemap", teasers=found)
        for raw in broken:
            ledger.unasked(raw, office, "article", "bad_link")
        named = [(one, (kept.capture, n)) for n, one in enumerate(found)]
        self.run.frontier.meet(named, office, self.run.now(), fresh=False)
        for teaser, place in named:
            for request in self._listed(walk, teaser, place):
                yield request
        for request in self._sitemaps(walk, further):
            yield request

    def sitemap_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self.run.ledger.failed(request, request.cb_kwargs["walk"].office.id, "sitemap", failure)

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]
        walk: Walk = request.cb_kwargs["walk"]
        outcome, detail = self.run.ledger.failed(request, walk.office.id, "list", failure)
        if outcome in outcomes.POSTPONED:
            self.run.frontier.walks.postpone(walk.office.id, self.run.now())
            return
        log.log(_loudness(walk), "%s: %s: %s %s", walk.office.id, request.url, outcome, detail)
        yield from self._instead(walk, request.cb_kwargs["first"], outcome)

    def article_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        outcome, _ = self.run.ledger.failed(request, request.cb_kwargs["walk"].office.id, "article", failure)
        if outcome not in outcomes.POSTPONED:
            self.run.missed(request.meta["asked"], gone=False)

    def on_spider_error(self, failure: Failure, response: Response, spider: scrapy.Spider) -> None:
        """A callback raised what it should not: the address gets its end, the other offices go on.

        Trouble with disk or database ends the whole run instead: going on would only lose more.
        """
        request = response.request
        assert request is not None
        if isinstance(failure.value, DatabaseProblem):
            self.run.stop(failure.value)
            return
        if isinstance(failure.value, pysqlite3.DatabaseError):
            self.run.stop(DatabaseProblem(told(self.run.archive.path.parent, failure.value)))
            return
        walk = request.cb_kwargs.get("walk")
        if walk is not None:
            detail = f"{type(failure.value).__name__}: {failure.value}"
            self.run.ledger.note(response, walk.office.id, _purpose(request), "crawler_error", detail[:300])

    def on_request_dropped(self, request: Request, spider: scrapy.Spider) -> None:
        """The scheduler let a request fall without a word."""
        walk = request.cb_kwargs.get("walk")
        if walk is not None:
            self.run.ledger.unasked(request.url, walk.office.id, _purpose(request), "duplicate")

    def _open_own_run(self) -> None:
        """For plain `scrapy crawl <family>`: the data folder of the settings, held while the spider lives."""
        settings = self.crawler.settings
        contact.required()
        for put_right in floors.keep(settings):
            log.warning("%s", put_right)
        data = Path(settings["WIESCI_DATA"])
        lock = locked(data)
        lock.__enter__()
        self._run = Run(
            data=data,
            register=registry.load(),
            command=f"scrapy crawl {self.name}",
            limits=Limits(list_pages=settings.getint("WIESCI_LIST_PAGES")),
        )

        async def close_run(spider: scrapy.Spider, reason: str) -> None:
            try:
                await self.run.finish(reason)
            finally:
                self.run.close()
                lock.__exit__(None, None, None)

        self._close_run = close_run  # kept here: a signal holds its receiver only weakly
        self.crawler.signals.connect(close_run, signals.spider_closed)

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

    def _begin(self, office: Office, *, repeated: bool = False) -> Iterator[Request]:
        """The first request for an office: its list, or (when only what is due is wanted) its due articles.

        `repeated`: another list, which repeats what this office's names, is about to be read.
        """
        before, limits = self.run.frontier.walks.of(office.id), self.run.limits
        if self.run.store.suppressions.office(office.id):
            self.run.ledger.unasked(office.url, office.id, "list", "suppressed")
            return
        turn = before.completed is not None and before.since_deep + 1 >= DEEP_EVERY and before.resume is None
        deep = limits.deep or before.deep or turn
        addresses = self.run.register.families[office.family].list_addresses(office)
        ways = in_order(addresses, before.way, self.run.frontier, deep=deep)
        read = repeated or lists_due(office, self.run.frontier, self.run.now(), due=limits.due)
        refused = self.run.allowance.refusal(ways[0])
        if refused:
            if read or self.run.frontier.due(office.id, self.run.now(), 1):
                self.run.ledger.unasked(ways[0], office.id, "list", *refused)
                self.run.frontier.walks.postpone(office.id, self.run.now())
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
            waiting=waited(before.due, self.run.now()),
        )
        if not read:
            if not before.failures:  # else its server, as a rule, is in trouble: all of it waits for the next try
                yield from self._due(walk)
            return
        walk.habit = self.run.habit(office.id)
        request = self._next_way(walk)
        if request is not None:
            yield request
        else:
            self.run.frontier.walks.head_failed(office.id, self.run.now())

    def _next_way(self, walk: Walk) -> Request | None:
        while walk.ways:
            url = walk.ways.pop(0)
            request = self._list_request(walk, url, first=True)
            if request is not None:
                return request
        return None

    def _instead(self, walk: Walk, first: bool, outcome: str) -> Iterator[Request]:
        """After a page that gave nothing: at the list's head the next way to this office's news.

        Not where the server of an office whose way is known is in trouble: it is asked by another one in the next run.
        """
        request = None
        if first and not (outcome in TROUBLE and self.run.frontier.walks.of(walk.office.id).way):
            request = self._next_way(walk)
        if request is not None:
            yield request
        elif first:
            self.run.frontier.walks.head_failed(walk.office.id, self.run.now())
        else:
            self.run.frontier.walks.break_off(walk.office.id, self.run.now(), trouble=outcome in TROUBLE)
            yield from self._due(walk)  # the walk is broken, its articles can still be visited

    def _go_on(self, walk: Walk, further: str | None, *, ended: bool, settled: bool) -> Iterator[Request]:
        """The next list page; or, when this was the last of this run, the articles whose time has come.

        `settled`: what stands below this page is known.
        """
        office, walks, now = walk.office.id, self.run.frontier.walks, self.run.now()
        read = 0 if walk.resume else 1  # the head, when a pass goes on below it, is no part of that
        if ended and walk.resume:
            further = walk.goes_on() or further
        elif ended:
            further = None
        most = _MOST_PAGES if walk.deep else self.run.limits.list_pages + walk.resumed
        if further is not None and walks.of(office).pages < _MOST_PAGES:
            if walk.pages < most and not self._enough(walk):
                request = self._list_request(walk, further, first=False)
                if request is not None:
                    walks.go_on(office, now, further, now, deep=walk.deep, pages=read)
                    yield request
                    return
            elif further not in walk.met and (walk.deep or not settled or walk.resumed):
                self.run.ledger.unasked(further, office, "list", LEFT_OVER, _beyond(walk.pages, "list pages"))
                walks.go_on(office, now, further, now + rhythm.SOONEST_LIST, deep=walk.deep, pages=read)
                yield from self._due(walk)
                return
        if walk.deep:
            walks.read_through(self.run.id, office, walks.of(office).pages + read)
        walks.complete(
            office, now, deep=walk.deep, unsorted=walk.unsorted, habit=walk.habit, asked=self.run.limits.deep
        )
        if walk.deep:
            yield from self._sitemaps(walk, mapped.of_robots(self.run, walk.office))
        yield from self._due(walk)

    def _sitemaps(self, walk: Walk, urls: Sequence[str]) -> Iterator[Request]:
        """Read after the lists, which say more of each article; what is known by then is left to them."""
        for url in urls:
            if url in walk.met or walk.sitemaps >= MOST_FILES:
                continue
            walk.met.add(url)
            if not in_scope(url, walk.office, self.run.register):
                self.run.ledger.unasked(url, walk.office.id, "sitemap", "out_of_scope")
                continue
            walk.sitemaps += 1
            request = self._request(
                url, walk, self.parse_sitemap, self.sitemap_failed, "sitemap", {"walk": walk}, walk.waiting
            )
            if request is not None:
                request.meta["unconditional"] = True  # "not modified" would leave what was not reached then unread
                yield request

    def _due(self, walk: Walk) -> Iterator[Request]:
        for one in self.run.frontier.due(walk.office.id, self.run.now(), _MOST_REVISITS):
            if self._enough(walk):
                return
            if address(one.url) not in walk.met and not self.run.frontier.waits(address(one.url), self.run.began):
                sighted = self.run.archive.latest_sighting(one.url) or one.sighted
                yield from self._article(walk, one.url, sighted, one.since)

    def _take_in(self, url: str, capture: int, teasers: Sequence[Teaser]) -> None:
        """A list says something new: which articles that makes due."""
        frontier, now = self.run.frontier, self.run.now()
        frontier.make_due(frontier.vanished(url, capture), "absent", now)
        told = [address(teaser.url) for teaser in teasers if frontier.changed_since_sighted(teaser, capture)]
        frontier.make_due(told, TOLD, now)

    def _list_request(self, walk: Walk, url: str, *, first: bool) -> Request | None:
        if url in walk.met:
            return None
        walk.met.add(url)
        if not in_scope(url, walk.office, self.run.register):
            self.run.ledger.unasked(url, walk.office.id, "list", "out_of_scope")
            return None
        arguments = {"walk": walk, "first": first}
        request = self._request(url, walk, self.parse_list, self.list_failed, "list", arguments, walk.waiting)
        if request is not None and not self.run.frontier.believed(url, self.run.now()):
            request.meta.update(unconditional=True, claim=self.run.trust.claim(url, "list"))
        last = self.run.frontier.list_asked(url)
        if request is not None and last is not None and last[1] not in CONFIRMING:
            request.meta["failed_before"] = True
        return request

    def _listed(self, walk: Walk, teaser: Teaser, sighted: tuple[int, int]) -> Iterator[Request]:
        """An article that a list names: asked for when it is new or due; else the list itself confirms it."""
        where = address(teaser.url)
        if where in walk.met:
            if teaser.url not in walk.met:  # another spelling; the same one again says nothing new
                walk.met.add(teaser.url)
                self.run.ledger.unasked(teaser.url, walk.office.id, "article", "duplicate")
            return
        if self._is_anothers(where, walk.office):
            walk.met |= {where, teaser.url}
            return
        since = self.run.frontier.due_since(where)
        due = since is None or (since <= self.run.now() and not self.run.frontier.waits(where, self.run.began))
        if self.run.limits.revisit or due:
            yield from self._article(walk, teaser.url, sighted, since)
        else:
            walk.met |= {where, teaser.url}

    def _is_anothers(self, where: str, office: Office) -> bool:
        """Whether another office of the same host has named this article: it is asked for in that one's name."""
        owner = self.run.register.offices.get(self.run.frontier.office_of(where) or "")
        return owner is not None and owner.id != office.id and owner in self.run.register.at(office.url)

    def _article(
        self, walk: Walk, url: str, sighted: tuple[int, int] | None, since: datetime | None
    ) -> Iterator[Request]:
        walk.met |= {address(url), url}
        for outcome, refused in (
            ("out_of_scope", not in_scope(url, walk.office, self.run.register)),
            ("suppressed", self.run.store.suppressions.address(url)),
        ):
            if refused:
                self.run.ledger.unasked(url, walk.office.id, "article", outcome)
                self.run.frontier.visited(url, self.run.now() + rhythm.AFTER_GONE, outcome)
                return
        if self._enough(walk):
            self.run.ledger.unasked(url, walk.office.id, "article", LEFT_OVER, _beyond(walk.articles, "articles"))
            return
        arguments = {"walk": walk, "sighted": sighted}
        waiting = waited(since, self.run.now())
        request = self._request(url, walk, self.parse_article, self.article_failed, "article", arguments, waiting)
        if request is not None:
            walk.articles += 1
            request.meta["lists"] = self._lists(url, walk)
            if self.run.frontier.failures(url):
                request.meta["failed_before"] = True
            if self.run.frontier.told_changed(address(url)):  # "not modified" would contradict what its list says
                request.meta["unconditional"] = True
            elif (claim := self.run.trust.to_check(urlsplit(url).hostname or "", url)) is not None:
                request.meta.update(unconditional=True, claim=claim)
            yield request

    def _enough(self, walk: Walk) -> bool:
        return self.run.limits.articles is not None and walk.articles >= self.run.limits.articles

    def _request(
        self,
        url: str,
        walk: Walk,
        callback: Any,
        errback: Any,
        purpose: Purpose,
        arguments: dict[str, Any],
        waiting: int = 0,
    ) -> Request | None:
        try:
            request = Request(
                url,
                callback=callback,
                errback=errback,
                cb_kwargs=arguments,
                dont_filter=True,  # a walk knows what it has asked for; Scrapy's filter drops without a word
                meta={"office": walk.office, "asked": url},
                priority=priority(waiting, is_list=purpose != "article"),
            )
        except ValueError as error:
            self.run.ledger.unasked(url, walk.office.id, purpose, "bad_link", str(error))
            return None
        request.meta["download_slot"] = self.run.register.server(url).name
        return request

    def _once_more(self, response: Response) -> Request:
        """The same address at once without conditions: was the 304 true?"""
        request = response.request
        assert request is not None
        meta = {key: value for key, value in request.meta.items() if key in ("office", "asked", "download_slot")}
        return request.replace(
            url=asked(response),
            headers={},
            meta={**meta, "unconditional": True, "claim": self.run.now(), "at_once": True},
        )

    def _weigh(self, response: Response, before: Validators | None, kept: Kept) -> None:
        """What an answer says of the 304 that the same address gave before, or would give."""
        request, claim = response.request, response.meta.get("claim")
        if response.status != 200 or request is None:
            return
        if claim is not None:
            after = Validators(
                etag=header(response, "ETag"), last_modified=header(response, "Last-Modified"), capture=kept.capture
            )
            at_once = response.meta.get("at_once", False)
            self.run.trust.weigh(
                _host(response), claim, self.run.now(), at_once=at_once, new=kept.new, before=before, after=after
            )
        elif kept.new and ("If-None-Match" in request.headers or "If-Modified-Since" in request.headers):
            self.run.trust.told_change(_host(response))

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

    def _leads_to_a_list(self, response: Response, walk: Walk) -> bool:
        """An article that has been taken down often sends its readers to the list or the front page."""
        target = leads_to(response) or response.url
        return target != asked(response) and address(target) in self._lists(asked(response), walk)

    def _lists(self, url: str, walk: Walk) -> frozenset[str]:
        """Addresses of the office at which no article is: its lists, and the front pages of their hosts and of this."""
        ways = self.run.register.families[walk.office.family].list_addresses(walk.office)
        return frozenset(map(address, (*ways, *(urljoin(one, "/") for one in (url, *ways)))))


def _beyond(count: int, what: str) -> str:
    return f"beyond the {count} {what} that this run may ask an office for"


def _loudness(walk: Walk) -> int:
    """A way that fails while others are left is no news for the operator; the ledger has it anyway."""
    return logging.INFO if walk.ways else logging.WARNING


def _purpose(request: Request) -> Purpose:
    told = request.cb_kwargs
    return "list" if "first" in told else "article" if "sighted" in told else "sitemap"


def _host(response: Response) -> str:
    return urlsplit(asked(response)).hostname or ""
