"""The closed archive of an NGO's old PHP site, laid out in tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapy.http import TextResponse

from crawler.links import by_address, next_page
from crawler.listing import LayoutChanged, Listed
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
        found, bad = by_address(response, "td a[href*='id=']", _ARTICLE.search, item="ancestor::td[1]")
        if not found:
            raise LayoutChanged(response.url, "td a[href*='id=']", "at least one with a number", 0)
        yield from bad
        for url, linked in found.items():
            lines = linked.item.xpath(".//text()").getall() if linked.item is not None else []
            day = next(filter(None, map(_DAY.fullmatch, lines)), None)
            number = _ARTICLE.search(url)
            yield Teaser(
                url=url,
                title=linked.title,
                published_raw=day[1] if day else None,
                id=number[1] if number else None,
            )
        further = next_page(response, response.css("a[href*='pn=']"), _PAGE)
        if further:
            yield further
