"""What to ask for next and why: the crawl's memory of addresses, lists and hosts, beside the archive it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler import rhythm
from crawler.archive import Archive, another_day, instant, moment
from crawler.habits import LATEST, Habit, learn_from
from normalize.identity import address
from normalize.model import Teaser

DEEP_EVERY = 10
"""Walks of an office after which one goes through the whole list again."""
TOLD = "list says so"
"""Reason for a visit: a list says something else of the article than before."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """An address to be visited, and the place on a list that told of it."""

    url: str
    reason: str
    sighted: tuple[int, int] | None
    since: datetime
    """When its time came."""


@dataclass(frozen=True, kw_only=True)
class Walked:
    """How an office's lists were last walked."""

    completed: datetime | None = None
    since_deep: int = 0
    unsorted: bool = False
    """Its lists do not go from new to old: what is new may stand anywhere."""
    resume: str | None = None
    """List page at which an interrupted deep walk goes on."""
    way: str | None = None
    """List address that gave teasers last time."""
    due: datetime | None = None
    habit: Habit | None = None
    """What was known of its habit then."""


class Frontier:
    """Works on the archive's connection; every change is a transaction of the archive's."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._db = archive.connection

    def known(self, where: str) -> bool:
        """Whether this address (in the compared spelling) has been met before."""
        return self._db.execute("SELECT 1 FROM frontier WHERE address = ?", (where,)).fetchone() is not None

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

    def postpone(self, office: str, now: datetime) -> None:
        """Its lists could not be asked for yet: if they never were, they wait from now on."""
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO walks (office, due) VALUES (?, ?) ON CONFLICT (office) DO NOTHING", (office, instant(now))
            )

    def walked(self, office: str) -> Walked:
        row = self._db.execute(
            "SELECT completed, since_deep, unsorted, resume, way, due, habit FROM walks WHERE office = ?", (office,)
        ).fetchone()
        if row is None:
            return Walked()
        completed, since_deep, unsorted, resume, way, due, habit = row
        return Walked(
            completed=moment(completed) if completed else None,
            since_deep=since_deep,
            unsorted=bool(unsorted),
            resume=resume,
            way=way,
            due=moment(due) if due else None,
            habit=Habit.read(habit) if habit else None,
        )

    def begin(self, office: str, now: datetime) -> None:
        """The first page of an office's list is here: until its end is reached, nothing behind it counts as known."""
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO walks (office, completed, head, due) VALUES (?, NULL, ?, ?) ON CONFLICT (office) DO UPDATE"
                " SET before = iif(completed IS NULL, NULL, head), completed = NULL, head = excluded.head,"
                " due = excluded.due",
                (office, instant(now), instant(now)),
            )

    def complete(self, office: str, now: datetime, *, deep: bool, unsorted: bool, habit: Habit | None = None) -> None:
        """The walk of an office's lists came to its end; by its habit (else: by what walks saw) they are due again."""
        habit = habit or learn_from(self.windows(office), {})
        at, due = instant(now), instant(rhythm.next_list(now, habit))
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO walks (office, completed, deep, since_deep, unsorted, resume, due, habit)"
                " VALUES (?, ?, ?, 0, ?, NULL, ?, ?) ON CONFLICT (office) DO UPDATE SET completed = excluded.completed,"
                " deep = coalesce(excluded.deep, deep), since_deep = CASE WHEN excluded.deep IS NULL"
                " THEN since_deep + 1 ELSE 0 END, unsorted = excluded.unsorted, resume = NULL, due = excluded.due,"
                " habit = excluded.habit",
                (office, at, at if deep else None, int(unsorted), due, habit.written()),
            )

    def found_way(self, office: str, url: str) -> None:
        """This list address gave teasers: the next walk begins there."""
        with self._archive.writing():
            self._db.execute("UPDATE walks SET way = ? WHERE office = ?", (url, office))

    def break_off(self, office: str, now: datetime, resume: str | None = None) -> None:
        """The walk goes on later (or failed): until it is complete, nothing counts as already known behind it."""
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO walks (office, completed, resume, due) VALUES (?, NULL, ?, ?) ON CONFLICT (office)"
                " DO UPDATE SET completed = NULL, resume = coalesce(excluded.resume, resume), due = excluded.due",
                (office, resume, instant(now)),
            )

    def announce(self, run: str, office: str, total: int, now: datetime, *, deep: bool) -> None:
        """A list says how many articles it holds."""
        with self._archive.writing():
            self._db.execute(
                "INSERT OR REPLACE INTO announced (run, office, total, deep, at) VALUES (?, ?, ?, ?, ?)",
                (run, office, total, int(deep), instant(now)),
            )

    def changed_since_sighted(self, teaser: Teaser, list_capture: int) -> bool:
        """Whether a list says of this article something else than the last time it named it."""
        row = self._db.execute(
            "SELECT title, modified_raw, published_raw FROM sightings WHERE address = ? AND list_capture < ?"
            " ORDER BY list_capture DESC LIMIT 1",
            (address(teaser.url), list_capture),
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

    def vanished(self, url: str, list_capture: int) -> set[str]:
        """Addresses that the former state of this list page named above one that it still names, and now does not.

        What was pushed off the end by new articles is not among them.
        """
        row = self._db.execute(
            "SELECT max(id) FROM captures WHERE requested_url = ? AND purpose = 'list' AND id < ?", (url, list_capture)
        ).fetchone()
        if row is None or row[0] is None:
            return set()
        before, now = (
            [
                one[0]
                for one in self._db.execute(
                    "SELECT address FROM sightings WHERE list_capture = ? ORDER BY position", (capture,)
                )
            ]
            for capture in (row[0], list_capture)
        )
        present = set(now)
        still = [place for place, where in enumerate(before) if where in present]
        return {where for where in before[: still[-1]] if where not in present} if still else set()

    def list_asked(self, url: str) -> tuple[str, str] | None:
        """When this address was last asked for as a list, and what became of it."""
        row: tuple[str, str] | None = self._db.execute(
            "SELECT at, outcome FROM visits WHERE address = ? AND purpose = 'list' ORDER BY sequence DESC LIMIT 1",
            (address(url),),
        ).fetchone()
        return row

    def believed(self, url: str, now: datetime) -> bool:
        """Whether this list may go on answering "not modified": it gave all of itself not long ago."""
        row = self._db.execute(
            "SELECT at FROM visits WHERE address = ? AND purpose = 'list' AND status = 200"
            " ORDER BY sequence DESC LIMIT 1",
            (address(url),),
        ).fetchone()
        return row is None or now - moment(row[0]) < rhythm.BELIEVED
