"""news.db: the only module that knows its SQL. One transaction an article, one writer."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import msgspec

from crawler import corpus, corrections_file, moves, signs
from crawler.accounts import account, office_runs
from crawler.archive import Archive
from crawler.completeness import find_missing
from crawler.database import Connection, explained, open_database, transaction
from crawler.instants import instant
from crawler.presence import Presence, presence
from crawler.projection import (
    CHILD_TABLES,
    Folded,
    Observed,
    Projection,
    first_id,
    joining_keys,
    project,
    revision_id,
    turns,
)
from crawler.redaction import RULES, redacted
from crawler.registry import Register
from crawler.rows import Row, has, insert, upsert
from crawler.suppression import Suppression, Suppressions, hidden_by, hidden_earlier, hidden_since, stub
from crawler.takeover import take_over
from crawler.visits import Held, Noted
from crawler.written import Known
from normalize import VERSION
from normalize.identity import address
from normalize.model import Article

Saved = Literal["new", "changed", "same", "dropped"]

_decode = msgspec.json.Decoder(Article).decode


class Store:
    """The open news database. It says of each save whether it brought something new."""

    def __init__(self, connection: Connection, path: Path, register: Register) -> None:
        self.path = path
        self._db = connection
        self._register = register
        self._versions = {office.id: version_of(register, office.id) for office in register.offices.values()}
        self.suppressions = Suppressions.beside(path)
        self.corrections = corrections_file.beside(path, Known.of(register.knowledge())).without(self.suppressions)
        with explained(path):
            take_over(self._db, self._register)
            self._begin()

    @classmethod
    def open(cls, path: Path, register: Register) -> Self:
        """Open or make the file; raises DatabaseProblem."""
        return cls(open_database(path, "news"), path, register)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    def understood_captures(self) -> int:
        """How many captures have been understood."""
        count: int = self._db.execute("SELECT count(*) FROM understood").fetchone()[0]
        return count

    def to_do(self, archive: Archive) -> tuple[list[int], bool]:
        """Captures not yet understood; and whether any was understood by another version (then: rebuild).

        Nor can those stay that the archive no longer knows: its last commits were lost, and their numbers come again.
        """
        done = dict(self._db.execute("SELECT capture, version FROM understood"))
        offices = archive.article_offices()
        stale = (
            any(
                done[capture] != self._versions.get(office, VERSION)
                for capture, office in offices.items()
                if capture in done
            )
            or not done.keys() <= offices.keys()
        )
        return [capture for capture in offices if capture not in done], stale

    def save(
        self, held: Held, outcome: str, record: bytes | None, detail: str | None = None, *, archive: Archive
    ) -> Saved:
        """Take in what was understood of one capture: `record` is an Article as JSON, None when there is none.

        new: its first sight; changed: it has a further revision now; same: nothing new in it; dropped: no article.
        """
        with explained(self.path), transaction(self._db):
            self._db.execute("PRAGMA defer_foreign_keys = ON")
            record = redacted(record) if record is not None else None
            self._db.execute(
                "INSERT OR REPLACE INTO understood (capture, version, outcome, detail, run, office, article, effect,"
                " seen, record) VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?)",
                (
                    held.id,
                    self._versions.get(held.office, VERSION),
                    outcome,
                    detail,
                    held.run,
                    held.office,
                    instant(held.fetched),
                    None if self.suppressions else record,  # what is hidden is never written, not even for a moment
                ),
            )
            self._db.execute("INSERT OR IGNORE INTO stale_runs (run) VALUES (?)", (held.run,))
            if record is None:
                for article in self._articles_at([address(held.url), address(held.requested_url)]):
                    self._note_presence(article, archive)  # a soft 404, perhaps, where an article was
                return "dropped"
            this = _observed(held, record, self._register)
            if not hidden_since(this.article):
                self._db.execute(
                    "UPDATE understood SET filled = ? WHERE capture = ?", (signs.filled(this.article), held.id)
                )
            self._db.execute("UPDATE understood SET mark = ? WHERE capture = ?", (moves.mark(this.article), held.id))
            joined = self._articles_of(joining_keys(this.article, this.requested_url, this.url))
            before = self._folded(joined, this)
            shown = self._hidden([this] if before else [this, *self._history(joined, archive)])
            if before and shown[0] is not this:
                before, shown = None, self._hidden([this, *self._history(joined, archive)])
            if self.suppressions and shown[0] is this:
                self._db.execute("UPDATE understood SET record = ? WHERE capture = ?", (record, held.id))
            projection = self._project(shown, joined, archive, after=before)
            return projection.effects.get(held.id, "dropped") if projection else "dropped"

    def catch_up(self, archive: Archive) -> None:
        """Take over what the ledger has noted since: when articles were last seen, runs and their accounts."""
        with explained(self.path), transaction(self._db):
            (since,) = self._db.execute(
                "SELECT coalesce((SELECT value FROM progress WHERE name = 'visits'), 0)"
            ).fetchone()
            self._db.execute("PRAGMA defer_foreign_keys = ON")
            last, touched = archive.touched_since(since)
            for article in self._articles_at(touched):
                self._note_presence(article, archive)
            self._join_moved(since, archive)
            self._take_down(archive)
            self._correct(archive)
            self._learn(archive)
            stale = {row[0] for row in self._db.execute("SELECT run FROM stale_runs")}
            told = [row[0] for row in self._db.execute("SELECT id FROM runs WHERE finished IS NOT NULL")]
            fresh = {run[0] for run in archive.runs(since=since, known=told)}
            visited: set[str] = set()
            for run in sorted(stale | fresh):
                visited |= account(self._db, run, archive, self._register.offices)
            find_missing(self._db, archive, visited, self.suppressions)
            self._db.execute("DELETE FROM stale_runs")
            self._db.execute("INSERT OR REPLACE INTO progress (name, value) VALUES ('visits', ?)", (last,))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def taken_down(self) -> set[str]:
        """Ids of the articles that are hidden whole."""
        return {row[0] for row in self._db.execute("SELECT article FROM taken_down")}

    def stubs(self, suppressions: Collection[str]) -> dict[int, bytes]:
        """Capture -> stub, of the captures that these suppressions hid."""
        found = {}
        for capture, record in self._db.execute(
            "SELECT capture, record FROM understood WHERE instr(record, '\"/suppressed\"')"
        ):
            if hidden_by(_decode(record)) in suppressions:
                found[capture] = record
        return found

    def scrub(self) -> None:
        """Make the file and its search index anew, so that no free page still holds what was deleted."""
        with explained(self.path):
            self._db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def timed_out(self) -> dict[int, tuple[str, str | None]]:
        """Captures whose worker was stopped, with the version: a rebuild under that version does not try again."""
        return {
            capture: (version, detail)
            for capture, version, detail in self._db.execute(
                "SELECT capture, version, detail FROM understood WHERE outcome = 'time_out'"
            )
        }

    def outcome(self, capture: int) -> str | None:
        """What the capture was understood to be; None while it is not."""
        row = self._db.execute("SELECT outcome FROM understood WHERE capture = ?", (capture,)).fetchone()
        return None if row is None else row[0]

    def gone_at(self, url: str, archive: Archive) -> bool | None:
        """Whether what this address showed is gone from it for certain; None when it never showed an article."""
        there = self._presence([address(url)], archive)
        return None if there is None else there.gone is not None

    def office_runs(self, run: str) -> list[Row]:
        """The account of one run, an office a row."""
        return office_runs(self._db, run)

    def vitals(self, where: str) -> tuple[datetime | None, datetime | None]:
        """Of the article at this address: when it was last news, and until when a call it announces is open."""
        row = self._db.execute(
            "SELECT a.published, a.changed, a.first_seen, (SELECT max(closes) FROM (SELECT c.closes"
            " FROM call_articles l JOIN calls c ON c.id = l.call WHERE l.article = a.id"
            " UNION ALL"  # calls are tied only when the run ends
            " SELECT f.closes FROM call_facts f WHERE f.article = a.id))"
            " FROM addresses d JOIN articles a ON a.id = d.article WHERE d.url = ?",
            (where,),
        ).fetchone()
        if row is None:
            return None, None
        published, changed, first_seen, closes = row
        news = max(filter(None, (published or first_seen[:10], (changed or "")[:10])))
        return _day(news), _day(closes) if closes and len(closes) >= 10 and closes[0] != "-" else None

    def days(self, addresses: Sequence[str]) -> dict[str, date]:
        """Of the articles at these addresses the days on which they were published, where a full one is known."""
        return {
            url: date.fromisoformat(published[:10])
            for url, published in self._db.execute(
                "SELECT d.url, a.published FROM addresses d JOIN articles a ON a.id = d.article"
                " WHERE length(a.published) >= 10 AND d.url IN (SELECT value FROM json_each(?))",
                (json.dumps(list(addresses)),),
            )
        }

    def open_ended(self, where: str) -> bool:
        """Whether the article at this address announces a call without a closing day, of whose end nothing is known."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM call_facts f WHERE f.article = d.article AND f.open_ended IS NOT NULL"
            " AND f.closes IS NULL AND f.event IN ('announced', 'extended')) AND NOT EXISTS (SELECT 1"
            " FROM call_articles l JOIN calls c ON c.id = l.call WHERE l.article = d.article"
            " AND c.event IN ('closed', 'cancelled', 'results')) FROM addresses d WHERE d.url = ?",
            (where,),
        ).fetchone()
        return bool(row and row[0])

    def published(self, office: str, *, before: str) -> dict[str, tuple[str | None, str | None]]:
        """Of the office's latest articles first seen before this instant: address -> its day, and as it is printed."""
        return {
            url: (published, raw)
            for url, published, raw in self._db.execute(
                "SELECT d.url, a.published, a.published_raw FROM articles a JOIN addresses d ON d.article = a.id"
                " WHERE a.office = ? AND a.first_seen < ? AND a.published IS NOT NULL"
                " ORDER BY a.published DESC, a.id LIMIT 200",
                (office, before),
            )
        }

    def tables(self) -> list[str]:
        """Every table with rows of ours; the search index and SQLite's own bookkeeping left out."""
        return [
            name
            for (name,) in self._db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND name NOT LIKE 'articles_fts%' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name"
            )
        ]

    def content(self, table: str) -> list[tuple[Any, ...]]:
        """All rows of a table in an order of their own: two databases are equal when these are."""
        assert table in self.tables()
        return sorted(self._db.execute(f"SELECT * FROM {table}"), key=repr)

    def differences(self, other: Path) -> dict[str, tuple[int, int]]:
        """Table -> (rows only in the other database, rows only in this one); equal tables are left out."""
        with explained(other):
            self._db.execute("ATTACH ? AS other", (f"file:{other}?mode=ro",))
            try:
                counts = {
                    table: tuple(
                        self._db.execute(
                            f"SELECT count(*) FROM (SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {two}.{table})"
                        ).fetchone()[0]
                        for one, two in (("other", "main"), ("main", "other"))
                    )
                    for table in self.tables()
                }
            finally:
                self._db.execute("DETACH other")
        return {table: (lost, won) for table, (lost, won) in counts.items() if lost or won}

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        cursor = self._db.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def _articles_of(self, keys: Iterable[str]) -> set[str]:
        wanted = sorted(keys)
        marks = ", ".join("?" * len(wanted))
        return {
            row[0]
            for row in self._db.execute(f"SELECT DISTINCT article FROM article_keys WHERE key IN ({marks})", wanted)
        }

    def _articles_at(self, addresses: Sequence[str]) -> list[str]:
        found: set[str] = set()
        for start in range(0, len(addresses), 500):
            some = addresses[start : start + 500]
            marks = ", ".join("?" * len(some))
            found |= {
                row[0]
                for row in self._db.execute(f"SELECT DISTINCT article FROM addresses WHERE url IN ({marks})", some)
            }
        return sorted(found)

    def _history(self, articles: Iterable[str], archive: Archive) -> list[Observed]:
        """Every capture of these articles, as understood before."""
        history = []
        for article in articles:
            for capture, record in self._db.execute(
                "SELECT capture, record FROM understood WHERE article = ?", (article,)
            ).fetchall():
                history.append(_observed(archive.noted(capture), record, self._register))
        return history

    def _folded(self, joined: set[str], this: Observed) -> Folded | None:
        """What the article's earlier captures come to, told from its rows, so that they need not be read again.

        None where the rows do not tell it: this capture is the first, is not the last, joins articles, or was taken
        in before; or some of them are hidden.
        """
        if len(joined) != 1:
            return None
        (article,) = joined
        (last,) = self._db.execute("SELECT max(capture) FROM understood WHERE article = ?", (article,)).fetchone()
        row = self._db.execute("SELECT office, content_hash FROM articles WHERE id = ?", (article,)).fetchone()
        if (
            row is None
            or last is None
            or last >= this.capture
            or self._db.execute(
                "SELECT 1 FROM understood WHERE article = ? AND effect IS NULL LIMIT 1", (article,)
            ).fetchone()
        ):
            return None
        (record,) = self._db.execute("SELECT record FROM understood WHERE capture = ?", (last,)).fetchone()
        revisions = self._revisions(article)
        if not revisions or revisions[-1]["content_hash"] != row[1]:
            return None
        return Folded(
            id=article,
            office=self._register.offices[row[0]],
            last=_decode(record),
            revisions=revisions,
            addresses=dict(self._db.execute("SELECT url, kind FROM addresses WHERE article = ?", (article,))),
            ids=frozenset(self._column("SELECT id FROM aliases WHERE article = ?", article)),
            keys=frozenset(self._column("SELECT key FROM article_keys WHERE article = ?", article)),
            hashes=frozenset(self._column("SELECT hash FROM office_blocks WHERE article = ?", article)),
        )

    def _revisions(self, article: str) -> list[Row]:
        """The article's revisions in their order, as far as they tell of what it says, not of its being there."""
        rows = self._rows(
            "SELECT id, seen, content_hash, title, text, changes FROM revisions WHERE article = ?", (article,)
        )
        ordered: list[Row] = []
        while (one := next((r for r in rows if r["id"] == _next_id(article, ordered, r)), None)) is not None:
            ordered.append(one)
        return ordered

    def _column(self, sql: str, article: str) -> list[str]:
        return [row[0] for row in self._db.execute(sql, (article,))]

    def _project(
        self, history: Sequence[Observed], joined: set[str], archive: Archive, *, after: Folded | None = None
    ) -> Projection | None:
        """Write the article's rows; None when all of it is hidden: then it has none.

        `after`: what its captures before `history` come to.
        """
        shown = [one for one in history if not hidden_since(one.article)]
        if not shown:
            self._withdraw(history, joined)
            return None
        office = (after or min(shown, key=lambda one: one.capture)).office.id
        plates = corpus.known_plates(self._db, office)
        projection = project(history, plates, after=after, corrections=self.corrections)
        changed = self._replace(joined, projection, archive)
        self._belong(projection.id, [one.capture for one in history if hidden_since(one.article)])
        self._db.executemany("DELETE FROM taken_down WHERE article = ?", [(one,) for one in {projection.id, *joined}])
        if changed:
            self._db.execute("INSERT OR IGNORE INTO stale_offices (office) VALUES (?)", (office,))
            self._db.executemany(
                "INSERT OR IGNORE INTO stale_articles (article) VALUES (?)",
                [(one,) for one in {projection.id, *joined}],
            )
        return projection

    def _hidden(self, history: Sequence[Observed]) -> list[Observed]:
        """The same captures, those that are taken down as stubs; the stubs are noted in `understood`."""
        rules = self.suppressions
        if not rules:
            return list(history)
        by_address = [rule for one in history for rule in map(rules.address, (one.url, one.requested_url)) if rule]
        whole = min(by_address, key=lambda rule: (rule.since, rule.id), default=None)
        return [self._stubbed(one, whole) for one in history]

    def _stubbed(self, one: Observed, whole: Suppression | None) -> Observed:
        since = hidden_since(one.article)
        if since:
            article = hidden_earlier(one.article, whole) if whole else one.article
        else:
            own = self.suppressions.of(one.article, one.office.id, one.url, one.requested_url)
            rule = min((r for r in (own, whole) if r), key=lambda r: (r.since, r.id), default=None)
            article = stub(one.article, rule) if rule else one.article
        if article is one.article:
            return one
        self._db.execute(
            "UPDATE understood SET record = ?, filled = NULL WHERE capture = ?",
            (msgspec.json.encode(article), one.capture),
        )
        return replace(one, article=article)

    def _withdraw(self, history: Sequence[Observed], joined: set[str]) -> None:
        """Take an article's rows away, and remember since when."""
        first = min(history, key=lambda one: one.capture)
        own = first_id(first.article)
        orphans = self._linked(joined)
        self._clear(joined)
        self._db.executemany("DELETE FROM articles WHERE id = ?", [(one,) for one in sorted(joined)])
        self._db.executemany("DELETE FROM taken_down WHERE article = ?", [(one,) for one in sorted(joined)])
        keys = frozenset().union(*(joining_keys(one.article, one.requested_url, one.url) for one in history))
        insert(self._db, "article_keys", [{"key": key, "article": own} for key in sorted(keys)])
        self._belong(own, [one.capture for one in history])
        since = min(hidden_since(one.article) or "" for one in history)
        insert(self._db, "taken_down", [{"article": own, "since": since}])
        self._forget_orphans(orphans)
        offices = {one.office.id for one in history}
        self._db.executemany("INSERT OR IGNORE INTO stale_offices (office) VALUES (?)", [(one,) for one in offices])
        self._db.executemany("INSERT OR IGNORE INTO stale_articles (article) VALUES (?)", [(one,) for one in joined])

    def _belong(self, article: str, captures: Sequence[int]) -> None:
        """Hidden captures keep their place in the article, and have no effect."""
        for capture in captures:
            self._db.execute(
                "UPDATE understood SET article = ?, effect = NULL WHERE capture = ?"
                " AND (article, effect) IS NOT (?, NULL)",
                (article, capture, article),
            )
            self._db.execute(
                "INSERT OR IGNORE INTO stale_runs SELECT run FROM understood WHERE capture = ?", (capture,)
            )

    def _begin(self) -> None:
        """A database that holds nothing yet has nothing to take down or correct: what comes is judged as it comes."""
        if not self._db.execute("SELECT 1 FROM understood LIMIT 1").fetchone():
            with transaction(self._db):
                self._note_applied()
                self._note_corrected()

    def _note_applied(self) -> None:
        self._db.execute("DELETE FROM applied_suppressions")
        rows: list[Row] = [{"id": rule.id, "since": rule.since} for rule in self.suppressions.rules]
        insert(self._db, "applied_suppressions", rows)

    def _take_down(self, archive: Archive) -> None:
        """Apply what has come to the list since it was last applied to what is held already."""
        applied = dict(self._db.execute("SELECT id, since FROM applied_suppressions"))
        fresh = [rule for rule in self.suppressions.rules if applied.get(rule.id) != rule.since]
        if not fresh:
            return
        if any(rule.since < max(applied.values(), default="") for rule in fresh):
            # An older list was merged in: what is hidden since when is told anew from the archive, at the next start.
            self._db.execute("DELETE FROM understood WHERE instr(record, '\"/suppressed\"')")
        self._note_applied()
        for (article,) in self._db.execute("SELECT id FROM articles ORDER BY id").fetchall():
            history = self._history([article], archive)
            shown = self._hidden(history)
            if any(one is not other for one, other in zip(history, shown, strict=True)):
                self._project(shown, {article}, archive)

    def _note_corrected(self) -> None:
        self._db.execute("DELETE FROM applied_corrections")
        lines = {line.id: line.target for line in self.corrections.lines}
        insert(self._db, "applied_corrections", [{"id": one, "target": target} for one, target in lines.items()])

    def _correct(self, archive: Archive) -> None:
        """Project again the articles of which the corrections have come, gone or changed since they were applied."""
        before = set(self._db.execute("SELECT id, target FROM applied_corrections"))
        targets = {target for _, target in before ^ {(line.id, line.target) for line in self.corrections.lines}}
        if not targets:
            return
        self._note_corrected()
        wanted = msgspec.json.encode(sorted(targets)).decode()
        for (article,) in self._db.execute(
            "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(:wanted)"
            " UNION SELECT article FROM aliases WHERE id IN (SELECT value FROM json_each(:wanted))"
            " UNION SELECT article FROM article_keys WHERE key IN (SELECT value FROM json_each(:wanted))) ORDER BY id",
            {"wanted": wanted},
        ).fetchall():
            self._project(self._hidden(self._history([article], archive)), {article}, archive)

    def _presence(self, addresses: Sequence[str], archive: Archive) -> Presence | None:
        attempts = archive.attempts(addresses)
        captures = sorted({one.capture for one in attempts if one.capture is not None})
        marks = ", ".join("?" * len(captures))
        understood = dict(
            self._db.execute(f"SELECT capture, outcome FROM understood WHERE capture IN ({marks})", captures)
        )
        return presence(attempts, understood, archive.named(addresses))

    def _note_presence(self, article: str, archive: Archive) -> None:
        """Bring what is said of an article's being there to what the ledger says now."""
        addresses = [
            row[0] for row in self._db.execute("SELECT url FROM addresses WHERE article = ? ORDER BY url", (article,))
        ]
        there = self._presence(addresses, archive)
        if there is None:
            return
        now = _presence_row(there)
        (before,) = self._rows("SELECT first_seen, last_seen, gone, gone_reason FROM articles WHERE id = ?", (article,))
        if before["gone"] != now["gone"]:
            self._project(self._hidden(self._history([article], archive)), {article}, archive)
        elif before != now:
            self._db.execute(
                "UPDATE articles SET first_seen = ?, last_seen = ? WHERE id = ?", (there.first, there.last, article)
            )

    def _join_moved(self, since: int, archive: Archive) -> None:
        """Articles that turned out to be one, because the old address answers gone."""
        stale = {row[0] for row in self._db.execute("SELECT article FROM stale_articles")}
        stale |= set(self._articles_at(moves.missed_since(self._db, archive, since)))
        for together in moves.together(self._db, archive, stale):
            self._project(self._hidden(self._history(together, archive)), together, archive)

    def _learn(self, archive: Archive) -> None:
        """Plates of the offices that have changed, then clusters of the articles that have."""
        for (office,) in self._db.execute("SELECT office FROM stale_offices ORDER BY office").fetchall():
            for article in sorted(corpus.learn_plates(self._db, office)):
                self._project(self._history([article], archive), {article}, archive)
            corpus.tie_calls(self._db, office)
        self._db.execute("DELETE FROM stale_offices")
        stale = [row[0] for row in self._db.execute("SELECT article FROM stale_articles ORDER BY article")]
        corpus.find_copies(self._db, stale)
        self._db.execute("DELETE FROM stale_articles")

    def _replace(self, joined: set[str], projection: Projection, archive: Archive) -> bool:
        """Write one article's rows in place of those of the articles it was joined from; whether any was different."""
        there = self._presence(projection.addresses, archive)
        assert there is not None, "a capture has a visit that confirms it"
        self._note_effects(projection)
        if joined == {projection.id} and self._holds(projection, there):
            self._db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", (there.last, projection.id))
            return False
        orphans = self._linked(joined)
        self._clear(joined)
        for article in joined:
            if article != projection.id:
                self._db.execute("DELETE FROM articles WHERE id = ?", (article,))
        row = {**projection.article, **_presence_row(there)}
        upsert(self._db, "articles", row, key="id")
        for table, rows in (
            ("programmes", projection.programmes),
            ("organisations", projection.organisations),
        ):
            for one in rows:
                upsert(self._db, table, one, key="id")
        for table in CHILD_TABLES:
            insert(self._db, table, projection.children[table])
        insert(self._db, "revisions", turns(projection.children["revisions"], there.turns))
        insert(self._db, "article_keys", [{"key": key, "article": projection.id} for key in sorted(projection.keys)])
        self._forget_orphans(orphans)
        return True

    def _note_effects(self, projection: Projection) -> None:
        """What each capture brought; the accounts of the runs of which something else is said now are made anew."""
        for capture, effect in projection.effects.items():
            noted = self._db.execute(
                "UPDATE understood SET article = ?, effect = ? WHERE capture = ? AND (article, effect) IS NOT (?, ?)",
                (projection.id, effect, capture, projection.id, effect),
            )
            if noted.rowcount:
                self._db.execute(
                    "INSERT OR IGNORE INTO stale_runs SELECT run FROM understood WHERE capture = ?", (capture,)
                )

    def _holds(self, projection: Projection, there: Presence) -> bool:
        """Whether the article's rows are these already, but for the instant at which it was last seen."""
        own = projection.id
        row = {**projection.article, **_presence_row(there)}
        names = [name for name in row if name not in ("cluster", "last_seen")]
        before = self._rows(f"SELECT {', '.join(names)} FROM articles WHERE id = ?", (own,))
        revisions = projection.children["revisions"]
        wanted = {
            **{table: projection.children[table] for table in CHILD_TABLES},
            "revisions": [*revisions, *turns(revisions, there.turns)],
            "article_keys": [{"key": key} for key in projection.keys],
        }
        return before == [{name: row[name] for name in names}] and all(
            has(self._db, table, rows, article=own) for table, rows in wanted.items()
        )

    def _clear(self, articles: Iterable[str]) -> None:
        """Take away every row of these articles but their own."""
        self._dissolve_clusters(articles)
        for article in articles:
            self._db.execute("DELETE FROM call_articles WHERE article = ?", (article,))
            self._db.execute("DELETE FROM calls WHERE id NOT IN (SELECT call FROM call_articles)")
            for table in CHILD_TABLES:
                self._db.execute(f"DELETE FROM {table} WHERE article = ?", (article,))
            self._db.execute("DELETE FROM article_keys WHERE article = ?", (article,))

    def _dissolve_clusters(self, articles: Iterable[str]) -> None:
        """Until the corpus is looked at again: an article that changes belongs to none, nor do those it was with."""
        for article in articles:
            for (cluster,) in self._db.execute(
                "SELECT cluster FROM articles WHERE id = ? AND cluster IS NOT NULL", (article,)
            ).fetchall():
                self._db.execute("UPDATE articles SET cluster = NULL WHERE cluster = ?", (cluster,))
                self._db.execute("DELETE FROM clusters WHERE id = ?", (cluster,))

    def _linked(self, articles: Iterable[str]) -> dict[str, set[str]]:
        linked: dict[str, set[str]] = {"programmes": set(), "organisations": set()}
        for article in articles:
            for table, link, column in _LINKS:
                linked[table] |= {
                    row[0] for row in self._db.execute(f"SELECT {column} FROM {link} WHERE article = ?", (article,))
                }
        return linked

    def _forget_orphans(self, linked: Mapping[str, set[str]]) -> None:
        for table, link, column in _LINKS:
            for one in linked[table]:
                self._db.execute(
                    f"DELETE FROM {table} WHERE id = ? AND NOT EXISTS (SELECT 1 FROM {link} WHERE {column} = ?)",
                    (one, one),
                )


