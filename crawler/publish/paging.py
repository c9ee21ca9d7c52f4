"""A table page whose rows stand in one order from the first page on."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from datasette.views.table import TableView

LAST = tilde_encode("\U0010ffff")
"""Greater than every stored text, and in SQLite every text is greater than every number."""


class NewsTable(TableView):  # type: ignore[misc]
    """Datasette's table page, but its first page breaks ties by primary key as the following ones do.

    Datasette 0.65 orders its first page by the sort column alone and the others by sort column and primary key: where
    the first page is sorted by anything but an index in that very order, rows of equal value are lost or come twice.
    The first page is therefore asked for as the one that follows a row before all rows.
    An empty search box is no search, and the syntax of the search is always ours (`_searchmode=raw` would hand
    whatever was typed to FTS5, which answers with errors).
    """

    async def data(
        self, request: Any, default_labels: bool = False, _next: str | None = None, _size: int | None = None
    ) -> Any:
        request = without_empty_search(request)
        if not _next and not request.args.get("_next"):
            _next = await self._before_all(request)
        return await super().data(request, default_labels=default_labels, _next=_next, _size=_size)

    async def _before_all(self, request: Any) -> str | None:
        """The `_next` of a row before the first one; None where no column is sorted by."""
        database = self.ds.get_database(route=request.url_vars["database"])
        table = request.url_vars["table"]
        metadata = self.ds.table_metadata(database.name, table)
        ascending, descending = request.args.get("_sort"), request.args.get("_sort_desc")
        if not ascending and not descending:
            ascending, descending = metadata.get("sort"), metadata.get("sort_desc")
        if bool(ascending) == bool(descending):
            return None
        keys = await database.primary_keys(table)
        if not keys:
            return None
        return ",".join(["$null" if ascending else LAST, *("" for _ in keys)])


def without_empty_search(request: Any) -> Any:
    """The same request without `_searchmode` and without searches for nothing."""
    if not any(name.startswith("_search") for name in request.args):
        return request
    kept = [
        (name, value)
        for name, value in parse_qsl(request.query_string, keep_blank_values=True)
        if not name.startswith("_search") or (name != "_searchmode" and value.strip())
    ]
    return Request(dict(request.scope, query_string=urlencode(kept).encode("ascii")), request.receive)
