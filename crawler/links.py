"""Addresses in a list: made absolute, and the next of its numbered pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit

from parsel import Selector, SelectorList
from scrapy.http import TextResponse

from crawler.listing import Announced, BadLink, Further, LayoutChanged
from crawler.select import some, text_of

MOST_LINKS = 3_000
MOST_PAGER_LINKS = 300
_NEAR = 30
"""Levels of markup between a link and the element around its list item, at most."""


@dataclass(frozen=True)
class Linked:
    """An article of a list: all links to it, and the element around it where that holds no other article."""

    links: list[Selector]
    item: Selector | None

    def text(self, css: str) -> str | None:
        """The text of the first such element of the item, None without one."""
        return (text_of(self.item.css(css)) or None) if self.item is not None else None

    @property
    def title(self) -> str | None:
        """The item's heading; else the first of its links that says something."""
        headings = (text_of(link.css("h2, h3, h4")) for link in self.links)
        heading = next(filter(None, headings), None) or self.text("h2, h3, h4")
        return heading or next(filter(None, map(text_of, self.links)), None)


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


def by_address(
    response: TextResponse, css: str, article: Callable[[str], object], *, item: str
) -> tuple[dict[str, Linked], list[BadLink]]:
    """For lists whose items are known only by the shape of their addresses: each article's links, in the page's order.

    `article` says whether an address is one; `item` is the XPath, from a link, of the element around one list item.
    """
    held = int(float(response.xpath("count(//a)").get() or 0))
    if held > MOST_LINKS:
        raise LayoutChanged(response.url, "a", f"at most {MOST_LINKS}", held)
    base = page_base(response)
    links: dict[str, list[Selector]] = {}
    bad: list[BadLink] = []
    for link in some(response, css, most=MOST_LINKS):
        href = link.attrib["href"]
        url = absolute(base, href)
        if url is None:
            bad.append(BadLink(href[:500]))
        elif article(url):
            links.setdefault(url, []).append(link)
    holds: defaultdict[object, set[str]] = defaultdict(set)
    for url, of in links.items():
        for link in of:
            for element in islice(link.root.iterancestors(), _NEAR):
                holds[element].add(url)
    found = {}
    for url, of in links.items():
        around = of[0].xpath(item)
        alone = bool(around) and holds[around[0].root] == {url}
        found[url] = Linked(links=of, item=around[0] if alone else None)
    return found, bad


_COUNTED = re.compile(
    r"(?<![^\W\d_])(?:stron[ay]|page)\s+\d{1,6}\s+(?:z|of|/)\s+(\d{1,3}(?:[ .]\d{3})+|\d{1,6})\b", re.I
)


def page_count(response: TextResponse, css: str) -> Announced | None:
    """How many pages the list says it has, in one of these elements: "Strona 1 z 12"."""
    for place in response.css(css)[:MOST_PAGER_LINKS]:
        told = _COUNTED.search(text_of(place))
        if told:
            return Announced(pages=int(re.sub(r"\D", "", told[1])))
    return None


def next_page(
    response: TextResponse, links: SelectorList[Selector], number: re.Pattern[str], *, first: int = 1
) -> Further | None:
    """The list's next page: of `links`, the one with the smallest number above this page's own.

    `number` finds a page number (or an offset) in an address, in its first group; `first` is the number of a page
    without one. A button whose address says no higher number than this page leads nowhere, which ends rings.
    """
    base = page_base(response)
    hrefs = (link.attrib.get("href") for link in links[:MOST_PAGER_LINKS])
    urls = (url for url in (absolute(base, href) for href in hrefs) if url)
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
