"""Anyone can read the desk: axe-core finds nothing against WCAG 2.2 AA, wide and light or narrow and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.publish.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER

PAGES = [
    "/?dzien=2026-03-02",
    "/news",
    "/news/articles",
    "/news/articles?_search=targi",
    "/news/articles?_search=nigdzie+takiego+nie+ma",
    "/news/amounts",
    "/news/otwarte_nabory?dzien=2026-03-02",
    "/news/pieniadze_wedlug_programow",
    "/news/slowa_w_czasie?drugie=dotacja",
    "/news/stan_zrodel?dzien=2026-03-02",
    "/-/o-danych?zapis=nie-ma",
    "/-/slownik",
    "/-/api",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def faults(page: Page) -> list[str]:
    """What axe-core finds: rule, weight, the element."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['target']} {node['html'][:120]}"
        for fault in found
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Page, path: str) -> None:
    page.goto(path)
    assert faults(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    assert faults(page) == []


def test_axe_finds_nothing_on_an_article(page: Page) -> None:
    page.goto("/news/articles")
    page.locator("td a.title").first.click()
    assert faults(page) == []
