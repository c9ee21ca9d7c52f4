"""Filters in a reader's words, turned into the codes that the columns hold: "Rodzaj jest nabór" into kind=call.

Only of columns with a closed vocabulary: codes with Polish labels, offices, programmes, topics, organisations, places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from crawler.publish import labels, placed, typed
from crawler.publish.narrowing import PLACES

NAMED = {
    "office": ("offices", "id"),
    "programme": ("programmes", "id"),
    "topic": ("topics", "id"),
    "organisation": ("organisations", "id"),
    "teryt": ("places", "teryt"),
}
"""Column -> the table of the rows it points to, and their key."""
PLACE = "_miejsce"
OPTIONAL = frozenset({"_temat", "_program", PLACE, "office__contains"})
"""Fields of the form of articles that may be left empty."""
_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "exact": lambda name, word: name == word,
    "not": lambda name, word: name == word,
    "in": lambda name, word: name == word,
    "notin": lambda name, word: name == word,
    "contains": lambda name, word: word in name,
    "startswith": lambda name, word: name.startswith(word),
    "endswith": lambda name, word: name.endswith(word),
}
_SEVERAL = {"not": "notin", "notin": "notin"}
_LISTED = ("in", "notin")


async def in_codes(database: Any, table: str, query: str) -> list[tuple[str, str]] | None:
    """The arguments of the address with codes in place of words; None where nothing is to be changed.

    Raises SeveralPlaces.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    told = [await _told(database, table, *pair) for pair in pairs if pair[1] or pair[0] not in OPTIONAL]
    return told if told != pairs else None


async def names(database: Any, table: str, column: str) -> Mapping[str, str]:
    """Code -> name of all that the column can hold; {} where that is no closed vocabulary."""
    known = labels.codes(table, column)
    if known is not None:
        return known
    other, key = NAMED.get(column, ("", ""))
    if not other or other == table:
        return {}
    named = PLACES if other == "places" else other
    found = await database.execute(f"select {key}, name from {named} order by 1")
    return dict(map(tuple, found.rows))


async def _told(database: Any, table: str, argument: str, value: str) -> tuple[str, str]:
    if argument == PLACE:
        return argument, placed.code(await names(database, "articles", "teryt"), value.strip(), argument)
    column, _, lookup = argument.partition("__")
    lookup = lookup or "exact"
    if argument.startswith("_") or lookup not in _MATCHES or not value.strip():
        return argument, value
    known = await names(database, table, column)
    words = [part.strip() for part in value.split(",")] if lookup in _LISTED else [value.strip()]
    if not known or value.startswith("[") or all(word in known for word in words):
        return argument, value
    found = list(dict.fromkeys(code for word in words for code in _codes(known, word, lookup)))
    if not found:
        return argument, value
    return _argument(column, lookup, found)


def _codes(known: Mapping[str, str], word: str, lookup: str) -> Sequence[str]:
    if word in known:
        return [word]
    sought = typed.folded(word)
    return [code for code, name in known.items() if sought and _MATCHES[lookup](typed.folded(name), sought)]


def _argument(column: str, lookup: str, codes: Sequence[str]) -> tuple[str, str]:
    if column == "changes":  # a list of codes and more
        return f"{column}__contains", codes[0]
    if lookup in _SEVERAL:
        return (f"{column}__not", codes[0]) if len(codes) == 1 else (f"{column}__notin", ",".join(codes))
    return (column, codes[0]) if len(codes) == 1 else (f"{column}__in", ",".join(codes))
