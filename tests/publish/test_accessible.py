"""Anyone can read the desk: axe-core finds nothing against WCAG 2.2 AA, wide and light or narrow and dark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from crawler.publish.public.press import make
from tests.publish import newsroom
from tests.publish.browsing import IN_A_BROWSER, visit
from tests.publish.public import served

pytestmark = IN_A_BROWSER

PAGES = [
    "/?dzien=2026-03-02",
    "/news",
    "/news/articles",
    "/news/articles?_search=targi",
    "/news/articles?_search=nigdzie+takiego+nie+ma",
    "/news/articles?_program=kfs&_search=nabór&office__startswith=wojewódzki",
    "/news/amounts",
    "/news/calls",
    "/news/call_articles",
    "/news/runs",
    "/news/topics/szkolenia",
    "/news/places/2611",
    "/news/programmes/kfs",
    "/news/kwoty_powyzej?od_kwoty=wiele",
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


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.fixture(scope="module")
def for_strangers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the public server serves an edition, with its tables as files."""
    data = tmp_path_factory.mktemp("edition")
    newsroom.build(data / "news.db", articles=24, hostile=False)
    make(data, made=datetime(2026, 3, 2, 12, tzinfo=UTC), formats=["csv", "ndjson", "xlsx"])
    with served(data) as server:
        yield server.address


def test_the_page_of_files_is_accessible_and_no_wider_than_its_screen(browser: Browser, for_strangers: str) -> None:
    with visit(browser, for_strangers) as page:
        page.goto("/pliki")
        assert page.locator("tbody tr").count() > 10
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert faults(page) == []
        page.set_viewport_size({"width": 1280, "height": 844})
        cells = page.locator("tbody tr").first.locator("th, td")
        assert len({cell.bounding_box()["height"] for cell in cells.all()}) == 1
