"""Seals: for each row of the archive, and each article of news.db, a hash of what was written, kept by the database.

SQLite's own check finds what it can no longer read; a changed letter in a readable row it does not. Every connection
that writes carries triggers which keep `_seals` in step within the same transaction: a count of rows and the sum of
their hashes under each key. Sums do not depend on order, so a rebuilt database has the same seals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Connection = Any
Seals = dict[tuple[str, str], tuple[int, int]]
"""(name, key) -> number of rows and sum of their hashes."""

_MASK = (1 << 62) - 1
"""Sums stay within SQLite's integers."""
_ARCHIVE = {
    "runs": "id",
    "bodies": "id",
    "captures": "id",
    "visits": "sequence",
    "sightings": "list_capture",
}
"""The log itself: table -> column that names a row. The crawl's memory can be lost, so it is not sealed."""
_UNSEALED_COLUMNS = {("bodies", "zstd")}
"""A body is known by its SHA-256, which stands in its row."""


@dataclass(frozen=True)
class Sealed:
    """One table, the columns that are hashed, and the SQL of the key its rows are counted under."""

    table: str
    columns: tuple[str, ...]
    name: str
    key: str | None
    """A column; None: the table has one seal."""

    def key_of(self, row: str) -> str:
        return "''" if self.key is None else f"coalesce(CAST({row}{self.key} AS TEXT), '')"

    def hash_of(self, row: str) -> str:
        columns = ", ".join(f'{row}"{column}"' for column in self.columns)
        return f"row_hash('{self.table}', {columns})"


def row_hash(*values: Any) -> int:
    """62 bits of the BLAKE2 of a row's values."""
    digest = hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _MASK


def keep_seals(connection: Connection, steps: str) -> None:
    """Let this connection keep the seals of its database; makes them where it has none of its present shape."""
    tables = sealed(connection, steps)
    if not tables:
        return
    connection.create_function("row_hash", -1, row_hash, deterministic=True)
    connection.execute("PRAGMA recursive_triggers = ON")  # else a replaced row leaves without a word
    applied = connection.execute("SELECT group_concat(name) FROM (SELECT name FROM _sqlite_migrations ORDER BY name)")
    shape = (1, row_hash(tables, applied.fetchone()[0]))
    if stored(connection).get(("_shape", "")) != shape:
        _make(connection, tables, shape)
    for table in tables:
        for statement in _triggers(table):
            connection.execute(statement)


def sealed(connection: Connection, steps: str) -> list[Sealed]:
    """The tables of archive.db or news.db that carry seals; none where the database has no place for them."""
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE '%\\_fts%' ESCAPE '\\' ORDER BY name"
        )
    ]
    if "_seals" not in names:
        return []
    found = []
    for name in names:
        columns = tuple(row[1] for row in connection.execute(f'PRAGMA table_info("{name}")'))
        columns = tuple(column for column in columns if (name, column) not in _UNSEALED_COLUMNS)
        if steps == "archive":
            if name in _ARCHIVE:
                found.append(Sealed(name, columns, name, _ARCHIVE[name]))
        elif not name.startswith("_"):
            key = "id" if name == "articles" else "article" if "article" in columns else None
            found.append(Sealed(name, columns, "articles" if key else name, key))
    return found


def stored(connection: Connection) -> Seals:
    return {(name, key): (rows, total) for name, key, rows, total in connection.execute("SELECT * FROM _seals")}


def counted(connection: Connection, tables: list[Sealed]) -> Seals:
    """The seals as the rows themselves give them."""
    seals: Seals = {}
    for table in tables:
        for key, value in _rows(connection, table):
            rows, total = seals.get((table.name, key), (0, 0))
            seals[table.name, key] = (rows + 1, total + value & _MASK)
    return seals


def _rows(connection: Connection, table: Sealed) -> Iterator[tuple[str, int]]:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    for key, *values in connection.execute(f'SELECT {table.key_of("")}, {columns} FROM "{table.table}"'):
        yield key, row_hash(table.table, *values)


def _make(connection: Connection, tables: list[Sealed], shape: tuple[int, int]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DELETE FROM _seals")
        seals = {**counted(connection, tables), ("_shape", ""): shape}
        connection.executemany("INSERT INTO _seals VALUES (?, ?, ?, ?)", [(*at, *seal) for at, seal in seals.items()])
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _triggers(table: Sealed) -> Iterator[str]:
    """Temporary ones: they live with the connection, so a reader or another program never meets them."""
    come = (
        f"INSERT INTO _seals VALUES ('{table.name}', {table.key_of('new.')}, 1, {table.hash_of('new.')})"
        f" ON CONFLICT (name, key) DO UPDATE SET rows = rows + 1, sum = (sum + excluded.sum) & {_MASK};"
    )
    there = f"name = '{table.name}' AND key = {table.key_of('old.')}"
    go = (
        f"UPDATE _seals SET rows = rows - 1, sum = (sum - {table.hash_of('old.')}) & {_MASK} WHERE {there};"
        f" DELETE FROM _seals WHERE {there} AND rows = 0;"
    )
    for event, body in (("INSERT", come), ("DELETE", go), ("UPDATE", go + come)):
        yield (
            f'CREATE TEMP TRIGGER "seal_{table.table}_{event.lower()}" AFTER {event} ON main."{table.table}"'
            f" BEGIN {body} END"
        )
