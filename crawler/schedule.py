"""Prints what makes a machine crawl by itself: systemd units, a crontab, a CI job, for the paths of this machine."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the command and the data are, and how often to crawl."""

    wiesci: Path
    data: Path
    hours: int = 6
    notify: str | None = None

    @property
    def minute(self) -> int:
        """A minute of its own for each installation, so that they do not all knock at the full hour."""
        return int(hashlib.sha256(str(self.data).encode()).hexdigest(), 16) % 60

    @property
    def crawl(self) -> str:
        return f"{_quoted(self.wiesci)} crawl --due --data {_quoted(self.data)}"

    @property
    def health(self) -> str:
        """A run is missed when twice the interval, and an hour for the crawl itself, have passed without one."""
        command = f"{_quoted(self.wiesci)} health --overdue {2 * self.hours + 1} --data {_quoted(self.data)}"
        return command + (f" --notify-command {shlex.quote(self.notify)}" if self.notify else "")


def systemd(place: Place) -> str:
    """Two units and two timers. Persistent=true makes up for runs missed while the machine was off."""
    crawl, health = (command.replace("%", "%%").replace("$", "$$") for command in (place.crawl, place.health))
    return f"""# ~/.config/systemd/user/wiesci.service
# Each run asks only for what is due: an office's hours are learned, and a shorter interval finds news sooner without
# asking more often. A server's daily budget and quiet hours (spiders/*.toml) hold for all runs together.
[Unit]
Description=Wiesci: what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={crawl}
# 1: some offices failed (wiesci health says which); 4: another run holds the lock. Neither is a failure of the unit.
SuccessExitStatus=1 4
# An interrupted crawl ends well within seconds, and the next one goes on from there.
TimeoutStopSec=60
Nice=10

# ~/.config/systemd/user/wiesci.timer
[Unit]
Description=Wiesci: every {place.hours} hours

[Timer]
OnCalendar=*-*-* 00/{place.hours}:{place.minute:02d}:00 Europe/Warsaw
RandomizedDelaySec=20min
Persistent=true

[Install]
WantedBy=timers.target

# ~/.config/systemd/user/wiesci-health.service
[Unit]
Description=Wiesci: did it run, and what is wrong

[Service]
Type=oneshot
ExecStart={health}

# ~/.config/systemd/user/wiesci-health.timer
[Timer]
OnCalendar=*-*-* 08:{place.minute:02d}:00 Europe/Warsaw
Persistent=true

[Install]
WantedBy=timers.target

# systemctl --user daemon-reload && systemctl --user enable --now wiesci.timer wiesci-health.timer
# loginctl enable-linger "$USER"    (so that it runs while nobody is logged in)
"""


def cron(place: Place) -> str:
    """A crontab: % would end a command there; the pause before each crawl is at most 20 minutes."""
    log = _quoted(place.data / "crawl.log")
    crawl, health, log = (command.replace("%", r"\%") for command in (place.crawl, place.health, log))
    return f"""# crontab -e
SHELL=/bin/bash
CRON_TZ=Europe/Warsaw
{place.minute} */{place.hours} * * * sleep $((RANDOM \\% 1200)); {crawl} >> {log} 2>&1
{place.minute} 8 * * * {health}
# Two crawls at once cannot happen: the second says who holds the lock and leaves with 4.
# cron does not make up for what was missed; the health line says when no run has finished for {2 * place.hours + 1} h.
"""


def ci(place: Place) -> str:
    """A scheduled job of a CI service (GitHub's and Forgejo's syntax); the data travel in its cache."""
    overdue = 2 * place.hours + 1
    return f"""# .github/workflows/wiesci.yml
name: wiesci
on:
  schedule:
    - cron: "{place.minute} */{place.hours} * * *"   # UTC
  workflow_dispatch:
concurrency:
  group: wiesci            # one crawl at a time; the lock of the data folder does not reach other machines
  cancel-in-progress: false
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 300
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.11"}}
      - run: pip install --require-hashes -r constraints.txt && pip install --no-deps .
      - uses: actions/cache@v4
        with:
          path: data
          key: wiesci-${{{{ github.run_id }}}}
          restore-keys: wiesci-
      - run: sleep $((RANDOM % 1200))
      - run: wiesci crawl --due --data data || [ $? -eq 1 ]   # 1: some offices failed; health says which
      - run: wiesci health --overdue {overdue} --data data
"""


KINDS: dict[str, Callable[[Place], str]] = {"systemd": systemd, "cron": cron, "ci": ci}


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
