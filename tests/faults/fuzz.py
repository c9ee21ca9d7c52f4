"""Mutated pages, lists, feeds, sitemaps, robots files and headers through the code that reads them.

    python -m tests.faults.fuzz --rounds 20000 --seed 1

Says how many of each ended how, the slowest of each and the memory used. Ends with 1 when anything raised what it must
not, or took longer than allowed; the input is then kept in the folder named by --keep.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from protego import Protego
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import HtmlResponse, Request, Response
from scrapy.spiderloader import SpiderLoader

from crawler import feeds, registry, sitemaps
from crawler.crawling import settings_with
from crawler.links import absolute
from crawler.listing import LayoutChanged
from crawler.manners import robots_text, wanted_delay
from crawler.patience import retry_after
from crawler.practice.pages import Pages
from crawler.practice.site import BUNDLED, read_sites
from crawler.receiving import gunzipped
from crawler.spider import NewsSpider
from normalize import Knowledge, Unusable, normalize
from normalize.charset import decode
from normalize.identity import address, keys
from normalize.model import Capture, Office
from tests import memory
from tests.faults.web import sitemap

SLOWEST = 10.0
"""Seconds that no input may take; a page's worker would be stopped after five."""
_FETCHED = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
_PIECES = [
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<",
    b">",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&",
    b"&#x0;",
    b"&#xD800;",
    b"&#99999999;",
    b"<div>" * 500,
    b"</div>" * 500,
    b"<table><tr><td>" * 200,
    b"<script>",
    b"</script>",
    b"<base href='//[::'>",
    b"<meta charset=utf-7>",
    b"<meta charset=utf-16>",
    b"\x1b$B",
    "ąęłóżźćńś".encode("cp1250"),
    "\u202e\u200b\ufeff".encode(),
    b"31.02.2026",
    b"99.99.9999 r.",
    b"do dnia 30 lutego",
    b"1" * 5000,
    b"1 000 000 000 000 000 000 000 tys. mld zl",
    b"od do od do " * 300,
    b"http://[::bad/",
    b"http://a:99999/",
    b"javascript:",
    b"a" * 20_000,
    b'="' * 1000,
    b" x=1" * 1500,
    b"\r\n\r\n",
    b"<!DOCTYPE r [<!ENTITY a 'b'>]>",
    b"User-agent: *\nDisallow: /" + b"*" * 300 + b"$",
    b"Crawl-delay: 1e309",
    b"Crawl-delay: -1",
    b"Request-rate: 0/0",
    b"Request-rate: 1/0s",
]


@dataclass
class Found:
    """What a round of fuzzing came to."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    megabytes: int = 0
    """What was held at most beyond what was held before."""


@dataclass(frozen=True)
class Kind:
    """One sort of input: good examples of it, and what reads them."""

    name: str
    examples: list[tuple[bytes, object]]
    read: Callable[[bytes, object], str]


def fuzz(rounds: int, seed: int, keep: Path | None = None) -> Found:
    """So many inputs, the kinds in turn; the same seed gives the same inputs."""
    chance = random.Random(seed)
    found = Found()
    kinds = list(_kinds())
    before = memory.resident()
    memory.forget_peak()
    for number in range(rounds):
        kind = kinds[number % len(kinds)]
        body, about = chance.choice(kind.examples)
        body = mutated(body, chance)
        began = time.thread_time()
        try:
            end = kind.read(body, about)
        except (Exception, RecursionError) as error:  # noqa: BLE001  the very thing that is looked for
            end = f"raised {type(error).__name__}"
            found.problems.append(f"{kind.name}, input {number} of seed {seed}: {end}: {str(error)[:200]}")
            _keep(keep, f"{seed}-{number}-{kind.name}", body)
        took = time.thread_time() - began
        if took > SLOWEST:
            found.problems.append(f"{kind.name}, input {number} of seed {seed}: {took:.1f} s")
            _keep(keep, f"{seed}-{number}-{kind.name}", body)
        found.ends[kind.name, end] += 1
        found.slowest[kind.name] = max(took, found.slowest.get(kind.name, 0.0))
    found.megabytes = memory.peak() - before
    return found


def mutated(body: bytes, chance: random.Random) -> bytes:
    """The body with one to six things done to it: cut, doubled, moved, overwritten, pieces put in, letters changed."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        to = min(to, at + 20_000)
        how = chance.randrange(8)
        if how == 0:
            del data[at:to]
        elif how == 1:
            data[at:at] = data[at:to] * chance.randint(1, 3)
        elif how == 2:
            part = data[at:to]
            del data[at:to]
            place = chance.randrange(len(data) + 1)
            data[place:place] = part
        elif how == 3:
            data[at : at + 8] = chance.randbytes(8)
        elif how == 4:
            del data[at:]
        elif how == 5 and data:
            for _ in range(40):
                data[chance.randrange(len(data))] = chance.choice(b"<>&\"'/= \0\n0aZ\xb1\xc5")
        else:
            data[at:at] = chance.choice(_PIECES)
    return bytes(data[: 3 * 1024 * 1024])


