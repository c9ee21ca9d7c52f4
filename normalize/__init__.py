"""Bytes of an office's page in, a record out: normalize(), facts() and their nouns. Pure: no clock, no network."""

from __future__ import annotations

from normalize.article import VERSION, facts, normalize
from normalize.knowledge import Knowledge
from normalize.model import Article, Capture, Facts, Office, Teaser, Unusable

__all__ = ["VERSION", "Article", "Capture", "Facts", "Knowledge", "Office", "Teaser", "Unusable", "facts", "normalize"]
