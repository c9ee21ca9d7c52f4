"""Takes down: puts a request on the suppression list, applies it to what is held, looks whether anything is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from crawler import suppression
from crawler.archive import Archive
from crawler.database import Connection, DatabaseProblem, explained, open_for_reading
from crawler.folder import ARCHIVE, NEWS
from crawler.holes import purge
from crawler.instants import Clock, now
from crawler.rebuilding import rebuild
from crawler.registry import Register
from crawler.store import Store
from crawler.suppression import Kind, Suppressions, hashed_key, strings
from normalize.identity import address
from normalize.model import Article

_REGISTER_TABLES = frozenset({"offices", "office_powiats", "places", "topics", "runs", "office_runs"})
"""Tables that say nothing an article said."""


@dataclass(frozen=True, kw_only=True)
class TakenDown:
    """What a request came to."""

    listed: int
    """Entries new on the list; 0: all of it stood there already."""
    articles: tuple[str, ...]
    """Ids of the articles that are hidden now and were not before."""
    purged: int
    """Captures of the archive that are holes now and were not before."""


def note(
    data: Path, kind: Kind, value: str, *, reason: str | None = None, purge: bool = False, clock: Clock = now
) -> int:
    """Put it on the list, an address with every other one of its article: how many entries are new.

    Needs no lock: what is written meanwhile is brought to the list afterwards. Raises DatabaseProblem.
    """
    values = _addresses(data / NEWS, value) if kind == "address" else [value]
    return len(suppression.add(data, kind, values, reason=reason, purge=purge, clock=clock))


def take_down(
    data: Path,
    register: Register,
    kind: Kind,
    value: str,
    *,
    reason: str | None = None,
    purge: bool = False,
    clock: Clock = now,
) -> TakenDown:
    """Suppress an address (with every other address of its article), an office, a content or a phrase.

    Needs the folder's lock. Content is told as a text. Raises DatabaseProblem.
    """
    listed = note(data, kind, value, reason=reason, purge=purge, clock=clock)
    articles, purged = apply(data, register, clock=clock)
    return TakenDown(listed=listed, articles=tuple(articles), purged=purged)


def apply(data: Path, register: Register, *, clock: Clock = now) -> tuple[list[str], int]:
    """Bring news.db (and the archive, where asked for) to what the list says: (articles newly hidden, holes made).

    Also after a backup was restored. Needs the folder's lock.
    """
    if not (data / ARCHIVE).exists() or not (data / NEWS).exists():
        return [], 0
    with Archive.open(data / ARCHIVE, clock) as archive, Store.open(data / NEWS, register) as store:
        if not store.suppressions:
            return [], 0
        before = store.taken_down()
        _, stale = store.to_do(archive)
    if stale:
        rebuild(data, register)
    with Archive.open(data / ARCHIVE, clock) as archive, Store.open(data / NEWS, register) as store:
        store.catch_up(archive)
        hidden = sorted(store.taken_down() - before)
        store.scrub()
        asked = {rule.id for rule in store.suppressions.rules if rule.purge}
        purged = purge(archive, store.stubs(asked)) if asked else 0
        return hidden, purged


def outstanding(data: Path) -> bool:
    """Whether the list names what news.db has not been brought up to: it or the list came from a backup."""
    rules = Suppressions.beside(data / NEWS)
    if not rules or not (data / NEWS).exists():
        return False
    connection = open_for_reading(data / NEWS)
    try:
        with explained(data / NEWS):
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'applied_suppressions'").fetchone():
                return True
            applied = set(connection.execute("SELECT id, since FROM applied_suppressions"))
    finally:
        connection.close()
    return any((rule.id, rule.since) not in applied for rule in rules.rules)


def found(data: Path, kind: Kind, value: str) -> suppression.Suppression | None:
    """The suppression that applies to this address, office, text or phrase."""
    rules = Suppressions.beside(data / NEWS)
    ask = {"address": rules.address, "office": rules.office, "content": rules.content, "phrase": rules.phrase}
    return ask[kind](value)


def leaks(database: Path, rules: Suppressions) -> list[str]:
    """What a database shows although it was taken down, a line each: table and article, never the words themselves.

    For every copy that is about to be published. An empty list: nothing.
    """
    if not rules:
        return []
    connection = open_for_reading(database)
    try:
        with explained(database):
            return sorted(set(_leaks(connection, rules)))
    finally:
        connection.close()


def _leaks(db: Connection, rules: Suppressions) -> Iterator[str]:
    for url, article in db.execute("SELECT url, article FROM addresses"):
        if rules.address(url):
            yield f"addresses: {article}"
    for url, office, article in db.execute("SELECT url, office, id FROM articles"):
        if rules.address(url) or rules.office(office):
            yield f"articles: {article}"
    for text, article in db.execute("SELECT text, article FROM revisions UNION ALL SELECT text, id FROM articles"):
        if rules.content(text):
            yield f"revisions: {article}"
    if not any(rule.kind == "phrase" for rule in rules.rules):
        return
    tables = [
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'articles_fts%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
    ]
    for table in sorted(set(tables) - _REGISTER_TABLES):
        for row in db.execute(f"SELECT * FROM [{table}]"):
            said = [one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in row]
            if rules.phrase(*strings(said)):
                yield f"{table}: {row[0]}"


def _addresses(news: Path, url: str) -> list[str]:
    """The address, and every other one by which its article is held."""
    if not news.exists():
        return [url]
    connection = open_for_reading(news)
    try:
        with explained(news):
            return [url, *others(connection, url)]
    finally:
        connection.close()


def others(db: Connection, url: str) -> Sequence[str]:
    """The further addresses of the article that this address shows."""
    return [
        row[0]
        for row in db.execute(
            "SELECT url FROM addresses WHERE article IN (SELECT article FROM article_keys WHERE key = ?)"
            " AND url != ? ORDER BY url",
            (hashed_key(f"address|{address(url)}"), address(url)),
        )
    ]


def content_of(news: Path, what: str) -> list[str]:
    """The texts that an article (by id or address) has or had, for suppressing them by content."""
    if not news.exists():
        raise DatabaseProblem(f"{news} does not exist; crawl first (wiesci crawl, wiesci demo)")
    connection = open_for_reading(news)
    try:
        with explained(news):
            key = hashed_key(f"address|{address(what)}")
            texts = [
                row[0]
                for row in connection.execute(
                    "SELECT DISTINCT text FROM revisions WHERE article = ?"
                    " OR article IN (SELECT article FROM article_keys WHERE key = ?)",
                    (what, key),
                )
            ]
            records = [
                row[0]
                for row in connection.execute(
                    "SELECT record FROM understood WHERE record IS NOT NULL AND (article = ?"
                    " OR article IN (SELECT article FROM article_keys WHERE key = ?))",
                    (what, key),
                )
            ]
    finally:
        connection.close()
    whole = [msgspec.json.decode(record, type=Article).text for record in records]
    return list(dict.fromkeys(text for text in (*texts, *whole) if text))
