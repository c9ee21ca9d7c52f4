"""Bad lists, feeds and pages, each met by a real crawl over loopback; named by the row it answers."""

from __future__ import annotations

import json

import pytest

from tests.faults import bodies
from tests.faults.conftest import Met
from tests.faults.sites import ILL, LONG_LINK, SAME

pytestmark = pytest.mark.crawl


def test_p01_the_good_addresses_of_a_feed_are_crawled_and_the_bad_counted(met: Met) -> None:
    for url in ("http://p01.test/wpis-1/", "http://p01.test/wpis-2/"):
        assert met.first.end(url) == "stored"
    assert len(met.first.titles("p01.test")) == 3
    for url in ("http://p01.test:99999/", "", "mailto:a@p01.test"):
        assert met.first.end(url) == "bad_link"
    assert len(met.asked("p01.test", "/wpis-1/")) == 1


def test_p01_n06_the_good_addresses_of_sitemaps_are_crawled_and_the_bad_counted(met: Met) -> None:
    host, ends = "p01mapa.test", met.mapped
    assert [ends.end(f"http://{host}/wpis-{n}/") for n in (1, 2, 4, 5)] == ["stored"] * 4
    assert len(ends.titles(host)) == 5
    assert [len(met.asked(host, f"/wpis-{n}/")) for n in range(1, 6)] == [1] * 5
    bad = ends.rows("SELECT url FROM visits WHERE office = 'p01mapa' AND outcome = 'bad_link'", file="archive.db")
    assert {url for (url,) in bad} == {
        f"http://{host}:99999/", "", "mailto:a@p01.test", "file:///etc/passwd", "data:text/html,a", "ftp://a.test/",
    }  # fmt: skip
    assert ends.end("http://obcy.test/sitemap.xml", "sitemap") == "out_of_scope"
    for name in ("html", "cieta"):
        assert ends.end(f"http://{host}/wp-sitemap-posts-post-{name}.xml", "sitemap") == "layout_changed"
    assert not met.asked(host, "/")


def test_p02_bad_links_among_good_ones_lose_nothing(met: Met) -> None:
    assert met.first.end("http://p02.test/news,1,pierwsza.html") == "stored"
    assert met.first.end("http://p02.test/news,7,ostatnia.html") == "stored"
    bad = met.first.rows("SELECT count(*) FROM visits WHERE office = 'p02' AND outcome = 'bad_link'", file="archive.db")
    assert bad == [(6,)]
    assert met.first.end(f"http://p02.test{LONG_LINK}") == "bad_link"


def test_p03_endless_pages_and_sessions_stay_within_the_page_budget(met: Met) -> None:
    assert len([one for one in met.asked("p03.test") if "news.html" in one.target]) == 5
    articles = [one.target for one in met.asked("p03.test") if ",a.html" in one.target]
    assert sorted(articles) == [f"/news,{n},a.html" for n in range(1, 6)]
    assert len(met.asked("p03rosnie.test")) <= 8
    assert len(met.asked("p03rosnie.test", "/news,1,a.html")) == 1


def test_p04_a_calendar_leads_nowhere(met: Met) -> None:
    assert not [one for one in met.asked("p04.test") if "kalendarz" in one.target]
    assert len(met.first.titles("p04.test")) == 1


def test_p06_entities_of_a_feed_read_no_file_and_ask_for_nothing(met: Met) -> None:
    assert {one.target for one in met.asked("p06xxe.test")} <= {"/robots.txt", "/feed/", "/wpis-1/"}
    said = met.first.rows("SELECT coalesce(title, '') FROM sightings", file="archive.db")
    assert not [title for (title,) in said if "root:" in title or len(title) > 500]
    assert met.first.end("http://p06xxe.test/wpis-1/") == "stored"
    assert met.first.end("http://p06smiech.test/feed/", "list") in ("no_teasers", "stored")


def test_p06_entities_of_a_sitemap_read_no_file_and_ask_for_nothing(met: Met) -> None:
    host = "p06mapa.test"
    asked = {one.target for one in met.asked(host)}
    assert {"/wpis-1/", "/wpis-2/", "/wpis-3/", "/wpis-4/"} <= asked
    assert not [target for target in asked if "encja" in target or target[1:] == "dtd" or "ha" in target]
    assert not met.mapped.rows(
        "SELECT url FROM visits WHERE url LIKE '%root:%' OR length(url) > 200", file="archive.db"
    )
    assert len(met.mapped.titles(host)) == 4


def test_p07_feeds_without_measure_are_let_go(met: Met) -> None:
    assert met.first.end("http://p07duzy.test/feed/", "list") == "too_large"
    assert met.first.end("http://p07tytul.test/feed/", "list") == "too_large"
    assert met.first.end("http://p07wiele.test/feed/", "list") == "too_complex"
    assert met.sent["p07duzy.test", "/feed/"] < 55_000_000  # of sixty, what lay in buffers with it


def test_p08_what_a_page_is_shows_in_its_bytes_not_in_its_name(met: Met) -> None:
    ends = [met.first.end(f"http://p08.test/news,{n}.html") for n in ("1,pdf", "2,zip", "3,png", "4,html")]
    assert ends == ["not_html", "not_html", "not_html", "stored"]


