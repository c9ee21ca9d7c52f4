"""An association's own system, whose articles are /news,ID,slug.html."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapy.http import TextResponse

from crawler.links import by_address, next_page, page_count
from crawler.listing import LayoutChanged, Listed
from crawler.spider import NewsSpider
from normalize.model import Office, Teaser

_ARTICLE = re.compile(r"/news,(\d+)(?:,[^/?]*)?\.html$")
_DATES = ".date, .data, time, [class*=date]"
_PAGERS = ".pagination a[href], .pager a[href], a[rel=next]"
_PAGE = re.compile(r"[?&](?:page|strona|p)=(\d+)")


class SiewSpider(NewsSpider):
    """Every link to a news address is an item; picture and heading may both be links."""

    name = "siew"

    def teasers(self, response: TextResponse, office: Office) -> Iterator[Listed]:
        """The front page or a page of the news list."""
        found, bad = by_address(
            response,
            "a[href*='news,']",
            _ARTICLE.search,
            item="ancestor::*[self::article or self::li or self::tr or self::div][1]",
        )
        if not found:
            raise LayoutChanged(response.url, "a[href*='news,']", "at least one with a number", 0)
        yield from bad
        for url, linked in found.items():
            number = _ARTICLE.search(url)
            yield Teaser(
                url=url,
                title=linked.title,
                published_raw=linked.text(_DATES),
                summary=linked.text("p:not([class*=date])"),
                id=number[1] if number else None,
            )
        further = next_page(response, response.css(_PAGERS), _PAGE)
        if further:
            yield further
        told = page_count(response, ".pagination, .pager")
        if told:
            yield told
