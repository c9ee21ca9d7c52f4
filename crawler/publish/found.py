"""What was read from one article, each value beside the words it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from crawler.publish.cells import outward
from crawler.publish.labels import label
from crawler.publish.polish import day, money, size

MOST = 40


@dataclass(frozen=True, kw_only=True)
class Found:
    """One value as shown, what it is, and the words of the page."""

    value: str | Markup
    what: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    title: str
    table: str
    """Where the rows stand, whole."""
    found: Sequence[Found]


async def found(database: Any, article: str) -> Sequence[Section]:
    """The sections that have something to show; each shows at most forty values."""
    sections = []
    for title, table, sql, show in SECTIONS:
        rows = (await database.execute(f"{sql} limit {MOST}", {"article": article})).rows
        if rows:
            sections.append(Section(title=title, table=table, found=[show(row) for row in rows]))
    return sections


def _call(row: Any) -> Found:
    until = day(row["closes"]) or label("calls", "open_ended", row["open_ended"]) or ""
    span = " – ".join(part for part in (day(row["opens"]), until) if part) or "termin nieznany"
    what = ", ".join(part for part in (label("calls", "event", row["event"]), row["audience"]) if part)
    return Found(value=span, what=what, words=row["raw"])


def _date(row: Any) -> Found:
    start, end = _moment(row["start"]), _moment(row["end"])
    span = start or end if start == end or not (start and end) else f"{start} – {end}"
    what = label("dates", "role", row["role"]) or row["role"]
    return Found(value=span, what=what + (" (rok uzupełniony)" if row["inferred"] else ""), words=row["raw"])


def _moment(iso: str | None) -> str:
    return f"{day(iso)}, {iso[11:16]}" if iso and "T" in iso else day(iso)


def _amount(row: Any) -> Found:
    value = ("ok. " if row["approximate"] else "") + money(row["grosze"], row["currency"])
    if row["grosze_to"] is not None:
        value += f" – {money(row['grosze_to'], row['currency'])}"
    return Found(value=value, what=label("amounts", "role", row["role"]) or row["role"], words=row["raw"])


def _place(row: Any) -> Found:
    return Found(value=row["name"], what=label("places", "level", row["level"]) or row["level"], words=row["raw"])


def _programme(row: Any) -> Found:
    return Found(value=row["name"], what=row["number"] or "", words=row["raw"])


def _attachment(row: Any) -> Found:
    web = row["url"].startswith(("http://", "https://"))
    bytes_ = row["declared_bytes"]
    return Found(
        value=outward(row["url"], text=row["label"]) if web else row["label"],
        what="" if bytes_ is None else size(bytes_),
    )


SECTIONS: Sequence[tuple[str, str, str, Callable[[Any], Found]]] = (
    (
        "Nabory",
        "call_articles",
        "select calls.* from call_articles join calls on calls.id = call_articles.call"
        " where call_articles.article = :article order by calls.closes, calls.id",
        _call,
    ),
    ("Kwoty", "amounts", "select * from amounts where article = :article order by position", _amount),
    ("Daty", "dates", "select * from dates where article = :article order by position", _date),
    ("Miejsca", "article_places", "select * from article_places where article = :article order by block, name", _place),
    (
        "Programy",
        "article_programmes",
        "select programmes.name, number, raw from article_programmes join programmes on programmes.id = programme"
        " where article = :article order by programmes.name",
        _programme,
    ),
    ("Załączniki", "attachments", "select * from attachments where article = :article order by position", _attachment),
)
