"""The numbered steps that bring archive.db and news.db to their present shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pysqlite3
from sqlite_utils import Database, Migrations


class NewerSchema(Exception):
    """The database was made by a newer version of Wieści; this one must not touch it."""


def bring_up_to_date(db: Database, name: str) -> None:
    """Apply the steps `<name>_NNNN.sql` that this database lacks, all in one transaction with the notes of them.

    Another writer is waited for: SQLite does that only for a transaction that writes before it reads. Raises
    NewerSchema when the database has had a step that this version does not know.
    """
    if not missing_steps(db, name):
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        _steps(name).apply(db)
    except BaseException:
        db.rollback()
        raise
    db.conn.execute("COMMIT")


def missing_steps(db: Database, name: str) -> list[str]:
    """The steps this database lacks. Raises NewerSchema when it has had one that this version does not know."""
    steps = _steps(name)
    unknown = {done.name for done in steps.applied(db)} - {step.name for step in steps._migrations}
    if unknown:
        raise NewerSchema(f"it has had steps this version does not know: {', '.join(sorted(unknown))}")
    return [step.name for step in steps.pending(db)]


def _steps(name: str) -> Migrations:
    steps = Migrations(name)
    for resource in sorted(files(__package__).iterdir(), key=lambda one: one.name):
        if re.fullmatch(rf"{name}_\d{{4}}\.sql", resource.name):
            sql = resource.read_text(encoding="utf-8")

            def step(db: Database, sql: str = sql) -> None:
                for statement in _statements(sql):
                    db.execute(statement)

            steps(name=resource.name.removesuffix(".sql"))(step)
    return steps


def _statements(sql: str) -> Iterator[str]:
    """One statement at a time: executescript() would commit the transaction it stands in."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if pysqlite3.complete_statement(statement):
            yield statement
            statement = ""
