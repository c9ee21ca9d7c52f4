"""Error pages in Polish; what went wrong in detail stays below, in Datasette's words."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError

EXPECTED = (Base400, DatasetteError, QueryInterrupted)
MESSAGES = {
    400: "Nie rozumiem tego pytania",
    403: "Ta strona nie jest udostępniona",
    404: "Nie ma takiej strony",
    405: "Tak nie można pytać",
}
TOO_SLOW = "To pytanie trwało zbyt długo"
UNKNOWN = "Coś się nie udało"


HERE = str(Path(__file__).parents[1])


def foreseen(request: Any, exception: Exception) -> bool:
    """Whether Datasette refused the request, or stumbled over an argument that it does not check before it uses it."""
    if isinstance(exception, EXPECTED):
        return True
    if not request.query_string or not isinstance(exception, (ValueError, LookupError, OverflowError, AssertionError)):
        return False
    return not traceback.extract_tb(exception.__traceback__)[-1].filename.startswith(HERE)


async def page(datasette: Any, request: Any, exception: Exception) -> Any:
    """The answer to a request that failed in an expected way."""
    if isinstance(exception, QueryInterrupted):  # one of the page's own questions, none of the reader's
        return await answer(datasette, request, 503, TOO_SLOW, "", headers={"retry-after": "5"})
    if not isinstance(exception, EXPECTED):
        return await answer(datasette, request, 400, MESSAGES[400], "")
    status = int(getattr(exception, "status", 500))
    if status == 500:  # Datasette's word for a column it does not know
        status = 400
    too_slow = getattr(exception, "title", None) == "SQL Interrupted"
    detail = "" if too_slow else str(getattr(exception, "message", None) or exception)
    return await answer(datasette, request, status, TOO_SLOW if too_slow else MESSAGES.get(status, UNKNOWN), detail)


async def unexpected(datasette: Any, request: Any, exception: Exception) -> Any:
    """The answer to a stranger's request that failed in a way that nobody foresaw: the details stay in the log."""
    traceback.print_exception(exception)
    return await answer(datasette, request, 500, UNKNOWN, "")


async def answer(
    datasette: Any, request: Any, status: int, title: str, detail: str, headers: Mapping[str, str] | None = None
) -> Any:
    if request.path.endswith(".json"):
        body = {"ok": False, "error": detail or title, "status": status, "title": title}
        return Response.json(body, status=status, headers=dict(headers or {}))
    context = {"title": title, "error": detail, "status": status}
    page = await datasette.render_template("error.html", context, request=request)
    return Response.html(page, status=status, headers=dict(headers or {}))
