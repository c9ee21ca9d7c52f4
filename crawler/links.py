"""Addresses in a list: made absolute, and the next of its numbered pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

from parsel import Selector, SelectorList
from scrapy.http import TextResponse

from crawler.listing import Further


def absolute(base: str, href: str | None) -> str | None:
    """The http or https address `href` stands for on the page `base`, without fragment; None when it is none.

    None also for links into the page itself (`#top`), mailto:, tel:, javascript:, data:, and broken ones (`http://[::bad/`).
    """
    href = (href or "").strip()
    if not href or href.startswith("#"):
        return None
    try:
        url = urldefrag(urljoin(base, href)).url
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def page_base(response: TextResponse) -> str:
    """What relative links of the page are relative to: `<base href>` where it has one, else its address."""
    return absolute(response.url, response.css("base::attr(href)").get()) or response.url


def next_page(
    response: TextResponse, links: SelectorList[Selector], number: re.Pattern[str], *, first: int = 1
) -> Further | None:
    """The list's next page: of `links`, the one with the smallest number above this page's own.

    `number` finds a page number (or an offset) in an address, in its first group; `first` is the number of a page
    without one. A button whose address says no higher number than this page leads nowhere, which ends rings.
    """
    base = page_base(response)
    urls = (url for url in (absolute(base, href) for href in links.css("::attr(href)").getall()) if url)
    return next_numbered(response.url, urls, number, first=first)


def next_numbered(here: str, urls: Iterable[str], number: re.Pattern[str], *, first: int = 1) -> Further | None:
    """Of `urls`, the one with the smallest number above that of `here`."""
    own = number.search(here)
    current = int(own[1]) if own else first
    best: tuple[int, str] | None = None
    for url in urls:
        found = number.search(url)
        if found and int(found[1]) > current and (best is None or int(found[1]) < best[0]):
            best = (int(found[1]), url)
    return Further(best[1]) if best else None
