"""Where on the page the article stands: by the family's hints, else by the page's own shape."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from normalize.layout import Layout, Span
from normalize.model import Hints
from normalize.page import Page

ENOUGH = 200
"""Characters of running text that may be an article of its own."""

SHORT = 40
"""Characters of running text that make a short news item."""

_WIDE = re.compile(
    r"^(?:main|body|(?:\w+)?[#.](?:content|tresc|main|page|center)|td[.#]content|article|#?main-content)$"
)
_ARTICLE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:article|entry|post|item|itemView|item-page|news|aktualnosc|wpis|hentry|"
    r"journal-content-article)(?:$|[-_ ])",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """`text`: the lines the text is read from; `scope`: the item with its title, files, pictures and bylines."""

    text: Span
    scope: Span
    method: str


def find(layout: Layout, page: Page, hints: Hints, title_line: int | None) -> Place | None:
    """None when no part of the page holds running text."""
    shaped = _around_title(layout, title_line) if title_line is not None else _around_text(layout)
    if shaped is not None and title_line is not None and layout.weight(shaped) < ENOUGH:
        other = _around_text(layout)
        if other is not None and layout.weight(other) > 3 * layout.weight(shaped):
            shaped = other
    hinted = _hinted(layout, page, hints, 0 if shaped is None else layout.weight(shaped))
    if hinted is None:
        return None if shaped is None else Place(text=shaped, scope=shaped, method="page structure")
    span, wide = hinted
    if shaped is None:
        return Place(text=span, scope=span, method="family selector")
    if wide and span.first <= shaped.first and shaped.last <= span.last:
        return Place(text=shaped, scope=shaped, method="page structure within the family's container")
    if shaped.first <= span.first and span.last <= shaped.last:
        return Place(text=span, scope=shaped, method="family selector")
    return Place(text=span, scope=_common(layout, span, title_line), method="family selector")


def _hinted(layout: Layout, page: Page, hints: Hints, shaped: int) -> tuple[Span, bool] | None:
    for selector in hints.container:
        spans = [span for element in page.select(selector) if (span := layout.span(element)) and span.last > span.first]
        if spans:
            best = max(spans, key=lambda span: (layout.weight(span), span.first - span.last))
            weight, wide = layout.weight(best), _is_wide(selector)
            if (weight * 4 >= shaped and (weight or not shaped)) or (not wide and weight >= SHORT):
                return best, wide
    return None


@functools.lru_cache(maxsize=500)
def _is_wide(selector: str) -> bool:
    """Whether a selector of the register means the page's whole middle rather than an article."""
    return _WIDE.match(selector) is not None


def _common(layout: Layout, span: Span, title_line: int | None) -> Span:
    """The smallest element around the text and its title, if it is not much more than both."""
    node: HtmlElement | None = span.element
    while title_line is not None and node is not None:
        around = layout.span(node)
        if around is not None and around.first <= title_line < around.last:
            return around if layout.weight(around) <= 1.3 * layout.weight(span) + ENOUGH else span
        node = node.getparent()
    return span


def _around_title(layout: Layout, title_line: int) -> Span | None:
    return _climb(layout, layout.lines[title_line].owner, title_line)


def _around_text(layout: Layout) -> Span | None:
    """From the element whose own paragraphs hold the most text."""
    sums: dict[HtmlElement, int] = {}
    for index, line in enumerate(layout.lines):
        size = layout.good[index + 1] - layout.good[index]
        if size:
            owner = line.owner
            parent = owner.getparent()
            if owner.tag in ("p", "li", "h1", "blockquote", "dd", "dt") and parent is not None:
                owner = parent
            if owner.tag in ("ul", "ol", "blockquote", "dl") and (above := owner.getparent()) is not None:
                owner = above
            sums[owner] = sums.get(owner, 0) + size
    if not sums:
        return None
    return _climb(layout, max(sums, key=lambda element: sums[element]), None)


def _climb(layout: Layout, node: HtmlElement | None, title_line: int | None) -> Span | None:
    """Up from an element as long as what its parents add still belongs to the same article."""
    good = layout.good
    current: Span | None = None
    while node is not None:
        span = layout.span(node)
        if span is not None:
            if current is None:
                current = span
            else:
                own = good[current.last] - good[max(current.first, title_line or 0)]
                extra = good[span.last] - good[current.last]
                if own < ENOUGH or (extra > 0 and _continues(layout, current, span, own, extra)):
                    if extra > 0 or own == 0 or good[current.first] > good[span.first]:
                        current = span
                elif extra > 0:
                    break
        node = node.getparent()
    return current if current is not None and layout.weight(current) > 0 else None


def _continues(layout: Layout, current: Span, around: Span, own: int, extra: int) -> bool:
    """Whether text after an element goes on with the article: it does not start under a heading of its own."""
    for index in range(current.last, around.last):
        line = layout.lines[index]
        if line.zone:
            continue
        heading = line.kind[0] == "h" and len(line.kind) == 2
        titled = line.bold and len(line.text) < 100 and line.text[-1] not in ".:"
        if heading or titled:
            known = current.element.tag == "article" or _ARTICLE_CLASS.search(current.element.get("class") or "")
            return not known and own * 3 < extra
        if layout.good[index + 1] > layout.good[index]:
            return True
    return True
