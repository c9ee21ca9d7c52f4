"""Newsrooms to publish: databases of a known content, made once a session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pysqlite3
import pytest
from playwright.sync_api import Browser, Page

from crawler.publish.serve import datasette_of
from tests.publish import browsing, newsroom


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """news.db of 320 articles, one of them hostile."""
    return newsroom.build(tmp_path_factory.mktemp("newsroom") / "news.db")


@pytest.fixture(scope="session")
def large_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """news.db of 4,000 articles: a hundred days for all of them, and every ninth without one."""
    return newsroom.build(tmp_path_factory.mktemp("large") / "news.db", articles=4000, hostile=False)


@pytest.fixture(scope="session")
def fifty_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty thousand short articles of some hundred days, a ninth of them without one."""
    path = newsroom.build(tmp_path_factory.mktemp("fifty") / "news.db", articles=40, hostile=False)
    with closing(pysqlite3.connect(str(path))) as connection:
        own = ("id", "published", "text")
        names = [row[1] for row in connection.execute("PRAGMA table_info(articles)") if row[1] not in own]
        connection.execute(
            "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 49960)"
            f" INSERT INTO articles (id, published, text, {', '.join(names)})"
            " SELECT printf('%016x', n * 2654435761 % 4294967296),"
            " CASE WHEN n % 9 THEN date('2026-03-02', -(n * n % 313) || ' days') END, 'x',"
            f" {', '.join('one.' + name for name in names)}"
            " FROM many JOIN (SELECT * FROM articles LIMIT 1) AS one"
        )
        connection.commit()
    return path


Get = Callable[[str], Awaitable[httpx.Response]]


@pytest.fixture
def desk(database: Path) -> Any:
    return datasette_of(database)


@pytest.fixture
def get(desk: Any) -> Get:
    """Ask the desk for a page."""
    return reader(desk)


def reader(datasette: Any) -> Get:
    async def get(path: str) -> httpx.Response:
        response: httpx.Response = await datasette.client.get(path, follow_redirects=True)
        return response

    return get


@pytest.fixture(scope="module")
def address(database: Path) -> Iterator[str]:
    """Where the newsroom is served."""
    with browsing.served(database) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browsing.visit(browser, address) as page:
        yield page
