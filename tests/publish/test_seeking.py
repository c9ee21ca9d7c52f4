"""A sorted page asked for in pieces has the rows that Datasette's one statement has, in the same order."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from datasette.utils import compound_keys_after_sql

from crawler.publish.search import seeking

VALUES = [None, None, "2024-01-01", "2024-01-02", "2024-01-02", "", "zł"]


@pytest.fixture
def table(tmp_path: Path) -> Any:
    db = pysqlite3.connect(str(tmp_path / "t.db"))
    db.execute("CREATE TABLE t (a TEXT, n INTEGER, day TEXT, kind TEXT, PRIMARY KEY (a, n)) WITHOUT ROWID")
    db.execute("CREATE INDEX t_day ON t (day)")
    chance = random.Random(1)
    rows = [(f"a{n % 7}", n, chance.choice(VALUES), chance.choice("xy")) for n in range(120)]
    db.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    return db


def statement(*, desc: bool, null: bool, filtered: bool) -> str:
    """As TableView of Datasette 0.65 writes it."""
    after = compound_keys_after_sql(["a", "n"], 0)
    if null:
        where = f"(day is not null or (day is null and {after}))"
    elif desc:
        where = f"(day < :p2 or day is null or (day = :p2 and {after}))"
    else:
        where = f"(day > :p2 or (day = :p2 and {after}))"
    where = f'"kind" = :p3 and {where}' if filtered else where
    return f"select a, n, day, kind from t where {where} order by day{' desc' if desc else ''}, a, n limit 11"


@pytest.mark.parametrize("filtered", [False, True])
@pytest.mark.parametrize(("desc", "null"), [(False, False), (True, False), (False, True)])
def test_the_pieces_give_the_same_rows(table: Any, desc: bool, null: bool, filtered: bool) -> None:
    sql = statement(desc=desc, null=null, filtered=filtered)
    sought = seeking.pieces(sql)
    assert sought is not None
    statements, most = sought
    assert most == 11
    for day in ("", "2024-01-02", "2024-01-03", "zł", "\U0010ffff"):
        for key in (("", -1), ("a3", 40), ("a6", 999)):
            params = {"p0": key[0], "p1": key[1], "p2": day, "p3": "x"}
            whole = table.execute(sql, params).fetchall()
            found: list[Any] = []
            for one in statements:
                found += table.execute(f"{one} limit {most - len(found)}", params).fetchall()
            assert found == whole


@pytest.mark.parametrize(
    "sql",
    [
        "select a from t order by a, n limit 11",
        "select a from t where (day is null and (a > :p0)) order by day desc, a limit 11",
        "select count(*) from t where day > :p0",
    ],
)
def test_other_statements_are_left_as_they_are(sql: str) -> None:
    assert seeking.pieces(sql) is None
