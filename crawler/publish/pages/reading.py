"""The page of an article: its text with the words of each value marked, and everything known about it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils import tilde_encode

from crawler.publish.labels import label
from crawler.publish.pages import calls_shown, reports
from crawler.publish.pages.calls_shown import ShownCall
from crawler.publish.pages.corrected import Corrected, corrections
from crawler.publish.pages.found import Found, Section, found
from crawler.publish.pages.marking import TITLE, Piece, cells, mark
from crawler.publish.pages.revised import History, history
from crawler.publish.when import apart
from normalize.identity import address

MOST_COPIES = 20
MOST_ADDRESSES = 20
_ITEM = "• "

_BLOCKS = "SELECT position, kind, text, plate FROM blocks WHERE article = :id ORDER BY position"
_ATTACHMENTS = "SELECT * FROM attachments WHERE article = :id ORDER BY position"
_IMAGES = "SELECT * FROM images WHERE article = :id ORDER BY position"
_TOPICS = (
    "SELECT topics.id, topics.name FROM article_topics JOIN topics ON topics.id = topic WHERE article = :id"
    " ORDER BY topics.name"
)
_CALLS = (
    "SELECT calls.*, offices.name AS office_name FROM call_articles JOIN calls ON calls.id = call_articles.call"
    " JOIN offices ON offices.id = calls.office WHERE call_articles.article = :id ORDER BY calls.closes, calls.id"
)
_COPIES = f"""
SELECT articles.id, articles.title, articles.published, articles.first_seen, articles.office,
  offices.name AS office_name, articles.id = clusters.first_article AS first, clusters.size
FROM clusters JOIN articles ON articles.cluster = clusters.id JOIN offices ON offices.id = articles.office
WHERE clusters.id = :cluster
ORDER BY articles.id != clusters.first_article, coalesce(articles.published, substr(articles.first_seen, 1, 10)),
  articles.first_seen, articles.id LIMIT {MOST_COPIES}
"""
_ADDRESSES = f"SELECT url, kind FROM addresses WHERE article = :id ORDER BY url LIMIT {MOST_ADDRESSES}"
_ALIASES = f"SELECT id FROM aliases WHERE article = :id ORDER BY id LIMIT {MOST_ADDRESSES}"
_NEIGHBOUR = "SELECT id, title, published FROM articles WHERE office = :office AND "
OLDER = (
    _NEIGHBOUR + "published IS :published AND id > :id ORDER BY id LIMIT 1",
    _NEIGHBOUR + "published < :published ORDER BY published DESC, id LIMIT 1",
    _NEIGHBOUR + "published IS NULL AND :published IS NOT NULL ORDER BY id LIMIT 1",
)
NEWER = (
    _NEIGHBOUR + "published IS :published AND id < :id ORDER BY id DESC LIMIT 1",
    _NEIGHBOUR + "published > coalesce(:published, '') ORDER BY published, id DESC LIMIT 1",
)
"""The first that gives a row: the order of an office's list, articles without a date at its end."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Paragraphs, items or rows that follow each other; a heading and a lead stand alone."""

    kind: str
    parts: Sequence[Any]
    """Pieces of each; of a table's row, the pieces of each cell."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    id: str
    title: str | None
    published: str | None
    office: str
    office_name: str
    first: bool
    later: int | None
    """Days after the first."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    label: str
    address: str | None
    """None where the link is no address of the web."""
    type: str
    bytes: int | None


