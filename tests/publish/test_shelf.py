"""The search index stands in the order of publication, whatever happens to an article, and in older databases too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from sqlite_utils import Database

from crawler import migrations
from crawler.migrations import bring_up_to_date
from crawler.publish.search import shelf
from crawler.publish.search.searching import read
from crawler.publish.serve import datasette_of
from tests.publish import newsroom

SHORT = "id, published, office, office_kind, voivodeship, kind, year"


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Any]:
    path = newsroom.build(tmp_path / "news.db", articles=600)
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA recursive_triggers = ON")
        yield connection


def in_order(news: Any) -> int:
    """How many articles there are; fails unless shelf, counts and search index say what the articles say, in order."""
    news.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    assert (
        news.execute(f"SELECT rowid, {SHORT} FROM articles ORDER BY 1").fetchall()
        == news.execute(f"SELECT place, {SHORT} FROM _shelf ORDER BY 1").fetchall()
    )
    facets = "office, office_kind, voivodeship, kind, year"
    assert (
        news.execute(
            f"SELECT office, office_kind, coalesce(voivodeship, ''), kind, coalesce(year, ''), count(*)"
            f" FROM articles GROUP BY {facets} ORDER BY 1, 2, 3, 4, 5"
        ).fetchall()
        == news.execute(f"SELECT {facets}, articles FROM _shelf_counts ORDER BY 1, 2, 3, 4, 5").fetchall()
    )
    newest = ""
    days: dict[int, list[str]] = {}
    for place, published in news.execute("SELECT rowid, published FROM articles ORDER BY rowid"):
        day = place // shelf.DAY if place > shelf.FIRST_DAY else 0
        days.setdefault(day, []).append(published or "")
    for published_then in days.values():
        assert min(published_then) > newest or not newest
        newest = max(published_then)
    count: int = news.execute("SELECT count(*) FROM articles").fetchone()[0]
    return count


def test_articles_stand_by_their_day(news: Any) -> None:
    assert in_order(news) == 600


def test_a_corrected_day_or_office_moves_the_article(news: Any) -> None:
    some = "WHERE rowid IN (SELECT rowid FROM articles ORDER BY id LIMIT 50 OFFSET {})"
    news.execute(f"UPDATE articles SET published = '2025-03-03' {some.format(0)}")
    news.execute(f"UPDATE articles SET published = NULL, title = 'Zupełnie inny' {some.format(30)}")
    news.execute(f"UPDATE articles SET published = '1950-01-01', kind = 'static' {some.format(200)}")
    news.execute(f"UPDATE articles SET published = '2031', office = 'wup-lodz' {some.format(300)}")
    assert in_order(news) == 600
    matching = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert news.execute(matching, ['title : "zupełnie inny"']).fetchone() == (50,)


def test_what_is_saved_again_unchanged_is_not_indexed_again(news: Any) -> None:
    before = news.execute("SELECT count(*), sum(length(block)) FROM articles_fts_data").fetchone()
    news.execute("UPDATE articles SET title = title, text = text, published = published, last_seen = '2026-03-03'")
    assert news.execute("SELECT count(*), sum(length(block)) FROM articles_fts_data").fetchone() == before


def test_removed_articles_leave_nothing_behind(news: Any) -> None:
    news.execute("PRAGMA foreign_keys = OFF")
    news.execute("DELETE FROM articles WHERE id IN (SELECT id FROM articles ORDER BY id LIMIT 100)")
    assert in_order(news) == 500
    news.execute("DELETE FROM articles")
    assert in_order(news) == 0
    assert news.execute("SELECT count(*) FROM _shelf_counts").fetchone() == (0,)


def test_places_survive_a_vacuum(news: Any) -> None:
    before = news.execute("SELECT rowid, id FROM articles ORDER BY id").fetchall()
    news.execute("DELETE FROM revisions")
    news.execute("VACUUM")
    assert news.execute("SELECT rowid, id FROM articles ORDER BY id").fetchall() == before
    assert in_order(news) == 600


def test_a_database_made_before_is_put_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = migrations._steps

    def earlier(name: str) -> Any:
        steps = whole(name)
        steps._migrations = [step for step in steps._migrations if step.name < "news_0010"]
        return steps

    monkeypatch.setattr(migrations, "_steps", earlier)
    path = newsroom.build(tmp_path / "old.db", articles=300)
    monkeypatch.setattr(migrations, "_steps", whole)
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as news:
        rows = sorted(news.execute("SELECT * FROM articles").fetchall())
        bring_up_to_date(Database(news), "news")
        assert in_order(news) == 300
        after = sorted(news.execute("SELECT * FROM articles").fetchall())
        assert [row[: len(rows[0])] for row in after] == rows  # later steps add columns behind


@pytest.mark.parametrize(
    "typed", ["łofficełpup", "lofficelpuplelk", "officełpupłelk", "offi*", "kind*", "pup", "marks"]
)
def test_nobody_can_type_the_words_of_the_facets(news: Any, typed: str) -> None:
    match = read(typed).expression
    found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert news.execute(found, [match]).fetchone() == (0,)


def test_a_filter_by_facets_is_part_of_the_match() -> None:
    finds = shelf.Finds.read(
        read("nabór"), f'where "office_kind" = :p0 and "title" = :p1 and {shelf.MATCHING} ', {"p0": "pup", "p1": "x"}
    )
    assert str(finds.match).endswith(' AND marks : "łofficełkindłpup"')
    assert finds.where == '"office_kind" = :p0 and "title" = :p1 and 1'
    odd = shelf.Finds.read(read("nabór"), f'where "kind" = :p0 and {shelf.MATCHING} ', {"p0": 'a" OR "b'})
    assert "marks" not in str(odd.match)


@pytest.mark.asyncio
async def test_a_page_that_follows_another_reads_on_from_its_day(tmp_path: Path) -> None:
    """The conditions are Datasette's own: were they written otherwise, each page would read from the first day on."""
    path = newsroom.build(tmp_path / "news.db", articles=200, hostile=False)
    desk = datasette_of(path)
    asked: list[str] = []
    after = shelf._after

    def watched(where: str, params: Any) -> shelf.Finds:
        found = after(where, params)
        asked.append(found.bounds)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "_after", watched)
        for cursor in ("2026-02-01,00", "$null,00"):
            for search in ("", "_search=urz%C4%85d&"):
                asked.clear()
                reply = await desk.client.get(f"/news/articles.json?{search}_next={cursor}")
                assert reply.status_code == 200
                assert " and {0} < :past" in asked
