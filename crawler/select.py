"""Selectors that say how many elements they expect, and raise LayoutChanged otherwise."""

from __future__ import annotations

import re

from parsel import Selector, SelectorList
from scrapy.http import TextResponse

from crawler.listing import LayoutChanged

_SPACE = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")


def some(response: TextResponse, css: str) -> SelectorList[Selector]:
    """One or more elements."""
    found = response.css(css)
    if not found:
        raise LayoutChanged(response.url, css, "at least one", 0)
    return found


def one(response: TextResponse, css: str) -> Selector:
    """Exactly one element."""
    found = response.css(css)
    if len(found) != 1:
        raise LayoutChanged(response.url, css, "exactly one", len(found))
    return found[0]


def text_of(node: Selector | SelectorList[Selector]) -> str:
    """All text of the node (of the first one), white space collapsed; "" when there is none."""
    return _SPACE.sub(" ", node.xpath("string(.)").get() or "").strip()
