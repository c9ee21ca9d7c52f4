"""Visitors of the public server while a crawl writes and editions follow each other: answers, errors, waiting."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.publish.public import Server, private, served

PAGES = (
    "/",
    "/news/articles",
    "/news/articles?_search=nab%C3%B3r",
    "/news/articles?kind=call",
    "/news/articles.json?_size=50",
    "/news/otwarte_nabory",
    "/news/articles.atom",
    "/news/otwarte_nabory.ics",
    "/news/articles.csv?_size=max",
    "/news/offices",
)
FILES = ("/pliki", "/pliki/articles.csv", "/pliki/datapackage.json")
EDITIONS = '{"every": 10}'
"""A new edition every ten seconds while the crawl writes."""
CRAWL = "from crawler.cli import main; main()"


@dataclass
class Visits:
    """What visitors were answered, and how long each waited."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Answers that a reader is not to see, and connections that broke."""
        return sum(count for status, count in self.statuses.items() if status >= 400) + len(self.failures)


def report(seconds: float, visitors: int) -> None:
    """Print what became of everyone, on the private and on the public server."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        crawl(data)
        publish(data)
        for name, pages in (("private", PAGES), ("public", (*PAGES, *FILES))):
            with private(data) if name == "private" else served(data, EDITIONS) as server:
                alone = [_waited(server, page) for page in pages for _ in range(3)]
                visits, crawls = during(server, data, visitors, pages, _for(seconds))
            ratios = sorted(one / statistics.median(alone) for one in visits.seconds)
            told = ", ".join(f"{status}: {count}" for status, count in sorted(visits.statuses.items()))
            print(f"{name}: {visitors} visitors, {seconds:g} s, a crawl all the while ({len(crawls)} runs)")
            print(f"  answers {len(visits.seconds)} ({told})")
            print(f"  errors {visits.errors}, crawls that failed {sum(map(bool, crawls))}")
            shown = " · ".join(
                f"{part:.0%} {ratios[int(part * (len(ratios) - 1))]:.1f}" for part in (0.5, 0.9, 0.99, 1)
            )
            print(f"  waiting, as a multiple of one visitor alone: {shown}")
            for failure in visits.failures[:5]:
                print(f"  {failure}")


def during(
    server: Server, data: Path, visitors: int, pages: tuple[str, ...], over: Callable[[], bool]
) -> tuple[Visits, list[int]]:
    """Let them visit, each one page after the other, and crawl again and again, until it is over."""
    visits = Visits()
    lock = threading.Lock()
    crawls: list[int] = []
    ended = threading.Event()

    def visit(first: int) -> None:
        with server.client() as client:
            for page in itertools.islice(itertools.cycle(pages), first % len(pages), None):
                if ended.is_set():
                    return
                begun = time.perf_counter()
                try:
                    status = client.get(page).status_code
                except httpx.HTTPError as error:
                    with lock:
                        visits.failures.append(f"{page}: {error!r}")
                    continue
                with lock:
                    visits.statuses[status] += 1
                    visits.seconds.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(visitors)]
    for thread in threads:
        thread.start()
    try:
        while not over():
            crawls.append(crawl(data))
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    return visits, crawls


def crawl(data: Path) -> int:
    """One crawl of the practice web into the folder, in a process of its own: its exit code."""
    asked = [sys.executable, "-c", CRAWL, "demo", "--no-serve", "--data", str(data)]
    return subprocess.run(asked, capture_output=True, check=False).returncode


def publish(data: Path) -> None:
    asked = [sys.executable, "-c", CRAWL, "publish", "--even-so", "--data", str(data)]
    subprocess.run(asked, stdout=subprocess.DEVNULL, check=True)


def _for(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _waited(server: Server, page: str) -> float:
    with server.client() as client:
        begun = time.perf_counter()
        client.get(page).raise_for_status()
        return time.perf_counter() - begun
