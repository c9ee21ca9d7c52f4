"""JSON: one array, or one object a line. Either way each row is one line, so that neither needs memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from crawler.database import Connection
from crawler.publish.exports.tables import Counted, Table


@dataclass(frozen=True, kw_only=True)
class Json:
    name: str
    suffix: str
    media_type: str
    before: bytes = b""
    between: bytes = b"\n"
    after: bytes = b"\n"
    encoding: str = "utf-8"
    for_readers: bool = False
    inner: bool = False

    def path(self, folder: Path, table: str) -> Path:
        return folder / f"{table}{self.suffix}"

    def write(self, connection: Connection, table: Table, path: Path, chosen: str | None) -> int:
        names = [column.name for column in table.columns]
        encode = msgspec.json.Encoder().encode
        rows = Counted(connection.execute(table.select(chosen=chosen)))
        with path.open("wb", buffering=1 << 20) as stream:
            before = self.before
            for row in rows:
                stream.write(before)
                stream.write(encode(dict(zip(names, row, strict=True))))
                before = self.between
            stream.write(self.after if rows.count else self.before + self.after.lstrip(b"\n"))
        return rows.count

    def read(self, path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
        """The rows as they stood in the table."""
        numbers = {column.name for column in table.columns if column.type == "number"}
        for row in self._objects(path):
            yield tuple(
                float(row[column.name]) if column.name in numbers and row[column.name] is not None else row[column.name]
                for column in table.columns
            )

    def count(self, path: Path, table: Table) -> int:
        return sum(1 for _ in self._objects(path))

    def _objects(self, path: Path) -> Iterator[dict[str, Any]]:
        decode = msgspec.json.Decoder(dict[str, Any]).decode
        with path.open("rb", buffering=1 << 20) as stream:
            for line in stream:
                if line.startswith(b"{"):
                    yield decode(line.rstrip(b",\n"))


ARRAY = Json(name="json", suffix=".json", media_type="application/json", before=b"[\n", between=b",\n", after=b"\n]\n")
LINES = Json(name="ndjson", suffix=".ndjson", media_type="application/x-ndjson")
