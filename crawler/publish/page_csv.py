"""A page's own CSV: each row tells its source, no cell is a formula, and what is not the whole list says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from datasette.utils.asgi import AsgiStream, Response

from crawler.publish.downloads import source_of, with_source
from crawler.publish.exports import marks
from crawler.publish.exports.tables import SOURCE
from crawler.publish.paging import NewsTable

MOST_BYTES = 5_000_000
"""Of a page's CSV that strangers are given."""


class TooLong(Exception):
    """More than that: nothing is given rather than a part that looks like the whole."""


class DeskTable(NewsTable):
    """The table page; its CSV marks texts as the exports do. JSON and the page keep them as they are."""

    _marked = False
    _page: Mapping[str, Any] | None = None

    async def as_csv(self, request: Any, database: str) -> Any:
        self._marked = True  # one object answers one request
        answer = await super().as_csv(request, database)
        if not isinstance(answer, AsgiStream) or request.args.get("_stream"):
            return answer
        gathered = _Gathered(MOST_BYTES if getattr(self.ds, "public", False) else None)
        try:
            await answer.stream_fn(gathered)
        except TooLong:
            return await _too_long(self.ds, request)
        headers = {**answer.headers, **self._told(request)}
        return Response("".join(gathered.pieces), headers=headers, content_type=answer.content_type)

    def _told(self, request: Any) -> dict[str, str]:
        """That this is a part of the list, where it is: how many rows of how many, and where the next ones are."""
        page = self._page or {}
        rows, count = len(page.get("rows", ())), page.get("filtered_table_rows_count")
        following = page.get("next_url")
        if not following and not page.get("truncated"):
            return {}
        name = request.url_vars["table"]
        whole = f"-z-{count}" if isinstance(count, int) else ""
        told = {"x-wiesci-rows": f"{rows}{f' of {count}' if isinstance(count, int) else ', more follow'}"}
        if request.args.get("_dl"):
            told["content-disposition"] = f'attachment; filename="{name}-pierwsze-{rows}{whole}.csv"'
        if following:
            parts = urlsplit(following)
            told["link"] = f'<{parts.path}?{parts.query}>; rel="next"'
        return told

    async def data(
        self, request: Any, default_labels: bool = False, _next: str | None = None, _size: int | None = None
    ) -> Any:
        answer = await super().data(request, default_labels=default_labels, _next=_next, _size=_size)
        if self._marked and isinstance(answer, tuple):
            self._page = page = answer[0]
            rows = [list(row) for row in page["rows"]]
            source = None if {"_col", "_nocol"} & set(request.args) else source_of(page["columns"], page.get("table"))
            if source is not None:
                database = self.ds.get_database(route=request.url_vars["database"])
                rows = [row async for row in with_source(database, source, _each(rows))]
                page["columns"] = [*page["columns"], *SOURCE]
            page["rows"] = [[marked(value) for value in row] for row in rows]
        return answer


class _Gathered:
    """What a stream writes, kept. A stream of Datasette tells errors into itself, where this raises once more."""

    def __init__(self, most: int | None) -> None:
        self.pieces: list[str] = []
        self._left = most

    async def write(self, piece: str) -> None:
        if self._left is not None:
            self._left -= len(piece.encode("utf-8"))
            if self._left < 0:
                raise TooLong
        self.pieces.append(piece)


async def _too_long(datasette: Any, request: Any) -> Any:
    context = {
        "title": "Za dużo naraz",
        "error": f"CSV jednej strony może mieć najwyżej {MOST_BYTES // 1_000_000} MB. Nie dajemy części, która"
        " wyglądałaby na całość: poproś o mniej wierszy (_size), wybierz kolumny (_col) albo pobierz całą tabelę.",
        "status": 413,
    }
    return Response.html(await datasette.render_template("error.html", context, request=request), status=413)


async def _each(rows: list[list[Any]]) -> AsyncIterator[list[Any]]:
    for row in rows:
        yield row


def marked(value: Any) -> Any:
    """One cell; a foreign key that was expanded keeps its code and its label apart."""
    if isinstance(value, str):
        return marks.defused(value) if value else value
    if isinstance(value, dict) and "label" in value:
        return {"value": marked(value["value"]), "label": marked(value["label"])}
    return value
