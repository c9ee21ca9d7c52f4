"""Atom and JSON Feed of every search and filter that leads to articles (RFC 4287, jsonfeed.org 1.1)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasette.utils import path_with_replaced_args, tilde_encode
from datasette.utils.asgi import Response
from lxml import etree

from crawler.publish import DATABASE, labels, latest, mishaps
from crawler.publish.answers import Settled
from crawler.publish.exports.tables import MOVED
from crawler.publish.lists import address, page_address, title_of
from crawler.publish.polish import WARSAW, today
from crawler.publish.validators import validated
from crawler.publish.when import instant

ATOM = "http://www.w3.org/2005/Atom"
NAMESPACE = uuid.UUID("6f1d2b0e-5f0c-5b5e-9a57-77696573c69b")
"""Of the identifiers that subscribers remember: the same entry has the same one on every server."""
NEVER = "1970-01-01T00:00:00.000Z"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ORDER = "Najpierw to, co przybyło, zmieniło się albo zniknęło u źródła ostatnio."
GONE = "Strona zniknęła u źródła"
NO_FEED = "Ta lista nie prowadzi do artykułów, więc nie ma kanału. Można ją pobrać jako plik."

ENTRIES = f"""
SELECT articles.id, articles.title, articles.lead, articles.text, articles.url, articles.published, articles.author,
  articles.language, articles.kind, {MOVED.format("articles")} AS updated, articles.gone, articles.gone_reason,
  offices.name AS office
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
    gone: str | None
    """Since when its page is not there any more."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What both formats tell of a list."""

    entries: Sequence[Entry]
    updated: str
    """When the newest of them became different."""
    changed: datetime
    """Since when the list may be what it is."""
    following: str | None
    """The address of the next page."""


def article_column(columns: Sequence[str], table: str | None) -> str | None:
    wanted = ("id",) if table == "articles" else ("article", "first_article") if table else ("artykul",)
    return next((name for name in wanted if name in columns), None)


def can_feed(columns: Sequence[str], table: str | None, view_name: str, database: str) -> bool:
    return database == DATABASE and view_name != "row" and latest.leads_to_articles(table, columns)


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
    told = await _feed(datasette, request, database, table, data)
    if told is None:
        return await no_feed(datasette, request, NO_FEED)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "pl")
    here = address(datasette, request)
    _add(feed, "id", _urn("list", _identity(request)))
    _add(feed, "title", title_of(datasette, request, database, table, query_name))
    _add(feed, "subtitle", ORDER)
    _add(feed, "updated", told.updated)
    _add(feed, "generator", "Wieści")
    _add(feed, "link", rel="self", type="application/atom+xml", href=here)
    _add(feed, "link", rel="alternate", type="text/html", href=page_address(datasette, request))
    if told.following:
        _add(feed, "link", rel="next", type="application/atom+xml", href=told.following)
    for one in told.entries:
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
        if one.gone:
            _add(entry, "category", term="gone", label=GONE)
        _add(entry, "summary", one.summary or one.title)
        _add(entry, "content", one.text, type="text")
    body = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return validated(request, Response(body, content_type="application/atom+xml; charset=utf-8"), told.changed)


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
    told = await _feed(datasette, request, database, table, data)
    if told is None:
        return await no_feed(datasette, request, NO_FEED)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(datasette, request, database, table, query_name),
        "home_page_url": page_address(datasette, request),
        "feed_url": address(datasette, request),
        "description": ORDER,
        "language": "pl",
        **({"next_url": told.following} if told.following else {}),
        "items": [_item(one) for one in told.entries],
    }
    answer = Response(json.dumps(feed, ensure_ascii=False), content_type="application/feed+json; charset=utf-8")
    return validated(request, answer, told.changed)


async def no_feed(datasette: Any, request: Any, why: str) -> Any:
    """That this list cannot be subscribed to in that way, rather than a feed in which nothing ever comes."""
    page = await mishaps.answer(datasette, request, 404, mishaps.MESSAGES[404], why)
    return Settled(page.body, status=404, headers=page.headers, content_type=page.content_type)


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
        "tags": [labels.label("articles", "kind", one.kind) or one.kind, one.office, *([GONE] if one.gone else [])],
        "language": one.language,
        "_wiesci": {"id": one.id, "page": one.page, "office": one.office, "gone": one.gone},
    }
    return {name: value for name, value in item.items() if value is not None}


async def _feed(datasette: Any, request: Any, database: str, table: str | None, page: Mapping[str, Any]) -> Feed | None:
    """None: nothing in the list leads to articles."""
    if database != DATABASE or not latest.leads_to_articles(table, page.get("columns") or ()):
        return None
    news = datasette.databases[database]
    if table:
        chosen = await latest.of_list(datasette, request, news, table, page)
    else:
        chosen = await latest.of_question(datasette, request, news, page)
    given = {"ids": json.dumps(chosen.ids)}
    found = {row["id"]: row for row in (await news.execute(ENTRIES, given, truncate=False)).rows}
    entries = [_entry(datasette, request, database, found[one]) for one in chosen.ids if one in found]
    last = (await news.execute("SELECT max(coalesce(finished, started)) FROM runs")).first()[0] or NEVER
    following = chosen.before and path_with_replaced_args(request, {latest.BEFORE: chosen.before})
    return Feed(
        entries=entries,
        updated=max((entry.updated for entry in entries), default=last),
        changed=since(last, table),
        following=following and datasette.absolute_url(request, following),
    )


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
        summary=" ".join(filter(None, (_gone(row), _clean(row["lead"])))),
        text=_clean(row["text"]),
        author=_clean(row["author"]),
        office=_clean(row["office"]),
        kind=row["kind"],
        language=row["language"],
        gone=row["gone"],
    )


def _gone(row: Any) -> str:
    if not row["gone"]:
        return ""
    why = labels.label("articles", "gone_reason", row["gone_reason"])
    return f"{GONE} ({instant(row['gone'])}{f'; {why}' if why else ''})."


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
