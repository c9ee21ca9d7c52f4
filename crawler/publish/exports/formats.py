"""The formats of an export, by the name they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from crawler.database import Connection
from crawler.publish.exports import csv_files, json_files
from crawler.publish.exports.parquet import Parquet
from crawler.publish.exports.sqlite import Sqlite
from crawler.publish.exports.tables import Table
from crawler.publish.exports.xlsx import Xlsx


class Format(Protocol):
    """Writes a table as it comes from the database, and reads it back as it stood there."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def for_readers(self) -> bool:
        """It is opened in spreadsheets, where words and złotys stand beside codes and grosze."""

    @property
    def inner(self) -> bool:
        """It holds what only the search reads, too."""

    def path(self, folder: Path, table: str) -> Path:
        """The file of that table; one file may hold several."""

    def write(self, connection: Connection, table: Table, path: Path, chosen: str | None) -> int:
        """Write the rows (of the articles whose ids the query `chosen` gives); how many there were."""

    def read(self, path: Path, table: Table) -> Iterator[tuple[Any, ...]]: ...

    def count(self, path: Path, table: Table) -> int:
        """How many rows the file holds, by the file alone."""


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (csv_files.PLAIN, csv_files.EXCEL, Xlsx(), json_files.ARRAY, json_files.LINES, Parquet(), Sqlite())
}
