"""archive.db: everything observed, in order; the log of which news.db is a function."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crawler import bodies
from crawler.database import Connection, DatabaseProblem, explained, open_database, transaction
from crawler.instants import Clock, instant, moment, now
from crawler.outcomes import CONFIRMING
from crawler.visits import Attempt, Held, Kept, Noted, Validators, Visit
from normalize.dates import read_day
from normalize.identity import address
from normalize.model import Teaser

AHEAD = timedelta(days=1)
"""A last stamp that is further ahead of the clock comes of a clock that was wrong, or is."""


def another_day(before: str | None, now: str | None) -> bool:
    """Whether a list now prints another day for an article; "wczoraj" and nothing at all are no day."""
    if now is None or before == now:
        return False
    day = read_day(now)
    return day is not None and day != (read_day(before) if before else None)


class Archive:
    """The open archive. One writer; every method that writes is one transaction, alone or within `writing`.

    A visit's stamp is the clock's reading, or the stamp before it where the clock has gone back: order is by the stamp
    and the sequence. What the clock read then stands beside it (`readings`), and spans of time are taken between
    readings: after one run with the clock years ahead, pages are found gone a day apart and "wczoraj" is yesterday.
    """

    def __init__(self, connection: Connection, path: Path, clock: Clock) -> None:
        self.path = path
        self._db = connection
        self._clock = clock
        self.watch: Callable[[Visit, str], None] | None = None
        """Is told of each visit and its outcome as it is noted."""
        self._spending: Counter[tuple[str, str]] = Counter()
        latest = self._db.execute(
            "SELECT max(at) FROM (SELECT * FROM (SELECT at FROM visits ORDER BY sequence DESC LIMIT 1)"
            " UNION ALL SELECT max(substr(started, 1, 24)) FROM runs UNION ALL SELECT max(finished) FROM runs)"
        ).fetchone()[0]
        self._latest = moment(latest) if latest else None
        self._read = self._clock().astimezone(UTC)
        """What the clock read when last asked."""

    @classmethod
    def open(cls, path: Path, clock: Clock = now) -> Self:
        """Open or make the file; raises DatabaseProblem."""
        return cls(open_database(path, "archive"), path, clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._spending:
            with contextlib.suppress(DatabaseProblem), self.writing():  # the run has told of that trouble already
                self._count_spending()
        self._db.close()

    @property
    def ahead(self) -> timedelta | None:
        """By how much the last stamp is ahead of the clock, where that is more than clocks are set back by."""
        by = self._latest - self._clock().astimezone(UTC) if self._latest else timedelta()
        return by if by > AHEAD else None

    @property
    def has_gone_back(self) -> bool:
        """Whether the clock read a time more than a day later at the last visit than it reads now."""
        row = self._db.execute(
            "SELECT coalesce(r.clock, v.at) FROM visits v LEFT JOIN readings r USING (sequence)"
            " ORDER BY v.sequence DESC LIMIT 1"
        ).fetchone()
        return row is not None and moment(row[0]) - self._clock() > AHEAD

    def begin_run(self, command: str) -> str:
        """Note that a run has begun; its id is its start, with a number where two begin in one millisecond.

        While stamps are held back each run is one millisecond later than what was before it: ids sort as runs came.
        """
        if self._latest is not None and self._clock() < self._latest:
            self._latest += timedelta(milliseconds=1)
        started = self.stamp()
        with self.writing():
            same = self._db.execute("SELECT count(*) FROM runs WHERE started = ?", (started,)).fetchone()[0]
            run = f"{started}-{same + 1}" if same else started
            self._db.execute("INSERT INTO runs (id, command, started) VALUES (?, ?, ?)", (run, command, started))
        return run

    def end_run(self, run: str, outcome: str) -> None:
        with self.writing():
            self._count_spending()
            self._db.execute("UPDATE runs SET finished = ?, outcome = ? WHERE id = ?", (self.stamp(), outcome, run))

    def stamp(self) -> str:
        """The clock's reading, held back where it would run backwards: `fetched` never does within the archive."""
        self._read = self._clock().astimezone(UTC)
        self._latest = self._read if self._latest is None else max(self._read, self._latest)
        return instant(self._latest)

    def note(self, run: str, visit: Visit, *, capture: int | None = None) -> None:
        """Record an attempt that brought no body, or (with `capture`) one that confirmed a body already held."""
        with self.writing():
            self._note(run, visit, capture, self.stamp())

    def keep(
        self,
        run: str,
        visit: Visit,
        body: bytes,
        *,
        content_type: str | None,
        etag: str | None = None,
        last_modified: str | None = None,
        sighted: tuple[int, int] | None = None,
        teasers: Sequence[Teaser] = (),
    ) -> Kept:
        """Record an attempt with its body; a body equal to the last one of the same address is not kept twice.

        It is a capture of its own again where the list that led here now prints another day: that changes what it says.
        So is a list that is read otherwise by now than when it was kept: places on it are told by its sightings.
        `sighted`: list capture and position of the teaser that led here. `teasers`: what the page says, when it is a
        list; recorded in the same transaction, because a list that is the same again is not read again.
        """
        at = self.stamp()
        digest = bodies.digest(body)
        url = visit.final_url or visit.url
        with self.writing():
            last = self._db.execute(
                "SELECT id, body, url, list_capture, list_position FROM captures"
                " WHERE requested_url = ? AND purpose = ? ORDER BY id DESC LIMIT 1",
                (visit.url, visit.purpose),
            ).fetchone()
            anew = last and (
                self._dated_anew(last[3:], sighted)
                or (visit.purpose == "list" and self.reads_otherwise(last[0], teasers))
            )
            if last and last[1] == digest and last[2] == url and not anew:
                kept = Kept(capture=last[0], new=False)
            else:
                bodies.keep(self._db, digest, body)
                cursor = self._db.execute(
                    "INSERT INTO captures (run, office, purpose, url, requested_url, content_type, body, fetched,"
                    " list_capture, list_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        run,
                        visit.office,
                        visit.purpose,
                        url,
                        visit.url,
                        content_type,
                        digest,
                        at,
                        *(sighted or (None, None)),
                    ),
                )
                kept = Kept(capture=cursor.lastrowid, new=True)
                self._sight(kept.capture, teasers)
            outcome = visit.outcome if kept.new or visit.outcome != "stored" else "same"
            self._note(run, visit, kept.capture, at, outcome)
            if etag or last_modified:
                self._db.execute(
                    "INSERT OR REPLACE INTO validators (url, etag, last_modified, capture) VALUES (?, ?, ?, ?)",
                    (visit.url, etag, last_modified, kept.capture),
                )
            else:
                self._db.execute("DELETE FROM validators WHERE url = ?", (visit.url,))
        return kept

    def validators(self, url: str) -> Validators | None:
        row = self._db.execute("SELECT etag, last_modified, capture FROM validators WHERE url = ?", (url,)).fetchone()
        return None if row is None else Validators(etag=row[0], last_modified=row[1], capture=row[2])

    def spend(self, server: str, day: str) -> None:
        """A request was sent to this server; counted within the next transaction that notes what came of it."""
        self._spending[server, day] += 1

    def spent(self, server: str, day: str) -> int:
        """Requests sent to this server on this day, by all runs."""
        row = self._db.execute("SELECT requests FROM spent WHERE server = ? AND day = ?", (server, day)).fetchone()
        return (row[0] if row else 0) + self._spending[server, day]

    @property
    def connection(self) -> Connection:
        """For what lies in the same file beside the log, as the crawl's memory does, and for what only counts."""
        return self._db

    def latest_sighting(self, url: str) -> tuple[int, int] | None:
        """List capture and position of the last list that named this address."""
        row = self._db.execute(
            "SELECT list_capture, position FROM sightings WHERE address = ? ORDER BY list_capture DESC LIMIT 1",
            (address(url),),
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def held(self, capture: int) -> Held:
        """One capture with its body, which is the one that was received, and the teaser that led to it.

        Raises DatabaseProblem.
        """
        row = self._db.execute(f"{_HELD} WHERE c.id = ?", (capture,)).fetchone()
        if row is None:
            raise LookupError(f"{self.path}: no capture {capture}")
        return self._as_held(row)

    def noted(self, capture: int) -> Noted:
        """One capture without its body."""
        row = self._db.execute(f"SELECT {_NOTED} FROM captures c WHERE c.id = ?", (capture,)).fetchone()
        if row is None:
            raise LookupError(f"{self.path}: no capture {capture}")
        return _as_noted(row)

    def article_offices(self) -> dict[int, str]:
        """Capture id -> office id of every article capture, in order."""
        return dict(self._db.execute("SELECT id, office FROM captures WHERE purpose = 'article' ORDER BY id"))

    def attempts(self, addresses: Sequence[str]) -> list[Attempt]:
        """Every visit of these addresses as an article, in order; also those that led to them."""
        marks = ", ".join("?" * len(addresses))
        return [
            Attempt(at=at, outcome=outcome, status=status, capture=capture, address=asked, final=final, clock=clock)
            for _, at, outcome, status, capture, asked, final, clock in self._db.execute(
                f"SELECT {_ATTEMPT} WHERE address IN ({marks}) AND purpose = 'article' UNION"
                f" SELECT {_ATTEMPT} WHERE final_address IN ({marks}) AND purpose = 'article' ORDER BY sequence",
                (*addresses, *addresses),
            )
        ]

    def named(self, addresses: Sequence[str]) -> str | None:
        """The latest instant at which a healthy list named one of these addresses."""
        marks = ", ".join("?" * len(addresses))
        good = ", ".join(f"'{outcome}'" for outcome in CONFIRMING)
        at: str | None = self._db.execute(
            "SELECT max(v.at) FROM sightings s JOIN visits v ON v.capture = s.list_capture"
            f" WHERE s.address IN ({marks}) AND v.purpose = 'list' AND v.outcome IN ({good})",
            tuple(addresses),
        ).fetchone()[0]
        return at

    def last_sequence(self) -> int:
        """Of the ledger's visits; 0 when there is none."""
        last: int = self._db.execute("SELECT coalesce(max(sequence), 0) FROM visits").fetchone()[0]
        return last

    def touched_since(self, sequence: int) -> tuple[int, list[str]]:
        """The ledger's last sequence, and every address that later visits saw, missed, or saw named on a list."""
        last = self.last_sequence()
        good = ", ".join(f"'{outcome}'" for outcome in CONFIRMING)
        rows = self._db.execute(
            f"SELECT address FROM visits WHERE sequence > ? AND purpose = 'article' AND outcome IN ({good}, 'gone')"
            " UNION SELECT final_address FROM visits"
            f" WHERE sequence > ? AND purpose = 'article' AND outcome IN ({good}, 'gone')"
            " UNION SELECT s.address FROM visits v JOIN sightings s ON s.list_capture = v.capture"
            f" WHERE v.sequence > ? AND v.purpose = 'list' AND v.outcome IN ({good})",
            (sequence, sequence, sequence),
        )
        return last, [row[0] for row in rows]

    def missed_since(self, sequence: int, captures: Collection[int]) -> list[str]:
        """Addresses that later visits found gone, or showing one of these captures."""
        return [
            row[0]
            for row in self._db.execute(
                "SELECT DISTINCT address FROM visits WHERE sequence > ? AND purpose = 'article' AND (outcome = 'gone'"
                " OR capture IN (SELECT value FROM json_each(?)))",
                (sequence, json.dumps(sorted(captures))),
            )
        ]

    def runs(
        self, *, since: int = 0, known: Collection[str] = ()
    ) -> list[tuple[str, str, str, str | None, str | None]]:
        """(id, command, started, finished, outcome) of the runs that have visits after this sequence.

        Those without any visit are among them too, unless they are `known`.
        """
        return list(
            self._db.execute(
                "SELECT id, command, started, finished, outcome FROM runs WHERE id IN"
                " (SELECT run FROM visits WHERE sequence > ?) OR NOT EXISTS"
                " (SELECT 1 FROM visits WHERE visits.run = runs.id)"
                " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY started, id",
                (since, json.dumps(sorted(known))),
            )
        )

    def run(self, run: str) -> tuple[str, str, str, str | None, str | None]:
        row: tuple[str, str, str, str | None, str | None] = self._db.execute(
            "SELECT id, command, started, finished, outcome FROM runs WHERE id = ?", (run,)
        ).fetchone()
        return row

    def visits(self, url: str) -> list[dict[str, object]]:
        """Every attempt at this address, in order."""
        cursor = self._db.execute(
            "SELECT * FROM visits WHERE address = ? OR final_address = ? ORDER BY sequence",
            (address(url), address(url)),
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, or a part of the one that is under way; its troubles become DatabaseProblem."""
        if self._db.in_transaction:
            yield
            return
        with explained(self.path), transaction(self._db):
            yield

    def _dated_anew(self, before: Sequence[Any], sighted: tuple[int, int] | None) -> bool:
        if sighted is None or tuple(before) == sighted:
            return False
        printed = [
            row[0] if row else None
            for row in (
                self._db.execute(
                    "SELECT published_raw FROM sightings WHERE list_capture = ? AND position = ?", tuple(place)
                ).fetchone()
                for place in (before, sighted)
            )
        ]
        return another_day(*printed)

    def reads_otherwise(self, list_capture: int, teasers: Sequence[Teaser]) -> bool:
        """Whether these teasers, read from a list's page, lead elsewhere than those that were read from it then."""
        rows = self._db.execute("SELECT url FROM sightings WHERE list_capture = ? ORDER BY position", (list_capture,))
        return bool(teasers) and [teaser.url for teaser in teasers] != [url for (url,) in rows]

    def _sight(self, list_capture: int, teasers: Iterable[Teaser]) -> None:
        """Record what a list says, in its order."""
        self._db.executemany(
            "INSERT OR IGNORE INTO sightings (list_capture, position, url, address, title, published_raw,"
            " modified_raw, summary, site_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    list_capture,
                    position,
                    teaser.url,
                    address(teaser.url),
                    teaser.title,
                    teaser.published_raw,
                    teaser.modified_raw,
                    teaser.summary,
                    teaser.id,
                )
                for position, teaser in enumerate(teasers)
            ],
        )

    def _note(self, run: str, visit: Visit, capture: int | None, at: str, outcome: str | None = None) -> None:
        final = visit.final_url or visit.url
        self._count_spending()
        cursor = self._db.execute(
            "INSERT INTO visits (run, office, purpose, url, hops, final_url, address, final_address, status, headers,"
            " outcome, detail, capture, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run,
                visit.office,
                visit.purpose,
                visit.url,
                json.dumps(list(visit.hops)),
                final,
                address(visit.url),
                address(final),
                visit.status,
                json.dumps(dict(visit.headers), ensure_ascii=False),
                outcome or visit.outcome,
                visit.detail,
                capture,
                at,
            ),
        )
        if instant(self._read) < at:
            self._db.execute(
                "INSERT INTO readings (sequence, clock) VALUES (?, ?)", (cursor.lastrowid, instant(self._read))
            )
        if self.watch is not None:
            self.watch(visit, outcome or visit.outcome)

    def _count_spending(self) -> None:
        self._db.executemany(
            "INSERT INTO spent (server, day, requests) VALUES (?, ?, ?)"
            " ON CONFLICT (server, day) DO UPDATE SET requests = requests + excluded.requests",
            [(server, day, requests) for (server, day), requests in self._spending.items() if requests],
        )
        self._spending.clear()

    def _as_held(self, row: Sequence[Any]) -> Held:
        noted, (sha256, packed, clock, *said) = _as_noted(row[:8]), row[8:]
        teaser = None
        if said[0] is not None:
            url, title, published_raw, modified_raw, summary, site_id = said
            teaser = Teaser(
                url=url,
                title=title,
                published_raw=published_raw,
                modified_raw=modified_raw,
                summary=summary,
                id=site_id,
            )
        try:
            if packed is None:
                raise bodies.Damaged("is missing")
            body = bodies.unpacked(packed, sha256)
        except bodies.Damaged as error:
            raise DatabaseProblem(
                f"{self.path}: the body of capture {noted.id} ({noted.requested_url}) {error}; put back the last copy"
                " of the folder (wiesci restore): wiesci verify names all that is damaged"
            ) from error
        return Held(**vars(noted), body=body, teaser=teaser, clock=moment(clock) if clock else None)


def _as_noted(row: Sequence[Any]) -> Noted:
    capture, run, office, purpose, url, requested_url, content_type, fetched = row
    return Noted(
        id=capture,
        run=run,
        office=office,
        purpose=purpose,
        url=url,
        requested_url=requested_url,
        content_type=content_type,
        fetched=moment(fetched),
    )


_ATTEMPT = (
    "sequence, at, outcome, status, capture, address, final_address,"
    " (SELECT clock FROM readings r WHERE r.sequence = visits.sequence) FROM visits"
)
_NOTED = "c.id, c.run, c.office, c.purpose, c.url, c.requested_url, c.content_type, c.fetched"
_HELD = (
    f"SELECT {_NOTED}, c.body, b.zstd, (SELECT (SELECT clock FROM readings r WHERE r.sequence = v.sequence)"
    " FROM visits v WHERE v.capture = c.id ORDER BY v.sequence LIMIT 1),"
    " s.url, s.title, s.published_raw, s.modified_raw, s.summary, s.site_id"
    " FROM captures c LEFT JOIN bodies b ON b.sha256 = c.body"
    " LEFT JOIN sightings s ON s.list_capture = c.list_capture AND s.position = c.list_position"
)
