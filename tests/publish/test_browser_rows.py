"""The pages of single rows in a real browser: reading the evidence, seeing a difference, opening a call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.publish import storied
from tests.publish.browsing import IN_A_BROWSER, served, visit
from tests.publish.test_accessible import RULES

pytestmark = IN_A_BROWSER

DAY = "?dzien=2026-03-11"
ARTICLE = f"/news/articles/{storied.ANNOUNCED}{DAY}"
ROWS = [
    ARTICLE,
    f"/news/articles/{storied.GONE}",
    f"/news/articles/{storied.HOSTILE}",
    f"/news/calls/{storied.CALL}{DAY}",
    f"/news/offices/{storied.OFFICE}{DAY}",
    f"/news/places/26{DAY}",
    f"/news/programmes/kfs{DAY}",
]


@pytest.fixture(scope="module")
def storied_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(storied.build(Path(tmp_path_factory.mktemp("storied")) / "news.db")) as address:
        yield address


@pytest.fixture
def tale(browser: Browser, storied_address: str) -> Iterator[Page]:
    with visit(browser, storied_address) as page:
        yield page


def test_a_value_shows_its_words_and_the_words_show_their_value(tale: Page) -> None:
    tale.set_viewport_size({"width": 900, "height": 500})
    tale.goto(ARTICLE)
    expect(tale.locator("#kwota-0")).not_to_be_in_viewport()
    tale.locator("#kwota-0 .words a").click()
    target = tale.locator("mark:target")
    expect(target).to_be_in_viewport()
    expect(target).to_have_text("250 000 zł")
    assert target.evaluate("(node) => getComputedStyle(node).outlineStyle") == "solid"
    target.get_by_role("link").click()
    expect(tale.locator("#kwota-0:target")).to_be_in_viewport()


def test_the_words_can_be_followed_with_the_keyboard(tale: Page) -> None:
    tale.goto(ARTICLE)
    tale.locator(".story mark a", has_text="16 marca 2026 r.").focus()
    tale.keyboard.press("Enter")
    expect(tale.locator("#data-1")).to_be_in_viewport()


def test_marks_can_be_switched_off(tale: Page) -> None:
    tale.goto(ARTICLE)
    background = "(node) => getComputedStyle(node).backgroundColor"
    mark = tale.locator("#slowa-miejsce-0")
    assert mark.evaluate(background) != "rgba(0, 0, 0, 0)"
    tale.get_by_label("Zaznacz w tekście").uncheck()
    assert mark.evaluate(background) == "rgba(0, 0, 0, 0)"


def test_a_reader_sees_what_the_office_changed(tale: Page) -> None:
    tale.goto(f"/news/offices/{storied.OFFICE}{DAY}")
    tale.get_by_role("region", name="Co zmienił po publikacji").get_by_role("link", name="Nabór z KFS").click()
    history = tale.get_by_role("region", name="Zmiany po publikacji")
    expect(history).to_be_in_viewport()
    expect(history.locator("del").first).to_be_visible()
    expect(history.get_by_text("przedłużono termin: ")).to_be_visible()
    struck = history.locator("del").first.evaluate("(node) => getComputedStyle(node).textDecorationLine")
    assert struck == "line-through"


def test_a_reader_opens_a_call_and_its_evidence(tale: Page) -> None:
    tale.goto(ARTICLE)
    tale.get_by_role("link", name="Przebieg i szczegóły naboru").click()
    tale.wait_for_url(f"**/news/calls/{storied.CALL}")
    expect(tale.get_by_role("heading", level=1)).to_have_text("Nabór z KFS: dotacje dla pracodawców")
    tale.locator(".timeline a", has_text="Nabór z KFS").click()
    tale.wait_for_url("**#slowa-nabor-*")
    expect(tale.locator("mark:target")).to_be_in_viewport()


def test_a_call_s_deadline_comes_as_a_calendar(tale: Page) -> None:
    tale.goto(f"/news/calls/{storied.CALL}")
    address = tale.get_by_role("link", name="Dodaj termin do kalendarza").get_attribute("href")
    assert address
    reply = tale.request.get(address)
    assert reply.headers["content-type"].startswith("text/calendar")


def test_hostile_words_do_nothing(tale: Page) -> None:
    tale.goto(f"/news/articles/{storied.HOSTILE}")
    assert tale.evaluate("document.title") != "zly"
    assert tale.locator("main img, main script").count() == 0


@pytest.mark.parametrize("path", ROWS)
def test_a_row_s_page_fits_a_phone_and_anyone_can_read_it(tale: Page, path: str) -> None:
    for width, scheme in ((1280, "light"), (360, "dark")):
        tale.set_viewport_size({"width": width, "height": 740})
        tale.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tale.goto(path)
        assert tale.evaluate("document.documentElement.scrollWidth") <= width
        faults = Axe().run(tale, options=RULES).response["violations"]
        told = [f"{fault['id']}: {node['html'][:150]}" for fault in faults for node in fault["nodes"]]
        assert told == []
