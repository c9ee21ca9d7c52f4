"""A server behind several hosts asks for a wait once for all; a redirect is judged at each hop. Seen at the server."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import bodies
from tests.faults.driving import Ended, drive
from tests.faults.web import Answer, Asked, FaultWeb, redirect, response, story

pytestmark = pytest.mark.crawl

GROUP = "grupa.test"
HELD = 0.6
"""Six seconds at a tenth of the time."""
HIDDEN = {
    "mapped": "http://[::ffff:127.0.0.2]/",
    "mapped-cgnat": "http://[::ffff:100.64.0.1]/",
    "6to4": "http://[2002:7f00:2::]/",
    "nat64": "http://[64:ff9b::7f00:2]/",
    "cgnat": "http://100.64.0.1/",
    "metadata": "http://169.254.169.254/latest/",
    "number": "http://2130706434/",
}


@dataclass(frozen=True)
class Crawled:
    ended: Ended
    log: list[Asked]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    with FaultWeb() as web:
        busy = response(status=429, headers={"Retry-After": "6"})
        web.site(
            f"prosi.{GROUP}",
            {
                "/news,1,czekaj.html": lambda wire: wire.send(busy if wire.count == 1 else response(story("czekaj"))),
                "/news,2,dalej.html": story("dalej"),
            },
        )
        for name in ("obok", "takze"):
            web.site(f"{name}.{GROUP}", {f"/news,{n},x.html": story(f"{name}{n}") for n in range(6)})
        web.site("osobno.test", {f"/news,{n},x.html": story(f"osobno{n}") for n in range(3)})
        _hops(web)
        ended = drive(web, tmp_path_factory.mktemp("courtesy"), groups=[GROUP], DOWNLOAD_DELAY=0.02)
        return Crawled(ended, list(web.log))


def _hops(web: FaultWeb) -> None:
    articles: dict[str, Answer | str] = {}
    for n, (name, address) in enumerate(HIDDEN.items()):
        articles[f"/news,{n},{name}.html"] = redirect(f"/skok/{name}/1")
        web.put("skoki.test", f"/skok/{name}/1", redirect(f"/skok/{name}/2", 307))
        stub = f'<html><head><meta http-equiv="refresh" content="0; url={address}"></head><body></body></html>'
        web.put("skoki.test", f"/skok/{name}/2", redirect(address, 301) if n % 2 else stub)
    web.site("skoki.test", articles)


def test_after_too_many_requests_on_one_host_all_hosts_of_its_server_are_left_in_peace(crawled: Crawled) -> None:
    log = [one for one in crawled.log if one.host.endswith(GROUP)]
    (refused, again) = [one.at for one in log if one.target == "/news,1,czekaj.html"]
    between = [one for one in log if refused < one.at < refused + HELD - 0.02]
    assert between == []
    assert again - refused >= HELD - 0.02
    assert {one.host for one in log if one.at > refused} - {f"prosi.{GROUP}"}  # they did have more to ask for
    visits = crawled.ended.visits(f"http://prosi.{GROUP}/news,1,czekaj.html")
    assert [(visit["outcome"], visit["detail"]) for visit in visits] == [("stored", "waited 6 s after status 429")]


def test_what_a_servers_hosts_were_asked_for_together_is_counted_as_the_server_saw_it(crawled: Crawled) -> None:
    spent: Mapping[str, int] = dict(
        crawled.ended.rows("SELECT server, sum(requests) FROM spent GROUP BY 1", file="archive.db")
    )
    for name in (GROUP, "osobno.test", "skoki.test"):
        assert spent[name] == len([one for one in crawled.log if one.host.endswith(name)])


@pytest.mark.parametrize("name", HIDDEN)
def test_an_address_that_hides_a_private_one_is_refused_at_the_third_hop_too(crawled: Crawled, name: str) -> None:
    place = list(HIDDEN).index(name)
    (visit,) = crawled.ended.visits(f"http://skoki.test/news,{place},{name}.html")
    assert visit["outcome"] == "blocked_address"
    assert visit["final_url"] == HIDDEN[name]
    assert [one.target for one in crawled.log if f"/{name}/" in one.target] == [f"/skok/{name}/1", f"/skok/{name}/2"]
    assert {host for host, _ in crawled.ended.connections} == {"127.0.0.1"}


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_robots_txt_that_is_sent_packed_rules_as_a_plain_one_does(tmp_path: Path, encoding: str) -> None:
    rules = b"User-agent: *\nDisallow: /news,2,\n"
    with FaultWeb() as web:
        web.site("spakowane.test", {f"/news,{n},x.html": story(n) for n in (1, 2)})
        packed = gzip.compress(rules) if encoding == "gzip" else zlib.compress(rules)
        answer = response(packed, "text/plain", headers={"Content-Encoding": encoding})
        web.put("spakowane.test", "/robots.txt", answer)
        ended = drive(web, tmp_path)
    assert ended.end("http://spakowane.test/news,1,x.html") == "stored"
    assert ended.end("http://spakowane.test/news,2,x.html") == "robots"


def test_a_robots_txt_that_unpacks_to_more_than_any_page_is_not_held_in_memory(tmp_path: Path) -> None:
    with FaultWeb() as web:
        web.site("bomba.test", {"/news,1,x.html": story(1)})
        answer = response(bodies.zstd_bomb(), "text/plain", headers={"Content-Encoding": "zstd"})
        web.put("bomba.test", "/robots.txt", answer)
        ended = drive(web, tmp_path)
    assert ended.end("http://bomba.test/robots.txt", "robots") == "too_large"
    assert ended.end("http://bomba.test/news.html", "list") == "robots_unreachable"
    assert ended.megabytes < 300


def test_a_server_that_asks_for_a_day_is_not_asked_again_before_that(tmp_path: Path) -> None:
    """Its day is scaled to 8640 seconds here: the second crawl comes at once, the third after it."""
    with FaultWeb() as web:
        day = response(status=503, headers={"Retry-After": "86400"})
        web.site("dzien.test", {f"/news,{n},x.html": day for n in range(3)})
        first = drive(web, tmp_path)
        asked = len(web.log)
        second = drive(web, tmp_path)
        assert len(web.log) == asked
        assert second.end("http://dzien.test/news.html", "list") == "asked_to_wait"
        assert second.rows("SELECT DISTINCT outcome FROM office_runs WHERE run = (SELECT max(run) FROM office_runs)")
        drive(web, tmp_path, days=1)
        assert len(web.log) > asked
    assert {first.end(f"http://dzien.test/news,{n},x.html") for n in range(3)} <= {"asked_to_wait", "server_error"}
