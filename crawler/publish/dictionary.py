"""The descriptions of datasette_metadata.json, taken apart: "Title – explanation. / EN: explanation."."""

from __future__ import annotations

ENGLISH = " / EN: "
DASH = " – "


def title(description: str | None, name: str) -> str:
    """What a column is called on the pages; its name where it has no description."""
    return polish(description).partition(DASH)[0] if description and DASH in description else name


def explanation(description: str | None) -> str:
    """The Polish explanation without the title."""
    return polish(description).partition(DASH)[2] or polish(description)


def polish(description: str | None) -> str:
    return (description or "").partition(ENGLISH)[0]


def english(description: str | None) -> str:
    return (description or "").partition(ENGLISH)[2]
