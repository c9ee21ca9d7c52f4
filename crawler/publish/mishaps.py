"""Error pages in Polish; what went wrong in detail stays below, in Datasette's words where we have none for it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils import path_with_replaced_args
from datasette.utils.asgi import Base400, Response
from datasette.utils.sqlite import sqlite3
from datasette.views.base import DatasetteError

from crawler.publish.placed import SeveralPlaces

EXPECTED = (Base400, DatasetteError, QueryInterrupted)
MESSAGES = {
    400: "Nie rozumiem tego pytania",
    403: "Ta strona nie jest udostępniona",
    404: "Nie ma takiej strony",
    405: "Tak nie można pytać",
}
OWN_SQL = frozenset({"_where", "sql"})
"""Arguments in which a reader writes SQL."""
TOO_SLOW = "To pytanie trwało zbyt długo"
UNKNOWN = "Coś się nie udało"


_TOLD: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
    (re.compile(r"Record not found"), lambda found: "Nie ma takiego zapisu."),
    (re.compile(r"Table not found"), lambda found: "Nie ma takiej tabeli."),
    (re.compile(r"Database not found"), lambda found: "Nie ma takiej bazy."),
    (
        re.compile(r"Database download is forbidden"),
        lambda found: "Bazy nie wydajemy stąd w całości; każdą listę można pobrać z jej strony.",
    ),
    (
        re.compile(r"You do not have permission to view this \w+|view-\w+|Permission denied"),
        lambda found: "To wewnętrzna część serwisu; nie jest dla czytelników.",
    ),
    (re.compile(r"Database is immutable|Invalid token|Root token has already been used"), lambda found: ""),
    (re.compile(r"Cannot sort table by (.*)"), lambda found: f"Tej listy nie można ułożyć według „{found[1]}”."),
    (
        re.compile(r"Cannot use _sort and _sort_desc at the same time"),
        lambda found: "Listę można ułożyć rosnąco (_sort) albo malejąco (_sort_desc), nie naraz.",
    ),
    (re.compile(r"malformed JSON.*"), lambda found: "Ten warunek wymaga kolumny z listą (JSON), a ta nią nie jest."),
    (re.compile(r"no such column: (.*)"), lambda found: f"Nie ma kolumny „{found[1]}”."),
    (re.compile(r"no such table: (.*)"), lambda found: f"Nie ma tabeli „{found[1]}”."),
    (re.compile(r"(_(?:no)?col=.*) - invalid columns"), lambda found: f"Nie ma takich kolumn: {found[1]}."),
    (re.compile(r"_size must be a positive integer"), lambda found: "_size musi być liczbą dodatnią."),
    (re.compile(r"_size must be <= (\d+)"), lambda found: f"_size może wynosić najwyżej {found[1]}."),
    (re.compile(r"Cannot search by that column"), lambda found: "W tej kolumnie nie można szukać."),
    (
        re.compile(r"You can only execute one statement at a time\.?"),
        lambda found: "Warunek albo zapytanie SQL może być tylko jedno, bez średnika w środku.",
    ),
    (re.compile(r"incomplete input"), lambda found: "Warunek albo zapytanie SQL urywa się w środku."),
    (re.compile(r'near "(.*)": syntax error', re.DOTALL), lambda found: f"Błąd składni SQL przy „{found[1]}”."),
    (re.compile(r'unrecognized token: "(.*)"', re.DOTALL), lambda found: f"W SQL nie ma znaku „{found[1]}”."),
    (re.compile(r"no such function: (.*)"), lambda found: f"Nie ma funkcji „{found[1]}”."),
    (re.compile(r"Invalid SQL|Statement must be a SELECT"), lambda found: "Tego zapytania SQL nie można wykonać."),
)

_DAMAGED = re.compile(r"disk|locked|malformed|unable to open|not a database|out of memory", re.IGNORECASE)
"""What is not the reader's doing."""

HERE = str(Path(__file__).parents[1])


