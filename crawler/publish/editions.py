"""Editions: a checked copy of news.db and whole tables as files made from it, which readers get together or not at all.

data/public/editions/<id>/news.db       the copy that is served
data/public/editions/<id>/pliki/        a data package of all its tables
data/public/editions/<id>/edition.json  what it was made of
data/public/current                     a link to the edition that readers see
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.database import DatabaseProblem, open_for_reading
from crawler.publish.exports import export
from crawler.publish.exports.package import README
from crawler.publish.snapshot import copy, sync, told
from crawler.run import NEWS
from crawler.suppression import SUPPRESSED

PUBLIC = "public"
FILES = "pliki"
FORMATS = ("csv", "excel", "ndjson", "parquet", "sqlite")
"""What is made of every table. XLSX takes minutes for a million rows, and JSON says no more than NDJSON."""
KEPT = 2
"""Editions that stay on the disk: the current one and the one before, which a slow reader may still be given."""
PACKED = (".csv", ".ndjson", ".json", ".txt")
PIECE = 1 << 20
_ID = "%Y%m%dT%H%M%S%fZ"

Stamp = Mapping[str, Sequence[int]]
"""File -> size and time of its last change."""


class BeingMade(Exception):
    """Another process is making an edition. Exit code 4."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    id: str
    made: str
    articles: int
    counts: Mapping[str, int]
    """Table -> rows."""
    sha256: str
    """Of its news.db."""
    of: Stamp
    """news.db and the list of what was taken down, as they were."""
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / NEWS

    @property
    def files(self) -> Path:
        return self.folder / FILES


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
    with told(data / NEWS, public):
        editions.mkdir(parents=True, exist_ok=True)
        with _alone(public):
            id = made.astimezone(UTC).strftime(_ID)
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
                _point(public, id)
            except BaseException:
                shutil.rmtree(new, ignore_errors=True)
                raise
            _clear(editions, current=id)
    return edition


def stamp(data: Path) -> Stamp:
    """By which a change of what an edition is made of is noticed."""
    found: dict[str, Sequence[int]] = {}
    for name in (NEWS, f"{NEWS}-wal", SUPPRESSED, f"{SUPPRESSED}-wal"):
        try:
            seen = (data / name).stat()
        except FileNotFoundError:
            continue
        if seen.st_size:
            found[name] = [seen.st_size, seen.st_mtime_ns]
    return found


def instant_of(id: str) -> datetime:
    """When that edition was made."""
    return datetime.strptime(id, _ID).replace(tzinfo=UTC)


def current(public: Path) -> Edition | None:
    """The edition that readers see; None before the first one, or where its files are gone."""
    try:
        folder = (public / "current").resolve(strict=True)
        told = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
        return Edition(**{**told, "folder": folder})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise DatabaseProblem(f"{public}/current is no edition ({error}); `wiesci publish` makes a new one") from error


@contextmanager
def held(edition: Edition) -> Iterator[None]:
    """While the block lasts, the edition is not cleared away. Raises FileNotFoundError where it is gone already."""
    descriptor = os.open(edition.folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        edition.database.stat()
        yield
    finally:
        os.close(descriptor)


def _write(news: Path, new: Path, *, id: str, made: datetime, formats: Sequence[str], even_so: bool) -> Edition:
    of = stamp(news.parent)
    copied = copy(news, new / NEWS, even_so=even_so)
    (new / NEWS).chmod(0o644)
    export(new / NEWS, new / FILES, made=made, formats=formats)
    for path in sorted((new / FILES).iterdir()):
        path.chmod(0o644)
        if path.suffix in PACKED and path.name != README:
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


def _point(public: Path, id: str) -> None:
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
