"""The practice web as `wiesci demo` needs it: in a process of its own, with its register and what to expect of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scrapy.settings import Settings

from crawler.archive import Archive
from crawler.crawling import practice_settings, settings_with
from crawler.database import open_for_reading
from crawler.folder import ARCHIVE, NEWS
from crawler.outcomes import CONFIRMING
from crawler.practice.register import ends
from crawler.practice.site import BUNDLED, SiteError, read_sites


class PracticeWeb:
    """Serves the bundled sites, and those of further folders, while the block lasts.

    Its process ends with this one, however this one ends.
    """

    def __init__(self, sites: tuple[Path, ...] = (), after: tuple[str, ...] = (), *, scale: float = 0.1) -> None:
        self._folders = (BUNDLED, *sites)
        self._after = after
        self._scale = scale
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        for folder in sites:
            if not read_sites([folder]):
                raise SiteError(f"{folder}: no practice site here; one is a folder <host>.test with a site.toml")
        served = [site for site in read_sites(self._folders).values() if site.office]
        self.offices: list[dict[str, Any]] = [dict(site.office or {}) for site in served]
        self.expected = {url: word for site in served for url, word in ends(site).items()}
        """Address -> the word in which it must end, for every address of which a manifest says so."""
        self.hostile = tuple(str((site.office or {})["id"]) for site in served if site.hostile)
        """Offices judged by the ends of their addresses, not by how well they went."""

    @property
    def settings(self) -> Settings:
        return settings_with(practice_settings(self.port))

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "crawler.practice", "--tied", "--scale", str(self._scale)]
        for folder in self._folders[1:]:
            command += ["--sites", str(folder)]
        for name in self._after:
            command += ["--after", name]
        # Ctrl-C is meant for the crawl, which ends in order; in a group of its own the web is there until it has.
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, process_group=0)
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        if not first.startswith("port="):
            self._process.wait()
            raise SiteError("the practice web did not start; its reason stands above")
        self.port = int(first.removeprefix("port="))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()


def unexpected(data: Path, web: PracticeWeb) -> list[str]:
    """Addresses of the practice web that ended otherwise than their manifest says, a line each."""
    news = open_for_reading(data / NEWS)
    try:
        understood = dict(news.execute("SELECT capture, outcome FROM understood"))
    finally:
        news.close()
    lines = []
    with Archive.open(data / ARCHIVE) as archive:
        for url, word in web.expected.items():
            visits = archive.visits(url)
            ended = _end([visit for visit in visits if visit["url"] == url] or visits, understood)
            if ended != word:
                lines.append(f"{url}: expected {word}, ended as {ended}")
    return lines


def _end(visits: list[dict[str, Any]], understood: dict[int, str]) -> str:
    """The word in which the last attempt ended; where a page was kept, what it was understood to be."""
    if not visits:
        return "never asked for"
    last = visits[-1]
    if last["outcome"] not in CONFIRMING:
        return str(last["outcome"])
    outcome = understood.get(last["capture"], "stored" if last["purpose"] == "list" else "not understood")
    return "stored" if outcome == "article" else outcome
