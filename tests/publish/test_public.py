"""Strangers are given pages and files, and nothing else; whatever was crawled stays text."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import httpx
import lxml.html
import pysqlite3
import pytest
from click.testing import CliRunner
from lxml import etree
from protego import Protego

from crawler.cli import main
from crawler.publish.public.press import make
from crawler.publish.serve import datasette_of, listen
from tests.publish import newsroom
from tests.publish.public import Server, served

MADE = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOSTILE = {
    "title": '</title><script>alert(1)</script>"onmouseover="alert(2)',
    "lead": "javascript:alert(3)",
    "author": "<svg onload=alert(4)>",
    "url": "javascript:alert(5)//https://x.test/",
    "canonical_url": "data:text/html,<script>alert(6)</script>",
    "photo_credit": "http://x.test/\"onmouseover=alert(7) x=\"",
}  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom of which every third article is hostile in each of its texts, and its edition."""
    folder = tmp_path_factory.mktemp("public")
    newsroom.build(folder / "news.db", articles=520)
    with closing(pysqlite3.connect(str(folder / "news.db"))) as connection:
        named = ", ".join(f"{name} = :{name}" for name in HOSTILE)
        connection.execute(f"UPDATE articles SET {named} WHERE rowid % 3 = 0", HOSTILE)
        connection.execute("UPDATE attachments SET url = 'javascript:alert(8)', label = '<b onclick=alert(9)>'")
        connection.execute("UPDATE dates SET raw = '<script>alert(10)</script>' WHERE position = 0")
        connection.execute("UPDATE offices SET name = '<i onmouseover=alert(11)>' || name WHERE id = 'pup-konin'")
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
        connection.commit()
    make(folder, made=MADE, formats=["csv", "ndjson"])
    return folder


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    with served(data) as one:
        yield one


@pytest.fixture(scope="module")
def stranger(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/news?sql=select+1",
        "/news.json?sql=select+1",
        "/news/articles?sql=select+1",
        "/news/articles?_where=1",
        "/news/articles.json?_where=1=1",
        "/news/articles.csv?_where=1&_dl=1",
        "/news/articles?%5fwhere=1",
        "/news/articles.csv?_stream=1",
        "/news/articles.csv?_stream=on&_size=max",
        "/news/articles?_through={}",
        "/news/articles?_trace=1",
        "/news/articles?_timelimit=100000",
        "/news.db",
        "/_internal",
        "/_internal.json",
        "/_internal/tables",
        "/_internal.db",
        "/_memory",
        "/_memory?sql=select+1",
        "/news/understood",
        "/news/understood.json",
        "/news/UNDERSTOOD.json",
        "/news/understood/1",
        "/news/article_keys.csv",
        "/news/bands",
        "/news/applied_suppressions.json",
        "/news/_seals.json",
        "/news/_sqlite_migrations",
        "/news/articles_fts",
        "/news/articles_fts_data.json",
        "/news/sqlite_master",
        "/-/databases",
        "/-/databases.json",
        "/-/plugins.json",
        "/-/settings",
        "/-/settings.json",
        "/-/config",
        "/-/threads.json",
        "/-/versions.json",
        "/-/metadata.json",
        "/-/actor.json",
        "/-/permissions",
        "/-/messages",
        "/-/allow-debug",
        "/-/patterns",
        "/-/auth-token?token=x",
        "/-/logout",
        "/-/%64atabases",
        "/-//databases",
        "/-/wiesci/../plugin.py",
        "/-/wiesci/%2e%2e/plugin.py",
        "/-/wiesci/..%2fplugin.py",
        "/-/static/../../app.py",
        "/pliki/../news.db",
        "/pliki/..%2fnews.db",
        "/pliki/edition.json",
        "/pliki/20260302T120000000000Z/../../news.db",
        "/news/news.db",
    ],
)
def test_what_is_not_for_strangers_is_refused_without_a_path(stranger: httpx.Client, data: Path, path: str) -> None:
    with httpx.Client(trust_env=False, timeout=60) as client:
        request = client.build_request("GET", stranger.base_url.join("/"))
        request.url = request.url.copy_with(raw_path=path.encode("ascii"))
        answer = client.send(request, follow_redirects=True)
    assert answer.status_code in (400, 403, 404), answer.text[:300]
    for told in (str(data), "/work", "/usr", "site-packages", "Traceback", "sqlite3", ".py"):
        assert told not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_no_page_names_a_folder_of_the_machine(stranger: httpx.Client, data: Path) -> None:
    here = [str(data), str(Path(__file__).parents[2]), str(Path.home()), sys.prefix]
    for path in ("/.json", "/news.json", "/news", "/", "/-/api", "/-/slownik", "/news/runs.json", "/pliki",
                 "/news/otwarte_nabory.json", "/news/articles.json?_sort=nie_ma"):  # fmt: skip
        text = stranger.get(path).text
        assert not [place for place in here if place != "/" and place in text], path


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_only_reading_is_answered(stranger: httpx.Client, method: str) -> None:
    answer = stranger.request(method, "/news/articles")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_huge_and_broken_addresses_are_refused(stranger: httpx.Client) -> None:
    assert stranger.get("/news/articles?_search=" + "ż" * 5_000).status_code == 200
    assert stranger.get("/news/articles?_search=" + "a" * 45_000).status_code == 414
    assert stranger.get("/news/" + "a" * 2_000).status_code == 414
    assert stranger.get("/news/articles?" + "&".join(f"a{n}=1" for n in range(80))).status_code == 400
    assert stranger.get("/news/articles?" + "&".join(f"_facet=c{n}" for n in range(20))).status_code == 400
    for host in (b"a b", b"x/../y", b"evil.test\\", b"[::1", "ą.pl".encode()):
        assert stranger.get("/", headers={b"host": host}).status_code == 400, host
    assert stranger.get("/", headers={b"cookie": b"ds_actor=x; a=\xff=;,"}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "_size=abc", "_size=-1", "_size=1e9", "_size=", "_next=%FF", "_next=1", "_next=,,,,", "_sort=nie_ma",
        "_facet=nie_ma", "_facet_date={", "_facet_array={%22a%22:1}", "_facet_size=x", "_json_infinity=x",
        "id__in=[1", "id__nie=1", "nie_ma=1", "_shape=x", "_col=nie_ma", "_ttl=9999999999999", "published__date=x",
        "text__glob=" + "*a" * 400, "text__like=" + "%25a" * 400, "_search=%22%00", "_next=~00,~", "_labels=x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/news/articles", "/news/articles.json", "/news/office_health.json"])
