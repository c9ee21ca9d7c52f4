"""`wiesci publish`: a checked copy of news.db for strangers, put in place when it is whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3

from crawler import sealing
from crawler.database import Connection, DatabaseProblem, check_readable, open_for_reading
from crawler.health import refuse_failed
from crawler.publish.takedowns import refuse_taken_down
from crawler.publish.trouble import told
from crawler.suppression import Suppressions
from crawler.takedown import leaks
from crawler.verifying import damage

APPLICATION = 0x57494553
"""application_id of a published copy ("WIES"): only such a file is ever replaced."""

MACHINERY = (
    "applied_corrections",
    "applied_suppressions",
    "article_keys",
    "bands",
    "copies",
    "office_blocks",
    "plates",
    "progress",
    "stale_articles",
    "stale_offices",
    "_seals",
)
"""Tables that only the crawl reads: a copy has them empty. `understood` and `stale_runs` stay, without their records:
the documented interface tells by them what has been understood anew."""


class NotASnapshot(Exception):
    """The file is something else than an earlier copy, and must not be replaced. Exit code 2."""


@dataclass(frozen=True, kw_only=True)
class Published:
    articles: int
    bytes: int


def publish(news: Path, file: Path, *, even_so: bool = False) -> Published:
    """Copy the database as it is at one instant, even beside a running crawl; check it; rename it into place.

    What was understood of each page stays home: the records of the machinery hold more than is shown.
    Raises NotASnapshot, SourcesFailed (unless `even_so`), and DatabaseProblem; then the old copy is as it was.
    """
    _is_ours(file)
    with told(f"publishing {news}", file, "what was published before"):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.new-", dir=file.parent) as folder:
            new = Path(folder) / file.name
            made = copy(news, new, even_so=even_so)
            new.chmod(0o644)
            new.replace(file)
            sync(file.parent)
    return made


def copy(news: Path, new: Path, *, even_so: bool = False) -> Published:
    """Make `new`, checked and on the disk. Raises SourcesFailed (unless `even_so`) and DatabaseProblem."""
    check_readable(news, "news")
    with closing(open_for_reading(news)) as source:
        refuse_taken_down(source, news)  # before the work; what counts is the same look at the copy
        if not even_so:
            refuse_failed(source)
        source.execute("VACUUM INTO ?", (str(new),))
    with closing(pysqlite3.connect(str(new), isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = DELETE")
        refuse_taken_down(made, news)
        if not even_so:
            refuse_failed(made)
        sealed = ("_shape", "") in sealing.stored(made)
        (articles,) = made.execute("SELECT count(*) FROM articles").fetchone()
    _check(new, sealed=sealed)
    with closing(pysqlite3.connect(str(new), isolation_level=None)) as made:
        _strip(made)
    shown = leaks(new, Suppressions.beside(news))
    if shown:
        raise DatabaseProblem(f"{news} still shows {shown[0]}, which was taken down; wiesci rebuild applies it")
    sync(new)
    return Published(articles=articles, bytes=new.stat().st_size)


def is_snapshot(file: Path) -> bool:
    """Whether the file is a published copy."""
    try:
        with closing(pysqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION)
    except pysqlite3.DatabaseError:
        return False


def sync(path: Path) -> None:
    """Let a file, or the names of a folder, reach the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_ours(file: Path) -> None:
    if file.exists() and not is_snapshot(file):
        raise NotASnapshot(f"{file} exists and is no published copy; name a new file, or an earlier copy")


def _check(new: Path, *, sealed: bool) -> None:
    """DatabaseProblem when anything is not as it was written, or the search index does not fit the articles."""
    wrong = [line for line in damage(new, "news") if sealed or not line.startswith("row hashes")]
    if wrong:
        raise DatabaseProblem(
            f"nothing was published: {'; '.join(wrong[:5])}. Make news.db anew (wiesci rebuild) and publish again."
        )


def _strip(made: Connection) -> None:
    made.execute(f"PRAGMA application_id = {APPLICATION}")
    present = {name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    made.execute("BEGIN")
    made.execute("UPDATE understood SET record = NULL, detail = NULL")
    made.executemany("UPDATE runs SET command = ? WHERE id = ?", list(_commands(made)))
    for table in MACHINERY:
        if table in present:
            made.execute(f'DELETE FROM "{table}"')
    made.execute("COMMIT")
    made.execute("VACUUM")


def _commands(made: Connection) -> Iterator[tuple[str, str]]:
    """Of each run the command alone: what followed it may name folders of this machine."""
    for run, command in made.execute("SELECT id, command FROM runs"):
        yield " ".join(command.split()[:2]), run
