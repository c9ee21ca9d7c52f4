"""Joomla: blog and category lists, its K2 extension, else its feed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsel import Selector
from scrapy.http import TextResponse

from crawler import feeds
from crawler.links import absolute, next_page, page_base, page_count
from crawler.listing import BadLink, LayoutChanged, Listed
from crawler.select import items, text_of
from crawler.spider import NewsSpider
from normalize.model import Office, Teaser

_ITEMS = ", ".join(
    (
        ".itemList .itemContainer",  # K2
        ".items-leading > div",
        ".items-row .item",
        ".items-row > [itemprop=blogPost]",
        ".blog-item",  # Joomla 4 and later
        ".blog .item",
        ".blog-featured .item",
        "table.category tr:has(td.list-title)",
    )
)
_LINKS = ", ".join(
    (
        ":is(.catItemTitle, .genericItemTitle, .page-header, .item-title, h1, h2, h3) a[href]",
        "td.list-title a[href]",
        "a[href]:has(h2, h3)",
        ".readmore a[href]",
    )
)
_DATES = ", ".join(
    (
        ".catItemDateCreated",
        ".genericItemDateCreated",
        "dd.published",
        "dd.create",
        "td.list-date",
        "span.createdate",
        ".article-info time",
        "time",
    )
)
_SUMMARIES = ".catItemIntroText, .genericItemIntroText, .item-content > p, p:not(.readmore)"
_PAGERS = ".pagination a[href], .k2Pagination a[href], .pagenav a[href], a.pagenav[href], link[rel=next]"
_COUNTERS = ".pagination, .k2Pagination, .counter"
_START = re.compile(r"[?&](?:limit)?start=(\d+)")
_EMPTY_LABEL = re.compile(r"^[^\d:]*:$")


class JoomlaSpider(NewsSpider):
    """Marshal offices and social-economy portals on Joomla."""

    name = "joomla"

    def teasers(self, response: TextResponse, office: Office) -> Iterator[Listed]:
        """One page of a blog, featured, category or K2 list, or a feed."""
        if "format=feed" in response.url or response.url == office.feed:
            yield from feeds.read(response.body, response.url)
            return
        base = page_base(response)
        found: set[str] = set()
        for item in items(response, _ITEMS):
            link = _link(item)
            if link is None:
                continue
            url = absolute(base, link.attrib["href"])
            if url is None:
                yield BadLink(link.attrib["href"][:500])
            elif url not in found:
                found.add(url)
                yield _teaser(url, link, item)
        if not found:
            raise LayoutChanged(response.url, f":is({_ITEMS}) a", "at least one", 0)
        further = next_page(response, response.css(_PAGERS), _START, first=0)
        if further:
            yield further
        told = page_count(response, _COUNTERS)
        if told:
            yield told


def _teaser(url: str, link: Selector, item: Selector) -> Teaser:
    date = item.css(_DATES)
    printed = text_of(date)
    if not printed or _EMPTY_LABEL.match(printed):  # "Data opublikowania:" may stand there with nothing after it
        printed = date.css("time::attr(datetime)").get(default="")
    title = text_of(link) if not link.xpath("ancestor::*[contains(@class, 'readmore')]") else ""
    return Teaser(
        url=url,
        title=title or text_of(item.css(":is(h1, h2, h3)")) or None,
        published_raw=printed or None,
        summary=text_of(item.css(_SUMMARIES)) or None,
    )


def _link(item: Selector) -> Selector | None:
    links = item.css(_LINKS)
    return next((link for link in links if text_of(link)), links[0] if links else None)