_LINKS = (
    ("programmes", "article_programmes", "programme"),
    ("organisations", "article_organisations", "organisation"),
)


def _next_id(article: str, before: Sequence[Row], row: Row) -> str:
    return revision_id(article, len(before), row["content_hash"])


def _presence_row(there: Presence) -> Row:
    return {"first_seen": there.first, "last_seen": there.last, "gone": there.gone, "gone_reason": there.reason}


def _day(text: str) -> datetime:
    """The first instant, near enough, of a day that a text gives as 2026-03-02 (and perhaps an hour)."""
    return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC)


def version_of(register: Register, office: str) -> str:
    """By what an office's pages are understood: normalize's VERSION and a digest of the office's and family's lines,
    and of what is redacted."""
    line = register.offices[office]
    told = repr((asdict(line), asdict(register.families[line.family].hints), RULES))
    return f"{VERSION}+{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def swap_in(new: Path, old: Path) -> None:
    """Put a finished database in place of another; the new one must be closed and fully written back."""
    for suffix in ("-wal", "-shm"):
        old.with_name(old.name + suffix).unlink(missing_ok=True)
    shutil.move(new, old)


def _observed(held: Noted, record: bytes, register: Register) -> Observed:
    return Observed(
        capture=held.id,
        run=held.run,
        fetched=instant(held.fetched),
        url=held.url,
        requested_url=held.requested_url,
        office=register.offices[held.office],
        article=_decode(record),
    )
