"""How a value was found, in Polish."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

OUTSIDE = (
    *("family selector", "json-ld", "meta", "time", "list page", "html title"),
    *("heading", "line above the text", "slug", "list teaser", "opengraph"),
    *("byline", "initials on the last line"),
)
"""Ways that read the page's frame, its markup or its list, the title itself, or a line that is no part of the text:
their words need not stand in it."""
CORRECTED = "correction"
"""A person's value; behind it stands how the machine had found what it read."""


def told(method: str | None) -> str:
    """ "number and currency; pool: pula" -> "liczba z walutą; rodzaj (pula) po słowach obok"; "" for None.

    A way without a Polish name is given as it is. Where in its markup a page has a value is left out.
    """
    return "; ".join(_part(part) for part in (method or "").split("; ") if part)


def known(method: str) -> bool:
    """Whether every part of the method has a Polish name."""
    return all(_name(part) is not None for part in method.split("; "))


def outside(method: str | None) -> bool:
    return (method or "").removeprefix(f"{CORRECTED}; ").startswith(OUTSIDE)


def corrected(method: str | None) -> bool:
    return (method or "").startswith(CORRECTED)


def _part(part: str) -> str:
    name = _name(part)
    if name is None:
        return part
    head, rest = name
    words = _read()
    if head in words["role"]:
        return f"rodzaj ({words['role'][head]}) po słowach obok"  # the words are folded: they would read as misspelt
    said = words["method"][head]
    return f"{said} ({rest})" if rest and head not in OUTSIDE else said


def _name(part: str) -> tuple[str, str] | None:
    """(a name of the vocabulary, what the part adds to it)."""
    words = _read()
    head, _, rest = part.partition(": ")
    if head in words["method"] or (head in words["role"] and rest):
        return head, rest
    for name in words["method"]:
        if part.startswith(f"{name} "):
            return name, part.removeprefix(f"{name} ")
    return None


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files(__package__) / "methods.toml").read_text(encoding="utf-8"))
