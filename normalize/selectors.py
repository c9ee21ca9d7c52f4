"""CSS selectors of the register, compiled once."""

from __future__ import annotations

import functools

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement


@functools.lru_cache(maxsize=2_000)
def compiled(selector: str) -> CSSSelector:
    """Raises cssselect's SelectorError for what is no selector."""
    return CSSSelector(selector, translator="html")


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements a selector finds, in document order."""
    return [element for element in compiled(selector)(tree) if isinstance(element, HtmlElement)]
