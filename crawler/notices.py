"""Tells someone when an office fails: a command that gets it on its standard input, or a webhook. Off by default."""

from __future__ import annotations

import hashlib
import json
import shlex
import subprocess
import threading
import urllib.request
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from crawler.standings import Report

Told = dict[str, Any]

_PATIENCE = 30
"""Seconds that a command or a webhook may take."""


class NoticeFailed(Exception):
    """The notice did not reach anyone; the message says why."""


def notice(report: Report) -> Told | None:
    """What is to be told: outages once each, then offices that failed for reasons of their own; None: nothing."""
    down = {office for outage in report.outages for office in outage.offices}
    failed = [one for one in report.failed if one.office not in down]
    if not failed and not report.outages and not report.overdue and not report.unfinished:
        return None
    lines = [told for told in (report.overdue, report.unfinished) if told]
    lines += [f"{one.server}: {one.outcome}, {len(one.offices)} offices" for one in report.outages]
    lines += [f"{one.office}: {'; '.join(one.troubles)}" for one in failed]
    return {
        "text": "\n".join(lines),
        "at": report.at,
        "run": report.last_run,
        "outages": [asdict(one) for one in report.outages],
        "failed": [{"office": one.office, "troubles": list(one.troubles)} for one in failed],
        "overdue": report.overdue,
        "unfinished": report.unfinished,
        "problem": None,
    }


def notice_of(problem: str, at: datetime) -> Told:
    """What is to be told when there can be no report: a database or the register cannot be read."""
    return {
        "text": problem,
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "run": None,
        "outages": [],
        "failed": [],
        "overdue": None,
        "unfinished": None,
        "problem": problem,
    }


def send(told: Told | None, memory: Path, *, command: str | None = None, webhook: str | None = None) -> bool:
    """Tell a notice, unless it is what was told last (`memory`); whether anything was told. None: all is well.

    `command` is run without a shell, `webhook` gets a POST; both receive the notice as JSON. Raises NoticeFailed.
    """
    if told is None:
        memory.unlink(missing_ok=True)  # what comes back after it was well is news again
        return False
    mark = _mark(told)
    if memory.exists() and memory.read_text(encoding="ascii", errors="replace") == mark:
        return False
    body = json.dumps(told, ensure_ascii=False).encode()
    if command is not None:
        _run(command, body)
    if webhook is not None:
        _post(webhook, body)
    with suppress(OSError):  # a folder that is not there, a full disk: better told twice than not at all
        memory.write_text(mark, encoding="ascii")
    return True


def _mark(told: dict[str, Any]) -> str:
    """Equal for notices that say the same: numbers of days and the like do not count."""
    about = {
        "outages": [(one["server"], one["outcome"]) for one in told["outages"]],
        "failed": [one["office"] for one in told["failed"]],
        "overdue": bool(told["overdue"]),
        "unfinished": told["unfinished"],
        "problem": told["problem"],
    }
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _run(command: str, body: bytes) -> None:
    try:
        ended = subprocess.run(shlex.split(command), input=body, timeout=_PATIENCE, check=False)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise NoticeFailed(f"--notify-command: {error}") from error
    if ended.returncode:
        raise NoticeFailed(f"--notify-command: {command} ended with {ended.returncode}")


def _post(webhook: str, body: bytes) -> None:
    if not webhook.startswith(("http://", "https://")):
        raise NoticeFailed(f"--notify-url: {webhook} is not an http or https address")
    request = urllib.request.Request(webhook, data=body, headers={"Content-Type": "application/json; charset=utf-8"})
    failed: list[Exception] = []

    def ask() -> None:
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=_PATIENCE):
                pass
        except HTTPError as error:
            error.close()
            failed.append(error)
        except (OSError, ValueError, HTTPException) as error:  # URLError is an OSError
            failed.append(error)

    # urlopen's own limit is of each piece of an answer: a server that drips would hold a schedule for hours
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_PATIENCE)
    if asking.is_alive():
        raise NoticeFailed(f"--notify-url: {webhook}: no answer within {_PATIENCE} s")
    if failed:
        raise NoticeFailed(f"--notify-url: {webhook}: {failed[0]}") from failed[0]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """urllib would follow with a GET that tells nothing, and take its answer for the notice having been received."""

    def redirect_request(self, *_: Any) -> None:
        return None
