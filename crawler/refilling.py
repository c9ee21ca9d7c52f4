"""What the crawl's memory has forgotten of what the archive holds, and putting it back: addresses, walks of lists."""

from __future__ import annotations

from datetime import datetime

from crawler import rhythm
from crawler.archive import Archive
from crawler.database import Connection
from crawler.instants import instant, moment
from crawler.outcomes import CONFIRMING
from crawler.registry import Register

_GOOD = ", ".join(f"'{outcome}'" for outcome in CONFIRMING)
_NAMED = (
    "SELECT s.address FROM sightings s LEFT JOIN frontier f ON f.address = s.address"
    " WHERE f.address IS NULL AND s.list_capture != :last"
)
_VISITED = (
    "SELECT v.address FROM visits v LEFT JOIN frontier f ON f.address = v.address"
    " WHERE f.address IS NULL AND v.purpose = 'article' AND v.capture IS NOT NULL"
)


def addresses(archive: Connection) -> list[str]:
    """Those that a list has named, or that gave a page, and that the crawl would never ask for again.

    Those of the very last list are left out: a crawl that is killed just then has not taken them over yet.
    """
    return sorted({row[0] for row in archive.execute(f"{_NAMED} UNION {_VISITED}", {"last": _last(archive)[0]})})


def offices(archive: Connection) -> list[str]:
    """Those whose lists were read, and of which it is not known how far."""
    return [
        row[0]
        for row in archive.execute(
            f"SELECT DISTINCT office FROM visits WHERE purpose = 'list' AND outcome IN ({_GOOD})"
            " AND office NOT IN (SELECT office FROM walks) AND office != ? ORDER BY 1",
            (_last(archive)[1],),
        )
    ]


def refill(archive: Archive, register: Register, now: datetime) -> int:
    """Take over again what is forgotten, and what a crawl that was killed had not taken over: how many addresses.

    What was never asked for is due now; what gave a page, when it would have been. Walks begin anew by themselves.
    """
    db = archive.connection
    missing = [row[0] for row in db.execute(f"{_NAMED} UNION {_VISITED}", {"last": -1})]
    if not missing:
        return 0
    with archive.writing():
        for address in missing:
            seen = db.execute(
                "SELECT s.url, c.office, c.fetched, s.list_capture, s.position FROM sightings s"
                " JOIN captures c ON c.id = s.list_capture WHERE s.address = ? ORDER BY s.list_capture DESC LIMIT 1",
                (address,),
            ).fetchone()
            first, last, url, office = db.execute(
                f"SELECT min(at), max(at), url, office FROM visits WHERE address = ? AND purpose = 'article'"
                f" AND outcome IN ({_GOOD})",
                (address,),
            ).fetchone()
            (found,) = db.execute(
                "SELECT min(c.fetched) FROM sightings s JOIN captures c ON c.id = s.list_capture WHERE s.address = ?",
                (address,),
            ).fetchone()
            if seen is not None:
                url, office = seen[0], _owner(register, seen[0], seen[1])
            due = rhythm.next_visit(moment(last), news=moment(first)) if last else now
            db.execute(
                "INSERT INTO frontier (address, url, office, due, reason, found, list_capture, list_position)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    address,
                    url,
                    office,
                    instant(due),
                    "revisit" if last else "new",
                    found or first,
                    *((seen[3], seen[4]) if seen else (None, None)),
                ),
            )
    return len(missing)


def _owner(register: Register, url: str, named_by: str) -> str:
    office = register.offices.get(named_by)
    return named_by if office is None else register.owner(url, office).id


def _last(archive: Connection) -> tuple[int, str]:
    """The last list that was kept, and its office."""
    row = archive.execute(
        "SELECT capture, office FROM visits WHERE purpose IN ('list', 'sitemap') AND capture IS NOT NULL"
        " ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    return row or (-1, "")
