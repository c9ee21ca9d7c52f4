"""The database of very many articles, made small: what it holds, and that searches of it are answered exactly."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler import lemmas
from crawler.publish.search import finding, ranking
from crawler.publish.serve import datasette_of
from tests.benchmarks.desk import FACETS, SPOKEN_OF
from tests.benchmarks.million import database
from tests.benchmarks.questions import SEARCHES, Search

ARTICLES = 1500


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return database(tmp_path_factory.mktemp("million"), ARTICLES)


def rows(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(pysqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
        return found


def test_it_is_made_once(path: Path) -> None:
    made = path.stat().st_mtime_ns
    assert database(path.parents[1], ARTICLES).stat().st_mtime_ns == made


def test_a_seed_gives_the_same_articles_again(path: Path, tmp_path: Path) -> None:
    query = "SELECT id, title, text, lemmas, published, kind, office FROM articles ORDER BY id"
    assert rows(database(tmp_path, ARTICLES), query) == rows(path, query)
    assert rows(database(tmp_path, ARTICLES, seed=2), query) != rows(path, query)


def test_it_is_indexed_as_the_store_does_it(path: Path) -> None:
    for title, text, said in rows(path, "SELECT title, text, lemmas FROM articles LIMIT 300"):
        assert lemmas.of(f"{title} {text}") == said
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_it_has_words_of_every_frequency_days_that_repeat_and_days_unknown(path: Path) -> None:
    (count, days, undated) = rows(
        path, "SELECT count(*), count(DISTINCT substr(published, 1, 10)), sum(published IS NULL) FROM articles"
    )[0]
    assert count == ARTICLES
    assert 100 < days < count - undated
    assert undated == int(ARTICLES * 0.08)
    frequent = Counter(word for (said,) in rows(path, "SELECT lemmas FROM articles") for word in set(said.split()))
    assert frequent["praca"] > ARTICLES * 0.7
    assert sum(1 for times in frequent.values() if times == 1) > ARTICLES
    for table in ("calls", "dates", "amounts", "article_places", "article_programmes", "revisions", "attachments"):
        assert rows(path, f"SELECT count(*) FROM {table}")[0][0] > 0


@pytest.mark.asyncio
@pytest.mark.parametrize("search", SEARCHES, ids=[f"{one.typed}{one.filters or ''}" for one in SEARCHES])
@pytest.mark.parametrize("bound", [10_000, 40])
async def test_what_is_found_ranked_and_counted_is_what_the_index_says(
    path: Path, monkeypatch: pytest.MonkeyPatch, search: Search, bound: int
) -> None:
    monkeypatch.setattr(finding, "MOST_COUNTED", bound)
    monkeypatch.setattr(ranking, "RANKED", min(bound, 500))
    desk = datasette_of(path)
    where, values = "1", []
    for name, value in search.filters.items():
        if name in SPOKEN_OF:
            telling, times = SPOKEN_OF[name]
            where += f" AND id IN (SELECT article FROM {telling})"
            values += [value] * times
        elif not name.startswith("_"):
            where += f" AND {name.removesuffix('__lte')} {'<=' if name.endswith('__lte') else '='} ?"
            values.append(value)
    matching = f"rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH escape_fts(?)) AND {where}"
    expected = await desk.get_database("news").execute(
        f"SELECT id, {', '.join(FACETS)} FROM articles WHERE {matching} ORDER BY published DESC, id",
        [search.typed, *values],
    )
    page = (await desk.client.get(f"{search.address.replace('?', '.json?')}&_size=max&_shape=objects")).json()
    told = page["search_order"]
    found = [row["id"] for row in page["rows"]]
    newest = [row["id"] for row in expected.rows]
    if told["by"] == "relevance":
        assert told["complete"] == (len(newest) <= ranking.RANKED)
        assert set(found) == set(newest[: ranking.RANKED])
        assert told["ranked"] == len(found)
    else:
        assert found == newest[:1000]
    assert told["more_than"] == (bound if len(newest) > bound else None)
    assert page["filtered_table_rows_count"] == (None if len(newest) > bound else len(newest))
    for facet in FACETS:
        if told["more_than"]:  # of the oldest day that was counted, any of its articles may have been left out
            shown = page["facet_results"][facet]["results"]
            assert 0 < sum(one["count"] for one in shown) <= bound
            continue
        counted = Counter(row[facet] for row in expected.rows if row[facet] is not None)
        shown = [(one["value"], one["count"]) for one in page["facet_results"][facet]["results"]]
        assert shown == sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:20]
