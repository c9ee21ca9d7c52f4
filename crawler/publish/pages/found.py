"""What was read from one article: each value with the words it came from, how it was found and how sure it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils import tilde_encode

from crawler.publish.labels import label
from crawler.publish.pages import methods
from crawler.publish.pages.marking import Quoted
from crawler.publish.polish import money, number
from crawler.publish.when import span

MOST = 40
_NOT_EXACTLY = " (w przybliżeniu albo granica)"
"""The words say "około", "ponad" or "najwyżej": which of them, the reader sees beside the value."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One value as shown, what it is, and the words of the page."""

    anchor: str
    """Its name within the page, "kwota-3"; its words are at "slowa-kwota-3"."""
    value: str
    what: str = ""
    raws: Sequence[str] = ()
    """The words as printed; further strings are further places that say the same."""
    block: int | None = None
    method: str | None = None
    sure: str | None = None
    table: str | None = None
    """Where `row` has a page of its own."""
    row: str = ""

    @property
    def words(self) -> str:
        return self.raws[0] if self.raws else ""

    @property
    def how(self) -> str:
        return methods.told(self.method)

    @property
    def corrected(self) -> bool:
        """Whether a person has corrected it."""
        return methods.corrected(self.method)

    @property
    def outside(self) -> bool:
        """Whether it was read beside the text: from the page's frame, its markup, or the office's list."""
        return methods.outside(self.method)

    @property
    def doubt(self) -> str:
        """What a reader is told of a value that is not certain; "" of one that is."""
        return {"medium": "prawdopodobne", "low": "wątpliwe"}.get(self.sure or "", "")

    @property
    def quoted(self) -> Quoted:
        return Quoted(value=self.anchor, raws=self.raws, block=self.block)


@dataclass(frozen=True, kw_only=True)
class Section:
    title: str
    kind: str
    """The beginning of its values' anchors, and the class of their marks."""
    table: str | None
    """Where the rows stand, whole."""
    found: Sequence[Found]
    more: int = 0
    """Values beyond the forty shown."""


async def found(database: Any, article: Any) -> Sequence[Section]:
    """The sections that have something to show, of a row of `articles`; each shows at most forty values."""
    sections = list(_own(article))
    for kind, title, table, sql, show in SECTIONS:
        rows = (await database.execute(f"{sql} LIMIT 1000", {"article": article["id"]})).rows
        if rows:
            values = [show(row, f"{kind}-{place}") for place, row in enumerate(rows[:MOST])]
            sections.append(Section(title=title, kind=kind, table=table, found=values, more=max(0, len(rows) - MOST)))
    return sections


def _own(article: Any) -> Iterator[Section]:
    """The values of the article itself. A title that stands on the page as it is has no other words.

    Until a database of an older version is made anew, it is not known how title and author were found.
    """
    if article["title"] and article["title_method"]:
        yield _single(article, "title", kind="tytul", title="Tytuł", value=article["title"])
    if article["published"]:
        value = span(article["published"], article["published"])
        yield _single(article, "published", kind="publikacja", title="Data publikacji", value=value)
    if article["author"] and article["author_method"]:
        yield _single(article, "author", kind="autor", title="Autor", value=article["author"])


def _single(article: Any, name: str, *, kind: str, title: str, value: str) -> Section:
    raw = article[f"{name}_raw"]
    one = Found(
        anchor=f"{kind}-0",
        value=value,
        raws=[raw] if raw else (),
        method=article[f"{name}_method"],
        sure=article[f"{name}_sure"],
    )
    return Section(title=title, kind=kind, table=None, found=[one])


def _call(row: Any, anchor: str) -> Found:
    until = span(row["opens"], row["closes"]) or label("calls", "open_ended", row["open_ended"]) or "termin nieznany"
    what = ", ".join(part for part in (label("calls", "event", row["said"]), row["audience"]) if part)
    return Found(
        anchor=f"nabor-{row['id']}",
        value=until,
        what=what,
        raws=[row["said_raw"]],
        method=row["method"],
        sure=row["sure"],
        table="calls",
        row=tilde_encode(row["id"]),
    )


