"""Prints what makes a machine crawl by itself: systemd units, a crontab, a CI job, for the paths of this machine."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_KEPT = 4
"""Weekly copies that are kept."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the command and the data are, how often to crawl, whom offices can write to."""

    wiesci: Path
    data: Path
    hours: int = 6
    notify: str | None = None
    contact: str = "name@example.org"
    """Until a real one stands there, a crawl says so and asks nobody."""

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
        return self._telling(f"health --overdue {2 * self.hours + 1}")

    @property
    def backup(self) -> str:
        """Each copy is verified when it is made, so this looks for damage as well."""
        return self._telling(f"backup --keep {_KEPT}")

    @property
    def verify(self) -> str:
        return self._telling("verify")

    def _telling(self, what: str) -> str:
        command = f"{_quoted(self.wiesci)} {what} --data {_quoted(self.data)}"
        return command + (f" --notify-command {shlex.quote(self.notify)}" if self.notify else "")


def systemd(place: Place) -> str:
    """A unit and a timer for each rhythm. Persistent=true makes up for what was missed while the machine was off."""
    crawl, health, backup, verify = (
        _exec_start(told) for told in (place.crawl, place.health, place.backup, place.verify)
    )
    contact = _in_unit(f"WIESCI_CONTACT={place.contact}")  # in which $ is a $
    return f"""# ~/.config/systemd/user/wiesci.service
# Each run asks only for what is due: an office's hours are learned, and a shorter interval finds news sooner without
# asking more often. A server's daily budget and quiet hours (spiders/*.toml) hold for all runs together.
[Unit]
Description=Wiesci: what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
# Stands in every request, so that a webmaster can write to you; without it nothing is asked for.
Environment={contact}
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

# ~/.config/systemd/user/wiesci-backup.service
# Copies lie on the same disk: name a folder on another one (wiesci backup FOLDER), or copy them there.
[Unit]
Description=Wiesci: a verified copy, also while a crawl goes on (wiesci restore puts it back)

[Service]
Type=oneshot
ExecStart={backup}
Nice=10

# ~/.config/systemd/user/wiesci-backup.timer
[Timer]
OnCalendar=Sun *-*-* 03:{place.minute:02d}:00 Europe/Warsaw
Persistent=true

[Install]
WantedBy=timers.target

# ~/.config/systemd/user/wiesci-verify.service
[Unit]
Description=Wiesci: is every row as it was written

[Service]
Type=oneshot
ExecStart={verify}
# 4: a crawl holds the lock; once more when it may have ended. 5, damage, is told and not looked at again.
Restart=on-failure
RestartPreventExitStatus=2 3 5
RestartSec=30min
Nice=10

# ~/.config/systemd/user/wiesci-verify.timer
[Timer]
OnCalendar=*-*-01 04:{place.minute:02d}:00 Europe/Warsaw
Persistent=true

[Install]
WantedBy=timers.target

# systemctl --user daemon-reload
# systemctl --user enable --now wiesci.timer wiesci-health.timer wiesci-backup.timer wiesci-verify.timer
# loginctl enable-linger "$USER"    (so that it runs while nobody is logged in)
"""


def cron(place: Place) -> str:
    """A crontab: % would end a command there; the pause before each crawl is at most 20 minutes."""
    data, log = _quoted(place.data), _quoted(place.data / "crawl.log")
    crawl, health, backup, verify, data, log = (
        told.replace("%", r"\%") for told in (place.crawl, place.health, place.backup, place.verify, data, log)
    )
    return f"""# crontab -e
SHELL=/bin/bash
CRON_TZ=Europe/Warsaw
# Stands in every request, so that a webmaster can write to you; without it nothing is asked for.
WIESCI_CONTACT={place.contact}
{place.minute} */{place.hours} * * * sleep $((RANDOM \\% 1200)); mkdir -p {data}; {crawl} >> {log} 2>&1
{place.minute} 8 * * * {health}
{place.minute} 3 * * 0 {backup} >> {log}
{place.minute} 4 1 * * {verify} >> {log}
# Two crawls at once cannot happen: the second says who holds the lock and leaves with 4.
# cron does not make up for what was missed; the health line says when no run has finished for {2 * place.hours + 1} h.
# What a backup or verify complains of is mailed (MAILTO), and told as health tells it.
# Copies are kept in the data folder, the last {_KEPT} of them.
"""


def ci(place: Place) -> str:
    """A scheduled job of a CI service (GitHub's and Forgejo's syntax); the data travel in its cache."""
    overdue = 2 * place.hours + 1
    weekly = f"{place.minute} 3 * * 0"
    on_sunday = f"github.event.schedule == '{weekly}'"
    key = "wiesci-${{ github.run_id }}-${{ github.run_attempt }}"
    return f"""# .github/workflows/wiesci.yml
name: wiesci
on:
  schedule:                # UTC
    - cron: "{place.minute} */{place.hours} * * *"
    - cron: "{weekly}"     # with verify and a copy
  workflow_dispatch:
concurrency:
  group: wiesci            # one crawl at a time; the lock of the data folder does not reach other machines
  cancel-in-progress: false
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 300
    env:
      # stands in every request, so that a webmaster can write to you; without it nothing is asked for
      WIESCI_CONTACT: {_yaml(place.contact)}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.11"}}
      - run: pip install --require-hashes -r constraints.txt && pip install --no-deps .
      - uses: actions/cache/restore@v4
        with:
          path: data
          key: {key}
          restore-keys: wiesci-
      - run: sleep $((RANDOM % 1200))
      - id: crawl
        run: wiesci crawl --due --data data || [ $? -eq 1 ]   # 1: some offices failed; health says which
      - id: verify
        if: always() && steps.crawl.outcome != 'skipped' && {on_sunday}
        run: wiesci verify --data data
      # Also when the crawl was interrupted, or a step before has failed: what was fetched is kept. A damaged folder is
      # not: the one before it stays.
      - uses: actions/cache/save@v4
        if: always() && steps.crawl.outcome != 'skipped' && steps.verify.outcome != 'failure'
        with:
          path: data
          key: {key}
      # A cache may be thrown away by the service (GitHub: when it was not used for a week); this is the way back:
      # wiesci restore puts it in place.
      - id: backup
        if: always() && steps.crawl.outcome != 'skipped' && {on_sunday}
        run: wiesci backup copies --data data
      - uses: actions/upload-artifact@v4
        if: always() && steps.backup.outcome == 'success'
        with:
          name: wiesci-copy
          path: copies
          retention-days: 90
      - run: wiesci health --overdue {overdue} --data data
        if: always() && steps.crawl.outcome != 'skipped'
"""


KINDS: dict[str, Callable[[Place], str]] = {"systemd": systemd, "cron": cron, "ci": ci}


def _exec_start(command: str) -> str:
    """A shell's command as systemd reads one: it knows quotes around whole words alone, and within them escapes."""
    words = shlex.split(command)
    if re.search(r"""['"\\$]""", words[0]):  # which no unit may have in the name of what it starts
        words.insert(0, "/usr/bin/env")
    return " ".join(_in_unit(word).replace("$", "$$") for word in words)


def _in_unit(word: str) -> str:
    for sign, told in (("\\", r"\\"), ('"', r"\""), ("%", "%%"), ("\n", r"\n")):
        word = word.replace(sign, told)
    return word if re.fullmatch(r"[\w@%+:,./$-]+", word) else f'"{word}"'


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
