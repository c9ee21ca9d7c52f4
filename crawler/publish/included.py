"""What `include` adds to each article of the deltas: the facts that belong to it, as their tables hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.exports.tables import TYPES


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The rows of one table that belong to articles."""

    table: str
    """Whose columns they have."""
    rows: str
    """SQL: the article and the row's own columns {columns}, in the order in which the article says them."""
    order: str


def _own(table: str, order: str = "position") -> Facts:
    return Facts(table=table, rows=f"{table} AS t", order=order)


ALL: Mapping[str, Facts] = {
    "calls": Facts(
        table="calls", rows="call_articles AS told CROSS JOIN calls AS t ON t.id = told.call", order="t.closes, t.id"
    ),
    "amounts": _own("amounts"),
    "dates": _own("dates"),
    "quantities": _own("quantities"),
    "places": _own("article_places", "teryt, level"),
    "programmes": _own("article_programmes", "programme"),
    "organisations": _own("article_organisations", "organisation"),
    "topics": _own("article_topics", "topic"),
    "attachments": _own("attachments"),
    "images": _own("images"),
}
"""By the name it is asked for, which is the key of the answer, too."""
EVERYTHING = "all"


class NoSuchFacts(ValueError):
    """The message names what can be asked for."""

    def __init__(self, name: str) -> None:
        known = ", ".join((*ALL, EVERYTHING))
        super().__init__(f"include: nie ma '{name[:40]}'; można podać / EN: known are: {known}")


def asked(text: str | None) -> Sequence[str]:
    """`calls,amounts` -> the names, each once. Raises NoSuchFacts."""
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    for name in names:
        if name not in ALL and name != EVERYTHING:
            raise NoSuchFacts(name)
    return list(ALL) if EVERYTHING in names else list(dict.fromkeys(names))


async def columns(news: Any, facts: Facts) -> list[Any]:
    """name, type, notnull, pk of what a fact tells: all columns of its table but the article it belongs to."""
    info = (await news.execute('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(:t)', {"t": facts.table})).rows
    return [row for row in info if row["name"] != "article"]


async def of_articles(news: Any, names: Sequence[str], ids: Sequence[str]) -> dict[str, dict[str, list[Any]]]:
    """Article -> name -> its facts; every name is there, with [] where the article has none."""
    told: dict[str, dict[str, list[Any]]] = {id: {name: [] for name in names} for id in ids}
    for name in names:
        facts = ALL[name]
        own = [row["name"] for row in await columns(news, facts)]
        owner = "told.article" if facts.table == "calls" else "t.article"
        listed = ", ".join(f't."{column}"' for column in own)
        sql = (
            f"SELECT {owner} AS article_, {listed} FROM json_each(:ids) AS wanted CROSS JOIN {facts.rows}"
            f" WHERE {owner} = wanted.value ORDER BY {facts.order}"
        )
        for row in (await news.execute(sql, {"ids": json.dumps(ids)}, truncate=False)).rows:
            told[row["article_"]][name].append({column: row[column] for column in own})
    return told


async def schema(news: Any, name: str, described: Mapping[str, str]) -> dict[str, Any]:
    """JSON Schema of one fact. `described`: column -> its words in the data dictionary."""
    properties = {
        row["name"]: {
            "type": [TYPES[row["type"]], *([] if row["notnull"] or row["pk"] else ["null"])],
            "description": described.get(row["name"], ""),
        }
        for row in await columns(news, ALL[name])
    }
    return {"type": "object", "properties": properties, "required": list(properties)}
