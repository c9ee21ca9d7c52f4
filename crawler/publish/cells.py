"""One value of a table as a reader sees it; whatever was crawled stays text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from datasette.utils import tilde_encode
from markupsafe import Markup

from crawler.publish.health_words import troubles
from crawler.publish.labels import has_vocabulary, label
from crawler.publish.pages.revised import changes, value_told
from crawler.publish.polish import days_left, decimal, money, size
from crawler.publish.when import instant, moment

_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
LONGEST_LINK = 60
NO_TITLE = "(bez tytułu)"
FIRST_VERSION = "pierwsza wersja"
TROUBLES = {
    (None, "co_nie_wyszlo"),
    *((table, column) for table in ("office_runs", "office_health") for column in ("detail", "warnings")),
}
"""Columns that tell what went wrong, in the words of the crawl."""
LEADS = {
    "urzad": ("zrodlo", "offices/"),
    "program": ("kod", "programmes/"),
    "temat": ("kod", "topics/"),
    "instytucja": ("kod", "organisations/"),
}
"""Column of a ready question -> the column beside it that has its code, and where that leads."""


INSTANTS = frozenset(
    {"first_seen", "last_seen", "changed", "gone", "seen", "started", "finished", "newest_seen", "run", "last_well"}
)
"""Columns of the crawl's own time, which is in UTC; a run is called by the instant at which it started."""
DAYS = {
    *((table, column) for table, columns in {"calls": ("opens", "closes"), "dates": ("start", "end")}.items()
      for column in columns),
    *((None, column) for column in ("termin", "poczatek", "poprzedni_termin", "nowy_termin")),
}  # fmt: skip
"""Columns of days that texts give, some with an hour, some without a year."""


def cell(value: Any, *, column: str, table: str | None, row: Any, articles: str, here: str) -> Markup | None:
    """The cell's HTML, or None to leave it to Datasette (which escapes it).

    `articles` and `here` are the addresses of the articles' table and of the table shown.
    """
    if (table, column) == ("calls", "closes") and value is None and _of(row, "open_ended"):
        return Markup("{}").format(label("calls", "open_ended", _of(row, "open_ended")))
    if value is None or value == "":
        return None
    if isinstance(value, dict):
        if column == "run":
            return _instant(value["value"], column=column, runs=f"{articles.removesuffix('articles')}runs/")
        if value["label"] is None and column in ("article", "first_article"):
            return link(f"{articles}/{value['value']}", NO_TITLE)
        return None
    if column in ("voivodeship", "wojewodztwo"):
        name = label(table, column, value)
        return None if name is None else link(f"{here}?voivodeship={value}", name, title=f"TERYT {value}")
    if (table, column) in DAYS:
        return Markup("{}").format(moment(str(value)))
    if (column in INSTANTS or (table, column) == ("runs", "id")) and isinstance(value, str):
        return _instant(value, column=column, runs=f"{articles.removesuffix('articles')}runs/")
    if table is None and column in ("bylo", "jest") and "rodzaj_zmiany" in row.keys():  # noqa: SIM118
        return Markup("{}").format(value_told(row["rodzaj_zmiany"], value))
    if (table, column) == ("quantities", "value"):
        return Markup('<span class="number">{}</span>').format(decimal(value))
    if (table, column) == ("fill_rates", "rate"):
        return Markup('<span class="number">{}\N{NO-BREAK SPACE}%</span>').format(decimal(100 * value))
    if table == "revisions" and column == "changes":
        return Markup("{}").format("; ".join(change.name for change in changes(value)) or FIRST_VERSION)
    if (table, column) in TROUBLES and isinstance(value, str):
        return troubled(value)
    if has_vocabulary(table, column):
        name = label(table, column, value)
        return None if name is None else Markup('<span title="{}">{}</span>').format(value, name)
    if column in ("grosze", "grosze_to") and isinstance(value, int):
        currency = _of(row, "currency") if "currency" in row.keys() else "PLN"  # noqa: SIM118
        return Markup('<span class="number">{}</span>').format(money(value, currency))
    if column.endswith("_zl") and isinstance(value, int | float):
        return Markup('<span class="number">{}</span>').format(money(round(value * 100)))
    if column == "declared_bytes" and isinstance(value, int):
        return Markup('<span class="number">{}</span>').format(size(value))
    if column == "zostalo_dni" and isinstance(value, int):
        return Markup('<span class="left{}">{}</span>').format(" soon" if value <= 7 else "", days_left(value))
    if table is None and column in ("kwota", "kwota_do", "suma", "najwyzsza") and isinstance(value, int | float):
        return Markup('<span class="number">{}</span>').format(money(round(value * 100), _of(row, "waluta")))
    if table is None and isinstance(value, int | float):
        return Markup('<span class="number">{}</span>').format(decimal(value))
    if table is None and column == "artykul":
        return link(f"{articles}/{value}", value)
    if table is None and column == "nabor":
        return link(f"{articles.removesuffix('articles')}calls/{value}", value)
    if table is None and column == "tytul" and _of(row, "nabor"):
        return link(f"{articles.removesuffix('articles')}calls/{_of(row, 'nabor')}", value)
    if table is None and column == "tytul" and _of(row, "artykul"):
        return link(f"{articles}/{_of(row, 'artykul')}", value)
    if table is None and column in LEADS:
        other, place = LEADS[column]
        if _of(row, other):
            return link(f"{articles.removesuffix('articles')}{place}{_of(row, other)}", value)
    if isinstance(value, str) and _WEB.fullmatch(value):
        return outward(value)
    return None


