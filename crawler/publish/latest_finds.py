"""What a search asks of the articles that became different last: one by one, all of them at once, or by their words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from datasette.database import QueryInterrupted

from crawler.publish.exports.tables import MOVED
from crawler.publish.search import finding, searching
from crawler.publish.search.searching import Query, Term

FEW = 300
"""Finds up to which each is read to be put in order; of more the last are met in the order of all articles."""

_AT = MOVED.format("articles")
_MATCHING = re.compile(r"rowid in \(select rowid from (?P<table>\S+) where (?P<match>.*)\)", re.DOTALL)
_LOOKED_AT = f"""
SELECT articles.rowid FROM articles INDEXED BY articles_moved
{{before}}ORDER BY {_AT} DESC, articles.id DESC LIMIT :looked_at
"""
MANY = f"""
SELECT articles.id FROM articles INDEXED BY articles_moved
WHERE {{condition}} ORDER BY {_AT} DESC, articles.id DESC LIMIT :most
"""


def searched(where: Sequence[str]) -> re.Match[str] | None:
    """The condition that is a search, if one is."""
    return next(filter(None, map(_MATCHING.fullmatch, where)), None)


def of_each(clause: str) -> str:
    """A search looks into one article, where Datasette gathers all finds."""
    matching = _MATCHING.fullmatch(clause)
    if matching is None:
        return clause
    table = matching["table"]
    return f"EXISTS (SELECT 1 FROM {table} WHERE {matching['match']} AND {table}.rowid = articles.rowid)"


def of_all(clause: str, before: str) -> str:
    """A search looks once for all of the articles that are looked at."""
    matching = _MATCHING.fullmatch(clause)
    if matching is None:
        return clause
    found = f"SELECT rowid AS place FROM {matching['table']} WHERE {matching['match']} ORDER BY rowid DESC LIMIT -1"
    return f"articles.rowid IN (SELECT place FROM ({found}) WHERE place IN ({_LOOKED_AT.format(before=before)}))"


async def are_many(database: Any, matching: re.Match[str], params: Mapping[str, Any], limit: int) -> bool:
    """Whether a search finds more than are quickly read one by one."""
    finds = f"SELECT 1 FROM {matching['table']} WHERE {matching['match']} LIMIT 1 OFFSET {FEW}"
    try:
        return bool((await database.execute(finds, params, custom_time_limit=limit)).rows)
    except QueryInterrupted:
        return True


async def understood(
    database: Any, table: str, where: Sequence[str], params: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    """Conditions and parameters in which Datasette's searches are in the words of FTS5.

    Beginnings of so many words that their places in the index are too many are looked for in the articles, as their
    page does; where nothing else is wanted, each article is also asked for what is not.
    """
    conditions, given = list(where), dict(params)
    for name, typed in params.items():
        if not name.startswith("search"):
            continue
        query = searching.read(typed)
        frequent = await _frequent(database, query) if table == "articles" else []
        rest, asked = query.without(frequent), f"escape_fts(:{name})"
        given[name] = rest.expression
        if frequent and not rest.wanted:
            conditions = [clause for clause in conditions if asked not in clause]
            if rest.unwanted:
                given[name] = " OR ".join(term.expression for term in rest.unwanted)
                conditions.append(
                    "NOT EXISTS (SELECT 1 FROM articles_fts"
                    f" WHERE articles_fts MATCH :{name} AND articles_fts.rowid = articles.rowid)"
                )
        conditions = [clause.replace(asked, f":{name}") for clause in conditions]
        for n, term in enumerate(frequent):
            there = "= 0" if term in query.unwanted else "> 0"
            conditions.append(f"instr(' ' || articles.lemmas, :{name}_{n}) {there}")
            given[f"{name}_{n}"] = f" {term.prefix}"
    return conditions, given


async def _frequent(database: Any, query: Query) -> list[Term]:
    terms = (*query.wanted, *query.unwanted) if query.wanted else ()
    return [term for term in terms if term.prefix and await finding.is_frequent(database, term)]
