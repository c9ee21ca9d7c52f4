"""The requests of a run: lists, articles and sitemaps, each with what Scrapy's middlewares are to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request

from crawler import rhythm
from crawler.departed import lists_of
from crawler.outcomes import CONFIRMING, LEFT_OVER
from crawler.run import Run
from crawler.scope import in_scope
from crawler.sitemaps import MOST_FILES
from crawler.turns import priority, waited
from crawler.visits import Purpose
from crawler.walk import Walk
from normalize.identity import address


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Who takes an answer, and who a failure."""

    answered: Callable[..., Any]
    failed: Callable[..., Any]


class Requests:
    """An address that is not to be asked for gives no request; its end stands in the ledger then."""

    def __init__(self, run: Run, *, lists: Answering, articles: Answering, sitemaps: Answering) -> None:
        self._run = run
        self._answering: dict[Purpose, Answering] = {"list": lists, "article": articles, "sitemap": sitemaps}

    def of_list(self, walk: Walk, url: str, *, first: bool) -> Request | None:
        if url in walk.met:
            return None
        walk.met.add(url)
        if not in_scope(url, walk.office, self._run.register):
            self._run.ledger.unasked(url, walk.office.id, "list", "out_of_scope")
            return None
        request = self._request("list", url, walk, walk.waiting, first=first)
        if request is not None and not self._run.frontier.believed(url, self._run.now()):
            request.meta.update(unconditional=True, claim=self._run.trust.claim(url, "list"))
        last = self._run.frontier.list_asked(url)
        if request is not None and last is not None and last[1] not in CONFIRMING:
            request.meta["failed_before"] = True
        return request

    def of_article(
        self, walk: Walk, url: str, sighted: tuple[int, int] | None, since: datetime | None
    ) -> Request | None:
        """`sighted`: the list, and the place in it, that names the article. `since`: when it became due."""
        run = self._run
        walk.met |= {address(url), url}
        for outcome, refused in (
            ("out_of_scope", not in_scope(url, walk.office, run.register)),
            ("suppressed", run.store.suppressions.address(url)),
        ):
            if refused:
                run.ledger.unasked(url, walk.office.id, "article", outcome)
                run.frontier.visited(url, run.now() + rhythm.AFTER_GONE, outcome)
                return None
        if self.enough(walk):
            run.ledger.unasked(url, walk.office.id, "article", LEFT_OVER, beyond(walk.articles, "articles"))
            return None
        request = self._request("article", url, walk, waited(since, run.now()), sighted=sighted)
        if request is None:
            return None
        walk.articles += 1
        request.meta["lists"] = lists_of(url, walk.office, run.register)
        if run.frontier.failures(url):
            request.meta["failed_before"] = True
        if run.frontier.told_changed(address(url)):  # "not modified" would contradict what its list says
            request.meta["unconditional"] = True
        elif (claim := run.trust.to_check(urlsplit(url).hostname or "", url)) is not None:
            request.meta.update(unconditional=True, claim=claim)
        return request

    def of_sitemap(self, walk: Walk, url: str) -> Request | None:
        if url in walk.met or walk.sitemaps >= MOST_FILES:
            return None
        walk.met.add(url)
        if not in_scope(url, walk.office, self._run.register):
            self._run.ledger.unasked(url, walk.office.id, "sitemap", "out_of_scope")
            return None
        walk.sitemaps += 1
        request = self._request("sitemap", url, walk, walk.waiting)
        if request is not None:
            request.meta["unconditional"] = True  # "not modified" would leave what was not reached then unread
        return request

    def enough(self, walk: Walk) -> bool:
        """Whether the office has been asked for as many articles as this run may."""
        return self._run.limits.articles is not None and walk.articles >= self._run.limits.articles

    def _request(self, purpose: Purpose, url: str, walk: Walk, waiting: int, **arguments: Any) -> Request | None:
        try:
            request = Request(
                url,
                callback=self._answering[purpose].answered,
                errback=self._answering[purpose].failed,
                cb_kwargs={"walk": walk, **arguments},
                dont_filter=True,  # a walk knows what it has asked for; Scrapy's filter drops without a word
                meta={"office": walk.office, "asked": url},
                priority=priority(waiting, is_list=purpose != "article"),
            )
        except ValueError as error:
            self._run.ledger.unasked(url, walk.office.id, purpose, "bad_link", str(error))
            return None
        request.meta["download_slot"] = self._run.register.server(url).name
        return request


def purpose_of(request: Request) -> Purpose:
    told = request.cb_kwargs
    return "list" if "first" in told else "article" if "sighted" in told else "sitemap"


def beyond(count: int, what: str) -> str:
    """The detail of what is left over: "beyond the 5 list pages …"."""
    return f"beyond the {count} {what} that this run may ask an office for"
