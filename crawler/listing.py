"""What a list page gives: teasers, the next page, the total it announces; and the error when it gives none."""

from __future__ import annotations

from dataclasses import dataclass

from normalize.model import Teaser


@dataclass(frozen=True)
class Further:
    """The next page of the same list."""

    url: str


@dataclass(frozen=True)
class Announced:
    """How many articles the list says it holds ("1 - 20 z 412"), or how many pages it has ("Strona 1 z 12")."""

    total: int | None = None
    pages: int | None = None


@dataclass(frozen=True)
class BadLink:
    """A link of the list that cannot be an article's address; it is counted, the others are followed."""

    raw: str


Listed = Teaser | Further | Announced | BadLink


class LayoutChanged(Exception):
    """A page does not have the structure its family expects; this office fails in this run, the others go on."""

    def __init__(self, url: str, selector: str, expected: str, found: int) -> None:
        super().__init__(f"{url}: expected {expected} of '{selector}', found {found}")
        self.url = url
        self.selector = selector
        self.expected = expected
        self.found = found
