"""Whether a host's "not modified" can be believed: found out by visits that are due anyway, made without conditions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.archive import Archive, Purpose, Validators, instant, moment
from normalize.identity import address

_CHECKS = (1, 2, 5, 10, 20, 50)
"""Answers 304 between two checks of a host, by the trust it has earned."""
_DOUBT = 4
"""Answers 304 of lists that are checked at once after an answer that speaks against one: so many true ones end it."""
_SKEW = timedelta(hours=1)
"""So far a server's clock may be behind."""


class Trust:
    """What one run knows of it; works on the archive's connection, each change is a transaction of the archive's.

    A host earns trust by checks. For a check, an article that is due, and whose last answer was a 304, is asked for
    without conditions; that costs bytes and no further request. The same bytes prove the 304 true. Other bytes may be
    newer than the 304: by their validators they are, or are not, or that cannot be told. Then the host is in doubt,
    and a list that it says has not changed is asked for once more at once; until a few such answers were true, or it
    told by itself of a change.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._db = archive.connection
        self._checked: set[str] = set()
        """Hosts checked in this run: one check is enough, and a run of many visits does not double its bytes."""

    def trusted(self, host: str) -> bool:
        """Whether conditional requests to this host are worth anything."""
        row = self._db.execute("SELECT lied FROM trust WHERE host = ?", (host,)).fetchone()
        return row is None or row[0] is None

    def claim(self, url: str, purpose: Purpose) -> datetime | None:
        """When this address said that nothing had changed, if it is the last that it said."""
        row = self._db.execute(
            "SELECT v.status, coalesce(r.clock, v.at) FROM visits v LEFT JOIN readings r USING (sequence)"
            " WHERE v.address = ? AND v.purpose = ? ORDER BY v.sequence DESC LIMIT 1",
            (address(url), purpose),
        ).fetchone()
        return moment(row[1]) if row and row[0] == 304 else None

    def to_check(self, host: str, url: str) -> datetime | None:
        """The claim that this visit of an article is to check; None: it may go with conditions."""
        earned, since = self._state(host)
        if host in self._checked or since < _CHECKS[min(max(earned, 0), len(_CHECKS) - 1)]:
            return None
        claim = self.claim(url, "article")
        if claim is not None:
            self._checked.add(host)
        return claim

    def not_modified(self, host: str, *, of_list: bool = False) -> bool:
        """The host answered 304; whether that is to be checked at once."""
        earned, since = self._state(host)
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO trust (host, earned, since_probe) VALUES (?, ?, ?) ON CONFLICT (host)"
                " DO UPDATE SET since_probe = excluded.since_probe",
                (host, earned, since + 1),
            )
        at_once = of_list and earned < 0 and host not in self._checked
        if at_once:
            self._checked.add(host)
        return at_once

    def told_change(self, host: str) -> None:
        """The host answered a conditional request with something new, as it should."""
        if self._state(host)[0] < 0:
            with self._archive.writing():
                self._db.execute("UPDATE trust SET earned = 0 WHERE host = ?", (host,))

    def weigh(
        self,
        host: str,
        claim: datetime,
        now: datetime,
        *,
        at_once: bool = False,
        new: bool,
        before: Validators | None,
        after: Validators,
    ) -> None:
        """What an answer without conditions says of an earlier 304 of the same address. `new`: it has other bytes.

        `at_once`: the two came one after the other, so that nothing can have changed between them.

        `before`, `after`: the validators that the 304 stood for, and those given now. The same ones with other bytes
        would be answered with a 304 again.
        """
        if not new:
            self._set(host, "earned = earned + 1, since_probe = 0")
            return
        changed = _instant(after.last_modified)
        if _same(before, after) or (changed is not None and changed < claim - _SKEW and claim <= now):
            self._set(host, "earned = 0, lied = ?", instant(now))
        elif changed is not None and changed > claim:
            self._set(host, "since_probe = 0")
        elif at_once:
            self._set(host, "earned = 0, lied = ?", instant(now))
        else:
            self._set(host, "earned = ?, since_probe = 0", -_DOUBT)

    def _state(self, host: str) -> tuple[int, int]:
        row = self._db.execute("SELECT earned, since_probe FROM trust WHERE host = ?", (host,)).fetchone()
        return row or (0, 0)

    def _set(self, host: str, what: str, *values: object) -> None:
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO trust (host, earned, since_probe) VALUES (?, 0, 0) ON CONFLICT (host) DO NOTHING", (host,)
            )
            self._db.execute(f"UPDATE trust SET {what} WHERE host = ?", (*values, host))


def _same(before: Validators | None, after: Validators) -> bool:
    """Whether a request with these conditions would be answered "not modified"; an ETag goes before a date."""
    if before is None:
        return False
    if before.etag or after.etag:
        return before.etag == after.etag
    return before.last_modified is not None and before.last_modified == after.last_modified


def _instant(text: str | None) -> datetime | None:
    try:
        told = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
