"""Holes: captures whose bodies were deleted at someone's request, which is the one deletion the archive knows."""

from __future__ import annotations

from collections.abc import Mapping

from crawler import bodies
from crawler.archive import Archive
from crawler.database import Connection, explained
from normalize.identity import address

_EMPTY = bodies.digest(b"")
"""The body that purged captures show."""


def purge(archive: Archive, stubs: Mapping[int, bytes], *, anew: bool = True) -> int:
    """The one deletion: empty the bodies of these article captures and of the lists that named their addresses.

    `stubs`: what a rebuild is to take them for. Returns how many captures are holes now that were not. The ledger
    of visits stays. What is deleted is overwritten in the same transaction; then the file is made anew, which takes
    time and room: without `anew`, as at the end of a crawl, it is not.
    """
    log, at = archive.connection, archive.stamp()
    already = _holes(log)
    wanted = [capture for capture in stubs if capture not in already]
    if not wanted:
        return 0
    marks = ", ".join("?" * len(wanted))
    log.execute("PRAGMA secure_delete = ON")
    with archive.writing():
        addresses = {
            address(url)
            for row in log.execute(f"SELECT url, requested_url FROM captures WHERE id IN ({marks})", wanted)
            for url in row
        }
        lists = {
            row[0]
            for one in sorted(addresses)
            for row in log.execute("SELECT list_capture FROM sightings WHERE address = ?", (one,))
        } - already
        for one in sorted(addresses):
            log.execute(  # that there was a title is no secret, and counts in the office's health
                "UPDATE sightings SET title = iif(title IS NULL, NULL, ''),"
                " summary = iif(summary IS NULL, NULL, '') WHERE address = ?",
                (one,),
            )
        bodies.keep(log, _EMPTY, b"")
        for capture in (*wanted, *sorted(lists)):
            log.execute("INSERT INTO holes (capture, at, record) VALUES (?, ?, ?)", (capture, at, stubs.get(capture)))
            log.execute("UPDATE captures SET body = ? WHERE id = ?", (_EMPTY, capture))
            log.execute("DELETE FROM validators WHERE capture = ?", (capture,))
        log.execute("DELETE FROM bodies WHERE sha256 != ? AND sha256 NOT IN (SELECT body FROM captures)", (_EMPTY,))
    with explained(archive.path):
        if anew:
            log.execute("VACUUM")
        log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(wanted) + len(lists)


def hole(log: Connection, capture: int) -> bytes | None:
    """What is left of what was understood of a purged capture; None when the capture is whole."""
    row = log.execute("SELECT record FROM holes WHERE capture = ?", (capture,)).fetchone()
    return None if row is None else row[0]


def _holes(log: Connection) -> set[int]:
    """The captures whose bodies are gone."""
    return {row[0] for row in log.execute("SELECT capture FROM holes")}
