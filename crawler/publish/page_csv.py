"""A page's own CSV, in which no cell is a formula."""

from __future__ import annotations

from typing import Any

from crawler.publish.exports import marks
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
            answer[0]["rows"] = [[marked(value) for value in tuple(row)] for row in answer[0]["rows"]]
        return answer


def marked(value: Any) -> Any:
    """One cell; a foreign key that was expanded keeps its code and its label apart."""
    if isinstance(value, str):
        return marks.defused(value) if value else value
    if isinstance(value, dict) and "label" in value:
        return {"value": marked(value["value"]), "label": marked(value["label"])}
    return value
