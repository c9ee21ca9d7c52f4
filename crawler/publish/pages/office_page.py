"""The page of an office: what is new, what is open, how it publishes, and how sure we are of it."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette.utils import tilde_encode

from crawler.publish.health_words import Trouble, troubles
from crawler.publish.pages import calls_shown, reports
from crawler.publish.pages.bars import Bars, bars
from crawler.publish.pages.calls_shown import ShownCall
from crawler.publish.pages.newest import titles
from crawler.publish.pages.revised import Change, changes
from crawler.publish.pages.sums import Sum, sums
from crawler.publish.when import apart, days

NEWEST = 8
SUMMED = 1_000
"""Newest articles that the sums and programmes are made of."""
CHANGED = 8
MONTHS = 24
_FEWEST_GAPS = 3
"""Pauses between days of publishing from which a rhythm is told, as the crawl's own health does."""

_OFFICE = "SELECT * FROM offices WHERE id = :id"
_POWIATS = (
    "SELECT places.teryt, places.name FROM office_powiats JOIN places ON places.teryt = office_powiats.teryt"
    " WHERE office = :id ORDER BY places.name"
)
_REGION = (
    "SELECT places.teryt, places.name FROM offices JOIN places ON places.teryt = offices.voivodeship"
    " WHERE offices.id = :id"
)
_HEALTH = "SELECT * FROM office_health WHERE office = :id"
_NEWEST = f"SELECT id FROM articles WHERE office = :id ORDER BY published DESC, id LIMIT {SUMMED}"
_DAYS = (
    "SELECT DISTINCT substr(published, 1, 10) FROM articles WHERE office = :id AND length(published) >= 10"
    " AND published < :tomorrow ORDER BY published DESC LIMIT 30"
)
_MONTHS = (
    "SELECT substr(published, 1, 7) AS month, count(*) FROM articles WHERE office = :id AND published >= :since"
    " GROUP BY month"
)
_CHANGED = f"""
SELECT articles.id, articles.title, articles.changed,
  (SELECT revisions.changes FROM revisions WHERE revisions.article = articles.id AND revisions.changes != '[]'
    ORDER BY revisions.seen DESC, revisions.id DESC LIMIT 1) AS changes
FROM articles WHERE articles.office = :id AND articles.changed IS NOT NULL
ORDER BY articles.changed DESC LIMIT {CHANGED}
"""
_GONE = (
    f"SELECT id, title, gone FROM articles WHERE office = :id AND gone IS NOT NULL ORDER BY gone DESC LIMIT {CHANGED}"
)
_OPEN = "SELECT id FROM calls WHERE office = :id AND (closes >= :day OR closes IS NULL)"
_PROGRAMMES = """
SELECT programmes.id, programmes.name, count(*) AS articles FROM article_programmes
JOIN programmes ON programmes.id = article_programmes.programme
WHERE article_programmes.article IN (SELECT value FROM json_each(:ids))
GROUP BY programmes.id ORDER BY articles DESC, programmes.name LIMIT 8
"""


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How long it has been quiet, beside how long it usually is."""

    last: str | None
    """Its newest day of publication."""
    quiet: int | None
    usual: float | None
    """Median days between days of publishing; None where too few are known."""
    longest: int | None

    @property
    def words(self) -> str:
        if self.usual is None:
            return "Za mało wiemy, żeby podać rytm tego urzędu."
        usual = "codziennie" if self.usual <= 1 else f"co {days(round(self.usual))}"
        return f"Zwykle publikuje {usual}."

    @property
    def verdict(self) -> str:
        """Of the days since: by the bounds that the crawl's health keeps."""
        if self.usual is None or self.quiet is None or self.longest is None:
            return ""
        if self.quiet > max(21, 3 * self.longest):
            return f"Milczy dłużej niż kiedykolwiek; najdłuższa dotąd przerwa trwała {days(self.longest)}."
        if self.quiet > max(7, 4 * self.usual, self.longest):
            return "To dłuższa przerwa niż zwykle."
        return "To mieści się w jego rytmie."


@dataclass(frozen=True, kw_only=True)
class Edited:
    id: str
    title: str | None
    at: str
    changes: Sequence[Change]


@dataclass(frozen=True, kw_only=True)
class OfficePage:
    row: Any
    region: Any
    """Its voivodeship's row of `places`; None where it works in the whole country."""
    powiats: Sequence[Any]
    health: Any
    troubles: Sequence[Trouble]
    rhythm: Rhythm
    newest: Sequence[Any]
    open_calls: Sequence[ShownCall]
    summed: int
    """Newest articles that `sums` and `programmes` are made of."""
    all_summed: bool
    sums: Sequence[Sum]
    programmes: Sequence[Any]
    edited: Sequence[Edited]
    gone: Sequence[Any]
    bars: Bars | None
    report: str


async def read(datasette: Any, database: Any, id: str, *, day: str, request: Any) -> OfficePage | None:
    """None where there is no such office."""

    async def rows(sql: str, **given: Any) -> Sequence[Any]:
        return list((await database.execute(sql, {"id": id, **given})).rows)

    found = await rows(_OFFICE)
    if not found:
        return None
    health = (await rows(_HEALTH) or [None])[0]
    ids = [row["id"] for row in await rows(_NEWEST)]
    published = sorted(row[0] for row in await rows(_DAYS, tomorrow=day + "U"))
    shown_to = day[:7]
    if published and (apart(published[-1], day) or 0) > 365 * MONTHS // 12:
        shown_to = published[-1][:7]  # it has long been silent: its last years tell more than an empty picture
    since = f"{int(shown_to[:4]) - MONTHS // 12:04d}{shown_to[4:7]}"
    counts = {row[0]: row[1] for row in await rows(_MONTHS, since=since)}
    page = datasette.absolute_url(request, datasette.urls.row(database.name, "offices", tilde_encode(id)))
    return OfficePage(
        row=found[0],
        region=(await rows(_REGION) or [None])[0],
        powiats=await rows(_POWIATS),
        health=health,
        troubles=troubles(health["detail"], health["warnings"]) if health else (),
        rhythm=rhythm(published, day),
        newest=await titles(database, ids[:NEWEST]),
        open_calls=await calls_shown.open_calls(database, _OPEN, {"id": id}, day),
        summed=len(ids),
        all_summed=len(ids) < SUMMED,
        sums=await sums(database, ids),
        programmes=await rows(_PROGRAMMES, ids=json.dumps(ids)),
        edited=[
            Edited(id=one["id"], title=one["title"], at=one["changed"], changes=changes(one["changes"] or "[]"))
            for one in await rows(_CHANGED)
        ],
        gone=await rows(_GONE),
        bars=bars(counts, shown_to, months=MONTHS),
        report=reports.report_address(datasette, record=f"offices/{id}", title=found[0]["name"], page=page),
    )


def rhythm(published: Sequence[str], day: str) -> Rhythm:
    """Of the days on which it published, in order."""
    known = [date.fromisoformat(one) for one in published if _is_day(one)]
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(known)]
    last = known[-1].isoformat() if known else None
    enough = len(gaps) >= _FEWEST_GAPS
    return Rhythm(
        last=last,
        quiet=apart(last, day),
        usual=float(statistics.median(gaps)) if enough else None,
        longest=max(gaps) if enough else None,
    )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
