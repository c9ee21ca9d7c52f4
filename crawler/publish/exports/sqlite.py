"""SQLite: one file with all tables, STRICT and with their keys, and nothing of the machinery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3

from crawler.database import Connection
from crawler.publish.exports.tables import Counted, Table

_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL"}


class Sqlite:
    name = "sqlite"
    suffix = ".sqlite"
    media_type = "application/vnd.sqlite3"
    encoding: str | None = None
    for_readers = False
    inner = True

    def path(self, folder: Path, table: str) -> Path:
        return folder / f"wiesci{self.suffix}"

    def write(self, connection: Connection, table: Table, path: Path, chosen: str | None) -> int:
        columns = ", ".join(f'"{column.name}" {_TYPES[column.type]}' for column in table.columns)
        key = f", PRIMARY KEY ({', '.join(_quoted(name) for name in table.key)})" if table.key else ""
        marks = ", ".join("?" * len(table.columns))
        rows = Counted(connection.execute(table.select(chosen=chosen)))
        with closing(pysqlite3.connect(str(path), isolation_level=None)) as target:
            target.execute("PRAGMA journal_mode = OFF")  # the file is new; half of one is thrown away
            target.execute("PRAGMA synchronous = OFF")
            target.execute("BEGIN")
            target.execute(f'CREATE TABLE "{table.name}" ({columns}{key}) STRICT')
            target.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)
            target.execute("COMMIT")
        return rows.count

    def read(self, path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
        """The rows as they stood in the table."""
        names = ", ".join(_quoted(column.name) for column in table.columns)
        with closing(pysqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source:
            yield from source.execute(f'SELECT {names} FROM "{table.name}"')

    def count(self, path: Path, table: Table) -> int:
        with closing(pysqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source:
            return int(source.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0])


def _quoted(name: str) -> str:
    return f'"{name}"'
