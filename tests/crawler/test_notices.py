"""Whoever looks after the crawl is told once of what is newly wrong, and hears nothing while all is well."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from crawler.health import Outage, Report, Standing, State
from crawler.notices import NoticeFailed, notice, send


def standing(office: str, state: State, *troubles: str) -> Standing:
    return Standing(
        office=office,
        state=state,
        troubles=troubles,
        run="r",
        last_well=None,
        articles=0,
        newest=None,
        usual_gap_days=None,
        teasers=0,
        usual_teasers=None,
        announced=None,
        held=0,
        fill_rates={},
    )


def report(*offices: Standing, outages: tuple[Outage, ...] = (), overdue: str | None = None) -> Report:
    return Report(at="t", last_run="r", last_outcome="finished", overdue=overdue, outages=outages, offices=offices)


ILL = report(standing("pup-lipowo", "failed", "volume: 3 teasers"), standing("pup-klon", "well"))
WELL = report(standing("pup-lipowo", "well"))


def writing(path: Path) -> str:
    return f"{sys.executable} -c \"import sys; open('{path}', 'ab').write(sys.stdin.buffer.read() + bytes([10]))\""


def test_a_command_is_told_once_and_again_after_all_was_well(tmp_path: Path) -> None:
    told, memory = tmp_path / "told", tmp_path / "noticed"
    assert [send(one, memory, command=writing(told)) for one in (ILL, ILL, WELL, ILL)] == [True, False, False, True]
    lines = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == lines[1]
    assert lines[0]["text"] == "pup-lipowo: volume: 3 teasers"


def test_a_server_that_is_down_is_told_once_for_all_its_offices() -> None:
    offices = ("pup-a", "pup-b", "pup-c")
    down = report(
        *(standing(office, "failed", "with its server praca.test") for office in offices),
        outages=(Outage(server="praca.test", outcome="timeout", offices=offices),),
    )
    told = notice(down)
    assert told is not None
    assert told["text"] == "praca.test: timeout, 3 offices"
    assert told["failed"] == []


def test_a_webhook_gets_the_same_as_json(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/hook", method="POST", json=notice(ILL)).respond_with_data("ok")
    assert send(ILL, tmp_path / "noticed", webhook=httpserver.url_for("/hook"))
    httpserver.check_assertions()


@pytest.mark.parametrize("command", ["/nonexistent/command", f"{sys.executable} -c 'raise SystemExit(3)'", "'"])
def test_a_notice_that_reached_nobody_is_not_remembered(command: str, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(NoticeFailed, match="--notify-command"):
            send(ILL, tmp_path / "noticed", command=command)


def test_only_web_addresses_are_posted_to(tmp_path: Path) -> None:
    with pytest.raises(NoticeFailed, match="not an http"):
        send(ILL, tmp_path / "noticed", webhook="file:///etc/passwd")


def test_a_missed_run_is_told(tmp_path: Path) -> None:
    told = notice(report(standing("pup-lipowo", "well"), overdue="no run has finished since Monday"))
    assert told is not None
    assert told["text"] == "no run has finished since Monday"
