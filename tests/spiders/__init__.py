"""Tests of the families: a list page goes in as bytes, teasers come out; nothing is crawled."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from scrapy.http import TextResponse

from crawler.listing import Listed
from crawler.spider import NewsSpider
from normalize.model import Office


def spider(family: str) -> type[NewsSpider]:
    """The spider of `spiders/<family>.py`."""
    module = importlib.import_module(f"spiders.{family}")
    [found] = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, NewsSpider) and one.__module__ == module.__name__
    ]
    assert found.name == family
    return found


def teasers(family: str, response: TextResponse, office: Office) -> Iterator[Listed]:
    """What the family reads from one list page, without a crawl and without settings."""
    made = spider(family)
    return iter(made.teasers(made.__new__(made), response, office))
