"""A server in a process of its own, and readers that ask it things over loopback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

CODE = """
import json, sys
from pathlib import Path
from crawler.publish.public.crowd import Bounds
from crawler.publish.serve import listen, serve_editions
told = json.loads(sys.argv[2])
bounds = Bounds(**told.pop("bounds", {}))
with listen("127.0.0.1", 0) as listener:
    serve_editions(Path(sys.argv[1]), listener, host="127.0.0.1", look=0.05, bounds=bounds, **told)
"""

PRIVATE = """
import sys
from pathlib import Path
from crawler.publish.serve import serve
serve(Path(sys.argv[1]) / "news.db", port=0)
"""


@dataclass(frozen=True, kw_only=True)
class Server:
    process: subprocess.Popen[str]
    address: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, trust_env=False, timeout=60)

    def edition(self) -> str:
        """Which edition readers have."""
        with self.client() as client:
            where = client.head("/pliki/datapackage.json").headers["content-location"]
        return str(where).split("/")[-2]


def served(data: Path, told: str = "{}") -> AbstractContextManager[Server]:
    """The public server. `told`: the options of serve_editions, as JSON."""
    return _running(CODE, str(data), told)


def private(data: Path) -> AbstractContextManager[Server]:
    """The server for oneself, over the database that a crawl writes."""
    return _running(PRIVATE, str(data))


@contextmanager
def _running(code: str, *arguments: str) -> Iterator[Server]:
    """Ended by SIGTERM."""
    asked = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                assert process.stderr is not None
                raise AssertionError(process.stderr.read())
            yield Server(process=process, address=line.split()[1])
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
