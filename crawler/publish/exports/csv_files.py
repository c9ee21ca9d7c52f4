"""CSV: for programs (UTF-8, comma), and for Polish Excel (byte order mark, semicolon, decimal comma)."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.database import Connection
from crawler.publish.exports import marks
from crawler.publish.exports.tables import Counted, Table


@dataclass(frozen=True, kw_only=True)
class Csv:
    """One of the two dialects."""

    name: str
    suffix: str
    encoding: str
    delimiter: str
    decimal: str
    values: Mapping[str, str]
    for_readers: bool = False
    inner: bool = False
    media_type: str = "text/csv"

    def path(self, folder: Path, table: str) -> Path:
        return folder / f"{table}{self.suffix}"

    def write(self, connection: Connection, table: Table, path: Path, chosen: str | None) -> int:
        marks.register(connection)
        with path.open("w", encoding=self.encoding, newline="", buffering=1 << 20) as stream:
            writer = csv.writer(stream, delimiter=self.delimiter)
            writer.writerow([column.name for column in table.columns])
            written = Counted(connection.execute(table.select(self.values, chosen=chosen)))
            writer.writerows(written)
        return written.count

    def read(self, path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
        """The rows as they stood in the table."""
        back = [self._value(column.type) for column in table.columns]
        for cells in self._cells(path):
            yield tuple(value(cell) for value, cell in zip(back, cells, strict=True))

    def count(self, path: Path, table: Table) -> int:
        return sum(1 for _ in self._cells(path))

    def _cells(self, path: Path) -> Iterator[list[str]]:
        csv.field_size_limit(sys.maxsize)
        with path.open(encoding=self.encoding, newline="", buffering=1 << 20) as stream:
            reader = csv.reader(stream, delimiter=self.delimiter)
            next(reader)
            yield from reader

    def _value(self, kind: str) -> Any:
        if kind == "integer":
            return lambda cell: int(cell) if cell else None
        if kind == "number":
            return lambda cell: float(cell.replace(self.decimal, ".")) if cell else None
        return marks.original


PLAIN = Csv(name="csv", suffix=".csv", encoding="utf-8", delimiter=",", decimal=".", values={"string": marks.PLAIN})
EXCEL = Csv(
    name="excel",
    suffix=".excel.csv",
    encoding="utf-8-sig",
    delimiter=";",
    decimal=",",
    values={"string": marks.EXCEL, "number": marks.DECIMAL_COMMA, "amount": marks.AMOUNT},
    for_readers=True,
)