DEBUGGING = r"/-/(?:messages|patterns|permissions|allow-debug)$"
"""Datasette's pages for those who write plugins, in English."""


def routes() -> list[tuple[str, Any]]:
    async def none(datasette: Any, request: Any) -> Any:
        return await answer(datasette, request, 404, MESSAGES[404], "")

    return [(DEBUGGING, none)]


def foreseen(request: Any, exception: Exception) -> bool:
    """Whether Datasette refused the request, or stumbled over an argument that it does not check before it uses it."""
    if isinstance(exception, EXPECTED):
        return True
    if _is_of_own_sql(request, exception):
        return True
    if not request.query_string or not isinstance(exception, (ValueError, LookupError, OverflowError, AssertionError)):
        return False
    return not traceback.extract_tb(exception.__traceback__)[-1].filename.startswith(HERE)


async def page(datasette: Any, request: Any, exception: Exception) -> Any:
    """The answer to a request that failed in an expected way."""
    if isinstance(exception, QueryInterrupted):  # one of the page's own questions, none of the reader's
        return await answer(datasette, request, 503, TOO_SLOW, "", headers={"retry-after": "5"})
    if _is_of_own_sql(request, exception):
        return await answer(datasette, request, 400, MESSAGES[400], _own_sql_told(request, str(exception)))
    if not isinstance(exception, EXPECTED):
        return await answer(datasette, request, 400, MESSAGES[400], "")
    if isinstance(exception, SeveralPlaces):
        return await _which(datasette, request, exception)
    status = int(getattr(exception, "status", 500))
    if status == 500:  # Datasette's word for a column it does not know
        status = 400
    too_slow = getattr(exception, "title", None) == "SQL Interrupted"
    detail = "" if too_slow else str(getattr(exception, "message", None) or exception)
    title = TOO_SLOW if too_slow else MESSAGES.get(status, UNKNOWN)
    return await answer(datasette, request, status, title, _own_sql_told(request, detail))


def _own_sql_told(request: Any, detail: str) -> str:
    said = told(detail)
    asked = OWN_SQL & set(request.args)
    return f"Tego SQL nie można wykonać. SQLite odpowiada: {said}" if asked and said and said == detail else said


def _is_of_own_sql(request: Any, exception: Exception) -> bool:
    """Whether SQLite refused what a reader wrote in its language; the driver warns of a second statement."""
    return (
        isinstance(exception, (sqlite3.Error, sqlite3.Warning))
        and bool(OWN_SQL & set(request.args))
        and not _DAMAGED.search(str(exception))
    )


def told(detail: str) -> str:
    """In Polish where there are words for it."""
    for pattern, say in _TOLD:
        if found := pattern.fullmatch(detail):
            return say(found)
    return detail


async def unexpected(datasette: Any, request: Any, exception: Exception) -> Any:
    """The answer to a stranger's request that failed in a way that nobody foresaw: the details stay in the log."""
    traceback.print_exception(exception)
    return await answer(datasette, request, 500, UNKNOWN, "")


async def _which(datasette: Any, request: Any, several: SeveralPlaces) -> Any:
    """The same question about each of the places."""
    choices = [
        {
            "value": code,
            "name": name,
            "address": path_with_replaced_args(request, {several.argument: code, "_next": None}),
        }
        for code, name in several.choices.items()
    ]
    return await answer(datasette, request, several.status, MESSAGES[400], several.message, choices=choices)


async def answer(
    datasette: Any,
    request: Any,
    status: int,
    title: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    choices: Sequence[Mapping[str, str]] = (),
) -> Any:
    if request.path.endswith(".json"):
        body: dict[str, Any] = {"ok": False, "error": detail or title, "status": status, "title": title}
        if choices:
            body["choices"] = list(choices)
        return Response.json(body, status=status, headers=dict(headers or {}))
    context = {"title": title, "error": detail, "status": status, "choices": choices}
    page = await datasette.render_template("error.html", context, request=request)
    return Response.html(page, status=status, headers=dict(headers or {}))
