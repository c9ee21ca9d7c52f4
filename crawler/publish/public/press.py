"""Makes editions: beside the one that readers see, then in its place; what goes wrong leaves that one as it was."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from crawler.database import DatabaseProblem, open_for_reading
from crawler.health import SourcesFailed
from crawler.publish.exports import FORMATS as EVERY
from crawler.publish.exports import export, package
from crawler.publish.public import withdrawing
from crawler.publish.public.editions import (
    FILES,
    NEWS,
    PUBLIC,
    Edition,
    Stamp,
    current,
    instant_of,
    stamp,
    taken_down,
)
from crawler.publish.public.placing import clear, describe, put, sweep, turn, undisturbed
from crawler.publish.snapshot import copy
from crawler.publish.trouble import told
from crawler.suppression import Suppressions

FORMATS = tuple(EVERY)
"""What is made of every table."""
PACKED = (".csv", ".ndjson", ".json")
PIECE = 1 << 20


def make(
    data: Path,
    *,
    made: datetime,
    formats: Sequence[str] = FORMATS,
    even_so: bool = False,
) -> Edition:
    """Make an edition of data/news.db and let it be the current one, in one step.

    Before anything else, what was taken down leaves the current edition: also where no new one can be made.
    Raises BeingMade, SourcesFailed (unless `even_so`) and DatabaseProblem; then the current edition is otherwise as it
    was.
    """
    with undisturbed(data) as editions:
        sweep(editions, "new")
        _withdraw(data, editions, made=made - 2 * timedelta.resolution)
        try:
            edition = put(
                data,
                made,
                lambda new, id: _write(data / NEWS, new, id=id, made=made, formats=formats, even_so=even_so),
            )
        except (SourcesFailed, DatabaseProblem):
            _complete(data, editions, made=made - timedelta.resolution, formats=formats)
            raise
        clear(editions, edition)
    return edition


def withdraw(data: Path, *, made: datetime) -> Edition | None:
    """Let readers have the current edition without what was taken down since, its files not yet made anew.

    None where the edition shows nothing of it. Does not wait for an edition that is being made. Raises DatabaseProblem.
    """
    editions = data / PUBLIC / "editions"
    if not editions.exists():
        return None
    with told(f"publishing {data / NEWS}", data / PUBLIC, "what readers see"):
        return _withdraw(data, editions, made=made)


def complete(data: Path, *, made: datetime, formats: Sequence[str] = FORMATS) -> Edition | None:
    """Make the files of the current edition where it has none. Raises BeingMade and DatabaseProblem."""
    with undisturbed(data) as editions:
        return _complete(data, editions, made=made, formats=formats)


def _withdraw(data: Path, editions: Path, *, made: datetime) -> Edition | None:
    with turn(data / PUBLIC, ".withdrawing"):
        sweep(editions, "out")
        return _withdrawn(data, editions, made=made)


def _withdrawn(data: Path, editions: Path, *, made: datetime) -> Edition | None:
    listed = Suppressions.beside(data / NEWS)
    before = current(data / PUBLIC)
    if before is None or not listed:
        return None
    of = {name: seen for name, seen in before.of.items() if name not in taken_down(before.of)}
    of |= taken_down(stamp(data))
    hidden = withdrawing.hidden_in(data / NEWS)
    if not withdrawing.still_shown(before, hidden) and (before.of == of or not withdrawing.shows(before, listed)):
        if before.of != of:  # it was looked through, and is as good as made with this list
            describe(replace(before, of=of), before.folder)
            clear(editions, replace(before, of=of))
        return None

    def write(new: Path, id: str) -> Edition:
        articles = withdrawing.copied_without(before, new / NEWS, listed, hidden)
        (new / NEWS).chmod(0o644)
        with closing(open_for_reading(new / NEWS)) as connection:
            (new / FILES).mkdir()
            package.describe(new / FILES, [], connection, made=made, since=None, chosen={})
        return _edition(new, id=id, made=made, articles=articles, of=of)

    edition = put(data, made, write, kind="out")
    clear(editions, edition, withdrawn=True)
    return edition


def _complete(data: Path, editions: Path, *, made: datetime, formats: Sequence[str]) -> Edition | None:
    before = current(editions.parent)
    if before is None or withdrawing.has_files(before):
        return None

    def write(new: Path, id: str) -> Edition:
        os.link(before.database, new / NEWS)
        _files(new, made=instant_of(before.id), formats=formats)
        return replace(before, id=id, folder=editions / id)

    edition = put(data, made, write)
    clear(editions, edition)
    return edition


def _write(news: Path, new: Path, *, id: str, made: datetime, formats: Sequence[str], even_so: bool) -> Edition:
    of = stamp(news.parent)
    copied = copy(news, new / NEWS, even_so=even_so)
    (new / NEWS).chmod(0o644)
    _files(new, made=made, formats=formats)
    return _edition(new, id=id, made=made, articles=copied.articles, of=of)


def _files(new: Path, *, made: datetime, formats: Sequence[str]) -> None:
    export(new / NEWS, new / FILES, made=made, formats=formats)
    for path in sorted((new / FILES).iterdir()):
        path.chmod(0o644)
        if path.suffix in PACKED:
            _pack(path)


def _edition(new: Path, *, id: str, made: datetime, articles: int, of: Stamp) -> Edition:
    return Edition(
        id=id,
        made=made.isoformat(timespec="seconds"),
        articles=articles,
        counts=_counts(new / NEWS),
        sha256=_hash(new / NEWS),
        of=of,
        folder=new.parent / id,
    )


def _counts(database: Path) -> dict[str, int]:
    with closing(open_for_reading(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def _pack(path: Path) -> None:
    """The same file compressed, beside it: for whoever accepts it so."""
    with (
        path.open("rb") as source,
        path.with_name(f"{path.name}.gz").open("wb") as target,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=target, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed, PIECE)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
