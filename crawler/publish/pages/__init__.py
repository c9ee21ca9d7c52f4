"""What the page of a row shows beside the row itself, by its table; and where an article that is not there has gone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import Response

from crawler.publish import DATABASE, mishaps
from crawler.publish.pages import call_page, named_page, office_page, place_page, programme_page, reading
from crawler.publish.polish import today

Read = Callable[..., Awaitable[Any]]
PAGES: Mapping[str, Read] = {
    "articles": reading.read,
    "calls": call_page.read,
    "offices": office_page.read,
    "organisations": named_page.organisation,
    "places": place_page.read,
    "programmes": programme_page.read,
    "topics": named_page.topic,
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAKEN_DOWN = "Ten artykuł usunięto na czyjąś prośbę. Nie pokazujemy go ani nie podajemy w plikach."


def chosen_day(request: Any) -> str:
    """The day that is asked for in `dzien`, else today in Poland."""
    asked = request.args.get("dzien") or ""
    return asked if _DAY.fullmatch(asked) else today()


async def page(datasette: Any, database: Any, table: str, request: Any) -> Any:
    """None for a table without a page of its own, for a row that is not there, and where the time did not suffice."""
    read = PAGES.get(table)
    if read is None or not request.url_vars.get("pks"):
        return None
    try:
        return await read(
            datasette, database, tilde_decode(request.url_vars["pks"]), day=chosen_day(request), request=request
        )
    except QueryInterrupted:
        return None


async def departed(datasette: Any, request: Any) -> Any:
    """The answer to a request for an article that has another id now (a redirect) or was taken down; else None."""
    asked = request.url_vars
    if asked.get("table") != "articles" or asked.get("database") != DATABASE or not asked.get("pks"):
        return None
    database = datasette.databases.get(DATABASE)
    if database is None or not await database.table_exists("aliases"):
        return None
    id = tilde_decode(asked["pks"])
    found = (await database.execute("SELECT article FROM aliases WHERE id = :id", {"id": id})).first()
    if found is not None:
        address = datasette.urls.row(DATABASE, "articles", tilde_encode(found["article"]), format=asked.get("format"))
        return Response.redirect(f"{address}?{request.query_string}" if request.query_string else address, status=301)
    if (await database.execute("SELECT 1 FROM taken_down WHERE article = :id", {"id": id})).first() is not None:
        return await mishaps.answer(datasette, request, 410, "Tego artykułu już nie ma", _TAKEN_DOWN)
    return None
