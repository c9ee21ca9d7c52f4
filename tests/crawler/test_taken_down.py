"""The take-down of one article, whole: a crawl, the request, a further crawl, a rebuild, a backup put back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pysqlite3
import pytest

from crawler.folder import NEWS

pytestmark = pytest.mark.crawl


def wiesci(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from crawler.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


def query(data: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    connection = pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True)
    try:
        return list(connection.execute(sql, values))
    finally:
        connection.close()


def test_an_article_taken_down_stays_absent_from_everything(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert wiesci("demo", "--no-serve", "--data", str(data)).returncode == 0
    ((article, url, title),) = query(data, "SELECT id, url, title FROM articles ORDER BY length(title) DESC LIMIT 1")
    (before,) = query(data, "SELECT count(*) FROM articles")[0]
    backup = tmp_path / "backup.db"
    shutil.copy(data / NEWS, backup)

    def absent() -> None:
        assert query(data, "SELECT count(*) FROM articles")[0][0] == before - 1
        for table in ("addresses", "blocks", "revisions", "attachments", "images", "dates"):
            assert query(data, f"SELECT count(*) FROM {table} WHERE article = ?", article) == [(0,)], table
        words = " ".join(f'"{word}"' for word in str(title).replace('"', " ").split())
        assert query(data, "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", words) == [(0,)]
        for name in (NEWS, f"{NEWS}-wal"):
            assert not (data / name).exists() or str(title).encode() not in (data / name).read_bytes()

    taken = wiesci("suppress", "add", str(url), "--data", str(data))
    assert taken.returncode == 0, taken.stderr
    assert str(article) in taken.stdout
    absent()
    crawled = wiesci("demo", "--no-serve", "--data", str(data))
    assert crawled.returncode == 0, crawled.stdout + crawled.stderr
    absent()
    rebuilt = wiesci("rebuild", "--data", str(data))
    assert "no row is different" in rebuilt.stdout, rebuilt.stdout + rebuilt.stderr
    absent()
    export = wiesci("export", str(tmp_path / "export"), "--data", str(data))
    assert export.returncode == 0, export.stderr
    held = [
        path for path in (tmp_path / "export").rglob("*") if path.is_file() and str(title).encode() in path.read_bytes()
    ]
    assert held == []
    shutil.copy(backup, data / NEWS)
    assert wiesci("export", str(tmp_path / "export2"), "--data", str(data)).returncode != 0
    assert wiesci("suppress", "add", str(url), "--data", str(data)).returncode == 0
    absent()
