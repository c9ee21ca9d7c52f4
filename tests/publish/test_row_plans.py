"""The pages of single rows ask by index, however many articles there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from datasette.utils.asgi import Request

from crawler.publish import pages
from crawler.publish.pages import newest, place_page
from crawler.publish.serve import datasette_of
from tests.publish import newsroom, storied

FEW_ROWS = {"offices", "places", "office_powiats", "topics", "programmes", "json_each", "near"}
"""Read whole without harm: the register, vocabularies, a list of ids, the nearest two thousand calls."""
BOUNDED = re.compile(r"SCAN (articles USING COVERING INDEX articles_newest|\(subquery-\d+\)|SCAN near.*)")
"""Walks that a LIMIT ends."""
ROWS = [
    ("articles", storied.ANNOUNCED),
    ("articles", storied.GONE),
    ("calls", storied.CALL),
    ("offices", storied.OFFICE),
    ("places", "26"),
    ("places", "2611"),
    ("programmes", "kfs"),
]


class Heard:
    """A database that notes what it is asked."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.name = database.name
        self.asked: list[tuple[str, Any]] = []

    async def execute(self, sql: str, given: Any = None) -> Any:
        self.asked.append((sql, given))
        return await self._database.execute(sql, given)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return storied.build(tmp_path_factory.mktemp("plans") / "news.db")


async def whole_scans(database: Any, asked: list[tuple[str, Any]]) -> list[str]:
    found = []
    for sql, given in asked:
        for row in (await database.execute(f"EXPLAIN QUERY PLAN {sql}", given)).rows:
            detail = row["detail"]
            name = detail.removeprefix("SCAN ").split()[0]
            if detail.startswith("SCAN ") and name not in FEW_ROWS and not BOUNDED.match(detail):
                found.append(f"{detail}: {' '.join(sql.split())[:120]}")
    return found


@pytest.mark.asyncio
@pytest.mark.parametrize("very_many", [False, True])
@pytest.mark.parametrize(("table", "id"), ROWS)
async def test_no_page_reads_a_large_table_whole(
    told: Path, monkeypatch: pytest.MonkeyPatch, table: str, id: str, very_many: bool
) -> None:
    if very_many:
        monkeypatch.setattr(newest, "SORTED", -1)
    desk = datasette_of(told)
    await desk.invoke_startup()
    heard = Heard(desk.get_database("news"))
    request = Request.fake(f"/news/{table}/{id}?dzien=2026-03-11", url_vars={"pks": id})
    assert await pages.page(desk, heard, table, request) is not None
    assert len(heard.asked) > 3
    assert await whole_scans(desk.get_database("news"), heard.asked) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("naming", ["place", "region"])
async def test_calls_that_name_a_place_are_looked_up_one_by_one(told: Path, naming: str) -> None:
    desk = datasette_of(told)
    await desk.invoke_startup()
    sql = place_page.OPEN.format(place_page._SERVING, newest.NAMING[naming])
    given = {"teryt": "26", "value": "26", "day": "2026-03-11"}
    plan = (await desk.get_database("news").execute(f"EXPLAIN QUERY PLAN {sql}", given)).rows
    (asked,) = [row["detail"] for row in plan if row["detail"].startswith("SEARCH article_places")]
    assert "article=?" in asked


@pytest.mark.asyncio
async def test_a_whole_scan_would_be_noticed(told: Path) -> None:
    desk = datasette_of(told)
    await desk.invoke_startup()
    sql = "SELECT count(*) FROM amounts WHERE raw = :raw"
    assert len(await whole_scans(desk.get_database("news"), [(sql, {"raw": "x"})])) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(("naming", "value"), [("place", "2611"), ("region", "26"), ("programme", "kfs")])
async def test_walking_from_the_newest_finds_what_sorting_finds(
    database: Path, monkeypatch: pytest.MonkeyPatch, naming: str, value: str
) -> None:
    desk = datasette_of(database)
    await desk.invoke_startup()
    news = desk.get_database("news")
    sorted_ones = await newest.newest(news, naming, value)
    monkeypatch.setattr(newest, "SORTED", -1)
    walked = await newest.newest(news, naming, value)
    assert len(sorted_ones.ids) > 20
    assert list(walked.ids) == list(sorted_ones.ids)
    assert sorted_ones.count == len(sorted_ones.ids)
    assert sorted_ones.whole


@pytest.mark.asyncio
async def test_beyond_a_bound_the_articles_are_not_counted(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "_COUNT", newest._COUNT.replace(f"LIMIT {newest.COUNTED + 1}", "LIMIT 11"))
    monkeypatch.setattr(newest, "COUNTED", 10)
    desk = datasette_of(database)
    await desk.invoke_startup()
    found = await newest.newest(desk.get_database("news"), "programme", "kfs")
    assert found.count is None
    assert not found.whole
    assert len(found.ids) > 10
    assert newsroom.PROGRAMMES[0][0] == "kfs"
