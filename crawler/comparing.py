"""Whether two news databases hold the same, table by table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.database import Connection, explained


def tables(db: Connection) -> list[str]:
    """Every table with rows of ours; the search index and SQLite's own bookkeeping left out."""
    return [
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'articles_fts%' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name"
        )
    ]


def content(db: Connection, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table in an order of their own: two databases are equal when these are."""
    assert table in tables(db)
    return sorted(db.execute(f"SELECT * FROM {table}"), key=repr)


def differences(db: Connection, other: Path) -> dict[str, tuple[int, int]]:
    """Table -> (rows only in the other database, rows only in this one); equal tables are left out."""
    with explained(other):
        db.execute("ATTACH ? AS other", (f"file:{other}?mode=ro",))
        try:
            counts = {
                table: tuple(
                    db.execute(
                        f"SELECT count(*) FROM (SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {two}.{table})"
                    ).fetchone()[0]
                    for one, two in (("other", "main"), ("main", "other"))
                )
                for table in tables(db)
            }
        finally:
            db.execute("DETACH other")
    return {table: (lost, won) for table, (lost, won) in counts.items() if lost or won}
