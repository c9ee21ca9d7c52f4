"""A served newsroom in a real browser: Debian's Chromium, driven by playwright, that may not complain."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.publish.screenshot import ARGUMENTS, CHROMIUM

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's package `chromium` (apt-get install chromium)"),
]


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The address of a desk over this database, in a process of its own."""
    code = f"from pathlib import Path; from crawler.publish.serve import serve; serve(Path({str(database)!r}), port=0)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[1].rstrip("/")
        server.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, address: str) -> Iterator[Page]:
    """A page that fails the test on a console error or on a request to another host."""
    page = browser.new_page(base_url=address)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if urlsplit(request.url).netloc == urlsplit(address).netloc else complaints.append(request.url)
        ),
    )
    yield page
    page.close()
    assert complaints == []
