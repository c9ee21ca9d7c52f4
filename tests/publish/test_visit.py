"""A whole visit in a real browser: from a word typed in the front page to the files that are taken home."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publish import storied
from tests.publish.browsing import IN_A_BROWSER, served, visit

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def storied_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(storied.build(Path(tmp_path_factory.mktemp("visited")) / "news.db")) as address:
        yield address


@pytest.fixture
def tale(browser: Browser, storied_address: str) -> Iterator[Page]:
    with visit(browser, storied_address) as page:
        yield page


def test_a_reader_searches_filters_reads_and_takes_home(tale: Page) -> None:
    tale.goto("/?dzien=2026-03-11")
    tale.get_by_role("searchbox").fill("dotacja dla pracodawcy")  # the texts say "dotacje dla pracodawców"
    tale.get_by_role("searchbox").press("Enter")
    expect(tale.locator("td a.title").first).to_be_visible()
    assert tale.locator("td mark").count() >= 1
    found = tale.locator("td a.title").all_inner_texts()
    tale.locator("#facet-voivodeship").get_by_role("link", name="świętokrzyskie").click()
    narrowed = tale.locator("td a.title").all_inner_texts()
    assert set(narrowed) < set(found)

    with tale.expect_download() as download:
        tale.get_by_role("link", name="CSV", exact=True).click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == narrowed

    feed = tale.get_by_role("link", name="Atom").get_attribute("href")
    assert feed
    entries = ElementTree.fromstring(tale.request.get(feed).text()).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(narrowed)
    listed = tale.locator('link[rel="alternate"][type="application/feed+json"]').get_attribute("href")
    assert listed
    assert len(json.loads(tale.request.get(listed).text())["items"]) == len(narrowed)

    tale.locator("td a.title", has_text="Nabór z KFS").click()
    expect(tale.get_by_role("heading", level=1)).to_have_text("Nabór z KFS: dotacje dla pracodawców")
    tale.locator("#kwota-0 .words a").click()
    expect(tale.locator("mark:target")).to_have_text("250 000 zł")
    changes = tale.get_by_role("region", name="Zmiany po publikacji")
    expect(changes.locator("ins").first).to_be_visible()
    expect(changes.locator("del").first).to_be_visible()


def test_a_reader_opens_a_call_from_the_front_page(tale: Page) -> None:
    tale.goto("/?dzien=2026-03-11")
    card = tale.get_by_role("region", name="Otwarte nabory")
    expect(card.locator(".left").first).to_contain_text("zostało 5 dni")
    card.get_by_role("heading", level=3).get_by_role("link").first.click()
    tale.wait_for_url(f"**/news/calls/{storied.CALL}?dzien=2026-03-11")
    calendar = tale.get_by_role("link", name="Dodaj termin do kalendarza").get_attribute("href")
    assert calendar
    assert "BEGIN:VEVENT" in tale.request.get(calendar).text()
