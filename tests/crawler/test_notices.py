"""Whoever looks after the crawl is told once of what is newly wrong, and hears nothing while all is well."""

from __future__ import annotations

import json
import socket
import sys
import threading
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pysqlite3
import pytest
from click.testing import CliRunner
from pytest_httpserver import HTTPServer

from crawler.cli import main
from crawler.folder import ARCHIVE
from crawler.notices import NoticeFailed, notice, send
from crawler.schedule import Place, cron, systemd
from crawler.standings import Outage, Report, Standing, State
from tests.crawler.made import Bench
from tests.crawler.test_verifying import made


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
    assert [send(notice(one), memory, command=writing(told)) for one in (ILL, ILL, WELL, ILL)] == [
        True,
        False,
        False,
        True,
    ]
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
    assert send(notice(ILL), tmp_path / "noticed", webhook=httpserver.url_for("/hook"))
    httpserver.check_assertions()


def test_a_webhook_that_has_moved_has_not_received_the_notice(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("", 302, {"Location": "/new"})
    httpserver.expect_request("/new", method="GET").respond_with_data("a page that says nothing of a notice")
    for _ in range(2):
        with pytest.raises(NoticeFailed, match="302"):
            send(notice(ILL), tmp_path / "noticed", webhook=httpserver.url_for("/hook"))


def test_a_webhook_that_drips_its_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.notices._PATIENCE", 0.2)
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while not ended.wait(0.02):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=drip, args=(server,))
        dripping.start()
        try:
            with pytest.raises(NoticeFailed, match=r"no answer within 0\.2 s"):
                send(notice(ILL), tmp_path / "noticed", webhook=f"http://127.0.0.1:{server.getsockname()[1]}/")
        finally:
            ended.set()
            dripping.join()
    assert not (tmp_path / "noticed").exists()


@pytest.mark.parametrize("answer", [b"no web server at all\r\n\r\n", b""])
def test_what_answers_a_notice_with_no_http_has_not_received_it(tmp_path: Path, answer: bytes) -> None:
    def speak(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        speaking = threading.Thread(target=speak, args=(server,))
        speaking.start()
        with pytest.raises(NoticeFailed, match="--notify-url"):
            send(notice(ILL), tmp_path / "noticed", webhook=f"http://127.0.0.1:{server.getsockname()[1]}/")
        speaking.join()


@pytest.mark.parametrize("command", ["/nonexistent/command", f"{sys.executable} -c 'raise SystemExit(3)'", "'"])
def test_a_notice_that_reached_nobody_is_not_remembered(command: str, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(NoticeFailed, match="--notify-command"):
            send(notice(ILL), tmp_path / "noticed", command=command)


def test_only_web_addresses_are_posted_to(tmp_path: Path) -> None:
    with pytest.raises(NoticeFailed, match="not an http"):
        send(notice(ILL), tmp_path / "noticed", webhook="file:///etc/passwd")


def test_a_missed_run_is_told(tmp_path: Path) -> None:
    told = notice(report(standing("pup-lipowo", "well"), overdue="no run has finished since Monday"))
    assert told is not None
    assert told["text"] == "no run has finished since Monday"


def test_a_killed_run_is_told(tmp_path: Path) -> None:
    told = notice(replace(report(standing("pup-lipowo", "well")), unfinished="the run of Monday did not end"))
    assert told is not None
    assert (told["text"], told["unfinished"]) == ("the run of Monday did not end", "the run of Monday did not end")


@pytest.mark.parametrize("damage", ["no folder", "no news.db", "news.db", "archive.db"])
def test_a_database_that_cannot_be_read_is_told_once_and_ends_with_5(tmp_path: Path, damage: str) -> None:
    data, told = tmp_path / "dane", tmp_path / "told"
    if damage != "no folder":
        Bench(data).close()
    if damage == "no news.db":
        (data / "news.db").unlink()
    elif damage.endswith(".db") and damage != "no news.db":
        (data / damage).write_bytes(b"no database at all" * 500)
    command = ["health", "--data", str(data), "--notify-command", writing(told)]
    ends = [CliRunner().invoke(main, command) for _ in range(2)]
    assert [one.exit_code for one in ends] == [5, 5]
    lines = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == (2 if damage == "no folder" else 1)
    assert lines[0]["problem"] == lines[0]["text"]
    assert lines[0]["text"] in ends[0].stderr
    assert (damage.removeprefix("no ") if damage != "no folder" else "news.db") in lines[0]["text"]


def lines(told: Path) -> list[str]:
    return [json.loads(line)["text"] for line in told.read_text(encoding="utf-8").splitlines()] if told.exists() else []


def test_damage_that_verify_finds_is_told_once_and_again_after_it_was_mended(tmp_path: Path) -> None:
    data, told = tmp_path / "dane", tmp_path / "told"
    made(data)
    command = ["verify", "--data", str(data), "--notify-command", writing(told)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert lines(told) == []

    def write(status: int) -> None:
        with closing(pysqlite3.connect(data / ARCHIVE)) as archive, archive:
            archive.execute("UPDATE visits SET status = ?", (status,))

    for _ in range(2):
        write(404)
        ended = CliRunner().invoke(main, command)
        assert ended.exit_code == 5
        assert CliRunner().invoke(main, command).exit_code == 5
        write(200)
        assert CliRunner().invoke(main, command).exit_code == 0
    assert len(lines(told)) == 2
    assert lines(told)[0] == lines(told)[1]
    assert lines(told)[0] in ended.stdout


def test_a_backup_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    data, told = tmp_path / "dane", tmp_path / "told"
    Bench(data).close()
    command = ["backup", "--data", str(data), "--notify-command", writing(told)]
    assert CliRunner().invoke(main, command).exit_code == 0
    (data / "archive.db").write_bytes(b"no database at all" * 500)
    ended = CliRunner().invoke(main, command)
    assert ended.exit_code == 5
    assert len(lines(told)) == 1
    assert lines(told)[0] in ended.stderr


def test_a_notice_of_damage_that_reached_nobody_is_said(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["verify", "--data", str(tmp_path / "dane"), "--notify-command", "/nonexistent"])
    assert ended.exit_code == 5
    assert "--notify-command" in ended.stderr


def test_who_is_named_to_the_schedule_hears_of_copies_and_damage_too() -> None:
    place = Place(wiesci=Path("wiesci"), data=Path("dane"), notify="mail -s 'Wieści' me@example.org")
    for printed in (systemd(place), cron(place)):
        assert printed.count("--notify-command") == 3
