"""The practice web answers as honest servers do, and its manifest is true of its own pages."""

from __future__ import annotations

import gzip
import html
import http.client
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from crawler.practice import BUNDLED, SiteError, Web, changes, manifest, offices, outcomes, records
from crawler.practice.answers import Answer
from crawler.practice.hostile import BOMB_MEGABYTES, gzip_bomb
from crawler.practice.pages import Pages
from crawler.practice.site import Site, read_site, read_sites

SITE = """
host = "{host}"
template = "{template}"
[office]
id = "practice-{name}"
kind = "pup"
name = "Urząd {name}"
family = "psz"
url = "http://{host}/"
{more}
"""
REFUSED = ("/site.toml", "/../a.test/site.toml", "/%2e%2e/x", "//[", "/%00", "/" + "x" * 5000, "/%ff?%ff=%zz")
STORY = """+++
title = "{title}"
published = "{day}"
[expected]
kind = "news"
+++
<p>{text}</p>
"""


def make_site(
    folder: Path, host: str = "a.test", template: str = "wordpress", more: str = "", stories: int = 3
) -> Path:
    site = folder / host
    (site / "articles").mkdir(parents=True)
    name = host.partition(".")[0]
    (site / "site.toml").write_text(SITE.format(host=host, template=template, name=name, more=more), encoding="utf-8")
    for n in range(1, stories + 1):
        text = STORY.format(title=f"Wieść numer {n}", day=f"2024-03-{n:02d}", text=f"Treść wieści {n}.")
        (site / "articles" / f"{n:03d}-wiesc-{n}.html").write_text(text, encoding="utf-8")
    return site


class Client:
    """One keep-alive connection to a practice web."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def ask(self, url: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, target, headers={"Host": parts.netloc, **sent})
        response = self.connection.getresponse()
        return response, response.read()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    make_site(tmp_path)
    with Web([tmp_path], scale=0.001) as running:
        yield running


@pytest.fixture
def client(web: Web) -> Iterator[Client]:
    asking = Client(web.port)
    yield asking
    asking.connection.close()


def shown(answer: Answer, charset: str) -> str:
    """What a reader of the page could see: no tags, no entities, no runs of spaces."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.body.decode(charset), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).replace("\xa0", " ").split())


def test_hosts_are_told_apart_by_their_host_header(client: Client) -> None:
    assert client.ask("http://a.test/wiesc-1/")[0].status == 200
    assert client.ask("http://other.test/wiesc-1/")[0].status == 421
    assert client.ask("http://a.test:8080/wiesc-1/")[0].status == 200


def test_one_connection_serves_many_requests(client: Client) -> None:
    for _ in range(3):
        response, _ = client.ask("http://a.test/")
        assert response.version == 11
        assert not response.will_close


def test_an_unchanged_page_is_answered_with_304_for_either_validator(client: Client) -> None:
    first, body = client.ask("http://a.test/wiesc-2/")
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert body
    for headers in ({"If_None_Match": tag}, {"If_Modified_Since": changed}, {"If_None_Match": f'W/{tag}, "x"'}):
        again, nothing = client.ask("http://a.test/wiesc-2/", **headers)
        assert again.status == 304
        assert nothing == b""
    assert client.ask("http://a.test/wiesc-2/", If_None_Match='"x"', If_Modified_Since=changed)[0].status == 200


def test_an_edited_page_is_sent_again_with_other_validators(web: Web, client: Client) -> None:
    first, before = client.ask("http://a.test/wiesc-2/")
    web.edit("a.test", "wiesc-2", replace=[("Treść wieści", "Nowa treść wieści")])
    again, after = client.ask(
        "http://a.test/wiesc-2/", If_None_Match=first.headers["ETag"], If_Modified_Since=first.headers["Last-Modified"]
    )
    assert again.status == 200
    assert before != after
    assert again.headers["Last-Modified"] != first.headers["Last-Modified"]
    assert client.ask("http://a.test/wiesc-2/", If_Modified_Since=first.headers["Last-Modified"])[0].status == 200


