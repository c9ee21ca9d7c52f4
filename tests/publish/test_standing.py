"""Where calls stand on a day; the pages and the question "Otwarte nabory" must agree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from crawler.publish.pages import calls_shown
from crawler.publish.pages.standing import standing

ANNOUNCED = [("announced", "2026-02-20")]


def call(**given: Any) -> dict[str, Any]:
    return {"opens": None, "closes": None, "open_ended": None, "event": "announced", **given}


@pytest.mark.parametrize(
    ("given", "said", "day", "state", "words"),
    [
        ({"closes": "2026-03-07"}, ANNOUNCED, "2026-03-02", "open", "zostało 5 dni"),
        ({"closes": "2026-03-07T15:30"}, ANNOUNCED, "2026-03-07", "open", "ostatni dzień, do 15:30"),
        ({"closes": "2026-03-07"}, ANNOUNCED, "2026-03-07", "open", "ostatni dzień"),
        ({"closes": "2026-03-07"}, ANNOUNCED, "2026-03-08", "closed", "zakończony"),
        ({"closes": "2026-03-07"}, ANNOUNCED, "2026-02-19", "unannounced", "jeszcze nie ogłoszony"),
        ({"opens": "2026-03-05", "closes": "2026-03-07"}, ANNOUNCED, "2026-03-02", "planned", "zacznie się za 3 dni"),
        ({"opens": "2026-03-02", "closes": "2026-03-07"}, ANNOUNCED, "2026-03-02", "open", "zostało 5 dni"),
        ({"closes": "2026-03"}, ANNOUNCED, "2026-03-31", "open", "trwa do: marzec 2026"),
        ({"closes": "2026-03"}, ANNOUNCED, "2026-04-01", "closed", "zakończony"),
        ({"closes": "--03-07"}, ANNOUNCED, "2026-03-02", "unknown", "nie wiadomo, czy trwa"),
        ({"open_ended": "funds"}, ANNOUNCED, "2026-03-02", "open", "bez terminu"),
        ({"open_ended": "funds"}, ANNOUNCED, "2027-03-02", "unknown", "nie wiadomo, czy trwa"),
        ({}, ANNOUNCED, "2026-03-02", "unknown", "nie wiadomo, czy trwa"),
        (
            {"closes": "2026-03-07", "event": "cancelled"},
            [*ANNOUNCED, ("cancelled", "2026-03-01")],
            "2026-03-02",
            "cancelled",
            "unieważniony",
        ),
        (
            {"closes": "2026-03-07", "event": "cancelled"},
            [*ANNOUNCED, ("cancelled", "2026-03-03")],
            "2026-03-02",
            "open",
            "zostało 5 dni",
        ),
        (
            {"closes": "2026-03-07", "event": "results"},
            [*ANNOUNCED, ("closed", "2026-03-08"), ("results", "2026-03-20")],
            "2026-03-25",
            "results",
            "rozstrzygnięty",
        ),
    ],
)
def test_a_call_stands_by_what_was_known_on_the_day(
    given: dict[str, Any], said: list[tuple[str, str]], day: str, state: str, words: str
) -> None:
    found = standing(call(**given), said, day)
    assert (found.state, found.words.replace("\N{NO-BREAK SPACE}", " ")) == (state, words)


@pytest.mark.asyncio
async def test_what_the_pages_call_open_is_what_the_question_answers(desk: Any) -> None:
    await desk.invoke_startup()
    news = desk.get_database("news")
    question = (await desk.get_canned_query("news", "otwarte_nabory", None))["sql"]
    agreed = 0
    for days in range(-40, 80, 8):
        day = (date(2026, 3, 2) + timedelta(days=days)).isoformat()
        asked = (await news.execute(question, {"dzien": day, "wojewodztwo": ""})).rows
        shown = await calls_shown.open_calls(news, "SELECT id FROM calls", {}, day)
        assert sorted(one.article or "" for one in shown) == sorted(row["artykul"] for row in asked), day
        assert sorted((one.standing.left is None, one.standing.left or 0) for one in shown) == sorted(
            (row["zostalo_dni"] is None, row["zostalo_dni"] or 0) for row in asked
        )
        agreed += len(asked)
    assert agreed > 100
