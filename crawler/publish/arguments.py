"""What the address of a list may ask for: anything that would be passed over in silence is refused, in Polish."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datasette.filters import Filters
from datasette.views.base import DatasetteError

from crawler.publish.latest import BEFORE
from crawler.publish.narrowing import NARROWINGS
from crawler.publish.paging import with_arguments

DATASETTE = frozenset(
    {
        *("_search", "_searchmode", "_fts_table", "_fts_pk", "_where", "_through"),
        *("_filter_column", "_filter_op", "_filter_value"),
        *("_sort", "_sort_desc", "_sort_by_desc", "_next", "_size", "_col", "_nocol", "_label", "_labels"),
        *("_facet", "_facet_size", "_nofacet", "_nosuggest", "_nocount"),
        *("_shape", "_json", "_json_infinity", "_nl", "_header", "_stream", "_dl", "_format", "_extra", "_extras"),
        *("_timelimit", "_trace", "_ttl", "_context", "_show_sql", "_hide_sql", "_show_hidden"),
    }
)
"""Its own arguments of a table's page and files: views/table.py, views/base.py, filters.py, facets.py, renderer.py."""
NUMBERED = re.compile(r"_filter_(?:column|op|value)_\d+|_search_.+|_facet_(?:column|array|date|voivodeship|spoken_of)")
"""Those of its arguments that end with a number, a column or a kind of facet."""
OURS = frozenset({"_kolumny", BEFORE})
TRACKING = re.compile(r"utm_\w*|fbclid|gclid")
"""What others hang on the links they give; it asks for nothing."""
HIDDEN = frozenset({"rowid"})
LOOKUPS: Sequence[str] = [key for key, _, _ in Filters([]).lookups()]
_MOST_NAMED = 60


def without_tracking(request: Any) -> Any:
    """The same request without them: Datasette would take them for columns."""
    if not any(TRACKING.fullmatch(name) for name in request.args):
        return request
    return with_arguments(request, lambda name, _: not TRACKING.fullmatch(name))


async def understood(database: Any, table: str, arguments: Any) -> None:
    """Raises DatasetteError (400), which names what is unknown and what is known."""
    columns = await database.table_columns(table)
    for argument in arguments:
        if reason := _unknown(argument, table, columns):
            raise _refused(reason)
    for through in arguments.getlist("_through"):
        await _through(database, table, through)


def _unknown(argument: str, table: str, columns: Sequence[str]) -> str | None:
    """Why the argument asks for nothing here; None where it does."""
    if argument in columns:
        return None
    narrowings: Mapping[str, Any] = NARROWINGS.get(table, {})
    if argument.startswith("_") and "__" not in argument:
        if argument in DATASETTE or argument in OURS or argument in narrowings or NUMBERED.fullmatch(argument):
            return None
        known = f"Ta lista zna filtry: {_named(narrowings)}." if narrowings else "Ta lista nie ma takich filtrów."
        return f"Nie ma tu filtra „{argument}”. {known}"
    column, separator, lookup = argument.rpartition("__")
    if not separator:
        column, lookup = argument, "exact"
    if column not in columns and column not in HIDDEN:
        like = difflib.get_close_matches(column, columns, n=1)
        meant = f" Czy chodzi o „{like[0]}”?" if like else ""
        return f"Ta lista nie ma kolumny „{column}”.{meant} Kolumny: {_named(columns[:_MOST_NAMED])}."
    if lookup not in LOOKUPS:
        return f"Nie ma warunku „{lookup}” (w „{argument}”). Warunki: {_named(LOOKUPS)}."
    return None


async def _through(database: Any, table: str, text: str) -> None:
    """One that Datasette can follow: {"table", "column", "value"} of a table that points to this one."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    told = told if isinstance(told, dict) else {}
    other, column = told.get("table"), told.get("column")
    if (
        not isinstance(other, str)
        or not isinstance(column, str)
        or not isinstance(told.get("value"), str | int | float)
    ):
        raise _refused('Argument _through ma postać {"table": "…", "column": "…", "value": "…"}.')
    if not any(key["other_table"] == table for key in await database.foreign_keys_for_table(other)):
        raise _refused(f"_through: tabela „{other}” nie wskazuje na tę listę.")
    if column not in await database.table_columns(other):
        raise _refused(f"_through: tabela „{other}” nie ma kolumny „{column}”.")


def _named(names: Iterable[str]) -> str:
    return ", ".join(names)


def _refused(reason: str) -> DatasetteError:
    return DatasetteError(reason, status=400)
