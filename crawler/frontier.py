"""What to ask for next and why: the crawl's memory of addresses, lists and hosts, beside the archive it lies in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler import rhythm
from crawler.archive import Archive, another_day
from crawler.habits import LATEST
from crawler.instants import instant, moment
from crawler.outcomes import CONFIRMING, PUT_OFF
from crawler.rhythm import LONGEST_WAIT
from crawler.walks import Walks
from normalize.identity import address
from normalize.model import Teaser

TOLD = "list says so"
"""Reason for a visit: a list says something else of the article than before."""
_NOT_ASKED = ", ".join(f"'{outcome}'" for outcome in PUT_OFF)
_GOOD = ", ".join(f"'{outcome}'" for outcome in CONFIRMING)
_TICKS = timedelta(minutes=5)
"""So much later than now a visit may be stamped by a clock that was only put right."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """An address to be visited, and the place on a list that told of it."""

    url: str
    reason: str
    sighted: tuple[int, int] | None
    since: datetime
    """When its time came."""


class Frontier:
    """Works on the archive's connection; every change is a transaction of the archive's."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._db = archive.connection
        self.walks = Walks(archive)

    def known(self, where: str, before: datetime | None = None) -> bool:
        """Whether this address (in the compared spelling) has been met (`before` this instant)."""
        row = self._db.execute("SELECT found FROM frontier WHERE address = ?", (where,)).fetchone()
        return row is not None and (before is None or row[0] < instant(before))

    def waits(self, where: str, began: datetime) -> bool:
        """Whether a revisit of this address has come due only since then."""
        row = self._db.execute("SELECT due, reason FROM frontier WHERE address = ?", (where,)).fetchone()
        return row is not None and row[1] == "revisit" and moment(row[0]) > began

    def is_due(self, where: str, now: datetime) -> bool:
        return (self.due_since(where) or now) <= now

    def office_of(self, where: str) -> str | None:
        """The office whose list named this address first."""
        row = self._db.execute("SELECT office FROM frontier WHERE address = ?", (where,)).fetchone()
        return row[0] if row else None

    def due_since(self, where: str) -> datetime | None:
        """When this address is due; None for one that was never met."""
        row = self._db.execute("SELECT due FROM frontier WHERE address = ?", (where,)).fetchone()
        return moment(row[0]) if row else None

    def meet(
        self,
        teasers: Sequence[tuple[Teaser, tuple[int, int]]],
        office: str,
        now: datetime,
        *,
        fresh: bool = True,
    ) -> None:
        """Note addresses that a list names, with their place on it; those already known keep their time.

        `fresh`: what is unknown among them is new since the last walk; not so below a page on which all was known,
        where a deep walk finds what is old.
        """
        at = instant(now)
        row = self._db.execute("SELECT before FROM walks WHERE office = ?", (office,)).fetchone()
        since = row[0] if row and fresh else None
        with self._archive.writing():
            self._db.executemany(
                "INSERT INTO frontier (address, url, office, due, reason, found, since, list_capture, list_position)"
                " VALUES (?, ?, ?, ?, 'new', ?, ?, ?, ?) ON CONFLICT (address) DO NOTHING",
                [(address(teaser.url), teaser.url, office, at, at, since, *place) for teaser, place in teasers],
            )

    def windows(self, office: str) -> dict[str, tuple[datetime | None, datetime, str | None]]:
        """Of an office's latest addresses: the last walk without it, when it was found, the date its list printed."""
        rows = self._db.execute(
            "SELECT f.address, f.since, f.found, s.published_raw FROM frontier f LEFT JOIN sightings s"
            " ON s.list_capture = f.list_capture AND s.position = f.list_position"
            " WHERE f.office = ? ORDER BY f.found DESC, f.list_position LIMIT ?",
            (office, 3 * LATEST),
        )
        return {
            where: (moment(since) if since else None, moment(found), printed) for where, since, found, printed in rows
        }

    def make_due(self, addresses: Iterable[str], reason: str, now: datetime) -> None:
        """These are to be visited now, for this reason."""
        with self._archive.writing():
            self._db.executemany(
                "UPDATE frontier SET due = min(due, ?), reason = ? WHERE address = ? AND due > ?",
                [(instant(now), reason, where, instant(now)) for where in addresses],
            )

    def visited(self, url: str, due: datetime, reason: str, *, failed: bool = False) -> None:
        """The address was asked for; when next, and why then."""
        with self._archive.writing():
            self._db.execute(
                "UPDATE frontier SET due = ?, reason = ?, failures = CASE WHEN ? THEN failures + 1 ELSE 0 END"
                " WHERE address = ?",
                (instant(due), reason, failed, address(url)),
            )

    def follow(self, url: str, now: datetime) -> None:
        """The address is gone: where it led to another one when it last gave a page, that one is to be asked for."""
        row = self._db.execute(
            "SELECT final_url, final_address FROM visits WHERE address = ? AND purpose = 'article'"
            f" AND outcome IN ({_GOOD}) ORDER BY sequence DESC LIMIT 1",
            (address(url),),
        ).fetchone()
        if row is None or self.known(row[1]):
            return
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO frontier (address, url, office, due, reason, found, since, list_capture, list_position)"
                " SELECT ?, ?, office, ?, 'moved', found, since, list_capture, list_position FROM frontier"
                " WHERE address = ?",
                (row[1], row[0], instant(now), address(url)),
            )

    def failures(self, url: str) -> int:
        row = self._db.execute("SELECT failures FROM frontier WHERE address = ?", (address(url),)).fetchone()
        return row[0] if row else 0

    def due(self, office: str, now: datetime, most: int) -> list[Due]:
        """Addresses of an office whose time has come, the longest waiting first."""
        rows = self._db.execute(
            "SELECT url, reason, list_capture, list_position, due FROM frontier WHERE office = ? AND due <= ?"
            " ORDER BY due, address LIMIT ?",
            (office, instant(now), most),
        )
        return [
            Due(
                url=url,
                reason=reason,
                sighted=None if capture is None else (capture, position),
                since=moment(since),
            )
            for url, reason, capture, position, since in rows
        ]

    def offices_due(self, now: datetime) -> set[str]:
        """Offices with a list or an article whose time has come (never walked ones are not listed here)."""
        at = instant(now)
        return {
            row[0]
            for row in self._db.execute(
                "SELECT office FROM walks WHERE due <= ? UNION SELECT office FROM frontier WHERE due <= ?", (at, at)
            )
        }

    def waiting_since(self, office: str) -> datetime | None:
        """When the time of the longest waiting came, of its lists and articles; None: it was never met."""
        row = self._db.execute(
            "SELECT min(due) FROM (SELECT due FROM walks WHERE office = :office AND due IS NOT NULL"
            " UNION ALL SELECT min(due) FROM frontier WHERE office = :office)",
            {"office": office},
        ).fetchone()
        return moment(row[0]) if row[0] else None

    def changed_since_sighted(self, teaser: Teaser, list_capture: int) -> bool:
        """Whether a list says of this article something else than the last time one of its kind named it.

        What an API answer and the web page say of an article differs without any change.
        """
        row = self._db.execute(
            "SELECT title, modified_raw, published_raw FROM sightings WHERE address = ? AND list_capture < ?"
            " AND (modified_raw IS NULL) = ? ORDER BY list_capture DESC LIMIT 1",
            (address(teaser.url), list_capture, teaser.modified_raw is None),
        ).fetchone()
        if row is None:
            return False
        title, modified_raw, published_raw = row
        return (title, modified_raw) != (teaser.title, teaser.modified_raw) or another_day(
            published_raw, teaser.published_raw
        )

    def told_changed(self, where: str) -> bool:
        """Whether this address is to be visited because a list says that it changed."""
        row = self._db.execute("SELECT reason FROM frontier WHERE address = ?", (where,)).fetchone()
        return row is not None and row[0] == TOLD

    def clock_went_back(self, now: datetime) -> None:
        """The clock was ahead, by more than a day: what was put off, or waits, by what it read then is due now.

        Waits that servers have asked for stay, unless they are longer than any that is kept.
        """
        at = {"now": instant(now), "lists": instant(now + rhythm.LATEST_LIST), "waits": instant(now + LONGEST_WAIT)}
        with self._archive.writing():
            self._db.execute(
                "UPDATE frontier SET due = :now WHERE due > :now AND (found > :now OR address IN"
                " (SELECT address FROM visits WHERE at > :now UNION SELECT final_address FROM visits WHERE at > :now))",
                at,
            )
            self._db.execute("UPDATE frontier SET since = NULL, found = :now WHERE found > :now", at)
            self._db.execute("UPDATE walks SET due = :now WHERE due > :lists OR due > :now AND head > :now", at)
            self._db.execute(
                "UPDATE walks SET completed = min(completed, :now), head = min(head, :now), before = NULL,"
                " begun = min(begun, :now)",
                at,
            )
            self._db.execute("DELETE FROM waits WHERE until > :waits", at)

    def vanished(self, url: str, list_capture: int) -> set[str]:
        """Addresses that the former state of this list page named above one that it still names, and now does not.

        What was pushed off the end by new articles is not among them.
        """
        before, now = self._states(url, list_capture)
        present = set(now)
        still = [place for place, where in enumerate(before) if where in present]
        return {where for where in before[: still[-1]] if where not in present} if still else set()

    def returned(self, url: str, list_capture: int) -> set[str]:
        """Addresses that were found gone, and that this list page names while its former state did not."""
        before, now = self._states(url, list_capture)
        gone = self._db.execute(
            "SELECT address FROM frontier WHERE reason = 'gone' AND address IN (SELECT value FROM json_each(?))",
            (json.dumps(now),),
        )
        return {where for (where,) in gone} - set(before)

    def _states(self, url: str, list_capture: int) -> tuple[list[str], list[str]]:
        """What this list page named, in its order, when it was last read well before, and in this capture."""
        (former,) = self._db.execute(
            "SELECT max(id) FROM captures c WHERE requested_url = ? AND purpose = 'list' AND id < ?"
            " AND EXISTS (SELECT 1 FROM sightings WHERE list_capture = c.id)",
            (url, list_capture),
        ).fetchone()
        sql = "SELECT address FROM sightings WHERE list_capture = ? ORDER BY position"
        before, now = ([where for (where,) in self._db.execute(sql, (one,))] for one in (former, list_capture))
        return before, now

    def list_asked(self, url: str) -> tuple[str, str] | None:
        """When this address was last asked for as a list, and what became of it."""
        row: tuple[str, str] | None = self._db.execute(
            "SELECT at, outcome FROM visits WHERE address = ? AND purpose = 'list'"
            f" AND outcome NOT IN ({_NOT_ASKED}) ORDER BY sequence DESC LIMIT 1",
            (address(url),),
        ).fetchone()
        return row

    def believed(self, url: str, now: datetime) -> bool:
        """Whether this list may go on answering "not modified": it gave all of itself not long ago."""
        row = self._db.execute(
            "SELECT coalesce(r.clock, v.at) FROM visits v LEFT JOIN readings r USING (sequence)"
            " WHERE v.address = ? AND v.purpose = 'list' AND v.status = 200 ORDER BY v.sequence DESC LIMIT 1",
            (address(url),),
        ).fetchone()
        return row is None or -_TICKS < now - moment(row[0]) < rhythm.BELIEVED
