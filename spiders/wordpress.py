"""WordPress: its REST list, else its feed, else its pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from parsel import Selector
from scrapy.http import TextResponse
from w3lib.html import remove_tags, replace_entities

from crawler import feeds
from crawler.links import absolute, next_page, page_base, page_count
from crawler.listing import Announced, BadLink, Further, LayoutChanged, Listed
from crawler.select import items, text_of
from crawler.spider import NewsSpider
from normalize.model import Office, Teaser
from normalize.words import clean

_ITEMS = "article, .type-post, .hentry, li.wp-block-post, .post-item, .news-item"
_LINKS = ":is(.entry-title, .post-title, h1, h2, h3, h4) a[href], a[href]:has(h2, h3, h4), a[rel~=bookmark][href]"
_DATES = "time.published, time.entry-date, time, div.data, span.pe-creation-date, .entry-date, .post-date, .posted-on"
_SUMMARIES = ".entry-summary, .excerpt, .post-excerpt, .wp-block-post-excerpt__excerpt, .entry-content p"
_PAGERS = ".pagination a, .nav-links a, .wp-pagenavi a, .page-numbers a, a.page-numbers, .nav-previous a, .pager a"
_COUNTERS = ".wp-pagenavi .pages, .pagination, .nav-links, .pager"
_PAGE = re.compile(r"(?:/(?:page|strona)/|[?&]paged?=)(\d+)")


class WordPressSpider(NewsSpider):
    """Marshal offices, regional social-policy centres and portals on WordPress."""

    name = "wordpress"

    def teasers(self, response: TextResponse, office: Office) -> Iterator[Listed]:
        """One answer of the REST root, one feed, or one page of the list."""
        parts = urlsplit(response.url)
        rest = "/wp/v2/" in parts.path or "rest_route=" in parts.query
        feed = parts.path.rstrip("/").endswith("/feed") or "feed=" in parts.query
        if office.feed and (rest or (feed and parts.path != urlsplit(office.feed).path)):
            raise LayoutChanged(response.url, "feed", f"the section's own list, {office.feed}", 0)
        if rest:
            listed: Iterable[Listed] = _rest(response)
        elif feed:
            listed = feeds.read(response.body, response.url)
        else:
            listed = _page(response)
        yield from _without_twins(listed)


def _rest(response: TextResponse) -> Iterator[Listed]:
    """`[]` with status 200, an error object and an HTML page are all no list: the next way is tried."""
    try:
        posts = json.loads(response.text.lstrip("\ufeff \r\n\t"))
    except (ValueError, RecursionError) as error:
        raise LayoutChanged(response.url, "REST", "a JSON list of posts", 0) from error
    if not isinstance(posts, list) or not posts or not all(isinstance(post, dict) for post in posts):
        raise LayoutChanged(response.url, "REST", "a JSON list of posts", 0)
    total, pages = (_number(response, name) for name in ("X-WP-Total", "X-WP-TotalPages"))
    if total is not None:
        yield Announced(total, pages)
    for post in posts:
        url = absolute(response.url, _string(post.get("link")))
        if url is None:
            yield BadLink(str(post.get("link") or post.get("id"))[:500])
            continue
        yield Teaser(
            url=url,
            title=_rendered(post.get("title")),
            published_raw=_string(post.get("date")),
            modified_raw=_string(post.get("modified")),
            summary=_rendered(post.get("excerpt")),
            id=str(post["id"]) if isinstance(post.get("id"), int) else None,
        )
    query = dict(parse_qsl(urlsplit(response.url).query))
    page = int(query["page"]) if query.get("page", "").isdecimal() else 1
    if pages is not None and page < pages:
        yield Further(urlsplit(response.url)._replace(query=urlencode(query | {"page": page + 1}, safe=",/")).geturl())


def _page(response: TextResponse) -> Iterator[Listed]:
    base = page_base(response)
    found: set[str] = set()
    for item in items(response, _ITEMS):
        link = _link(item)
        if link is None:
            continue
        url = absolute(base, link.attrib["href"])
        if url is None:
            yield BadLink(link.attrib["href"][:500])
            continue
        if url in found:
            continue
        found.add(url)
        date = item.css(_DATES)
        yield Teaser(
            url=url,
            title=text_of(link) or link.attrib.get("title") or None,
            published_raw=text_of(date) or date.attrib.get("datetime") or None,
            summary=text_of(item.css(_SUMMARIES)) or None,
        )
    if not found:
        raise LayoutChanged(response.url, f":is({_ITEMS}) a", "at least one", 0)
    further = next_page(response, response.css(f"{_PAGERS}, link[rel=next]"), _PAGE)
    if further:
        yield further
    told = page_count(response, _COUNTERS)
    if told:
        yield told


def _link(item: Selector) -> Selector | None:
    links = item.css(_LINKS)
    return next((link for link in links if text_of(link)), links[0] if links else None)


def _without_twins(listed: Iterable[Listed]) -> Iterator[Listed]:
    """Drops `?lang=` addresses whose article is in the same list without it: machine translations."""
    held = list(listed)
    addresses = {one.url for one in held if isinstance(one, Teaser)}
    for one in held:
        if isinstance(one, Teaser):
            plain = _without_language(one.url)
            if plain != one.url and plain in addresses:
                continue
        yield one


def _without_language(url: str) -> str:
    parts = urlsplit(url)
    if "lang=" not in parts.query:
        return url
    kept = [pair for pair in parts.query.split("&") if not pair.startswith("lang=")]
    return parts._replace(query="&".join(kept)).geturl()


def _number(response: TextResponse, header: str) -> int | None:
    value = (response.headers.get(header) or b"").strip()
    return int(value) if value.isdigit() else None


def _string(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _rendered(field: Any) -> str | None:
    text = field.get("rendered") if isinstance(field, dict) else field
    return clean(replace_entities(remove_tags(text))) or None if isinstance(text, str) else None
