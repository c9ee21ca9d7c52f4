from __future__ import annotations

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from normalize.selectors import Index

PAGE = """<html><head><meta name="a"></head><body id="top" class="x">
<div class="entry
content" id="one"><p class="lead">1</p><p data-id="7">2</p></div>
<div id="two" data-id="8"><span class="lead date">3</span><a href="/x.pdf">4</a></div>
</body></html>"""


@pytest.mark.parametrize(
    "selector",
    [
        "p", "*", ".lead", "#two", "div#two", ".lead.date", "[data-id]", "[data-id='7']", "p[data-id]", "div > .lead",
        "body .date", "a[href$='.pdf']", ".content", "#one p", ".missing", "h1", "span:first-child", "div.entry p.lead",
    ],
)  # fmt: skip
def test_a_selector_finds_what_lxml_finds(selector: str) -> None:
    tree = html.document_fromstring(PAGE)
    assert Index.of(tree).select(selector) == CSSSelector(selector, translator="html")(tree)
