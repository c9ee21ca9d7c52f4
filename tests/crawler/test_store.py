"""news.db: new, changed or same; joined, aliased, and the same in whatever order it was understood."""

from __future__ import annotations

import itertools
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler import migrations, store
from crawler.projection import Projection
from crawler.verifying import damage
from crawler.visits import Visit
from normalize.model import Amount, Article, Call, Evidence, Facts, Mention, Organisation, Programme
from tests.crawler.made import Bench, article, contents

ONE = "http://lipowo.praca.test/-/staze"
TWO = "http://lipowo.praca.test/rynek-pracy/aktualnosci/-/asset_publisher/abc/content/staze-2026"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_a_first_sight_is_new_and_an_equal_one_the_same(bench: Bench) -> None:
    assert bench.save(article(ONE, "Urząd ogłasza nabór."), body="a") == "new"
    assert bench.save(article(ONE, "Urząd  ogłasza NABÓR."), body="b") == "same"
    assert bench.rows("SELECT count(*) FROM revisions") == [(1,)]


def test_a_changed_text_is_a_further_revision_with_typed_changes(bench: Bench) -> None:
    early = Facts(calls=(call(closes="2026-03-10"),))
    late = Facts(calls=(call(closes="2026-03-20"),))
    bench.save(article(ONE, "Wnioski do 10 marca.", facts=early), body="a")
    assert bench.save(article(ONE, "Wnioski do 20 marca.", facts=late), body="b") == "changed"
    (changes,) = bench.rows("SELECT changes FROM revisions ORDER BY seen DESC LIMIT 1")[0]
    assert [change["type"] for change in json.loads(changes)] == ["text", "deadline_extended"]
    assert bench.rows("SELECT changed = (SELECT max(seen) FROM revisions) FROM articles") == [(1,)]


def test_a_page_that_is_no_article_overwrites_nothing(bench: Bench) -> None:
    bench.save(article(ONE, "Urząd ogłasza nabór."), body="a")
    assert bench.save(None, url=ONE, body="b") == "dropped"
    assert bench.rows("SELECT text FROM articles") == [("Urząd ogłasza nabór.",)]


def test_a_common_key_joins_two_addresses_to_one_article(bench: Bench) -> None:
    bench.save(article(ONE, "Urząd ogłasza nabór.", further_keys=("praca.test|entry:77",)))
    assert bench.save(article(TWO, "Urząd ogłasza nabór.", further_keys=("praca.test|entry:77",))) == "same"
    assert bench.rows("SELECT count(*) FROM articles") == [(1,)]
    assert len(bench.rows("SELECT * FROM addresses")) == 2


def test_a_third_address_can_join_two_articles_and_the_lost_id_stays_as_an_alias(bench: Bench) -> None:
    bench.save(article(ONE, "Pierwszy adres.", further_keys=("k|1",)))
    bench.save(article(TWO, "Drugi adres.", further_keys=("k|2",)))
    ids = {row[0] for row in bench.rows("SELECT id FROM articles")}
    bench.save(article(ONE + "-3", "Trzeci adres.", further_keys=("k|1", "k|2")))
    ((winner,),) = bench.rows("SELECT id FROM articles")
    assert winner in ids
    assert {row[0] for row in bench.rows("SELECT id FROM aliases")} > ids - {winner}


def test_every_order_of_understanding_gives_the_same_rows(bench: Bench, tmp_path: Path) -> None:
    pages = [
        article(ONE, "Urząd ogłasza nabór.", further_keys=("k|1",), facts=FACTS),
        article(TWO, "Drugi adres tego samego naboru.", further_keys=("k|2",)),
        article(ONE, "Urząd ogłasza nabór ponownie.", further_keys=("k|1",)),
        article(ONE + "-bis", "Łączy oba.", further_keys=("k|1", "k|2")),
        article("http://lipowo.praca.test/-/inny", "Zupełnie inny.", facts=FACTS),
    ]
    captures = []
    for page in pages:
        bench.clock.forward(minutes=1)
        captures.append((bench.visit(page.url, page.text).capture, page))
    bench.sight(ONE, TWO)
    seen = []
    orders = list(itertools.permutations(captures))
    random.Random(7).shuffle(orders)
    for number, order in enumerate(orders[:12]):
        bench.reopen(f"news-{number}.db")
        for capture, page in order:
            bench.understand(capture, page)
        bench.store.catch_up(bench.archive)
        seen.append(contents(bench.store))
    assert all(one == seen[0] for one in seen)
    assert len(seen[0]["articles"]) == 2


