"""Parquet: typed columns in row groups of bounded size, compressed with zstd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.database import Connection
from crawler.publish.exports.tables import Table

ROWS = 20_000
CHARACTERS = 4_000_000
"""A row group ends at so many rows, or at so many characters of text: memory is bounded whatever the rows hold."""


class Parquet:
    name = "parquet"
    suffix = ".parquet"
    media_type = "application/vnd.apache.parquet"
    encoding: str | None = None
    for_readers = False
    inner = False

    def path(self, folder: Path, table: str) -> Path:
        return folder / f"{table}{self.suffix}"

    def write(self, connection: Connection, table: Table, path: Path, chosen: str | None) -> int:
        import pyarrow
        from pyarrow.parquet import ParquetWriter

        types = {"string": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64()}
        schema = pyarrow.schema(
            [
                pyarrow.field(column.name, types[column.type], metadata={"description": column.description})
                for column in table.columns
            ]
        )
        count = 0
        cursor = connection.execute(table.select(chosen=chosen))
        with ParquetWriter(path, schema, compression="zstd") as writer:
            for rows in groups(cursor):
                columns = [
                    pyarrow.array(values, type=field.type)
                    for values, field in zip(zip(*rows, strict=True), schema, strict=True)
                ]
                writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
                count += len(rows)
        return count

    def read(self, path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
        """The rows as they stood in the table."""
        from pyarrow.parquet import ParquetFile

        with ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=2000, columns=[column.name for column in table.columns]):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def count(self, path: Path, table: Table) -> int:
        from pyarrow.parquet import ParquetFile

        with ParquetFile(path) as file:
            return int(file.metadata.num_rows)


def groups(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in lists of bounded size."""
    group: list[tuple[Any, ...]] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(len(value) for value in row if isinstance(value, str))
        if len(group) >= ROWS or characters >= CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group
