"""What was taken down at someone's request is nowhere, whatever is crawled, rebuilt or restored afterwards."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec
import pysqlite3
import pytest
from click.testing import Result

from crawler import suppression, takedown
from crawler.bodies import zstd
from crawler.database import DatabaseProblem
from crawler.holes import hole
from crawler.redaction import REDACTED, is_pesel, without_pesel
from crawler.run import Run
from crawler.store import Store
from crawler.suppression import Kind, Suppressions
from crawler.visits import Visit
from normalize.model import Amount, Evidence, Facts, Mention
from tests.crawler.made import Bench, article, contents

SECRET = "http://lipowo.praca.test/-/lista-laureatow"
MOVED = "http://lipowo.praca.test/rynek-pracy/aktualnosci/-/asset_publisher/abc/content/lista-laureatow-2026"
OTHER = "http://lipowo.praca.test/-/staze"
WORDS = "Nagrodę odebrała Żaneta Wróblińska z Lipowa."


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def pages(bench: Bench) -> None:
    bench.sight(SECRET, OTHER)
    prize = Facts(amounts=(Amount(mentions=(Mention(raw="77 zł", block=0),), method="number", grosze=7700),))
    bench.save(article(SECRET, WORDS, title="Laureaci", further_keys=("k|1",), facts=prize), body=WORDS)
    bench.save(article(SECRET, WORDS, "Gratulujemy!", title="Laureaci", further_keys=("k|1",)), body=WORDS + "2")
    bench.save(article(OTHER, "Urząd ogłasza nabór."))
    bench.store.catch_up(bench.archive)


def suppress(bench: Bench, kind: Kind, value: str, *, purge: bool = False) -> takedown.TakenDown:
    bench.clock.forward(hours=1)
    bench.close()
    done = takedown.take_down(bench.folder, bench.register, kind, value, purge=purge, clock=bench.clock)
    bench.open()
    return done


def rebuilt(bench: Bench) -> dict[str, list[tuple[object, ...]]]:
    """Every table made anew from the archive, in the archive's order; pages are recognised by their bodies."""
    known = {capture: bench.archive.held(capture) for capture in bench.archive.article_offices()}
    fresh = Store.open(bench.folder / "fresh" / "news.db", bench.register)
    fresh.close()
    if (bench.folder / "suppressed.db").exists():
        shutil.copy(bench.folder / "suppressed.db", bench.folder / "fresh" / "suppressed.db")
    (bench.folder / "fresh" / "news.db").unlink()
    fresh = Store.open(bench.folder / "fresh" / "news.db", bench.register)
    try:
        for capture, held in known.items():
            left = hole(bench.archive.connection, capture)
            fresh.save(held, "article", left or RECORDS[capture], archive=bench.archive)
        fresh.catch_up(bench.archive)
        return contents(fresh)
    finally:
        fresh.close()


RECORDS: dict[int, bytes] = {}