def test_a_head_request_tells_the_length_and_sends_no_body(client: Client) -> None:
    _, body = client.ask("http://a.test/wiesc-1/")
    response, nothing = client.ask("http://a.test/wiesc-1/", "HEAD")
    assert int(response.headers["Content-Length"]) == len(body)
    assert nothing == b""
    assert client.ask("http://a.test/wiesc-1/")[1] == body


def test_pages_are_compressed_only_for_those_who_ask(client: Client) -> None:
    plain, body = client.ask("http://a.test/")
    packed, small = client.ask("http://a.test/", Accept_Encoding="gzip, deflate")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small) == body


def test_an_unknown_address_answers_404_in_the_full_template(client: Client) -> None:
    response, body = client.ask("http://a.test/nie-ma/")
    assert response.status == 404
    assert "Urząd a" in body.decode()


def test_what_was_removed_says_so_and_leaves_the_list(web: Web, client: Client) -> None:
    web.remove("a.test", "wiesc-1")
    web.remove("a.test", "wiesc-2", 410)
    web.remove("a.test", "wiesc-3", 0)
    assert [client.ask(f"http://a.test/wiesc-{n}/")[0].status for n in (1, 2, 3)] == [404, 410, 200]
    assert b"wiesc-" not in client.ask("http://a.test/")[1]


