"""Feeds: the bytes of RSS 2.0, RSS 1.0 (RDF) or Atom to teasers, in the feed's order."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Literal

from lxml import etree

from crawler.links import absolute
from crawler.listing import BadLink, LayoutChanged
from crawler.untrusted import local, parsed
from normalize.model import Teaser
from normalize.words import clean

MAX_BYTES = 8 * 1024 * 1024
MAX_ITEMS = 2_000
_MAX_TITLE = 500
_MAX_SUMMARY = 2_000

_ROOTS = {"rss", "feed", "rdf"}
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_POST_NUMBER = re.compile(r"[?&]p=(\d+)$")
"""WordPress writes the post's number into the guid of its feed."""


class FeedBroken(LayoutChanged):
    """The bytes are no feed that can be used. `reason`: too_large, not_a_feed, empty."""

    def __init__(self, url: str, reason: str, detail: str) -> None:
        super().__init__(url, "rss, feed, rdf", f"a feed ({reason}: {detail})", 0)
        self.reason = reason


def read(
    body: bytes, url: str, *, max_bytes: int = MAX_BYTES, max_items: int = MAX_ITEMS
) -> Iterator[Teaser | BadLink]:
    """The feed's items. Dates stay as printed; relative links are relative to the feed's own address `url`.

    Broken XML is read as far as it can be. Raises FeedBroken for HTML and other things that are no feed, for a feed
    without items, and for one over the caps; entities are never expanded and nothing is loaded from outside.
    """
    if len(body) > max_bytes:
        raise FeedBroken(url, "too_large", f"{len(body)} bytes, at most {max_bytes}")
    root = parsed(body)
    name = "" if root is None else local(root)
    if root is None or name not in _ROOTS:
        raise FeedBroken(url, "not_a_feed", f"root element '{name[:40]}'" if name else "no XML")
    items = [one for one in root.iter("{*}item", "{*}entry") if local(one) == ("entry" if name == "feed" else "item")]
    if len(items) > max_items:
        raise FeedBroken(url, "too_large", f"{len(items)} items, at most {max_items}")
    if not items:
        raise FeedBroken(url, "empty", "no item")
    for item in items:
        yield _teaser(item, url)


def _teaser(item: etree._Element, feed_url: str) -> Teaser | BadLink:
    fields: dict[str, etree._Element] = {}
    link: str | None = None
    for child in item:
        name = local(child)
        if name == "link":
            href = child.get("href")
            if href is None:
                link = link or _text(child) or None
            elif link is None or child.get("rel") == "alternate":
                link = href if child.get("rel") in (None, "alternate") else link
        elif child.prefix in (None, "dc", "dcterms", "atom", "a10"):
            fields.setdefault(name, child)
    guid = fields.get("guid", fields.get("id"))
    if link is None and guid is not None and guid.get("isPermaLink") != "false":
        link = _text(guid)
    link = link or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    url = absolute(feed_url, link)
    if url is None or "\ufffd" in url:
        return BadLink((link or "")[:_MAX_TITLE])
    number = _POST_NUMBER.search(_text(guid)) if guid is not None else None
    return Teaser(
        url=url,
        title=_words(fields, "title", limit=_MAX_TITLE),
        published_raw=_words(fields, "pubdate", "published", "issued", "date", limit=100),
        modified_raw=_words(fields, "updated", "modified", limit=100),
        summary=_words(fields, "description", "summary", limit=_MAX_SUMMARY),
        id=number[1] if number else None,
    )


def _words(fields: dict[str, etree._Element], *names: str, limit: int) -> str | None:
    """The first of these elements that says something, as text: its HTML, often escaped twice, is taken off."""
    for name in names:
        if name not in fields:
            continue
        text = clean(html.unescape(_TAG.sub(" ", html.unescape(_text(fields[name])))))
        if text and "\ufffd" not in text:
            return text[:limit]
    return None


def _text(node: etree._Element) -> str:
    """The node's text. XPath's string() would expand the feed's own entities; only HTML's names are replaced here."""
    parts: list[str] = []
    for one in node.iter():
        if isinstance(one, etree._Entity):
            parts.append(html5.get(f"{one.name};", ""))
        elif isinstance(one.tag, str):
            parts.append(_readable(one, "text"))
        if one is not node:
            parts.append(_readable(one, "tail"))
    return "".join(parts).strip()


def _readable(node: etree._Element, part: Literal["text", "tail"]) -> str:
    """Half a character (`&#xD800;`) gets past a forgiving parser and cannot be text: it counts as a mark for one."""
    try:
        said: str | None = getattr(node, part)
    except UnicodeDecodeError:
        return "\ufffd"
    return said or ""
