"""normalize() beside trafilatura's bare_extraction(with_metadata=True), on the same practice pages, on one core."""

from __future__ import annotations

import contextlib
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import trafilatura

from crawler import registry
from crawler.practice import offices
from normalize import Unusable, normalize
from tests.benchmarks.crawling import middle_and_edges
from tests.evaluation import Page, pages

_BODY = re.compile(rb"<body[^>]*>")


def report(rounds: int) -> None:
    some = pages()
    knowledge = registry.load(practice=offices()).knowledge()

    def ours(page: Page) -> None:
        with contextlib.suppress(Unusable):
            normalize(page.capture, knowledge)

    def peer(page: Page) -> None:
        trafilatura.bare_extraction(page.capture.body, url=page.url, with_metadata=True)

    _table(some, ours, peer, rounds, "practice pages")
    _table([_padded(page) for page in some], ours, peer, rounds, "of them with the menus and sidebars of a large site")


def _padded(page: Page) -> Page:
    """The same page with a menu before and a sidebar behind its text, some 40 KiB in all."""
    items = "".join(
        f'<li class="menu-item menu-item-{number}"><a href="/dzial-{number % 9}/strona-{number}.html" '
        f'title="Strona {number}"><span>Dzial {number % 9}: strona numer {number}</span></a></li>'
        for number in range(110)
    )
    menu = f'<nav id="menu" class="navbar"><ul class="nav">{items}</ul></nav>'.encode("ascii")
    teasers = "".join(
        f'<div class="teaser"><h4><a href="/wpis-{number}.html">Wiadomosc numer {number}</a></h4>'
        f"<p>Zapowiedz wiadomosci, ktora stoi obok, zdanie {number}.</p></div>"
        for number in range(100)
    )
    sidebar = f'<aside class="sidebar">{teasers}</aside>'.encode("ascii")
    body = _BODY.sub(lambda tag: tag.group() + menu, page.capture.body, count=1)
    body = body.replace(b"</body>", sidebar + b"</body>")
    return replace(page, capture=replace(page.capture, body=body))


def _table(
    some: Sequence[Page], ours: Callable[[Page], None], peer: Callable[[Page], None], rounds: int, what: str
) -> None:
    size = statistics.median(len(page.capture.body) for page in some)
    own, other, ratios = compared(some, ours, peer, rounds)
    print(f"normalize(): {len(some)} {what} (median {size / 1024:.0f} KiB), {rounds} rounds, one core")
    print(f"  whole record (normalize)                 {own:8.0f} pages/s")
    print(f"  bare_extraction(with_metadata=True)      {other:8.0f} pages/s")
    print(f"  ratio, median (lowest … highest)         {middle_and_edges(ratios)}")
    times = sorted(_one(ours, page) for page in some for _ in range(rounds))
    middle, late = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"  99th percentile / median of a page       {late / middle:8.2f}")


def compared(
    some: Sequence[Page], ours: Callable[[Page], None], peer: Callable[[Page], None], rounds: int
) -> tuple[float, float, list[float]]:
    """Pages per second of both (medians) and the ratio round by round, the two taking turns."""
    for page in some:  # both warm: tables loaded, expressions compiled
        ours(page)
        peer(page)
    own, other = [], []
    for _ in range(rounds):
        own.append(len(some) / _all(ours, some))
        other.append(len(some) / _all(peer, some))
    return statistics.median(own), statistics.median(other), [a / b for a, b in zip(own, other, strict=True)]


def _all(work: Callable[[Page], None], some: Sequence[Page]) -> float:
    before = time.process_time()
    for page in some:
        work(page)
    return time.process_time() - before


def _one(work: Callable[[Page], None], page: Page) -> float:
    before = time.process_time()
    work(page)
    return time.process_time() - before
