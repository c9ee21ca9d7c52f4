"""Polish words for the codes that news.db keeps."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def label(table: str | None, column: str, value: object) -> str | None:
    """("articles", "kind", "call") -> "nabór"; None without a vocabulary for the column, or the code in it."""
    name = _read()["columns"].get(f"{table}.{column}" if table else column)
    return None if name is None else _read()[name].get(str(value))


def voivodeships() -> Mapping[str, str]:
    """TERYT code to name, in the order of the codes."""
    return _read()["voivodeship"]


def vocabulary(name: str) -> Mapping[str, str]:
    """All its codes with their words."""
    return _read()[name]


def codes(table: str | None, column: str) -> Mapping[str, str] | None:
    """All codes of a column with their words; None without a vocabulary for it."""
    name = _read()["columns"].get(f"{table}.{column}" if table else column)
    return None if name is None else _read()[name]


def has_vocabulary(table: str | None, column: str) -> bool:
    return (f"{table}.{column}" if table else column) in _read()["columns"]


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files(__package__) / "labels.toml").read_text(encoding="utf-8"))
