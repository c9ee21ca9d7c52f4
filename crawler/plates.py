"""Plates, the boilerplate of one office, in one article: which of its blocks they are, and the article without."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from crawler.corpus import PLATE_LENGTH
from normalize.model import Article, Block, Fact, Facts

F = TypeVar("F", bound=Fact)


def without(article: Article, plates: frozenset[str]) -> Article:
    """The article as it is shown: plates gone from its blocks, and with them what only they say."""
    gone = plates_of(article, plates)
    if not gone:
        return article
    facts = {
        name: tuple(kept for fact in getattr(article.facts, name) if (kept := _beyond(fact, gone)) is not None)
        for name in ("dates", "amounts", "places", "calls", "programmes", "organisations", "quantities")
    }
    return replace(
        article,
        blocks=tuple(block for n, block in enumerate(article.blocks) if n not in gone),
        facts=Facts(**facts),
        topics=tuple(topic for topic in article.topics if topic.block not in gone),
    )


def may_be_plate(block: Block) -> bool:
    return len(block.text) >= PLATE_LENGTH or block.kind == "heading"


def plates_of(article: Article, plates: frozenset[str]) -> set[int]:
    """The places of an article's plates: long blocks, and headings that have nothing but plates below them."""
    gone: set[int] = set()
    below: bool | None = None
    for n, block in reversed(tuple(enumerate(article.blocks))):
        heading = block.kind == "heading"
        if block.hash in plates and (len(block.text) >= PLATE_LENGTH or (heading and below)):
            gone.add(n)
        if heading:
            below = None
        else:
            below = n in gone and below is not False
    return gone


def _beyond(fact: F, gone: set[int]) -> F | None:
    """The fact with the mentions that stand outside these blocks; None when there is none."""
    mentions = tuple(mention for mention in fact.mentions if mention.block not in gone)
    if not any(mention.block is not None for mention in mentions) and any(m.block is not None for m in fact.mentions):
        return None
    return replace(fact, mentions=mentions)