def test_an_added_story_stands_on_the_list(web: Web, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "009-przybyla.html"
    file.write_text(STORY.format(title="Przybyła", day="2024-05-01", text="Treść."), encoding="utf-8")
    web.add("a.test", file)
    assert b"/przybyla/" in client.ask("http://a.test/")[1]
    assert client.ask("http://a.test/przybyla/")[0].status == 200


def test_an_outage_answers_everything_and_ends(web: Web, client: Client) -> None:
    web.outage("a.test", 503)
    response, _ = client.ask("http://a.test/robots.txt")
    assert (response.status, response.headers["Retry-After"]) == (503, "60")
    web.outage("a.test", None)
    assert client.ask("http://a.test/robots.txt")[0].status == 200


def test_each_request_is_logged_with_its_time_and_headers(web: Web, client: Client) -> None:
    client.ask("http://a.test/?q=1", X_Test="yes")
    client.ask("http://b.test/")
    (asked,) = web.requests("a.test")
    assert (asked.method, asked.target, asked.path, asked.status) == ("GET", "/?q=1", "/", 200)
    assert asked.headers["X-Test"] == "yes"
    assert asked.at <= web.log[-1].at


def test_a_list_is_paged_and_tells_its_total(tmp_path: Path) -> None:
    pages = Pages(read_site(make_site(tmp_path, template="psz", more="[list]\nper_page = 2", stories=5)))
    first = pages.answer("/rynek-pracy/aktualnosci").body.decode()
    assert "1 - 2 z 5" in first
    links = [html.unescape(link) for link in re.findall(r'class="page-link" href="http://a\.test([^"]+)"', first)]
    seen: list[str] = []
    for link in dict.fromkeys(links):
        body = pages.answer(link).body.decode()
        seen += re.findall(r"content/(wiesc-\d)\?", body)
    assert seen == ["wiesc-5", "wiesc-4", "wiesc-3", "wiesc-2", "wiesc-1"]


def test_one_story_answers_at_all_its_addresses(tmp_path: Path) -> None:
    pages = Pages(read_site(make_site(tmp_path, template="psz")))
    (first, *_rest) = records(pages.site)
    bodies = {pages.answer(address.removeprefix("http://a.test")).body for address in first["addresses"]}
    assert len(first["addresses"]) == 3
    assert len({re.sub(rb"redirect=[^\"]*", b"", body) for body in bodies}) == 1
    longer = first["url"].removeprefix("http://a.test") + "&redirect=%2Fx&p_auth=abc"
    assert pages.answer(longer).body in bodies
    assert pages.answer("/-/wiesc-1;jsessionid=0A1B").body in bodies


def test_rest_tells_totals_cuts_fields_and_refuses_pages_beyond_the_last(client: Client) -> None:
    response, body = client.ask("http://a.test/wp-json/wp/v2/posts?per_page=2&_fields=id,link,title,date")
    posts = json.loads(body)
    assert (response.headers["X-WP-Total"], response.headers["X-WP-TotalPages"]) == ("3", "2")
    assert [set(post) for post in posts] == [{"id", "link", "title", "date"}] * 2
    assert posts[0]["link"] == "http://a.test/wiesc-3/"
    beyond, problem = client.ask("http://a.test/wp-json/wp/v2/posts?per_page=2&page=3")
    assert (beyond.status, json.loads(problem)["code"]) == (400, "rest_post_invalid_page_number")


@pytest.mark.parametrize("more", ["[list]\nrest = false", '[addresses]\nrest = "/rest/"'])
def test_rest_may_be_off_or_moved(tmp_path: Path, more: str) -> None:
    pages = Pages(read_site(make_site(tmp_path, more=more)))
    assert pages.answer("/wp-json/wp/v2/posts").status == 404
    assert pages.answer("/rest/wp/v2/posts").status == (200 if "rest/" in more else 404)


def test_feeds_and_sitemaps_are_well_formed(client: Client) -> None:
    for url, path in (
        ("/feed/", "//item"),
        ("/?feed=rss2", "//item"),
        ("/wp-sitemap-posts-post-1.xml", "//*[local-name()='url']"),
    ):
        _, body = client.ask(f"http://a.test{url}")
        assert len(etree.fromstring(body).xpath(path)) >= 3


def test_static_mounts_serve_pages_by_query_and_files_by_path(tmp_path: Path) -> None:
    site = tmp_path / "old.test"
    (site / "pliki").mkdir(parents=True)
    (site / "site.toml").write_text(
        'charset = "iso-8859-2"\n[[page]]\npath = "/archiwum/?id=162&m=1"\nfile = "162.html"\n'
        'content_type = "text/html; charset=iso-8859-2"\n'
        '[[page]]\npath = "/stary"\nredirect = "/archiwum/"\nstatus = 301\n',
        encoding="utf-8",
    )
    (site / "162.html").write_bytes("źródło".encode("iso-8859-2"))
    (site / "index.html").write_bytes(b"start")
    (site / "pliki" / "a.pdf").write_bytes(b"%PDF-")
    pages = Pages(read_site(site))
    assert pages.answer("/archiwum/?m=1&id=162").body == "źródło".encode("iso-8859-2")
    assert pages.answer("/archiwum/?m=1&id=163").status == 404
    assert pages.answer("/").body == b"start"
    assert pages.answer("/pliki/a.pdf").content_type == "application/pdf"
    assert (pages.answer("/stary").status, pages.answer("/stary").headers["Location"]) == (301, "/archiwum/")
    assert [pages.answer(path).status for path in REFUSED] == [404] * len(REFUSED)


def test_a_site_that_cannot_be_served_is_named(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    (site / "articles" / "004-zla.html").write_text("bez nagłówka", encoding="utf-8")
    with pytest.raises(SiteError, match=r"004-zla\.html"):
        Web([tmp_path])
    (site / "articles" / "004-zla.html").unlink()
    (site / "site.toml").write_text('host = "prawdziwy.pl"\n', encoding="utf-8")
    with pytest.raises(SiteError, match=r"must end in \.test"):
        Web([tmp_path])


def test_two_folders_may_not_serve_one_host(tmp_path: Path) -> None:
    make_site(tmp_path / "one")
    make_site(tmp_path / "two")
    with pytest.raises(SiteError, match="already served"):
        Web([tmp_path / "one", tmp_path / "two"])


def test_the_process_serves_after_a_change_by_name_and_prints_its_port(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    (site / "changes").mkdir()
    (site / "changes" / "druga.toml").write_text(
        '[[edit]]\nslug = "wiesc-1"\nreplace = [["Treść", "Inna treść"]]\n[edit.expected]\nkind = "call"\n',
        encoding="utf-8",
    )
    command = [
        sys.executable,
        "-m",
        "crawler.practice",
        "--no-bundled",
        "--tied",
        "--after",
        "druga",
        "--sites",
        tmp_path,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().removeprefix("port="))
        client = Client(port)
        assert "Inna treść wieści 1" in client.ask("http://a.test/wiesc-1/")[1].decode()
        client.connection.close()
        process.terminate()
        assert process.wait(10) == 0
    after = {record["slug"]: record for record in manifest("a.test", [tmp_path], ["druga"])}
    assert after["wiesc-1"]["expected"]["kind"] == "call"


def test_an_unknown_change_is_refused(tmp_path: Path) -> None:
    make_site(tmp_path)
    with pytest.raises(SiteError, match=r"changes/druga\.toml"):
        Web([tmp_path], after=["druga"])


def test_slow_pages_end_sooner_at_a_smaller_scale_and_cut_pages_break_their_promise() -> None:
    with Web(scale=0.001) as web:
        client = Client(web.port)
        response, body = client.ask("http://zly.test/wolna/")
        assert len(body) == int(response.headers["Content-Length"])
        client.connection.close()
        with pytest.raises(http.client.IncompleteRead):
            client.ask("http://zly.test/ucieta/")
        client.connection.close()


def test_the_bomb_is_small_on_the_wire_and_valid() -> None:
    body, _, _ = gzip_bomb()
    assert len(body) < 400_000
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(body, 1 << 20) == bytes(1 << 20)
    assert int.from_bytes(body[-4:], "little") == BOMB_MEGABYTES << 20


# --- the bundled sites


SITES = read_sites([BUNDLED])


@pytest.fixture(params=list(SITES))
def site(request: pytest.FixtureRequest) -> Site:
    return SITES[request.param]


def test_every_address_of_the_manifest_answers_and_shows_what_it_promises(site: Site) -> None:
    pages = Pages(site)
    for record in records(site):
        charset = site.story(record["slug"]).extra.get("charset", site.charset)
        expected = record["expected"]
        for address in record["addresses"]:
            answer = pages.answer(address.removeprefix(site.origin))
            assert answer.status == 200, address
            text = shown(answer, charset)
            for part in ("text_begins", "text_ends"):
                assert expected.get(part, "").strip("… ") in text, (record["slug"], part)


def test_the_lists_lead_to_every_listed_story(site: Site) -> None:
    if not site.template:
        pytest.skip("only static files")
    pages = Pages(site)
    start = site.addresses["lists"][0]
    answer = pages.answer(start)
    assert answer.status == 200
    per_page = int(site.listing.get("per_page") or site.addresses["per_page"])
    assert len(site.listed()) <= per_page or len({pages.answer(a).body for a in _turned(pages)}) > 1


def _turned(pages: Pages) -> list[str]:
    start, per_page = pages.site.addresses["lists"][0], int(pages.site.listing.get("per_page") or 10)
    return [pages._page_address(start, n, per_page) for n in (1, 2)]


def test_pages_are_the_same_bytes_after_a_restart(site: Site) -> None:
    again = Pages(read_site(site.folder))
    pages = Pages(site)
    for record in records(site):
        target = record["url"].removeprefix(site.origin)
        assert pages.answer(target).body == again.answer(target).body


def test_every_change_of_a_bundled_site_can_be_applied(site: Site) -> None:
    for file in sorted((site.folder / "changes").glob("*.toml")):
        changed = changes.after(site, file.stem)
        assert changed.revision > site.revision
        for record in records(changed):
            if not changed.outage:
                assert Pages(changed).answer(record["url"].removeprefix(site.origin)).status == 200


def test_practice_offices_have_ids_of_their_own_and_addresses_on_their_host() -> None:
    lines = offices()
    assert len({line["id"] for line in lines}) == len(lines) >= 8
    for line in lines:
        assert line["id"].startswith("practice-")
        assert urlsplit(line["url"]).hostname in SITES
        assert line["family"]


def test_every_expected_outcome_names_an_address_the_hostile_site_serves() -> None:
    pages = Pages(SITES["zly.test"])
    for url, word in outcomes("zly.test").items():
        if url.startswith("http://zly.test"):
            answer = pages.answer(url.removeprefix("http://zly.test"))
            assert answer.status == (500 if word == "server_error" else answer.status)
            assert (answer.status == 302) == (word in ("redirect_loop", "blocked_address", "out_of_scope"))


def test_there_are_sixty_stories_and_each_family_has_a_site() -> None:
    assert sum(len(site.stories) for site in SITES.values()) >= 60
    assert {line["family"] for line in offices()} >= {"psz", "wordpress", "joomla", "fundusze", "siew", "wrzos"}
