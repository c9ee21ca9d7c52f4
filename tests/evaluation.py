"""How right normalize() is on the practice web: each page beside the record written down before any code was read.

`python -m tests.evaluation` prints precision, recall and F1 of every field, and (with -v) each miss;
`--pin` writes the scores that the suite guards.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from scrapy.http import HtmlResponse, Request
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler import registry
from crawler.listing import Further, LayoutChanged
from crawler.practice.pages import Pages
from crawler.practice.register import offices, records
from crawler.practice.site import BUNDLED, read_sites
from normalize import Capture, Teaser, Unusable, normalize
from normalize.charset import decode
from normalize.identity import address
from normalize.words import fold

PINNED = Path(__file__).with_name("scores.json")
FETCHED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Score:
    """Counts over all pages, and what was missed where."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def match(self, url: str, expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
        """Pair each expected item with one that was found and agrees in every key the record states."""
        extra, missing = list(found), []
        for item in sorted(expected, key=len, reverse=True):
            partner = next((one for one in extra if item.items() <= one.items()), None)
            if partner is None:
                missing.append(item)
            else:
                extra.remove(partner)
        self.right += len(expected) - len(missing)
        self.wrong += len(extra)
        self.missed += len(missing)
        if missing or extra:
            self.remarks.append(f"{url}\n    missing {missing}\n    extra {extra}")

    def compare(self, url: str, expected: set[Any], found: set[Any]) -> None:
        self.right += len(expected & found)
        self.wrong += len(found - expected)
        self.missed += len(expected - found)
        if expected != found:
            missing, extra = sorted(map(str, expected - found)), sorted(map(str, found - expected))
            self.remarks.append(f"{url}\n    missing {missing}\n    extra {extra}")


@dataclass(frozen=True)
class Page:
    """One practice page with its address, its bytes, the teaser its list gives, and the record expected of it."""

    url: str
    capture: Capture
    expected: Mapping[str, Any]


@cache
def pages() -> tuple[Page, ...]:
    """Every annotated page of the practice web."""
    register = registry.load(practice=offices())
    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]}))
    found = []
    for site in read_sites([BUNDLED]).values():
        if not site.office:
            continue
        office = register.offices[str(site.office["id"])]
        served = Pages(site)
        family = register.families[office.family]
        spider = loader.load(office.family)()
        teasers: dict[str, Teaser] = {}
        for way in family.list_addresses(office):
            teasers = dict(listed(spider, office, served, way))
            if teasers:
                break
        for record in records(site):
            answer = served.answer(record["url"].removeprefix(site.origin))
            teaser = next((teasers[where] for one in record["addresses"] if (where := address(one)) in teasers), None)
            capture = Capture(
                url=record["url"],
                body=answer.body,
                content_type=answer.content_type,
                fetched=FETCHED,
                office=office,
                teaser=teaser,
            )
            found.append(Page(url=record["url"], capture=capture, expected=record["expected"]))
    return tuple(found)


def listed(spider: Any, office: Any, served: Pages, way: str) -> Iterator[tuple[str, Teaser]]:
    """The teasers of a whole list, page after page, by compared address."""
    url: str | None = way
    for _ in range(30):
        if url is None:
            return
        answer = served.answer(url.removeprefix(served.site.origin))
        if answer.status != 200:
            return
        _, encoding = decode(answer.body, answer.content_type)
        response = HtmlResponse(url, body=answer.body, encoding=encoding, headers=answer.headers, request=Request(url))
        url = None
        try:
            for one in spider.teasers(response, office):
                if isinstance(one, Teaser):
                    yield address(one.url), one
                elif isinstance(one, Further):
                    url = one.url
        except LayoutChanged:
            return


