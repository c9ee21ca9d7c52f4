"""Lists and counts that must be told in time however many articles there are, and exactly where there are few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
import pytest
from datasette.database import Database, QueryInterrupted

from crawler.publish.search import listing
from crawler.publish.serve import datasette_of
from crawler.publish.typed import beginning_in_poland
from tests.publish import newsroom
from tests.publish.conftest import reader

FACETS = ("office_kind", "voivodeship", "kind", "year", "office")
LISTS = {
    "published__gte=2025-12-01": "published >= '2025-12-01'",
    "published__lte=2025-12-01&kind=call": "published <= '2025-12-01' AND kind = 'call'",
    "_sort=title": "1",
    "_sort_desc=title&voivodeship=26": "voivodeship = '26'",
    "title__contains=nab": "title LIKE '%nab%'",
    "gone__isnull=1&published__gt=2026-01-01": "gone IS NULL AND published > '2026-01-01'",
}
COUNTED = "SELECT {0}, count(*) FROM articles WHERE {1} AND {0} IS NOT NULL GROUP BY 1"


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom.build(tmp_path_factory.mktemp("long") / "news.db", articles=400)


def told(page: str) -> dict[str, dict[str, int]]:
    """Facet -> value -> how many, as the page says."""
    tree = lxml.html.document_fromstring(page)
    return {
        facet.get("data-column"): {
            item.get("data-facet-value"): int("".join(filter(str.isdigit, item.cssselect(".count")[0].text_content())))
            for item in facet.cssselect("[data-facet-value]")
        }
        for facet in tree.cssselect(".facet")
    }


@pytest.mark.asyncio
@pytest.mark.parametrize("asked", LISTS)
async def test_the_facets_of_a_list_count_all_of_it_from_any_page_of_it(news: Path, asked: str) -> None:
    desk = datasette_of(news)
    with closing(pysqlite3.connect(str(news))) as db:
        counted = {name: dict(db.execute(COUNTED.format(name, LISTS[asked]))) for name in FACETS}
    first = (await desk.client.get(f"/news/articles.json?{asked}&_size=7&_facet_size=max")).json()
    second = (await desk.client.get(first["next_url"].removeprefix("http://localhost"))).json()
    for page in (first, second):
        shown = {name: facet for name, facet in page["facet_results"].items() if facet["type"] == "column"}
        assert set(shown) == set(FACETS)
        for name in FACETS:
            assert {one["value"]: one["count"] for one in shown[name]["results"]} == counted[name], name


@pytest.mark.asyncio
@pytest.mark.parametrize("asked", ["published__gte=2020-01-01", "title__contains=a"])
async def test_a_list_that_is_too_long_says_of_how_many_rows_its_facets_tell(
    news: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_LISTED", 50)
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 50)
    execute = Database.execute

    async def slow(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        if how.get("custom_time_limit") and "rowid in" not in sql:
            raise QueryInterrupted(None, sql, params)
        return await execute(self, sql, params, **how)

    monkeypatch.setattr(Database, "execute", slow)
    page = (await datasette_of(news).client.get(f"/news/articles?{asked}")).text
    assert "liczby dotyczą 50 jej wierszy" in page
    facets = told(page)
    assert set(facets) == {*FACETS, "programme", "place"}


@pytest.mark.asyncio
async def test_strangers_sort_articles_by_what_an_index_has_in_order(news: Path) -> None:
    public = datasette_of(news, public=True)
    page = lxml.html.document_fromstring((await public.client.get("/news/articles")).text)
    offered = {option.get("value") for option in page.cssselect("select[name=_sort] option")} - {""}
    assert offered >= {"published", "title", "first_seen", "changed", "gone"}
    assert "author" not in offered
    for name in offered:
        for sort in ("_sort", "_sort_desc"):
            assert (await public.client.get(f"/news/articles?{sort}={name}")).status_code == 200
    assert (await public.client.get("/news/articles?_sort=author")).status_code == 400
    assert (await datasette_of(news).client.get("/news/articles?_sort=author")).status_code == 200


@pytest.mark.asyncio
async def test_the_page_of_the_database_counts_what_readers_see_and_not_beyond_a_bound(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = datasette_of(news)
    tables = {one["name"]: one["count"] for one in (await desk.client.get("/news.json")).json()["tables"]}
    assert (tables["articles"], tables["offices"]) == (400, 13)
    monkeypatch.setattr("crawler.publish.desk.MOST_COUNTED", 100)
    tables = {one["name"]: one["count"] for one in (await desk.client.get("/news.json")).json()["tables"]}
    assert (tables["articles"], tables["offices"]) == (None, 13)
    assert "wiele wierszy" in (await desk.client.get("/news")).text


@pytest.mark.asyncio
async def test_a_very_common_word_is_counted_in_its_newest_articles_and_earlier_months_stay_empty(news: Path) -> None:
    get = reader(datasette_of(news))
    query = (await datasette_of(news).get_canned_query("news", "slowa_w_czasie", None))["sql"]
    asked = "/news/slowa_w_czasie.json?_shape=array&slowo=urz%C4%85d&drugie=nab%C3%B3r&lata=60"
    whole = (await get(asked)).json()
    assert all(row["artykuly"] is not None for row in whole)
    with closing(pysqlite3.connect(str(news))) as db:
        from crawler.publish import plugin

        plugin.prepare_connection(db, "news")
        given = {"slowo": "urząd", "drugie": "nabór", "lata": "60"}
        rows = db.execute(query.replace("250000", "40"), given).fetchall()
    assert len(rows) == len(whole)
    empty = [month for month, word, count, *_ in rows if word == "urząd" and count is None]
    full = [month for month, word, count, *_ in rows if word == "urząd" and count is not None]
    assert empty
    assert max(empty) < min(full)
    same = {(row["miesiac"], row["slowo"]): row["artykuly"] for row in whole}
    assert all(same[month, word] == count for month, word, count, *_ in rows if count is not None)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Any]:
    path = newsroom.build(tmp_path / "news.db", articles=80, hostile=False)
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as db:
        yield db


def kept_in_step(db: Any) -> tuple[int, int]:
    """Rows of the two tables of counts, which must say what the tables say that they count."""
    mentions = db.execute("SELECT * FROM _mentions ORDER BY what, id").fetchall()
    assert (
        mentions
        == db.execute(
            "SELECT 'organisation', organisation, count(*) FROM article_organisations GROUP BY 2"
            " UNION ALL SELECT 'programme', programme, count(*) FROM article_programmes GROUP BY 2"
            " UNION ALL SELECT 'topic', topic, count(*) FROM article_topics GROUP BY 2 ORDER BY 1, 2"
        ).fetchall()
    )
    money = db.execute("SELECT * FROM _money ORDER BY 1, 2, 3, 4, 5, 6").fetchall()
    assert (
        money
        == db.execute(
            "SELECT DISTINCT coalesce(year, ''), programme, role, currency, grosze, amounts.article FROM amounts"
            " JOIN article_programmes USING (article) JOIN articles ON articles.id = amounts.article"
            " ORDER BY 1, 2, 3, 4, 5, 6"
        ).fetchall()
    )
    return len(mentions), len(money)


def test_what_is_counted_before_stays_in_step_with_what_it_counts(written: Any) -> None:
    at_first = kept_in_step(written)
    assert min(at_first) > 0
    (article,) = written.execute("SELECT article FROM _money LIMIT 1").fetchone()
    said = "INSERT INTO amounts SELECT article, position + ?, ?, grosze_to, currency, role, approximate, raw, raws,"
    said += " method, sure, block FROM amounts WHERE article = ? AND position = 0"
    (grosze,) = written.execute("SELECT grosze FROM amounts WHERE article = ?", (article,)).fetchone()
    written.execute(said, (1, grosze, article))  # the same amount once more
    written.execute(said, (2, grosze + 1, article))
    written.execute("INSERT INTO article_topics VALUES (?, 'szkolenia', 'words')", (article,))
    assert kept_in_step(written) == (at_first[0] + 1, at_first[1] + 1)
    written.execute("DELETE FROM amounts WHERE article = ? AND position = 1", (article,))
    assert kept_in_step(written)[1] == at_first[1] + 1
    written.execute("UPDATE articles SET published = '2019-05-01' WHERE id = ?", (article,))
    kept_in_step(written)
    written.execute("UPDATE articles SET published = NULL WHERE id = ?", (article,))
    kept_in_step(written)
    written.execute("DELETE FROM article_programmes WHERE article = ?", (article,))
    kept_in_step(written)
    written.execute("DELETE FROM amounts")
    written.execute("DELETE FROM article_programmes")
    written.execute("DELETE FROM article_topics")
    assert kept_in_step(written) == (0, 0)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        ("2026-03-02", "2026-03-01T23:00:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("2026-13-01", None),
        (None, None),
    ],
)
def test_a_day_begins_at_midnight_in_poland(day: str, instant: str | None) -> None:
    assert beginning_in_poland(day) == instant