@pytest.fixture(autouse=True)
def _records(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember what each capture was understood as, so that a rebuild can be told the same."""
    RECORDS.clear()
    save = Store.save

    def remembering(self, held, outcome, record, detail=None, *, archive):  # type: ignore[no-untyped-def]
        if record is not None:
            RECORDS.setdefault(held.id, record)
        return save(self, held, outcome, record, detail, archive=archive)

    monkeypatch.setattr(Store, "save", remembering)


def bytes_of(folder: Path, name: str = "news.db") -> bytes:
    connection = pysqlite3.connect(str(folder / name))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("address", SECRET),
        ("address", SECRET.replace("http://", "https://www.") + "/?utm_source=x"),
        ("phrase", "żaneta  wróblińska"),
        ("phrase", "lista laureatów"),
    ],
)
def test_what_is_taken_down_leaves_no_byte_in_the_database(bench: Bench, kind: Kind, value: str) -> None:
    pages(bench)
    before = takedown.leaks(bench.folder / "news.db", Suppressions())
    assert before == []
    done = suppress(bench, kind, value)
    assert len(done.articles) == 1
    assert bench.rows("SELECT url FROM articles") == [(OTHER,)]
    held = bytes_of(bench.folder)
    for trace in ("Wróblińska", "wroblinska", "Laureaci", "laureat"):
        assert trace.encode() not in held
    assert takedown.leaks(bench.folder / "news.db", Suppressions.beside(bench.folder / "news.db")) == []


def test_a_crawl_that_brings_it_again_does_not_bring_it_back(bench: Bench) -> None:
    pages(bench)
    suppress(bench, "address", SECRET)
    before = contents(bench.store)
    assert bench.save(article(SECRET, WORDS, "Nowy akapit.", further_keys=("k|1",)), body="c") == "dropped"
    assert bench.save(article(MOVED, WORDS, further_keys=("k|1",)), body="d") == "dropped"
    bench.store.catch_up(bench.archive)
    for table in ("articles", "revisions", "blocks", "amounts", "addresses", "taken_down"):
        assert contents(bench.store)[table] == before[table], table


def test_every_order_and_a_rebuild_give_the_same_rows(bench: Bench, tmp_path: Path) -> None:
    pages(bench)
    bench.save(article(MOVED, WORDS, title="Laureaci", further_keys=("k|1",)), body="m")
    suppress(bench, "address", MOVED)
    bench.save(article(SECRET, WORDS, "Trzeci raz.", further_keys=("k|1",)), body="c")
    bench.store.catch_up(bench.archive)
    now = contents(bench.store)
    assert rebuilt(bench) == now
    captures = list(bench.archive.article_offices())
    for number, order in enumerate(list(itertools.permutations(captures))[::17]):
        folder = tmp_path / f"order-{number}"
        folder.mkdir()
        shutil.copy(bench.folder / "suppressed.db", folder / "suppressed.db")
        with Store.open(folder / "news.db", bench.register) as store:
            for capture in order:
                store.save(bench.archive.held(capture), "article", RECORDS[capture], archive=bench.archive)
            store.catch_up(bench.archive)
            assert contents(store) == now


def test_only_the_captures_that_say_the_phrase_are_hidden(bench: Bench) -> None:
    bench.save(article(SECRET, WORDS, title="Laureaci"), body="a")
    bench.save(article(SECRET, "Nagrodę odebrała laureatka z Lipowa.", title="Laureaci"), body="b")
    bench.store.catch_up(bench.archive)
    suppress(bench, "phrase", "Wróblińska")
    assert bench.rows("SELECT text, changes FROM revisions") == [("Nagrodę odebrała laureatka z Lipowa.", "[]")]
    assert bench.rows("SELECT * FROM taken_down") == []
    assert rebuilt(bench) == contents(bench.store)


def test_a_phrase_that_stands_only_in_the_words_of_a_value_hides_them(bench: Bench) -> None:
    signed = {"/author": Evidence(raw="Opr. Jan Lis, sekretariat Żanety Wróblińskiej", method="byline")}
    bench.save(article(SECRET, "Urząd ogłasza nabór.", author="Jan Lis", evidence=signed))
    suppress(bench, "phrase", "żanety wróblińskiej")
    assert bench.rows("SELECT count(*) FROM articles") == [(0,)]
    assert "Wróblińskiej".encode() not in bytes_of(bench.folder)


def test_a_part_of_a_word_is_not_the_phrase(bench: Bench) -> None:
    pages(bench)
    assert suppress(bench, "phrase", "Wróbli").articles == ()


def test_an_office_and_a_content_can_be_taken_down(bench: Bench) -> None:
    pages(bench)
    copy = "http://lipowo.test/aktualnosci/laureaci"
    bench.save(article(copy, "• " + WORDS.upper(), title="Inny tytuł"), office="marszalek-lipowo")
    bench.store.catch_up(bench.archive)
    (text, _) = takedown.content_of(bench.folder / "news.db", SECRET)
    assert len(suppress(bench, "content", text).articles) == 1
    assert sorted(bench.rows("SELECT url FROM articles")) == [(SECRET,), (OTHER,)]
    assert rebuilt(bench) == contents(bench.store)
    assert len(suppress(bench, "office", "pup-lipowo").articles) == 2
    assert bench.rows("SELECT count(*) FROM articles") == [(0,)]
    shutil.rmtree(bench.folder / "fresh")
    assert rebuilt(bench) == contents(bench.store)


def test_the_list_tells_nothing_of_what_was_taken_down_but_its_phrases(bench: Bench) -> None:
    pages(bench)
    suppress(bench, "address", SECRET)
    suppress(bench, "office", "marszalek-lipowo")
    suppress(bench, "content", WORDS)
    held = bytes_of(bench.folder, "suppressed.db")
    for trace in ("laureat", "lipowo", "Nagrod"):
        assert trace.encode() not in held


def test_a_restored_backup_of_the_news_hides_it_again(bench: Bench, tmp_path: Path) -> None:
    pages(bench)
    bench.store.close()
    shutil.copy(bench.folder / "news.db", tmp_path / "backup.db")
    bench.reopen()
    suppress(bench, "address", SECRET)
    now = contents(bench.store)
    bench.store.close()
    shutil.copy(tmp_path / "backup.db", bench.folder / "news.db")
    assert takedown.leaks(bench.folder / "news.db", Suppressions.beside(bench.folder / "news.db")) != []
    bench.archive.close()
    takedown.apply(bench.folder, bench.register, clock=bench.clock)
    bench.open()
    assert contents(bench.store) == now


def test_a_restored_list_is_added_to_the_present_one(bench: Bench, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    suppression.add(old, "address", [OTHER], clock=bench.clock)
    bench.clock.forward(days=1)
    suppression.add(bench.folder, "address", [SECRET], clock=bench.clock)
    assert suppression.merge(bench.folder, old / "suppressed.db") == 1
    assert suppression.merge(bench.folder, old / "suppressed.db") == 0
    rules = Suppressions.beside(bench.folder / "news.db")
    assert rules.address(OTHER)
    assert rules.address(SECRET)
    assert not rules.address(SECRET + "-2")


def test_purging_leaves_a_hole_and_a_rebuild_agrees(bench: Bench) -> None:
    pages(bench)
    done = suppress(bench, "address", SECRET, purge=True)
    assert done.purged == 3  # two captures of the article, one of the list
    now = contents(bench.store)
    assert b"Laureaci" not in bytes_of(bench.folder, "archive.db")
    assert [len(bench.archive.held(capture).body) for capture in bench.archive.article_offices()][:2] == [0, 0]
    assert rebuilt(bench) == now
    assert suppress(bench, "address", SECRET, purge=True).purged == 0


def test_what_was_purged_by_its_words_is_purged_again_when_a_crawl_brings_it_again(bench: Bench) -> None:
    pages(bench)
    assert suppress(bench, "phrase", "Żaneta Wróblińska", purge=True).purged == 3
    bench.close()
    bench.clock.forward(days=1)

    async def crawl() -> None:
        with Run(data=bench.folder, register=bench.register, command="test", clock=bench.clock, workers=1) as run:
            visit = Visit(office="pup-lipowo", purpose="article", url=SECRET, outcome="stored", status=200)
            kept = run.archive.keep(run.id, visit, WORDS.encode(), content_type="text/html")
            record = msgspec.json.encode(article(SECRET, WORDS, title="Laureaci", further_keys=("k|1",)))
            run.store.save(run.archive.held(kept.capture), "article", record, archive=run.archive)
            await run.finish("finished")

    asyncio.run(crawl())
    bench.open()
    (capture,) = bench.archive.connection.execute("SELECT max(id) FROM captures").fetchone()
    assert bench.archive.held(capture).body == b""
    assert hole(bench.archive.connection, capture) is not None
    assert b"Laureaci" not in bytes_of(bench.folder, "archive.db")
    assert rebuilt(bench) == contents(bench.store)


def test_a_purge_that_ends_before_the_file_is_made_anew_leaves_no_byte_either(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = random.Random(4).randbytes(12_000).hex()  # in pages of its own, which nothing is written over by chance
    bench.save(article(SECRET, WORDS), body=words)
    packed = zstd.compress(words.encode(), 8)[5_000:5_100]
    bench.save(article(OTHER, "Urząd ogłasza nabór."))
    bench.store.catch_up(bench.archive)
    bench.close()
    bench.open()
    assert packed in bytes_of(bench.folder, "archive.db")

    @contextmanager
    def full(path: Path) -> Iterator[None]:
        raise DatabaseProblem(f"{path} is full")
        yield

    monkeypatch.setattr("crawler.holes.explained", full)
    with pytest.raises(DatabaseProblem):
        suppress(bench, "address", SECRET, purge=True)
    assert packed not in bytes_of(bench.folder, "archive.db")
    bench.open()


def test_what_is_listed_twice_stands_there_once(bench: Bench) -> None:
    pages(bench)
    assert suppress(bench, "address", SECRET).listed == 1
    assert suppress(bench, "address", SECRET).listed == 0
    assert suppress(bench, "phrase", "Żaneta Wróblińska").listed == 1
    assert suppress(bench, "phrase", "zaneta wroblinska").listed == 0


def test_a_pesel_is_known_by_its_day_and_its_sum() -> None:
    assert is_pesel("44051401359")
    assert is_pesel("02270803624")
    assert not is_pesel("44051401358")
    assert not is_pesel("44134401352")
    assert without_pesel("PESEL 44051401359, tel. 41 368 11 15.") == f"PESEL {REDACTED}, tel. 41 368 11 15."
    assert without_pesel("PESEL: 44 05 14 01 359") == f"PESEL: {REDACTED}"
    assert without_pesel("konto 12 1020 4405 1401 3590 0000 0000") == "konto 12 1020 4405 1401 3590 0000 0000"


def test_a_pesel_in_a_page_is_nowhere_in_the_database(bench: Bench) -> None:
    how = {
        "/title": Evidence(raw="Decyzja 44051401359", method="heading"),
        "/author": Evidence(raw="Autor: Jan Lis, 44051401359", method="byline"),
    }
    text = "Decyzja dla osoby o numerze PESEL 44051401359."
    bench.save(article(OTHER, text, title="Decyzja 44051401359", author="Jan Lis", evidence=how))
    bench.store.catch_up(bench.archive)
    assert bench.rows("SELECT title, title_raw, author_raw FROM articles") == [
        (f"Decyzja {REDACTED}", None, f"Autor: Jan Lis, {REDACTED}")
    ]
    assert b"44051401359" not in bytes_of(bench.folder)
    bench.rows("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def test_a_restored_database_is_known_to_be_behind_the_list(bench: Bench, tmp_path: Path) -> None:
    pages(bench)
    bench.store.close()
    shutil.copy(bench.folder / "news.db", tmp_path / "backup.db")
    bench.reopen()
    assert not takedown.outstanding(bench.folder)
    suppress(bench, "address", SECRET)
    assert not takedown.outstanding(bench.folder)
    bench.store.close()
    shutil.copy(tmp_path / "backup.db", bench.folder / "news.db")
    assert takedown.outstanding(bench.folder)
    bench.reopen()


@pytest.fixture
def wiesci(bench: Bench) -> Callable[..., Result]:
    return partial(bench.wiesci, "suppress")


@pytest.mark.parametrize("named", ["{id}", "http://127.0.0.1:8001/news/articles/{id}"])
def test_an_article_s_id_means_every_address_of_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, wiesci: Callable[..., Result], named: str
) -> None:
    monkeypatch.setattr("crawler.commands.suppress.register_of", lambda data: bench.register)
    pages(bench)
    bench.save(article(MOVED, WORDS, title="Laureaci", further_keys=("k|1",)), body=WORDS + "3")
    bench.store.catch_up(bench.archive)
    ((own,),) = bench.rows("SELECT id FROM articles WHERE title = 'Laureaci'")
    done = wiesci("add", named.format(id=own))
    assert (done.exit_code, "articles hidden now: 1; captures purged: 0\n  " + str(own) in done.stdout) == (0, True)
    rules = Suppressions.beside(bench.folder / "news.db")
    assert rules.address(SECRET)
    assert rules.address(MOVED)
    assert not rules.address(OTHER)
    assert len(bench.rows("SELECT id FROM articles")) == 1
    assert wiesci("test", str(own)).exit_code == 0
    again = wiesci("add", str(own), "--purge")
    assert again.exit_code == 2
    assert "was taken down already" in again.stderr


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("nonsense", "'nonsense' is neither an http address nor an article's id"),
        ("lipowo.praca.test/-/staze", "neither an http address"),
        ("ftp://lipowo.praca.test/-/staze", "neither an http address"),
        ("0123456789abcdef", "no article with the id 0123456789abcdef is held"),
    ],
)
def test_what_names_nothing_is_not_listed(bench: Bench, wiesci: Callable[..., Result], named: str, words: str) -> None:
    pages(bench)
    for command in ("add", "test"):
        done = wiesci(command, named)
        assert done.exit_code == 2
        assert words in done.stderr
    assert not Suppressions.beside(bench.folder / "news.db")


def test_a_phrase_that_would_hide_more_than_is_meant_is_asked_for_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, wiesci: Callable[..., Result]
) -> None:
    monkeypatch.setattr("crawler.commands.suppress.register_of", lambda data: bench.register)
    pages(bench)
    for number in range(11):
        url = f"http://lipowo.praca.test/-/szkolenie-{number}"
        bench.save(article(url, f"Szkolenie numer {number} dla bezrobotnych.", title=f"Szkolenie {number}"), body=url)
    bench.store.catch_up(bench.archive)
    short = wiesci("add", "--phrase", "nabór")
    assert short.exit_code == 2
    assert "“nabór” has 5 letters and is said by 1 of 13 articles" in short.stderr
    many = wiesci("add", "--phrase", "dla bezrobotnych")
    assert many.exit_code == 2
    assert "is said by 11 of 13 articles" in many.stderr
    assert many.stderr.count("\n  Szkolenie ") == 5
    assert not Suppressions.beside(bench.folder / "news.db")
    assert len(bench.rows("SELECT id FROM articles")) == 13
    assert wiesci("add", "--phrase", "Żaneta Wróblińska").exit_code == 0
    assert "articles hidden now: 11" in wiesci("add", "--phrase", "dla bezrobotnych", "--even-so").stdout


def test_purging_names_the_copies_that_may_still_hold_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, wiesci: Callable[..., Result]
) -> None:
    monkeypatch.setattr("crawler.commands.suppress.register_of", lambda data: bench.register)
    pages(bench)
    backup = bench.folder / "backups" / "2026-03-02T100000Z"
    aside = bench.folder / "before-restore-2026-03-02T110000Z"
    for copy in (backup, aside, bench.folder / "before-restore-empty"):
        copy.mkdir(parents=True)
    (backup / "archive.db").write_bytes(b"")
    (aside / "archive.db").write_bytes(b"")
    damaged = bench.folder / "news.db.damaged"  # which a rebuild kept for inspection
    damaged.write_bytes(b"")
    assert "backup" not in wiesci("add", OTHER).stdout
    told = wiesci("add", SECRET, "--purge").stdout
    assert f"these may still hold it; remove those that do:\n  {backup}\n  {aside}\n  {damaged}\nso may backups" in told


def test_the_commands_say_what_they_did(bench: Bench, wiesci: Callable[..., Result]) -> None:
    pages(bench)
    assert wiesci("test", SECRET).exit_code == 1
    assert wiesci("add", "--phrase", "nigdzie tego nie ma", "--reason", "próba").exit_code == 0
    assert wiesci("test", "--phrase", "Nigdzie tego nie ma!").exit_code == 0
    listed = json.loads(wiesci("list", "--json").stdout)
    assert (listed["kind"], listed["about"], listed["reason"]) == ("phrase", "nigdzie tego nie ma", "próba")
    assert wiesci("add").exit_code == 2
    assert wiesci("add", SECRET, "--office", "pup-kielce").exit_code == 2
    assert wiesci("add", "--phrase", "  ").exit_code == 2
    assert wiesci("add", "--office", "pup-nieznany").exit_code == 2
