"""The three questions that stand ready."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
import time_machine

from tests.publish.conftest import Get


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
