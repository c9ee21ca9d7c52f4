"""Sitemaps: their bytes to the addresses they name; robots.txt to the addresses of sitemaps."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from protego import Protego
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError

from crawler.links import absolute
from crawler.listing import BadLink, LayoutChanged
from crawler.receiving import GZIP, gunzipped
from crawler.untrusted import local, parsed

MAX_BYTES = 16 * 1024 * 1024
MAX_NAMED = 50_000
"""As many addresses as the sitemap protocol lets one file name."""
MOST_FILES = 50
"""Of one office, in one walk."""
_MAX_SHOWN = 500


@dataclass(frozen=True)
class Named:
    """An address that a sitemap names."""

    url: str
    sitemap: bool
    """It is another sitemap, named by an index."""


class SitemapBroken(LayoutChanged):
    """The bytes are no sitemap that can be used. `reason`: too_large, not_a_sitemap, decode_error."""

    def __init__(self, url: str, reason: str, detail: str) -> None:
        super().__init__(url, "urlset, sitemapindex", f"a sitemap ({reason}: {detail})", 0)
        self.reason = reason


def read(body: bytes, url: str, *, max_bytes: int = MAX_BYTES, max_named: int = MAX_NAMED) -> Iterator[Named | BadLink]:
    """What the sitemap of this address names, in its order, each address once; gzip is unpacked.

    Its `lastmod` is left alone: it is the day of a template as often as the article's. Raises SitemapBroken for HTML
    and other things that are no sitemap and for one over the caps; entities are never expanded and nothing is loaded
    from outside. An empty sitemap names nothing, which is no fault.
    """
    if body.startswith(GZIP):
        try:
            body = gunzipped(body, max_bytes)
        except IgnoreRequest as error:
            raise SitemapBroken(url, "too_large", f"more than {max_bytes} bytes when unpacked") from error
        except (ResponseDataLossError, zlib.error) as error:
            raise SitemapBroken(url, "decode_error", str(error)) from error
    if len(body) > max_bytes:
        raise SitemapBroken(url, "too_large", f"{len(body)} bytes, at most {max_bytes}")
    root = parsed(body)
    name = "" if root is None else local(root)
    if root is None or name not in ("urlset", "sitemapindex"):
        raise SitemapBroken(url, "not_a_sitemap", f"root element '{name[:40]}'" if name else "no XML")
    index = name == "sitemapindex"
    entries = [one for one in root.iter("{*}sitemap" if index else "{*}url") if one.getparent() is root]
    if len(entries) > max_named:
        raise SitemapBroken(url, "too_large", f"{len(entries)} addresses, at most {max_named}")
    named: set[str] = set()
    for entry in entries:
        written = next((_said(child) for child in entry if local(child) == "loc"), "")
        where = absolute(url, written)
        if where is None or "\ufffd" in where:
            yield BadLink(written[:_MAX_SHOWN])
        elif where not in named:
            named.add(where)
            yield Named(url=where, sitemap=index)


def of_robots(text: str, url: str) -> list[str]:
    """The sitemaps that a robots.txt names, as many as are read of one office; `url` is its own address."""
    found = (absolute(url, written) for written in Protego.parse(text).sitemaps)
    return list(dict.fromkeys(one for one in found if one))[:MOST_FILES]


def _said(node: object) -> str:
    """Half a character (`&#xD800;`) gets past a forgiving parser and cannot be text."""
    try:
        text: str | None = getattr(node, "text", None)
    except UnicodeDecodeError:
        return "\ufffd"
    return (text or "").strip()
