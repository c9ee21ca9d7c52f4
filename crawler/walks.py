"""How far each office's lists were walked, and when they are to be walked again: a table beside the frontier."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from crawler import rhythm
from crawler.archive import Archive
from crawler.habits import Habit
from crawler.instants import instant, moment

DEEP_EVERY = 10
"""Walks of an office after which one goes through the whole list again."""
_MOST_BROKEN = 3
"""So often in a row a page below a list's head may give nothing before the pass that leads through it is given up."""
_MOST_TROUBLE = 10
"""As often where that is the server's trouble."""


@dataclass(frozen=True, kw_only=True)
class Walked:
    """How an office's lists were last walked."""

    completed: datetime | None = None
    """When the last walk came to an end that is known: its own, or the place where it is to go on (`resume`)."""
    head: datetime | None = None
    """When the first page was last read."""
    since_deep: int = 0
    unsorted: bool = False
    """Its lists do not go from new to old: what is new may stand anywhere."""
    resume: str | None = None
    """List page at which an unfinished pass goes on."""
    begun: datetime | None = None
    """Since when that pass is under way: articles found since then say nothing of what stands below them."""
    deep: bool = False
    """Whether that pass goes to the list's end, whatever is known."""
    pages: int = 0
    """List pages that the pass has read."""
    failures: int = 0
    """How often in a row the head of its lists gave nothing."""
    way: str | None = None
    """List address that gave teasers last time."""
    due: datetime | None = None
    habit: Habit | None = None
    """What was known of its habit then."""


