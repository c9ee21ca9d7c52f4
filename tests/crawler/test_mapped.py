"""Deep walks beside sitemaps, against a server on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import registry
from crawler.rebuilding import rebuild
from tests.faults.driving import drive
from tests.faults.web import FaultWeb, feed, response, sitemap, story

pytestmark = pytest.mark.crawl

HOST = "mapa.praca.test"
MAP = "/wp-sitemap-posts-post-1.xml"


def put_site(web: FaultWeb) -> None:
    links = [f"http://{HOST}/wpis-{n}/" for n in range(1, 8)]
    web.office(HOST, family="wordpress", feed=None)
    web.put(HOST, "/robots.txt", response(f"Sitemap: http://{HOST}/wp-sitemap.xml\n", "text/plain"))
    web.put(HOST, "/feed/", response(feed(*links[:3]), "application/rss+xml"))
    index = sitemap(MAP, "/wp-sitemap-posts-page-1.xml", index=True)
    web.put(HOST, "/wp-sitemap.xml", response(index, "application/xml"))
    web.put(HOST, MAP, response(sitemap(*links), "application/xml"))
    web.put(HOST, "/wp-sitemap-posts-page-1.xml", response(sitemap(f"http://{HOST}/kontakt/"), "application/xml"))
    for n in range(1, 7):  # the seventh is named and not there
        web.put(HOST, f"/wpis-{n}/", story(f"mapa-{n}"))


def test_a_deep_walk_fetches_what_only_the_sitemap_names(tmp_path: Path) -> None:
    web = FaultWeb()
    put_site(web)
    with web:
        data = drive(web, tmp_path / "data").data
        assert not [one for one in web.asked(HOST) if "sitemap" in one.target]
        deep = drive(web, data, deep=True)
        targets = [one.target for one in web.asked(HOST)]
        assert [targets.count(f"/wpis-{n}/") for n in range(1, 8)] == [1] * 7
        assert "/kontakt/" not in targets
        again = drive(web, data, deep=True)
        assert [one.target for one in web.asked(HOST)].count(MAP) == 2
        assert [one.target for one in web.asked(HOST)].count("/wpis-5/") == 1
    assert len(again.titles(HOST)) == 6
    assert deep.rows("SELECT url, outcome FROM missing") == [(f"http://{HOST}/wpis-7/", "gone")]
    assert deep.rows("SELECT DISTINCT outcome FROM office_runs") == [("well",)]
    assert rebuild(data, registry.load(practice=web.offices)).differing == {}
