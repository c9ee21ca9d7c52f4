"""An association's own system, whose articles are /news,ID,slug.html."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapy.http import TextResponse

from crawler.links import absolute, next_page, page_base
from crawler.listing import BadLink, LayoutChanged, Listed
from crawler.select import some, text_of
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
        base = page_base(response)
        teasers: dict[str, Teaser] = {}
        for link in some(response, "a[href*='news,']"):
            href = link.attrib["href"]
            url = absolute(base, href)
            number = _ARTICLE.search(url) if url else None
            if url is None:
                yield BadLink(href[:500])
            elif number and (url not in teasers or not teasers[url].title):
                item = link.xpath("ancestor::*[self::article or self::li or self::div][1]")
                teasers[url] = Teaser(
                    url=url,
                    title=text_of(link) or None,
                    published_raw=text_of(item.css(_DATES)) or None,
                    summary=text_of(item.css("p:not([class*=date])")) or None,
                    id=number[1],
                )
        if not teasers:
            raise LayoutChanged(response.url, "a[href*='news,']", "at least one with a number", 0)
        yield from teasers.values()
        further = next_page(response, response.css(_PAGERS), _PAGE)
        if further:
            yield further
