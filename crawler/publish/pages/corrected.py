"""What a person has corrected, as the pages of an article and of a call tell it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.labels import label
from crawler.publish.polish import decimal, money
from crawler.publish.when import moment, span
from crawler.written import money_of

_OF_ARTICLES = (
    "SELECT corrections.*, articles.title FROM corrections JOIN articles ON articles.id = corrections.article"
    " WHERE corrections.article IN (SELECT value FROM json_each(:articles)) AND corrections.state = 'applied'"
    " ORDER BY corrections.article, corrections.day, corrections.field, corrections.id LIMIT 200"
)
_NAMES = {
    "place": "SELECT teryt, name FROM places WHERE teryt IN (SELECT value FROM json_each(:ids))",
    "programme": "SELECT id, name FROM programmes WHERE id IN (SELECT value FROM json_each(:ids))",
    "topic": "SELECT id, name FROM topics WHERE id IN (SELECT value FROM json_each(:ids))",
}
_CODES = {
    "kind": ("articles", "kind"),
    "language": ("articles", "language"),
    "call": ("calls", "event"),
    "call.open_ended": ("calls", "open_ended"),
    "call.event": ("calls", "event"),
    "date.role": ("dates", "role"),
    "amount.role": ("amounts", "role"),
}
_PARTS = ("opens", "closes", "open_ended", "event", "audience", "programme", "place")
"""Parts of a call, which are columns of `calls`."""

AWAY, UNKNOWN, NOTHING = "usunięto", "nie wiadomo", "nic"


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """One correction in force, in Polish."""

    what: str
    """ "koniec naboru"."""
    item: str
    """Which of several values, in the words of the line; "" where there is one."""
    value: str
    machine: str
    reason: str
    day: str
    article: str
    title: str


async def corrections(database: Any, articles: Sequence[str], *, call: Any = None) -> list[Corrected]:
    """Of these articles; with `call`, a row of `calls`, only what that call shows of them."""
    rows = (await database.execute(_OF_ARTICLES, {"articles": json.dumps(list(articles))})).rows
    rows = [row for row in rows if call is None or _shown_by(call, row)]
    names: dict[str, Mapping[str, str]] = {}
    for kind, sql in _NAMES.items():
        told = [row[side] for row in rows if _kind(row) == kind for side in ("value", "machine") if row[side]]
        ids = [one.partition(" ")[0] if kind == "place" else one for one in told]
        names[kind] = dict(map(tuple, (await database.execute(sql, {"ids": json.dumps(ids)})).rows)) if ids else {}
    return [
        Corrected(
            what=label("corrections", "field", row["field"]) or row["field"],
            item=row["item"] or "",
            value=_value(row, "value", names) or (AWAY if row["item"] and "." not in row["field"] else UNKNOWN),
            machine=_value(row, "machine", names) or NOTHING,
            reason=row["reason"].rstrip(". "),
            day=row["day"],
            article=row["article"],
            title=row["title"] or "",
        )
        for row in rows
    ]


def _shown_by(call: Any, row: Any) -> bool:
    """Whether this is what the call says: an article may tell of several."""
    kind, _, part = row["field"].partition(".")
    if kind != "call":
        return False
    if part == "amount":
        return bool((money_of(row["value"])[0] if row["value"] else None) == call["grosze"])
    return part in _PARTS and bool(call[part] == row["value"])


def _kind(row: Any) -> str:
    """What its value is: a place, a programme…"""
    whole, _, part = row["field"].partition(".")
    return part if (whole, part) == ("call", "programme") else str(row["field"])


def _value(row: Any, side: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """The value in Polish; "" where there is none."""
    value, field = row[side], row["field"]
    if not value:
        return ""
    if field in ("published", "modified", "call.opens", "call.closes"):
        return moment(value)
    if field == "date":
        start, stroke, end = value.partition("/")
        return span(start or None, (end or None) if stroke else start)
    if field in ("amount", "call.amount"):
        low, high, currency = money_of(value)
        return money(low, currency) + (f" – {money(high, currency)}" if high is not None else "")
    if field == "quantity":
        count, _, unit = value.partition(" ")
        return f"{decimal(float(count))} ({label('quantities', 'unit', unit) or unit})"
    if field in _CODES:
        code, _, window = value.partition(" ")
        start, _, end = window.partition("/")
        told = label(*_CODES[field], code) or code
        return f"{told}, {span(start or None, end or None)}" if window else told
    kind = _kind(row)
    if kind in names:
        return str(names[kind].get(value.partition(" ")[0] if kind == "place" else value, value))
    return str(value)