def _instant(value: str, *, column: str, runs: str) -> Markup:
    """In Polish time, the instant itself on pointing; a run's leads to its page."""
    if column in ("run", "last_well", "id"):
        return link(f"{runs}{tilde_encode(value)}", instant(value), title=value)
    return Markup('<span title="{}">{}</span>').format(value, instant(value))


def troubled(value: str) -> Markup:
    """What went wrong with an office, in Polish where there are words for it; the crawl's own words on pointing."""
    told = [
        Markup("{}").format(one.words) if one.ours else Markup('<span lang="en">{}</span>').format(one.words)
        for one in troubles(value, None)
    ]
    return Markup('<span title="{}">{}</span>').format(value, Markup("; ").join(told))


def numeric(columns: Sequence[str], rows: Sequence[Any]) -> set[str]:
    """The columns of a question that hold nothing but numbers: they stand at the right."""
    found = set()
    for place, name in enumerate(columns):
        values = [row[place] for row in rows if row[place] is not None]
        if values and all(isinstance(value, int | float) for value in values) and name != "zostalo_dni":
            found.add(name)
    return found


def link(address: str, text: object, *, title: str = "") -> Markup:
    """A link within these pages."""
    if title:
        return Markup('<a href="{}" title="{}">{}</a>').format(quote(address, safe="/?=&~-_.:"), title, text)
    return Markup('<a href="{}">{}</a>').format(quote(address, safe="/?=&~-_.:"), text)


def outward(address: str, *, text: str = "") -> Markup:
    """A link to an address of the web (http or https, which the caller has seen to); the text defaults to it."""
    parts = urlsplit(address)
    shown = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    if len(shown) > LONGEST_LINK:
        shown = shown[: LONGEST_LINK - 1] + "…"
    return Markup('<a href="{}" rel="noopener noreferrer nofollow" title="{}">{}</a>').format(
        address, address, text or shown
    )


def _of(row: Any, column: str) -> Any:
    """Its value; a foreign key that Datasette has expanded gives its code."""
    if column not in row.keys():  # noqa: SIM118 - sqlite3.Row iterates its values
        return None
    return code(row[column])


def code(value: Any) -> Any:
    """A foreign key that Datasette has expanded gives its code."""
    return value["value"] if isinstance(value, dict) else value
