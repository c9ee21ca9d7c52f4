"""The questions that stand ready: right, explained, drawn, quick, and never an error."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pysqlite3
import pytest
import time_machine

from crawler.publish import dictionary, plugin
from crawler.publish.serve import METADATA, datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader


def rows(database: Path, sql: str, *values: object) -> list[Any]:
    connection = pysqlite3.connect(str(database))
    connection.row_factory = pysqlite3.Row
    return connection.execute(sql, values).fetchall()


async def asked(get: Get, question: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = (await get(f"/news/{question}&_shape=array")).json()
    return answer


@pytest.mark.asyncio
async def test_open_calls_are_those_one_can_still_apply_to(database: Path, get: Get) -> None:
    answer = await asked(get, "otwarte_nabory.json?dzien=2026-03-02")
    calls = rows(database, "SELECT * FROM calls WHERE event = 'announced' AND opens <= '2026-03-02'")
    dated = [call for call in calls if call["closes"] and call["closes"] >= "2026-03-02"]
    with_deadline = [row for row in answer if row["termin"]]
    assert sorted(row["termin"] for row in with_deadline) == sorted(call["closes"] for call in dated)
    assert [row["termin"] for row in with_deadline] == sorted(row["termin"] for row in with_deadline)
    for row in with_deadline:
        assert row["zostalo_dni"] == (date.fromisoformat(row["termin"]) - date(2026, 3, 2)).days


@pytest.mark.asyncio
async def test_calls_without_a_deadline_come_last_and_leave_after_a_year(get: Get) -> None:
    answer = await asked(get, "otwarte_nabory.json?dzien=2026-03-02")
    open_ended = [row for row in answer if row["termin"] is None]
    assert open_ended
    assert answer[-len(open_ended) :] == open_ended
    assert {row["bez_terminu"] for row in open_ended} == {"funds"}
    assert await asked(get, "otwarte_nabory.json?dzien=2029-03-02") == []


@pytest.mark.asyncio
async def test_the_day_defaults_to_today_in_poland(get: Get) -> None:
    with time_machine.travel("2026-03-01T23:30:00Z", tick=False):
        assert await asked(get, "otwarte_nabory.json?dzien=") == await asked(
            get, "otwarte_nabory.json?dzien=2026-03-02"
        )
        assert await asked(get, "otwarte_nabory.json?dzien=bzdura") != []


@pytest.mark.asyncio
async def test_open_calls_of_one_voivodeship(get: Get) -> None:
    answer = await asked(get, "otwarte_nabory.json?dzien=2026-03-02&wojewodztwo=26")
    assert answer
    assert {row["wojewodztwo"] for row in answer} == {"26"}


@pytest.mark.asyncio
async def test_money_by_programme_and_year_is_in_zloty_and_counts_equal_amounts_once(database: Path, get: Get) -> None:
    answer = await asked(get, "pieniadze_wedlug_programow.json?program=kfs&waluta=PLN")
    found = rows(
        database,
        "SELECT a.year, m.role, m.grosze FROM article_programmes p JOIN articles a ON a.id = p.article"
        " JOIN amounts m ON m.article = a.id WHERE p.programme = 'kfs' AND m.currency = 'PLN'",
    )
    assert answer
    for row in answer:
        grosze = {one["grosze"] for one in found if (one["year"], one["role"]) == (row["rok"], row["rodzaj_kwoty"])}
        assert row["program"] == "Krajowy Fundusz Szkoleniowy"
        assert row["suma"] == sum(grosze) / 100
        assert row["najwyzsza"] == max(grosze) / 100
        assert row["rozne_kwoty"] == len(grosze)


@pytest.mark.asyncio
async def test_money_of_one_year(get: Get) -> None:
    answer = await asked(get, "pieniadze_wedlug_programow.json?rok=2026")
    assert {row["rok"] for row in answer} == {"2026"}
    assert len({row["program"] for row in answer}) == 3


@pytest.mark.asyncio
async def test_news_of_a_voivodeship_are_newest_first_and_undated_last(database: Path, get: Get) -> None:
    answer = await asked(get, "nowosci_w_wojewodztwie.json?wojewodztwo=26")
    assert {row["artykul"] for row in answer} == {
        row["id"] for row in rows(database, "SELECT id FROM articles WHERE voivodeship = '26'")
    }
    days = [row["opublikowano"] or "" for row in answer]
    assert days == sorted(days, reverse=True)


@pytest.mark.asyncio
async def test_news_since_a_day(get: Get) -> None:
    answer = await asked(get, "nowosci_w_wojewodztwie.json?od=2026-02-20")
    assert answer
    assert min(row["opublikowano"] for row in answer) >= "2026-02-20"


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["otwarte_nabory", "pieniadze_wedlug_programow", "nowosci_w_wojewodztwie"])
async def test_a_question_without_parameters_is_answered_as_page_csv_and_json(get: Get, name: str) -> None:
    page = await get(f"/news/{name}")
    assert page.status_code == 200
    assert "<h1>" in page.text
    assert (await get(f"/news/{name}.json?_shape=array")).status_code == 200
    assert "," in (await get(f"/news/{name}.csv?_size=max")).text


QUESTIONS = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["news"]["queries"]
HOSTILE = [
    "'", '"', "%", "\\", "--", "; drop table articles", "' or 1=1 --", "NaN", "-1", "0", "1e308", "9" * 40,
    "0x10", "١٢", "\x00", "\u202e", "🐣", "a" * 10_000, "NEAR(a b)", "title:a", '"', "*", "-", "AND",
    "2026-02-30", "0000-00-00", "9999-12-31", "1-1-1", "31.12.2026", "26", "null", "[]", "%00", "\n", "łódź",
    "(", "{", "^", "1 000 000,50",
]  # fmt: skip


def typed(name: str, value: str) -> str:
    return urlencode(dict.fromkeys(QUESTIONS[name]["params"], value))


@pytest.mark.asyncio
@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_is_answered_whatever_is_typed(get: Get, name: str) -> None:
    wrong = []
    for value in HOSTILE if QUESTIONS[name]["params"] else [""]:
        page = await get(f"/news/{name}.json?{typed(name, value)}&_shape=array")
        if page.status_code != 200 or not isinstance(page.json(), list):
            wrong.append((value[:20], page.status_code, page.text[:100]))
    assert wrong == []
    assert (await get(f"/news/{name}?{typed(name, chr(39) + '<b>')}")).status_code == 200


@pytest.mark.asyncio
@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_has_its_explanation_labels_chart_table_and_files(get: Get, name: str) -> None:
    day = "?dzien=2026-03-02" if "dzien" in QUESTIONS[name]["params"] else "?"
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        page = lxml.html.document_fromstring((await get(f"/news/{name}{day}")).content)
        rows = (await get(f"/news/{name}.json{day}&_shape=array")).json()
        table = list(csv.DictReader(io.StringIO((await get(f"/news/{name}.csv{day}")).text)))
    assert page.cssselect("h1")[0].text == QUESTIONS[name]["title"]
    assert page.cssselect(".intro")[0].text == dictionary.polish(QUESTIONS[name]["description"])
    for field in page.xpath("//main//form//input[not(@type='hidden')] | //main//form//select"):
        assert page.xpath(f"//label[@for='{field.get('id')}']"), name
    assert next(heading.tag for heading in page.cssselect("h1, h2, h3")) == "h1"
    assert len(table) == len(rows)
    if rows:
        assert len(page.cssselect("table tbody tr")) == len(rows)
        assert set(rows[0]) == set(QUESTIONS[name]["columns"]) <= set(table[0])
    chart = QUESTIONS[name]["plugins"]["wiesci"].get("chart")
    drawn = [float(value) for value in page.xpath("//main//*[@data-value]/@data-value")]
    first = chart[0] if isinstance(chart, list) else chart
    if first and first.get("y") and drawn:
        known = [row[first["y"]] for row in rows if row[first["y"]] is not None]
        assert not Counter(drawn) - Counter(map(float, known))
    elif first and drawn:
        counted = sorted(Counter(row[first["x"]] for row in rows).values(), reverse=True)
        assert drawn == counted[: len(drawn)]


@pytest.mark.asyncio
async def test_charts_are_there_where_the_metadata_asks_for_them(get: Get) -> None:
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        for name in ("aktywnosc", "slowa_w_czasie", "pieniadze_wedlug_programow", "wojewodztwa", "programy",
                     "otwarte_nabory", "czego_brakuje", "nowe_dzis"):  # fmt: skip
            page = lxml.html.document_fromstring((await get(f"/news/{name}")).content)
            expected = 0 if name == "czego_brakuje" else 1  # no list of the newsroom tells how long it is
            assert (len(page.cssselect("figure.chart")) >= 1) == bool(expected), name


@pytest.mark.asyncio
@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_default_is_what_an_empty_field_means(get: Get, name: str) -> None:
    parameters = QUESTIONS[name]["plugins"]["wiesci"]["parameters"]
    defaults = {key: told["default"] for key, told in parameters.items() if "default" in told}
    if defaults:
        empty = await asked(get, f"{name}.json?{urlencode(dict.fromkeys(defaults, ''))}")
        assert await asked(get, f"{name}.json?{urlencode(defaults)}") == empty
        page = lxml.html.document_fromstring((await get(f"/news/{name}")).content)
        for key, value in defaults.items():
            shown = page.xpath(
                f"//main//input[@name='{key}']/@value | //main//select[@name='{key}']/option[@selected]/@value"
            )
            assert shown == [value]


@pytest.mark.asyncio
async def test_money_is_never_added_across_roles_or_currencies(get: Get, database: Path) -> None:
    answer = await asked(get, "pieniadze_wedlug_programow.json?")
    assert {row["rok"] for row in answer} == {"2026"}
    answer += await asked(get, "pieniadze_wedlug_programow.json?program=fundusz")
    assert {row["waluta"] for row in answer} == {"PLN", "EUR"}
    assert {row["rok"] for row in answer} > {"2024", "2025", "2026", None}
    found = rows(database, "SELECT programme, year, role, currency, grosze FROM article_programmes"
                 " JOIN articles ON articles.id = article_programmes.article JOIN amounts USING (article)")  # fmt: skip
    names = {row["id"]: row["name"] for row in rows(database, "SELECT id, name FROM programmes")}
    for row in answer:
        key = (row["program"], row["rok"], row["rodzaj_kwoty"], row["waluta"])
        own = {one["grosze"] for one in found
               if (names[one["programme"]], one["year"], one["role"], one["currency"]) == key}  # fmt: skip
        assert (row["suma"], row["najwyzsza"], row["rozne_kwoty"]) == (sum(own) / 100, max(own) / 100, len(own))


@pytest.mark.asyncio
async def test_amounts_above_a_threshold_come_highest_first(get: Get, database: Path) -> None:
    answer = await asked(get, f"kwoty_powyzej.json?{urlencode({'od_kwoty': '800 000,50'})}")
    known = rows(database, "SELECT grosze FROM amounts WHERE currency = 'PLN' AND grosze >= 80000050 ORDER BY 1 DESC")
    assert [row["kwota"] for row in answer] == [one["grosze"] / 100 for one in known]
    euro = await asked(get, "kwoty_powyzej.json?od_kwoty=0&waluta=EUR&rodzaj_kwoty=total")
    assert {(row["waluta"], row["rodzaj_kwoty"]) for row in euro} == {("EUR", "total")}


@pytest.mark.asyncio
async def test_calls_that_soon_end_are_open_ones_that_end_within_the_days_asked(get: Get) -> None:
    soon = await asked(get, "nabory_konczace_sie.json?dzien=2026-03-02&dni=7")
    every = await asked(get, "otwarte_nabory.json?dzien=2026-03-02")
    expected = [row["artykul"] for row in every if row["termin"] and row["termin"] <= "2026-03-09"]
    assert expected
    assert sorted(row["artykul"] for row in soon) == sorted(expected)
    assert {row["termin"] for row in await asked(get, "nabory_konczace_sie.json?dzien=2026-03-02&dni=0")} == {
        "2026-03-02"
    }


@pytest.mark.asyncio
async def test_words_over_time_count_every_inflection_against_all_articles(get: Get, database: Path) -> None:
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        answer = await asked(get, "slowa_w_czasie.json?slowo=szkolenie&drugie=bezrobotny")
        alone = await asked(get, "slowa_w_czasie.json?slowo=szkolenie")
    found = (await get("/news/articles.json?_search=szkolenie&_size=max&_shape=array")).json()
    months = Counter((one["published"] or "")[:7] for one in found)
    mine = {row["miesiac"]: row for row in answer if row["slowo"] == "szkolenie"}
    assert {month: row["artykuly"] for month, row in mine.items() if row["artykuly"]} == {
        month: count for month, count in months.items() if month >= "2021-04"
    }
    assert {row["slowo"] for row in answer} == {"szkolenie", "bezrobotny"}
    assert alone == list(mine.values())
    whole = {row[0]: row[1] for row in rows(database, "SELECT month, sum(articles) FROM activity GROUP BY month")}
    for row in answer:
        assert row["wszystkie"] == whole[row["miesiac"]]
        assert row["na_tysiac"] == round(1000 * row["artykuly"] / row["wszystkie"], 1)


@pytest.mark.asyncio
async def test_activity_has_every_month_and_adds_up(get: Get, database: Path) -> None:
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        answer = await asked(get, "aktywnosc.json?wojewodztwo=26&lata=3")
    months = [row["miesiac"] for row in answer]
    assert months == sorted(set(months))
    assert months[-1] == "2026-03"
    first, last = months[0], months[-1]
    assert len(months) == (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
    counted = rows(
        database,
        "SELECT count(*) AS n FROM articles WHERE voivodeship = '26' AND published >= '2023-04'",
    )
    assert sum(row["artykuly"] for row in answer) == counted[0]["n"]


@pytest.mark.asyncio
async def test_every_source_is_in_exactly_one_state(get: Get) -> None:
    answer = await asked(get, "stan_zrodel.json?dzien=2026-03-02")
    assert len(answer) == 13
    parts = [await asked(get, f"stan_zrodel.json?dzien=2026-03-02&stan={state}")
             for state in ("fresh", "silent", "failed", "never")]  # fmt: skip
    assert sum(map(len, parts)) == 13
    later = await asked(get, "stan_zrodel.json?dzien=2026-06-01")
    assert {row["stan"] for row in later} == {"silent"}


@pytest.mark.asyncio
async def test_what_went_wrong_is_told_in_polish(tmp_path: Path) -> None:
    path = newsroom.build(tmp_path / "news.db", articles=20, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute(
        "UPDATE office_runs SET outcome = 'failed', detail = 'no_such_host: x; own words <b>' WHERE office = 'pup-elk'"
    )
    connection.close()
    get = reader(datasette_of(path))
    for address in (
        "/news/stan_zrodel?stan=failed",
        "/news/office_runs?office=pup-elk",
        "/news/office_health?office=pup-elk",
    ):
        page = lxml.html.document_fromstring((await get(address)).content)
        (cell,) = page.cssselect("td.col-co_nie_wyszlo, td.col-detail")
        assert cell.text_content() == "nie ma serwera o tej nazwie; own words <b>"
        assert cell.cssselect("[lang=en]")[0].text == "own words <b>"
        assert page.cssselect("td a[href='/news/offices/pup-elk']")[0].text == "Powiatowy Urząd Pracy w Ełku"


@pytest.mark.asyncio
async def test_silent_offices_are_those_without_news_for_the_days_asked(get: Get, database: Path) -> None:
    answer = await asked(get, "milczace_urzedy.json?dzien=2026-05-01&dni=63")
    newest = {row["office"]: row["day"] for row in rows(
        database, "SELECT office, max(substr(published, 1, 10)) AS day FROM articles GROUP BY office"
    )}  # fmt: skip
    days = {office: (date(2026, 5, 1) - date.fromisoformat(day)).days for office, day in newest.items()}
    assert {row["zrodlo"]: row["dni_ciszy"] for row in answer} == {o: n for o, n in days.items() if n >= 63}
    assert [row["dni_ciszy"] for row in answer] == sorted((row["dni_ciszy"] for row in answer), reverse=True)


@pytest.mark.asyncio
async def test_what_changed_is_told_change_by_change(tmp_path: Path) -> None:
    path = newsroom.build(tmp_path / "news.db", articles=30, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    article, other = (
        row[0] for row in connection.execute("SELECT id FROM articles WHERE kind = 'call' ORDER BY id LIMIT 2")
    )
    changes = [
        {"type": "deadline_extended", "before": "2026-03-10", "after": "2026-03-20"},
        {"type": "text", "before": ["Stary akapit."], "after": ["Nowy akapit.", "Drugi."]},
    ]
    connection.execute(
        "INSERT INTO revisions VALUES ('r1', ?, '2026-03-01T23:30:00Z', '1', 't', 'x', ?)",
        (article, json.dumps(changes)),
    )
    connection.execute("UPDATE articles SET gone = '2026-03-02T09:00:00Z', gone_reason = '404' WHERE id = ?", (other,))
    connection.execute("UPDATE call_articles SET event = 'extended' WHERE article = ?", (other,))
    connection.close()
    get = reader(datasette_of(path))
    answer = [row for row in await asked(get, "zmiany_po_publikacji.json?") if row["artykul"] == article]
    assert [(row["rodzaj_zmiany"], row["bylo"], row["jest"]) for row in answer] == [
        ("deadline_extended", "2026-03-10", "2026-03-20"),
        ("text", "Stary akapit.", "Nowy akapit."),
    ]
    assert answer[0]["zauwazono"] == "2026-03-02"
    only = await asked(get, "zmiany_po_publikacji.json?rodzaj_zmiany=text&od=2026-03-02")
    assert [row["rodzaj_zmiany"] for row in only] == ["text"]
    extended = {row["skad"]: row for row in await asked(get, "przedluzone_terminy.json?od=2026-03-02&wojewodztwo=")}
    extended |= {row["skad"]: row for row in await asked(get, "przedluzone_terminy.json?") if row["artykul"] == other}
    assert (extended["change"]["poprzedni_termin"], extended["change"]["nowy_termin"]) == ("2026-03-10", "2026-03-20")
    assert extended["announcement"]["artykul"] == other
    gone = await asked(get, "usuniete_przez_urzad.json?od=2026-03-01")
    assert [(row["artykul"], row["zniknal"], row["po_czym"]) for row in gone] == [(other, "2026-03-02", "404")]
    page = lxml.html.document_fromstring((await get("/news/revisions")).content)
    assert "przedłużono termin; zmieniono treść" in {one.text for one in page.cssselect("td.col-changes div")}


@pytest.mark.asyncio
async def test_repeated_releases_say_who_was_first_and_who_repeated(tmp_path: Path) -> None:
    path = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    connection = pysqlite3.connect(str(path), isolation_level=None)
    first, second, third = connection.execute(
        "SELECT id, office FROM articles WHERE published IS NOT NULL GROUP BY office ORDER BY published LIMIT 3"
    ).fetchall()
    connection.execute("INSERT INTO clusters VALUES (?, ?, 3)", (first[0], first[0]))
    connection.execute(
        "UPDATE articles SET cluster = ? WHERE id IN (?, ?, ?)", (first[0], first[0], second[0], third[0])
    )
    names = dict(connection.execute("SELECT id, name FROM offices"))
    connection.close()
    (answer,) = await asked(reader(datasette_of(path)), "powtorzone_informacje.json?")
    assert (answer["pierwszy"], answer["urzedow"], answer["artykulow"]) == (names[first[1]], 3, 3)
    assert set(answer["powtorzyli"].split("; ")) == {names[second[1]], names[third[1]]}


@pytest.mark.asyncio
async def test_what_is_new_today_was_published_or_found_today(get: Get, database: Path) -> None:
    answer = await asked(get, "nowe_dzis.json?dzien=2026-03-02")
    published = {
        row["id"] for row in rows(database, "SELECT id FROM articles WHERE substr(published, 1, 10) = '2026-03-02'")
    }
    assert published
    assert {row["artykul"] for row in answer} == published
    found = await asked(get, "nowe_dzis.json?dzien=2026-03-01&wojewodztwo=26")
    assert {row["znaleziono"] for row in found} == {"2026-03-01"}
    assert {row["wojewodztwo"] for row in found} == {"26"}
    assert all(row["opublikowano"] is None or row["opublikowano"] >= "2026-02-22" for row in found)


@pytest.mark.asyncio
async def test_where_a_question_stops_the_page_says_so(tmp_path: Path) -> None:
    get = reader(datasette_of(newsroom.build(tmp_path / "news.db", articles=3000, hostile=False)))
    page = lxml.html.document_fromstring((await get("/news/wyniki_naborow")).content)
    assert page.cssselect(".count")[0].text.replace("\xa0", " ").startswith("Pierwsze 300 wierszy; dalszych")


PLANNED = {
    "otwarte_nabory": "calls_closes", "nabory_konczace_sie": "calls_closes",
    "przedluzone_terminy": "revisions_extended",
    "wyniki_naborow": "articles_kind", "nowe_dzis": "articles_office_seen", "kwoty_powyzej": "amounts_currency",
    "zmiany_po_publikacji": "revisions_changed", "usuniete_przez_urzad": "articles_gone_newest",
    "nowosci_w_wojewodztwie": "articles_newest", "pieniadze_wedlug_programow": "_money",
}  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_reaches_its_rows_by_index(database: Path, name: str) -> None:
    connection = pysqlite3.connect(str(database))
    plugin.prepare_connection(connection, "news")
    question = QUESTIONS[name]
    plan = connection.execute(f"EXPLAIN QUERY PLAN {question['sql']}", dict.fromkeys(question["params"], ""))
    steps = [row[3] for row in plan]
    bare = re.compile(r"SCAN (articles|revisions|dates|blocks|office_runs|call_facts|attachments|pierwsze|inne|calls)$")
    assert [step for step in steps if bare.match(step)] == []
    assert name not in PLANNED or any(PLANNED[name] in step for step in steps), steps
