"""SIGTERM while a server keeps the crawler waiting for longer than it may take to end."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from crawler.folder import ARCHIVE
from tests.faults.driving import COMMAND, drive, told
from tests.faults.small import ARTICLES, counts, said, small_web
from tests.faults.web import Wire, response

pytestmark = pytest.mark.crawl


def test_a_crawl_that_waits_for_a_server_ends_within_ten_seconds_and_in_order(tmp_path: Path) -> None:
    data = tmp_path / "data"

    def drip(wire: Wire) -> None:
        wire.send(response(b"", length=10_000))
        wire.drip(b"x" * 100, 0.5)

    with small_web() as web:
        good = web.answers["jeden.test", "/news,1,x.html"]
        web.put("jeden.test", "/news,1,x.html", drip)
        with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crawl:
            assert crawl.stdin is not None
            crawl.stdin.write(told(web, data))
            crawl.stdin.close()
            while crawl.poll() is None and not web.asked("jeden.test", "/news,1,x.html"):
                time.sleep(0.01)
            began = time.monotonic()
            crawl.send_signal(signal.SIGTERM)
            assert crawl.wait(20) == 0
            assert time.monotonic() - began < 10
            assert crawl.stdout is not None
            assert json.loads(crawl.stdout.read().splitlines()[-1])["outcome"] == "interrupted"
        web.put("jeden.test", "/news,1,x.html", good)
        whole = drive(web, data)
    runs = whole.rows("SELECT outcome FROM runs ORDER BY id", file=ARCHIVE)
    assert runs == [("interrupted",), ("finished",)]
    assert counts(data)["articles"] == ARTICLES
    assert said(data) == ""