def _kinds() -> Iterator[Kind]:
    register = registry.load(practice=[dict(site.office) for site in read_sites([BUNDLED]).values() if site.office])
    knowledge = register.knowledge()
    pages, lists, feed_bodies = _practice(register)
    loader = SpiderLoader.from_settings(settings_with({}))

    def read_page(body: bytes, about: object) -> str:
        assert isinstance(about, tuple)
        url, content_type, office = about
        return _page(Capture(url=url, body=body, content_type=content_type, fetched=_FETCHED, office=office), knowledge)

    def read_list(body: bytes, about: object) -> str:
        assert isinstance(about, tuple)
        url, content_type, office = about
        spider = loader.load(office.family)
        assert issubclass(spider, NewsSpider)
        return _list(body, url, content_type, office, spider)

    yield Kind("page", pages, read_page)
    yield Kind("list", lists, read_list)
    yield Kind("feed", feed_bodies, _feed)
    yield Kind("page", pages, read_page)
    yield Kind("sitemap", [(body, "http://a.test/sitemap.xml") for body in _SITEMAPS], _sitemap)
    yield Kind("robots", [(body, None) for body in _ROBOTS], _robots)
    yield Kind("header", [(body, None) for body in _HEADERS], _header)
    yield Kind("address", [(body, None) for body in _ADDRESSES], _address)


def _practice(register: registry.Register) -> tuple[list[tuple[bytes, object]], ...]:
    """Pages, lists and feeds of the practice web, as its server would send them."""
    pages: list[tuple[bytes, object]] = []
    lists: list[tuple[bytes, object]] = []
    feed_bodies: list[tuple[bytes, object]] = []
    for site in read_sites([BUNDLED]).values():
        if not site.office or site.hostile:
            continue
        office = register.offices[str(site.office["id"])]
        served = Pages(site)
        for story in site.stories:
            answer = served.answer(site.path(story))
            if answer.status == 200:
                pages.append((answer.body, (site.origin + site.path(story), answer.content_type, office)))
        for url in register.families[office.family].list_addresses(office):
            answer = served.answer(url.removeprefix(site.origin) or "/")
            if answer.status == 200:
                about = (url, answer.content_type, office)
                lists.append((answer.body, about))
                if b"<rss" in answer.body[:2000] or b"<feed" in answer.body[:2000]:
                    feed_bodies.append((answer.body, url))
    return pages, lists, feed_bodies or [(_FEED, "http://a.test/feed/")]


def _page(capture: Capture, knowledge: Knowledge) -> str:
    try:
        article = normalize(capture, knowledge)
    except Unusable as unusable:
        return unusable.reason
    except RecursionError:
        return "too_complex"
    text = article.text + (article.title or "")
    text.encode()
    assert "\0" not in text, "a NUL in the text"
    assert len(article.title or "") <= 500, "a title without end"
    assert article.published is None or str(article.published)[:10] <= "2026-03-05", "a date after the fetch"
    article.as_dict()
    return "article"


def _list(body: bytes, url: str, content_type: str | None, office: Office, spider: type[NewsSpider]) -> str:
    try:
        _, encoding = decode(body, content_type)
    except Unusable as unusable:
        return unusable.reason
    if body.count(b"<") > 50_000:
        return "too_complex"
    page = HtmlResponse(url, body=body, encoding=encoding, request=Request(url))
    try:
        listed = list(spider().teasers(page, office))
    except (LayoutChanged, ValueError) as error:
        return type(error).__name__
    return "listed" if listed else "empty"


