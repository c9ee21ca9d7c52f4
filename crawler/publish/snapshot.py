"""`wiesci publish`: a checked copy of news.db for strangers, put in place when it is whole."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3

from crawler import sealing
from crawler.database import Connection, DatabaseProblem, open_for_reading
from crawler.health import refuse_failed
from crawler.publish.takedowns import refuse_taken_down
from crawler.verifying import damage

APPLICATION = 0x57494553
"""application_id of a published copy ("WIES"): only such a file is ever replaced."""


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
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.new-", dir=file.parent) as folder:
            new = Path(folder) / file.name
            with closing(open_for_reading(news)) as source:
                source.execute("VACUUM INTO ?", (str(new),))
            with closing(pysqlite3.connect(str(new), isolation_level=None)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")
                refuse_taken_down(copy, news)
                if not even_so:
                    refuse_failed(copy)
                sealed = ("_shape", "") in sealing.stored(copy)
                (articles,) = copy.execute("SELECT count(*) FROM articles").fetchone()
            _check(new, file, sealed=sealed)
            with closing(pysqlite3.connect(str(new), isolation_level=None)) as copy:
                _strip(copy)
            new.chmod(0o644)
            _sync(new)
            size = new.stat().st_size
            new.replace(file)
            _sync(file.parent)
    except (OSError, pysqlite3.DatabaseError) as error:
        said = getattr(error, "strerror", None) or error
        raise DatabaseProblem(f"publishing {news} as {file}: {said}; the copy made before is as it was") from error
    return Published(articles=articles, bytes=size)


def is_snapshot(file: Path) -> bool:
    """Whether the file is a published copy."""
    try:
        with closing(pysqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION)
    except pysqlite3.DatabaseError:
        return False


def _is_ours(file: Path) -> None:
    if file.exists() and not is_snapshot(file):
        raise NotASnapshot(f"{file} exists and is no published copy; name a new file, or an earlier copy")


def _check(new: Path, file: Path, *, sealed: bool) -> None:
    """DatabaseProblem when anything is not as it was written, or the search index does not fit the articles."""
    wrong = [line for line in damage(new, "news") if sealed or not line.startswith("row hashes")]
    if wrong:
        raise DatabaseProblem(
            f"{file} was not made: {'; '.join(wrong[:5])}. Make news.db anew (wiesci rebuild) and publish again."
        )


def _strip(copy: Connection) -> None:
    copy.execute(f"PRAGMA application_id = {APPLICATION}")
    copy.execute("UPDATE understood SET record = NULL, detail = NULL")
    copy.execute("DELETE FROM _seals")  # they told of these rows as they were
    copy.execute("VACUUM")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
