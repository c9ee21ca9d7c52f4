"""What `wiesci schedule` prints can be pasted as it is, whatever the paths are called."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
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


ODDER = Place(
    wiesci=Path("/opt/o'neil/bin/wiesci"),
    data=Path('/srv/a\\n "b" $HOME'),
    notify="sh -c 'printf \"%s\\n\" $1 | mail ja@lipowo.test'",
    contact="a$b'c@uczelnia.edu.pl",
)


def as_systemd_reads(value: str) -> list[str]:
    """systemd.syntax(7), systemd.service(5): whole words in double quotes, escapes in them, %% and $$."""
    words = re.findall(r'"((?:[^"\\]|\\["\\n])*)"(?:\s+|$)|([^\s"\'\\;]+)(?:\s+|$)', value)
    plain = [re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), quoted) or bare for quoted, bare in words]
    return [word.replace("%%", "%") for word in plain]


def test_a_unit_says_quotes_backslashes_and_dollars_as_systemd_reads_them() -> None:
    found = units(systemd(ODDER))
    assert as_systemd_reads(found["wiesci.service"]["Service"]["Environment"]) == [f"WIESCI_CONTACT={ODDER.contact}"]
    started = as_systemd_reads(found["wiesci-verify.service"]["Service"]["ExecStart"])
    assert [word.replace("$$", "$") for word in started] == [
        "/usr/bin/env",  # a unit with a quote in the name of its program is refused whole
        str(ODDER.wiesci),
        "verify",
        "--data",
        str(ODDER.data),
        "--notify-command",
        ODDER.notify,
    ]
    assert not re.search(r"(?<!\$)\$(?!\$)", " ".join(started))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_takes_every_unit_whatever_the_program_s_folder_is_called(tmp_path: Path) -> None:
    program = tmp_path / 'o\'neil "x" \\ $HOME 100%' / "wiesci"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    printed = systemd(replace(ODDER, wiesci=program))
    for name, body in re.findall(r"# ~/\.config/systemd/user/(\S+)\n(.*?)(?=\n# (?:~/|systemctl)|\Z)", printed, re.S):
        (tmp_path / name).write_text(body, encoding="utf-8")
    told = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.glob("*.service")))], capture_output=True, text=True
    )
    ours = [line for line in told.stderr.splitlines() if "wiesci" in line]
    assert (told.returncode, ours) == (0, [])


def test_the_first_crawl_of_a_crontab_makes_the_folder_that_its_log_is_in(tmp_path: Path) -> None:
    place = replace(ODD, wiesci=Path(shutil.which("true") or "true"), data=tmp_path / "nowe 100% dane")
    (line,) = (line for line in cron(place).splitlines() if "crawl --due" in line)
    command = line.split(" ", 5)[5].replace(r"\%", "%").replace("sleep", ":", 1)
    assert subprocess.run(["bash", "-c", command], check=False).returncode == 0
    assert (place.data / "crawl.log").exists()


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
