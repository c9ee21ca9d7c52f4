"""The feed of a search tells of its finds that became different last, however few or many there are."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pysqlite3
import pytest

from crawler.publish import latest, latest_finds
from crawler.publish.exports.tables import MOVED
from crawler.publish.search import finding
from crawler.publish.serve import datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader

SEARCHES = (
    "urząd",
    "targi pracy",
    "bezrobotnych nabór",
    "na*",
    "na* tar*",
    "targi -na*",
    "na* -targi",
    "na* targi -szkolenie",
    "-targi",
    "nic-takiego",
)
FILTERS = {"": "1", "kind": "event", "_temat": "staze"}


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = newsroom.build(tmp_path_factory.mktemp("fed") / "news.db", articles=240, hostile=False)
    with closing(pysqlite3.connect(str(path))) as db:
        moved = "UPDATE articles SET changed = '2026-03-' || (10 + rowid % 17) || 'T10:00:00.000Z' WHERE rowid % 3 = 0"
        db.execute(moved)
        db.execute("INSERT OR IGNORE INTO topics VALUES ('staze', 'Staże')")
        db.execute("INSERT OR IGNORE INTO article_topics SELECT id, 'staze', 'words' FROM articles WHERE rowid % 2")
        db.commit()
    return path


@pytest.fixture
def ask(news: Path) -> Get:
    return reader(datasette_of(news))


@pytest.mark.parametrize("frequent", [finding.FREQUENT, -1])
@pytest.mark.parametrize(("looked_at", "few"), [(latest.LOOKED_AT, latest_finds.FEW), (10, latest_finds.FEW), (10, 0)])
@pytest.mark.parametrize("typed", SEARCHES)
@pytest.mark.asyncio
async def test_a_feed_begins_with_the_finds_that_moved_last(
    ask: Get, news: Path, typed: str, looked_at: int, few: int, frequent: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in FILTERS.items():
        asked = {"_search": typed, **({name: value} if name else {})}
        whole = (await ask(f"/news/articles.json?{urlencode(asked)}&_size=max&_shape=array")).json()
        with closing(pysqlite3.connect(str(news))) as db:
            expected = [
                row[0]
                for row in db.execute(
                    "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))"
                    f" ORDER BY {MOVED.format('articles')} DESC, id DESC LIMIT 5",
                    [json.dumps([row["id"] for row in whole])],
                )
            ]
        with monkeypatch.context() as patched:
            patched.setattr(latest, "LOOKED_AT", looked_at)
            patched.setattr(latest_finds, "FEW", few)
            patched.setattr(finding, "FREQUENT", frequent)
            patched.setattr(finding, "MOST_COUNTED", 20)
            feed = (await ask(f"/news/articles.jsonfeed?{urlencode(asked)}&_size=5")).json()
        assert [item["_wiesci"]["id"] for item in feed["items"]] == expected, asked
