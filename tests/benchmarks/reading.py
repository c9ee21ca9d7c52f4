"""What each program makes of one practice page, in the fields that they share: normalize() twice, and the peers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import trafilatura

from crawler import registry
from crawler.practice.register import offices
from normalize import Capture, Knowledge, Unusable, normalize
from normalize.charset import decode
from tests import evaluation
from tests.evaluation import Page

CRAWL, BARE = "normalize, as crawled", "normalize, bare page"
OURS = (CRAWL, BARE)
TRAFILATURA, TUNED = "trafilatura + htmldate", "the same, tuned"
LACKING = {("language", TRAFILATURA), ("language", TUNED)}
"""Fields that a program does not have."""

_BULLET = re.compile(r"^[-–•*]\s+")
_NAMES = re.compile(r"\s*[;,]\s*")
_WARSAW = ZoneInfo("Europe/Warsaw")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one program says of one page."""

    title: str | None = None
    published: str | None = None
    author: Sequence[str] = ()
    language: str | None = None
    picture: bool = False
    lines: Sequence[str] = ()


Reader = Callable[[Page], Reading]


def readers() -> dict[str, Reader]:
    return {
        CRAWL: as_crawled(),
        BARE: bare(),
        TRAFILATURA: by_trafilatura(),
        TUNED: by_trafilatura(
            fast=True,
            favor_precision=True,
            date_extraction_params={
                "original_date": True,
                "extensive_search": False,
                "max_date": evaluation.FETCHED.date().isoformat(),
            },
        ),
        "newspaper4k": by_newspaper(),
        "news-please": by_news_please(),
    }


def as_crawled() -> Reader:
    """normalize() as the crawl calls it: with the office, its family's hints and the teaser of the list."""
    knowledge = registry.load(practice=offices()).knowledge()
    return lambda page: own(page.capture, knowledge)


def bare() -> Reader:
    """normalize() with what the peers are given, the page and its address: no office, no hints, no teaser."""
    knowledge = Knowledge.bundled()
    return lambda page: own(replace(page.capture, office=None, teaser=None), knowledge)


def own(capture: Capture, knowledge: Knowledge) -> Reading:
    try:
        record = normalize(capture, knowledge).as_dict()
    except Unusable:
        return Reading()
    return Reading(
        title=record["title"],
        published=record["published"],
        author=[record["author"]] if record["author"] else [],
        language=record["language"],
        picture=bool(record["images"]),
        lines=list(evaluation.lines(record["blocks"])),
    )


def by_trafilatura(**options: Any) -> Reader:
    def read(page: Page) -> Reading:
        found = trafilatura.bare_extraction(text_of(page), url=page.url, with_metadata=True, **options)
        if found is None:
            return Reading()
        one = found if isinstance(found, dict) else found.as_dict()
        return Reading(
            title=one["title"],
            published=one["date"],
            author=_NAMES.split(one["author"] or ""),
            picture=bool(one["image"]),
            lines=lines(one["text"]),
        )

    return read


def by_newspaper() -> Reader:
    from newspaper import Article, ArticleException, Config

    settings = Config()
    settings.language = "pl"
    settings.fetch_images = False

    def read(page: Page) -> Reading:
        article = Article(page.url, config=settings)
        try:
            article.download(input_html=text_of(page))
            article.parse()
        except ArticleException:
            return Reading()
        return Reading(
            title=article.title or None,
            published=day(article.publish_date),
            author=article.authors,
            language=article.meta_lang or None,
            picture=bool(article.top_image or article.images),
            lines=lines(article.text),
        )

    return read


def by_news_please() -> Reader:
    from newsplease import NewsPlease

    def read(page: Page) -> Reading:
        one = NewsPlease.from_html(text_of(page), url=page.url, fetch_images=False)
        return Reading(
            title=one.title or None,
            published=day(one.date_publish),
            author=one.authors or (),
            language=one.language or None,
            picture=one.image_url not in (None, page.url),  # it gives the page where it has no picture
            lines=lines(one.maintext),
        )

    return read


def text_of(page: Page) -> str:
    """The page in the right charset: what the peers would make of wrongly declared bytes is not held against them."""
    return decode(page.capture.body, page.capture.content_type)[0]


def day(moment: datetime | None) -> str | None:
    """The Polish day of a moment; one without a zone is taken as it stands."""
    if moment is None:
        return None
    return (moment.astimezone(_WARSAW) if moment.tzinfo else moment).date().isoformat()


def lines(text: str | None) -> list[str]:
    """A text's lines without their bullets; the rows of one table are one line, as the records write it."""
    found: list[str] = []
    for tabular, some in itertools.groupby((text or "").splitlines(), key=lambda line: "|" in line):
        rows = list(some)
        found.extend([" ".join(rows)] if tabular else [_BULLET.sub("", line.strip()) for line in rows])
    return [line for line in found if line]
