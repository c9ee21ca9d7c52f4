""" "O danych": where everything comes from, what is missing, how it may be used, and whom to write to.

Every figure is counted from the database at the moment of asking.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from datasette.utils import tilde_encode
from datasette.utils.asgi import NotFound, Response

from crawler.publish import DATABASE, polish
from crawler.publish.coverage import Coverage, coverage
from crawler.publish.labels import voivodeships
from crawler.publish.pages import reports
from crawler.publish.public.prepared import edition_of

ADDRESS = "-/o-danych"
LONGEST_NAME = 120
"""Characters of a record's name that are shown; real ones are shorter."""

BY_KIND = "SELECT kind, count(*) AS count FROM offices GROUP BY kind ORDER BY 2 DESC, 1"
BY_REGION = "SELECT voivodeship, count(*) FROM offices GROUP BY 1"
BY_CONFIDENCE = "SELECT confidence, count(*) FROM offices GROUP BY 1"
CHECKED = "SELECT count(checked) FROM offices"
DOUBTS = "SELECT id, name, doubt FROM offices WHERE doubt IS NOT NULL ORDER BY name, id"
LICENCES = """
SELECT licence, count(*) AS count, min(name) AS example FROM offices GROUP BY licence
ORDER BY licence IS NULL, 2 DESC, licence
"""
POWIATS = """
SELECT count(*), sum(EXISTS (SELECT 1 FROM office_powiats WHERE office_powiats.teryt = places.teryt)) FROM places
WHERE level IN ('powiat', 'town')
"""
"""All and those that an office serves; a town of the register of places is a city with a powiat's rights."""
ARTICLES = "SELECT sum(articles) AS articles, sum(gone) AS gone, sum(undated) AS undated FROM office_counts"
LAST_RUN = "SELECT max(started) FROM runs"

_TABLES = {
    "articles": "SELECT id, title, url FROM articles WHERE id = :id UNION ALL"
    " SELECT articles.id, title, url FROM aliases JOIN articles ON articles.id = article WHERE aliases.id = :id",
    "calls": "SELECT id, coalesce(nullif(raw, ''), audience, 'Nabór') AS title, NULL AS url FROM calls WHERE id = :id",
    "offices": "SELECT id, name AS title, url FROM offices WHERE id = :id",
    "programmes": "SELECT id, name AS title, NULL AS url FROM programmes WHERE id = :id",
    "places": "SELECT teryt AS id, name AS title, NULL AS url FROM places WHERE teryt = :id",
}  # fmt: skip
_MAIL = re.compile(r"(?:mailto:)?([^@\s<>\"?&]+@[^@\s<>\"?&]+\.[^@\s<>\"?&.]+)")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to write to. `address` None: it is neither an e-mail address nor one of the web."""

    text: str
    address: str | None
    mail: bool = False


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a reader reports as wrong."""

    name: str
    title: str | None = None
    path: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class About:
    """Rows keep the column names of their queries."""

    coverage: Coverage
    kinds: Sequence[Any]
    regions_without: Sequence[str]
    nationwide: int
    """Sources that belong to no voivodeship."""
    confidence: dict[str, int]
    checked: int
    doubts: Sequence[Any]
    licences: Sequence[Any]
    served: int
    powiats: int
    """With the cities that have a powiat's rights, as in `served`."""
    articles: int
    gone: int
    undated: int
    last_run: str | None
    files: bool


def routes() -> list[tuple[str, Any]]:
    return [(rf"/{ADDRESS}$", page)]


async def page(datasette: Any, request: Any) -> Any:
    """`?zapis=articles/0123…` (or the id alone) names the record that a reader finds wrong."""
    news = datasette.databases.get(DATABASE)
    if news is None or not await news.table_exists("articles"):
        raise NotFound("this database is not of Wieści")
    record = await named(datasette, news, request.args.get("zapis") or request.args.get("rekord") or "")
    context = {
        "about": await about(datasette, news),
        "contact": contact(datasette),
        "record": record,
        "mailto": lambda one: mailto(one, record),
    }
    body = await datasette.render_template("o_danych.html", context, request=request)
    return Response.html(body)


async def about(datasette: Any, news: Any) -> About:
    async def rows(sql: str) -> Sequence[Any]:
        found: Sequence[Any] = (await news.execute(sql, page_size=10_000)).rows
        return found

    regions: dict[str | None, int] = dict(map(tuple, await rows(BY_REGION)))
    counts = (await rows(ARTICLES))[0]
    last_run = (await rows(LAST_RUN))[0][0]
    powiats, served = (await rows(POWIATS))[0]
    day = await rows("SELECT dzis_w_polsce()")
    return About(
        coverage=await coverage(datasette, news, day[0][0]),
        kinds=await rows(BY_KIND),
        regions_without=[name for code, name in voivodeships().items() if not regions.get(code)],
        nationwide=regions.get(None, 0),
        confidence=dict(map(tuple, await rows(BY_CONFIDENCE))),
        checked=(await rows(CHECKED))[0][0],
        doubts=await rows(DOUBTS),
        licences=await rows(LICENCES),
        served=served or 0,
        powiats=powiats,
        articles=counts["articles"] or 0,
        gone=counts["gone"] or 0,
        undated=counts["undated"] or 0,
        last_run=polish.day(last_run) if last_run else None,
        files=edition_of(datasette) is not None,
    )


def contact(datasette: Any) -> Contact | None:
    """What the operator has set: "contact" of the plugin's settings in the metadata, where it is $WIESCI_CONTACT.

    Where there is none, the address to which reports of mistakes go; None where there is neither.
    """
    settings = datasette.plugin_config("wiesci") or {}
    told = str(settings.get("contact") or reports.configured(datasette) or "").strip()[:200]
    if not told:
        return None
    found = _MAIL.fullmatch(told)
    if found:
        return Contact(text=found[1], address=f"mailto:{quote(found[1], safe='@.+-_')}", mail=True)
    parts = urlsplit(told)
    if parts.scheme in ("http", "https") and parts.hostname:
        return Contact(text=told, address=told)
    return Contact(text=told, address=None)


def mailto(one: Contact, record: Record | None) -> str | None:
    """The address with the record in the subject, where it is one of e-mail."""
    if not one.mail or record is None:
        return one.address
    return f"{one.address}?subject={quote(f'Wieści: błąd w zapisie {record.name}')}"


async def named(datasette: Any, news: Any, asked: str) -> Record | None:
    """The record of this name: `calls/0123…`, or an id alone. One that is not there keeps its name only."""
    name = asked.strip()[:LONGEST_NAME]
    if not name:
        return None
    table, _, id_ = name.rpartition("/")
    for candidate in [table] if table in _TABLES else [] if table else list(_TABLES):
        found = (await news.execute(_TABLES[candidate], {"id": id_})).first()
        if found is not None:
            return Record(
                name=f"{candidate}/{found['id']}",
                title=found["title"],
                path=datasette.urls.row(DATABASE, candidate, tilde_encode(found["id"])),
                url=found["url"] if str(found["url"]).startswith(("http://", "https://")) else None,
            )
    return Record(name=name)