def _date(row: Any, anchor: str) -> Found:
    what = label("dates", "role", row["role"]) or row["role"]
    return Found(
        anchor=anchor,
        value=span(row["start"], row["end"]),
        what=what + (" (rok uzupełniony)" if row["inferred"] else ""),
        **_read(row),
    )


def _amount(row: Any, anchor: str) -> Found:
    value = money(row["grosze"], row["currency"])
    if row["grosze_to"] is not None:
        value += f" – {money(row['grosze_to'], row['currency'])}"
    read = {**_read(row), "raws": _printings(row["raws"], row["raw"])}
    what = (label("amounts", "role", row["role"]) or row["role"]) + (_NOT_EXACTLY if row["approximate"] else "")
    return Found(anchor=anchor, value=value, what=what, **read)


def _place(row: Any, anchor: str) -> Found:
    return Found(
        anchor=anchor,
        value=row["name"],
        what=label("places", "level", row["level"]) or row["level"],
        table="places",
        row=tilde_encode(row["teryt"]),
        **_read(row),
    )


def _programme(row: Any, anchor: str) -> Found:
    what = f"umowa {row['number']}" if row["number"] else ""
    return Found(
        anchor=anchor, value=row["name"], what=what, table="programmes", row=tilde_encode(row["id"]), **_read(row)
    )


def _organisation(row: Any, anchor: str) -> Found:
    return Found(
        anchor=anchor,
        value=row["name"],
        what=label("organisations", "kind", row["kind"]) or row["kind"],
        table="organisations",
        row=tilde_encode(row["id"]),
        **_read(row),
    )


def _quantity(row: Any, anchor: str) -> Found:
    value = row["value"]
    shown = number(int(value)) if value == int(value) else f"{value:n}".replace(".", ",")
    unit = row["counted"] or label("quantities", "unit", row["unit"]) or row["unit"]
    if row["unit"] == "percent":
        shown, unit = f"{shown}\N{NO-BREAK SPACE}%", row["counted"] or ""
    return Found(anchor=anchor, value=shown, what=unit + (_NOT_EXACTLY if row["approximate"] else ""), **_read(row))


def _read(row: Any) -> dict[str, Any]:
    block = row["block"] if "block" in row.keys() else None  # noqa: SIM118 - sqlite3.Row iterates its values
    return {"raws": [row["raw"]], "method": row["method"], "sure": row["sure"], "block": block}


def _printings(raws: str, raw: str) -> list[str]:
    try:
        read = json.loads(raws)
    except ValueError:
        return [raw]
    return [one for one in read if isinstance(one, str)] or [raw] if isinstance(read, list) else [raw]


SECTIONS: Sequence[tuple[str, str, str, str, Callable[[Any, str], Found]]] = (
    (
        "nabor",
        "Nabory",
        "call_articles",
        "SELECT calls.*, call_articles.event AS said, call_articles.raw AS said_raw"
        " FROM call_articles JOIN calls ON calls.id = call_articles.call"
        " WHERE call_articles.article = :article ORDER BY calls.closes, calls.id",
        _call,
    ),
    ("data", "Daty", "dates", "SELECT * FROM dates WHERE article = :article ORDER BY position", _date),
    ("kwota", "Kwoty", "amounts", "SELECT * FROM amounts WHERE article = :article ORDER BY position", _amount),
    (
        "miejsce",
        "Miejsca",
        "article_places",
        "SELECT * FROM article_places WHERE article = :article ORDER BY block, name",
        _place,
    ),
    (
        "program",
        "Programy",
        "article_programmes",
        "SELECT programmes.id, programmes.name, article_programmes.* FROM article_programmes"
        " JOIN programmes ON programmes.id = programme WHERE article = :article ORDER BY programmes.name",
        _programme,
    ),
    (
        "instytucja",
        "Instytucje",
        "article_organisations",
        "SELECT organisations.id, organisations.name, organisations.kind, article_organisations.*"
        " FROM article_organisations JOIN organisations ON organisations.id = organisation"
        " WHERE article = :article ORDER BY organisations.name",
        _organisation,
    ),
    (
        "liczba",
        "Liczby",
        "quantities",
        "SELECT * FROM quantities WHERE article = :article ORDER BY position",
        _quantity,
    ),
)
