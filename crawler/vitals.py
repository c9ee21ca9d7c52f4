"""What news.db knows that tells when to look again: how new an article is, how long its call, when an office writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

from crawler.database import Connection


def vitals(db: Connection, where: str) -> tuple[datetime | None, datetime | None]:
    """Of the article at this address: when it was last news, and until when a call it announces is open."""
    row = db.execute(
        "SELECT a.published, a.changed, a.first_seen, (SELECT max(closes) FROM (SELECT c.closes"
        " FROM call_articles l JOIN calls c ON c.id = l.call WHERE l.article = a.id"
        " UNION ALL"  # calls are tied only when the run ends
        " SELECT f.closes FROM call_facts f WHERE f.article = a.id))"
        " FROM addresses d JOIN articles a ON a.id = d.article WHERE d.url = ?",
        (where,),
    ).fetchone()
    if row is None:
        return None, None
    published, changed, first_seen, closes = row
    news = max(filter(None, (published or first_seen[:10], (changed or "")[:10])))
    return _day(news), _day(closes) if closes and len(closes) >= 10 and closes[0] != "-" else None


def published_days(db: Connection, addresses: Sequence[str]) -> dict[str, date]:
    """Of the articles at these addresses the days on which they were published, where a full one is known."""
    return {
        url: date.fromisoformat(published[:10])
        for url, published in db.execute(
            "SELECT d.url, a.published FROM addresses d JOIN articles a ON a.id = d.article"
            " WHERE length(a.published) >= 10 AND d.url IN (SELECT value FROM json_each(?))",
            (json.dumps(list(addresses)),),
        )
    }


def open_ended(db: Connection, where: str) -> bool:
    """Whether the article at this address announces a call without a closing day, of whose end nothing is known."""
    row = db.execute(
        "SELECT EXISTS (SELECT 1 FROM call_facts f WHERE f.article = d.article AND f.open_ended IS NOT NULL"
        " AND f.closes IS NULL AND f.event IN ('announced', 'extended')) AND NOT EXISTS (SELECT 1"
        " FROM call_articles l JOIN calls c ON c.id = l.call WHERE l.article = d.article"
        " AND c.event IN ('closed', 'cancelled', 'results')) FROM addresses d WHERE d.url = ?",
        (where,),
    ).fetchone()
    return bool(row and row[0])


def published(db: Connection, office: str, *, before: str) -> dict[str, tuple[str | None, str | None]]:
    """Of the office's latest articles first seen before this instant: address -> its day, and as it is printed."""
    return {
        url: (published, raw)
        for url, published, raw in db.execute(
            "SELECT d.url, a.published, a.published_raw FROM articles a JOIN addresses d ON d.article = a.id"
            " WHERE a.office = ? AND a.first_seen < ? AND a.published IS NOT NULL"
            " ORDER BY a.published DESC, a.id LIMIT 200",
            (office, before),
        )
    }


def _day(text: str) -> datetime:
    """The first instant, near enough, of a day that a text gives as 2026-03-02 (and perhaps an hour)."""
    return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC)
