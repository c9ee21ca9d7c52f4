"""What `wiesci schedule` prints can be pasted as it is, whatever the paths are called."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.schedule import Place, ci, cron, systemd

ODD = Place(
    wiesci=Path("/opt/moje wieści/bin/wiesci"), data=Path("/srv/100% dane"), notify="mail -s 'źle' ja@lipowo.test"
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
    assert set(found) == {"wiesci.service", "wiesci.timer", "wiesci-health.service", "wiesci-health.timer"}
    start = found["wiesci.service"]["Service"]["ExecStart"]
    assert shlex.split(start.replace("%%", "%")) == [str(ODD.wiesci), "crawl", "--due", "--data", str(ODD.data)]
    assert found["wiesci.service"]["Service"]["SuccessExitStatus"] == "1 4"
    timer = found["wiesci.timer"]["Timer"]
    assert (timer["Persistent"], timer["RandomizedDelaySec"]) == ("true", "20min")
    assert re.fullmatch(r"\*-\*-\* 00/6:\d\d:00 Europe/Warsaw", timer["OnCalendar"])
    health = shlex.split(found["wiesci-health.service"]["Service"]["ExecStart"].replace("%%", "%"))
    assert health[health.index("--overdue") + 1] == "13"
    assert health[health.index("--notify-command") + 1] == ODD.notify


def test_no_bare_percent_sign_ends_a_crontab_line() -> None:
    lines = [line for line in cron(ODD).splitlines() if line and not line.startswith(("#", "SHELL", "CRON"))]
    assert len(lines) == 2
    for line in lines:
        assert re.fullmatch(r"\d+ (\*/6|8) \* \* \* .+", line)
        assert not re.search(r"(?<!\\)%", line)


def test_the_ci_job_keeps_one_crawl_at_a_time_and_fails_by_health() -> None:
    job = ci(ODD)
    assert "concurrency:" in job
    assert "${{ github.run_id }}" in job
    assert "wiesci health --overdue 13" in job


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
