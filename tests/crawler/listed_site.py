"""A site of one list in pages, crawled in this process under a set clock: `await site.crawl(at)` is one run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pysqlite3

from crawler import registry
from crawler.registry import Register
from crawler.run import Limits
from tests.faults.web import page
from tests.year.driving import Driver
from tests.year.site import Reply, Shown

HTML = "text/html; charset=utf-8"
OFFICE = {
    "id": "most",
    "kind": "other",
    "name": "Stowarzyszenie Most",
    "family": "siew",
    "url": "http://most.test/news.html",
}


class ListedSite:
    """Articles by number, the newest first on the list; what is asked for is in `asked`."""

    def __init__(self, data: Path, articles: int, *, per_page: int = 2, dates: bool = True) -> None:
        self.data = data
        self.order = list(range(articles, 0, -1))
        self.per_page = per_page
        self.dates = dates
        self.published: dict[int, str] = {}
        """Article -> the day its own page prints."""
        self.down: set[str] = set()
        """Addresses that answer 500; "*": all of them, robots.txt too."""
        self.gone: set[str] = set()
        self.asked: list[str] = []
        self.announcing = ""
        """What stands beside the pager."""
        self.register: Register = registry.load(practice=[OFFICE])
        self._driver = Driver(data, self.register, self, step=0)  # type: ignore[arg-type]

    async def crawl(self, at: datetime, **limits: Any) -> list[str]:
        """One run; what was asked for, robots.txt apart."""
        self.asked.clear()
        await self._driver.crawl(at, Limits(**({"list_pages": 5, "due": True} | limits)))
        return [target for target in self.asked if target != "/robots.txt"]

    def answer(self, host: str, target: str, headers: Mapping[str, str], at: datetime) -> Reply:
        self.asked.append(target)
        if target in self.down or "*" in self.down:
            return self._reply(500, "")
        if target == "/robots.txt" or target in self.gone:
            return self._reply(404, "")
        if target.startswith("/news,"):
            number = int(target.split(",")[1])
            return self._reply(200, story(number, self.published.get(number, _day(number))))
        number = int(parse_qs(urlsplit(target).query).get("page", ["1"])[0])
        return self._reply(200, self.page(number))

    def rows(self, sql: str, *values: Any, file: str = "archive.db") -> list[tuple[Any, ...]]:
        connection = pysqlite3.connect(f"file:{self.data / file}?mode=ro", uri=True)
        try:
            return list(connection.execute(sql, values))
        finally:
            connection.close()

    def held(self) -> int:
        ((count,),) = self.rows("SELECT count(*) FROM articles", file="news.db")
        return int(count)

    def page(self, number: int) -> str:
        """The list's page of this number as it is now."""
        some = self.order[(number - 1) * self.per_page : number * self.per_page]
        items = "".join(
            f'<li><a href="/news,{one},wiesc.html">Wieść {one}</a>'
            + (f'<span class="date">{_day(one)}</span>' if self.dates else "")
            + "</li>"
            for one in some
        )
        last = number * self.per_page >= len(self.order)
        pager = "" if last else f'<div class="pagination"><a href="/news.html?page={number + 1}">dalej</a></div>'
        return f'<html lang="pl"><body><ul>{items}</ul>{pager}{self.announcing}</body></html>'

    def _reply(self, status: int, body: str) -> Reply:
        return Reply(status=status, headers={"Content-Type": HTML}, body=body.encode(), shown=Shown(kind="made"))


def story(number: int, day: str) -> str:
    return page(
        f"Wieść {number}",
        f"Stowarzyszenie zaprasza na zebranie numer {number}, na którym wybierze się władze na rok {number}.",
        f"Zgłoszenia kandydatów z rejonu {number} zbiera biuro, a regulamin {number} leży u skarbnika.",
        date=day,
    )


def _day(number: int) -> str:
    return f"2025-{1 + number // 28:02}-{1 + number % 28:02}"


def lists(asked: list[str]) -> list[int]:
    """The numbers of the list pages among what was asked for, in order."""
    return [int(one.partition("page=")[2] or 1) for one in asked if one.startswith("/news.html")]