def test_p09_every_combination_of_charsets_is_read_right(met: Met) -> None:
    pages = bodies.charset_pages()
    assert len(pages) == 96
    titles = set(met.first.titles("p09.test"))
    wrong = [how for n, how in enumerate(pages) if f"{bodies.SENTENCE} {n}" not in titles]
    assert not wrong
    texts = met.first.rows("SELECT text FROM articles WHERE office = 'p09'")
    assert all(bodies.SENTENCE in text for (text,) in texts)


def test_p11_pages_that_take_parsers_minutes_end_soon_and_the_next_page_is_fine(met: Met) -> None:
    for target in ("1,lista", "2,tabela", "3,atrybuty", "4,odnosniki", "5,glebokie"):
        assert met.first.end(f"http://p11.test/news,{target}.html") in ("stored", "too_complex", "too_large", "empty")
    assert met.first.end("http://p11.test/news,3,atrybuty.html") == "too_complex"
    assert met.first.end("http://p11.test/news,6,dobra.html") == "stored"
    assert met.first.end("http://p11lista.test/news.html", "list") == "too_complex"


def test_p11_the_reactor_is_never_still_for_a_second(met: Met) -> None:
    assert max(met.first.stood_still, met.slow.stood_still, met.second.stood_still) < 1.0
    assert met.first.megabytes < 700


def test_p14_error_pages_that_were_never_anything_else_are_no_articles(met: Met) -> None:
    ends = [met.first.end(f"http://p14od.test{target}") for target in ILL]
    assert set(ends) <= {"soft_404", "maintenance", "error_page", "login"}
    assert not met.first.titles("p14od.test")


def test_p13_long_lines_nulls_and_noise_are_no_articles(met: Met) -> None:
    assert met.first.end("http://p13.test/news,1,linia.html") == "too_large"
    assert met.first.end("http://p13.test/news,2,nule.html") == "not_html"
    assert met.first.end("http://p13.test/news,3,szum.html") == "not_html"
    assert met.first.end("http://p13.test/news,4,dobra-z-nulem.html") == "stored"
    ((text,),) = met.first.rows("SELECT text FROM articles WHERE office = 'p13'")
    assert "\0" not in text


def test_p14_a_page_that_is_no_article_never_replaces_one(met: Met) -> None:
    for n, target in enumerate(ILL):
        assert met.first.end(f"http://p14.test{target}") == "stored"
        assert met.second.end(f"http://p14.test{target}") in ("soft_404", "maintenance", "error_page", "login"), n
    assert met.second.titles("p14.test") == met.first.titles("p14.test")
    assert len(met.second.titles("p14.test")) == len(ILL)
    assert met.second.rows("SELECT count(*) FROM revisions JOIN articles ON article = articles.id"
                           " WHERE office = 'p14'") == [(len(ILL),)]  # fmt: skip


def test_p15_titles_are_stored_clean_and_within_bounds(met: Met) -> None:
    titles = met.first.titles("p15.test")
    assert len(titles) == 4
    for title in titles:
        assert len(title) <= 500
        assert not set(title) & set("\0\u202e\u200b")
        assert json.loads(json.dumps(title)) == title
        title.encode()  # no half of a character
    assert any("<script>alert(1)</script>" in title for title in titles)


def test_p16_a_date_that_cannot_be_is_none(met: Met) -> None:
    assert met.first.rows("SELECT DISTINCT published FROM articles WHERE office = 'p16'") == [(None,)]
    assert len(met.first.titles("p16.test")) == 4


def test_p17_one_article_at_many_addresses_is_one(met: Met) -> None:
    assert len(met.first.titles("p17.test")) == 1
    ends = [met.first.end(url.replace("&amp;", "&")) for url in SAME]
    assert ends == ["stored", "duplicate", "duplicate", "duplicate", "duplicate", "stored"]
    known = {url for (url,) in met.first.rows("SELECT url FROM addresses")}
    assert {"p17.test/ta-sama", "p17.test/?p=17"} <= known


def test_every_address_that_was_found_has_exactly_one_end(met: Met) -> None:
    found = met.first.rows(
        "SELECT DISTINCT s.url FROM sightings s JOIN captures c ON c.id = s.list_capture", file="archive.db"
    )
    ends = met.first.rows("SELECT url, count(*) FROM visits WHERE purpose = 'article' GROUP BY url", file="archive.db")
    counted = dict(ends)
    assert len(found) > 250
    assert [url for (url,) in found if counted.get(url, 0) != 1] == []
    assert not met.first.rows("SELECT url, detail FROM visits WHERE outcome = 'crawler_error'", file="archive.db")


def test_the_offices_beside_the_ill_ones_are_whole(met: Met) -> None:
    wells = {"n01": 1, "n24": 3, "p02": 2, "p08": 1, "n18": 4}
    for office, number in wells.items():
        assert len(met.first.titles(office)) == number
    assert met.first.outcome == met.slow.outcome == met.second.outcome == "finished"
