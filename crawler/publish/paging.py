"""A table page whose rows stand in one order from the first page on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils import path_with_replaced_args, tilde_encode
from datasette.utils.asgi import Request, Response
from datasette.views.table import TableView

from crawler.publish.exports.tables import INNER
from crawler.publish.search import answered, counting, finding, ranking, searching, shelf, snippets
from crawler.publish.search.listing import Listing

CHOOSING = {"_col", "_nocol", "_kolumny"}
"""Arguments by which a reader chooses columns."""
SORTED = frozenset({"id", "published", "title", "first_seen", "changed", "gone"})
"""By these an index has the articles in order: however many there are, strangers get a page in time."""
LAST = tilde_encode("\U0010ffff")
"""Greater than every stored text, and in SQLite every text is greater than every number."""


class NewsTable(TableView):  # type: ignore[misc]
    """Datasette's table page, but its first page breaks ties by primary key as the following ones do.

    Datasette 0.65 orders its first page by the sort column alone and the others by sort column and primary key: where
    the first page is sorted by anything but an index in that very order, rows of equal value are lost or come twice.
    The first page is therefore asked for as the one that follows a row before all rows.
    An empty search box is no search, and the syntax of the search is always ours (`_searchmode=raw` would hand
    whatever was typed to FTS5, which answers with errors). What a search found stands in the order of `ranking`,
    unless the reader sorts it; the page shows where each article says it.
    """

    async def data(
        self, request: Any, default_labels: bool = False, _next: str | None = None, _size: int | None = None
    ) -> Any:
        request = without_empty_search(request)
        cursor = _next or request.args.get("_next")
        typed = request.args.get("_search") if request.url_vars["table"] == shelf.TABLE else None
        sorts = request.args.get("_sort") or request.args.get("_sort_desc")
        if typed and not sorts and (not cursor or (cursor.isascii() and cursor.isdecimal())):
            return await self._by_relevance(request, typed, int((cursor or "0")[:9]), default_labels, _size)
        before_all = await self._before_all(request)
        if before_all and (not cursor or cursor.count(",") != before_all.count(",")):
            _next = before_all
        if request.url_vars["table"] != shelf.TABLE:
            return await self._counted(request, default_labels=default_labels, _next=_next, _size=_size)
        return await self._found(typed, None, request, default_labels=default_labels, _next=_next, _size=_size)

    async def _by_relevance(
        self, request: Any, typed: str, position: int, default_labels: bool, _size: int | None
    ) -> Any:
        order = ranking.Ranking(typed, position)
        first = with_arguments(request, lambda name, _: name != "_next")
        answer = await self._found(typed, order, first, default_labels=default_labels, _size=_size)
        if not isinstance(answer, Response):
            page = answer[0]
            page["next"] = order.next
            page["next_url"] = order.next and self.ds.absolute_url(
                request, self.ds.urls.path(path_with_replaced_args(first, {"_next": order.next}))
            )
        return answer

    async def _found(self, typed: str | None, order: ranking.Ranking | None, request: Any, **how: Any) -> Any:
        """A page of articles, its queries answered by a Finding."""
        database = self.ds.get_database(route=request.url_vars["database"])
        facets = self.ds.table_metadata(database.name, shelf.TABLE).get("facets") or ()
        found = finding.Finding(order, facets)
        answer = await self._asking(found, request, **how)
        if isinstance(answer, Response):
            return answer
        sortable = await self.sortable_columns_for_table(database.name, shelf.TABLE, False)
        answer = with_every_column(
            answer, [name for name in await database.table_columns(shelf.TABLE) if name in sortable]
        )
        if not typed:
            return self._told_of_list(request, answer, found.listing)
        answer[0]["search_order"] = {**(order.told() if order else {"by": "column"}), **found.told()}
        return with_snippets(answer, typed)

    def _told_of_list(self, request: Any, answer: Any, listing: Listing) -> Any:
        """The page of a list, with what it could not count or look for in all articles."""
        page = answer[0]
        if listing.counting.counted is not None:
            page["facets_of"] = listing.counting.counted
        if listing.looked_through is not None:
            page["looked_through"] = listing.looked_through
            if listing.next:
                following = path_with_replaced_args(request, {"_next": listing.next})
                page["next"] = listing.next
                page["next_url"] = self.ds.absolute_url(request, self.ds.urls.path(following))
        return answer

    async def _counted(self, request: Any, **how: Any) -> Any:
        """The page of another table, with facets however long it is."""
        counts = counting.Counting()
        answer = await self._asking(counts, request, **how)
        if not isinstance(answer, Response) and counts.counted is not None:
            answer[0]["facets_of"] = counts.counted
        return answer

    async def _asking(self, answering: Any, request: Any, **how: Any) -> Any:
        """Datasette's page, the queries of which go through this."""
        whole: Any = self.ds
        self.ds: Any = answered.AnsweredDesk(whole, answering)
        try:
            return await super().data(request, **how)
        finally:
            self.ds = whole

    async def sortable_columns_for_table(self, database_name: str, table_name: str, use_rowid: bool) -> set[str]:
        columns: set[str] = await super().sortable_columns_for_table(database_name, table_name, use_rowid)
        return columns & SORTED if table_name == shelf.TABLE and getattr(self.ds, "public", False) else columns

    async def columns_to_select(self, table_columns: list[str], pks: list[str], request: Any) -> list[str]:
        """Of an article's many columns a page reads and draws those that it shows; files and JSON have all of them."""
        columns: list[str] = await super().columns_to_select(table_columns, pks, request)
        if request.url_vars["table"] == shelf.TABLE and INNER not in request.args.getlist("_col"):
            columns = [name for name in columns if name != INNER]
        if request.url_vars["table"] != shelf.TABLE or request.url_vars.get("format") or CHOOSING & set(request.args):
            return columns
        database = self.ds.get_database(route=request.url_vars["database"])
        shown = (self.ds.plugin_config("wiesci", database.name, shelf.TABLE) or {}).get("columns")
        if not shown:
            return columns
        wanted = {*pks, *shown, request.args.get("_sort"), request.args.get("_sort_desc")}
        return [name for name in columns if name in wanted or (name == "text" and request.args.get("_search"))]

    async def _before_all(self, request: Any) -> str | None:
        """The `_next` of a row before the first one; None where no column is sorted by.

        A `_next` with another number of parts was not made here: Datasette would turn it into SQL that fails.
        """
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


