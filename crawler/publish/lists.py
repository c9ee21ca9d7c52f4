"""All rows of the list that a page shows the beginning of, page by page as Datasette itself would give them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from datasette.views.base import DatasetteError

from crawler.publish.answers import Settled

MOST_ROWS = 100_000
"""What one reader may ask a server to gather; whole tables are exported by `wiesci export`."""
MOST_ROWS_FOR_STRANGERS = 10_000
_UNWANTED = {"_labels", "_size", "_next", "_dl", "_shape", "_facet", "_nofacet", "_nocount", "_trace"}


class TooMany(Exception):
    """The list is longer than may be gathered: nothing is given rather than a part that looks like the whole."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


def most_rows(datasette: Any) -> int:
    return MOST_ROWS if datasette.setting("default_allow_sql") else MOST_ROWS_FOR_STRANGERS


def plain(row: Any) -> list[Any]:
    """The values of a row; a foreign key that Datasette has expanded gives its code."""
    return [value["value"] if isinstance(value, dict) and "value" in value else value for value in tuple(row)]


async def all_rows(
    datasette: Any, request: Any, rows: Sequence[Any], data: Mapping[str, Any], most: int
) -> AsyncIterator[list[Any]]:
    """The rows of this page and of all that follow it. Raises TooMany when there are more than `most`."""
    count = data.get("filtered_table_rows_count")
    if data.get("truncated") or (isinstance(count, int) and count > most):
        raise TooMany(most)
    given = len(rows)
    for row in rows:
        yield plain(row)
    following = data.get("next")
    headers = {"cookie": request.headers["cookie"]} if "cookie" in request.headers else {}
    while following:
        if given >= most:
            raise TooMany(most)
        asked = [(name, value) for name, value in parse_qsl(request.query_string) if name not in _UNWANTED]
        asked += [
            ("_next", str(following)),
            ("_size", "max"),
            ("_shape", "arrays"),
            ("_nofacet", "1"),
            ("_nocount", "1"),
        ]
        path = f"{request.path.rpartition('.')[0]}.json?{urlencode(asked)}"
        answer = await datasette.client.get(path, headers=headers)
        page = answer.json()
        if answer.status_code != 200:
            raise DatasetteError(str(page.get("error")), title=page.get("title"), status=answer.status_code)
        for row in page["rows"]:
            yield row
        given += len(page["rows"])
        following = page.get("next")


async def too_many(datasette: Any, request: Any, error: TooMany) -> Any:
    """The page that says so."""
    from crawler.publish.polish import number

    context = {
        "title": "Za dużo wierszy naraz",
        "error": f"Jednym pobraniem wydajemy najwyżej {number(error.most)} wierszy tabeli albo jedną stronę zapytania. "
        "Nie dajemy części, która wyglądałaby na całość: zawęź listę filtrami.",
        "status": 413,
    }
    page = await datasette.render_template("error.html", context, request=request)
    return Settled(page, status=413, content_type="text/html; charset=utf-8")


def address(datasette: Any, request: Any) -> str:
    """The whole address of this very answer."""
    parts = urlsplit(request.full_path)
    return str(datasette.absolute_url(request, parts.path + (f"?{parts.query}" if parts.query else "")))


def page_address(datasette: Any, request: Any) -> str:
    """The address of the page this answer was made from."""
    asked = urlencode([(name, value) for name, value in parse_qsl(request.query_string) if name not in _UNWANTED])
    path = request.path.rpartition(".")[0]
    return str(datasette.absolute_url(request, path + (f"?{asked}" if asked else "")))


def title_of(datasette: Any, request: Any, database: str, table: str | None, query: str | None) -> str:
    """What the list is called, and what it was searched and filtered by."""
    if table:
        name = datasette.table_metadata(database, table).get("title") or table
    else:
        queries = (datasette.metadata("queries", database=database) or {}) if query else {}
        name = (queries.get(query) or {}).get("title") or query or "Zapytanie"
    by = [value for key, value in parse_qsl(request.query_string) if not key.startswith("_") or key == "_search"]
    return f"Wieści: {name}" + (f" ({', '.join(by)})" if by else "")
