"""Looks for damage: row hashes, bodies, the search index, foreign keys, and what one database knows of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3
from sqlite_utils import Database

from crawler import bodies, refilling, sealing
from crawler.database import PATIENCE, Connection, DatabaseProblem, one_line, open_for_reading
from crawler.folder import ARCHIVE, NEWS
from crawler.migrations import NewerSchema, missing_steps

ABSENT, UNMADE = "does not exist", "holds nothing yet: it was stopped while it was being made"
_MOST_NAMED = 20
_REBUILD = "wiesci rebuild makes it anew from archive.db"
_RESTORE = (
    "put back the last copy of the folder (wiesci restore, which keeps this one beside);"
    " the next crawl asks again for what came after it"
)


@dataclass(frozen=True, kw_only=True)
class Damage:
    """Something that is not as it was written."""

    file: str
    what: str
    remedy: str
    mends: bool = False
    """The next crawl puts it right by itself: nothing of what was observed is missing."""

    def __str__(self) -> str:
        return f"{self.file}: {self.what}; {self.remedy}"


def verify(data: Path) -> list[Damage]:
    """Everything found wrong in a data folder, which no one may be writing to."""
    found: list[Damage] = []
    for name, steps, remedy in ((ARCHIVE, "archive", _RESTORE), (NEWS, "news", _REBUILD)):
        path = data / name
        if path.exists() and _unmade(path, steps) and not (name == ARCHIVE and _has_rows(data / NEWS)):
            found.append(Damage(file=name, what=UNMADE, remedy="the next crawl goes on with it"))
        elif path.exists():
            found += [Damage(file=name, what=what, remedy=remedy) for what in _of_file(path, steps)]
        else:
            found.append(Damage(file=name, what=ABSENT, remedy=remedy))
    if not found:
        found += _between(data / ARCHIVE, data / NEWS)
        found += _forgotten(data / ARCHIVE)
    return found


def nothing_crawled(data: Path, found: list[Damage]) -> bool:
    """Whether all that was found is that no crawl has come far enough to be asked after."""
    return (
        bool(found)
        and all(one.what in (ABSENT, UNMADE) for one in found)
        and all(_empty(data / name, rows) for name, rows in ((ARCHIVE, "visits"), (NEWS, "understood")))
    )


def _empty(path: Path, rows: str) -> bool:
    if not path.exists():
        return True
    try:
        with closing(open_for_reading(path)) as connection:
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (rows,)).fetchone()
            return not (there and connection.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchone())
    except (DatabaseProblem, pysqlite3.DatabaseError):
        return False


def _has_rows(news: Path) -> bool:
    return news.exists() and not _unmade(news, "news")


def _unmade(path: Path, steps: str) -> bool:
    """Some step of its making is missing, and nothing stands in it yet; archive.db is made before news.db."""
    try:
        with closing(open_for_reading(path)) as connection:
            if not missing_steps(Database(connection), steps):
                return False
    except (DatabaseProblem, NewerSchema, pysqlite3.DatabaseError):  # which will be said
        return False
    return _empty(path, {"archive": "visits", "news": "understood"}[steps])


def damage(path: Path, steps: str) -> list[str]:
    """Everything found wrong in one file, "news" or "archive"."""
    return list(_of_file(path, steps))


def _of_file(path: Path, steps: str) -> Iterator[str]:
    try:
        connection = pysqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=PATIENCE)
    except pysqlite3.DatabaseError as error:
        yield f"cannot be opened ({error})"
        return
    with closing(connection):
        checks: list[tuple[str, Callable[[Connection], Iterable[str]]]] = [
            ("structure", _structure),
            ("foreign keys", _foreign_keys),
            ("row hashes", lambda one: _rows(one, steps)),
            ("bodies", _bodies) if steps == "archive" else ("search index", _search_index),
        ]
        for name, check in checks:
            try:
                yield from map(one_line, check(connection))
            except pysqlite3.DatabaseError as error:
                yield f"{name}: cannot be read ({one_line(str(error))})"


def _structure(connection: Connection) -> Iterator[str]:
    for (line,) in connection.execute(f"PRAGMA integrity_check({_MOST_NAMED})"):
        if line != "ok":
            yield f"structure: {line}"


def _foreign_keys(connection: Connection) -> Iterator[str]:
    broken: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        broken[table, parent] = broken.get((table, parent), 0) + 1
    for (table, parent), count in sorted(broken.items()):
        yield f"{count} rows of {table} name rows of {parent} that are missing"


def _rows(connection: Connection, steps: str) -> Iterator[str]:
    tables = sealing.sealed(connection, steps)
    if not tables:
        return
    told, seen = sealing.stored(connection), sealing.counted(connection, tables)
    told.pop(("_shape", ""), None)
    differing: dict[str, list[str]] = {}
    for at in sorted(told.keys() | seen.keys()):
        name, key = at
        before, now = told.get(at, (0, 0)), seen.get(at, (0, 0))
        if before != now:
            rows = (
                f"{before[0]} rows written, {now[0]} there" if before[0] != now[0] else "changed since it was written"
            )
            differing.setdefault(name, []).append(f"{one_line(str(key), 60)} ({rows})" if key else rows)
    for name, keys in differing.items():
        more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
        yield f"row hashes: {name}: {', '.join(keys[:_MOST_NAMED])}{more}"


def _bodies(connection: Connection) -> Iterator[str]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'bodies'").fetchone():
        yield "captures, visits and bodies are missing altogether"
        return
    for row, sha256, size, packed in connection.execute("SELECT id, sha256, size, zstd FROM bodies"):
        try:
            if len(bodies.unpacked(packed, sha256)) != size:
                raise bodies.Damaged("is not the one that was received")
        except bodies.Damaged as error:
            yield f"body {row} ({_captures(connection, sha256)}) {error}"


def _captures(connection: Connection, sha256: str) -> str:
    pages = connection.execute("SELECT requested_url FROM captures WHERE body = ? ORDER BY id LIMIT 3", (sha256,))
    return ", ".join(url for (url,) in pages) or "of no page"


def _search_index(connection: Connection) -> Iterator[str]:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_fts'").fetchone():
        try:
            connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        except pysqlite3.DatabaseError as error:
            yield f"search index: it does not say what the articles say ({error})"
    else:
        yield "search index: missing"


def _between(archive: Path, news: Path) -> Iterator[Damage]:
    """What news.db has understood that the archive no longer holds: the last commits of one of them were lost."""
    with closing(pysqlite3.connect(f"file:{news}?mode=ro", uri=True)) as connection:
        connection.execute("ATTACH ? AS archive", (f"file:{archive}?mode=ro",))
        lost = [row[0] for row in connection.execute(
            "SELECT u.capture FROM understood u LEFT JOIN archive.captures c ON c.id = u.capture"
            " WHERE c.id IS NULL OR c.fetched != u.seen ORDER BY 1"
        )]  # fmt: skip
        taken = _number(connection, "SELECT coalesce(max(value), 0) FROM progress WHERE name = 'visits'")
        held = _number(connection, "SELECT coalesce(max(sequence), 0) FROM archive.visits")
    remedy = f"put back a copy that has them (wiesci restore), or go on without them: {_REBUILD}"
    if lost:
        named = ", ".join(map(str, lost[:_MOST_NAMED])) + (" …" if len(lost) > _MOST_NAMED else "")
        what = f"{len(lost)} captures that {NEWS} has understood are missing or others: {named}"
        yield Damage(file=ARCHIVE, what=what, remedy=remedy)
    if taken > held:
        what = f"visits {held + 1} to {taken}, which {NEWS} has taken over, are missing"
        yield Damage(file=ARCHIVE, what=what, remedy=remedy)


def _forgotten(archive: Path) -> Iterator[Damage]:
    """What the crawl's memory, which no seal covers, should hold by what the log holds."""
    with closing(pysqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as connection:
        for missing, what in (
            (
                refilling.addresses(connection),
                "addresses that lists named or that gave pages, and are not to be visited",
            ),
            (refilling.offices(connection), "offices whose lists were read, and of which it is not known how far"),
        ):
            if missing:
                named = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
                told = f"the crawl's memory lacks {len(missing)} {what}: {named}"
                yield Damage(file=ARCHIVE, what=told, remedy="the next crawl takes them over again", mends=True)


def _number(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])
