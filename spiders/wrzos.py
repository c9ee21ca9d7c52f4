"""The closed archive of an NGO's old PHP site, laid out in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapy.http import TextResponse

from crawler.links import absolute, next_page, page_base
from crawler.listing import BadLink, LayoutChanged, Listed
from crawler.select import some, text_of
from crawler.spider import NewsSpider
from normalize.model import Office, Teaser

_ARTICLE = re.compile(r"[?&]id=(\d+)(?=&|$)")
_PAGE = re.compile(r"[?&]pn=(\d+)")
_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\s*")


class WrzosSpider(NewsSpider):
    """An article is ?id=N&m=1, a list page ?pn=N&id=&m=1; the date stands under the title in the same cell."""

    name = "wrzos"

    def teasers(self, response: TextResponse, office: Office) -> Iterator[Listed]:
        """One page of the table."""
        base = page_base(response)
        teasers: dict[str, Teaser] = {}
        for link in some(response, "td a[href*='id=']"):
            url = absolute(base, link.attrib["href"])
            if url is None:
                yield BadLink(link.attrib["href"][:500])
                continue
            number = _ARTICLE.search(url)
            if number and (url not in teasers or not teasers[url].title):
                lines = link.xpath("ancestor::td[1]//text()").getall()
                day = next(filter(None, map(_DAY.fullmatch, lines)), None)
                teasers[url] = Teaser(
                    url=url, title=text_of(link) or None, published_raw=day[1] if day else None, id=number[1]
                )
        if not teasers:
            raise LayoutChanged(response.url, "td a[href*='id=']", "at least one with a number", 0)
        yield from teasers.values()
        further = next_page(response, response.css("a[href*='pn=']"), _PAGE)
        if further:
            yield further
