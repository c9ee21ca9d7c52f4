"""Makes editions: beside the one that readers see, then in its place; what goes wrong leaves that one as it was."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from crawler.database import DatabaseProblem, open_for_reading
from crawler.publish.exports import export
from crawler.publish.public.editions import FILES, ID, NEWS, PUBLIC, Edition, stamp
from crawler.publish.snapshot import copy, sync
from crawler.publish.trouble import told

FORMATS = ("csv", "excel", "ndjson", "parquet", "sqlite")
"""What is made of every table. XLSX takes minutes for a million rows, and JSON says no more than NDJSON."""
KEPT = 2
"""Editions that stay on the disk: the current one and the one before, which a slow reader may still be given."""
PACKED = (".csv", ".ndjson", ".json")
PIECE = 1 << 20


class BeingMade(Exception):
    """Another process is making an edition. Exit code 4."""


def make(
    data: Path,
    *,
    made: datetime,
    formats: Sequence[str] = FORMATS,
    even_so: bool = False,
) -> Edition:
    """Make an edition of data/news.db and let it be the current one, in one step.

    Raises BeingMade, SourcesFailed (unless `even_so`) and DatabaseProblem; then the current edition is as it was.
    """
    public = data / PUBLIC
    editions = public / "editions"
    with told(f"publishing {data / NEWS}", public, "what readers see"):
        editions.mkdir(parents=True, exist_ok=True)
        with _alone(public):
            id = made.astimezone(UTC).strftime(ID)
            if (editions / id).exists():
                raise DatabaseProblem(f"{editions / id} exists already; an edition is never overwritten")
            for left in editions.glob(".*.new-*"):  # by a process that died: no other makes one now
                shutil.rmtree(left, ignore_errors=True)
            new = Path(tempfile.mkdtemp(prefix=f".{id}.new-", dir=editions))
            try:
                edition = _write(data / NEWS, new, id=id, made=made, formats=formats, even_so=even_so)
                new.chmod(0o755)
                sync(new)
                new.rename(editions / id)
                sync(editions)
                point(public, id)
            except BaseException:
                shutil.rmtree(new, ignore_errors=True)
                raise
            _clear(editions, current=id)
    return edition


def _write(news: Path, new: Path, *, id: str, made: datetime, formats: Sequence[str], even_so: bool) -> Edition:
    of = stamp(news.parent)
    copied = copy(news, new / NEWS, even_so=even_so)
    (new / NEWS).chmod(0o644)
    export(new / NEWS, new / FILES, made=made, formats=formats)
    for path in sorted((new / FILES).iterdir()):
        path.chmod(0o644)
        if path.suffix in PACKED:
            _pack(path)
    edition = Edition(
        id=id,
        made=made.isoformat(timespec="seconds"),
        articles=copied.articles,
        counts=_counts(new / NEWS),
        sha256=_hash(new / NEWS),
        of=of,
        folder=new.parent / id,
    )
    told = {name: value for name, value in asdict(edition).items() if name != "folder"}
    (new / "edition.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    for path in (new / FILES, *(new / FILES).iterdir(), new / "edition.json"):
        sync(path)
    return edition


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


@contextmanager
def _alone(public: Path) -> Iterator[None]:
    with (public / ".making").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BeingMade(f"{public}: an edition is being made by another process; it will be there soon") from None
        yield


def point(public: Path, id: str) -> None:
    """Readers see this edition from now on: a rename takes the place of the old link in one step."""
    link = public / ".current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("editions") / id)
    link.replace(public / "current")
    sync(public)


def _clear(editions: Path, *, current: str) -> None:
    """Remove what no one needs: not the newest ones, nor any that a server still reads."""
    past = sorted(path for path in editions.iterdir() if path.name != current and not path.name.startswith("."))
    for path in past[: max(0, len(past) + 1 - KEPT)]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(descriptor)