def scores() -> dict[str, Score]:
    register = registry.load(practice=offices())
    knowledge = register.knowledge()
    result: dict[str, Score] = {}

    def compare(name: str, page: Page, expected: set[Any], found: set[Any]) -> None:
        result.setdefault(name, Score()).compare(page.url, expected, found)

    for page in pages():
        expected = page.expected
        try:
            record = normalize(page.capture, knowledge).as_dict()
        except Unusable as unusable:
            result.setdefault("usable", Score()).compare(page.url, {"article"}, {unusable.reason})
            continue
        result.setdefault("usable", Score()).compare(page.url, {"article"}, {"article"})
        for name in ("title", "published", "author", "photo_credit", "kind", "language", "modified"):
            if name in expected or name in ("title", "published"):
                compare(name, page, value(expected.get(name)), value(record[name]))
        texts = list(lines(record["blocks"]))
        if "lines" in expected:
            plates = set(map(spoken, expected.get("plates", {}).get("lines", ())))
            compare(
                "text lines",
                page,
                {spoken(line) for line in expected["lines"]},
                {spoken(line) for line in texts} - plates,
            )
        else:
            edges(page, texts, result.setdefault("text edges", Score()))
        plated = expected.get("plates", {})
        for name, keys in KEYS.items():
            source = SOURCES.get(name, name)
            if source not in expected:
                continue
            keep = KEEP.get(name, always)
            learned, wanted, got = (
                [{key: comparable(item[key]) for key in keys if key in item} for item in some if keep(item)]
                for some in (plated.get(source, ()), expected[source], record[source])
            )
            score = result.setdefault(name, Score())
            score.match(
                page.url,
                wanted,
                [item for item in got if item in wanted or not any(one.items() <= item.items() for one in learned)],
            )
    return result


def comparable(one: Any) -> Any:
    return fold(one) if isinstance(one, str) else float(one) if isinstance(one, int) else one


def lines(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """The text's lines; the rows of one table are one line, as the records write it."""
    for kind, some in itertools.groupby(blocks, key=lambda block: block["kind"]):
        if kind == "table":
            yield " ".join(block["text"] for block in some)
        else:
            yield from (block["text"] for block in some)


def spoken(line: str) -> str:
    """The words of a line: what stands between the cells of a table's row does not count."""
    return " ".join(fold(line).replace("|", " ").split())


def value(one: Any) -> set[Any]:
    return set() if one is None else {fold(str(one))}


def edges(page: Page, texts: list[str], score: Score) -> None:
    whole = fold("\n".join(texts))
    begins, ends = fold(page.expected.get("text_begins", "")), fold(page.expected.get("text_ends", ""))
    if not whole.startswith(begins):
        score.missed += 1
        score.remarks.append(f"{page.url}\n    begins {whole[:80]!r}, not {begins!r}")
    elif not whole.endswith(ends):
        score.missed += 1
        score.remarks.append(f"{page.url}\n    ends {whole[-80:]!r}, not {ends!r}")
    else:
        score.right += 1
    for line in page.expected.get("not_text", ()):
        if fold(line) and any(fold(line) in fold(text) for text in texts):
            score.wrong += 1
            score.remarks.append(f"{page.url}\n    is not text: {line!r}")


def always(_: Any) -> bool:
    return True


KEYS: dict[str, tuple[str, ...]] = {
    "dates": ("role", "start", "end"),
    "event dates": ("start", "end"),
    "deadlines": ("end",),
    "amounts": ("value", "value_to", "currency"),
    "amount roles": ("value", "value_to", "role"),
    "places": ("teryt",),
    "calls": ("event", "opens", "closes", "open_ended"),
    "attachments": ("label", "declared_bytes"),
    "quantities": ("value",),
}
"""The keys of a record's items that are compared, where the record states them."""
SOURCES = {"event dates": "dates", "deadlines": "dates", "amount roles": "amounts"}
KEEP: dict[str, Any] = {
    "event dates": lambda one: one.get("role") == "event",
    "deadlines": lambda one: one.get("role") == "closes",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", nargs="*", metavar="FIELD", help="print the misses (of these fields)")
    parser.add_argument("--pin", action="store_true", help="write the scores that the suite guards")
    options = parser.parse_args()
    result = scores()
    print(f"{len(pages())} pages")
    print(f"{'field':16} {'precision':>9} {'recall':>9} {'F1':>9}   right wrong missed")
    for name, score in sorted(result.items()):
        print(
            f"{name:16} {score.precision:9.3f} {score.recall:9.3f} {score.f1:9.3f}"
            f"   {score.right:5} {score.wrong:5} {score.missed:6}"
        )
        if options.verbose is not None and (not options.verbose or name in options.verbose):
            for remark in score.remarks:
                print("  ", remark)
    if options.pin:
        pinned = {
            name: {"precision": round(score.precision, 4), "recall": round(score.recall, 4), "f1": round(score.f1, 4)}
            for name, score in sorted(result.items())
        }
        PINNED.write_text(json.dumps(pinned, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
