"""The export of a whole table beside a bare loop of the csv module over the same rows, each in a process of its own."""

from __future__ import annotations

import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3

from crawler.publish.exports import FORMATS, export
from crawler.publish.exports.tables import Table, published
from crawler.publish.serve import METADATA
from tests import memory
from tests.benchmarks.crawling import middle_and_edges
from tests.publish import newsroom

SIDES = ("bare", "csv", "excel", "ndjson", "json", "parquet", "sqlite", "xlsx")
"""`bare` is the floor: `SELECT * FROM articles` and csv.writer, nothing else. XLSX takes minutes for a million rows."""


def report(rounds: int, articles: int, database: Path | None = None, formats: tuple[str, ...] = SIDES[1:3]) -> None:
    """Print rows a second of each side and the memory each took. `database` None: one is made."""
    with tempfile.TemporaryDirectory() as folder:
        path = database or enlarged(Path(folder) / "news.db", articles)
        bare: list[float] = []
        ours: dict[str, list[float]] = {name: [] for name in formats}
        memory: dict[str, int] = {}
        rows = size = 0
        for _ in range(rounds):
            rows, seconds, memory["bare"], size = _apart("bare", path, folder)
            bare.append(seconds)
            for name in formats:
                count, seconds, memory[name], _ = _apart(name, path, folder)
                assert count == rows, f"{name} holds {count} rows, the table {rows}"
                ours[name].append(seconds)
        print(f"export: {rows} articles, {size / 1e6:.0f} MB of CSV, {rounds} rounds, each side in its own process")
        print(f"  csv.writer over SELECT *      {rows / statistics.median(bare):9.0f} rows/s  {memory['bare']:5} MB")
        for name in formats:
            speed = rows / statistics.median(ours[name])
            ratios = [floor / own for floor, own in zip(bare, ours[name], strict=True)]
            print(f"  {name:8} export              {speed:9.0f} rows/s  {memory[name]:5} MB")
            print(f"    speed / bare loop, median (lowest … highest) {middle_and_edges(ratios)}")
        print(f"  a whole package, every table as CSV, checked and in place: {_package(path, folder):.1f} s")


def enlarged(path: Path, articles: int) -> Path:
    """A newsroom of a thousand articles, multiplied; the search index stays small."""
    newsroom.build(path, articles=min(articles, 1000), hostile=False)
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(articles)") if row[1] != "id"]
        connection.execute("DROP TRIGGER articles_added")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("DROP TRIGGER articles_updated")
        connection.execute("UPDATE articles SET text = (SELECT group_concat(text, char(10)) FROM"
                           " (SELECT one.text FROM articles AS one LIMIT 11)) || text")  # fmt: skip
        (held,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        for copy in range(1, articles // held):
            connection.execute(
                f"INSERT INTO articles (id, {', '.join(names)}) SELECT printf('%08x', {copy}) || substr(id, 9),"
                f" {', '.join(names)} FROM (SELECT * FROM articles LIMIT {held})"
            )
    return path


def _package(path: Path, folder: str) -> float:
    begun = time.perf_counter()
    export(path, Path(folder) / "package", made=datetime.now(UTC))
    return time.perf_counter() - begun


def _apart(side: str, database: Path, folder: str) -> tuple[int, float, int, int]:
    """(rows, seconds of the processor, megabytes of memory at most, bytes written) of one side."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.exporting", side, str(database), folder],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rows, seconds, memory, size = ended.stdout.split()
    return int(rows), float(seconds), int(memory), int(size)


def _articles(connection: object) -> Table:
    tables = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["news"]["tables"]
    return next(table for table in published(connection, tables) if table.name == "articles")


def _bare(connection: object, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for row in connection.execute("SELECT * FROM articles"):  # type: ignore[attr-defined]
            writer.writerow(row)
            count += 1
    return count


def _one(side: str, database: str, folder: str) -> None:
    path = Path(folder) / f"out-{side}"
    path.unlink(missing_ok=True)
    with closing(pysqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        table = _articles(connection)
        begun = time.process_time()
        rows = _bare(connection, path) if side == "bare" else FORMATS[side].write(connection, table, path, None)
        seconds = time.process_time() - begun
    megabytes = memory.peak()
    size = path.stat().st_size
    path.unlink()
    print(rows, seconds, megabytes, size)


if __name__ == "__main__":
    _one(*sys.argv[1:])
