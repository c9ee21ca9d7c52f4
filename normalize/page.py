"""Bytes to one parsed tree, with what its head says: base, canonical link, language, metadata, JSON-LD."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from normalize import charset
from normalize.model import Capture, Unusable
from normalize.selectors import Index
from normalize.words import clean

MAX_BYTES = 2 * 1024 * 1024
MAX_TAGS = 50_000
MAX_ATTRIBUTES = 1_000
"""Of one tag: libxml2 compares each with all before it."""

_LONG_TAG = 8_000
_TAG = re.compile(rb"""<[a-zA-Z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""")
_QUOTED = re.compile(rb"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_ATTRIBUTE = re.compile(rb"[\s/]+[^\s/>]")
_UNSEEN = "".join(
    map(
        chr,
        (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF),
    )
)
_RELATIVE = re.compile(r"\s*(?![\w+.-]*:|//|#)\S")
# What joining leaves as it is, or puts behind the base's host: no dot segments, nothing to escape or to cut.
_ORIGIN = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?=[/?#]|$)")
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~%,=-][A-Za-z0-9_~%,=.-]*+)++/?")
_PLAIN_ADDRESS = re.compile(
    rf"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:{_PLAIN_PATH.pattern}|/)?(?:\?[A-Za-z0-9_=&%.-]++)?"
)
# Made once: it holds no page, and a new one for each costs a quarter of the parsing.
_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))


@dataclass(frozen=True, kw_only=True)
class Page:
    """One parsed page. `tree` is the <html> element; `meta` is keyed by lower-case name or property."""

    url: str
    base: str
    tree: HtmlElement
    charset: str
    language: str | None
    """Of <html lang>, two letters."""
    title: str | None
    """The whole <title>, cleaned."""
    meta: Mapping[str, str]
    links: Mapping[str, str]
    """rel -> absolute address, of the first canonical and the first shortlink."""
    linked_data: tuple[Mapping[str, Any], ...]
    """JSON-LD objects that describe an article, @graph and arrays unfolded."""
    index: Index = field(repr=False)

    def select(self, selector: str) -> list[HtmlElement]:
        """The elements a CSS selector finds, in document order."""
        return self.index.select(selector)

    def select_any(self, selectors: tuple[str, ...]) -> frozenset[HtmlElement]:
        """The elements that any of the CSS selectors finds."""
        return self.index.select_any(selectors)

    def join(self, href: str) -> str | None:
        """The absolute http(s) address of a link on this page, without its fragment; None for anything else.

        On a saved file of unknown origin a relative link stays as the page writes it.
        """
        found = absolute(self.base, href)
        if found is None and not self.base.startswith(("http://", "https://")) and _RELATIVE.match(href):
            found = clean(href).partition("#")[0] or None
        return found


def absolute(base: str, href: str) -> str | None:
    """`href` against `base`; None unless it leads to http or https."""
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    if _PLAIN_ADDRESS.fullmatch(href):
        return href
    if _PLAIN_PATH.fullmatch(href) and (origin := _origin(base)):
        return origin + href
    try:
        joined = urljoin(base, href)
        parts = urlsplit(joined)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return joined.partition("#")[0]


@functools.lru_cache(maxsize=64)
def _origin(base: str) -> str | None:
    """Scheme and host of an http(s) address."""
    match = _ORIGIN.match(base)
    return match.group() if match else None


def read(capture: Capture) -> Page:
    """Decode, check the caps, parse once. Raises Unusable for what cannot be read as a page."""
    body = capture.body
    if not body or body.isspace():
        raise Unusable("empty")
    if len(body) > MAX_BYTES:
        raise Unusable("too_large", f"{len(body)} bytes")
    text, name = charset.decode(body, capture.content_type)
    if b"\0" in body:  # looked for among bytes: every letter of a wide string has a zero byte
        text = text.replace("\0", "")
    for mark in "" if text.isascii() else _UNSEEN:
        if mark in text:
            text = text.replace(mark, "")
    source = text.encode("utf-8", "replace")
    _check_caps(source)
    tree = _parse(source)
    if tree is None:
        raise Unusable("not_html", "no element")
    return _described(capture.url, tree, name)


def _check_caps(source: bytes) -> None:
    tags = source.count(b"<") - source.count(b"</")
    if tags > MAX_TAGS:
        raise Unusable("too_complex", f"{tags} tags")
    if not tags:
        raise Unusable("not_html", "no tag")
    if source.count(b"=") > 10_000 or (len(source) > _LONG_TAG and max(map(len, source.split(b"<"))) > _LONG_TAG):
        for tag in _TAG.finditer(source):
            if tag.end() - tag.start() > MAX_ATTRIBUTES:
                number = len(_ATTRIBUTE.findall(_QUOTED.sub(b"", tag.group())))
                if number > MAX_ATTRIBUTES:
                    raise Unusable("too_complex", f"{number} attributes in one tag")


def _parse(source: bytes) -> HtmlElement | None:
    try:
        root = etree.fromstring(source, _PARSER)
    except etree.XMLSyntaxError:  # what is left when not one element was found
        return None
    return root if isinstance(root, HtmlElement) else None


def _described(url: str, tree: HtmlElement, name: str) -> Page:
    base, title = url, None
    meta: dict[str, str] = {}
    links: dict[str, str] = {}
    data: list[Mapping[str, Any]] = []
    index = Index.of(tree)
    for _, told in index.told("meta"):
        key = told.get("property") or told.get("name") or told.get("itemprop")
        content = told.get("content")
        if key and content:
            meta.setdefault(key.lower(), clean(content)[:2000])
    for _, told in index.told("link"):
        if href := told.get("href"):
            for rel in told.get("rel", "").lower().split():
                if rel in ("canonical", "shortlink"):
                    links.setdefault(rel, href)
    for element in index.select("title"):
        parent = element.getparent()
        if title is None and parent is not None and parent.tag == "head":
            title = clean(text_of(element))[:1000] or None
    for _, told in index.told("base"):
        base = absolute(url, told.get("href", "")) or base
    for element, told in index.told("script"):
        if "ld+json" in told.get("type", ""):
            data.extend(articles_of(element.text or ""))
    if not base.startswith(("http://", "https://")):
        base = next(
            (said for said in (links.get("canonical"), meta.get("og:url")) if said and absolute(said, said)), base
        )
    resolved = {rel: to for rel, href in links.items() if (to := absolute(base, href))}
    language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip().lower()[:2]
    return Page(
        url=url,
        base=base,
        tree=tree,
        charset=name,
        language=language or None,
        title=title,
        meta=meta,
        links=resolved,
        linked_data=tuple(data),
        index=index,
    )


def text_of(element: HtmlElement) -> str:
    """All the text inside an element; lxml's text_content() asks XPath for it, also where there is but one piece."""
    return element.text_content() if len(element) else element.text or ""


_ARTICLE_TYPES = frozenset({"article", "newsarticle", "blogposting", "reportagenewsarticle", "webpage", "itempage"})


def articles_of(script: str) -> Iterator[Mapping[str, Any]]:
    """The objects of one JSON-LD script that describe an article or its page, articles first; none if it is broken."""
    try:
        data = json.loads(script.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return
    found: list[tuple[bool, Mapping[str, Any]]] = []
    queue = [data]
    while queue and len(found) < 100:
        item = queue.pop(0)
        if isinstance(item, list):
            queue.extend(item[:1000])
        elif isinstance(item, dict):
            kinds = item.get("@type")
            names = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
            if names & _ARTICLE_TYPES:
                found.append((bool(names & {"webpage", "itempage"}), item))
            queue.extend(item[key] for key in ("@graph", "mainEntity") if isinstance(item.get(key), list | dict))
    yield from (item for _, item in sorted(found, key=lambda pair: pair[0]))
