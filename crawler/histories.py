"""What was understood of an article before: its captures, or what its rows tell that they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from crawler.archive import Archive
from crawler.database import Connection
from crawler.instants import instant
from crawler.observed import Folded, Observed
from crawler.registry import Register
from crawler.revisions import revision_id
from crawler.rows import Row, selected
from crawler.visits import Noted
from normalize.model import Article

decode = msgspec.json.Decoder(Article).decode


def observed(held: Noted, record: bytes, register: Register) -> Observed:
    return Observed(
        capture=held.id,
        run=held.run,
        fetched=instant(held.fetched),
        url=held.url,
        requested_url=held.requested_url,
        office=register.offices[held.office],
        article=decode(record),
    )


def history(db: Connection, archive: Archive, register: Register, articles: Iterable[str]) -> list[Observed]:
    """Every capture of these articles, as understood before."""
    found = []
    for article in articles:
        for capture, record in db.execute(
            "SELECT capture, record FROM understood WHERE article = ?", (article,)
        ).fetchall():
            found.append(observed(archive.noted(capture), record, register))
    return found


def folded(db: Connection, register: Register, joined: set[str], this: Observed) -> Folded | None:
    """What the article's earlier captures come to, told from its rows, so that they need not be read again.

    None where the rows do not tell it: this capture is the first, is not the last, joins articles, or was taken
    in before; or some of them are hidden.
    """
    if len(joined) != 1:
        return None
    (article,) = joined
    (last,) = db.execute("SELECT max(capture) FROM understood WHERE article = ?", (article,)).fetchone()
    row = db.execute("SELECT office, content_hash FROM articles WHERE id = ?", (article,)).fetchone()
    if (
        row is None
        or last is None
        or last >= this.capture
        or db.execute("SELECT 1 FROM understood WHERE article = ? AND effect IS NULL LIMIT 1", (article,)).fetchone()
    ):
        return None
    (record,) = db.execute("SELECT record FROM understood WHERE capture = ?", (last,)).fetchone()
    revisions = _revisions(db, article)
    if not revisions or revisions[-1]["content_hash"] != row[1]:
        return None
    return Folded(
        id=article,
        office=register.offices[row[0]],
        last=decode(record),
        revisions=revisions,
        addresses=dict(db.execute("SELECT url, kind FROM addresses WHERE article = ?", (article,))),
        ids=frozenset(_column(db, "SELECT id FROM aliases WHERE article = ?", article)),
        keys=frozenset(_column(db, "SELECT key FROM article_keys WHERE article = ?", article)),
        hashes=frozenset(_column(db, "SELECT hash FROM office_blocks WHERE article = ?", article)),
    )


def _revisions(db: Connection, article: str) -> list[Row]:
    """The article's revisions in their order, as far as they tell of what it says, not of its being there."""
    rows = selected(
        db, "SELECT id, seen, content_hash, title, text, changes FROM revisions WHERE article = ?", (article,)
    )
    ordered: list[Row] = []
    while (one := next((r for r in rows if r["id"] == _next_id(article, ordered, r)), None)) is not None:
        ordered.append(one)
    return ordered


def _column(db: Connection, sql: str, article: str) -> list[str]:
    return [row[0] for row in db.execute(sql, (article,))]


def _next_id(article: str, before: Sequence[Row], row: Row) -> str:
    return revision_id(article, len(before), row["content_hash"])
