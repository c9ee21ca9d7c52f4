"""Which articles a subscription to a list tells of: those that became different last, in whatever order its page is.

A page ends after some rows, and in most orders what is new stands beyond them: undated newcomers, old articles that
were edited, finds of little weight. A feed looks through the articles that became different last instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette.database import QueryInterrupted
from datasette.filters import Filters
from datasette.plugins import pm
from datasette.utils import await_me_maybe
from datasette.utils.asgi import Request

from crawler.publish import latest_finds, paging, wording
from crawler.publish.exports.tables import MOVED
from crawler.publish.lists import plain

ENTRIES = 50
LOOKED_AT = 2_000
QUICKLY = 300
"""Milliseconds."""
BEFORE = "_before"
"""The argument of a further page: when the last article told became different, and its id."""

_AT = MOVED.format("articles")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_NEWEST = f"""
SELECT newest.id_ AS id, newest.at_ AS at FROM (
  SELECT articles.rowid AS place_, articles.id AS id_, {_AT} AS at_ FROM articles INDEXED BY articles_moved
  {{before}}ORDER BY {_AT} DESC, articles.id DESC LIMIT :looked_at
) AS newest CROSS JOIN articles ON articles.rowid = newest.place_ WHERE {{condition}} LIMIT :most
"""
_BEFORE = f"WHERE {_AT} <= :at AND ({_AT} < :at OR articles.id < :id) "
_LAST_LOOKED_AT = f"""
SELECT articles.id, {_AT} AS at FROM articles INDEXED BY articles_moved
{{before}}ORDER BY {_AT} DESC, articles.id DESC LIMIT 1 OFFSET :looked_at - 1
"""
_FEW = f"SELECT articles.id FROM articles WHERE {{condition}} ORDER BY +{_AT} DESC, +articles.id DESC LIMIT :most"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a list's rows lead to articles, as SQL over {filters}."""

    each: str
    """Whether the article at hand has such a row."""
    among: str
    """The same, by all such rows."""


@dataclass(frozen=True, kw_only=True)
class Latest:
    ids: Sequence[str]
    before: str | None
    """Where the next page begins; None: there is none."""


def _through(link: str, column: str, table: str, key: str) -> Way:
    """By a table that has articles and rows of the list side by side."""
    return Way(
        each=f"EXISTS (SELECT 1 FROM {link} AS linked_ WHERE linked_.article = articles.id"
        f" AND EXISTS (SELECT 1 FROM {table} WHERE {table}.{key} = linked_.{column} AND {{filters}}))",
        among=f"articles.id IN (SELECT linked_.article FROM {link} AS linked_"
        f" WHERE linked_.{column} IN (SELECT {key} FROM {table} WHERE {{filters}}))",
    )


def _named(table: str, column: str) -> Way:
    """By a column of articles."""
    return Way(
        each=f"EXISTS (SELECT 1 FROM {table} WHERE {table}.id = articles.{column} AND {{filters}})",
        among=f"articles.{column} IN (SELECT id FROM {table} WHERE {{filters}})",
    )


def _owned(table: str) -> Way:
    """By the list's own column."""
    return Way(
        each=f'EXISTS (SELECT 1 FROM "{table}" WHERE "{table}".article = articles.id AND {{filters}})',
        among=f'articles.id IN (SELECT article FROM "{table}" WHERE {{filters}})',
    )


_WAYS: Mapping[str, Way] = {
    "articles": Way(each="{filters}", among="{filters}"),
    "calls": _through("call_articles", "call", "calls", "id"),
    "clusters": _named("clusters", "cluster"),
    "offices": _named("offices", "office"),
    "organisations": _through("article_organisations", "organisation", "organisations", "id"),
    "places": _through("article_places", "teryt", "places", "teryt"),
    "programmes": _through("article_programmes", "programme", "programmes", "id"),
    "topics": _through("article_topics", "topic", "topics", "id"),
}
QUESTION = "artykul"
"""The column of a ready question, or of a reader's own, that has the ids of articles."""


def leads_to_articles(table: str | None, columns: Sequence[str]) -> bool:
    return (table in _WAYS or "article" in columns) if table else QUESTION in columns


