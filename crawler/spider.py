"""NewsSpider: listing → teasers → articles. A family overrides one hook, `teasers`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.python.failure import Failure

from crawler import outcomes, registry
from crawler.archive import Purpose, Visit
from crawler.database import DatabaseProblem
from crawler.listing import Announced, BadLink, Further, LayoutChanged, Listed
from crawler.run import Limits, Run, locked
from crawler.scope import in_scope
from normalize.charset import decode
from normalize.identity import address
from normalize.model import Office, Teaser
from normalize.unusable import bot_wall

_MOST_TAGS = 50_000
"""Lists are read in the reactor's own thread; this many tags take it about half a second."""

log = logging.getLogger(__name__)

_KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Content-Length", "Retry-After", "Server", "Location")


@dataclass
class Walk:
    """One office's list as it is walked in this run."""

    office: Office
    ways: list[str]
    """List addresses not yet tried."""
    pages: int = 0
    announced: int | None = None
    met: set[str] = field(default_factory=set)
    """Addresses (of pages and articles) already asked for."""
    articles: int = 0


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

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider._run is None:
            spider._open_own_run()
        crawler.signals.connect(spider.on_spider_error, signals.spider_error)
        crawler.signals.connect(spider.on_request_dropped, signals.request_dropped)
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
        for office in self._chosen():
            family = self.run.register.families[office.family]
            walk = Walk(office=office, ways=family.list_addresses(office))
            if self.run.store.suppressions.office(office.id):
                self._note_unasked(walk, "list", office.url, "suppressed")
                continue
            request = self._next_way(walk)
            if request is not None:
                yield request

    def parse_list(self, response: Response, walk: Walk, first: bool) -> Iterator[Request]:
        """A list page, a feed or an API answer."""
        page = self._list_page(response)
        if page is None:
            self._note(response, walk, "list", outcomes.of_status(response.status))
            yield from self._instead(walk, first)
            return
        if page.body.count(b"<") > _MOST_TAGS:
            self._keep(response, walk, "list", "too_complex", f"more than {_MOST_TAGS} tags")
            yield from self._instead(walk, first)
            return
        try:
            listed = list(self.teasers(page, walk.office))
        except (LayoutChanged, ValueError) as error:  # ValueError: an address in the page that cannot be taken apart
            wall = bot_wall(page.text)
            self._keep(response, walk, "list", "bot_protection" if wall else "layout_changed", str(error))
            log.log(_loudness(walk), "%s: %s", walk.office.id, error)
            yield from self._instead(walk, first)
            return
        teasers = [one for one in listed if isinstance(one, Teaser)]
        if first and not teasers:
            self._keep(response, walk, "list", "no_teasers")
            yield from self._instead(walk, first)
            return
        walk.pages += 1
        walk.ways.clear()
        capture, new = self._keep(response, walk, "list", "stored")
        if new:
            self.run.archive.sighted(capture, teasers)
        fresh = any(address(teaser.url) not in walk.met for teaser in teasers)
        for position, teaser in enumerate(teasers):
            yield from self._article(walk, teaser, (capture, position))
        for one in listed:
            if isinstance(one, BadLink):
                self._note_unasked(walk, "article", one.raw, "bad_link")
            elif isinstance(one, Announced):
                walk.announced = one.total
            elif isinstance(one, Further) and fresh:  # a page of nothing but what other pages said is the last one
                yield from self._further(walk, one.url)

    async def parse_article(self, response: Response, walk: Walk, sighted: tuple[int, int]) -> None:
        """An article's own page: kept first, understood after."""
        if response.status == 304:
            known = self.run.archive.validators(_asked(response))
            self._note(response, walk, "article", "unchanged", capture=known.capture if known else None)
        elif response.status != 200:
            self._note(response, walk, "article", outcomes.of_status(response.status))
        elif self._leads_to_a_list(response, walk):
            self._note(response, walk, "article", "gone", "redirects to a list")
        elif self.run.store.suppressions.address(response.url):
            self._note(response, walk, "article", "suppressed")
        else:
            capture, new = self._keep(response, walk, "article", "stored", sighted=sighted)
            if new:
                await self.run.understanding.offer(capture)

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]
        walk: Walk = request.cb_kwargs["walk"]
        self._note_failure(request, walk, "list", failure)
        yield from self._instead(walk, request.cb_kwargs["first"])

    def article_failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        self._note_failure(request, request.cb_kwargs["walk"], "article", failure)

    def on_spider_error(self, failure: Failure, response: Response, spider: scrapy.Spider) -> None:
        """A callback raised what it should not: the address gets its end, the other offices go on.

        Trouble with disk or database ends the whole run instead: going on would only lose more.
        """
        request = response.request
        assert request is not None
        if isinstance(failure.value, DatabaseProblem):
            self.run.stop(failure.value)
            return
        walk = request.cb_kwargs.get("walk")
        if walk is not None:
            purpose: Purpose = "list" if "first" in request.cb_kwargs else "article"
            detail = f"{type(failure.value).__name__}: {failure.value}"
            self._note(response, walk, purpose, "crawler_error", detail[:300])

    def on_request_dropped(self, request: Request, spider: scrapy.Spider) -> None:
        """The scheduler let a request fall without a word."""
        walk = request.cb_kwargs.get("walk")
        if walk is not None:
            self._note_unasked(walk, "list" if "first" in request.cb_kwargs else "article", request.url, "duplicate")

    def _open_own_run(self) -> None:
        """For plain `scrapy crawl <family>`: the data folder of the settings, held while the spider lives."""
        settings = self.crawler.settings
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

    def _next_way(self, walk: Walk) -> Request | None:
        while walk.ways:
            url = walk.ways.pop(0)
            request = self._list_request(walk, url, first=True)
            if request is not None:
                return request
        return None

    def _instead(self, walk: Walk, first: bool) -> Iterator[Request]:
        """After a first page that gave nothing: the next way to this office's news."""
        request = self._next_way(walk) if first else None
        if request is not None:
            yield request

    def _further(self, walk: Walk, url: str) -> Iterator[Request]:
        if walk.pages < self.run.limits.list_pages and not self._enough(walk):
            request = self._list_request(walk, url, first=False)
            if request is not None:
                yield request

    def _list_request(self, walk: Walk, url: str, *, first: bool) -> Request | None:
        if url in walk.met:
            return None
        walk.met.add(url)
        if not in_scope(url, walk.office, self.run.register):
            self._note_unasked(walk, "list", url, "out_of_scope")
            return None
        return self._request(url, walk, self.parse_list, self.list_failed, "list", {"walk": walk, "first": first})

    def _article(self, walk: Walk, teaser: Teaser, sighted: tuple[int, int]) -> Iterator[Request]:
        if self._enough(walk):
            return
        where = address(teaser.url)
        if where in walk.met:
            if teaser.url not in walk.met:  # another spelling; the same one again says nothing new
                walk.met.add(teaser.url)
                self._note_unasked(walk, "article", teaser.url, "duplicate")
            return
        walk.met |= {where, teaser.url}
        if not in_scope(teaser.url, walk.office, self.run.register):
            self._note_unasked(walk, "article", teaser.url, "out_of_scope")
            return
        if self.run.store.suppressions.address(teaser.url):
            self._note_unasked(walk, "article", teaser.url, "suppressed")
            return
        request = self._request(
            teaser.url,
            walk,
            self.parse_article,
            self.article_failed,
            "article",
            {"walk": walk, "sighted": sighted},
        )
        if request is not None:
            walk.articles += 1
            yield request

    def _enough(self, walk: Walk) -> bool:
        return self.run.limits.articles is not None and walk.articles >= self.run.limits.articles

    def _request(
        self, url: str, walk: Walk, callback: Any, errback: Any, purpose: Purpose, arguments: dict[str, Any]
    ) -> Request | None:
        try:
            request = Request(
                url,
                callback=callback,
                errback=errback,
                cb_kwargs=arguments,
                dont_filter=True,  # a walk knows what it has asked for; Scrapy's filter drops without a word
                meta={"office": walk.office, "asked": url},
                priority=10 if purpose == "list" else 0,
            )
        except ValueError as error:
            self._note_unasked(walk, purpose, url, "bad_link", str(error))
            return None
        group = self.run.register.server_group(url)
        if group:
            request.meta["download_slot"] = group
        return request

    def _list_page(self, response: Response) -> TextResponse | None:
        """The page as text in its real encoding; a 304 is answered from the archive; None when there is no page."""
        if response.status == 304:
            known = self.run.archive.validators(_asked(response))
            if known is None:
                return None
            held = self.run.archive.held(known.capture)
            url, body, content_type = held.url, held.body, held.content_type
        elif response.status == 200:
            url, body, content_type = response.url, response.body, _header(response, "Content-Type")
        else:
            return None
        _, encoding = decode(body, content_type)
        return HtmlResponse(url, headers=response.headers, body=body, encoding=encoding, request=response.request)

    def _leads_to_a_list(self, response: Response, walk: Walk) -> bool:
        """An article that has been taken down often sends its readers to the list or the front page."""
        if response.url == _asked(response):
            return False
        family = self.run.register.families[walk.office.family]
        lists = {address(url) for url in (*family.list_addresses(walk.office), response.urljoin("/"))}
        return address(response.url) in lists

    def _keep(
        self,
        response: Response,
        walk: Walk,
        purpose: Purpose,
        outcome: str,
        detail: str | None = None,
        sighted: tuple[int, int] | None = None,
    ) -> tuple[int, bool]:
        """(capture, whether it is new). A 304 confirms the capture it stands for."""
        if response.status == 304:
            known = self.run.archive.validators(_asked(response))
            assert known is not None
            self._note(response, walk, purpose, "unchanged" if outcome == "stored" else outcome, detail, known.capture)
            return known.capture, False
        headers = response.headers
        kept = self.run.archive.keep(
            self.run.id,
            self._visit(response, walk, purpose, outcome, detail),
            response.body,
            content_type=_header(response, "Content-Type"),
            etag=_header(response, "ETag") if "ETag" in headers else None,
            last_modified=_header(response, "Last-Modified") if "Last-Modified" in headers else None,
            sighted=sighted,
        )
        return kept.capture, kept.new

    def _note(
        self,
        response: Response,
        walk: Walk,
        purpose: Purpose,
        outcome: str,
        detail: str | None = None,
        capture: int | None = None,
    ) -> None:
        self.run.archive.note(self.run.id, self._visit(response, walk, purpose, outcome, detail), capture=capture)

    def _visit(self, response: Response, walk: Walk, purpose: Purpose, outcome: str, detail: str | None) -> Visit:
        return Visit(
            office=walk.office.id,
            purpose=purpose,
            url=_asked(response),
            final_url=response.url,
            hops=response.meta.get("redirect_urls", ())[1:],
            status=response.status,
            headers={name: value for name in _KEPT_HEADERS if (value := _header(response, name)) is not None},
            outcome=outcome,
            detail=_with_waits(detail, response.meta),
        )

    def _note_unasked(self, walk: Walk, purpose: Purpose, url: str, outcome: str, detail: str | None = None) -> None:
        visit = Visit(office=walk.office.id, purpose=purpose, url=url[:2000], outcome=outcome, detail=detail)
        self.run.archive.note(self.run.id, visit)

    def _note_failure(self, request: Request, walk: Walk, purpose: Purpose, failure: Failure) -> None:
        error = failure.value
        assert error is not None
        outcome, detail = outcomes.of_failure(error)
        visit = Visit(
            office=walk.office.id,
            purpose=purpose,
            url=request.meta["asked"],
            final_url=request.url,
            hops=request.meta.get("redirect_urls", ())[1:],
            outcome=outcome,
            detail=_with_waits(detail or None, request.meta),
        )
        self.run.archive.note(self.run.id, visit)
        if purpose == "list":
            log.log(_loudness(walk), "%s: %s: %s %s", walk.office.id, request.url, outcome, detail)


def _loudness(walk: Walk) -> int:
    """A way that fails while others are left is no news for the operator; the ledger has it anyway."""
    return logging.INFO if walk.ways else logging.WARNING


def _with_waits(detail: str | None, meta: Mapping[str, Any]) -> str | None:
    """What became of the attempt, with the pauses the server asked for on the way."""
    return "; ".join(filter(None, (detail, *meta.get("waits", ())))) or None


def _asked(response: Response) -> str:
    """The address this answer was asked for, before any redirect."""
    asked: str = response.meta["asked"]
    return asked


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")[:500]
