"""`python -m tests.crawler.rebinding DATA PORT CACHE ADDRESS...`: one crawl whose name server changes its answers.

The office lies at http://zmienny.example:PORT/; each look-up of its name gives the next address, the last one for ever.
A process of its own, because a reactor runs only once in one. Prints as JSON the addresses that it would have connected
to: no connection is made.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from crawler import registry
from crawler.crawling import crawl, settings_with
from crawler.run import Run

HOST = "zmienny.example"


def rebind(data: Path, port: int, *addresses: str, cache: bool) -> list[str]:
    """Crawl, and return whom it would have connected to."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.crawler.rebinding", str(data), str(port), str(int(cache)), *addresses],
        check=True,
        timeout=120,
        stdout=subprocess.PIPE,
        text=True,
    )
    connected: list[str] = json.loads(told.stdout.splitlines()[-1])
    return connected


def main() -> None:
    data, port, cache, *addresses = sys.argv[1:]
    connected: list[str] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            connected.append(str(arguments[1][0]))
            raise ConnectionRefusedError  # told, not made

    def look_up(name: str) -> str:
        assert name == HOST
        return addresses.pop(0) if len(addresses) > 1 else addresses[0]

    socket.gethostbyname = look_up  # type: ignore[assignment]
    sys.addaudithook(watch)
    line = {
        "id": "urzad",
        "kind": "other",
        "name": "Urząd na próbę",
        "family": "siew",
        "url": f"http://{HOST}:{port}/news.html",
    }
    register = registry.load(practice=[line])
    settings = {"DNSCACHE_ENABLED": bool(int(cache)), "DOWNLOAD_DELAY": 0, "RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 2}
    with Run(data=Path(data), register=register, command="test") as run:
        crawl(run, register.select(), settings_with(settings))
    print(json.dumps(connected))


if __name__ == "__main__":
    main()
