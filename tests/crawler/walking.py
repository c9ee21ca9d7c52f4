"""`python -m tests.crawler.walking PORT DATA INSTANT [due|deep]`: one crawl of the practice web, dated as told.

A process of its own, because a reactor runs only once in one.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from crawler import registry
from crawler.crawling import crawl, practice_settings, settings_with
from crawler.practice import offices
from crawler.run import Limits, Run


def walk(port: int, data: Path, at: datetime, *words: str) -> None:
    """Crawl every practice office but the hostile one, in a child process."""
    subprocess.run(
        [sys.executable, "-m", "tests.crawler.walking", str(port), str(data), at.isoformat(), *words],
        check=True,
        timeout=120,
    )


def main() -> None:
    port, data, at, *words = sys.argv[1:]
    told, begun = datetime.fromisoformat(at), time.monotonic()
    register = registry.load(practice=[line for line in offices() if line["id"] != "practice-zly"])
    limits = Limits(list_pages=50, due="due" in words, deep="deep" in words)
    with Run(
        data=Path(data),
        register=register,
        command="test",
        limits=limits,
        clock=lambda: told + timedelta(seconds=time.monotonic() - begun),
    ) as run:
        crawl(run, register.select(), settings_with(practice_settings(int(port))))


if __name__ == "__main__":
    main()