@dataclass(frozen=True, kw_only=True)
class Image:
    address: str | None
    caption: str
    credit: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the page of an article shows beside its row."""

    office: Any
    title: Sequence[Piece]
    story: Sequence[Group]
    plates: Sequence[str]
    sections: Sequence[Section]
    values: Mapping[str, Found]
    """By anchor."""
    standing: Mapping[str, int]
    """Values whose words are marked."""
    places: Mapping[str, int]
    """In how many places."""
    calls: Sequence[ShownCall]
    attachments: Sequence[Attachment]
    images: Sequence[Image]
    topics: Sequence[Any]
    history: History
    corrected: Sequence[Corrected]
    copies: Sequence[Copy]
    copies_in_all: int
    older: Any
    newer: Any
    addresses: Sequence[Any]
    aliases: Sequence[str]
    report: str

    def told(self, value: str) -> str:
        """What a mark says of its value: "pula: 12 450 000,00 zł"."""
        one = self.values[value]
        return f"{one.what}: {one.value}" if one.what else one.value


async def read(datasette: Any, database: Any, id: str, *, day: str, request: Any) -> Reading | None:
    """None where there is no such article."""
    row = (await database.execute("SELECT * FROM articles WHERE id = :id", {"id": id})).first()
    if row is None:
        return None

    async def rows(sql: str) -> Sequence[Any]:
        given = {name: row[name] for name in ("id", "office", "published", "cluster")}
        return list((await database.execute(sql, given)).rows)

    blocks = await rows(_BLOCKS)
    shown = [(one["position"], one["kind"], one["text"]) for one in blocks if not one["plate"]] or _lines(row["text"])
    sections = await found(database, row)
    values = {one.anchor: one for section in sections for one in section.found}
    texts = {**{position: text for position, _, text in shown}, TITLE: row["title"] or ""}
    marked = await asyncio.to_thread(mark, texts, [one.quoted for one in values.values() if not one.outside])
    copies = await rows(_COPIES) if row["cluster"] else []
    office = (await database.execute("SELECT * FROM offices WHERE id = :office", {"office": row["office"]})).first()
    page = datasette.absolute_url(request, datasette.urls.row(database.name, "articles", tilde_encode(id)))
    return Reading(
        office=office,
        title=marked.pieces[TITLE],
        story=list(_groups(shown, marked.pieces)),
        plates=[one["text"] for one in blocks if one["plate"]],
        sections=sections,
        values=values,
        standing=marked.standing,
        places=marked.places,
        calls=await calls_shown.shown(database, await rows(_CALLS), day),
        attachments=[_attachment(one) for one in await rows(_ATTACHMENTS)],
        images=[_image(one) for one in await rows(_IMAGES)],
        topics=await rows(_TOPICS),
        history=await history(database, id),
        corrected=await corrections(database, [id]),
        copies=[_copy(one, copies[0]) for one in copies],
        copies_in_all=copies[0]["size"] if copies else 0,
        older=await _first(rows, OLDER),
        newer=await _first(rows, NEWER),
        addresses=[one for one in await rows(_ADDRESSES) if one["url"] not in (row["url"], address(row["url"]))],
        aliases=[one["id"] for one in await rows(_ALIASES)],
        report=reports.report_address(datasette, record=f"articles/{id}", title=row["title"] or "", page=page),
    )


async def _first(rows: Any, questions: Sequence[str]) -> Any:
    for sql in questions:
        if told := await rows(sql):
            return told[0]
    return None


def _lines(text: str) -> list[tuple[int, str, str]]:
    """The text's lines as blocks, where the blocks themselves are not kept."""
    return [
        (position, "item" if line.startswith(_ITEM) else "paragraph", line.removeprefix(_ITEM))
        for position, line in enumerate(text.split("\n"))
    ]


def _groups(blocks: Sequence[tuple[int, str, str]], pieces: Mapping[int, Sequence[Piece]]) -> Iterator[Group]:
    kind, parts = "", list[Any]()
    for position, one, _ in blocks:
        if one != kind or kind not in ("item", "table", "paragraph"):
            if parts:
                yield Group(kind=kind, parts=parts)
            kind, parts = one, []
        parts.append(cells(pieces[position]) if one == "table" else pieces[position])
    if parts:
        yield Group(kind=kind, parts=parts)


def _copy(row: Any, first: Any) -> Copy:
    return Copy(
        id=row["id"],
        title=row["title"],
        published=row["published"],
        office=row["office"],
        office_name=row["office_name"],
        first=bool(row["first"]),
        later=apart(first["published"], row["published"]),
    )


def _attachment(row: Any) -> Attachment:
    return Attachment(
        label=row["label"],
        address=_web(row["url"]),
        type=label("attachments", "media_type", row["media_type"]) or row["media_type"] or "",
        bytes=row["declared_bytes"],
    )


def _image(row: Any) -> Image:
    return Image(
        address=_web(row["url"]),
        caption=row["caption"] or row["alt"] or "Zdjęcie bez podpisu",
        credit=row["credit"] or "",
    )


def _web(url: str) -> str | None:
    return url if url.startswith(("http://", "https://")) else None
