"""Brings news.db to what corrections.csv says, and tells what became of each of its lines."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler import corrections_file
from crawler.archive import Archive
from crawler.correctable import FIELDS
from crawler.corrections import Correction
from crawler.corrections_file import CORRECTIONS, added, write
from crawler.database import Connection, explained, open_for_reading
from crawler.folder import ARCHIVE, NEWS
from crawler.rebuilding import rebuild
from crawler.registry import Register
from crawler.store import Store
from crawler.suppression import Suppressions
from crawler.written import Known

STATES = {
    "applied": "in force",
    "needless": "not needed: the machine reads the same; the line can go",
    "absent": "not in force: the article has no such value",
    "several": "not in force: it could mean more than one value; name one in the column item",
    "overruled": "not in force: a later line says something else",
    "unheld": "waits: no article of this address or id is held",
    "hidden": "not in force: its article was taken down; take the line out of the file",
    "waiting": "not applied yet: the next crawl does it, or wiesci correct apply",
}
IDLE = ("absent", "several", "overruled", "hidden")
"""States of lines that say something and do nothing: someone should look at them."""
USELESS = (*IDLE, "needless")
OF_CALLS = ("call.opens", "call.closes")
_NAMED = {
    "call": "call_facts",
    "date": "dates",
    "amount": "amounts",
    "place": "article_places",
    "programme": "article_programmes",
    "organisation": "article_organisations",
    "quantity": "quantities",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A line of the file, and what became of it."""

    line: Correction
    state: str
    """A key of STATES."""
    machine: str | None = None
    article: str | None = None
    """Id of the article it speaks of, where that is held."""


def known_to(register: Register) -> Known:
    """The words that corrections may use."""
    return Known.of(register.knowledge())


def add(data: Path, register: Register, cells: Mapping[str, str]) -> Correction:
    """Add a line to the folder's file; it is applied by `apply`.

    Raises NotACorrection, CorrectionsError and DatabaseProblem.
    """
    path, known = data / CORRECTIONS, known_to(register)
    with _alone(data), explained(path):
        body = added(path.read_bytes() if path.exists() else b"", cells, known, name=str(path))
        write(path, body)
    last = max(corrections_file.beside(path, known).lines, key=lambda line: line.line)
    return last


def take_back(data: Path, register: Register, line: Correction) -> None:
    """Undo `add` of this line, if it is the file's last still."""
    path = data / CORRECTIONS
    with _alone(data), explained(path):
        lines = path.read_bytes().splitlines(keepends=True)
        if corrections_file.beside(path, known_to(register)).lines[-1] == line and len(lines) >= line.line:
            write(path, b"".join(lines[: line.line - 1]))


def apply(data: Path, register: Register) -> None:
    """Bring news.db to what the file says, where that has changed. Needs the folder's lock."""
    if not (data / ARCHIVE).exists() or not (data / NEWS).exists():
        return
    with Archive.open(data / ARCHIVE) as archive, Store.open(data / NEWS, register) as store:
        _, stale = store.to_do(archive)
        if not stale:
            store.catch_up(archive)
    if stale:
        rebuild(data, register)


def outstanding(data: Path, register: Register) -> bool:
    """Whether the file says something else than news.db has been brought to."""
    if not (data / NEWS).exists():
        return False
    lines = _lines(data, register)
    with _news(data) as news:
        return _applied(news) != {line.id for line in lines}


def standings(data: Path, register: Register) -> list[Standing]:
    """What became of each line of the file, in its order. Raises CorrectionsError and DatabaseProblem."""
    lines = corrections_file.beside(data / NEWS, known_to(register)).lines
    if not (data / NEWS).exists():
        return [Standing(line=line, state="unheld") for line in lines]
    suppressed = Suppressions.beside(data / NEWS)
    with _news(data) as news:
        applied = _applied(news)
        ruled = {
            row[0]: row[1:]
            for row in (news.execute("SELECT id, state, machine, article FROM corrections") if applied else ())
        }
        return [_standing(line, applied, ruled, suppressed) for line in lines]


def named(data: Path, article: str, field: str) -> list[str]:
    """The words of the values of this field's kind that an article has, as a line may name them."""
    table = _NAMED.get(FIELDS[field].kind)
    if table is None:
        return []
    with _news(data) as news:
        return [
            raw for (raw,) in news.execute(f"SELECT DISTINCT raw FROM {table} WHERE article = ?", (article,)) if raw
        ]


def reversed_calls(data: Path) -> set[tuple[str, int, str, str]]:
    """Calls, as their articles tell them, that close before they open: (article, position, opens, closes)."""
    if not (data / NEWS).exists():
        return set()
    with _news(data) as news:
        told = news.execute(
            "SELECT article, position, opens, closes FROM call_facts WHERE opens IS NOT NULL AND closes IS NOT NULL"
        )
        return {row for row in told if _earlier(row[3], row[2])}


def backwards(data: Path, told: Sequence[Standing]) -> list[Standing]:
    """Those in force that speak of the days of a call, where a call of that article then closes before it opens."""
    articles = {article for article, *_ in reversed_calls(data)}
    return [one for one in told if one.state == "applied" and one.line.field in OF_CALLS and one.article in articles]


def _earlier(one: str, other: str) -> bool:
    """Whether a moment is before another for certain, as far as both are told: 2026-03 is not before 2026-03-20."""
    vague = any(part in moment for moment in (one, other) for part in "QH")
    told = 4 if vague else min(len(one), len(other))
    return one[:told] < other[:told]


def _standing(
    line: Correction, applied: set[str], ruled: Mapping[str, tuple[str, str | None, str]], suppressed: Suppressions
) -> Standing:
    if line.id in ruled:
        state, machine, article = ruled[line.id]
        return Standing(line=line, state=state, machine=machine, article=article)
    hidden = suppressed.phrase(line.article, line.item, line.value or "", line.reason)
    if hidden or suppressed.address(line.article):
        return Standing(line=line, state="hidden")
    return Standing(line=line, state="unheld" if line.id in applied else "waiting")


def _lines(data: Path, register: Register) -> tuple[Correction, ...]:
    """Those that are to be applied."""
    return corrections_file.beside(data / NEWS, known_to(register)).without(Suppressions.beside(data / NEWS)).lines


def _applied(news: Connection) -> set[str]:
    if not news.execute("SELECT 1 FROM sqlite_master WHERE name = 'applied_corrections'").fetchone():
        return set()
    return {row[0] for row in news.execute("SELECT id FROM applied_corrections")}


@contextmanager
def _news(data: Path) -> Iterator[Connection]:
    with explained(data / NEWS), closing(open_for_reading(data / NEWS)) as connection:
        yield connection


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One writer of the file at a time, beside whatever crawls: a crawl only reads it."""
    with explained(data):
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
