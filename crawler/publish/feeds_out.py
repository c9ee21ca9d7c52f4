"""Atom and JSON Feed of every search and filter that shows articles (RFC 4287, jsonfeed.org 1.1)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasette.utils import tilde_encode
from datasette.utils.asgi import Response
from lxml import etree

from crawler.publish import DATABASE, labels
from crawler.publish.lists import address, page_address, plain, title_of
from crawler.publish.polish import WARSAW, today
from crawler.publish.validators import validated

ATOM = "http://www.w3.org/2005/Atom"
NAMESPACE = uuid.UUID("6f1d2b0e-5f0c-5b5e-9a57-77696573c69b")
"""Of the identifiers that subscribers remember: the same entry has the same one on every server."""
NEVER = "1970-01-01T00:00:00.000Z"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ENTRIES = """
SELECT articles.id, articles.title, articles.lead, articles.text, articles.url, articles.published, articles.author,
  articles.language, articles.kind, articles.first_seen, coalesce(articles.changed, articles.first_seen) AS updated,
  articles.gone, offices.name AS office, offices.url AS office_url
FROM articles JOIN offices ON offices.id = articles.office
WHERE articles.id IN (SELECT value FROM json_each(:ids))
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One article as both feeds tell it."""

    id: str
    title: str
    page: str
    """Its page here."""
    source: str | None
    """Its page at the office, where that is an address of the web."""
    published: str | None
    """RFC 3339; a day without an hour begins at midnight in Warsaw; None where no day is known."""
    updated: str
    summary: str
    text: str
    author: str
    office: str
    kind: str
    language: str | None


def articles_in(columns: Sequence[str], rows: Sequence[Any], table: str | None) -> list[str]:
    """The ids of the articles these rows are about, each once, in their order."""
    column = article_column(columns, table)
    if column is None:
        return []
    index = list(columns).index(column)
    return list(dict.fromkeys(str(value) for row in rows if (value := plain(row)[index]) is not None))


def article_column(columns: Sequence[str], table: str | None) -> str | None:
    wanted = ("id",) if table == "articles" else ("article", "first_article") if table else ("artykul",)
    return next((name for name in wanted if name in columns), None)


def can_feed(columns: Sequence[str], table: str | None, view_name: str, database: str) -> bool:
    return database == DATABASE and view_name != "row" and article_column(columns, table) is not None


async def atom(
    datasette: Any,
    columns: Sequence[str],
    rows: Sequence[Any],
    database: str,
    table: str | None,
    query_name: str | None,
    request: Any,
    data: Mapping[str, Any],
) -> Any:
    entries, updated, changed = await _entries(datasette, request, database, articles_in(columns, rows, table), table)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "pl")
    here = address(datasette, request)
    _add(feed, "id", _urn("list", _identity(request)))
    _add(feed, "title", title_of(datasette, request, database, table, query_name))
    _add(feed, "updated", updated)
    _add(feed, "generator", "Wieści")
    _add(feed, "link", rel="self", type="application/atom+xml", href=here)
    _add(feed, "link", rel="alternate", type="text/html", href=page_address(datasette, request))
    if data.get("next_url"):
        _add(feed, "link", rel="next", type="application/atom+xml", href=data["next_url"])
    for one in entries:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "id", _urn("article", one.id))
        _add(entry, "title", one.title)
        _add(entry, "updated", one.updated)
        if one.published:
            _add(entry, "published", one.published)
        author = etree.SubElement(entry, f"{{{ATOM}}}author")
        _add(author, "name", one.office)
        _add(entry, "link", rel="alternate", type="text/html", href=one.source or one.page)
        if one.source:
            _add(entry, "link", rel="related", type="text/html", href=one.page)
        _add(entry, "category", term=one.kind, label=labels.label("articles", "kind", one.kind) or one.kind)
        _add(entry, "summary", one.summary or one.title)
        _add(entry, "content", one.text, type="text")
    body = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return validated(request, Response(body, content_type="application/atom+xml; charset=utf-8"), changed)


async def json_feed(
    datasette: Any,
    columns: Sequence[str],
    rows: Sequence[Any],
    database: str,
    table: str | None,
    query_name: str | None,
    request: Any,
    data: Mapping[str, Any],
) -> Any:
    entries, _, changed = await _entries(datasette, request, database, articles_in(columns, rows, table), table)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(datasette, request, database, table, query_name),
        "home_page_url": page_address(datasette, request),
        "feed_url": address(datasette, request),
        "language": "pl",
        **({"next_url": data["next_url"]} if data.get("next_url") else {}),
        "items": [_item(one) for one in entries],
    }
    answer = Response(json.dumps(feed, ensure_ascii=False), content_type="application/feed+json; charset=utf-8")
    return validated(request, answer, changed)


def _item(one: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": _urn("article", one.id),
        "url": one.source or one.page,
        "title": one.title,
        "summary": one.summary or one.title,
        "content_text": one.text,
        "date_published": one.published,
        "date_modified": one.updated,
        "authors": [{"name": one.author or one.office}],
        "tags": [labels.label("articles", "kind", one.kind) or one.kind, one.office],
        "language": one.language,
        "_wiesci": {"id": one.id, "page": one.page, "office": one.office},
    }
    return {name: value for name, value in item.items() if value is not None}


async def _entries(
    datasette: Any, request: Any, database: str, ids: Sequence[str], table: str | None
) -> tuple[list[Entry], str, datetime]:
    """The articles in the order of their ids, when the newest of them last changed, and since when the list is so."""
    news = datasette.databases[database]
    found = {row["id"]: row for row in (await news.execute(ENTRIES, {"ids": json.dumps(ids)})).rows}
    entries = [_entry(datasette, request, database, found[one]) for one in ids if one in found]
    last = (await news.execute("SELECT max(coalesce(finished, started)) FROM runs")).first()[0] or NEVER
    return entries, max((entry.updated for entry in entries), default=last), since(last, table)


def since(last_run: str, table: str | None) -> datetime:
    """From when on a list may be what it is: the last run; for a ready question, which may ask for today, midnight."""
    run = datetime.fromisoformat(last_run)
    return run if table else max(run, datetime.fromisoformat(today()).replace(tzinfo=WARSAW))


def _entry(datasette: Any, request: Any, database: str, row: Any) -> Entry:
    page = datasette.absolute_url(request, datasette.urls.row(database, "articles", tilde_encode(row["id"])))
    return Entry(
        id=row["id"],
        title=_clean(row["title"]).strip() or "(bez tytułu)",
        page=page,
        source=_clean(row["url"]) if row["url"].startswith(("http://", "https://")) else None,
        published=_instant(row["published"]),
        updated=row["updated"],
        summary=_clean(row["lead"]),
        text=_clean(row["text"]),
        author=_clean(row["author"]),
        office=_clean(row["office"]),
        kind=row["kind"],
        language=row["language"],
    )


def _instant(published: str | None) -> str | None:
    """ "2024-03-05" -> "2024-03-05T00:00:00+01:00"; None for a month or a year: no day is known."""
    if not published or len(published) < 10:
        return None
    try:
        read = datetime.fromisoformat(published)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=WARSAW)).isoformat()


def _identity(request: Any) -> str:
    return str(request.full_path).replace(".atom", "", 1)


def _urn(kind: str, name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, f'{kind}/{name}')}"


def _clean(text: str | None) -> str:
    """Without what XML cannot hold."""
    return _NO_XML.sub("", text or "")


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> None:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _clean(value) for key, value in attributes.items()})
    if text is not None:
        element.text = _clean(text)
