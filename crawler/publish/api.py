"""The documented interface for programs: what is new, changed and gone since an instant, and what each column means."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from datasette.utils.asgi import Response

from crawler.publish import DATABASE, dictionary
from crawler.publish.exports.tables import MOVED

VERSION = "1"
"""Of the answers' form. Keys may come; none goes or changes its meaning."""
MOST = 1_000
USUAL = 200
START = "0000"
"""Before all captures."""
_CURSOR = re.compile(
    r"(?P<at>\d{4}(?:-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?Z?)?)?)(?:~(?P<epoch>[0-9a-f]{12}))?"
)

_INNER = ("lemmas",)
"""Columns for the search alone."""
_JSON = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
_AT = MOVED.format("articles")
DELTA = f"""
SELECT articles.*, {_AT} AS at, offices.name AS source_name, offices.licence AS source_licence
FROM articles JOIN offices ON offices.id = articles.office
WHERE {_AT} > :since AND {_AT} <= :until ORDER BY at, articles.id LIMIT :most
"""
ALL_OF_ONE_INSTANT = f"""
SELECT articles.*, {_AT} AS at, offices.name AS source_name, offices.licence AS source_licence
FROM articles JOIN offices ON offices.id = articles.office
WHERE {_AT} = :at AND articles.id > :after ORDER BY articles.id
"""
HORIZON = "SELECT min(substr(run, 1, 24)) FROM stale_runs"
"""Runs whose captures may still be on their way: what they have brought is told when their account is made."""
CORRECTED = "SELECT corrections.id, first_seen FROM corrections JOIN articles ON articles.id = article ORDER BY 1"
VERSIONS = "SELECT office, version, min(seen) AS first FROM understood GROUP BY office, version ORDER BY 1, 2"


def routes() -> list[tuple[str, Any]]:
    return [
        (r"/-/api$", guide),
        (r"/-/api/changes\.json$", changes),
        (r"/-/api/schema\.json$", schema),
        (r"/-/slownik$", words),
    ]


async def changes(datasette: Any, request: Any) -> Any:
    """`?since=CURSOR&limit=N` -> {"new", "changed", "gone", "cursor", "more", "reload", …}."""
    news = _news(datasette)
    asked = _CURSOR.fullmatch(request.args.get("since") or START)
    limit = request.args.get("limit") or str(USUAL)
    if asked is None or not limit.isdecimal() or not 1 <= int(limit) <= MOST:
        return _answer({"error": f"since: a cursor of an earlier answer; limit: 1 to {MOST}"}, status=400)
    since = asked["at"]
    if not asked["epoch"] and "." not in since:
        since = since.removesuffix("Z")  # typed by hand: whatever that second holds comes after it
    versions = (await news.execute(VERSIONS)).rows
    corrected = (await news.execute(CORRECTED)).rows
    if asked["epoch"] and asked["epoch"] != _epoch(versions, corrected, since):
        return _answer({"version": VERSION, "reload": True, "new": [], "changed": [], "gone": [], "cursor": None,
                        "more": False})  # fmt: skip
    horizon = (await news.execute(HORIZON)).first()[0]
    given = {"since": since, "until": horizon or "9999", "most": int(limit)}
    rows = list((await news.execute(DELTA, given)).rows)
    more = len(rows) == int(limit)
    if more:  # the cursor is an instant: all of its rows come together
        last = {"at": rows[-1]["at"], "after": rows[-1]["id"]}
        rows += (await news.execute(ALL_OF_ONE_INSTANT, last)).rows
    cursor = rows[-1]["at"] if rows else since
    taken = await _taken_down(news, since, cursor if more else "9999")
    answer = {
        "version": VERSION,
        "reload": False,
        "new": [_article(row) for row in rows if row["first_seen"] > since and not row["gone"]],
        "changed": [_article(row) for row in rows if row["first_seen"] <= since and not row["gone"]],
        "gone": [
            *({"id": row["id"], "at": row["gone"], "reason": row["gone_reason"]} for row in rows if row["gone"]),
            *await _merged(news, [row["id"] for row in rows]),
            *taken,
        ],
        "cursor": f"{cursor}~{_epoch(versions, corrected, cursor)}",
        "more": more,
    }
    return _answer(answer)