async def of_list(datasette: Any, request: Any, database: Any, table: str, page: Mapping[str, Any]) -> Latest:
    """Of the list whose beginning the page shows, or of its one row."""
    way = _WAYS.get(table) or _owned(table)
    where, params = await _filters(datasette, request, database, table, page)
    most = _size(datasette, request)
    before = _cursor(request.args.get(BEFORE))
    if not most:
        return Latest(ids=(), before=None)
    given = {**params, **(dict(zip(("at", "id"), before, strict=True)) if before else {}), "most": most + 1}
    condition = way.each.format(filters=_conjunction(map(latest_finds.of_each, where)))
    sql = _NEWEST.format(before=_BEFORE if before else "", condition=condition)
    searched = latest_finds.searched(where) if table == "articles" else None
    found, looked_at = await _looked_for(database, sql, given, 2 * (most + 1) if searched else max(LOOKED_AT, most + 1))
    if searched and len(found) <= most:
        at_once = _conjunction(latest_finds.of_all(clause, _BEFORE if before else "") for clause in where)
        sql = _NEWEST.format(before=_BEFORE if before else "", condition=at_once)
        further = await _looked_for(database, sql, given, max(LOOKED_AT, most + 1))
        found, looked_at = max((found, looked_at), further, key=lambda looked: looked[1])
    if len(found) > most:
        return Latest(ids=[row["id"] for row in found[:most]], before=_told(found[most - 1]))
    ids = [row["id"] for row in found]
    asked = _LAST_LOOKED_AT.format(before=_BEFORE if before else "")
    last = (await database.execute(asked, {**given, "looked_at": looked_at})).first()
    if last is None:
        return Latest(ids=ids, before=None)
    if before is None:
        condition = way.among.format(filters=_conjunction(where))
        many = searched and await latest_finds.are_many(database, searched, params, QUICKLY)
        among = latest_finds.MANY if many else _FEW
        ids = await _filled(database, ids, among.format(condition=condition), params, most, page)
    return Latest(ids=ids, before=_told(last))


async def _looked_for(database: Any, sql: str, given: Mapping[str, Any], most: int) -> tuple[Sequence[Any], int]:
    """The finds among the newest, and among how many: fewer where that takes too long."""
    for looked_at in (most, most // 20):
        try:
            given_now = {**given, "looked_at": looked_at}
            found = await database.execute(sql, given_now, truncate=False, custom_time_limit=QUICKLY)
        except QueryInterrupted:
            continue
        return found.rows, looked_at
    return (), 1


async def of_question(datasette: Any, request: Any, database: Any, page: Mapping[str, Any]) -> Latest:
    """Of what a ready question, or a reader's own, answers."""
    most = _size(datasette, request)
    place = list(page["columns"]).index(QUESTION)
    named = [plain(row)[place] for row in page["rows"]]
    if page.get("truncated"):
        sql = f'SELECT DISTINCT "{QUESTION}" FROM (\n{page["query"]["sql"].strip().rstrip(";")}\n)'
        named = [row[0] for row in (await database.execute(sql, page["query"]["params"], truncate=False)).rows]
    return Latest(ids=await _ordered(database, named, most), before=None)


async def _filters(
    datasette: Any, request: Any, database: Any, table: str, page: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    """What Datasette's own page asks of the rows, without the place at which it begins."""
    if "pks" in request.url_vars:
        keys = dict(zip(page["primary_keys"], page["primary_key_values"], strict=True))
        named = {f"k{n}": value for n, value in enumerate(keys.values())}
        return [f'"{name}" = :{at}' for name, at in zip(keys, named, strict=True)], named
    request = paging.without_empty_search(request)
    in_codes = await wording.in_codes(database, table, request.query_string)
    if in_codes is not None:
        request = Request(dict(request.scope, query_string=urlencode(in_codes).encode("ascii")), request.receive)
    asked = [
        (name, value)
        for name in request.args
        if not name.startswith("_") or "__" in name
        for value in request.args.getlist(name)
    ]
    where, params = Filters(sorted(asked)).build_where_clauses(table)
    for hook in pm.hook.filters_from_request(request=request, table=table, database=database.name, datasette=datasette):
        more = await await_me_maybe(hook)
        if more:
            where = [*where, *more.where_clauses]
            params = {**params, **more.params}
    return await latest_finds.understood(database, table, where, params)


def _conjunction(clauses: Any) -> str:
    return " AND ".join(f"({clause})" for clause in clauses) or "1"


async def _filled(
    database: Any, ids: Sequence[str], sql: str, params: Mapping[str, Any], most: int, page: Mapping[str, Any]
) -> list[str]:
    """A list in which little became different lately: all of it in order where that is quick, else the page's rows."""
    try:
        few = await database.execute(sql, {**params, "most": most}, truncate=False, custom_time_limit=QUICKLY)
        return [row["id"] for row in few.rows]
    except QueryInterrupted:
        shown = "id" if page["table"] == "articles" else "article"
        if shown not in page["columns"]:
            return list(ids)
        place = list(page["columns"]).index(shown)
        rest = await _ordered(database, [plain(row)[place] for row in page["rows"]], most)
        return list(dict.fromkeys([*ids, *rest]))[:most]


async def _ordered(database: Any, ids: Sequence[Any], most: int) -> list[str]:
    sql = _FEW.format(condition="articles.id IN (SELECT value FROM json_each(:ids))")
    given = {"ids": json.dumps(list(dict.fromkeys(ids))), "most": most}
    return [row["id"] for row in (await database.execute(sql, given, truncate=False)).rows]


def _size(datasette: Any, request: Any) -> int:
    most = int(datasette.setting("max_returned_rows"))
    asked = request.args.get("_size") or ""
    if asked == "max":
        return most
    return min(int(asked), most) if asked.isascii() and asked.isdecimal() else ENTRIES


def _cursor(text: str | None) -> tuple[str, str] | None:
    """What is no cursor begins at the beginning."""
    at, _, id = (text or "").partition(",")
    return (at, id) if _INSTANT.fullmatch(at) else None


def _told(row: Any) -> str:
    return f"{row['at']},{row['id']}"
