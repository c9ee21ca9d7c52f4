"""What is counted beside the articles is always what the articles themselves would give."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from crawler.database import open_database
from crawler.sealing import counted, sealed, stored

ACTIVITY = """
SELECT CASE WHEN length(published) >= 7 THEN substr(published, 1, 7) END, voivodeship, kind, count(*)
FROM articles GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
OFFICES = """
SELECT office, count(*), sum(gone IS NOT NULL), sum(published IS NULL) FROM articles GROUP BY office ORDER BY office
"""


@pytest.fixture
def news(tmp_path: Path) -> Any:
    connection = open_database(tmp_path / "news.db", "news")
    connection.executemany(
        "INSERT INTO offices (id, kind, name, url, family, confidence)"
        " VALUES (?, 'pup', ?, 'https://x.test/', 'psz', 'high')",
        [("a", "Urząd A"), ("b", "Urząd B")],
    )
    yield connection
    connection.close()


def put(news: Any, article: str, **values: Any) -> None:
    row = {
        "id": article, "office": "a", "office_kind": "pup", "voivodeship": "26", "url": f"https://x.test/{article}",
        "text": "", "kind": "news", "published": None, "first_seen": "2026-01-01T00:00:00Z",
        "last_seen": "2026-01-01T00:00:00Z", "gone": None, "content_hash": "", "lemmas": "", **values,
    }  # fmt: skip
    columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    again = ", ".join(f"{name} = excluded.{name}" for name in row)
    news.execute(f"INSERT INTO articles ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {again}", row)


def check(news: Any) -> None:
    shown = "SELECT month, voivodeship, kind, articles FROM activity ORDER BY 1, 2, 3"
    assert news.execute(shown).fetchall() == news.execute(ACTIVITY).fetchall()
    assert news.execute("SELECT * FROM office_counts ORDER BY 1").fetchall() == news.execute(OFFICES).fetchall()


def test_the_counts_follow_the_articles_whatever_is_done_to_them(news: Any) -> None:
    chance = random.Random(7)
    for _ in range(400):
        article = f"n{chance.randrange(40)}"
        if chance.random() < 0.3:
            news.execute("DELETE FROM articles WHERE id = ?", (article,))
        else:
            put(
                news,
                article,
                office=chance.choice("ab"),
                voivodeship=chance.choice([None, "26", "30"]),
                kind=chance.choice(["news", "call"]),
                published=chance.choice([None, "2025", "2025-03", "2025-03-02", "2025-04-01T08:35"]),
                gone=chance.choice([None, None, "2026-02-01T00:00:00Z"]),
            )
        check(news)
    news.execute("DELETE FROM articles")
    assert news.execute("SELECT count(*) FROM activity_counts").fetchone() == (0,)
    assert news.execute("SELECT count(*) FROM office_counts").fetchone() == (0,)


def test_the_counts_are_sealed_with_what_they_count(news: Any) -> None:
    put(news, "one", published="2025-03-02")
    put(news, "two")
    put(news, "two", gone="2026-02-01T00:00:00Z")
    told, seen = stored(news), counted(news, sealed(news, "news"))
    assert told["activity_counts", ""] == seen["activity_counts", ""]
    assert told["office_counts", ""] == seen["office_counts", ""]
