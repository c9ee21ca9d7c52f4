"""normalize() beside trafilatura's bare_extraction(with_metadata=True), on the same practice pages, on one core."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Sequence

import trafilatura

from crawler import registry
from crawler.practice import offices
from normalize import Unusable, normalize
from tests.benchmarks.crawling import middle_and_edges
from tests.evaluation import Page, pages


def report(rounds: int) -> None:
    some = pages()
    knowledge = registry.load(practice=offices()).knowledge()
    size = statistics.median(len(page.capture.body) for page in some)

    def ours(page: Page) -> None:
        with contextlib.suppress(Unusable):
            normalize(page.capture, knowledge)

    def peer(page: Page) -> None:
        trafilatura.bare_extraction(page.capture.body, url=page.url, with_metadata=True)

    own, other, ratios = compared(some, ours, peer, rounds)
    print(f"normalize(): {len(some)} practice pages (median {size / 1024:.0f} KiB), {rounds} rounds, one core")
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
