"""Downloads from a page: the whole filtered list in a format of the exports, or an error, never a part of it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from datasette.utils.asgi import Response

from crawler.publish import DATABASE
from crawler.publish.exports import marks, readable
from crawler.publish.exports.tables import SOURCE, Counted
from crawler.publish.feeds_out import article_column
from crawler.publish.lists import TooMany, all_rows, most_rows, plain, too_many

PIECE = 1 << 18
AT_ONCE = 500
"""Rows whose sources are looked up together."""
ARTICLE_SOURCES = """
SELECT articles.id, offices.name, articles.url, articles.published, articles.last_seen, offices.licence
FROM articles JOIN offices ON offices.id = articles.office WHERE articles.id IN (SELECT value FROM json_each(:ids))
"""
CALL_SOURCES = """
SELECT call_articles.call, offices.name, articles.url, max(coalesce(articles.published, '')), articles.last_seen,
  offices.licence
FROM call_articles JOIN articles ON articles.id = call_articles.article JOIN offices ON offices.id = articles.office
WHERE call_articles.call IN (SELECT value FROM json_each(:ids)) GROUP BY call_articles.call
"""
Value = Any


class Download(Response):  # type: ignore[misc]
    """A file that is sent piece by piece."""

    def __init__(self, file: Any, *, name: str, content_type: str) -> None:
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        super().__init__(b"", headers=headers, content_type=content_type)
        self.file = file

    async def asgi_send(self, send: Callable[[Any], Any]) -> None:
        headers = {**self.headers, "content-type": self.content_type}
        raw = [[name.encode("latin-1"), value.encode("latin-1")] for name, value in headers.items()]
        with self.file:
            self.file.seek(0)
            await send({"type": "http.response.start", "status": self.status, "headers": raw})
            while piece := self.file.read(PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def can_download(database: str, view_name: str) -> bool:
    return database == DATABASE and view_name != "row"


Writer = Callable[[Any, Sequence[str], AsyncIterator[list[Value]]], Any]


def source_of(columns: Sequence[str], table: str | None) -> tuple[int, str] | None:
    """Which column leads to the article a row comes from, and by which query; None where none does."""
    if table == "calls" and "id" in columns:
        return list(columns).index("id"), CALL_SOURCES
    column = article_column(columns, table)
    return None if column is None else (list(columns).index(column), ARTICLE_SOURCES)


async def with_source(
    database: Any, source: tuple[int, str], rows: AsyncIterator[list[Value]]
) -> AsyncIterator[list[Value]]:
    """The same rows, each with the columns of SOURCE behind its own."""
    index, sql = source
    waiting: list[list[Value]] = []

    async def told() -> list[list[Value]]:
        keys = [plain([row[index]])[0] for row in waiting]
        ids = json.dumps(keys)
        known = {row[0]: list(row)[1:] for row in (await database.execute(sql, {"ids": ids}, page_size=AT_ONCE)).rows}
        return [[*row, *known.get(key, [None] * len(SOURCE))] for row, key in zip(waiting, keys, strict=True)]

    async for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            for whole in await told():
                yield whole
            waiting.clear()
    for whole in await told():
        yield whole


async def with_words(
    told: Sequence[tuple[int, readable.Beside]], rows: AsyncIterator[list[Value]]
) -> AsyncIterator[list[Value]]:
    """The same rows, each with what a spreadsheet has beside its values behind them."""
    async for row in rows:
        yield [*row, *(one.value(plain([row[at]])[0]) for at, one in told)]


def _renderer(write: Writer, suffix: str, content_type: str, *, for_readers: bool = False) -> Callable[..., Any]:
    """A renderer as Datasette calls it: by the names of its parameters."""

    async def render(
        datasette: Any,
        columns: Sequence[str],
        rows: Sequence[Any],
        database: str,
        table: str | None,
        query_name: str | None,
        request: Any,
        data: Mapping[str, Any],
    ) -> Any:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
        try:
            given = all_rows(datasette, request, rows, data, most_rows(datasette))
            source = source_of(columns, table)
            if for_readers:
                told = [(list(columns).index(one.of), one) for one in readable.beside(table, columns)]
                columns = [*columns, *(one.name for _, one in told)]
                given = with_words(told, given)
            if source is not None:
                columns = [*columns, *SOURCE]
                given = with_source(datasette.databases[database], source, given)
            await write(file, columns, given)
        except TooMany as error:
            file.close()
            return await too_many(datasette, request, error)
        except BaseException:
            file.close()
            raise
        return Download(file, name=f"{table or query_name or 'wiesci'}.{suffix}", content_type=content_type)

    return render


async def _excel(file: Any, columns: Sequence[str], rows: AsyncIterator[list[Value]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    amounts = [name in AMOUNTS for name in columns]
    async for row in rows:
        writer.writerow([_for_excel(value, money) for value, money in zip(row, amounts, strict=True)])
    text.flush()
    text.detach()


def _for_excel(value: Value, money: bool) -> Value:
    if isinstance(value, str):
        return marks.kept_by_excel(value)
    if money:
        return marks.amount_with_comma(value)
    return marks.decimal_comma(value) if isinstance(value, float) else value


async def _json(file: Any, columns: Sequence[str], rows: AsyncIterator[list[Value]]) -> None:
    """One array, a row a line, as the exports have it."""
    before = b"[\n"
    async for row in rows:
        file.write(before + msgspec.json.encode(dict(zip(columns, row, strict=True))))
        before = b",\n"
    file.write(b"\n]\n" if before == b",\n" else b"[]\n")


async def _ndjson(file: Any, columns: Sequence[str], rows: AsyncIterator[list[Value]]) -> None:
    async for row in rows:
        file.write(msgspec.json.encode(dict(zip(columns, row, strict=True))) + b"\n")


async def _xlsx(file: Any, columns: Sequence[str], rows: AsyncIterator[list[Value]]) -> None:
    from crawler.publish.exports.xlsx import Xlsx

    with tempfile.TemporaryFile() as spool, tempfile.TemporaryDirectory() as folder:
        await _spooled(spool, rows)
        path = Path(folder) / "lista.xlsx"
        # in a thread: a workbook takes seconds, and other readers are not to wait for it
        amounts = {number for number, name in enumerate(columns) if name in AMOUNTS}
        await asyncio.to_thread(Xlsx().save, path, "lista", columns, Counted(_despooled(spool)), amounts)
        with path.open("rb") as made:
            shutil.copyfileobj(made, file)


async def _parquet(file: Any, columns: Sequence[str], rows: AsyncIterator[list[Value]]) -> None:
    kinds: list[set[type]] = [set() for _ in columns]
    with tempfile.TemporaryFile() as spool:
        await _spooled(spool, rows, kinds)
        await asyncio.to_thread(_columns, file, _distinct(columns), kinds, spool)


def _columns(file: Any, names: Sequence[str], kinds: Sequence[set[type]], spool: Any) -> None:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    from crawler.publish.exports.parquet import groups

    schema = pyarrow.schema(list(zip(names, map(_type, kinds), strict=True)))
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for group in groups(_despooled(spool)):
            values = [_alike(column, kind) for column, kind in zip(zip(*group, strict=True), kinds, strict=True)]
            arrays = [pyarrow.array(some, type=field.type) for some, field in zip(values, schema, strict=True)]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


async def _spooled(spool: Any, rows: AsyncIterator[list[Value]], kinds: Sequence[set[type]] = ()) -> None:
    """Rows as lines of a file, and which types each column has: whoever needs all of them keeps none in memory."""
    encode = msgspec.json.Encoder().encode
    async for row in rows:
        spool.write(encode(row) + b"\n")
        for kind, value in zip(kinds, row, strict=False):
            kind.add(type(value))
    spool.seek(0)


def _despooled(spool: Any) -> Iterator[tuple[Value, ...]]:
    decode = msgspec.json.Decoder(list[Any]).decode
    return (tuple(decode(line)) for line in spool)


def _type(kinds: set[type]) -> Any:
    import pyarrow

    kinds = kinds - {type(None)}
    if kinds == {int}:
        return pyarrow.int64()
    return pyarrow.float64() if kinds and kinds <= {int, float} else pyarrow.string()


def _alike(values: Sequence[Value], kinds: set[type]) -> Sequence[Value]:
    """A column that holds texts among its numbers holds texts."""
    if kinds <= {int, float, type(None)}:
        return values
    return [None if value is None else str(value) for value in values]


def _distinct(names: Sequence[str]) -> list[str]:
    return [name if name not in names[:number] else f"{name}_{number}" for number, name in enumerate(names)]


AMOUNTS = frozenset(readable.AMOUNTS.values())
RENDERERS: Mapping[str, Callable[..., Any]] = {
    "excel": _renderer(_excel, "excel.csv", "text/csv; charset=utf-8", for_readers=True),
    "xlsx": _renderer(
        _xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", for_readers=True
    ),
    "wholejson": _renderer(_json, "json", "application/json"),
    "ndjson": _renderer(_ndjson, "ndjson", "application/x-ndjson"),
    "parquet": _renderer(_parquet, "parquet", "application/vnd.apache.parquet"),
}
"""By the ending of the address; `excel` is CSV for Polish Excel, `wholejson` all of the list, `json` a page of it."""