def test_no_argument_makes_the_server_fail(stranger: httpx.Client, path: str, asked: str) -> None:
    assert stranger.get(f"{path}?{asked}&_size=3&_nofacet=1").status_code < 500


def pages(stranger: httpx.Client) -> Iterator[str]:
    article = stranger.get("/news/articles.json?title__contains=script&_shape=objects&_size=1").json()["rows"][0]["id"]
    yield from ("/", "/news", "/pliki", "/-/api", "/-/slownik", "/nie-ma", "/news/nie_ma", "/news?sql=<script>")
    yield from ("/news/articles?_size=9", "/news/articles?_search=alert&_size=9", "/news/articles?title__contains=<b>")
    yield from ("/news/articles?_kolumny=wszystkie&title__contains=script&_size=9", "/news/articles?_search=<script>x")
    yield from (f"/news/articles/{article}", "/news/attachments?_size=9", "/news/addresses?_size=9", "/news/offices")
    yield from ("/news/dates?_size=9", "/news/amounts?_size=9")
    yield from ("/news/otwarte_nabory?dzien=2026-03-02", '/news/otwarte_nabory?dzien="><script>', "/news/calls?_size=9")
    yield from (
        "/news/articles?_sort=<script>",
        "/news/articles?_size=<b>",
        "/news/revisions",
        "/news/offices/pup-konin",
    )


