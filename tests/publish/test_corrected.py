"""What a person has corrected is marked on the pages, in the files and for programs, with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pysqlite3
import pytest

from crawler.corrections_file import CORRECTIONS
from crawler.publish.exports import export
from crawler.publish.serve import datasette_of
from crawler.publish.since import Since
from crawler.publish.snapshot import publish
from normalize.model import Amount, Call, Evidence, Facts, Mention, Place, When
from tests.crawler.made import START, Bench, article
from tests.publish.conftest import reader

ONE = "http://lipowo.praca.test/-/staze"
TWO = "http://lipowo.praca.test/-/targi"
LINES = f"""article,field,item,value,reason,who,day
{ONE},call.closes,,2026-03-20,termin przedłużono.,Zofia Zawada,2026-03-05
{ONE},amount,300 zł,,to numer pokoju,Zofia Zawada,2026-03-05
{ONE},amount.role,12 000 zł,pool,tak mówi regulamin,Zofia Zawada,2026-03-05
{ONE},place,,2604,urząd działa też tam,Zofia Zawada,2026-03-05
{ONE},date,1 maja 2026,2026-05-01/2026-05-03,trzy dni,Zofia Zawada,2026-03-05
{ONE},published,,,to data wydarzenia,Zofia Zawada,2026-03-05
{ONE},kind,,call,<b>to nabór</b>,Zofia Zawada,2026-03-05
{ONE},quantity,5 osób,,nie ma takiej,Zofia Zawada,2026-03-05
{TWO},call,,announced,pominięty nabór,Zofia Zawada,2026-03-05
"""


def words(raw: str) -> tuple[Mention, ...]:
    return (Mention(raw=raw, block=0),)


def write(bench: Bench, text: str) -> None:
    (bench.folder / CORRECTIONS).write_text(text, encoding="utf-8")
    bench.reopen()
    bench.store.catch_up(bench.archive)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("corrected"))
    facts = Facts(
        calls=(Call(mentions=words("do 10 marca 2026"), method="deadline", closes="2026-03-10"),),
        amounts=(
            Amount(mentions=words("12 000 zł"), method="number and currency", grosze=1200000),
            Amount(mentions=words("300 zł"), method="number and currency", grosze=30000),
        ),
        places=(Place(mentions=words("Kielcach"), method="town_form", teryt="2661", level="town", name="Kielce"),),
        dates=(
            When(mentions=words("1 maja 2026"), method="printed", role="event", start="2026-05-01", end="2026-05-01",
                 precision="day"),
        ),
    )  # fmt: skip
    bench.sight(ONE, TWO)
    text = "Wnioski do 10 marca 2026, 12 000 zł, pokój 300 zł, w Kielcach, od 1 maja 2026."
    bench.save(article(ONE, text, facts=facts))
    bench.save(article(TWO, "Zapraszamy na targi pracy w hali sportowej.", title="Targi pracy"))
    bench.archive.end_run(bench.run, "well")
    write(bench, LINES)
    yield bench
    bench.close()


def identifier(bench: Bench, url: str) -> str:
    return str(bench.rows("SELECT id FROM articles WHERE url = ?", url)[0][0])


async def page(bench: Bench, path: str) -> Any:
    reply = await reader(datasette_of(bench.folder / "news.db"))(path)
    assert reply.status_code == 200, path
    return lxml.html.document_fromstring(reply.content)


def told(tree: Any, selector: str) -> list[str]:
    return [re.sub(r"\s+", " ", node.text_content()).strip() for node in tree.cssselect(selector)]


@pytest.mark.asyncio
async def test_an_article_tells_what_was_corrected_why_and_what_the_machine_had_read(bench: Bench) -> None:
    tree = await page(bench, f"/news/articles/{identifier(bench, ONE)}")
    after = "Wpisano 5 marca 2026."
    assert sorted(told(tree, ".corrected li")) == sorted(
        [
            f"koniec naboru: 20 marca 2026 Poprawione ręcznie: termin przedłużono. Odczyt automatyczny: 10 marca 2026."
            f" {after}",
            f"kwota „300 zł”: usunięto Poprawione ręcznie: to numer pokoju. Odczyt automatyczny: 300,00 zł. {after}",
            f"rola kwoty „12 000 zł”: pula Poprawione ręcznie: tak mówi regulamin. Odczyt automatyczny: inna. {after}",
            f"miejsce: powiat kielecki Poprawione ręcznie: urząd działa też tam. Odczyt automatyczny: nic. {after}",
            f"data w treści „1 maja 2026”: 1–3 maja 2026 Poprawione ręcznie: trzy dni."
            f" Odczyt automatyczny: 1 maja 2026. {after}",
            f"data publikacji: nie wiadomo Poprawione ręcznie: to data wydarzenia."
            f" Odczyt automatyczny: 1 marca 2026. {after}",
            f"rodzaj artykułu: nabór Poprawione ręcznie: <b>to nabór</b>. Odczyt automatyczny: wiadomość. {after}",
        ]
    )
    assert "bez daty publikacji" in told(tree, ".meta")[0]
    assert tree.xpath("//section[@aria-labelledby='poprawki']//b[text()='to nabór']") == []
    marked = told(tree, ".evidence .how a[href='#poprawki']")
    assert "poprawione ręcznie; termin w zdaniu o naborze" in marked
    assert "poprawione ręcznie" in marked  # a place that no words name
    assert "12 000 zł" in told(tree, ".story mark")  # the words of a corrected value are still marked where they stand


@pytest.mark.asyncio
async def test_a_corrected_title_and_author_stand_among_what_was_read_beside_the_words_of_the_page(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    try:
        how = {
            "/title": Evidence(raw="Targi pracy", method="list teaser"),
            "/author": Evidence(raw="Opr. Jan Lis", method="byline"),
        }
        text = "Zapraszamy na targi pracy w hali sportowej."
        bench.save(article(TWO, text, title="Targi pracy", author="Jan Lis", evidence=how))
        header = LINES.partition("\n")[0]
        rows = (f"{TWO},title,,Targi pracy i nauki,zgłosił urząd,Zofia Zawada,2026-03-05",
                f"{TWO},author,,Jan Lisowski,zgłosił urząd,Zofia Zawada,2026-03-05")  # fmt: skip
        write(bench, "\n".join([header, *rows, ""]))
        tree = await page(bench, f"/news/articles/{identifier(bench, TWO)}")
        read = [told(one, "p") for one in (tree.get_element_by_id("tytul-0"), tree.get_element_by_id("autor-0"))]
        assert read == [
            ["Targi pracy i nauki", "Targi pracy poza tekstem artykułu poprawione ręcznie; lista aktualności urzędu"],
            ["Jan Lisowski", "Opr. Jan Lis poza tekstem artykułu poprawione ręcznie; podpis pod artykułem"],
        ]
        assert len(tree.cssselect(".evidence .how a[href='#poprawki']")) == 2
    finally:
        bench.close()


@pytest.mark.asyncio
async def test_a_call_tells_what_of_it_was_corrected(bench: Bench) -> None:
    ((call,),) = bench.rows("SELECT id FROM calls WHERE closes = '2026-03-20'")
    tree = await page(bench, f"/news/calls/{call}")
    (one,) = told(tree, ".corrected li")
    assert one.startswith("koniec naboru: 20 marca 2026 Poprawione ręcznie: termin przedłużono.")
    ((added,),) = bench.rows("SELECT id FROM calls WHERE raw = ''")
    tree = await page(bench, f"/news/calls/{added}")
    assert [title for title in told(tree, ".timeline a") if title == "Targi pracy"]
    assert tree.cssselect(".timeline q") == []
    assert "zobacz zmianę" not in told(tree, "main")[0]


@pytest.mark.asyncio
async def test_an_article_without_corrections_says_nothing_of_them(bench: Bench) -> None:
    write(bench, LINES.replace(f"{TWO},", f"{TWO}-inny,"))
    try:
        tree = await page(bench, f"/news/articles/{identifier(bench, TWO)}")
        assert "Poprawione ręcznie" not in told(tree, "main")[0]
    finally:
        write(bench, LINES)


@pytest.mark.asyncio
async def test_the_table_of_corrections_speaks_polish_and_names_nobody(bench: Bench) -> None:
    tree = await page(bench, "/news/corrections")
    cells = told(tree, "td")
    assert {"koniec naboru", "rola kwoty", "2026-03-20", "to numer pokoju"} <= set(cells)
    assert "Zawada" not in told(tree, "body")[0]
    about = await page(bench, "/-/o-danych")
    assert about.xpath("//a[contains(@href, '/news/corrections')]")


def test_files_and_a_published_copy_carry_the_value_with_its_method_and_no_name_of_a_clerk(
    bench: Bench, tmp_path: Path
) -> None:
    news = bench.folder / "news.db"
    export(news, tmp_path / "files", made=START)
    amounts = (tmp_path / "files" / "amounts.csv").read_text(encoding="utf-8")
    assert "correction; number and currency" in amounts
    corrections = (tmp_path / "files" / "corrections.csv").read_text(encoding="utf-8")
    assert "termin przedłużono." in corrections
    export(news, tmp_path / "since", made=START, since=Since.of(START + timedelta(days=3, hours=1)))
    assert ONE in (tmp_path / "since" / "articles.csv").read_text(encoding="utf-8")
    export(news, tmp_path / "later", made=START, since=Since.of(START + timedelta(days=4)))
    assert ONE not in (tmp_path / "later" / "articles.csv").read_text(encoding="utf-8")
    publish(news, tmp_path / "copy.db", even_so=True)
    connection = pysqlite3.connect(str(tmp_path / "copy.db"))
    try:
        assert connection.execute("SELECT count(*) FROM corrections WHERE state = 'applied'").fetchone() == (8,)
        assert connection.execute("SELECT count(*) FROM applied_corrections").fetchone() == (0,)
    finally:
        connection.close()
    for path in (tmp_path / "copy.db", news, *(tmp_path / "files").iterdir()):
        assert b"Zawada" not in path.read_bytes(), path


@pytest.mark.asyncio
async def test_programs_are_asked_to_reload_when_a_value_they_hold_is_corrected(bench: Bench) -> None:
    async def changes(since: str) -> Any:
        return (await reader(datasette_of(bench.folder / "news.db"))(f"/-/api/changes.json?since={since}")).json()

    first = await changes("0000")
    one = next(row for row in first["new"] if row["url"] == ONE)
    assert (one["published"], one["published_raw"], one["published_method"]) == (None, "2026-03-01", "correction; list")
    assert not (await changes(first["cursor"]))["reload"]
    write(bench, LINES.replace("2026-03-20", "2026-03-21"))
    try:
        assert (await changes(first["cursor"]))["reload"]
    finally:
        write(bench, LINES)
    assert not (await changes(first["cursor"]))["reload"]