async def schema(datasette: Any, request: Any) -> Any:
    """JSON Schema (2020-12) of an answer of `changes`."""
    news = _news(datasette)
    described = datasette.table_metadata(news.name, "articles").get("columns") or {}
    columns = (await news.execute("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo('articles')")).rows
    properties = {
        row["name"]: {
            "type": [_JSON[row["type"]], *([] if row["notnull"] or row["pk"] else ["null"])],
            "title": dictionary.title(described.get(row["name"]), row["name"]),
            "description": described.get(row["name"], ""),
        }
        for row in columns
        if row["name"] not in _INNER
    }
    properties |= {
        "source_name": {"type": "string", "description": "Nazwa urzędu lub organizacji. / EN: name of the source."},
        "source_licence": {"type": ["string", "null"], "description": "Licencja źródła. / EN: licence of the source."},
    }
    article = {"type": "object", "properties": properties, "required": list(properties)}
    some = {"type": "array", "items": {"$ref": "#/$defs/article"}}
    gone = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "at": {"type": ["string", "null"]},
            "reason": {"type": ["string", "null"]},
            "article": {"type": "string", "description": "Artykuł, do którego dołączono ten identyfikator."},
        },
        "required": ["id", "at", "reason"],
    }
    answer = {
        "version": {"const": VERSION},
        "reload": {"type": "boolean", "description": "Zacznij od nowa bez since. / EN: start anew, without since."},
        "new": some,
        "changed": some,
        "gone": {"type": "array", "items": {"$ref": "#/$defs/gone"}},
        "cursor": {"type": ["string", "null"], "description": "Następne since. / EN: the next since."},
        "more": {"type": "boolean", "description": "Pytaj dalej od razu. / EN: ask on at once."},
    }
    return _answer(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": datasette.absolute_url(request, datasette.urls.path("-/api/schema.json")),
            "title": "Wieści: zmiany",
            "type": "object",
            "properties": answer,
            "required": list(answer),
            "$defs": {"article": article, "gone": gone},
        }
    )


async def guide(datasette: Any, request: Any) -> Any:
    """How programs ask, in Polish."""
    return Response.html(await datasette.render_template("api.html", {"most": MOST, "usual": USUAL}, request=request))


async def words(datasette: Any, request: Any) -> Any:
    """The data dictionary: every published table and column, in Polish and English."""
    news = _news(datasette)
    described = (datasette.metadata("databases") or {}).get(news.name, {}).get("tables") or {}
    tables = []
    for name, told in described.items():
        if told.get("allow") is False or told.get("hidden"):
            continue
        info = (await news.execute('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(:t)', {"t": name})).rows
        if info:
            tables.append({"name": name, "told": told, "columns": info})
    return Response.html(await datasette.render_template("slownik.html", {"tables": tables}, request=request))


def _article(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in row.keys() if name not in ("at", *_INNER)}  # noqa: SIM118 - a row of SQLite


async def _merged(news: Any, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Ids that now lead to one of these articles."""
    sql = "SELECT id, article FROM aliases WHERE article IN (SELECT value FROM json_each(:ids)) ORDER BY id"
    rows = (await news.execute(sql, {"ids": json.dumps(ids)})).rows
    return [{"id": row["id"], "at": None, "reason": "merged", "article": row["article"]} for row in rows]


async def _taken_down(news: Any, since: str, until: str) -> list[dict[str, Any]]:
    sql = "SELECT article, since FROM taken_down WHERE since > :since AND since <= :until ORDER BY since, article"
    rows = (await news.execute(sql, {"since": since, "until": until})).rows
    return [{"id": row["article"], "at": row["since"], "reason": "taken_down"} for row in rows]


def _epoch(versions: Sequence[Any], corrected: Sequence[Any], until: str) -> str:
    """By what all seen until then was understood and corrected: when that changes, earlier answers no longer hold."""
    told = [(row["office"], row["version"]) for row in versions if row["first"] <= until]
    told += [(row["id"], "") for row in corrected if row["first_seen"] <= until]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def _news(datasette: Any) -> Any:
    return datasette.databases[DATABASE]


def _answer(body: Any, *, status: int = 200) -> Any:
    headers = {"access-control-allow-origin": "*", "cache-control": "no-cache"}
    return Response(
        json.dumps(body, ensure_ascii=False), status=status, headers=headers,
        content_type="application/json; charset=utf-8",
    )  # fmt: skip
