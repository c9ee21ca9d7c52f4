"""The rows of a sorted page, sought by the index of its order: what Datasette asks for in one condition, in pieces.

Datasette 0.65 writes the rows after one that has a value and a key as "(column < value or column is null or (column =
value and key > its key))". SQLite gathers whatever fulfils any of it and sorts that: in a long table everything. The
same rows in the same order are those of the same value behind the key, then those of further values, then those
without a value; each piece is read along the index, and no further than the page is long.
"""

from __future__ import annotations

import re
from typing import Any

from datasette.database import Results

_COLUMN = r"(?P<column>\w+|\[[^\]]+\])"
_HEAD = rf"(?P<select>select .*? from (?:\w+|\[[^\]]+\]) )where (?:(?P<filters>.*) and )?\({_COLUMN} "
_TAIL = r" order by (?P=column)(?P<desc> desc)?, (?P<keys>.*?) limit (?P<most>\d+)\s*"
_AFTER_VALUE = re.compile(
    rf"{_HEAD}[<>] :(?P<value>p\d+)(?: or (?P=column) is null)? or \((?P=column) = :(?P=value) and (?P<after>.*)\)\)"
    rf"{_TAIL}",
    re.DOTALL,
)
_AFTER_NULL = re.compile(rf"{_HEAD}is not null or \((?P=column) is null and (?P<after>.*)\)\){_TAIL}", re.DOTALL)
_PLACE = re.compile(r":(p\d+)")


def pieces(sql: str) -> tuple[list[str], int] | None:
    """The statements that give the page's rows one after the other, each with room for ` limit N`; and how many rows.

    None: the statement is not one of a sorted page.
    """
    match = _AFTER_VALUE.fullmatch(sql) or _AFTER_NULL.fullmatch(sql)
    if match is None:
        return None
    column, keys = match["column"], match["keys"]
    places = ", ".join(f":{name}" for name in dict.fromkeys(_PLACE.findall(match["after"])))
    behind = f"({keys}) > ({places})"
    start = f"{match['select']}where " + (f"({match['filters']}) and " if match["filters"] else "")
    if "value" not in match.groupdict():
        return [
            f"{start}{column} is null and {behind} order by {keys}",
            f"{start}{column} is not null order by {column}, {keys}",
        ], int(match["most"])
    value = f":{match['value']}"
    same = f"{start}{column} = {value} and {behind} order by {keys}"
    if not match["desc"]:
        return [same, f"{start}{column} > {value} order by {column}, {keys}"], int(match["most"])
    return [
        same,
        f"{start}{column} < {value} order by {column} desc, {keys}",
        f"{start}{column} is null order by {keys}",
    ], int(match["most"])


async def rows(database: Any, sql: str, params: Any, **how: Any) -> Any:
    """What the database answers, asked in pieces where that is a sorted page. Raises QueryInterrupted."""
    sought = pieces(sql) if how.get("truncate") else None
    if sought is None:
        return await database.execute(sql, params, **how)
    statements, most = sought
    found: list[Any] = []
    for statement in statements:
        answer = await database.execute(f"{statement} limit {most - len(found)}", params, **how)
        found += answer.rows
        if len(found) >= most:
            break
    return Results(found, False, answer.description)