def backwards(bench: Bench, captures: Sequence[tuple[int, Article]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every table made anew, the last page first."""
    bench.reopen("backwards.db")
    for capture, page in reversed(captures):
        bench.understand(capture, page)
    bench.store.catch_up(bench.archive)
    return contents(bench.store)


def test_a_further_save_reads_none_of_the_captures_before_the_last(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    texts = [
        "Urząd ogłasza nabór.",
        "Urząd  ogłasza nabór.",
        "Urząd ogłasza drugi nabór.",
        "Urząd ogłasza drugi nabór.",
    ]
    captures = []
    for number, text in enumerate(texts):
        bench.clock.forward(minutes=1)
        captures.append((bench.visit(ONE, f"{text}{number}").capture, article(ONE, text, facts=FACTS)))

    def read(capture: int) -> None:
        raise AssertionError(f"capture {capture} was read again")

    with monkeypatch.context() as patched:
        patched.setattr(bench.archive, "noted", read)
        assert [bench.understand(capture, page) for capture, page in captures] == ["new", "same", "changed", "same"]
    bench.store.catch_up(bench.archive)
    assert contents(bench.store) == backwards(bench, captures)


HOW = "SELECT title_raw, title_method, title_sure, author_raw, author_method, author_sure FROM articles"
SIGNED = {
    "/title": Evidence(raw="Nabór wniosków na staże", method="list teaser"),
    "/author": Evidence(raw="Opr. Jan Lis", method="byline", sure="medium"),
}


def test_how_title_and_author_were_found_stands_beside_them(bench: Bench) -> None:
    bench.save(article(ONE, "Urząd ogłasza nabór.", author="Jan Lis", evidence=SIGNED))
    assert bench.rows(HOW) == [(None, "list teaser", "high", "Opr. Jan Lis", "byline", "medium")]


def test_the_words_of_a_title_are_kept_where_they_are_not_the_title_itself(bench: Bench) -> None:
    whole = "Nabór wniosków na staże - PUP Lipowo"
    headed = {"/title": Evidence(raw=whole, method="html title", sure="medium")}
    bench.save(article(ONE, "Urząd ogłasza nabór.", evidence=headed))
    assert bench.rows(HOW) == [(whole, "html title", "medium", None, None, None)]


def test_a_value_found_in_another_way_is_no_revision_and_equals_a_rebuild(bench: Bench, tmp_path: Path) -> None:
    otherwise = {
        "/title": Evidence(raw="NABÓR WNIOSKÓW NA STAŻE", method="heading", sure="medium"),
        "/author": Evidence(raw="Jan Lis", method="json-ld author", sure="medium"),
    }
    pages = [
        article(ONE, "Urząd ogłasza nabór.", author="Jan Lis", evidence=SIGNED),
        article(ONE, "Urząd ogłasza  nabór.", author="Jan Lis", evidence=otherwise),
    ]
    captures = []
    for page in pages:
        bench.clock.forward(minutes=1)
        captures.append((bench.visit(page.url, page.text).capture, page))
    assert [bench.understand(capture, page) for capture, page in captures] == ["new", "same"]
    bench.store.catch_up(bench.archive)
    assert bench.rows(HOW) == [("NABÓR WNIOSKÓW NA STAŻE", "heading", "medium", "Jan Lis", "json-ld author", "medium")]
    assert bench.rows("SELECT count(*) FROM revisions") == [(1,)]
    assert contents(bench.store) == backwards(bench, captures)


def test_a_database_from_before_is_understood_anew_and_has_it_then(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = ("title_raw", "title_method", "title_sure", "author_raw", "author_method", "author_sure")
    pages = {url: article(url, "Urząd ogłasza nabór.", author="Jan Lis", evidence=SIGNED) for url in (ONE, TWO)}
    with monkeypatch.context() as earlier:
        steps, project = migrations._steps, store.project

        def without(*given: Any, **how: Any) -> Projection:
            made = project(*given, **how)
            return replace(made, article={name: v for name, v in made.article.items() if name not in columns})

        def before(name: str) -> Any:
            known = steps(name)
            known._migrations = [step for step in known._migrations if step.name < "news_0021"]
            return known

        earlier.setattr(migrations, "_steps", before)
        earlier.setattr(store, "project", without)
        bench.reopen("old.db")
        captures = {url: bench.visit(url, page.text).capture for url, page in pages.items()}
        for url, page in pages.items():
            bench.understand(captures[url], page)
        bench.store.catch_up(bench.archive)
        was = bench.rows("SELECT * FROM articles ORDER BY id")
    bench.reopen("old.db")
    assert bench.rows("SELECT * FROM articles ORDER BY id") == [(*row, *[None] * 6) for row in was]
    assert damage(tmp_path / "old.db", "news") == []
    assert bench.store.to_do(bench.archive) == ([], True)
    told = (None, "list teaser", "high", "Opr. Jan Lis", "byline", "medium")
    bench.reopen("new.db")
    for url, page in pages.items():
        bench.understand(captures[url], page)
    assert bench.rows(HOW) == [told, told]


def test_catching_up_moves_last_seen_and_makes_the_account(bench: Bench) -> None:
    bench.sight(ONE)
    bench.save(article(ONE, "Urząd ogłasza nabór."))
    bench.store.catch_up(bench.archive)
    ((before,),) = bench.rows("SELECT last_seen FROM articles")
    bench.clock.forward(days=1)
    bench.run = bench.archive.begin_run("a day later")
    bench.sight(ONE)
    bench.archive.note(
        bench.run, Visit(office="pup-lipowo", purpose="article", url=ONE, outcome="unchanged", status=304)
    )
    bench.archive.note(bench.run, Visit(office="pup-lipowo", purpose="article", url=ONE + "-x", outcome="timeout"))
    bench.store.catch_up(bench.archive)
    ((after,),) = bench.rows("SELECT last_seen FROM articles")
    assert after > before
    (row,) = bench.store.office_runs(bench.run)
    assert (row["pages"], row["teasers"], row["new"], row["same"], row["failed"]) == (1, 1, 0, 1, 1)
    assert row["outcome"] == "well"


def test_an_office_without_teasers_has_failed(bench: Bench) -> None:
    visit = Visit(office="pup-lipowo", purpose="list", url=ONE, outcome="layout_changed", detail="brak listy")
    bench.archive.note(bench.run, visit)
    bench.store.catch_up(bench.archive)
    (row,) = bench.store.office_runs(bench.run)
    assert (row["outcome"], row["detail"]) == ("failed", "layout_changed: brak listy")


def test_names_that_no_article_uses_any_more_are_forgotten(bench: Bench) -> None:
    bench.save(article(ONE, "Z faktami.", facts=FACTS), body="a")
    assert bench.rows("SELECT count(*) FROM organisations") == [(1,)]
    bench.save(article(ONE, "Bez faktów."), body="b")
    assert bench.rows("SELECT count(*) FROM organisations") == [(0,)]
    assert bench.rows("SELECT count(*) FROM programmes") == [(0,)]
    assert bench.rows("SELECT count(*) FROM calls") == [(0,)]


def test_the_search_index_follows_the_text(bench: Bench) -> None:
    bench.save(article(ONE, "Łódzkie warsztaty."), body="a")
    bench.save(article(ONE, "Kieleckie targi."), body="b")
    found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert bench.rows(found, "warsztaty") == [(0,)]
    assert bench.rows(found, "targi") == [(1,)]
    bench.rows("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def test_a_word_with_l_with_stroke_is_found_without_it(bench: Bench) -> None:
    bench.save(article(ONE, "Zgłoszenia w Łodzi."))
    assert bench.rows("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'lodzi'") == [(1,)]


def call(closes: str) -> Call:
    return Call(mentions=(Mention(raw="nabór", block=0),), method="verb", closes=closes)


FACTS = Facts(
    amounts=(Amount(mentions=(Mention(raw="10 zł", block=0),), method="number", grosze=1000),),
    calls=(call("2026-03-10"),),
    programmes=(Programme(mentions=(Mention(raw="KFS", block=0),), method="list", id="kfs", name="KFS"),),
    organisations=(Organisation(mentions=(Mention(raw="CIS", block=0),), method="list", name="CIS", kind="cis"),),
)


def test_rows_that_tell_of_visits_an_older_archive_lacks_are_to_be_made_anew(bench: Bench, tmp_path: Path) -> None:
    """As a restore leaves them that is killed between the archive's place and that of news.db."""
    bench.save(article(ONE, "Urząd ogłasza nabór."))
    bench.store.catch_up(bench.archive)
    bench.close()
    shutil.copy(tmp_path / "archive.db", tmp_path / "older.db")
    bench.open()
    for _ in range(3):  # which bring no capture
        bench.clock.forward(hours=5)
        bench.archive.note(bench.run, Visit(office="pup-lipowo", purpose="article", url=ONE, outcome="timeout"))
    bench.store.catch_up(bench.archive)
    assert bench.store.to_do(bench.archive) == ([], False)
    bench.close()
    (tmp_path / "older.db").replace(tmp_path / "archive.db")
    bench.open()
    assert bench.store.to_do(bench.archive) == ([], True)
