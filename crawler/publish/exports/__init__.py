"""news.db as files to take home: a data package in the formats asked for, whole or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.database import Connection, DatabaseProblem, check_readable, open_for_reading
from crawler.publish import METADATA
from crawler.publish.exports import package
from crawler.publish.exports.choice import NothingChosen, query, refuse_nothing
from crawler.publish.exports.formats import FORMATS
from crawler.publish.exports.package import DESCRIPTOR, NAME, Written
from crawler.publish.exports.soundness import refuse_changed
from crawler.publish.exports.tables import MOVED, Table, departed, published
from crawler.publish.exports.whole import in_place_of
from crawler.publish.since import BEGINNING, CORRECTED, HORIZON, VERSIONS, Since, cursor, epoch
from crawler.publish.takedowns import refuse_taken_down
from crawler.publish.trouble import told

__all__ = ["FORMATS", "NotAnExport", "NothingChosen", "Reload", "Written", "check", "export"]

check = package.check


KEPT = "what was exported before"


class NotAnExport(Exception):
    """The folder holds something else, which an export must not replace. Exit code 2."""


class Reload(Exception):
    """What was exported until the cursor was understood or corrected anew. Exit code 2."""


def export(
    news: Path,
    folder: Path,
    *,
    made: datetime,
    formats: Sequence[str] = ("csv",),
    since: Since | None = None,
    chosen: Mapping[str, Sequence[str]] | None = None,
    tables: Sequence[str] = (),
    progress: Callable[[Written], None] | None = None,
) -> list[Written]:
    """Write a data package in place of `folder`, all its tables as they are at one instant; the rows are counted twice.

    `made` is now. `since`: only articles that have become different since, or were corrected that day or later, with
    what belongs to them, and the table `gone`; tables that belong to no article stay whole. `chosen`: column of
    articles -> values ("office", "voivodeship", "kind"). `tables`: only these. Raises NotAnExport, Reload,
    UnknownOffice, NothingChosen, and DatabaseProblem (a full disk too); then the old folder is as it was.
    """
    _is_ours(folder)
    check_readable(news, "news")
    wanted = query(since, chosen or {})
    metadata = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["news"]["tables"]
    with (
        closing(open_for_reading(news)) as connection,
        told(f"exporting {news}", folder, KEPT),
        in_place_of(folder) as new,
    ):
        connection.execute("BEGIN")
        refuse_taken_down(connection, news)
        refuse_nothing(connection, chosen or {})
        refuse_changed(connection, news)
        following = _cursor(connection, since)
        written = []
        for table in _tables(connection, metadata, since, wanted):
            if tables and table.name not in tables:
                continue
            where = f" WHERE {table.articles.format(articles=wanted)}" if wanted and table.articles else ""
            (rows,) = connection.execute(f"SELECT count(*) FROM {table.rows}{where}").fetchone()
            for name in dict.fromkeys(formats):
                format_ = FORMATS[name]
                shown = table.shown(for_readers=format_.for_readers, inner=format_.inner)
                path = format_.path(new, table.name)
                one = Written(
                    table=shown, format=format_, path=path, rows=format_.write(connection, shown, path, wanted)
                )
                if one.rows != rows:
                    raise DatabaseProblem(f"{path.name}: {one.rows} rows of {rows} were written; the old export stays")
                written.append(one)
                if progress is not None:
                    progress(one)
        package.describe(
            new,
            written,
            connection,
            made=made,
            since=since.told if since else None,
            chosen=chosen or {},
            cursor=following,
        )
        connection.execute("ROLLBACK")
        package.check(new)
    return written


def _is_ours(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        ours = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))["name"] == NAME
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise NotAnExport(f"{folder} is not empty and no export of ours; name a new folder, or an earlier export")


def _cursor(connection: Connection, since: Since | None) -> str:
    """From where the next export goes on. Raises Reload where the cursor given does not hold any more."""
    versions, corrected = (connection.execute(sql).fetchall() for sql in (VERSIONS, CORRECTED))
    if since and since.epoch and since.epoch != epoch(versions, corrected, since.after):
        raise Reload(
            f"what was told until {since.told} has been read or corrected anew since; export all of it once more,"
            " without --since"
        )
    (horizon,) = connection.execute(HORIZON).fetchone()
    at = MOVED.format("articles")
    last = connection.execute(
        f"SELECT {at} FROM articles WHERE {at} <= ? ORDER BY {at} DESC LIMIT 1", (horizon or "9999",)
    ).fetchone()
    reached = max(last[0] if last else BEGINNING, since.after if since else BEGINNING)
    return cursor(reached, epoch(versions, corrected, reached))


def _tables(
    connection: Connection, metadata: Mapping[str, Any], since: Since | None, wanted: str | None
) -> list[Table]:
    tables = published(connection, metadata)
    return [*tables, departed(wanted, since.after)] if since and wanted else tables
