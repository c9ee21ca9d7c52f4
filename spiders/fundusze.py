"""Portals on the template of funduszeeuropejskie.gov.pl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from scrapy.http import TextResponse

from crawler import feeds
from crawler.links import by_address, next_page, page_count
from crawler.listing import Announced, LayoutChanged, Listed
from crawler.select import text_of
from crawler.spider import NewsSpider
from normalize.model import Office, Teaser

_DATES = "time, .date, .article-date, [class*=date]"
_PAGERS = ".pagination a[href], .pager a[href], a[rel=next], link[rel=next]"
_LAST = "a.pagination__total-count"
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_PAGE = re.compile(r"(?:/strona/|[?&](?:page|strona)=)(\d+)")


class FunduszeSpider(NewsSpider):
    """The articles of a list are its own address and one slug more: /strony/<section>/<article>/."""

    name = "fundusze"

    def teasers(self, response: TextResponse, office: Office) -> Iterator[Listed]:
        """One page of the section's list, or a feed."""
        if response.url == office.feed:
            yield from feeds.read(response.body, response.url)
            return
        section = urlsplit(office.url).path.rstrip("/")
        article = re.compile(re.escape(section) + r"/(?!strona/)[^/]+/?$")
        found, bad = by_address(
            response,
            "body a[href]",
            lambda url: article.search(urlsplit(url).path),
            item="ancestor::*[self::article or self::li][1]",
        )
        if not found:
            raise LayoutChanged(response.url, f"a[href*='{section}/']", "at least one", 0)
        yield from (link for link in bad if section in link.raw)
        for url, linked in found.items():
            yield Teaser(
                url=url,
                title=linked.title,
                published_raw=linked.text(_DATES),
                summary=linked.text("p:not([class*=date])"),
            )
        further = next_page(response, response.css(_PAGERS), _PAGE)
        if further:
            yield further
        last = text_of(response.css(_LAST))
        told = Announced(pages=int(last)) if _NUMBER.fullmatch(last) else page_count(response, ".pagination, .pager")
        if told:
            yield told
