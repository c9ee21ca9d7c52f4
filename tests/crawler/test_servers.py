"""A server's daily budget and quiet hours: told in the register, counted in the archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler import registry
from crawler.allowance import Allowance
from crawler.archive import Archive
from crawler.outcomes import Refused
from crawler.registry import Register, RegisterError
from crawler.servers import DAILY_BUDGET, Quiet, Server, day_of
from crawler.visits import Visit
from normalize.published import WARSAW
from tests.crawler.made import OFFICES, Bench, register

HOUR = timedelta(hours=1)


def warsaw(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=WARSAW)  # type: ignore[misc, arg-type]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def with_server(**fields: object) -> Register:
    return replace(register(), servers={"praca.test": Server(name="praca.test", **fields)})  # type: ignore[arg-type]


URL = "http://lipowo.praca.test/lista"


def test_quiet_hours_may_lie_across_midnight_and_end_before_their_end() -> None:
    night = Quiet.read("22:00-05:30")
    assert night.holds(warsaw(2026, 3, 2, 22))
    assert night.holds(warsaw(2026, 3, 3, 5, 29))
    assert not night.holds(warsaw(2026, 3, 3, 5, 30))
    noon = Quiet.read("12:00-24:00")
    assert [noon.holds(warsaw(2026, 3, 2, hour)) for hour in (0, 11, 12, 23)] == [False, False, True, True]
    assert str(night) == "22:00-05:30"


def test_quiet_hours_go_by_the_clocks_of_warsaw_also_when_they_change() -> None:
    early = Quiet.read("02:00-04:00")
    spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30; half an hour later it is 3:00
    assert [early.holds(spring + HOUR * n / 2) for n in range(4)] == [False, True, True, False]
    autumn = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 1:30; the hour from two to three comes twice
    assert sum(early.holds(autumn + HOUR * n / 2) for n in range(10)) == 6


@pytest.mark.parametrize("text", ["22-5", "22:00", "22:00-22:00", "25:00-05:00", "12:60-13:00", "", "22:00 - 05:00"])
def test_what_are_no_hours_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"as in|begins|must be in"):
        Quiet.read(text)


def test_a_request_counts_for_its_day_in_warsaw() -> None:
    assert day_of(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)) == date(2026, 3, 3)
    assert day_of(datetime(2026, 7, 2, 22, 30, tzinfo=UTC)) == date(2026, 7, 3)
    assert day_of(datetime(2026, 3, 2, 22, 30, tzinfo=UTC)) == date(2026, 3, 2)


def test_a_group_is_its_name_and_all_hosts_under_it_and_any_other_host_is_a_server_of_its_own() -> None:
    known = with_server(budget=10)
    assert known.server(URL).budget == 10
    assert known.server_group("http://www.praca.test/") == "praca.test"
    assert known.server_group("http://nie-praca.test/") is None
    alone = known.server("http://www.lipowo.test/a")
    assert (alone.name, alone.budget, alone.quiet, alone.declared) == ("lipowo.test", DAILY_BUDGET, (), False)
    live = registry.load()
    assert live.server("https://kielce.praca.gov.pl/a").budget > DAILY_BUDGET
    assert live.server("https://kielce.praca.gov.pl/a").name == "praca.gov.pl"


def test_the_budget_of_a_day_is_spent_by_all_runs_together_and_new_the_next_day(bench: Bench) -> None:
    bench.clock.at = warsaw(2026, 3, 28, 23, 0)
    allowance = Allowance(bench.archive, with_server(budget=3), bench.clock)
    for _ in range(2):
        allowance.spend(URL)
    bench.archive.note(bench.run, Visit(office="pup-lipowo", purpose="list", url=URL, outcome="timeout"))
    allowance.spend("http://klon.praca.test/")
    bench.archive.end_run(bench.run, "finished")
    with Archive.open(bench.archive.path, bench.clock) as again:
        later = Allowance(again, with_server(budget=3), bench.clock)
        with pytest.raises(Refused) as refused:
            later.spend(URL)
        assert (refused.value.outcome, refused.value.detail) == (
            "over_budget",
            "praca.test: 3 requests on 2026-03-28",
        )
        bench.clock.forward(hours=1)
        later.spend(URL)
        for hours in (22, 0):  # a day of 23 hours: it ends an hour sooner
            bench.clock.at = warsaw(2026, 3, 29, hours)
            assert again.spent("praca.test", day_of(bench.clock()).isoformat()) == 1


def test_requests_that_brought_nothing_are_counted_when_the_archive_is_closed(bench: Bench) -> None:
    with Archive.open(bench.archive.path, bench.clock) as archive:
        Allowance(archive, with_server(budget=3), bench.clock).spend(URL)
    assert bench.archive.spent("praca.test", day_of(bench.clock()).isoformat()) == 1


def test_only_a_budget_that_is_written_down_counts_on_the_practice_web(bench: Bench) -> None:
    bench.archive.spend("lipowo.test", day_of(bench.clock()).isoformat())
    bench.archive._spending["lipowo.test", day_of(bench.clock()).isoformat()] = DAILY_BUDGET
    bench.archive._spending["urzad.invalid", day_of(bench.clock()).isoformat()] = DAILY_BUDGET
    allowance = Allowance(bench.archive, with_server(), bench.clock)
    assert allowance.refusal("http://lipowo.test/a") is None
    assert allowance.refusal("http://urzad.invalid/a") is not None


def test_in_quiet_hours_nothing_is_asked_for_however_little_was_spent(bench: Bench) -> None:
    bench.clock.at = warsaw(2026, 3, 2, 6)
    allowance = Allowance(bench.archive, with_server(quiet=(Quiet.read("05:00-07:00"),)), bench.clock)
    assert allowance.refusal(URL) == ("quiet_hours", "praca.test: 05:00-07:00 in Warsaw")
    assert allowance.refusal("http://lipowo.test/") is None
    bench.clock.forward(hours=1)
    assert allowance.refusal(URL) is None


FAMILY = """
[family]
name = "%s"
title = "Próba"
%s
[[office]]
id = "%s"
kind = "pup"
name = "Powiatowy Urząd Pracy"
url = "https://%s/aktualnosci"
"""


def problems(tmp_path: Path, server: str, *, slot: str = "", other: str = "") -> list[str]:
    text = FAMILY % ("siew", slot, "pup-lipowo", "pup.lipowo.pl")
    (tmp_path / "siew.toml").write_text(text + server, encoding="utf-8")
    if other:
        text = FAMILY % ("joomla", "", "pup-klon", "pup.klon.lipowo.pl")
        (tmp_path / "joomla.toml").write_text(text + other, encoding="utf-8")
    with pytest.raises(RegisterError) as error:
        registry.load(tmp_path)
    return [problem.partition("/")[2] for problem in error.value.problems]


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ('name = "lipowo.pl"\nbudget = 0', "siew.toml: server.0.budget: "),
        ('name = "lipowo.pl"\nbudget = "dużo"', "siew.toml: server.0.budget: "),
        ('name = "lipowo.pl"\nquiet = ["22-5"]', "siew.toml: server.0.quiet.0: not two times of day"),
        ('name = "lipowo.pl"\nquiet = ["00:00-12:00", "12:00-24:00"]', "server 'lipowo.pl': quiet: leaves no time"),
        ('name = "lipowo.pl"\nquite = []', "siew.toml: server.0.quite: unknown key"),
        ("budget = 10", "siew.toml: server.0.name: missing"),
        ('name = "https://lipowo.pl"', "siew.toml: server.0.name: not a bare host name"),
        ('name = "www.lipowo.pl"', "siew.toml: server.0.name: not a bare host name"),
        ('name = "klon.pl"', "server 'klon.pl': name: no office of this file is on it"),
        ('name = "lipowo.pl"\n[[server]]\nname = "lipowo.pl"', "'lipowo.pl': name: stands already in "),
        ('name = "lipowo.pl"\n[[server]]\nname = "pup.lipowo.pl"', "overlaps with the server group 'lipowo.pl'"),
    ],
)
def test_a_mistake_in_a_server_is_told_with_file_and_key(tmp_path: Path, server: str, told: str) -> None:
    found = problems(tmp_path, f"\n[[server]]\n{server}\n")
    assert len(found) == 1
    assert told in found[0]


def test_two_files_cannot_say_two_things_of_one_server(tmp_path: Path) -> None:
    one = '\n[[server]]\nname = "lipowo.pl"\n'
    assert "stands already in" in problems(tmp_path, one, other=one)[0]
    inner = '\n[[server]]\nname = "pup.lipowo.pl"\n'
    assert "overlaps with the server group 'lipowo.pl'" in problems(tmp_path, inner, slot='slot = "lipowo.pl"')[0]


def test_a_server_group_of_the_register_is_read(tmp_path: Path) -> None:
    text = FAMILY % ("siew", "", "pup-lipowo", "pup.lipowo.pl")
    server = '\n[[server]]\nname = "lipowo.pl"\nbudget = 700\nquiet = ["23:00-05:00", "12:00-13:00"]\n'
    (tmp_path / "siew.toml").write_text(text + server, encoding="utf-8")
    found = registry.load(tmp_path).server("https://www.pup.lipowo.pl/x")
    assert (found.name, found.budget, [str(one) for one in found.quiet]) == (
        "lipowo.pl",
        700,
        ["23:00-05:00", "12:00-13:00"],
    )


def test_every_mistake_of_a_line_is_told_at_once() -> None:
    line = {**OFFICES[0], "name": "U", "voivodeship": "99", "powiats": ["2007", "9999"], "kolor": "zielony"}
    again = {**OFFICES[0], "url": "lipowo"}
    with pytest.raises(RegisterError) as error:
        registry.load(practice=[line, again])
    told = "\n".join(error.value.problems)
    for words in (
        "office 'pup-lipowo': name: ",
        "kolor: unknown key",
        "voivodeship: unknown TERYT code '99'",
        "powiats: unknown TERYT code '9999'",
        "id: stands already in",
        "url: not an http or https address",
    ):
        assert words in told
    assert "'2007'" not in told


def test_a_wait_longer_than_a_run_holds_for_the_runs_after_it_and_no_longer_than_a_week(bench: Bench) -> None:
    allowance = Allowance(bench.archive, with_server(), bench.clock)
    allowance.wait(URL, 86_400, "status 429, for 86400 s")
    with Archive.open(bench.archive.path, bench.clock) as again:
        later = Allowance(again, with_server(), bench.clock)
        bench.clock.forward(hours=23)
        assert later.refusal("http://klon.praca.test/") == (
            "asked_to_wait",
            "praca.test: status 429, for 86400 s, until 2026-03-03T08:00",
        )
        with pytest.raises(Refused):
            later.spend(URL)
        bench.clock.forward(hours=1)
        assert later.refusal(URL) is None
    allowance.wait(URL, float("inf"), "status 429, for inf s")
    bench.clock.forward(days=7)
    assert allowance.refusal(URL) is None
