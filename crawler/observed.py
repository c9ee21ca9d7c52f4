"""One capture of an article as understood, what several of them come to, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.rows import Row
from crawler.suppression import hashed_key
from normalize.identity import address, article_id
from normalize.model import Article, Office

Effect = Literal["new", "changed", "same"]


@dataclass(frozen=True, kw_only=True)
class Observed:
    """One capture of the article, as understood."""

    capture: int
    run: str
    fetched: str
    url: str
    requested_url: str
    office: Office
    article: Article


@dataclass(frozen=True, kw_only=True)
class Folded:
    """What the captures of an article come to so far, as much of it as further captures are joined to."""

    id: str
    office: Office
    last: Article
    """As it was understood, plates and all."""
    revisions: Sequence[Row]
    addresses: Mapping[str, str]
    """Address -> page or redirect."""
    ids: frozenset[str]
    keys: frozenset[str]
    hashes: frozenset[str]
    """Of the blocks long enough to be plates, of every capture."""


def joining_keys(article: Article, requested_url: str, url: str) -> frozenset[str]:
    """Hashes of everything by which another capture can turn out to be of the same article, hidden or not."""
    return frozenset(map(hashed_key, (*article.keys, f"address|{address(url)}", f"address|{address(requested_url)}")))


def first_id(article: Article) -> str:
    """The id that the first key of a capture gives."""
    key = article.keys[0]
    return key[1:17] if key.startswith("#") else article_id(key)
