"""What a site's own sitemaps name that no list of the office has named."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from crawler import sitemaps
from crawler.directives import kept_robots
from crawler.listing import BadLink
from crawler.run import Run
from crawler.sitemaps import Named
from normalize.identity import address, same_office
from normalize.model import Office, Teaser

_AT_ONCE = 500
"""Addresses that are looked up before the reactor's other work goes on."""
_KEPT = timedelta(days=2)


def of_robots(run: Run, office: Office) -> list[str]:
    """The sitemaps that the robots.txt of this office's site names; none for an office that is one section of it.

    The whole site's sitemap says nothing of whose an article is.
    """
    if run.register.families[office.family].sitemaps is None or office.feed or len(run.register.at(office.url)) > 1:
        return []
    parts = urlsplit(office.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    _, text = kept_robots(run.archive, origin, run.now() - _KEPT, run.now()) or (None, None)
    return sitemaps.of_robots(text, f"{origin}/robots.txt") if text else []


async def read(run: Run, body: bytes, url: str, office: Office) -> tuple[list[str], list[Teaser], list[str]]:
    """Of one sitemap: the further ones it names, this office's articles nothing has named yet, links that are none.

    Raises SitemapBroken.
    """
    found = await asyncio.to_thread(_named, run, body, url, office)
    further = [one.url for one in found if isinstance(one, Named) and one.sitemap]
    broken = [one.raw for one in found if isinstance(one, BadLink)]
    articles = [one.url for one in found if isinstance(one, Named) and not one.sitemap]
    new: dict[str, Teaser] = {}
    for number, where in enumerate(articles):
        if not number % _AT_ONCE:
            await asyncio.sleep(0)
        compared = address(where)
        if compared not in new and not run.frontier.known(compared):
            new[compared] = Teaser(url=where)
    return further, list(new.values()), broken


def _named(run: Run, body: bytes, url: str, office: Office) -> Sequence[Named | BadLink]:
    """Indexes, articles of this office and broken links; a sitemap of other things names no article."""
    rule = run.register.families[office.family].sitemaps
    assert rule is not None
    wanted = rule.names_articles(url)
    return [
        one
        for one in sitemaps.read(body, url)
        if isinstance(one, BadLink)
        or one.sitemap
        or (wanted and rule.is_article(one.url) and same_office(one.url, office.url, office))
    ]
