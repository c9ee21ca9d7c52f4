"""A scheduled crawl fetches little and misses nothing: measured at the server."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysqlite3
import pytest

from crawler.practice import Web
from crawler.practice.server import Asked
from tests.crawler.walking import walk

pytestmark = pytest.mark.crawl

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asked(web: Web, since: int) -> list[Asked]:
    """What was asked for after so many requests, robots.txt apart."""
    return [one for one in web.requests()[since:] if one.path != "/robots.txt"]


def value(data: Path, sql: str) -> object:
    connection = pysqlite3.connect(f"file:{data / 'news.db'}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


def test_a_crawl_of_an_unchanged_web_asks_for_each_list_once_and_a_changed_page_is_found_when_it_is_due(
    tmp_path: Path,
) -> None:
    with Web() as web:
        walk(web.port, tmp_path, START)
        first = len(web.requests())
        articles = value(tmp_path, "SELECT count(*) FROM articles")
        assert isinstance(articles, int)
        assert articles > 60

        walk(web.port, tmp_path, START + HOUR)
        quiet = asked(web, first)
        heads = Counter((one.host, one.target) for one in quiet)
        with_validators = {one.host for one in quiet if one.status == 304}
        assert len(with_validators) >= 5
        for host in with_validators:
            assert sum(count for (name, _), count in heads.items() if name == host) == 1, heads
        assert len(quiet) * 5 <= first
        assert value(tmp_path, "SELECT count(*) FROM articles") == articles
        assert value(tmp_path, "SELECT count(*) FROM revisions") == articles

        before = len(web.requests())
        walk(web.port, tmp_path, START + 3 * HOUR, "due")
        assert asked(web, before) == []

        web.apply("druga")
        walk(web.port, tmp_path, START + 70 * DAY, "due")
        assert value(tmp_path, "SELECT count(*) FROM articles") == articles + 1
        assert value(tmp_path, "SELECT count(*) FROM revisions WHERE changes LIKE '%\"type\"%'") == 2
