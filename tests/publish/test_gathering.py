"""Lists by a part of the title or by topic: gathered once, never wrong, and told where not all was looked through."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
import pytest
from datasette.database import Database, QueryInterrupted

from crawler.publish import narrowing
from crawler.publish.search import gathering, listing
from crawler.publish.serve import datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader

ARTICLES = 300
LISTS = {
    "title__contains=targi": "title LIKE '%targi%'",
    "title__contains=Ł": "(title LIKE '%ł%' OR title LIKE '%Ł%')",
    "title__startswith=nab": "title LIKE 'nab%'",
    "title__endswith=ach&kind=call": "title LIKE '%ach' AND kind = 'call'",
    "title__contains=targi&_temat=szkolenia": "title LIKE '%targi%'"
    " AND id IN (SELECT article FROM article_topics WHERE topic = 'szkolenia')",
    "title__contains=a&title__contains=targi&published__gte=2025-06-01": "title LIKE '%a%' AND title LIKE '%targi%'"
    " AND published >= '2025-06-01'",
    "title__contains=nic+takiego": "0",
    "title__notlike=%25targi%25": "title NOT LIKE '%targi%'",
    "text__contains=targi": "text LIKE '%targi%'",
}
"""Address -> the same in SQL."""


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = newsroom.build(tmp_path_factory.mktemp("gathered") / "news.db", articles=ARTICLES, hostile=False)
    with closing(pysqlite3.connect(str(path))) as db:
        db.execute("INSERT OR IGNORE INTO topics VALUES ('szkolenia', 'Szkolenia')")
        db.execute("INSERT OR IGNORE INTO article_topics SELECT id, 'szkolenia', 'words' FROM articles WHERE rowid % 3")
        db.commit()
    return path


@pytest.fixture
def ask(news: Path) -> Get:
    return reader(datasette_of(news))


def by_sql(path: Path, where: str) -> list[str]:
    with closing(pysqlite3.connect(str(path))) as db:
        return [row[0] for row in db.execute(f"SELECT id FROM articles WHERE {where} ORDER BY published DESC, id")]


def tellingly(*marks: str) -> Any:
    """Database.execute, for which whatever has one of these marks takes too long."""
    execute = Database.execute

    async def slow(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        if any(mark in sql for mark in marks) and ":floor" not in sql:
            raise QueryInterrupted(None, sql, params)
        return await execute(self, sql, params, **how)

    return slow


async def walked(ask: Get, address: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The ids on all pages of a list, and the pages."""
    ids: list[str] = []
    pages: list[dict[str, Any]] = []
    while address and len(pages) < ARTICLES:
        page = (await ask(address)).json()
        pages.append(page)
        ids += [row[page["columns"].index("id")] for row in page["rows"]]
        address = (page["next_url"] or "").removeprefix("http://localhost")
    return ids, pages


@pytest.mark.parametrize("most", [gathering.MOST_TITLES, 2])
@pytest.mark.parametrize("asked", LISTS)
@pytest.mark.asyncio
async def test_a_list_by_a_part_of_a_text_is_that_of_sql_page_by_page(
    ask: Get, news: Path, asked: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_TITLES", most)
    expected = by_sql(news, LISTS[asked])
    ids, pages = await walked(ask, f"/news/articles.json?{asked}&_size=7&_facet_size=max")
    assert ids == expected
    assert pages[0]["filtered_table_rows_count"] == len(expected)
    counted = pages[0]["facet_results"]["office_kind"]["results"] if expected else []
    assert sum(one["count"] for one in counted) == len(expected)


@pytest.mark.parametrize("asked", ["title__contains=targi", "_temat=szkolenia"])
@pytest.mark.parametrize("order", ["_sort=title", "_sort_desc=first_seen", "_search=targi"])
@pytest.mark.asyncio
async def test_other_orders_and_searches_of_it_have_the_same_articles(
    ask: Get, news: Path, asked: str, order: str
) -> None:
    within = set(
        by_sql(news, LISTS.get(asked) or "id IN (SELECT article FROM article_topics WHERE topic = 'szkolenia')")
    )
    if "_search" in order:
        within &= set((await walked(ask, f"/news/articles.json?{order}&_size=50"))[0])
    ids, _ = await walked(ask, f"/news/articles.json?{asked}&{order}&_size=20")
    assert len(ids) == len(set(ids))
    assert set(ids) == within != set()


@pytest.mark.asyncio
async def test_the_rows_of_the_articles_are_not_asked_for_a_part_of_a_title(
    ask: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    execute = Database.execute

    async def noted(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        asked.append(sql)
        return await execute(self, sql, params, **how)

    monkeypatch.setattr(Database, "execute", noted)
    await ask("/news/articles?title__contains=targi&kind=event")
    assert [sql for sql in asked if "like" in sql] == [
        f'select rowid from articles where "title" like :p1 limit {gathering.MOST_TITLES + 1}'
    ]


@pytest.mark.asyncio
async def test_what_cannot_be_looked_for_in_time_is_looked_for_in_the_newest_and_page_by_page_in_older_ones(
    ask: Get, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_LOOKED_THROUGH", 60)
    monkeypatch.setattr(Database, "execute", tellingly('"text" like'))
    ids, pages = await walked(ask, "/news/articles.json?text__contains=targi&_size=20")
    assert ids == by_sql(news, LISTS["text__contains=targi"])
    assert len(pages) >= ARTICLES // 60
    assert all(page["filtered_table_rows_count"] is None for page in pages)
    assert [page["looked_through"] for page in pages[:-1]] == [60] * (len(pages) - 1)
    page = lxml.html.document_fromstring((await ask("/news/articles?text__contains=targi")).content)
    (message,) = page.cssselect(".found .message")
    assert "przejrzano 60 najnowszych" in message.text_content()
    assert page.cssselect("a.next")
    assert "na tej stronie" in page.cssselect("p.count")[0].text_content()


@pytest.mark.asyncio
async def test_a_rare_find_that_stands_far_down_is_reached(
    ask: Get, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(pysqlite3.connect(str(news))) as db:
        oldest = "SELECT id, text FROM articles WHERE published IS NOT NULL ORDER BY published, id DESC LIMIT 1"
        id, text = db.execute(oldest).fetchone()
        asked = f"text__contains={text[:40]}&id={id}"
    monkeypatch.setattr(listing, "MOST_LOOKED_THROUGH", 100)
    monkeypatch.setattr(Database, "execute", tellingly('"text" like'))
    ids, pages = await walked(ask, f"/news/articles.json?{asked}")
    assert ids == [id]
    assert not pages[0]["rows"]


@pytest.mark.parametrize("few", [narrowing.FEW, 0])
@pytest.mark.asyncio
async def test_a_topic_of_many_articles_has_its_count_and_says_of_which_its_facets_tell(
    ask: Get, news: Path, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "FEW", few)
    monkeypatch.setattr(listing, "MOST_LOOKED_UP", 20)
    page = (await ask("/news/articles.json?_temat=szkolenia")).json()
    held = len(by_sql(news, "id IN (SELECT article FROM article_topics WHERE topic = 'szkolenia')"))
    assert page["filtered_table_rows_count"] == held > 20
    counted = sum(one["count"] for one in page["facet_results"]["office_kind"]["results"])
    assert (counted, page.get("facets_of")) == ((20, 20) if few == 0 else (held, None))
