"""Portals on the template of funduszeeuropejskie.gov.pl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from parsel import Selector
from scrapy.http import TextResponse

from crawler import feeds
from crawler.links import absolute, next_page, page_base
from crawler.listing import BadLink, LayoutChanged, Listed
from crawler.select import some, text_of
from crawler.spider import NewsSpider
from normalize.model import Office, Teaser

_DATES = "time, .date, .article-date, [class*=date]"
_PAGERS = ".pagination a[href], .pager a[href], a[rel=next], link[rel=next]"
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
        base = page_base(response)
        teasers: dict[str, Teaser] = {}
        for link in some(response, "body a[href]"):
            url = absolute(base, link.attrib["href"])
            if url is None:
                if section in link.attrib["href"]:
                    yield BadLink(link.attrib["href"][:500])
            elif article.search(urlsplit(url).path) and (url not in teasers or not teasers[url].title):
                teasers[url] = _teaser(url, link)
        if not teasers:
            raise LayoutChanged(response.url, f"a[href*='{section}/']", "at least one", 0)
        yield from teasers.values()
        further = next_page(response, response.css(_PAGERS), _PAGE)
        if further:
            yield further


def _teaser(url: str, link: Selector) -> Teaser:
    """The picture, the heading and "czytaj więcej" may all be links: the title is the item's heading."""
    item = link.xpath("ancestor::*[self::article or self::li][1]")
    heading = text_of(link.css("h2, h3, h4")) or text_of(item.css("h2, h3, h4"))
    return Teaser(
        url=url,
        title=heading or text_of(link) or None,
        published_raw=text_of(item.css(_DATES)) or None,
        summary=text_of(item.css("p:not([class*=date])")) or None,
    )
