"""What is asked of a desk of very many articles: searches of every sort, and the addresses of its pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from datasette.utils import tilde_encode

from crawler.publish import METADATA
from tests.benchmarks.million import DAY

DEMANDING = {
    "dzien": DAY.isoformat(), "od": "2012-01-01", "wojewodztwo": "14", "rok": "2025", "lata": "60", "dni": "366",
    "slowo": "urząd", "drugie": "osoba", "program": "fundusz", "urzad": "Warszaw", "od_kwoty": "1", "waluta": "PLN",
    "rodzaj_kwoty": "pool", "rodzaj": "call", "nazwa": "urząd",
}  # fmt: skip
"""What makes each of the ready questions look at as much as it can."""


@dataclass(frozen=True, kw_only=True)
class Search:
    sort: str
    typed: str
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return "/news/articles?" + urlencode({"_search": self.typed, **self.filters})


SEARCHES = [
    *(
        Search(sort="rare word", typed=typed)
        for typed in ("najkompletniejszych", "niepoświęceniach", "spawacz", "sekretariat")
    ),
    *(Search(sort="number or name", typed=typed) for typed in ("1999", "Dąała", "16.09", "doradczo-szkoleniowe")),
    *(Search(sort="medium word", typed=typed) for typed in ("marzec", "laureat", "stypendium", "fundusz")),
    *(Search(sort="very common word", typed=typed) for typed in ("praca", "urząd", "osoba", "nabór", "wniosek")),
    *(Search(sort="inflected", typed=typed) for typed in ("bezrobotnych", "pracodawcami", "szkoleniach", "wnioskow")),
    *(Search(sort="two common words", typed=typed) for typed in ("urząd pracy", "nabór wniosków", "osoba praca")),
    *(Search(sort="common and rare", typed=typed) for typed in ("praca najkompletniejszych", "urząd spawacz")),
    Search(sort="five words", typed="nabór wniosków szkolenia pracowników urząd"),
    *(Search(sort="phrase", typed=typed) for typed in ('"rynku pracy"', '"osób bezrobotnych"', '"urząd pracy"')),
    *(Search(sort="prefix", typed=typed) for typed in ("spawa*", "szkol*", "prac*", "pr*", "na* pr*", "xy*")),
    *(Search(sort="minus", typed=typed) for typed in ("praca -urząd", "nabór -szkolenie -staż", "fundusz -pr*")),
    Search(sort="with a facet", typed="praca", filters={"voivodeship": "26"}),
    Search(sort="with a facet", typed="praca", filters={"kind": "tender", "year": "2014"}),
    Search(sort="with a facet", typed="nabór", filters={"office_kind": "rops"}),
    Search(sort="with a facet", typed="spawacz", filters={"kind": "call"}),
    Search(sort="with a facet", typed="pr*", filters={"office_kind": "rops"}),
    Search(sort="with an office", typed="urząd", filters={"office": "marshal-kujawskopomorskie"}),
    Search(sort="with a topic", typed="spawacz", filters={"_temat": "staze"}),
    Search(sort="with a topic", typed="praca", filters={"_temat": "edukacja"}),
    Search(sort="with a programme", typed="osoba", filters={"_program": "fami"}),
    Search(sort="with a wide place", typed="spawacz", filters={"_miejsce": "24"}),
    Search(sort="with a wide place", typed="praca", filters={"_miejsce": "14"}),
    Search(sort="with a powiat", typed="nabór", filters={"_miejsce": "2604"}),
    Search(sort="with both", typed="urząd pracy", filters={"_temat": "staze", "_miejsce": "24"}),
    Search(sort="by date", typed="praca", filters={"_sort_desc": "published"}),
    Search(sort="by date", typed="urząd", filters={"published__lte": "2016-12-31", "_sort_desc": "published"}),
]


def pages(connection: sqlite3.Connection | Any) -> Iterator[tuple[str, str]]:
    """(what it is, address) of the pages beside searches, in this database."""

    def one(sql: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] = connection.execute(sql).fetchone()
        return row

    def cursor(published: str | None, id: str) -> str:
        return f"{'$null' if published is None else tilde_encode(published)},{id}"

    (count,) = one("SELECT count(*) FROM articles")
    newest = "SELECT published, id FROM articles ORDER BY published DESC, id LIMIT 1 OFFSET"
    yield "front page", f"/?dzien={DAY}"
    yield "articles", "/news/articles"
    yield "articles, in the middle", f"/news/articles?_next={cursor(*one(f'{newest} {count // 2}'))}"
    yield "articles, last page", f"/news/articles?_next={cursor(*one(f'{newest} {count - 20}'))}"
    yield "articles of a voivodeship", "/news/articles?voivodeship=26"
    yield "articles of a voivodeship, kind and year", "/news/articles?voivodeship=26&kind=tender&year=2014"
    yield "articles since a day", "/news/articles?published__gte=2025-06-01"
    yield "articles by title", "/news/articles?_sort=title"
    yield "calls", "/news/calls"
    yield "amounts", "/news/amounts"
    yield "dates", "/news/dates"
    yield "places of articles", "/news/article_places"
    yield "offices", "/news/offices"
    yield "articles as JSON", "/news/articles.json?_size=100"
    yield "articles as CSV", "/news/articles.csv?_size=100"
    yield "articles as a feed", "/news/articles.atom?voivodeship=26"
    changed = one("SELECT article FROM revisions ORDER BY seen DESC, id LIMIT 1")[0]
    yield "article with revisions", f"/news/articles/{changed}"
    yield "call", f"/news/calls/{one('SELECT id FROM calls ORDER BY closes DESC LIMIT 1')[0]}"
    largest = "SELECT {0} FROM {1} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    yield "largest office", f"/news/offices/{one(largest.format('office', 'articles'))[0]}"
    yield "largest programme", f"/news/programmes/{one(largest.format('programme', 'article_programmes'))[0]}"
    yield "largest place", f"/news/places/{one(largest.format('teryt', 'article_places'))[0]}"


def whole_desk(connection: sqlite3.Connection | Any) -> Iterator[tuple[str, str]]:
    """(what it is, address) of everything else that a stranger may open: it is to be answered within the limits."""

    def one(sql: str) -> str:
        return str(connection.execute(sql).fetchone()[0])

    told = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["news"]
    for name, question in told["queries"].items():
        plain = dict.fromkeys(question["params"], "")
        yield f"question {name}", f"/news/{name}?{urlencode(plain)}"
        for param in question["params"]:
            if param in DEMANDING:
                yield f"  with {param}", f"/news/{name}?{urlencode({**plain, param: DEMANDING[param]})}"
        if len(plain) > 1:
            most = {param: DEMANDING.get(param, "") for param in plain}
            yield "  with everything", f"/news/{name}?{urlencode(most)}"
    office = one("SELECT office FROM office_counts ORDER BY articles DESC LIMIT 1")
    programme = one("SELECT id FROM _mentions WHERE what = 'programme' ORDER BY articles DESC LIMIT 1")
    place = one("SELECT teryt FROM article_places GROUP BY teryt ORDER BY count(*) DESC, teryt LIMIT 1")
    copied = one("SELECT id FROM articles WHERE cluster IS NOT NULL ORDER BY published DESC, id LIMIT 1")
    for what, address in (
        ("largest office", f"offices/{office}"), ("largest voivodeship", "places/14"),
        ("largest place", f"places/{place}"),
        ("largest programme", f"programmes/{programme}"), ("copied article", f"articles/{copied}"),
        ("calls of an office", f"calls?office={office}"), ("articles of an office", f"articles?office={office}"),
        ("articles that name a place", f"article_places?teryt={place}"),
        ("large amounts", "amounts?grosze__gt=100000000"),
        ("articles by title", "articles?_sort=title"), ("articles found last", "articles?_sort_desc=first_seen"),
        ("articles changed last", "articles?_sort_desc=changed"), ("articles gone last", "articles?_sort_desc=gone"),
        ("articles since a day", "articles?published__gte=2025-01-01"),
        ("articles until a day", "articles?published__lte=2020-01-01"),
        ("articles that are gone", "articles?gone__notblank=1"), ("a word in titles", "articles?title__contains=praca"),
        ("a rare word in titles", "articles?title__contains=najkompletniejszych"),
        ("a rare word in texts", "articles?text__contains=najkompletniejszych"),
        ("articles of a topic", "articles?_temat=staze"), ("articles of a wide place", "articles?_miejsce=14"),
        ("articles of both", "articles?_temat=staze&_miejsce=14"),
        ("two words as a feed", "articles.atom?_search=urz%C4%85d+pracy"),
    ):  # fmt: skip
        yield what, f"/news/{address}"
    day = urlencode({"dzien": DAY.isoformat(), "wojewodztwo": "14"})
    for path, query in (
        ("articles", ""), ("articles", "voivodeship=14"), ("articles", "kind=call"), ("articles", "_search=praca"),
        ("calls", ""), ("dates", ""), ("amounts", ""), ("otwarte_nabory", day),
        ("nowosci_w_wojewodztwie", "wojewodztwo=14&od="),
    ):  # fmt: skip
        for ending in ("atom", "jsonfeed", "ics", "json", "csv"):
            yield f"{path} as {ending}", f"/news/{path}.{ending}?{query}".rstrip("?")
    yield "database", "/news"
    for name, table in told["tables"].items():
        if table.get("allow") is not False and not table.get("hidden"):
            yield f"table {name}", f"/news/{name}"