def test_no_stored_text_becomes_markup_or_a_link_that_acts(stranger: httpx.Client) -> None:
    for path in pages(stranger):
        answer = stranger.get(path)
        assert answer.status_code < 500, path
        page = lxml.html.fromstring(answer.text)
        for element in page.iter(etree.Element):
            for name, value in element.attrib.items():
                assert not name.startswith("on"), (path, element.tag, name)
                assert name != "style", (path, element.tag)
                if name in ("href", "src", "action", "formaction", "xlink:href", "poster", "data"):
                    assert re.match(r"https?://|/|#|\?|[\w-]*$", value), (path, value)
            if element.tag == "script":
                assert element.get("src", "").startswith("/-/"), path
                assert not (element.text or "").strip()
            assert element.tag not in ("style", "iframe", "object", "embed", "svg onload"), path
        assert "alert" not in "".join(page.xpath("//script/text()"))
        assert "<svg onload" not in answer.text
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("name", ["atom", "jsonfeed", "ics", "json", "csv"])
@pytest.mark.parametrize("asked", ["?_search=alert", "?title__contains=script"])
def test_no_stored_text_acts_in_a_feed_or_file(stranger: httpx.Client, name: str, asked: str) -> None:
    answer = stranger.get(f"/news/articles.{name}{asked}&_size=20")
    assert answer.status_code == 200
    kind = answer.headers["content-type"]
    assert not re.match(r"text/html|image/svg|application/xhtml", kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    if name == "atom":
        root = etree.fromstring(answer.content)
        assert {etree.QName(one).namespace for one in root.iter()} == {"http://www.w3.org/2005/Atom"}
        assert len(root.findall("{*}entry")) > 5
        assert not root.xpath("//@href[not(starts-with(., 'http'))]")
        assert root.xpath("//*[local-name()='content'][not(@type='text')]") == []
    elif name == "jsonfeed":
        items = answer.json()["items"]
        assert len(items) > 5
        assert all(item["url"].startswith("http") and "content_html" not in item for item in items)
    elif name == "ics":
        assert not re.search(r"^URL:(?!http)", answer.text, re.MULTILINE)


def test_a_page_s_own_csv_goes_up_to_the_limit_and_says_so(stranger: httpx.Client) -> None:
    answer = stranger.get("/news/articles.csv?_size=max&_dl=1")
    assert len(answer.text.splitlines()) > 500
    assert answer.headers["x-wiesci-rows"] == "500 of 520"
    assert "pierwsze-500-z-520.csv" in answer.headers["content-disposition"]
    following = answer.links["next"]["url"]
    rest = stranger.get(following)
    assert rest.status_code == 200
    assert "x-wiesci-rows" not in rest.headers
    first, second = ({line["id"] for line in read(one.text)} for one in (answer, rest))
    assert len(first | second) == len(first) + len(second) == 520
    page = stranger.get("/news/articles").text
    assert "pierwsze 500" in page
    assert 'href="/pliki"' in page
    assert "_stream" not in page
    assert "x-wiesci-rows" not in stranger.get("/news/offices.csv?_size=max").headers


def read(text: str) -> list[dict[str, str]]:
    import csv
    import io

    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_csv_that_would_be_too_long_is_refused_whole(tmp_path: Path) -> None:
    newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as connection:
        connection.execute("UPDATE articles SET text = hex(zeroblob(100000))")
        connection.commit()
    desk = datasette_of(tmp_path / "news.db", public=True)
    import asyncio

    answer = asyncio.run(desk.client.get("/news/articles.csv?_size=max"))
    assert answer.status_code == 413
    assert "5 MB" in answer.text
    assert asyncio.run(desk.client.get("/news/articles.csv?_size=20")).status_code == 200


def test_robots_are_kept_from_what_is_expensive_and_let_in_to_what_is_not(stranger: httpx.Client) -> None:
    text = stranger.get("/robots.txt").text
    modern, plain = Protego.parse(text), RobotFileParser()
    plain.parse(text.splitlines())
    for path in (
        "/",
        "/news/articles",
        "/news/articles/0123456789abcdef",
        "/news/offices/pup-elk",
        "/-/slownik",
        "/pliki",
    ):
        assert modern.can_fetch(path, "Bot"), path
        assert plain.can_fetch("Bot", path), path
    computed = ("?_search=praca", "?_sort=title", ".csv", ".json?_next=1", ".atom")
    others = (
        "/-/api/changes.json",
        "/news/otwarte_nabory.ics?wojewodztwo=26",
        "/pliki/articles.csv",
        "/?dzien=2026-01-01",
    )
    for path in (*("/news/articles" + one for one in computed), *others):
        assert not modern.can_fetch(path, "Bot"), path
        assert not plain.can_fetch("Bot", path), path
    assert not modern.can_fetch("/news/articles/0123456789abcdef.json", "Bot")


def test_behind_a_proxy_all_addresses_are_those_that_readers_see(data: Path) -> None:
    told = json.dumps({"address": "https://dane.example.pl/wiesci/"})
    with served(data, told) as server:
        assert server.address == "https://dane.example.pl/wiesci/"


def test_every_link_of_a_site_below_a_path_stays_below_it(data: Path) -> None:
    from crawler.publish.public.editions import current
    from crawler.publish.serve import edition_desk, seen_at

    edition = current(data / "public")
    assert edition is not None
    desk = edition_desk(edition, base="/wiesci/")
    application: Any = seen_at("https://dane.example.pl/wiesci/", desk.app())

    async def ask() -> None:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
            asked = ("", "news/articles", "news/articles?_search=praca", "pliki", "-/slownik", "nie-ma", "-/threads")
            for path in (*asked, "news/otwarte_nabory?dzien=2026-03-02"):
                answer = await client.get("/wiesci/" + path)
                for address in re.findall(r'(?:href|src|action)="(/[^"]*)"', answer.text):
                    assert address.startswith("/wiesci/"), (path, address)
            feed = (await client.get("/wiesci/news/articles.atom")).text
            assert "http://127" not in feed
            assert 'href="https://dane.example.pl/wiesci/news/articles.atom"' in feed
            following = (await client.get("/wiesci/news/articles.json?_size=5")).json()["next_url"]
            assert following.startswith("https://dane.example.pl/wiesci/news/articles.json?")
            assert (await client.get("/wiesci/-/databases.json")).status_code == 404
            assert (await client.get("/-/databases.json")).status_code == 404
            assert (await client.get("/news/articles.json?_size=5")).json()["next_url"] == following
            files = await client.get("/wiesci/pliki/articles.csv")
            assert files.headers["content-location"].startswith("/wiesci/pliki/")

    import asyncio

    asyncio.run(ask())


@pytest.mark.parametrize("public", [[], ["--public"]])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_well(tmp_path: Path, number: signal.Signals, public: list[str]) -> None:
    newsroom.build(tmp_path / "news.db", articles=12, hostile=False)
    code = "from crawler.cli import main; main()"
    asked = [sys.executable, "-c", code, "serve", "--data", str(tmp_path), "--port", "0", *public]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        assert httpx.get(address, trust_env=False, timeout=60).status_code == 200
        os.kill(process.pid, number)
        _, said = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in said


def test_mistakes_are_told_with_their_exit_codes(tmp_path: Path) -> None:
    def ended(*asked: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, list(asked))
        assert "Traceback" not in result.output
        return result.exit_code, result.output

    none = str(tmp_path / "nie_ma")
    for command in (["serve"], ["serve", "--public"], ["publish"], ["publish", "x.db"], ["export", "x"]):
        code, said = ended(*command, "--data", none)
        assert (code, "crawl first" in said) == (5, True), command
    data = tmp_path / "data"
    data.mkdir()
    newsroom.build(data / "news.db", articles=12, hostile=False)
    (tmp_path / "plik").write_text("x")
    at = ["--data", str(data)]
    assert ended("publish", str(tmp_path / "plik"), *at)[0] == 2
    code, said = ended("publish", str(tmp_path / "plik/kopia.db"), *at)
    assert (code, "plik" in said, "as it was" in said) == (5, True, True)
    code, said = ended("export", str(tmp_path / "plik/paczka"), *at)
    assert (code, "plik" in said, "as it was" in said) == (5, True, True)
    for address in ("wiesci.pl", "ftp://x.pl/", "https://x.pl/?a=1", "https://x.pl:99999/", "https://", "https://[x/"):
        assert ended("serve", "--public", "--address", address, *at)[0] == 2, address
    assert ended("serve", "--address", "https://x.pl/", *at)[0] == 2
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        for public in ([], ["--public"]):
            code, said = ended("serve", *public, "--port", port, *at)
            assert (code, f"port {port}" in said, "--port N" in said) == (3, True, True)
    (data / "public").write_text("x")
    assert ended("publish", *at)[0] == 5
    assert ended("serve", "--public", "--port", "0", *at)[0] == 5
    with closing(pysqlite3.connect(str(data / "news.db"))) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('news', 'news_9999', 'x')"
        )
        connection.commit()
    for command in (["serve"], ["serve", "--public"], ["publish", "x.db"], ["export", str(tmp_path / "x")]):
        code, said = ended(*command, *at)
        assert (code, "newer version" in said) == (5, True), command


def test_many_readers_at_once_are_all_answered_or_told_when_to_come_back(data: Path) -> None:
    told = json.dumps({"bounds": {"at_once": 2, "waiting": 6, "of_one": 12, "patience": 30}})
    answers: list[httpx.Response] = []
    with served(data, told) as server:

        def read() -> None:
            with server.client() as client:
                answers.append(client.get("/news/articles?_search=praca"))

        readers = [threading.Thread(target=read) for _ in range(40)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        with server.client() as client:
            assert client.get("/").status_code == 200
    statuses = [answer.status_code for answer in answers]
    assert len(statuses) == 40
    assert set(statuses) <= {200, 429, 503}
    assert statuses.count(200) >= 8
    for answer in answers:
        if answer.status_code != 200:
            assert int(answer.headers["retry-after"]) > 0
            assert "default-src" in answer.headers["content-security-policy"]
