"""What a person has corrected overrules the machine and shows as such, whenever and in whatever order it comes."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler import correcting, operating, suppression, why
from crawler.backing_up import back_up
from crawler.cli import main
from crawler.commands import correct
from crawler.comparing import content
from crawler.correctable import FIELDS
from crawler.corrections_file import CORRECTIONS, CorrectionsError, NotACorrection, added, beside, parsed
from crawler.crawling import settings_with
from crawler.folder import locked
from crawler.run import Limits, Run
from crawler.store import Store
from crawler.visits import Visit
from crawler.vitals import vitals
from crawler.written import Known, moment, money, place, span
from normalize import Knowledge
from normalize.model import Amount, Article, Call, Evidence, Facts, Mention, Place, Programme, When
from tests.crawler.made import Bench, article, contents

ONE = "http://lipowo.praca.test/-/staze"
TWO = "http://lipowo.praca.test/rynek-pracy/aktualnosci/-/asset_publisher/abc/content/staze-2026"
OTHER = "http://lipowo.praca.test/-/targi"
HEADER = "article,field,item,value,reason,who,day\n"
KNOWN = Known.of(Knowledge.bundled())


def said(raw: str) -> tuple[Mention, ...]:
    return (Mention(raw=raw, block=0),)


FACTS = Facts(
    calls=(Call(mentions=said("do 10 marca 2026"), method="deadline", closes="2026-03-10", sure="medium"),),
    dates=(When(mentions=said("10 marca 2026"), method="printed", role="closes", start=None, end="2026-03-10",
                precision="day"),),
    amounts=(Amount(mentions=said("12 000 zł"), method="number and currency", grosze=1200000, role="pool"),
             Amount(mentions=said("300 zł"), method="number and currency", grosze=30000)),
    places=(Place(mentions=said("Kielcach"), method="town_form", teryt="2661", level="town", name="Kielce"),),
    programmes=(Programme(mentions=said("KFS"), method="acronym", id="kfs", name="Krajowy Fundusz Szkoleniowy"),),
)  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def page(url: str = ONE, *texts: str, **fields: object) -> Article:
    facts = fields.pop("facts", FACTS)
    return article(url, *(texts or ("Wnioski do 10 marca 2026, pula 12 000 zł.",)), facts=facts, **fields)  # type: ignore[arg-type]


def line(field: str, value: str = "", *, item: str = "", url: str = ONE, day: str = "2026-03-05", why: str = "") -> str:
    return f'{url},{field},"{item}","{value}",{why or "zgłosił urząd"},Ewa,{day}\n'


def write(bench: Bench, *lines: str) -> None:
    (bench.folder / CORRECTIONS).write_text(HEADER + "".join(lines), encoding="utf-8")


def reopened(bench: Bench) -> None:
    """The next run: it reads the file, and brings the database to it."""
    bench.reopen()
    bench.store.catch_up(bench.archive)


def rebuilt(bench: Bench, pages: dict[int, Article], order: tuple[int, ...] | None = None) -> dict[str, list[object]]:
    """Every table made anew under the present file."""
    folder = bench.folder / "fresh"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name in (CORRECTIONS, "suppressed.db"):
        if (bench.folder / name).exists():
            (folder / name).write_bytes((bench.folder / name).read_bytes())
    mine, bench.store = bench.store, Store.open(folder / "news.db", bench.register)
    try:
        for capture in order or tuple(pages):
            bench.understand(capture, pages[capture])
        bench.store.catch_up(bench.archive)
        return contents(bench.store)  # type: ignore[return-value]
    finally:
        bench.store.close()
        bench.store = mine


def kept(bench: Bench, *pages: Article) -> dict[int, Article]:
    """Captures of these pages, saved, by their numbers."""
    captures = {}
    for number, one in enumerate(pages):
        bench.clock.forward(minutes=1)
        capture = bench.visit(one.url, f"{number}{one.text}").capture
        assert capture is not None
        captures[capture] = one
        bench.understand(capture, one)
    bench.store.catch_up(bench.archive)
    return captures


# The file


def test_a_file_as_a_polish_spreadsheet_saves_it_says_the_same() -> None:
    ours = HEADER + line("published", "2026-03-10") + line("amount", "12000.50 PLN", item="300 zł")
    theirs = "\ufeff" + ours.replace(",", ";").replace("2026-03-05", "05.03.2026").replace("2026-03-10", "10.03.2026")
    theirs = theirs.replace("12000.50 PLN", "12 000,50 zł").replace("\n", "\r\n")
    assert parsed(theirs.encode(), KNOWN) == parsed(ours.encode(), KNOWN)


def test_every_problem_is_told_at_once_with_its_line_and_what_to_do() -> None:
    body = (
        HEADER
        + line("publishd", "2026-03-10")
        + "# a remark, and an empty line\n\n"
        + line("published", "31.02.2026")
        + line("call", "", item="")
        + line("kind", "")
        + line("place", "201")
        + line("title", "Tytuł", item="stary")
        + "nigdzie,amount,12 zł,,powód,Ewa,2026-03-05\n"
        + line("topic", "staze-nieznane")
        + line("author", "Jan", why="PESEL 44051401359")
        + f"{ONE},title,a,b\n"
        + f"{ONE},author,,Jan,,,jutro\n"
    )
    with pytest.raises(CorrectionsError) as raised:
        parsed(body.encode(), KNOWN)
    told = [problem.removeprefix("corrections.csv:") for problem in raised.value.problems]
    assert [one.partition(":")[0] for one in told] == [
        *("2", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "14", "14")
    ]
    for words, problem in zip(
        (
            "unknown field 'publishd'; nearest: published",
            "'31.02.2026' is not a day; write it as 2026-03-10",
            "say which call",
            "kind cannot be empty",
            "a spreadsheet may have eaten its first zero",
            "an article has only one",
            "neither an http address nor an article's id",
            "is no topic; one of",
            "holds a PESEL number",
            "4 cells under 7 columns",
            "reason: empty",
            "who: empty",
            "'jutro' is not a day",
        ),
        told,
        strict=True,
    ):
        assert words in problem


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the first line must name the columns"),
        (b"article,pole,item,value,reason,who,day\n", "unknown column 'pole'"),
        (HEADER.encode() + "ż".encode("cp1250"), ":2: not UTF-8"),
        (HEADER.encode() + f'{ONE},title,,"bez końca'.encode(), "not a line of CSV"),
        ((HEADER + line("title", "A") + line("title", "B")).encode(), ":3: the same as line 2 corrects"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(body: bytes, words: str) -> None:
    with pytest.raises(CorrectionsError, match=words):
        parsed(body, KNOWN)


@pytest.mark.parametrize(
    ("read", "text", "kept"),
    [
        (moment, "10.3.2026", "2026-03-10"),
        (moment, "2026-03-10 9:05", "2026-03-10T09:05"),
        (moment, "2026-Q3", "2026-Q3"),
        (moment, "--03-10", "--03-10"),
        (span, "10.03.2026/20.03.2026", "2026-03-10/2026-03-20"),
        (span, "/2026-03-20", "/2026-03-20"),
        (span, "2026-03-10/2026-03-10", "2026-03-10"),
        (money, "12000", "12000.00 PLN"),
        (money, "1 059 750,5 zł", "1059750.50 PLN"),
        (money, "500-1000 eur", "500.00-1000.00 EUR"),
        (place, "2604", "2604"),
        (place, "2661", "2661"),
        (place, "26", "26"),
    ],
)
def test_values_are_kept_in_one_spelling(read: object, text: str, kept: str) -> None:
    assert read(text, KNOWN) == kept  # type: ignore[operator]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((moment, text) for text in ("jutro", "2026-13-01", "10T12:00", "2026-02-30", "2026-03-10T25:00", "abcT")),
        *((span, text) for text in ("/", "2026-03-10/2026-03-01", "2026-03-10/2026-03-12/2026-03-13")),
        *((money, text) for text in ("dużo", "12.000,50", "1000-500", "-5", "12 złotych")),
        *((place, text) for text in ("9999", "2604 planeta", "Kielce")),
    ],
)
def test_what_cannot_be_read_is_no_value(read: object, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(text, KNOWN)  # type: ignore[operator]


def test_a_line_is_added_in_the_file_s_own_manner() -> None:
    cells = {"article": ONE, "field": "title", "value": 'Staże; "nowe"', "reason": "literówka"}
    cells |= {"who": "Ewa", "day": "2026-03-05"}
    body = "\ufeffday;who;reason;value;item;field;article\r\n".encode()
    whole = added(body, cells, KNOWN)
    assert whole.startswith(body)
    assert whole.endswith(b"\r\n")
    (one,) = parsed(whole, KNOWN)
    assert one.value == 'Staże; "nowe"'
    assert parsed(added(b"", cells, KNOWN), KNOWN)[0].id == one.id
    with pytest.raises(NotACorrection, match="the same as line 2"):
        added(whole, cells, KNOWN)


# What it does to an article


def test_a_corrected_day_is_shown_with_the_words_of_the_page_and_the_machine_s_own_beside_it(bench: Bench) -> None:
    kept(bench, page())
    write(bench, line("published", "2026-02-28", why="data w stopce strony"))
    reopened(bench)
    assert bench.rows("SELECT published, year, published_raw, published_method, published_sure FROM articles") == [
        ("2026-02-28", "2026", "2026-03-01", "correction; list", "high")
    ]
    assert bench.rows("SELECT field, value, machine, state, reason, day FROM corrections") == [
        ("published", "2026-02-28", "2026-03-01", "applied", "data w stopce strony", "2026-03-05")
    ]
    assert bench.rows("SELECT count(*) FROM revisions") == [(1,)]
    assert bench.rows("SELECT changed FROM articles") == [(None,)]


HOW = "SELECT title, title_raw, title_method, title_sure, author, author_raw, author_method, author_sure FROM articles"
SIGNED: dict[str, Any] = {
    "author": "Dodał Jan",
    "evidence": {
        "/title": Evidence(raw="Nabór wniosków na staże", method="html title", sure="medium"),
        "/author": Evidence(raw="Dodał Jan", method="byline", sure="medium"),
    },
}


def test_a_corrected_title_and_author_keep_the_words_that_the_machine_had_read(bench: Bench) -> None:
    pages = kept(bench, page(**SIGNED))
    machine = ("Nabór wniosków na staże", None, "html title", "medium", "Dodał Jan", "Dodał Jan", "byline", "medium")
    assert bench.rows(HOW) == [machine]
    write(bench, line("title", "Staże dla młodych"), line("author", "Jan Lis"))
    reopened(bench)
    assert bench.rows(HOW) == [
        (
            *("Staże dla młodych", "Nabór wniosków na staże", "correction; html title", "high"),
            *("Jan Lis", "Dodał Jan", "correction; byline", "high"),
        )
    ]
    assert rebuilt(bench, pages) == contents(bench.store)
    write(bench, line("author"), line("title", "Nabór wniosków na staże"))
    reopened(bench)
    assert bench.rows(HOW) == [(*machine[:4], None, "Dodał Jan", "correction; byline", "high")]
    assert rebuilt(bench, pages) == contents(bench.store)
    write(bench)
    reopened(bench)
    assert bench.rows(HOW) == [machine]


def test_an_author_whom_no_machine_had_read_has_no_words(bench: Bench) -> None:
    kept(bench, page())
    write(bench, line("author", "Jan Lis"))
    reopened(bench)
    assert bench.rows("SELECT author, author_raw, author_method, author_sure, title_method FROM articles") == [
        ("Jan Lis", None, "correction", "high", None)
    ]


def test_an_empty_value_says_that_none_is_known(bench: Bench) -> None:
    kept(bench, page())
    write(bench, line("published"), line("call.closes"))
    reopened(bench)
    assert bench.rows("SELECT published, year, published_raw FROM articles") == [(None, None, "2026-03-01")]
    assert bench.rows("SELECT closes, method, sure FROM calls") == [(None, "correction; deadline", "high")]


def test_a_corrected_deadline_is_that_of_the_call_and_the_date_beside_it_is_none_any_more(bench: Bench) -> None:
    kept(bench, page())
    write(bench, line("call.closes", "2026-03-20"), line("call.amount", "5000"), line("call.place", "pokój 7"))
    reopened(bench)
    assert bench.rows("SELECT closes, grosze, currency, place, raw, method FROM calls") == [
        ("2026-03-20", 500000, "PLN", "pokój 7", "do 10 marca 2026", "correction; deadline")
    ]
    assert bench.rows("SELECT role, end, method FROM dates") == [("mention", "2026-03-10", "correction; printed")]


def test_values_of_a_list_are_taken_away_replaced_and_added(bench: Bench) -> None:
    kept(bench, page())
    write(
        bench,
        line("amount", "", item="300 zł"),
        line("amount", "13000", item="12000"),
        line("amount.role", "grant", item="12 000 zł"),
        line("place", "2604", item="Kielce"),
        line("place", "26"),
        line("programme", "", item="KFS"),
        line("topic", "staze"),
        line("date", "2026-04-01/2026-04-03"),
        line("date.role", "event", item="2026-04-01/2026-04-03"),
    )
    reopened(bench)
    assert bench.rows("SELECT grosze, role, raw, method FROM amounts") == [
        (1300000, "grant", "12 000 zł", "correction; number and currency")
    ]
    assert sorted(bench.rows("SELECT teryt, level, raw FROM article_places")) == [
        ("26", "voivodeship", ""),
        ("2604", "powiat", "Kielcach"),
    ]
    assert bench.rows("SELECT * FROM article_programmes") == []
    assert bench.rows("SELECT * FROM programmes") == []
    assert bench.rows("SELECT topic, rule FROM article_topics") == [("staze", "correction")]
    assert bench.rows("SELECT role, first_day, last_day, method FROM dates WHERE position = 1") == [
        ("event", "2026-04-01", "2026-04-03", "correction")
    ]
    assert bench.rows("SELECT DISTINCT state FROM corrections") == [("applied",)]


def test_a_call_that_was_not_seen_is_added_and_one_that_is_none_taken_away(bench: Bench) -> None:
    kept(bench, page(facts=Facts()), page(OTHER, "Targi pracy 10 marca 2026."))
    write(
        bench,
        line("call", "announced"),
        line("call.closes", "2026-04-30"),
        line("call", "", item="do 10 marca 2026", url=OTHER),
    )
    reopened(bench)
    assert bench.rows("SELECT event, closes, raw, method FROM calls") == [("announced", "2026-04-30", "", "correction")]
    assert bench.rows("SELECT field, machine FROM corrections WHERE value IS NULL") == [
        ("call", "announced /2026-03-10")
    ]


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (line("amount", "", item="77 zł"), "absent"),
        (line("amount.role", "grant"), "several"),
        (line("call.closes", "2026-03-10"), "needless"),
        (line("title", "Nabór wniosków na staże"), "needless"),
        (line("place", "2661"), "needless"),
        (line("date", "", item="10 marca 2026"), "applied"),
    ],
)
def test_what_a_line_cannot_do_is_told_and_changes_nothing(bench: Bench, told: str, state: str) -> None:
    captures = kept(bench, page())
    before = contents(bench.store)
    write(bench, told)
    reopened(bench)
    assert bench.rows("SELECT state FROM corrections") == [(state,)]
    if state != "applied":
        now = contents(bench.store)
        for table in before.keys() - {"corrections", "applied_corrections"}:
            assert now[table] == before[table], table
    assert rebuilt(bench, captures) == contents(bench.store)


def test_every_field_has_a_value_that_it_takes() -> None:
    for field in FIELDS.values():
        assert field.about
        assert field.sort == "scalar" or field.kind in FIELDS


# Whenever it comes


def test_lines_come_change_and_go_without_a_rebuild_and_equal_one(bench: Bench) -> None:
    captures = kept(bench, page(), page(OTHER, "Targi pracy w Lipowie."), page(ONE, "Wnioski do 10 marca, ponownie."))
    machine = contents(bench.store)
    steps = [
        [line("call.closes", "2026-03-20"), line("title", "Staże 2026", url=OTHER)],
        [line("call.closes", "2026-03-21"), line("title", "Staże 2026", url=OTHER)],
        [line("call.closes", "2026-03-21", why="inny powód")],
        [line("published"), line("kind", "call", url=OTHER), line("amount", "", item="300 zł")],
    ]
    for lines in steps:
        write(bench, *lines)
        reopened(bench)
        assert len(bench.rows("SELECT * FROM corrections")) == len(lines)
        assert contents(bench.store) == rebuilt(bench, captures)
    (bench.folder / CORRECTIONS).unlink()
    reopened(bench)
    assert contents(bench.store) == machine


def test_a_correction_waits_for_its_article_and_every_order_gives_the_same_rows(bench: Bench) -> None:
    write(bench, line("published", "2026-02-28"), line("amount", "", item="300 zł"), line("title", "Nowy", url=TWO))
    reopened(bench)
    pages = kept(
        bench,
        page(OTHER, "Targi pracy w Lipowie.", further_keys=("k|9",)),
        page(ONE, "Wnioski do 10 marca.", further_keys=("k|1",)),
        page(TWO, "Wnioski do 10 marca pod innym adresem.", further_keys=("k|1",)),
        page(ONE, "Wnioski do 12 marca.", further_keys=("k|1",)),
    )
    assert sorted(bench.rows("SELECT field, state FROM corrections")) == [
        ("amount", "applied"),
        ("published", "applied"),
        ("title", "applied"),
    ]
    now = contents(bench.store)
    assert len(now["articles"]) == 2
    for order in itertools.permutations(pages):
        assert rebuilt(bench, pages, order) == now


def test_two_addresses_of_one_article_that_say_different_things_follow_the_later_line(bench: Bench) -> None:
    pages = kept(bench, page(ONE, further_keys=("k|1",)), page(TWO, further_keys=("k|1",)))
    write(bench, line("title", "Późniejszy", url=TWO, day="2026-03-06"), line("title", "Wcześniejszy"))
    reopened(bench)
    assert bench.rows("SELECT title FROM articles") == [("Późniejszy",)]
    assert sorted(bench.rows("SELECT value, state FROM corrections")) == [
        ("Późniejszy", "applied"),
        ("Wcześniejszy", "overruled"),
    ]
    assert rebuilt(bench, pages) == contents(bench.store)


def test_an_article_can_be_named_by_its_id_or_by_our_own_page_of_it(bench: Bench) -> None:
    kept(bench, page())
    ((own,),) = bench.rows("SELECT id FROM articles")
    write(
        bench, line("title", "Nowy", url=own), line("author", "Ewa", url=f"http://127.0.0.1:8001/news/articles/{own}")
    )
    reopened(bench)
    assert bench.rows("SELECT title, author FROM articles") == [("Nowy", "Ewa")]


def test_what_the_office_changes_is_a_revision_and_what_a_person_corrects_is_none(bench: Bench) -> None:
    write(bench, line("published", "2026-02-28"), line("call.closes", "2026-03-20"))
    reopened(bench)
    pages = kept(bench, page())
    assert bench.rows("SELECT changes FROM revisions") == [("[]",)]
    further = page(ONE, "Wnioski do 10 marca 2026, pula 12 000 zł.", "Nowy akapit.")
    pages |= kept(bench, further)
    changes = [json.loads(row[0]) for row in bench.rows("SELECT changes FROM revisions ORDER BY seen")]
    assert [[change["type"] for change in some] for some in changes] == [[], ["text"]]
    assert bench.rows("SELECT published FROM articles") == [("2026-02-28",)]


def test_the_search_and_the_counts_follow_a_correction(bench: Bench) -> None:
    kept(bench, page())
    write(bench, line("title", "Przeprowadzka urzędu"), line("kind", "tender"), line("published", "2025-12-31"))
    reopened(bench)
    found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert bench.rows(found, "przeprowadzka") == [(1,)]
    assert bench.rows(found, "title: staze") == [(0,)]
    bench.rows("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    assert bench.rows("SELECT kind, year, articles FROM _shelf_counts") == [("tender", "2025", 1)]


def test_when_an_office_s_next_visit_is_due_follows_the_corrected_deadline(bench: Bench) -> None:
    write(bench, line("call.closes", "2026-05-20"))
    reopened(bench)
    kept(bench, page())
    _, until = vitals(bench.store.connection, bench.rows("SELECT url FROM addresses")[0][0])
    assert until is not None
    assert until.date().isoformat() == "2026-05-20"


def test_a_gone_article_keeps_its_correction(bench: Bench) -> None:
    pages = kept(bench, page())
    write(bench, line("title", "Nowy"))
    for _ in range(2):
        bench.clock.forward(days=2)
        gone = Visit(office="pup-lipowo", purpose="article", url=ONE, outcome="gone", status=404)
        bench.archive.note(bench.run, gone)
    reopened(bench)
    assert bench.rows("SELECT title, gone IS NOT NULL FROM articles") == [("Nowy", 1)]
    assert rebuilt(bench, pages) == contents(bench.store)


def test_what_was_taken_down_is_not_told_by_a_correction(bench: Bench) -> None:
    pages = kept(bench, page(), page(OTHER, "Targi pracy w Lipowie."))
    write(bench, line("author", "Żaneta Wróblińska"), line("title", "Nowy"), line("title", "Nowe targi", url=OTHER))
    reopened(bench)
    assert len(bench.rows("SELECT * FROM corrections")) == 3
    bench.clock.forward(days=1)
    suppression.add(bench.folder, "phrase", ["Żaneta Wróblińska"], clock=bench.clock)
    suppression.add(bench.folder, "address", [OTHER], clock=bench.clock)
    reopened(bench)
    assert bench.rows("SELECT field FROM corrections") == [("title",)]
    assert bench.rows("SELECT author FROM articles") == [(None,)]
    assert rebuilt(bench, pages) == contents(bench.store)


def test_a_broken_file_stops_before_anything_is_written(bench: Bench) -> None:
    kept(bench, page())
    (bench.folder / CORRECTIONS).write_text("article,field\n", encoding="utf-8")
    with pytest.raises(CorrectionsError, match="column 'item' is missing"):
        Store.open(bench.folder / "news.db", bench.register)


def test_a_file_that_is_not_there_corrects_nothing(tmp_path: Path) -> None:
    assert not beside(tmp_path / "news.db", KNOWN)


# The commands


@pytest.fixture
def wiesci(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr(correct, "register_of", lambda data: bench.register)
    monkeypatch.setenv("USER", "ewa")
    return partial(bench.wiesci, "correct")


def test_a_line_that_is_added_is_in_force_at_once(bench: Bench, wiesci: Callable[..., Result]) -> None:
    kept(bench, page())
    done = wiesci("add", ONE, "call.closes", "20.03.2026", "--reason", "tak mówi załącznik")
    assert (done.exit_code, done.stdout) == (
        0,
        f"line 2: {ONE}: call.closes is “2026-03-20”; the machine reads “2026-03-10”: in force\n",
    )
    assert bench.rows("SELECT closes FROM calls") == [("2026-03-20",)]
    assert "ewa" in (bench.folder / CORRECTIONS).read_text(encoding="utf-8")
    assert not [row for table in contents(bench.store).values() for row in table if "ewa" in repr(row)]
    assert json.loads(wiesci("list", "--json").stdout)["state"] == "applied"
    assert wiesci("check").stdout == "1 lines, 1 in force, 0 to look at\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("amount", "--item", "77 zł"), "the article has no such value; it has: “12 000 zł”, “300 zł”"),
        (("amount.role", "grant"), "it could mean more than one value"),
        (("call.closes", "2026-03-10"), "the machine reads the same"),
        (("call.closes", "jutro"), "value: 'jutro' is not a date"),
        (("deadline", "2026-03-10"), "unknown field 'deadline'"),
    ],
)
def test_what_would_do_nothing_is_not_added(
    bench: Bench, wiesci: Callable[..., Result], arguments: tuple[str, ...], words: str
) -> None:
    kept(bench, page())
    wiesci("add", ONE, "author", "Ewa Nowak", "--reason", "podpis na zdjęciu")
    before, file = contents(bench.store), (bench.folder / CORRECTIONS).read_bytes()
    done = wiesci("add", ONE, *arguments, "--reason", "próba")
    assert done.exit_code == 2
    assert words in done.stderr
    assert (bench.folder / CORRECTIONS).read_bytes() == file
    assert contents(bench.store) == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("call.closes", "2026-02-28", "the call would close on 2026-02-28, before it opens on 2026-03-01"),
        ("call.closes", "2026-02", "the call would close on 2026-02, before it opens on 2026-03-01"),
        ("call.closes", "2025-Q4", "the call would close on 2025-Q4, before"),
        ("call.opens", "2026-03-11", "the call would close on 2026-03-10, before it opens on 2026-03-11"),
    ],
)
def test_a_call_is_not_corrected_to_close_before_it_opens(
    bench: Bench, wiesci: Callable[..., Result], field: str, value: str, words: str
) -> None:
    call = Call(mentions=said("do 10 marca"), method="deadline", opens="2026-03-01", closes="2026-03-10", sure="medium")
    kept(bench, page(facts=Facts(calls=(call,))))
    before = contents(bench.store)
    done = wiesci("add", ONE, field, value, "--reason", "próba")
    assert done.exit_code == 2
    assert words in done.stderr
    assert contents(bench.store) == before
    assert wiesci("list").stdout == ""


@pytest.mark.parametrize("value", ["2026-03-01", "2026-03-01T12:00", "2026-03", "2026-Q1", "2026"])
def test_a_call_may_close_on_the_day_or_in_the_time_in_which_it_opens(
    bench: Bench, wiesci: Callable[..., Result], value: str
) -> None:
    call = Call(mentions=said("do 10 marca"), method="deadline", opens="2026-03-01", closes="2026-03-10", sure="medium")
    kept(bench, page(facts=Facts(calls=(call,))))
    assert wiesci("add", ONE, "call.closes", value, "--reason", "próba").exit_code == 0
    assert bench.rows("SELECT closes FROM call_facts") == [(value,)]


def test_lines_written_by_hand_that_let_a_call_close_before_it_opens_are_told(
    bench: Bench, wiesci: Callable[..., Result]
) -> None:
    call = Call(mentions=said("do 10 marca"), method="deadline", opens="2026-03-01", closes="2026-03-10", sure="medium")
    kept(bench, page(facts=Facts(calls=(call,))))
    write(bench, line("call.closes", "2026-02-28"), line("title", "Staże"))
    wiesci("apply")
    done = wiesci("check")
    assert done.exit_code == 1
    assert "call.closes is “2026-02-28”" in done.stdout
    assert "a call of this article then closes before it opens: look at both days" in done.stdout
    assert done.stdout.endswith("2 lines, 2 in force, 1 to look at\n")
    write(bench, line("call.closes", "2026-02-28"), line("call.opens", "2026-02-20"))
    wiesci("apply")
    assert (wiesci("check").exit_code, wiesci("check").stdout) == (0, "2 lines, 2 in force, 0 to look at\n")


def test_a_line_for_an_article_that_is_not_held_waits_for_it(bench: Bench, wiesci: Callable[..., Result]) -> None:
    kept(bench, page())
    done = wiesci("add", OTHER, "title", "Targi", "--reason", "literówka")
    assert (done.exit_code, "waits: no article" in done.stdout) == (0, True)
    kept(bench, page(OTHER, "Targi pracy w Lipowie."))
    assert bench.rows("SELECT title FROM articles WHERE url = ?", OTHER) == [("Targi",)]
    assert "in force" in wiesci("list").stdout


def test_a_line_taken_out_by_hand_gives_the_machine_s_value_back(bench: Bench, wiesci: Callable[..., Result]) -> None:
    kept(bench, page())
    before = contents(bench.store)
    wiesci("add", ONE, "published", "--reason", "to data wydarzenia")
    assert bench.rows("SELECT published FROM articles") == [(None,)]
    write(bench)
    bench.store.close()
    assert correcting.outstanding(bench.folder, bench.register)
    assert wiesci("apply").stdout == "0 lines, 0 in force\n"
    assert not correcting.outstanding(bench.folder, bench.register)
    assert contents(bench.store) == before


def test_a_check_says_every_problem_and_every_line_that_does_nothing(
    bench: Bench, wiesci: Callable[..., Result], tmp_path: Path
) -> None:
    kept(bench, page(), page(OTHER, "Targi pracy w Lipowie."))
    suppression.add(bench.folder, "address", [OTHER], clock=bench.clock)
    reopened(bench)
    write(bench, line("amount", "", item="77 zł"), line("title", "Targi", url=OTHER), line("title", "Staże"))
    waiting = wiesci("check")
    assert (waiting.exit_code, waiting.stdout.count("not applied yet")) == (1, 2)  # the third was taken down
    wiesci("apply")
    done = wiesci("check")
    assert done.exit_code == 1
    assert "has no such value" in done.stdout
    assert "was taken down; take the line out" in done.stdout
    assert done.stdout.endswith("3 lines, 1 in force, 2 to look at\n")
    (tmp_path / "theirs.csv").write_text(HEADER + line("titel", "A"), encoding="utf-8")
    wrong = wiesci("check", str(tmp_path / "theirs.csv"))
    assert (wrong.exit_code, "theirs.csv:2: field: unknown field 'titel'" in wrong.stderr) == (3, True)
    assert "call.closes\tits last day" in CliRunner().invoke(main, ["correct", "fields"]).stdout


def test_a_line_is_kept_for_the_next_run_where_one_is_going_on(bench: Bench, wiesci: Callable[..., Result]) -> None:
    kept(bench, page())
    with locked(bench.folder):
        done = wiesci("add", ONE, "title", "Nowy", "--reason", "literówka")
    assert (done.exit_code, "follows it at the next crawl" in done.stderr) == (4, True)
    reopened(bench)
    assert bench.rows("SELECT title FROM articles") == [("Nowy",)]


def test_a_crawl_with_a_file_that_cannot_be_used_says_so_and_changes_nothing(bench: Bench) -> None:
    (bench.folder / CORRECTIONS).write_text(HEADER + line("titel", "A"), encoding="utf-8")
    contact = {"WIESCI_CONTACT": "anna@uczelnia.edu.pl"}
    done = CliRunner().invoke(main, ["crawl", "--data", str(bench.folder), "pup-kielce"], env=contact)
    assert done.exit_code == 3
    assert (
        f"the corrections cannot be used; news.db stays as it is until they can:\n{bench.folder / CORRECTIONS}:2: "
        in done.stderr
    )


def test_a_backup_has_the_file_and_a_folder_restored_from_it_is_whole(bench: Bench, tmp_path: Path) -> None:
    kept(bench, page())
    write(bench, line("title", "Nowy"))
    reopened(bench)
    copy = back_up(bench.folder, tmp_path / "backups", at=bench.clock())
    assert (copy / CORRECTIONS).read_bytes() == (bench.folder / CORRECTIONS).read_bytes()
    assert not correcting.outstanding(copy, bench.register)


def test_the_story_of_an_address_tells_its_corrections(bench: Bench) -> None:
    kept(bench, page())
    write(bench, line("published", why="to data wydarzenia."), line("amount", "", item="77 zł"))
    reopened(bench)
    story = why.tell(bench.folder, ONE, bench.register).sentences
    corrected = "Corrected by hand on 2026-03-05: published is nothing; the machine read 2026-03-01."
    assert f"{corrected} Reason: to data wydarzenia." in story
    idle = "The correction of 2026-03-05 that amount “77 zł” is nothing is not in force: the article has no such value."
    assert idle in story


def test_a_crawl_begins_with_what_the_file_says_now(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(bench, page())
    write(bench, line("title", "Nowy"))
    bench.close()
    begun = []

    def crawled(run: Run, offices: object, settings: object) -> str:
        begun.append(content(run.store.connection, "corrections"))
        return "well"

    monkeypatch.setattr(operating, "crawl_offices", crawled)
    practice = settings_with({"WIESCI_PRACTICE_PORT": 1})
    code = operating.crawl_and_tell(
        bench.folder, bench.register, [], practice, Limits(), command="test", clock=bench.clock
    )
    bench.open()
    assert (code, len(begun[0])) == (0, 1)
    assert bench.rows("SELECT title FROM articles") == [("Nowy",)]


@pytest.mark.parametrize("seed", range(3))
def test_any_file_after_any_other_equals_a_rebuild(bench: Bench, seed: int) -> None:
    chance = random.Random(seed)
    pages = kept(
        bench,
        page(ONE, further_keys=("k|1",)),
        page(OTHER, "Targi pracy w Lipowie, 300 zł.", **SIGNED),
        page(TWO, "Wnioski do 10 marca pod innym adresem.", further_keys=("k|1",)),
        page(ONE, "Wnioski do 10 marca, ponownie.", further_keys=("k|1",)),
    )
    said_of = [
        *(("title", "", "Nowy"), ("title", "", ""), ("published", "", "2026-02-01"), ("published", "", "")),
        *(("author", "", "Jan Lis"), ("author", "", "Dodał Jan"), ("author", "", "")),
        *(("kind", "", "event"), ("call", "do 10 marca 2026", ""), ("call", "", "announced")),
        *(("call.closes", "2026-03-10", "2026-03-20"), ("call.closes", "do 10 marca 2026", "2026-03-21")),
        *(("call.amount", "do 10 marca 2026", "5"), ("call.event", "do 10 marca 2026", "cancelled")),
        *(
            ("amount", "300 zł", ""),
            ("amount", "12 000 zł", "7"),
            ("amount.role", "12000", "pool"),
            ("amount", "", "9"),
        ),
        *(("place", "Kielce", ""), ("place", "2661", "26"), ("place", "", "26"), ("programme", "kfs", "")),
        *(("programme", "", "kfs"), ("topic", "", "staze"), ("date", "10 marca 2026", ""), ("date.role", "", "event")),
    ]
    states = set()
    for _ in range(6):
        lines = {}
        for _ in range(12):
            field, item, value = chance.choice(said_of)
            url = chance.choice([ONE, TWO, OTHER])
            day = f"2026-03-0{chance.randint(1, 9)}"
            adds = value if FIELDS[field].sort == "whole" and not item else ""
            lines[url, field, item, adds] = line(field, value, item=item, url=url, day=day)
        write(bench, *lines.values())
        reopened(bench)
        states |= {state for (state,) in bench.rows("SELECT DISTINCT state FROM corrections")}
        assert contents(bench.store) == rebuilt(bench, pages)
    assert {"applied", "overruled"} <= states
