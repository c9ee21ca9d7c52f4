"""What servers have told crawlers to do, kept from run to run: their robots.txt, and waits longer than a run lasts."""

from __future__ import annotations

from datetime import datetime

from crawler.archive import Archive
from crawler.instants import instant


def keep_robots(archive: Archive, origin: str, status: int | None, body: str | None, now: datetime) -> None:
    """What an origin answered when asked for its robots.txt; `body`: None where there is none."""
    with archive.writing():
        archive.connection.execute(
            "INSERT OR REPLACE INTO robots (origin, status, body, at) VALUES (?, ?, ?, ?)",
            (origin, status, body, instant(now)),
        )


def kept_robots(archive: Archive, origin: str, since: datetime, now: datetime) -> tuple[int, str | None] | None:
    """Status and text of an origin's robots.txt, if it answered since then and was not in trouble."""
    row = archive.connection.execute(
        "SELECT status, body FROM robots WHERE origin = ? AND at > ? AND at <= ? AND status < 500 AND status != 429",
        (origin, instant(since), instant(now)),
    ).fetchone()
    return None if row is None else (row[0], row[1])


def keep_wait(archive: Archive, server: str, until: str, detail: str) -> None:
    """A server has asked to be left alone for longer than a run lasts."""
    with archive.writing():
        archive.connection.execute(
            "INSERT OR REPLACE INTO waits (server, until, detail) VALUES (?, ?, ?)", (server, until, detail)
        )


def kept_wait(archive: Archive, server: str) -> tuple[str, str] | None:
    """Until when this server has asked to be left alone, and how it did; also when that is over."""
    row = archive.connection.execute("SELECT until, detail FROM waits WHERE server = ?", (server,)).fetchone()
    return None if row is None else (row[0], row[1])
