"""The rows of what an article says: dates, amounts, places, calls, programmes, organisations, quantities. Pure."""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping
from typing import Any

from crawler.rows import Row, digest
from normalize.model import Article, Office, Organisation, Programme


def tables(office: Office, article: Article) -> Mapping[str, list[Row]]:
    """Table -> its rows, without the column that names the article."""
    return {
        "dates": [
            {
                "position": n,
                "role": when.role,
                "start": when.start,
                "end": when.end,
                "precision": when.precision,
                "first_day": _edge(when.start, last=False),
                "last_day": _edge(when.end, last=True),
                "inferred": int(when.inferred),
                **_found(when, block=True),
            }
            for n, when in enumerate(article.facts.dates)
        ],
        "amounts": [
            {
                "position": n,
                "grosze": amount.grosze,
                "grosze_to": amount.grosze_to,
                "currency": amount.currency,
                "role": amount.role,
                "approximate": int(amount.approximate),
                "raws": json.dumps([one.raw for one in amount.mentions], ensure_ascii=False),
                **_found(amount, block=True),
            }
            for n, amount in enumerate(article.facts.amounts)
        ],
        "article_places": [
            {"teryt": place.teryt, "level": place.level, "name": place.name, **_found(place, block=True)}
            for place in article.facts.places
        ],
        "call_facts": _call_facts(office, article),
        "article_programmes": [
            {"programme": _programme_id(programme), "number": programme.number, **_found(programme)}
            for programme in article.facts.programmes
        ],
        "article_organisations": [
            {"organisation": _organisation_id(organisation), **_found(organisation)}
            for organisation in article.facts.organisations
        ],
        "quantities": [
            {
                "position": n,
                "value": float(quantity.value),
                "unit": quantity.unit,
                "counted": quantity.of,
                "approximate": int(quantity.approximate),
                **_found(quantity, block=True),
            }
            for n, quantity in enumerate(article.facts.quantities)
        ],
    }


def programmes(article: Article) -> list[Row]:
    """What the article speaks of, each once."""
    named = {_programme_id(one): one.name for one in article.facts.programmes}
    return [{"id": key, "name": name} for key, name in named.items()]


def organisations(article: Article) -> list[Row]:
    named = {_organisation_id(one): one for one in article.facts.organisations}
    return [{"id": key, "name": one.name, "kind": one.kind} for key, one in named.items()]


def _call_facts(office: Office, article: Article) -> list[Row]:
    return [
        {
            "position": n,
            "office": office.id,
            "title": article.title,
            "published": article.published,
            "opens": call.opens,
            "closes": call.closes,
            "open_ended": call.open_ended,
            "event": call.event,
            "audience": call.audience,
            "grosze": call.amount.grosze if call.amount else None,
            "grosze_to": call.amount.grosze_to if call.amount else None,
            "currency": call.amount.currency if call.amount else None,
            "programme": call.programme,
            "place": call.where,
            **_found(call),
        }
        for n, call in enumerate(article.facts.calls)
    ]


def _programme_id(programme: Programme) -> str:
    return programme.id or f"projekt-{digest(programme.name)}"


def _organisation_id(organisation: Organisation) -> str:
    return digest(f"{organisation.kind}\n{organisation.name}")


def _found(fact: Any, *, block: bool = False) -> Row:
    row = {"raw": fact.raw, "method": fact.method, "sure": fact.sure}
    return {**row, "block": fact.block} if block else row


def _edge(value: str | None, *, last: bool) -> str | None:
    """The first or last day of a contract date ("2024-Q3" -> 2024-07-01 or 2024-09-30); None without a year."""
    if value is None or value.startswith("--"):
        return None
    year = int(value[:4])
    rest = value[5:]
    if not rest:
        months = (1, 12)
    elif rest[0] == "Q":
        months = (int(rest[1]) * 3 - 2, int(rest[1]) * 3)
    elif rest[0] == "H":
        months = (int(rest[1]) * 6 - 5, int(rest[1]) * 6)
    elif len(rest) == 2:
        months = (int(rest), int(rest))
    else:
        return value[:10]
    month = months[1] if last else months[0]
    day = calendar.monthrange(year, month)[1] if last else 1
    return f"{year:04d}-{month:02d}-{day:02d}"