def with_snippets(answer: Any, typed: str) -> Any:
    """The answer whose page also shows each article's title and a piece of its text, what was found marked."""
    page, context, templates = answer
    query = searching.read(typed)

    async def extended() -> dict[str, Any]:
        known: dict[str, Any] = await context()
        known["search_query"] = query
        known["marked"] = {
            row["id"]: {
                "title": snippets.marked(row["title"] or "", query) if "title" in row.keys() else "",  # noqa: SIM118
                "text": snippets.snippet(row["text"], query) if "text" in row.keys() else "",  # noqa: SIM118
            }
            for row in page["rows"]
        }
        if page["search_order"]["by"] == "relevance":
            known |= {"sort": None, "sort_desc": None}
        return known

    return page, extended, templates


def with_every_column(answer: Any, names: Sequence[str]) -> Any:
    """The answer whose page may be sorted by these columns, too, where it does not show them."""
    page, context, templates = answer

    async def extended() -> dict[str, Any]:
        known: dict[str, Any] = await context()
        shown = {column["name"] for column in known["display_columns"]}
        known["display_columns"] += [{"name": name, "sortable": True} for name in names if name not in shown]
        return known

    return page, extended, templates


def without_empty_search(request: Any) -> Any:
    """The same request without `_searchmode` and without searches for nothing."""
    if not any(name.startswith("_search") for name in request.args):
        return request
    return with_arguments(
        request,
        lambda name, value: not name.startswith("_search") or (name != "_searchmode" and bool(value.strip())),
    )


def with_arguments(request: Any, kept: Callable[[str, str], bool]) -> Any:
    """The same request with these of its arguments only."""
    pairs = [pair for pair in parse_qsl(request.query_string, keep_blank_values=True) if kept(*pair)]
    return Request(dict(request.scope, query_string=urlencode(pairs).encode("ascii")), request.receive)
