"""Turns a practice site into answers: which address shows what, rendered by the site's templates."""

from __future__ import annotations

import functools
import json
import mimetypes
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jinja2
from markupsafe import Markup

from crawler.practice import hostile, rest
from crawler.practice.answers import Answer, Query, Routes, split
from crawler.practice.days import FILTERS
from crawler.practice.site import EPOCH, TEMPLATES, Site, Static, Story, template_settings

HTML = "text/html"
BINARY = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".odt", ".zip", ".jpg", ".jpeg", ".png", ".gif")


class Pages:
    """All addresses of one site at one moment; answers are made once and kept, a change makes other `Pages`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._routes = Routes()
        self._made: dict[str, Answer] = {}
        self._files = tuple(site.addresses.get("files", ()))
        if site.template:
            self._templates = _environment(site.template)
            self._route_lists()
            self._route_feeds()
            self._route_stories()
        for page in site.pages:
            self._routes.add(page.path, functools.partial(self._static, page))

    def answer(self, target: str) -> Answer:
        """What this address (path and query) shows."""
        made = self._made.get(target)
        if made is None:
            made = self._answer(target)
            if len(self._made) < 5000:
                self._made[target] = made
        return made

    def _answer(self, target: str) -> Answer:
        if self.site.outage:
            return Answer(b"Service Unavailable\n", "text/plain", self.site.outage, {"Retry-After": "60"})
        path, query = split(target)
        maker = self._routes.find(path, query)
        if maker:
            return maker(query)
        if path == "/robots.txt":
            return self._robots()
        if self.site.addresses.get("rest") and self.site.listing.get("rest", True):
            answered = rest.answer(self.site, path, query)
            if answered is not None:
                status, headers, value = answered
                body = json.dumps(value, ensure_ascii=True).replace("/", "\\/").encode()
                return Answer(body, "application/json; charset=UTF-8", status, headers)
        return self._file(path) or self._missing()

    # --- addresses

    def _route_lists(self) -> None:
        addresses = self.site.addresses
        items = self.items()
        per_page = int(self.site.listing.get("per_page") or addresses.get("per_page", 10))
        pages = max(1, -(-len(items) // per_page))
        for start in addresses["lists"]:
            turned = [self._page_address(start, n, per_page) for n in range(1, pages + 1)]
            for n, address in enumerate(turned, 1):
                context = {
                    "items": items[(n - 1) * per_page : n * per_page],
                    "first": (n - 1) * per_page + 1,
                    "total": len(items),
                    "page": n,
                    "pages": pages,
                    "turned": turned,
                    "start": start,
                    "per_page": per_page,
                }
                self._routes.add(address, functools.partial(self._list, context))

    def _page_address(self, start: str, n: int, per_page: int) -> str:
        if n == 1:
            return start
        pattern = str(self.site.addresses["page"])
        return pattern.format(
            list=start, page=n, zero=n - 1, start=(n - 1) * per_page, size=per_page, instance=self.site.instance
        )

    def _route_feeds(self) -> None:
        addresses = self.site.addresses
        for name, on in (("feed", "rss.xml"), ("atom", "atom.xml"), ("sitemap", "sitemap.xml")):
            if addresses.get(name) and self.site.listing.get(name, True):
                kind = (
                    "application/xml" if name == "sitemap" else f"application/{'rss' if name == 'feed' else name}+xml"
                )
                for address in [addresses[name]] if isinstance(addresses[name], str) else addresses[name]:
                    self._routes.add(address, functools.partial(self._feed, on, f"{kind}; charset=utf-8"))

    def _route_stories(self) -> None:
        shared: dict[str, set[str]] = {}
        for story in self.site.stories:
            for address in self.site.paths(story):
                shared.setdefault(split(address)[0], set()).add(story.slug)
        for story in self.site.stories:
            for address in self.site.paths(story):
                path = split(address)[0]
                bare = len(shared[path]) == 1 and path not in self._routes
                self._routes.add(address, functools.partial(self._story, story), bare=bare)

    # --- what stands there

    def items(self) -> list[dict[str, Any]]:
        """What the list shows: stories, and odd pages that ask to be listed."""
        items = [
            {
                "url": self.site.path(story),
                "title": story.title,
                "day": story.day_in_list,
                "lead": story.lead,
                "story": story,
            }
            for story in self.site.listed()
        ]
        for page in self.site.pages:
            if page.listed:
                items.append({"url": page.path, "title": page.listed, "day": page.day, "lead": None, "story": None})
        return items

    def _list(self, context: Mapping[str, Any], _: Query) -> Answer:
        return self._page("list.html", context)

    def _story(self, story: Story, _: Query) -> Answer:
        if story.status != 200:
            return self._missing(story.status or 200)
        context = {"story": story, "here": self.site.path(story), "carousel": self.items()[:5]}
        return self._page("article.html", context, story=story)

    def _feed(self, name: str, content_type: str, _: Query) -> Answer:
        items = [item for item in self.items() if item["story"]]
        return Answer(self._render(name, {"items": items}).encode(), content_type, changed=self._changed(None))

    def _missing(self, status: int | None = None) -> Answer:
        if status is None:
            status = 200 if self.site.server.get("soft_404") else 404
        if not self.site.template:
            return Answer(b"<!DOCTYPE html><title>404</title><h1>404 Not Found</h1>\n", HTML, status)
        return self._page("missing.html", {}, status=status)

    def _page(self, name: str, context: Mapping[str, Any], *, status: int = 200, story: Story | None = None) -> Answer:
        own = story.extra if story else {}
        charset = str(own.get("charset", self.site.charset))
        said = own.get("header_charset", self.site.header_charset)
        said = charset if said is None else said
        meta = own.get("meta_charset", self.site.meta_charset)
        html = self._render(name, {**context, "meta_charset": charset if meta is None else meta})
        body = html.encode(charset, "xmlcharrefreplace")
        return Answer(body, f"{HTML}; charset={said}" if said else HTML, status, changed=self._changed(story))

    def _render(self, name: str, context: Mapping[str, Any]) -> str:
        site = self.site
        return self._templates.get_template(name).render(
            site=site, look=site.look, template=site.template, all_items=self.items, **context
        )

    def _changed(self, story: Story | None) -> datetime:
        """When the page last changed: its story's day, or the newest story's; later by a minute with each change."""
        days = [story.modified or story.published] if story else [one.published for one in self.site.stories]
        day = max((one for one in days if one), default=None)
        base = datetime.fromisoformat(f"{day[:10]}T06:00:00+00:00") if day else EPOCH
        return base + timedelta(minutes=self.site.revision)

    def _robots(self) -> Answer:
        server = self.site.server
        text = str(server.get("robots", "User-agent: *\nAllow: /\n"))
        if "crawl_delay" in server:
            text += f"Crawl-delay: {server['crawl_delay']}\n"
        if self.site.addresses.get("sitemap") and self.site.listing.get("sitemap", True):
            text += f"Sitemap: {self.site.origin}{self.site.addresses['sitemap']}\n"
        return Answer(text.encode(), "text/plain", int(server.get("robots_status", 200)))

    def _static(self, page: Static, query: Query) -> Answer:
        headers = dict(page.headers)
        if page.redirect:
            status = page.status if page.status != 200 else 302
            return Answer(b"", HTML, status, {**headers, "Location": _counted(page.redirect, page, query)})
        if page.generate:
            body, kind, made = hostile.MADE[page.generate]()
            return Answer(body, page.content_type or kind, page.status, {**made, **headers}, page.manner)
        if page.file:
            body = (self.site.folder / page.file).read_bytes()
        else:
            body = _counted(page.text or "", page, query).encode(self.site.charset)
        kind = page.content_type or self._type_of(page.file or "x.html")
        return Answer(body, kind, page.status, headers, page.manner, changed=self._changed(None))

    def _file(self, path: str) -> Answer | None:
        """A file of the site's folder (index.html for a folder), or a made-up attachment under a template's paths."""
        root = self.site.folder.resolve()
        try:
            file = (root / path.lstrip("/")).resolve()
            file = file / "index.html" if file.is_dir() else file
            found = file.is_relative_to(root) and file.is_file()
        except (OSError, ValueError):
            return None
        if found and file.name != "site.toml" and file.relative_to(root).parts[0] not in ("articles", "changes"):
            changed = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
            return Answer(file.read_bytes(), self._type_of(file.name), changed=changed)
        name = next((part for part in reversed(path.split("/")) if part.lower().endswith(BINARY)), None)
        if name and self._files and path.startswith(self._files):
            return Answer(*hostile.small_file(name), changed=EPOCH)
        return None

    def _type_of(self, name: str) -> str:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        said = self.site.header_charset if self.site.header_charset is not None else self.site.charset
        return f"{kind}; charset={said}" if kind.startswith("text/") and said else kind


def _counted(text: str, page: Static, query: Query) -> str:
    """An endless page counts on from the number it was asked for."""
    if not page.endless:
        return text
    asked = query.get(page.endless, "1")
    n = int(asked) if asked.isdecimal() and len(asked) < 10 else 1
    return text.replace("{n}", str(n)).replace("{next}", str(n + 1))


@functools.cache
def _environment(template: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES / folder for folder in _folders(template)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    environment.globals["raw"] = Markup
    return environment


def _folders(template: str) -> Iterator[str]:
    """The template's folder, those it builds on, and what all share."""
    while template:
        yield template
        template = template_settings(template).get("based_on", "")
    yield "shared"