def _feed(body: bytes, about: object) -> str:
    try:
        listed = list(feeds.read(body, str(about)))
    except LayoutChanged:
        return "broken"
    return "listed" if listed else "empty"


def _sitemap(body: bytes, about: object) -> str:
    try:
        found = list(sitemaps.read(body, str(about)))
    except LayoutChanged as broken:
        return broken.reason if isinstance(broken, sitemaps.SitemapBroken) else "broken"
    for one in found:
        if isinstance(one, sitemaps.Named):
            address(one.url).encode()
    return "named" if found else "empty"


def _robots(body: bytes, about: object) -> str:
    text = robots_text(body)
    parser = Protego.parse(text)
    sitemaps.of_robots(text, "http://a.test/robots.txt")
    wanted_delay(parser, "Wiesci")
    return "allowed" if parser.can_fetch("http://a.test/aktualnosci/1?b=c", "Wiesci") else "refused"


def _header(body: bytes, about: object) -> str:
    waits = retry_after(body, body[::-1])
    response = Response("http://a.test/", headers={"Content-Type": body, "ETag": body, "Location": body})
    decode(b"<html>" * 10, (response.headers.get("Content-Type") or b"").decode("latin-1"))
    with contextlib.suppress(zlib.error, ResponseDataLossError, IgnoreRequest):
        gunzipped(b"\x1f\x8b\x08" + body, 1 << 20)
    return "a wait" if waits is not None else "none"


def _address(body: bytes, about: object) -> str:
    text = body.decode("utf-8", "replace")[:5000]
    url = absolute("http://a.test/", text)
    address(url or text)
    keys(url or text)
    return "an address" if url else "none"


_FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Wieści</title>'
    + "".join(
        f"<item><title>Wpis {n}</title><link>http://a.test/wpis-{n}/</link><guid>http://a.test/?p={n}</guid>"
        f"<pubDate>Thu, 05 Mar 2026 08:0{n}:00 +0100</pubDate>"
        f"<description>&lt;p&gt;Opis {n}&lt;/p&gt;</description></item>"
        for n in range(9)
    )
    + "</channel></rss>"
).encode()
_SITEMAPS = [
    sitemap(*(f"http://a.test/aktualnosci/-/wpis-{n}" for n in range(40))).encode(),
    sitemap(*(f"http://a.test/wp-sitemap-posts-post-{n}.xml" for n in range(5)), index=True).encode(),
    gzip.compress(sitemap("http://a.test/-/jeden", "/-/dwa?a=1&amp;b=2").encode(), mtime=0),
]
_ROBOTS = [
    b"User-agent: *\nDisallow: /prywatne/\nAllow: /prywatne/aktualnosci\nCrawl-delay: 5\nRequest-rate: 1/5s\n"
    b"Sitemap: http://a.test/sitemap.xml\n",
    b"User-agent: Wiesci\nDisallow: /*?sort=\nDisallow: /*.pdf$\n\nUser-agent: *\nDisallow: /\n" * 20,
]
_HEADERS = [
    b"120",
    b"Thu, 05 Mar 2026 08:00:00 GMT",
    b'text/html; charset="utf-8"',
    b'W/"abc-123"',
    b"http://a.test/dalej?a=1#b",
]
_ADDRESSES = [
    b"http://a.test/aktualnosci/1?utm_source=x&id=5#gora",
    b"/web/pup/-/12345-slug;jsessionid=AB?p_p_id=1",
    b"//b.test:8080/%C5%BB",
    b"http://[::ffff:127.0.0.1]/",
    b"?page=2&page=3",
    b"../../../a/./b//c",
]


def _keep(folder: Path | None, name: str, body: bytes) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None)
    told = parser.parse_args()
    began = time.monotonic()
    found = fuzz(told.rounds, told.seed, told.keep)
    print(
        f"{told.rounds} inputs, seed {told.seed}, {time.monotonic() - began:.0f} s, {found.megabytes} MB more at most"
    )
    for (kind, end), count in sorted(found.ends.items()):
        print(f"  {kind:8} {end:24} {count:6}")
    for kind, seconds in found.slowest.items():
        print(f"  slowest {kind}: {seconds:.2f} s")
    for problem in found.problems:
        print(f"  {problem}", file=sys.stderr)
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main())
