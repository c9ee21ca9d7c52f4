"""`python -m tests.crawler.walking PORT DATA INSTANT [due|deep] [budget=N] [quiet=SPAN]`: one crawl, dated as told.

Of the practice web, in a process of its own, because a reactor runs only once in one; with the account and exit code
of `wiesci crawl`. `budget` and `quiet` are those of the server group praca.test.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from crawler import registry
from crawler.crawling import practice_settings, settings_with
from crawler.exits import SOME_FAILED, WELL
from crawler.operating import crawl_and_tell
from crawler.practice import offices
from crawler.run import Limits
from crawler.servers import DAILY_BUDGET, Quiet, Server

GROUP = "praca.test"


@dataclass(frozen=True)
class Walked:
    code: int
    account: str


def walk(port: int, data: Path, at: datetime, *words: str) -> Walked:
    """Crawl every practice office but the hostile one, in a child process."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.crawler.walking", str(port), str(data), at.isoformat(), *words],
        check=False,
        timeout=240,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ended.returncode in (WELL, SOME_FAILED), ended
    return Walked(ended.returncode, ended.stdout)


def main() -> None:
    port, data, at, *words = sys.argv[1:]
    told, begun = datetime.fromisoformat(at), time.monotonic()
    register = registry.load(practice=[line for line in offices() if line["id"] != "practice-zly"])
    told_by = dict(word.split("=", 1) for word in words if "=" in word)
    if told_by:
        budget = int(told_by.get("budget", DAILY_BUDGET))
        quiet = (Quiet.read(told_by["quiet"]),) if "quiet" in told_by else ()
        register = replace(register, servers={GROUP: Server(name=GROUP, budget=budget, quiet=quiet)})
    code = crawl_and_tell(
        Path(data),
        register,
        register.select(),
        settings_with(practice_settings(int(port))),
        Limits(list_pages=50, due="due" in words, deep="deep" in words),
        command="test",
        clock=lambda: told + timedelta(seconds=time.monotonic() - begun),
    )
    sys.exit(code)


if __name__ == "__main__":
    main()
