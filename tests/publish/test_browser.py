"""The pages in a real browser: Debian's Chromium, driven by playwright."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.publish.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER


def test_the_front_page_opens_and_its_search_box_finds(page: Page) -> None:
    page.goto("/?dzien=2026-03-02")
    assert page.title().startswith("Wieści")
    page.get_by_role("searchbox").fill("targi ełku")
    page.get_by_role("searchbox").press("Enter")
    titles = page.locator("td a.title").all_inner_texts()
    assert titles
    assert all("Targi" in title for title in titles)


def test_a_click_on_a_voivodeship_shows_its_news(page: Page) -> None:
    page.goto("/")
    page.locator(".tile", has_text="krzyskie").get_by_role("link").click()
    page.wait_for_url("**/news/articles?voivodeship=26")
    assert set(page.locator("tbody .col-voivodeship").all_inner_texts()) == {"świętokrzyskie"}


def test_a_facet_narrows_and_its_cross_widens_again(page: Page) -> None:
    page.goto("/news/articles")
    whole = page.locator(".count").inner_text()
    page.locator("#facet-kind").get_by_role("link", name="nabór").click()
    page.wait_for_url("**kind=call**")
    assert page.locator(".count").inner_text().startswith("80\N{NO-BREAK SPACE}wierszy")
    page.locator(".chips.active a").click()
    page.wait_for_url("**/news/articles")
    assert page.locator(".count").inner_text() == whole


def test_the_csv_link_downloads_a_file(page: Page) -> None:
    page.goto("/news/articles?kind=call")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert download.value.suggested_filename == "articles.csv"
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("id,office,")
    assert len(lines) > 80


def test_a_bad_page_s_code_does_not_run(page: Page) -> None:
    page.goto("/news/articles?_search=pr%C3%B3b%C4%99")
    page.locator("td a.title").click()
    assert page.locator("h1").inner_text().startswith("<script>")
    assert page.evaluate("document.title") != "zly"


def test_a_question_takes_its_day_and_voivodeship_from_a_form(page: Page) -> None:
    page.goto("/news/otwarte_nabory")
    page.get_by_label("Na dzień").fill("2026-03-02")
    page.get_by_label("Województwo").select_option("26")
    page.get_by_role("button", name="Pokaż").click()
    page.wait_for_url("**wojewodztwo=26**")
    assert set(page.locator("tbody .col-wojewodztwo").all_inner_texts()) == {"świętokrzyskie"}


LONG_WORD = "q" * 300


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/news/articles", "/news/otwarte_nabory?dzien=2026-03-02", "/news", "/news/amounts"),
        f"/news/articles?_search={LONG_WORD}",
        f"/news/articles?_search={LONG_WORD}+x&kind=call&title__contains={LONG_WORD}",
    ],
)
def test_a_page_fits_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ["/", "/news/articles", "/news", "/news/pieniadze_wedlug_programow"])
def test_text_stands_out_in_light_and_dark(page: Page, path: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(path)
        assert page.evaluate(FAINT) == []


FAINT = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const color = rgb(getComputedStyle(node).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const node of document.querySelectorAll("main *, header *, footer *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.getClientRects().length) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) faint.push(node.className + " " + node.textContent.trim().slice(0, 30) + " " + ratio.toFixed(2));
  }
  return faint;
}"""
"""Text whose contrast with what is behind it is less than WCAG 2.2 AA asks of small text (4.5)."""
