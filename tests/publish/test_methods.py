"""Every way in which a value is found has Polish words."""

from __future__ import annotations

import pytest

from crawler import registry
from crawler.practice.register import offices
from crawler.publish.pages import methods
from normalize import normalize
from tests.evaluation import pages

FACTS = ("dates", "amounts", "places", "calls", "programmes", "organisations", "quantities")
SHOWN = ("/title", "/published", "/author")


def test_all_methods_of_the_practice_web_are_known() -> None:
    knowledge = registry.load(practice=offices()).knowledge()
    met = set()
    for page in pages():
        article = normalize(page.capture, knowledge)
        met |= {fact.method for name in FACTS for fact in getattr(article.facts, name)}
        met |= {article.evidence[name].method for name in SHOWN if name in article.evidence}
    assert len(met) > 30
    assert sorted(method for method in met if not methods.known(method)) == []
    assert all(methods.told(method) for method in met)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("printed", "zapisana w tekście"),
        ("number and currency; pool: pula", "liczba z walutą; rodzaj (pula) po słowach obok"),
        ("family selector: div.data", "stałe miejsce strony"),
        ("json-ld datePublished", "dane strony dla wyszukiwarek (JSON-LD)"),
        ("list page date", "lista aktualności urzędu"),
        ("list teaser", "lista aktualności urzędu"),
        ("correction; byline", "poprawione ręcznie; podpis pod artykułem"),
        ("acronym: KFS", "skrótowiec ze słownika (KFS)"),
        ("announcement; dates in an attachment", "ogłoszenie naboru bez dat; terminy są w załączniku"),
        ("something new", "something new"),
        (None, ""),
    ],
)
def test_a_method_is_told_part_by_part(method: str | None, words: str) -> None:
    assert methods.told(method) == words


@pytest.mark.parametrize(
    "method",
    [
        *("json-ld", "opengraph", "list teaser", "html title", "family selector", "slug", "heading"),
        *("line above the text", "byline", "initials on the last line", "json-ld author", "family selector: p.autor"),
    ],
)
def test_titles_and_authors_are_told_in_polish_and_not_looked_for_in_the_text(method: str) -> None:
    assert methods.known(method)
    assert methods.outside(method)
    assert methods.outside(f"correction; {method}")
