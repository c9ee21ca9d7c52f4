"""What `wiesci schedule` prints can be pasted as it is, whatever the paths are called."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from crawler.cli import main
from crawler.schedule import Place, ci, cron, systemd

ODD = Place(
    wiesci=Path("/opt/moje wieści/bin/wiesci"),
    data=Path("/srv/100% dane"),
    notify="mail -s 'źle' ja@lipowo.test",
    contact="anna%b@uczelnia.edu.pl",
)


def units(text: str) -> dict[str, configparser.ConfigParser]:
    found = {}
    for name, body in re.findall(r"# ~/\.config/systemd/user/(\S+)\n(.*?)(?=\n# (?:~/|systemctl)|\Z)", text, re.S):
        found[name] = configparser.ConfigParser(interpolation=None, strict=True)
        found[name].optionxform = str  # type: ignore[assignment, method-assign]
        found[name].read_string(body)
    return found


def test_the_units_run_the_command_with_jitter_and_catch_up_on_missed_runs() -> None:
    found = units(systemd(ODD))
    kinds = ("wiesci", "wiesci-health", "wiesci-backup", "wiesci-verify")
    assert set(found) == {f"{kind}.{unit}" for kind in kinds for unit in ("service", "timer")}
    start = found["wiesci.service"]["Service"]["ExecStart"]
    assert shlex.split(start.replace("%%", "%")) == [str(ODD.wiesci), "crawl", "--due", "--data", str(ODD.data)]
    assert found["wiesci.service"]["Service"]["SuccessExitStatus"] == "1 4"
    timer = found["wiesci.timer"]["Timer"]
    assert (timer["Persistent"], timer["RandomizedDelaySec"]) == ("true", "20min")
    assert re.fullmatch(r"\*-\*-\* 00/6:\d\d:00 Europe/Warsaw", timer["OnCalendar"])
    health = shlex.split(found["wiesci-health.service"]["Service"]["ExecStart"].replace("%%", "%"))
    assert health[health.index("--overdue") + 1] == "13"
    assert health[health.index("--notify-command") + 1] == ODD.notify
    assert found["wiesci.service"]["Service"]["Environment"] == '"WIESCI_CONTACT=anna%%b@uczelnia.edu.pl"'


def test_copies_are_made_each_week_and_every_row_is_looked_at_each_month() -> None:
    found = units(systemd(ODD))
    made = {}
    for kind in ("backup", "verify"):
        started = shlex.split(found[f"wiesci-{kind}.service"]["Service"]["ExecStart"].replace("%%", "%"))
        made[kind] = (started[1:-4], found[f"wiesci-{kind}.timer"]["Timer"]["OnCalendar"].split(":")[0])
        assert started[-4:] == ["--data", str(ODD.data), "--notify-command", ODD.notify]
    assert made == {"backup": (["backup", "--keep", "4"], "Sun *-*-* 03"), "verify": (["verify"], "*-*-01 04")}


def test_no_bare_percent_sign_ends_a_crontab_line() -> None:
    assert "WIESCI_CONTACT=anna%b@uczelnia.edu.pl" in cron(ODD).splitlines()
    lines = [line for line in cron(ODD).splitlines() if line and not line.startswith(("#", "SHELL", "CRON", "WIESCI"))]
    assert [line.split(" ")[1:5] for line in lines] == [
        ["*/6", "*", "*", "*"],
        ["8", "*", "*", "*"],
        ["3", "*", "*", "0"],
        ["4", "1", "*", "*"],
    ]
    for line in lines:
        assert not re.search(r"(?<!\\)%", line)


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(ci(ODD))["jobs"]["crawl"]["steps"]
    return found


def test_the_ci_job_keeps_one_crawl_at_a_time_and_says_who_asks() -> None:
    job = yaml.safe_load(ci(ODD))
    assert job["concurrency"] == {"group": "wiesci", "cancel-in-progress": False}
    assert job["jobs"]["crawl"]["env"] == {"WIESCI_CONTACT": "anna%b@uczelnia.edu.pl"}


def test_the_ci_job_keeps_what_was_fetched_whatever_health_says_of_it() -> None:
    named = {str(step.get("uses", step.get("run"))).split("@")[0]: place for place, step in enumerate(steps())}
    restored, saved = named["actions/cache/restore"], named["actions/cache/save"]
    crawled = next(place for words, place in named.items() if words.startswith("wiesci crawl"))
    judged = next(place for words, place in named.items() if words.startswith("wiesci health --overdue 13"))
    assert restored < crawled < saved < judged
    assert "actions/cache" not in named
    assert steps()[saved]["if"].startswith("always() && ")
    assert "steps.verify.outcome != 'failure'" in steps()[saved]["if"]
    assert steps()[saved]["with"]["key"] == steps()[restored]["with"]["key"]
    assert "github.run_attempt" in steps()[saved]["with"]["key"]  # a cache is never overwritten


def test_the_ci_job_verifies_and_copies_on_its_weekly_run() -> None:
    job = yaml.safe_load(ci(ODD))
    weekly = job[True]["schedule"][1]["cron"]  # YAML 1.1 takes "on" for a truth
    assert weekly == f"{ODD.minute} 3 * * 0"
    by_id = {step["id"]: step for step in steps() if "id" in step}
    for step in ("verify", "backup"):
        assert f"github.event.schedule == '{weekly}'" in by_id[step]["if"]
        assert by_id[step]["run"].startswith(f"wiesci {step}")


def test_installations_begin_at_minutes_of_their_own() -> None:
    minutes = {Place(wiesci=Path("/w"), data=Path(f"/srv/{n}")).minute for n in range(50)}
    assert len(minutes) > 20


@pytest.mark.parametrize("kind", ["systemd", "cron", "ci"])
def test_the_command_prints_one_kind_or_all(kind: str, tmp_path: Path) -> None:
    one = CliRunner().invoke(main, ["schedule", kind, "--data", str(tmp_path), "--every", "12"])
    every = CliRunner().invoke(main, ["schedule", "--data", str(tmp_path), "--every", "12"])
    assert one.exit_code == every.exit_code == 0
    assert one.stdout in every.stdout
    assert len(one.stdout) < len(every.stdout)


def test_an_address_that_is_set_stands_in_all_of_them_and_one_that_is_not_is_asked_for(tmp_path: Path) -> None:
    command = ["schedule", "--data", str(tmp_path)]
    told = CliRunner().invoke(main, command, env={"WIESCI_CONTACT": "mailto:anna@uczelnia.edu.pl"})
    assert told.stdout.count("anna@uczelnia.edu.pl") == 3
    assert told.stderr == ""
    bare = CliRunner().invoke(main, command, env={"WIESCI_CONTACT": None})
    assert "put your address in place of name@example.org" in bare.stderr
    assert bare.stdout.count("name@example.org") == 3
