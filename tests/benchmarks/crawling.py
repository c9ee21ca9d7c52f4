"""A practice crawl without delays beside a bare Scrapy fetch of the same pages, each in a process of its own."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import scrapy
from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess

from crawler import registry
from crawler.archive import Archive
from crawler.crawling import crawl, practice_settings, settings_with
from crawler.folder import ARCHIVE
from crawler.practice.demo import PracticeWeb
from crawler.practice.site import BUNDLED
from crawler.run import Limits, Run


def report(rounds: int, copies: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mounted = copied_web(Path(folder) / "sites", copies)
        with PracticeWeb((mounted,)) as web:
            ratios, speeds, floors, count = [], [], [], 0
            for number in range(rounds):
                data = Path(folder) / f"data-{number}"
                count, seconds = _timed("crawl", web.port, str(mounted), str(data))
                with Archive.open(data / ARCHIVE) as archive:
                    urls = [row[0] for row in archive._db.execute("SELECT requested_url FROM captures")]
                (Path(folder) / "urls.json").write_text(json.dumps(urls))
                fetched, floor = _timed("fetch", web.port, str(Path(folder) / "urls.json"))
                assert fetched == count, f"the bare fetch brought {fetched} pages, the crawl {count}"
                speeds.append(count / seconds)
                floors.append(fetched / floor)
                ratios.append(floors[-1] / speeds[-1])
                shutil.rmtree(data)
    print(f"crawl: {count} pages of the practice web over loopback, no delays, {rounds} rounds")
    print(f"  crawled, archived, understood, stored    {statistics.median(speeds):8.0f} pages/s")
    print(f"  bare Scrapy fetch of the same pages      {statistics.median(floors):8.0f} pages/s")
    print(f"  fetch / crawl, median (lowest … highest) {middle_and_edges(ratios)}")


def middle_and_edges(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):8.2f} ({min(ratios):.2f} … {max(ratios):.2f})"


def copied_web(folder: Path, copies: int) -> Path:
    """The bundled sites (the hostile one left out) several times over, under further .test names."""
    for source in sorted(BUNDLED.glob("*/site.toml")):
        text = source.read_text(encoding="utf-8")
        if re.search(r"^hostile = true$", text, re.M):
            continue
        host = source.parent.name
        for number in range(copies):
            other = f"kopia{number}-{host}"
            shutil.copytree(source.parent, folder / other)
            changed = text.replace(host, other)
            changed = re.sub(r'^id = "(practice-[^"]+)"', rf'id = "\1-{number}"', changed, flags=re.M)
            (folder / other / "site.toml").write_text(changed, encoding="utf-8")
    return folder


def _timed(what: str, port: int, *arguments: str) -> tuple[int, float]:
    """(pages, seconds) as the child process counted them: from its first request to its last row."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.crawling", what, str(port), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    count, seconds = ended.stdout.split()[-2:]
    return int(count), float(seconds)


def _crawl(port: int, sites: str, data: str) -> tuple[int, float]:
    web = PracticeWeb((Path(sites),))
    lines = [line for line in web.offices if re.search(r"-\d+$", str(line["id"]))]
    register = registry.load(practice=lines)
    with Run(data=Path(data), register=register, command="benchmark", limits=Limits(list_pages=100)) as run:
        begun = time.perf_counter()
        crawl(run, register.select(), settings_with(practice_settings(port)))
        seconds = time.perf_counter() - begun
        (count,) = run.archive._db.execute("SELECT count(*) FROM captures").fetchone()
    return count, seconds


class _Bare(scrapy.Spider):
    name = "bare"

    def __init__(self, urls: list[str], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.urls = urls
        self.count = 0
        boundless = SimpleNamespace(spend=lambda url: None)
        self.run = SimpleNamespace(left_alone={}, allowance=boundless)  # what the handler asks of a crawl: no bounds

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, callback=self.page, dont_filter=True)

    def page(self, response: scrapy.http.Response) -> None:
        self.count += 1


def _fetch(port: int, file: str) -> tuple[int, float]:
    urls = json.loads(Path(file).read_text())
    settings = settings_with(
        {
            **practice_settings(port),
            "DOWNLOADER_MIDDLEWARES": {},
            "EXTENSIONS": {},
            "MEMUSAGE_ENABLED": False,  # Scrapy's own counts what the program that starts this one holds
            "ROBOTSTXT_OBEY": False,
        }
    )
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(_Bare)
    begun = time.perf_counter()
    process.crawl(crawler, urls=urls)
    process.start()
    seconds = time.perf_counter() - begun
    assert isinstance(crawler.spider, _Bare) or crawler.spider is None
    return crawler.stats.get_value("downloader/response_status_count/200", 0), seconds


if __name__ == "__main__":
    action = {"crawl": _crawl, "fetch": _fetch}[sys.argv[1]]
    print(*action(int(sys.argv[2]), *sys.argv[3:]))
