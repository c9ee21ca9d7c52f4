"""A picture of a served page for the README: `python -m tests.publish.screenshot URL FILE [HEIGHT]`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=pl",
]


def take(url: str, file: Path, *, width: int = 1280, height: int = 1000) -> None:
    """Save what a reader sees first, as PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": height}, locale="pl-PL")
        page.goto(url, wait_until="networkidle")
        page.screenshot(path=file)
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1], Path(sys.argv[2]), height=int(sys.argv[3]) if len(sys.argv) > 3 else 1000)
