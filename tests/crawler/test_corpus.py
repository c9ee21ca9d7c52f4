"""Plates and clusters: learned from all articles together, the same in whatever order they came."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import corpus
from normalize.model import Amount, Article, Facts, Mention
from tests.crawler.made import Bench, article, contents

PLATE = "Projekt „Lipowo pracuje” jest współfinansowany z Europejskiego Funduszu Społecznego Plus, wartość 900 000 zł."
SITE = "http://lipowo.praca.test/-/"
OWN = [
    (
        "Targi pracy w hali sportowej",
        "W sobotę w hali sportowej spotka się czterdziestu pracodawców i szkoły zawodowe.",
    ),
    ("Zmiana godzin otwarcia", "Od poniedziałku sala obsługi przyjmuje interesantów o godzinę dłużej niż dotychczas."),
    (
        "Kurs spawania dla bezrobotnych",
        "Ośmiu uczestników odebrało uprawnienia, trzech ma już umowę z lokalną stocznią.",
    ),
    (
        "Nowy doradca klienta",
        "Zespół doradców powiększył się o osobę, która pomaga wracać do pracy po opiece nad dzieckiem.",
    ),
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def page(number: int, *, plate: str = PLATE, slug: str | None = None) -> Article:
    title, text = OWN[number]
    amount = Amount(mentions=(Mention(raw="900 000 zł", block=1),), method="number", grosze=90_000_000)
    return article(SITE + (slug or str(number)), text, plate, title=title, facts=Facts(amounts=(amount,)))


def test_a_block_in_three_different_articles_is_a_plate_and_leaves_text_facts_and_search(bench: Bench) -> None:
    for number in range(3):
        bench.save(page(number))
    assert bench.rows("SELECT count(*) FROM amounts") == [(3,)]
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM articles WHERE text LIKE '%Lipowo pracuje%'") == [(0,)]
    assert bench.rows("SELECT count(*) FROM revisions WHERE text LIKE '%Lipowo pracuje%'") == [(0,)]
    assert bench.rows("SELECT count(*) FROM amounts") == [(0,)]
    assert bench.rows("SELECT count(*) FROM blocks WHERE plate") == [(3,)]
    assert bench.rows("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'pracuje'") == [(0,)]
    assert bench.rows("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'hali'") == [(1,)]


def test_two_articles_teach_nothing(bench: Bench) -> None:
    for number in range(2):
        bench.save(page(number))
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM plates") == [(0,)]


def test_three_editions_of_one_yearly_call_teach_nothing(bench: Bench) -> None:
    condition = (
        "O dofinansowanie może się ubiegać pracodawca, który zatrudnia co najmniej jedną osobę na umowę o pracę."
    )
    for year in (2022, 2023, 2024):
        bench.save(
            article(
                f"{SITE}kfs-{year}",
                f"Urząd ogłasza nabór wniosków od 3 do 14 lutego {year} r.",
                condition,
                title=f"Nabór wniosków KFS {year}",
            )
        )
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM plates") == [(0,)]


def test_a_short_block_is_never_a_plate(bench: Bench) -> None:
    for number in range(3):
        bench.save(page(number, plate="Zapraszamy do kontaktu z urzędem!"))
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM plates") == [(0,)]


def test_another_office_does_not_learn_from_this_one(bench: Bench) -> None:
    bench.save(page(0))
    bench.save(page(1))
    bench.save(article("http://lipowo.test/wpis/", OWN[2][1], PLATE, title=OWN[2][0]), office="marszalek-lipowo")
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM plates") == [(0,)]


def test_a_known_plate_is_left_out_of_the_next_article_at_once(bench: Bench) -> None:
    for number in range(3):
        bench.save(page(number))
    bench.store.catch_up(bench.archive)
    bench.save(page(3))
    assert bench.rows("SELECT count(*) FROM articles WHERE text LIKE '%Lipowo pracuje%'") == [(0,)]


def test_a_revision_in_which_only_a_plate_came_is_none(bench: Bench) -> None:
    title, text = OWN[3]
    bench.save(article(SITE + "3", text, title=title), body="a")
    assert bench.save(page(3), body="b") == "changed"
    for number in range(3):
        bench.save(page(number))
    bench.store.catch_up(bench.archive)
    assert bench.rows(
        "SELECT count(*) FROM revisions r JOIN articles a ON a.id = r.article WHERE a.url LIKE '%/3'"
    ) == [(1,)]
    assert bench.rows("SELECT new, changed, same FROM office_runs") == [(4, 0, 1)]


RELEASE = (
    "Zarząd województwa rozdzielił pieniądze na staże i szkolenia: do powiatowych urzędów pracy trafi 12 500 000 zł. "
    "Najwięcej dostanie Lipowo, bo tam bezrobocie wzrosło w ubiegłym roku najbardziej, o dwa punkty procentowe."
)


def test_the_same_release_at_two_offices_is_a_cluster_with_who_was_first(bench: Bench) -> None:
    bench.save(article(SITE + "staze", RELEASE, title="Pieniądze na staże", published="2026-02-20"))
    bench.save(
        article(
            "http://lipowo.test/wpis/", RELEASE + " Więcej w urzędach.", title="12,5 mln zł", published="2026-02-18"
        ),
        office="marszalek-lipowo",
    )
    bench.save(article(SITE + "inne", OWN[0][1], title=OWN[0][0]))
    bench.store.catch_up(bench.archive)
    ((cluster, first, size),) = bench.rows("SELECT id, first_article, size FROM clusters")
    assert size == 2
    assert bench.rows("SELECT office FROM articles WHERE id = ?", first) == [("marszalek-lipowo",)]
    assert cluster == min(row[0] for row in bench.rows("SELECT id FROM articles WHERE cluster IS NOT NULL"))


def test_next_years_edition_and_a_quotation_are_no_copies(bench: Bench) -> None:
    bench.save(article(SITE + "2025", RELEASE.replace("ubiegłym roku", "roku 2024"), title="Pieniądze 2025"))
    bench.save(article(SITE + "2026", RELEASE.replace("ubiegłym roku", "roku 2025"), title="Pieniądze 2026"))
    quoting = " ".join(text for _, text in OWN) + " „Bezrobocie wzrosło w ubiegłym roku najbardziej, o dwa punkty”."
    bench.save(article(SITE + "cytat", quoting, title="Podsumowanie"))
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM clusters") == [(0,)]


def test_a_copy_that_is_rewritten_leaves_its_cluster(bench: Bench) -> None:
    bench.save(article(SITE + "a", RELEASE), body="1")
    bench.save(article(SITE + "b", RELEASE), body="2")
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM clusters") == [(1,)]
    bench.save(article(SITE + "b", OWN[1][1] + " " + OWN[2][1]), body="3")
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT count(*) FROM clusters") == [(0,)]
    assert bench.rows("SELECT count(*) FROM articles WHERE cluster IS NOT NULL") == [(0,)]


def test_plates_and_clusters_are_the_same_in_every_order_and_with_pauses_to_learn(bench: Bench, tmp_path: Path) -> None:
    pages = [page(n) for n in range(4)]
    pages += [
        article(SITE + "a", RELEASE, PLATE, title="Pieniądze"),
        article(SITE + "b", RELEASE, title="Pieniądze na staże"),
    ]
    captures = []
    for one in pages:
        bench.clock.forward(minutes=1)
        captures.append((bench.visit(one.url, one.text).capture, one))
    orders = list(itertools.permutations(captures))
    random.Random(3).shuffle(orders)
    seen = []
    for number, order in enumerate(orders[:6]):
        bench.reopen(f"news-{number}.db")
        for place, (capture, one) in enumerate(order):
            bench.understand(capture, one)
            if place % (number + 1) == number:
                bench.store.catch_up(bench.archive)
        bench.store.catch_up(bench.archive)
        seen.append(contents(bench.store))
    assert seen[0]["plates"]
    assert seen[0]["clusters"]
    assert all(one == seen[0] for one in seen)


def test_articles_that_share_all_they_say_are_near_duplicates() -> None:
    one = corpus.shown("Tytuł pierwszy", [("h", "wspólny blok")], frozenset("h"))
    other = corpus.shown("Zupełnie inna nazwa", [("h", "wspólny blok")], frozenset("h"))
    assert corpus.near_duplicates(one, other)
