"""The documented interface for programs: what is new, changed and gone since an instant, and what each column means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from datasette.utils.asgi import Response

from crawler.publish import DATABASE, dictionary, included
from crawler.publish.exports.tables import INNER, MOVED, TYPES
from crawler.publish.since import CORRECTED, HORIZON, VERSIONS, NotAnInstant, Since, cursor, epoch

VERSION = "1"
"""Of the answers' form. Keys may come; none goes or changes its meaning."""
MOST = 1_000
USUAL = 200
SINCE = "since: podaj cursor z poprzedniej odpowiedzi albo chwilę, np. 2026-03-02 albo 2026-03-02T10:00 (czas polski)"

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


def now() -> datetime:
    return datetime.now(UTC)


def routes() -> list[tuple[str, Any]]:
    return [
        (r"/-/api$", guide),
        (r"/-/api/changes\.json$", changes),
        (r"/-/api/schema\.json$", schema),
        (r"/-/slownik$", words),
    ]


async def changes(datasette: Any, request: Any) -> Any:
    """`?since=CURSOR&limit=N&include=FACTS` -> {"new", "changed", "gone", "cursor", "more", "reload", …}."""
    news = _news(datasette)
    limit = request.args.get("limit") or str(USUAL)
    try:
        asked = Since.read(request.args.get("since") or "")
        facts = included.asked(request.args.get("include"))
    except NotAnInstant as error:
        return _answer({"error": f"{SINCE} / EN: since: {error}"}, status=400)
    except included.NoSuchFacts as error:
        return _answer({"error": str(error)}, status=400)
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= MOST):
        return _answer({"error": f"limit: od 1 do {MOST} / EN: from 1 to {MOST}"}, status=400)
    since = asked.after
    if await _is_to_come(news, asked):
        return _answer({"error": f"{SINCE}; ta dopiero nadejdzie / EN: since lies in the future"}, status=400)
    versions = (await news.execute(VERSIONS)).rows
    corrected = (await news.execute(CORRECTED)).rows
    if asked.epoch and asked.epoch != epoch(versions, corrected, since):
        return _answer({"version": VERSION, "reload": True, "new": [], "changed": [], "gone": [], "cursor": None,
                        "more": False})  # fmt: skip
    horizon = (await news.execute(HORIZON)).first()[0]
    given = {"since": since, "until": horizon or "9999", "most": int(limit)}
    rows = list((await news.execute(DELTA, given)).rows)
    more = len(rows) == int(limit)
    if more:  # the cursor is an instant: all of its rows come together
        last = {"at": rows[-1]["at"], "after": rows[-1]["id"]}
        rows += (await news.execute(ALL_OF_ONE_INSTANT, last)).rows
    reached = rows[-1]["at"] if rows else since
    taken = await _taken_down(news, since, reached if more else "9999")
    told = await included.of_articles(news, facts, [row["id"] for row in rows if not row["gone"]])
    answer = {
        "version": VERSION,
        "reload": False,
        "new": [_article(row) | told[row["id"]] for row in rows if row["first_seen"] > since and not row["gone"]],
        "changed": [_article(row) | told[row["id"]] for row in rows if row["first_seen"] <= since and not row["gone"]],
        "gone": [
            *({"id": row["id"], "at": row["gone"], "reason": row["gone_reason"]} for row in rows if row["gone"]),
            *await _merged(news, [row["id"] for row in rows]),
            *taken,
        ],
        "cursor": cursor(reached, epoch(versions, corrected, reached)),
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
            "type": [TYPES[row["type"]], *([] if row["notnull"] or row["pk"] else ["null"])],
            "title": dictionary.title(described.get(row["name"]), row["name"]),
            "description": described.get(row["name"], ""),
        }
        for row in columns
        if row["name"] != INNER
    }
    required = [*properties, "source_name", "source_licence"]
    properties |= {
        "source_name": {"type": "string", "description": "Nazwa urzędu lub organizacji. / EN: name of the source."},
        "source_licence": {"type": ["string", "null"], "description": "Licencja źródła. / EN: licence of the source."},
    }
    facts = {}
    for name, kind in included.ALL.items():
        table = datasette.table_metadata(news.name, kind.table)
        facts[name] = await included.schema(news, name, table.get("columns") or {})
        properties[name] = {
            "type": "array",
            "items": {"$ref": f"#/$defs/{name}"},
            "description": f"{table.get('title')}: gdy poproszono o nie w include. / EN: where include asks for them.",
        }
    article = {"type": "object", "properties": properties, "required": required}
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
            "$defs": {"article": article, "gone": gone, **facts},
        }
    )


async def guide(datasette: Any, request: Any) -> Any:
    """How programs ask, in Polish."""
    context = {"most": MOST, "usual": USUAL, "facts": list(included.ALL), "everything": included.EVERYTHING}
    return Response.html(await datasette.render_template("api.html", context, request=request))


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
    return {name: row[name] for name in row.keys() if name not in ("at", INNER)}  # noqa: SIM118 - a row of SQLite


async def _is_to_come(news: Any, asked: Since) -> bool:
    """Later than this clock and than all that is known: its cursor would pass over what comes until then."""
    if asked.after <= Since.of(now()).after:
        return False
    return bool((await news.execute(f"SELECT coalesce(max({_AT}), '') < ? FROM articles", [asked.after])).first()[0])


async def _merged(news: Any, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Ids that now lead to one of these articles."""
    sql = "SELECT id, article FROM aliases WHERE article IN (SELECT value FROM json_each(:ids)) ORDER BY id"
    rows = (await news.execute(sql, {"ids": json.dumps(ids)})).rows
    return [{"id": row["id"], "at": None, "reason": "merged", "article": row["article"]} for row in rows]


async def _taken_down(news: Any, since: str, until: str) -> list[dict[str, Any]]:
    sql = "SELECT article, since FROM taken_down WHERE since > :since AND since <= :until ORDER BY since, article"
    rows = (await news.execute(sql, {"since": since, "until": until})).rows
    return [{"id": row["article"], "at": row["since"], "reason": "taken_down"} for row in rows]


def _news(datasette: Any) -> Any:
    return datasette.databases[DATABASE]


def _answer(body: Any, *, status: int = 200) -> Any:
    headers = {"access-control-allow-origin": "*", "cache-control": "no-cache"}
    return Response(
        json.dumps(body, ensure_ascii=False), status=status, headers=headers,
        content_type="application/json; charset=utf-8",
    )  # fmt: skip
