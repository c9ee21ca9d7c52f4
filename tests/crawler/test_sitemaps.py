from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crawler import registry
from crawler.listing import BadLink
from crawler.sitemaps import Named, SitemapBroken, of_robots, read
from tests.faults.web import sitemap

URL = "https://urzad.test/sitemap.xml"


def test_a_sitemap_names_addresses_each_once_in_its_order() -> None:
    body = sitemap("https://urzad.test/-/nabor", " /-/staze?a=1&amp;b=2\n", "https://urzad.test/-/nabor#dalej").encode()
    assert list(read(body, URL)) == [
        Named(url="https://urzad.test/-/nabor", sitemap=False),
        Named(url="https://urzad.test/-/staze?a=1&b=2", sitemap=False),
    ]


def test_an_index_names_further_sitemaps() -> None:
    body = sitemap("https://urzad.test/sitemap.xml?groupId=5", index=True).encode("utf-16")
    assert list(read(body.replace(b"utf-8", b"utf-16"), URL)) == [
        Named(url="https://urzad.test/sitemap.xml?groupId=5", sitemap=True)
    ]


def test_pictures_and_translations_beside_an_address_are_no_addresses_of_pages() -> None:
    body = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="http://www.google.com/schemas/'
        b'sitemap-image/1.1" xmlns:x="http://www.w3.org/1999/xhtml"><url><i:image><i:loc>https://urzad.test/a.jpg'
        b'</i:loc></i:image><loc>https://urzad.test/-/a</loc><x:link rel="alternate" href="https://urzad.test/en"/>'
        b"</url></urlset>"
    )
    assert list(read(body, URL)) == [Named(url="https://urzad.test/-/a", sitemap=False)]


def test_what_is_no_address_is_told_among_those_that_are() -> None:
    body = sitemap("https://urzad.test:99999/", "", "tel:112", "https://urzad.test/-/a&#xD800;b", "/-/dobra").encode()
    *bad, good = read(body, URL)
    assert all(isinstance(one, BadLink) for one in bad)
    assert good == Named(url="https://urzad.test/-/dobra", sitemap=False)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!doctype html><html><body>Strona</body></html>", "not_a_sitemap"),
        (b"", "not_a_sitemap"),
        (b'<rss version="2.0"><channel/></rss>', "not_a_sitemap"),
        (sitemap(*(f"/-/{n}" for n in range(21))).encode(), "too_large"),
        (b" " * 3000, "too_large"),
        (gzip.compress(b"a" * 3000), "too_large"),
        (gzip.compress(sitemap("/-/a").encode())[:30], "decode_error"),
        (gzip.compress(sitemap("/-/a").encode())[:20] + b"\xff" * 40, "decode_error"),
    ],
    ids=["page", "nothing", "feed", "many", "long", "packed", "cut", "mangled"],
)
def test_what_cannot_be_used_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(SitemapBroken) as broken:
        list(read(body, URL, max_bytes=2000, max_named=20))
    assert broken.value.reason == reason


def test_an_empty_sitemap_names_nothing() -> None:
    assert list(read(b"<urlset/>", URL)) == []


def test_entities_stand_for_nothing() -> None:
    body = (
        '<!DOCTYPE u [<!ENTITY a "https://urzad.test/-/z-encji"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
        + sitemap("&a;", "https://urzad.test/-/&b;", "/-/dobra").removeprefix('<?xml version="1.0"?>')
    )
    assert Named(url="https://urzad.test/-/dobra", sitemap=False) in list(read(body.encode(), URL))
    assert "z-encji" not in str(list(read(body.encode(), URL)))


def test_robots_txt_names_sitemaps_wherever_it_does() -> None:
    text = "User-agent: *\nDisallow: /a\nSitemap: https://urzad.test/a.xml\n\nsitemap:/b.xml\nSitemap: mailto:a\n"
    assert of_robots(text, "https://urzad.test/robots.txt") == ["https://urzad.test/a.xml", "https://urzad.test/b.xml"]


FAMILY = """
[family]
name = "wzor"
title = "Wzór"

[sitemap]
%s
"""


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("", "sitemap.articles: missing"),
        ("articles = '/-/'\nfiles = '('", "not a regular expression"),
        ("articles = ['/-/']", "sitemap.articles"),
    ],
)
def test_a_family_says_which_of_a_sitemap_s_pages_are_articles(tmp_path: Path, table: str, problem: str) -> None:
    (tmp_path / "wzor.toml").write_text(FAMILY % table, encoding="utf-8")
    with pytest.raises(registry.RegisterError, match=problem):
        registry.load(tmp_path)


@pytest.mark.parametrize(
    ("family", "url", "articles"),
    [
        ("psz", "https://pup.praca.gov.pl/-/123-nabor-wnioskow", True),
        ("psz", "https://pup.praca.gov.pl/rynek-pracy/aktualnosci/-/asset_publisher/4fQ/content/targi-pracy", True),
        ("psz", "https://pup.praca.gov.pl/urzad/kontakt", False),
        ("wordpress", "https://wup.test/2024/03/05/nabor/", True),
        ("wordpress", "https://wup.test/", False),
        ("wordpress", "https://wup.test/category/aktualnosci/", False),
    ],
)
def test_an_article_is_told_from_other_pages_by_its_address(family: str, url: str, articles: bool) -> None:
    rule = registry.load().families[family].sitemaps
    assert rule is not None
    assert rule.is_article(url) is articles


def test_half_a_character_in_a_name_of_the_xml_is_no_name() -> None:
    body = b"<urlset><url><lo\xed\xa0\x80c>https://urzad.test/-/x</lo\xed\xa0\x80c></url></urlset>"
    assert list(read(body, URL)) == [BadLink("")]
