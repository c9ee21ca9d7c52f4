"""What an office's lists have named and news.db does not hold, each address with the reason."""

from __future__ import annotations

from collections.abc import Collection

from crawler.archive import Archive
from crawler.database import Connection
from crawler.outcomes import CONFIRMING
from crawler.rows import Row, insert
from crawler.suppression import Suppressions

_SPOKEN_FOR = ("suppressed", "duplicate")
"""Outcomes of addresses that nothing is to be said of, or that are held under another address."""


def find_missing(db: Connection, archive: Archive, offices: Collection[str], rules: Suppressions) -> None:
    """Make the rows of `missing` of these offices anew; of no office what is held, or taken down, by now."""
    for office in sorted(offices):
        db.execute("DELETE FROM missing WHERE office = ?", (office,))
        insert(db, "missing", _missing(db, archive, office))
    for where, url, office in db.execute("SELECT address, url, office FROM missing").fetchall():
        taken_down = rules.address(url) or rules.office(office) or rules.phrase(url)
        if taken_down or db.execute("SELECT 1 FROM addresses WHERE url = ?", (where,)).fetchone():
            db.execute("DELETE FROM missing WHERE address = ?", (where,))


def _missing(db: Connection, archive: Archive, office: str) -> list[Row]:
    rows: list[Row] = []
    for where, url in archive.connection.execute(
        "SELECT address, url FROM frontier WHERE office = ? ORDER BY address", (office,)
    ):
        if db.execute("SELECT 1 FROM addresses WHERE url = ?", (where,)).fetchone():
            continue
        last = archive.connection.execute(
            "SELECT outcome, (SELECT max(capture) FROM visits AS kept WHERE kept.address = visits.address)"
            " FROM visits WHERE address = ? AND purpose = 'article' ORDER BY sequence DESC LIMIT 1",
            (where,),
        ).fetchone()
        outcome, capture = last or (None, None)
        understood, article = db.execute(
            "SELECT max(outcome), max(article) FROM understood WHERE capture = ?", (capture,)
        ).fetchone()
        if article is None and outcome not in _SPOKEN_FOR:
            told = understood if outcome in CONFIRMING and understood else outcome
            rows.append({"address": where, "url": url, "office": office, "outcome": told})
    return rows