class Walks:
    """Works on the archive's connection; every change is a transaction of the archive's."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._db = archive.connection

    def of(self, office: str) -> Walked:
        row = self._db.execute(
            "SELECT completed, head, since_deep, unsorted, resume, begun, is_deep, pages, failures, way, due, habit"
            " FROM walks WHERE office = ?",
            (office,),
        ).fetchone()
        if row is None:
            return Walked()
        completed, head, since_deep, unsorted, resume, begun, deep, pages, failures, way, due, habit = row
        return Walked(
            completed=_moment(completed),
            head=_moment(head),
            since_deep=since_deep,
            unsorted=bool(unsorted),
            resume=resume,
            begun=_moment(begun),
            deep=bool(deep),
            pages=pages,
            failures=failures,
            way=way,
            due=_moment(due),
            habit=Habit.read(habit) if habit else None,
        )

    def postpone(self, office: str, now: datetime) -> None:
        """Its lists could not be asked for yet: if they never were, they wait from now on."""
        with self._archive.writing():
            self._meet(office, now)

    def begin(self, office: str, now: datetime) -> None:
        """The first page of an office's list is here: until it is noted how the walk goes on, its end is not known.

        A walk of which that never was noted (its process died) leaves its beginning to the next one.
        """
        with self._archive.writing():
            self._meet(office, now)
            self._db.execute(
                "UPDATE walks SET begun = iif(completed IS NULL, coalesce(begun, head), begun),"
                " before = iif(completed IS NULL OR resume IS NOT NULL, NULL, head), completed = NULL, head = :now,"
                " due = :now, failures = 0 WHERE office = :office",
                {"office": office, "now": instant(now)},
            )

    def go_on(self, office: str, now: datetime, resume: str, due: datetime, *, deep: bool, pages: int) -> None:
        """A page was read, and the walk is not at its end: there it goes on, in this run or in a later one.

        `pages`: how many this run has added to the pass.
        """
        with self._archive.writing():
            self._meet(office, now)
            self._db.execute(
                "UPDATE walks SET completed = :now, resume = :resume, begun = coalesce(begun, head, :now),"
                " is_deep = :deep, pages = pages + :pages,"
                " broken = iif(resume IS :resume, broken, 0), due = :due WHERE office = :office",
                {
                    "office": office,
                    "now": instant(now),
                    "resume": resume,
                    "deep": int(deep),
                    "pages": pages,
                    "due": instant(due),
                },
            )

    def complete(
        self, office: str, now: datetime, *, deep: bool, unsorted: bool, habit: Habit | None = None, asked: bool = False
    ) -> None:
        """The walk of an office's lists came to its end; by its habit (else as usual) they are due again.

        A deep pass that is under way stays so until a `deep` walk has come to its end. The next deep walks of offices
        for which one was `asked` on the same day are spread like those of offices met on the same day.
        """
        habit = habit or Habit()
        with self._archive.writing():
            self._meet(office, now)
            self._db.execute(
                "UPDATE walks SET completed = :now, unsorted = :unsorted, due = :due, habit = :habit,"
                " deep = iif(:deep, :now, deep), since_deep = iif(:deep, :anew, since_deep + 1) WHERE office = :office",
                {
                    "office": office,
                    "now": instant(now),
                    "deep": int(deep),
                    "unsorted": int(unsorted),
                    "due": instant(rhythm.next_list(now, habit)),
                    "habit": habit.written(),
                    "anew": _stagger(office) if asked else 0,
                },
            )
            self._db.execute(f"{_NO_PASS} WHERE office = ? AND (? OR NOT is_deep)", (office, int(deep)))

    def head_failed(self, office: str, now: datetime) -> None:
        """No way to an office's lists gave anything: they are tried again later, the oftener it failed the later."""
        with self._archive.writing():
            self._meet(office, now)
            failures = self.of(office).failures + 1
            self._db.execute(
                "UPDATE walks SET failures = ?, due = ? WHERE office = ?",
                (failures, instant(rhythm.next_list_try(now, failures)), office),
            )

    def break_off(self, office: str, now: datetime, *, trouble: bool) -> None:
        """The page at which a walk was to go on gave nothing: it is tried again, and given up when that stays so.

        `trouble`: it is the server's. A deep pass that is given up counts as one: the next begins as long after it.
        """
        with self._archive.writing():
            self._meet(office, now)
            (broken,) = self._db.execute("SELECT broken + 1 FROM walks WHERE office = ?", (office,)).fetchone()
            due = instant(rhythm.next_list_try(now, broken))
            self._db.execute("UPDATE walks SET broken = ?, due = ? WHERE office = ?", (broken, due, office))
            if broken >= (_MOST_TROUBLE if trouble else _MOST_BROKEN):
                since = "since_deep = iif(is_deep, 0, since_deep)"
                self._db.execute(f"{_NO_PASS}, {since} WHERE office = ?", (office,))

    def found_way(self, office: str, url: str) -> None:
        """This list address gave teasers: the next walk begins there."""
        with self._archive.writing():
            self._db.execute("UPDATE walks SET way = ? WHERE office = ?", (url, office))

    def announce(
        self, run: str, office: str, now: datetime, *, deep: bool, total: int | None, pages: int | None
    ) -> None:
        """A list says how many articles, or pages, it holds."""
        with self._archive.writing():
            self._db.execute(
                "INSERT INTO announced (run, office, total, pages, deep, at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (run, office) DO UPDATE SET total = coalesce(excluded.total, total),"
                " pages = coalesce(excluded.pages, pages), deep = excluded.deep, at = excluded.at",
                (run, office, total, pages, int(deep), instant(now)),
            )

    def read_through(self, run: str, office: str, pages: int) -> None:
        """So many pages were read in a pass that has come to the list's end, in this run and those before it."""
        with self._archive.writing():
            self._db.execute("UPDATE announced SET read = ? WHERE run = ? AND office = ?", (pages, run, office))

    def _meet(self, office: str, now: datetime) -> None:
        """Offices met on one day do not go through their whole lists on one day."""
        self._db.execute(
            "INSERT INTO walks (office, due, since_deep) VALUES (?, ?, ?) ON CONFLICT (office) DO NOTHING",
            (office, instant(now), _stagger(office)),
        )


_NO_PASS = "UPDATE walks SET resume = NULL, begun = NULL, is_deep = 0, pages = 0, broken = 0"


def _stagger(office: str) -> int:
    """Walks by which this office's first deep one comes earlier: by its id, so that it is the same in any archive."""
    return zlib.crc32(office.encode()) % (DEEP_EVERY - 1)


def _moment(text: str | None) -> datetime | None:
    return moment(text) if text else None
