"""normalize() beside trafilatura with htmldate, newspaper4k and news-please: the same pages, the same scoring.

`python -m tests.benchmarks.peers` prints the table; `--write` puts it into PEERS.md; `-v FIELD` prints each miss.
The peers are no dependencies: PEERS.md says how to make an environment that has them.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import platform
import re
import socket
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import trafilatura

from crawler import registry
from crawler.practice.register import offices
from normalize import Capture, Knowledge, Unusable, normalize
from normalize.charset import decode
from normalize.words import fold
from tests import evaluation
from tests.evaluation import Page, Score, pages, spoken, value

TABLE = Path(__file__).with_name("PEERS.md")
CRAWL, BARE = "normalize, as crawled", "normalize, bare page"
OURS = (CRAWL, BARE)
TRAFILATURA, TUNED = "trafilatura + htmldate", "the same, tuned"
PACKAGES = ("trafilatura", "htmldate", "newspaper4k", "news-please", "readability-lxml", "lxml")
FIELDS = ("title", "published", "author", "language", "picture", "text lines", "text words", "text kept")
LACKING = {("language", TRAFILATURA), ("language", TUNED)}
"""Fields that a program does not have."""
CLOSE = 0.01
"""How far behind a peer our precision or recall may be."""

_BULLET = re.compile(r"^[-–•*]\s+")
_WORD = re.compile(r"\w+")
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
Figures = Mapping[tuple[str, str], tuple[float, float, float]]
"""Precision, recall and F1 by field and program."""


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


def score(read: Reader, some: Iterable[Page]) -> dict[str, Score]:
    """Every field of one program."""
    result = {name: Score() for name in FIELDS}
    for page in some:
        found, expected = read(page), page.expected
        title = value(expected["title"])
        text = [line for one in found.lines if (line := spoken(one)) and line not in title]
        result["title"].compare(page.url, title, value(found.title))
        result["published"].compare(page.url, value(expected["published"]), value(found.published))
        result["author"].compare(
            page.url, value(expected.get("author")), {fold(name) for name in found.author if name.strip()}
        )
        if "language" in expected:
            result["language"].compare(page.url, value(expected["language"]), value(found.language))
        if (pictures := expected.get("images_count", expected.get("images", {}).get("count"))) is not None:
            result["picture"].compare(page.url, picture(pictures), picture(found.picture))
        if "lines" in expected:
            wanted = [spoken(line) for line in expected["lines"]]
            plates = [spoken(line) for line in expected.get("plates", {}).get("lines", ())]
            result["text lines"].compare(page.url, set(wanted), set(text) - set(plates))
            compare_words(result["text words"], page.url, wanted, text, plates)
        compare_edges(result["text kept"], page, text)
    return result


def picture(there: object) -> set[str]:
    return {"picture"} if there else set()


def words(some: Iterable[str]) -> Counter[str]:
    return Counter(word for line in some for word in _WORD.findall(line))


def compare_words(score: Score, url: str, wanted: list[str], found: list[str], plates: list[str]) -> None:
    """Word by word, however the lines are cut; the words of a plate count neither for nor against."""
    expected, got = words(wanted), words(found)
    missing, extra = expected - got, got - expected - words(plates)
    score.right += (expected & got).total()
    score.wrong += extra.total()
    score.missed += missing.total()
    if missing or extra:
        score.remarks.append(f"{url}\n    missing {list(missing)[:20]}\n    extra {list(extra)[:20]}")


def compare_edges(score: Score, page: Page, found: list[str]) -> None:
    """Whether the text has its first and last words, and none of the lines that are not the article's."""
    whole = " ".join(found)
    for name in ("text_begins", "text_ends"):
        edge = spoken(page.expected[name])
        if not edge:
            continue
        if edge in whole:
            score.right += 1
        else:
            score.missed += 1
            score.remarks.append(f"{page.url}\n    lacks {edge!r}")
    wanted = [spoken(line) for line in page.expected.get("lines", ())]
    for line in page.expected["not_text"]:
        one = spoken(line)
        if one and any(one in text for text in found) and not any(one in text for text in wanted):
            score.wrong += 1
            score.remarks.append(f"{page.url}\n    is not text: {line!r}")


def measured(some: Sequence[Page]) -> dict[tuple[str, str], Score]:
    """All programs over all pages, with no way to the network."""
    refused = OSError("no network in a benchmark")
    result = {}
    with (
        warnings.catch_warnings(),
        mock.patch.object(socket.socket, "connect", side_effect=refused),
        mock.patch.object(socket, "getaddrinfo", side_effect=refused),
    ):
        warnings.simplefilter("ignore")
        for program, read in readers().items():
            for name, one in score(read, some).items():
                if (name, program) not in LACKING:
                    result[name, program] = one
    return result


def behind(cells: Figures) -> Iterator[str]:
    """Where we are not ahead in F1, or behind by more than CLOSE in precision or recall."""
    for (name, program), (precision, recall, f1) in cells.items():
        if program in OURS:
            continue
        for ours in OURS:
            own = cells[name, ours]
            if own[2] <= f1 or own[0] < precision - CLOSE or own[1] < recall - CLOSE:
                yield f"{name}: {ours} is behind {program}"


def figures(cells: Mapping[tuple[str, str], Score]) -> Figures:
    return {key: (round(one.precision, 3), round(one.recall, 3), round(one.f1, 3)) for key, one in cells.items()}


def table(cells: Figures) -> Iterator[str]:
    """Markdown: a row a field, a column a program, precision / recall / F1 in a cell."""
    programs = list(dict.fromkeys(program for _, program in cells))
    yield f"| field | {' | '.join(programs)} |"
    yield "|---" * (len(programs) + 1) + "|"
    for name in FIELDS:
        row = [cells.get((name, program)) for program in programs]
        yield f"| {name} | {' | '.join(' / '.join(f'{one:.3f}' for one in cell) if cell else '–' for cell in row)} |"


def read_table(text: str) -> Figures:
    """The figures of a printed table."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "]
    programs = rows[0][1:]
    result: dict[tuple[str, str], tuple[float, float, float]] = {}
    for name, *cells in rows[1:]:
        for program, cell in zip(programs, cells, strict=True):
            if cell != "–":
                precision, recall, f1 = map(float, cell.split(" / "))
                result[name, program] = (precision, recall, f1)
    return result


def versions() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join([*found, f"Python {platform.python_version()}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", nargs="*", metavar="FIELD", help="print the misses (of these fields)")
    parser.add_argument("--write", action="store_true", help="put the table into PEERS.md")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    some = pages()
    cells = measured(some)
    shown = figures(cells)
    printed = "\n".join([*table(shown), "", *(f"- {line}" for line in behind(shown))]).rstrip()
    print(printed)
    if options.verbose is not None:
        for (name, program), one in cells.items():
            if not options.verbose or name in options.verbose:
                for remark in one.remarks:
                    print(f"{name}, {program}: {remark}")
    if options.write:
        made = f"{datetime.now(_WARSAW).date().isoformat()}, {len(some)} pages. {versions()}."
        before, mark, rest = TABLE.read_text(encoding="utf-8").partition("<!-- table -->\n")
        _, end, after = rest.partition("<!-- end -->\n")
        TABLE.write_text(f"{before}{mark}{made}\n\n{printed}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
