"""The practice web: all its sites on one local port, and what may happen to them between two crawls."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from crawler.practice import changes
from crawler.practice.pages import Pages
from crawler.practice.site import BUNDLED, Site, SiteError, read_sites
from crawler.practice.wire import Asked, Listener


class Web:
    """The practice web in a thread: `with Web([folder]) as web: … web.port`.

    Sites change between crawls through `edit`, `remove`, `add`, `outage` and `apply`.
    """

    def __init__(
        self,
        sites: Iterable[Path] = (BUNDLED,),
        port: int = 0,
        *,
        after: Iterable[str] = (),
        scale: float = 1.0,
        tied: bool = False,
    ) -> None:
        self.log: list[Asked] = []
        self._pages = {host: Pages(site) for host, site in read_sites(sites).items()}
        for name in after:
            self.apply(name)
        self._server = Listener(port, self.pages, self.log, scale=scale, tied=tied)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def hosts(self) -> list[str]:
        return list(self._pages)

    def __enter__(self) -> Web:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._thread:
            self._thread.join()

    def run(self) -> None:
        """Serve in this thread until interrupted (or, when tied, until the parent process is gone)."""
        try:
            self._server.serve_forever(0.5)
        finally:
            self._server.server_close()

    def pages(self, host: str) -> Pages | None:
        return self._pages.get(host.partition(":")[0].lower())

    def site(self, host: str) -> Site:
        return self._pages[host].site

    def requests(self, host: str | None = None) -> list[Asked]:
        """The log so far, of one host if named."""
        return [asked for asked in list(self.log) if host in (None, asked.host)]

    # --- what may happen to a site between two crawls

    def edit(self, host: str, slug: str, **change: Any) -> None:
        """Change a story: `replace=[(old, new)]` in its words, or any field by name (modified, title, attachments…)."""
        self._become(changes.edited(self.site(host), slug, **change))

    def remove(self, host: str, slug: str, status: int = 404) -> None:
        """Take a story away; 410 says so plainly, 0 answers with a soft 404."""
        self.edit(host, slug, status=status)

    def add(self, host: str, file: Path) -> None:
        """Publish one more story, read from a file outside the site's articles."""
        self._become(changes.added(self.site(host), file))

    def outage(self, host: str, status: int | None = 503) -> None:
        """Let the host answer every request with this status; None ends it."""
        self._become(changes.changed(self.site(host), outage=status))

    def apply(self, name: str) -> None:
        """Make the change `changes/<name>.toml` of every site that has one."""
        sites = [pages.site for pages in self._pages.values()]
        changed = [after for site in sites if (after := changes.after(site, name)) is not site]
        if not changed:
            raise SiteError(f"no practice site has changes/{name}.toml")
        for site in changed:
            self._become(site)

    def _become(self, site: Site) -> None:
        self._pages[site.host] = Pages(site)
