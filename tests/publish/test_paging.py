"""Whatever a list is sorted and filtered by, its pages together hold each row exactly once."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pysqlite3
import pytest

from crawler.publish.serve import datasette_of
from tests.publish.conftest import reader

LISTS = [
    "",
    "_sort=published",
    "_sort_desc=kind",
    "_sort=author",
    "kind=call",
    "voivodeship=26&kind=news",
    "office__in=pup-konin,pup-elk",
    "_search=urz%C4%99du",
    "_search=nab*&_sort=office",
    "published__isnull=1",
    "id__gt=8",
]


def expected(path: Path, where: str = "1") -> list[str]:
    connection = pysqlite3.connect(str(path))
    return [row[0] for row in connection.execute(f"SELECT id FROM articles WHERE {where} ORDER BY id")]


def test_the_days_of_the_large_newsroom_are_mostly_shared_and_some_missing(large_database: Path) -> None:
    connection = pysqlite3.connect(str(large_database))
    rows, days, missing = connection.execute(
        "SELECT count(*), count(DISTINCT published), sum(published IS NULL) FROM articles"
    ).fetchone()
    assert rows == 4000
    assert days < 300
    assert missing > 400


@pytest.mark.asyncio
@pytest.mark.parametrize("asked", LISTS)
async def test_the_pages_of_a_list_hold_each_row_once(large_database: Path, asked: str) -> None:
    get = reader(datasette_of(large_database))
    counted = (await get(f"/news/articles.json?{asked}&_size=0")).json()["filtered_table_rows_count"]
    following: str | None = f"/news/articles.json?{asked}&_size=400&_shape=objects&_nofacet=1"
    seen: list[str] = []
    while following:
        page = (await get(following)).json()
        seen += [row["id"] for row in page["rows"]]
        following = page["next_url"] and "{0.path}?{0.query}".format(urlsplit(page["next_url"]))
    assert counted == len(seen) == len(set(seen))
    if not asked:
        assert sorted(seen) == expected(large_database)


@pytest.mark.asyncio
async def test_the_default_order_is_newest_first_and_undated_last(large_database: Path) -> None:
    get = reader(datasette_of(large_database))
    reply = await get("/news/articles.csv?_stream=on&_size=max&_col=published")
    days = [(row["published"], row["id"]) for row in csv.DictReader(io.StringIO(reply.text))]
    dated = [pair for pair in days if pair[0]]
    assert days[: len(dated)] == dated
    by_id = sorted(days, key=lambda pair: pair[1])
    assert days == sorted(by_id, key=lambda pair: pair[0], reverse=True)


@pytest.mark.asyncio
@pytest.mark.parametrize("asked", ["", "kind=call", "_search=urz%C4%99du", "_sort=kind"])
async def test_the_csv_stream_holds_each_row_once(large_database: Path, asked: str) -> None:
    get = reader(datasette_of(large_database))
    counted = (await get(f"/news/articles.json?{asked}&_size=0")).json()["filtered_table_rows_count"]
    reply = await get(f"/news/articles.csv?{asked}&_stream=on&_size=max")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(reply.text))]
    assert counted == len(ids) == len(set(ids))


@pytest.mark.asyncio
async def test_tables_with_several_keys_are_paged_without_loss(large_database: Path) -> None:
    get = reader(datasette_of(large_database))
    for table in ("amounts", "dates", "call_articles", "article_programmes", "calls"):
        following: str | None = f"/news/{table}.json?_size=300&_shape=arrays&_nofacet=1"
        seen: list[tuple[object, ...]] = []
        counted = None
        while following:
            page = (await get(following)).json()
            counted = page["filtered_table_rows_count"]
            seen += [tuple(row) for row in page["rows"]]
            following = page["next_url"] and "{0.path}?{0.query}".format(urlsplit(page["next_url"]))
        assert counted == len(seen) == len(set(seen)), table


@pytest.mark.asyncio
async def test_a_reader_who_follows_the_next_page_sees_each_of_fifty_thousand_rows_once(fifty_thousand: Path) -> None:
    get = reader(datasette_of(fifty_thousand))
    path: str | None = "/news/articles?_sort_desc=published&_col=published&_size=max&_nofacet=1"
    seen: list[str] = []
    pages = 0
    while path:
        page = lxml.html.fromstring((await get(path)).text)
        seen += page.xpath("//table//tr/td[contains(@class, 'col-id')]//a/text()")
        (following,) = page.xpath("//a[@rel='next']/@href") or [None]
        path = following and following.removeprefix("http://localhost")
        pages += 1
    assert pages == 50
    assert len(seen) == len(set(seen)) == 50_000
    assert sorted(seen) == expected(fifty_thousand)
