"""Whether a host's "not modified" can be believed: found out by visits that are due anyway, made without conditions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.archive import Archive
from crawler.instants import instant, moment
from crawler.visits import Purpose, Validators
from normalize.identity import address

_CHECKS = (1, 2, 5, 10, 20, 50)
"""Answers 304 between two checks of a host, by the trust it has earned."""
_DOUBT = 8
"""Answers 304 of lists that are checked at once after an answer that speaks against one: so many true ones end it.

An old article that proves a 304 true ends no doubt: what lies says nothing untrue of what has not changed.
"""
_BACK = 8
"""After a lie: answers 304 of lists that have to be found true at once, and then a change that the host tells."""
_REST = timedelta(weeks=8)
"""So long after a lie nothing is asked for with conditions, and then on one day of the week."""
_UNSEEN = re.compile(rb"<(script|style|template)\b")
_LONGEST = 1 << 20
"""Bytes of a page that is compared by its words, in the reactor's own thread."""
_SKEW = timedelta(hours=1)
"""So far a server's clock may be behind."""


class Trust:
    """What one run knows of it; works on the archive's connection, each change is a transaction of the archive's.

    A host earns trust by checks. For a check, an article that is due, and whose last answer was a 304, is asked for
    without conditions; that costs bytes and no further request. The same bytes prove the 304 true. Other bytes may be
    newer than the 304: by their validators they are, or are not, or that cannot be told. Then the host is in doubt,
    and a list that it says has not changed is asked for once more at once; until a few such answers were true, or it
    told by itself of a change. Other bytes that say the same words, as of a page with a token in it, are no change.

    A host that has lied is left without conditions for a while. Then its lists alone are asked for with them, once a
    week, and each 304 is checked at once: when enough of them were true, and it has told of a change as well, it is
    believed again.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._db = archive.connection
        self._checked: set[str] = set()
        """Hosts checked in this run by an article: one is enough, many would double the bytes of a run."""
        self._asked_twice: set[str] = set()
        """Hosts in doubt of which a list was asked for twice in this run."""

    def trusted(self, host: str) -> bool:
        """Whether this host's "not modified" is believed."""
        return self._lied(host) is None

    def worth(self, host: str, now: datetime, *, of_list: bool) -> bool:
        """Whether a conditional request to this host is worth anything."""
        lied = self._lied(host)
        return lied is None or (of_list and now - lied >= _REST and (now - lied).days % 7 == 0)

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
        lied = self._lied(host) is not None
        at_once = of_list and (lied or (earned < 0 and host not in self._asked_twice))
        if at_once:
            self._asked_twice.add(host)
        return at_once

    def told_change(self, host: str) -> None:
        """The host answered a conditional request with something new, as it should."""
        earned, _ = self._state(host)
        if self._lied(host) is None:
            if earned < 0:
                self._set(host, "earned = 0")
        elif earned == -1:
            self._set(host, "earned = 0, since_probe = 0, lied = NULL")

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
        if not new or self._says_the_same(before, after):
            if self._lied(host) is not None:
                self._set(host, "earned = min(earned + 1, -1), since_probe = 0")
            else:
                self._set(host, "earned = earned + (earned >= 0 OR ?), since_probe = 0", at_once)
            return
        changed = _instant(after.last_modified)
        if _same(before, after) or (changed is not None and changed < claim - _SKEW and claim <= now):
            self._set(host, "earned = ?, lied = ?", -_BACK, instant(now))
        elif changed is not None and changed > claim:
            self._set(host, "since_probe = 0")
        elif at_once:
            self._set(host, "earned = ?, lied = ?", -_BACK, instant(now))
        else:
            self._set(host, "earned = ?, since_probe = 0", -_DOUBT)

    def _says_the_same(self, before: Validators | None, after: Validators) -> bool:
        """Whether the two bodies have the same words for a reader."""
        if before is None or before.capture == after.capture:
            return False
        one, other = (self._archive.held(held.capture).body for held in (before, after))
        return max(len(one), len(other)) <= _LONGEST and _words(one) == _words(other) != []

    def _lied(self, host: str) -> datetime | None:
        row = self._db.execute("SELECT lied FROM trust WHERE host = ?", (host,)).fetchone()
        return moment(row[0]) if row and row[0] else None

    def _state(self, host: str) -> tuple[int, int]:
        row = self._db.execute("SELECT earned, since_probe FROM trust WHERE host = ?", (host,)).fetchone()
        return row or (0, 0)

    def _set(self, host: str, what: str, *values: object) -> None:
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO trust (host, earned, since_probe) VALUES (?, 0, 0) ON CONFLICT (host) DO NOTHING", (host,)
            )
            self._db.execute(f"UPDATE trust SET {what} WHERE host = ?", (*values, host))


def _words(page: bytes) -> list[bytes]:
    """What a reader sees of a page, in one pass: no tags, comments, scripts and styles."""
    page = page.lower()
    seen, at = [], 0
    while (start := page.find(b"<", at)) >= 0:
        seen.append(page[at:start])
        unseen = _UNSEEN.match(page, start)
        end, length = b">", 1
        if page.startswith(b"<!--", start):
            end, length = b"-->", 3
        elif unseen is not None:
            end, length = b"</" + unseen[1], 0
        stop = page.find(end, start + 1)
        if stop < 0:
            return b" ".join(seen).split()
        at = stop + length
    return b" ".join([*seen, page[at:]]).split()


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
