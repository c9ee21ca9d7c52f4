from __future__ import annotations

import re

import pytest
from scrapy.http import HtmlResponse

from crawler.links import absolute, next_page, page_base
from crawler.listing import Further

PAGE = re.compile(r"[?&]page=(\d+)")


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("artykul-1", "https://urzad.test/aktualnosci/artykul-1"),
        (" /artykul-1#tresc\n", "https://urzad.test/artykul-1"),
        ("//inny.test/a", "https://inny.test/a"),
        ("?id=5", "https://urzad.test/aktualnosci/?id=5"),
        ("HTTPS://URZAD.TEST/a", "https://URZAD.TEST/a"),
    ],
)
def test_a_link_becomes_an_absolute_address_without_fragment(href: str, url: str) -> None:
    assert absolute("https://urzad.test/aktualnosci/", href) == url


@pytest.mark.parametrize(
    "href",
    [
        None,
        "",
        "#gora",
        "mailto:a@urzad.test",
        "tel:123",
        "javascript:void(0)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://urzad.test/a",
        "http://[::bad/",
        "http://urzad.test:99999/",
        "http:///bez-hosta",
    ],
)
def test_what_is_no_address_of_an_article_is_none(href: str | None) -> None:
    assert absolute("https://urzad.test/aktualnosci/", href) is None


def listing(url: str, *hrefs: str, head: str = "") -> HtmlResponse:
    links = "".join(f'<a href="{href}">x</a>' for href in hrefs)
    body = f"<html><head>{head}</head><body>{links}</body></html>"
    return HtmlResponse(url, body=body.encode(), encoding="utf-8")


def test_the_next_page_is_the_smallest_number_above_this_page() -> None:
    response = listing("https://urzad.test/a?page=2", "?page=1", "?page=9", "?page=3", "?page=2")
    assert next_page(response, response.css("a"), PAGE) == Further("https://urzad.test/a?page=3")


def test_a_button_that_leads_to_the_same_page_leads_nowhere() -> None:
    response = listing("https://urzad.test/a?page=4", "?page=4", "?page=1", "javascript:;")
    assert next_page(response, response.css("a"), PAGE) is None


def test_relative_links_follow_the_base_element_where_it_is_an_address() -> None:
    assert page_base(listing("https://urzad.test/a/b", head='<base href="/c/">')) == "https://urzad.test/c/"
    assert page_base(listing("https://urzad.test/a/b", head='<base href="mailto:x">')) == "https://urzad.test/a/b"
