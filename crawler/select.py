"""Selectors that say how many elements they expect, and raise LayoutChanged otherwise."""

from __future__ import annotations

import re

from parsel import Selector, SelectorList
from scrapy.http import TextResponse

from crawler.listing import LayoutChanged

_SPACE = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")


MOST_ITEMS = 1_000
"""No list page shows more; a page that does is no list, and reading it would hold up the others."""


def some(response: TextResponse, css: str, *, most: int = MOST_ITEMS) -> SelectorList[Selector]:
    """One or more elements, but not more than `most`."""
    found = response.css(css)
    if not 0 < len(found) <= most:
        raise LayoutChanged(response.url, css, f"1 to {most}", len(found))
    return found


def items(response: TextResponse, css: str) -> list[Selector]:
    """The list's items: an element around several others that match is the list itself, not an item."""
    return [item for item in some(response, css) if len(item.css(css)) <= 2]


def one(response: TextResponse, css: str) -> Selector:
    """Exactly one element."""
    found = response.css(css)
    if len(found) != 1:
        raise LayoutChanged(response.url, css, "exactly one", len(found))
    return found[0]


def text_of(node: Selector | SelectorList[Selector]) -> str:
    """All text of the node (of the first one), white space collapsed; "" when there is none."""
    return _SPACE.sub(" ", node.xpath("string(.)").get() or "").strip()
