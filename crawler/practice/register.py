"""The practice web's own register and manifest: its offices, and the records a perfect crawl would hold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crawler.practice import changes
from crawler.practice.site import BUNDLED, Site, read_sites


def offices(directories: Iterable[Path] = (BUNDLED,)) -> list[dict[str, Any]]:
    """The `[office]` tables of all sites in these folders, as `[[office]]` lines with their family."""
    return [dict(site.office) for site in read_sites(directories).values() if site.office]


def manifest(host: str, directories: Iterable[Path] = (BUNDLED,), after: Iterable[str] = ()) -> list[dict[str, Any]]:
    """What a perfect crawl holds of one host: url, addresses, slug, traps and the expected record of each story."""
    return records(_site(host, directories, after))


def records(site: Site) -> list[dict[str, Any]]:
    return [
        {
            "url": site.origin + site.path(story),
            "addresses": [site.origin + path for path in site.paths(story)],
            "slug": story.slug,
            "office": (site.office or {}).get("id"),
            "listed": story.listed,
            "traps": list(story.traps),
            "expected": story.record(),
        }
        for story in site.stories
        if story.status == 200
    ]


def outcomes(host: str, directories: Iterable[Path] = (BUNDLED,)) -> dict[str, str]:
    """The outcome each odd address of a host must end in (`[expect]`), by full address."""
    return ends(_site(host, directories, ()))


def ends(site: Site) -> dict[str, str]:
    """Of one site already read: what `outcomes` gives."""
    return {(site.origin + path if path.startswith("/") else path): word for path, word in site.expect.items()}


def _site(host: str, directories: Iterable[Path], after: Iterable[str]) -> Site:
    site = read_sites(directories)[host]
    for name in after:
        site = changes.after(site, name)
    return site
