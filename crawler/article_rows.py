"""The rows of one article in news.db: written in place of those it had, or taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crawler.database import Connection
from crawler.observed import Observed, first_id, joining_keys
from crawler.presence import Presence
from crawler.projection import CHILD_TABLES, Projection
from crawler.revisions import turns
from crawler.rows import Row, has, insert, selected, upsert
from crawler.suppression import hidden_since

_LINKS = (
    ("programmes", "article_programmes", "programme"),
    ("organisations", "article_organisations", "organisation"),
)


def replace(db: Connection, joined: set[str], projection: Projection, there: Presence) -> bool:
    """Write one article's rows in place of those of the articles it was joined from; whether any was different."""
    _note_effects(db, projection)
    if joined == {projection.id} and _holds(db, projection, there):
        db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", (there.last, projection.id))
        return False
    orphans = _linked(db, joined)
    _clear(db, joined)
    for article in joined:
        if article != projection.id:
            db.execute("DELETE FROM articles WHERE id = ?", (article,))
    row = {**projection.article, **presence_row(there)}
    upsert(db, "articles", row, key="id")
    for table, rows in (
        ("programmes", projection.programmes),
        ("organisations", projection.organisations),
    ):
        for one in rows:
            upsert(db, table, one, key="id")
    for table in CHILD_TABLES:
        insert(db, table, projection.children[table])
    insert(db, "revisions", turns(projection.children["revisions"], there.turns))
    insert(db, "article_keys", [{"key": key, "article": projection.id} for key in sorted(projection.keys)])
    _forget_orphans(db, orphans)
    return True


def withdraw(db: Connection, history: Sequence[Observed], joined: set[str]) -> None:
    """Take an article's rows away, and remember since when."""
    first = min(history, key=lambda one: one.capture)
    own = first_id(first.article)
    orphans = _linked(db, joined)
    _clear(db, joined)
    db.executemany("DELETE FROM articles WHERE id = ?", [(one,) for one in sorted(joined)])
    db.executemany("DELETE FROM taken_down WHERE article = ?", [(one,) for one in sorted(joined)])
    keys = frozenset().union(*(joining_keys(one.article, one.requested_url, one.url) for one in history))
    insert(db, "article_keys", [{"key": key, "article": own} for key in sorted(keys)])
    belong(db, own, [one.capture for one in history])
    since = min(hidden_since(one.article) or "" for one in history)
    insert(db, "taken_down", [{"article": own, "since": since}])
    _forget_orphans(db, orphans)
    offices = {one.office.id for one in history}
    db.executemany("INSERT OR IGNORE INTO stale_offices (office) VALUES (?)", [(one,) for one in offices])
    db.executemany("INSERT OR IGNORE INTO stale_articles (article) VALUES (?)", [(one,) for one in joined])


def belong(db: Connection, article: str, captures: Sequence[int]) -> None:
    """Hidden captures keep their place in the article, and have no effect."""
    for capture in captures:
        db.execute(
            "UPDATE understood SET article = ?, effect = NULL WHERE capture = ? AND (article, effect) IS NOT (?, NULL)",
            (article, capture, article),
        )
        db.execute("INSERT OR IGNORE INTO stale_runs SELECT run FROM understood WHERE capture = ?", (capture,))


def _note_effects(db: Connection, projection: Projection) -> None:
    """What each capture brought; the accounts of the runs of which something else is said now are made anew."""
    for capture, effect in projection.effects.items():
        noted = db.execute(
            "UPDATE understood SET article = ?, effect = ? WHERE capture = ? AND (article, effect) IS NOT (?, ?)",
            (projection.id, effect, capture, projection.id, effect),
        )
        if noted.rowcount:
            db.execute("INSERT OR IGNORE INTO stale_runs SELECT run FROM understood WHERE capture = ?", (capture,))


def _holds(db: Connection, projection: Projection, there: Presence) -> bool:
    """Whether the article's rows are these already, but for the instant at which it was last seen."""
    own = projection.id
    row = {**projection.article, **presence_row(there)}
    names = [name for name in row if name not in ("cluster", "last_seen")]
    before = selected(db, f"SELECT {', '.join(names)} FROM articles WHERE id = ?", (own,))
    revisions = projection.children["revisions"]
    wanted = {
        **{table: projection.children[table] for table in CHILD_TABLES},
        "revisions": [*revisions, *turns(revisions, there.turns)],
        "article_keys": [{"key": key} for key in projection.keys],
    }
    return before == [{name: row[name] for name in names}] and all(
        has(db, table, rows, article=own) for table, rows in wanted.items()
    )


def _clear(db: Connection, articles: Iterable[str]) -> None:
    """Take away every row of these articles but their own."""
    _dissolve_clusters(db, articles)
    for article in articles:
        db.execute("DELETE FROM call_articles WHERE article = ?", (article,))
        db.execute("DELETE FROM calls WHERE id NOT IN (SELECT call FROM call_articles)")
        for table in CHILD_TABLES:
            db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))
        db.execute("DELETE FROM article_keys WHERE article = ?", (article,))


def _dissolve_clusters(db: Connection, articles: Iterable[str]) -> None:
    """Until the corpus is looked at again: an article that changes belongs to none, nor do those it was with."""
    for article in articles:
        for (cluster,) in db.execute(
            "SELECT cluster FROM articles WHERE id = ? AND cluster IS NOT NULL", (article,)
        ).fetchall():
            db.execute("UPDATE articles SET cluster = NULL WHERE cluster = ?", (cluster,))
            db.execute("DELETE FROM clusters WHERE id = ?", (cluster,))


def _linked(db: Connection, articles: Iterable[str]) -> dict[str, set[str]]:
    linked: dict[str, set[str]] = {"programmes": set(), "organisations": set()}
    for article in articles:
        for table, link, column in _LINKS:
            linked[table] |= {
                row[0] for row in db.execute(f"SELECT {column} FROM {link} WHERE article = ?", (article,))
            }
    return linked


def _forget_orphans(db: Connection, linked: Mapping[str, set[str]]) -> None:
    for table, link, column in _LINKS:
        for one in linked[table]:
            db.execute(
                f"DELETE FROM {table} WHERE id = ? AND NOT EXISTS (SELECT 1 FROM {link} WHERE {column} = ?)",
                (one, one),
            )


def presence_row(there: Presence) -> Row:
    return {"first_seen": there.first, "last_seen": there.last, "gone": there.gone, "gone_reason": there.reason}
