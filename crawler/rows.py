"""Rows of news.db, read and written as they are: a mapping of column to value."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from crawler.database import Connection

Row = dict[str, Any]


def digest(text: str) -> str:
    """An id made of what the row is of: 16 hexadecimal digits, the same in every database."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def insert(db: Connection, table: str, rows: Sequence[Row]) -> None:
    """Add rows that all have the same columns."""
    if rows:
        db.executemany(_insertion(table, rows[0]), [tuple(row.values()) for row in rows])


def selected(db: Connection, sql: str, values: Sequence[Any] = ()) -> list[Row]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def upsert(db: Connection, table: str, row: Row, *, key: str) -> None:
    """Add a row, or bring the one with this key to it."""
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name != key)
    db.execute(f"{_insertion(table, row)} ON CONFLICT ({key}) DO UPDATE SET {updates}", tuple(row.values()))


def holds(db: Connection, table: str, rows: Sequence[Row]) -> bool:
    """Whether the table has exactly these rows, in any order."""
    if not rows:
        return not db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    names = ", ".join(rows[0])
    return sorted(map(repr, db.execute(f"SELECT {names} FROM {table}"))) == sorted(
        repr(tuple(row.values())) for row in rows
    )


def has(db: Connection, table: str, rows: Sequence[Row], *, article: str) -> bool:
    """Whether these are the rows that the table has of this article, in any order."""
    if not rows:
        return not db.execute(f"SELECT 1 FROM {table} WHERE article = ? LIMIT 1", (article,)).fetchone()
    names = ", ".join(f'"{name}"' for name in rows[0])
    there = db.execute(f"SELECT {names} FROM {table} WHERE article = ?", (article,))
    return sorted(map(repr, there)) == sorted(repr(tuple(row.values())) for row in rows)


def _insertion(table: str, row: Row) -> str:
    names = ", ".join(f'"{name}"' for name in row)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})"
