"""news.db as it is written: one transaction an article, one writer."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import msgspec

from crawler import article_rows, corpus, corrections_file, histories, moves, signs
from crawler.accounts import account, office_runs
from crawler.archive import Archive
from crawler.completeness import find_missing
from crawler.database import Connection, explained, open_database, transaction
from crawler.instants import instant
from crawler.observed import Folded, Observed, joining_keys
from crawler.presence import Presence, presence
from crawler.projection import Projection, project
from crawler.redaction import RULES, redacted
from crawler.registry import Register
from crawler.rows import Row, insert, selected
from crawler.suppression import Suppression, Suppressions, hidden_by, hidden_earlier, hidden_since, stub
from crawler.takeover import take_over
from crawler.visits import Held
from crawler.written import Known
from normalize import VERSION
from normalize.identity import address

Saved = Literal["new", "changed", "same", "dropped"]


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

    @property
    def connection(self) -> Connection:
        """For what only asks (crawler.vitals) or compares (crawler.comparing)."""
        return self._db

    def understood_captures(self) -> int:
        """How many captures have been understood."""
        count: int = self._db.execute("SELECT count(*) FROM understood").fetchone()[0]
        return count

    def to_do(self, archive: Archive) -> tuple[list[int], bool]:
        """Captures not yet understood; and whether any was understood by another version (then: rebuild).

        Nor can rows stay of what the archive no longer knows, captures or visits: its last commits were lost, or an
        older copy of it was put in place alone, and their numbers come again.
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
            or self._taken_over() > archive.last_sequence()
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
            this = histories.observed(held, record, self._register)
            if not hidden_since(this.article):
                self._db.execute(
                    "UPDATE understood SET filled = ? WHERE capture = ?", (signs.filled(this.article), held.id)
                )
            self._db.execute("UPDATE understood SET mark = ? WHERE capture = ?", (moves.mark(this.article), held.id))
            joined = self._articles_of(joining_keys(this.article, this.requested_url, this.url))
            before = histories.folded(self._db, self._register, joined, this)
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
            since = self._taken_over()
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
            if hidden_by(histories.decode(record)) in suppressions:
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

    def _taken_over(self) -> int:
        """The last of the ledger's visits that rows tell of."""
        row = self._db.execute("SELECT value FROM progress WHERE name = 'visits'").fetchone()
        return int(row[0]) if row else 0

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
        return histories.history(self._db, archive, self._register, articles)

    def _project(
        self, history: Sequence[Observed], joined: set[str], archive: Archive, *, after: Folded | None = None
    ) -> Projection | None:
        """Write the article's rows; None when all of it is hidden: then it has none.

        `after`: what its captures before `history` come to.
        """
        shown = [one for one in history if not hidden_since(one.article)]
        if not shown:
            article_rows.withdraw(self._db, history, joined)
            return None
        office = (after or min(shown, key=lambda one: one.capture)).office.id
        plates = corpus.known_plates(self._db, office)
        projection = project(history, plates, after=after, corrections=self.corrections)
        there = self._presence(projection.addresses, archive)
        assert there is not None, "a capture has a visit that confirms it"
        changed = article_rows.replace(self._db, joined, projection, there)
        article_rows.belong(self._db, projection.id, [one.capture for one in history if hidden_since(one.article)])
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
        now = article_rows.presence_row(there)
        (before,) = selected(
            self._db, "SELECT first_seen, last_seen, gone, gone_reason FROM articles WHERE id = ?", (article,)
        )
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


def version_of(register: Register, office: str) -> str:
    """By what an office's pages are understood: normalize's VERSION and a digest of the office's and family's lines,
    and of what is redacted."""
    line = register.offices[office]
    told = repr((asdict(line), asdict(register.families[line.family].hints), RULES))
    return f"{VERSION}+{hashlib.sha256(told.encode()).hexdigest()[:8]}"
