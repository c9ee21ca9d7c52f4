"""A page's own CSV: each row tells its source, and no cell is a formula."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from crawler.publish.downloads import source_of, with_source
from crawler.publish.exports import marks
from crawler.publish.exports.tables import SOURCE
from crawler.publish.paging import NewsTable


class DeskTable(NewsTable):
    """The table page; its CSV marks texts as the exports do. JSON and the page keep them as they are."""

    _marked = False

    async def as_csv(self, request: Any, database: str) -> Any:
        self._marked = True  # one object answers one request
        return await super().as_csv(request, database)

    async def data(
        self, request: Any, default_labels: bool = False, _next: str | None = None, _size: int | None = None
    ) -> Any:
        answer = await super().data(request, default_labels=default_labels, _next=_next, _size=_size)
        if self._marked and isinstance(answer, tuple):
            page = answer[0]
            rows = [list(row) for row in page["rows"]]
            source = None if {"_col", "_nocol"} & set(request.args) else source_of(page["columns"], page.get("table"))
            if source is not None:
                database = self.ds.get_database(route=request.url_vars["database"])
                rows = [row async for row in with_source(database, source, _each(rows))]
                page["columns"] = [*page["columns"], *SOURCE]
            page["rows"] = [[marked(value) for value in row] for row in rows]
        return answer


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
