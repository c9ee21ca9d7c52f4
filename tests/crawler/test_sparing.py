"""A real crawl keeps within a server's budget and out of its quiet hours; what it leaves is told, and goes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler import health, registry, why
from crawler.exits import SOME_FAILED, WELL
from crawler.practice import Web, offices
from crawler.servers import Server
from tests.crawler.walking import GROUP, Walked, walk

pytestmark = pytest.mark.crawl

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BUDGET = 12


def rows(data: Path, file: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = pysqlite3.connect(f"file:{data / file}?mode=ro", uri=True)
    try:
        return list(connection.execute(sql, values))
    finally:
        connection.close()


def asked(web: Web, since: int = 0) -> list[str]:
    """What the group's hosts were asked for, robots.txt included, in order."""
    return [f"http://{one.host}{one.target}" for one in web.requests()[since:] if one.host.endswith(GROUP)]


def articles_left(data: Path) -> set[str]:
    return {url for (url,) in rows(data, "archive.db", f"SELECT url FROM visits WHERE {_LEFT} AND purpose = 'article'")}


_LEFT = "outcome = 'over_budget'"


def test_a_budget_ends_a_days_requests_and_what_it_left_goes_first_the_next_day(tmp_path: Path) -> None:
    days: list[list[str]] = []
    walks: list[Walked] = []
    with Web() as web:
        for day in range(12):
            before = len(web.requests())
            walks.append(walk(web.port, tmp_path, START + day * DAY, "due", f"budget={BUDGET}"))
            if not day:
                again = len(web.requests())
                assert walk(web.port, tmp_path, START + HOUR, "due", f"budget={BUDGET}").code == SOME_FAILED
                assert asked(web, again) == []  # of today's requests none is left, for no run
                left = articles_left(tmp_path)
            days.append(asked(web, before))
            if walks[-1].code == WELL:
                break
    assert max(map(len, days)) == BUDGET
    assert walks[0].code == SOME_FAILED
    assert f"over_budget: {GROUP}: {BUDGET} requests on 2026-03-02; " in walks[0].account
    assert "addresses of" in walks[0].account
    assert "no office could be reached" not in walks[0].account
    assert walks[-1].code == WELL, walks[-1].account
    assert "over_budget" not in walks[-1].account

    assert left
    second = [url for url in days[1] if url.rsplit("/")[-1] != "robots.txt" and "/aktualnosci" not in url]
    assert set(second[: len(left)]) <= left  # what was left yesterday, before anything that came to light today
    sent = rows(tmp_path, "archive.db", "SELECT day, requests FROM spent WHERE server = ? ORDER BY day", GROUP)
    assert [count for _, count in sent] == [len(day) for day in days]

    never = rows(
        tmp_path,
        "archive.db",
        f"SELECT url FROM visits v WHERE {_LEFT} AND NOT EXISTS (SELECT 1 FROM visits w"
        " WHERE w.address = v.address AND w.outcome IN ('stored', 'same', 'unchanged'))",
    )
    assert never == []  # each of them was had in the end
    assert rows(tmp_path, "archive.db", "SELECT 1 FROM frontier WHERE failures > 0 AND reason != 'gone'") == []


def test_what_is_put_off_is_in_the_ledger_in_health_and_in_why(tmp_path: Path) -> None:
    with Web() as web:
        told = walk(web.port, tmp_path, START, f"budget={BUDGET}")
    assert told.code == SOME_FAILED
    outcomes = dict(rows(tmp_path, "news.db", "SELECT outcome, count(*) FROM office_runs GROUP BY 1"))
    assert "failed" not in outcomes
    (postponed,) = rows(tmp_path, "news.db", "SELECT sum(postponed), sum(failed) FROM office_runs")
    assert postponed[0] > 0
    assert postponed[1] == 0

    register = registry.load(practice=list(offices()))
    register.servers[GROUP] = Server(name=GROUP, budget=BUDGET)  # type: ignore[index]
    found = health.report(tmp_path / "news.db", register, START + HOUR)
    assert not found.failed
    assert found.exit_code == 0
    ((left,), (spending,)) = found.postponed, found.spending
    assert (left.outcome, left.addresses) == ("over_budget", postponed[0])
    assert (spending.server, spending.requests, spending.budget) == (GROUP, BUDGET, BUDGET)

    ((url,),) = rows(tmp_path, "archive.db", "SELECT url FROM visits WHERE outcome = 'over_budget' LIMIT 1")
    story = " ".join(why.tell(tmp_path, url, register).sentences)
    assert "its server had been asked as often as it may be in a day; it is due as before" in story
    assert f"Its server {GROUP} was sent {BUDGET} of at most {BUDGET} requests on 2026-03-02." in story


def test_in_quiet_hours_no_request_starts_and_afterwards_all_of_it_is_done(tmp_path: Path) -> None:
    with Web() as web:
        early = walk(web.port, tmp_path, START, "quiet=08:30-09:30")  # nine o'clock in Warsaw
        assert asked(web) == []
        assert web.requests()
        assert early.code == SOME_FAILED
        assert f"quiet_hours: {GROUP}: 08:30-09:30 in Warsaw; " in early.account
        later = walk(web.port, tmp_path, START + HOUR, "due", "quiet=08:30-09:30")
        assert asked(web)
        assert later.code == WELL, later.account
    ends = rows(
        tmp_path, "archive.db", "SELECT count(*), count(DISTINCT office) FROM visits WHERE outcome = 'quiet_hours'"
    )
    assert ends[0][0] == ends[0][1] > 1  # one line an office: none of its articles was looked at


def test_quiet_hours_that_begin_under_way_let_no_further_request_out(tmp_path: Path) -> None:
    """The clock of the run goes on from an instant before they begin, in which no machine fetches everything."""
    begins = START + timedelta(hours=1) - timedelta(seconds=0.6)
    with Web() as web:
        told = walk(web.port, tmp_path, begins, "quiet=10:00-11:00")
        first = len(asked(web))
        assert told.code == SOME_FAILED
        assert walk(web.port, tmp_path, begins + 2 * HOUR, "due", "quiet=10:00-11:00").code == WELL
        assert len(asked(web)) > first
