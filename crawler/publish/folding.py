"""Filters by a part of a text that know the capitals of Polish letters: SQLite's LIKE knows those of ASCII only."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from datasette.filters import Filters, TemplatedFilter

_HOLDS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


class Folded(TemplatedFilter):  # type: ignore[misc]
    """Datasette's filter; where other than ASCII letters are sought, LIKE takes any letter in their place and the few
    rows it leaves are compared whole: a long table costs no more than before."""

    def where_clause(self, table: str, column: str, value: str, param_counter: int) -> tuple[str, Any]:
        value = unicodedata.normalize("NFC", value)
        rough = "".join(letter if letter.isascii() else "_" for letter in value)
        sql, pattern = super().where_clause(table, column, rough, param_counter)
        if value.isascii():
            return sql, pattern
        named = '"{}"'.format(column.replace('"', '""'))
        return f"({sql} and zawiera({named}, :p{param_counter + 1}, '{self.key}'))", [pattern, value]


def holds(text: Any, part: Any, how: str) -> bool:
    """Whether the text has the part, whatever the capitals."""
    return _HOLDS[how](str(text).casefold(), str(part).casefold())


def install() -> None:
    """In place of Datasette's own, which all its table pages share."""
    for key in _HOLDS:
        plain = Filters._filters_by_key[key]
        if not isinstance(plain, Folded):
            Filters._filters_by_key[key] = Folded(
                plain.key, plain.display, plain.sql_template, plain.human_template, plain.format
            )
