"""The simulated web: what each of its sites answers to a request at some instant, and what that answer shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

from crawler.practice.answers import Answer, split
from crawler.practice.pages import Pages
from crawler.practice.site import Site, Static, Story, template_settings
from tests.year.history import START, Event, Item
from tests.year.offices import Profile
from tests.year.told import Told

HTML = "text/html; charset=utf-8"
_MAINTENANCE = """<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"><title>Przerwa techniczna</title></head>
<body><h1>Przerwa techniczna</h1>
<p>Trwają prace serwisowe. Serwis jest chwilowo niedostępny, prosimy zajrzeć później.</p>
</body></html>"""
_CLASS = re.compile(r'(?<=\bclass=")[^"]+(?=")')
_STAYS = re.compile(r"date|data|publish|posted|time|info|full-content|journal-content-article")


@dataclass(frozen=True, kw_only=True)
class Design:
    """How a site looks for a time: what stands around its pages, how its template is set, how its articles are built.

    Lists keep the markup by which a family knows them: a list that cannot be read any more is `broken_list`.
    """

    above: str = ""
    below: str = ""
    look: Mapping[str, Any] = field(default_factory=dict)
    renamed: str = ""
    """The end of the class names in the pages of articles, so that no selector finds what it knew.

    Those of dates stay: where a page's own day cannot be read any more, the next reading of the list tells it, later.
    So does what Liferay itself writes, whatever the theme: the element with the number of the article.
    """


_DESIGNS = (
    Design(),
    Design(
        above='<div id="pasek-dostepnosci" class="top-bar"><ul class="ikony"><li><a href="#tresc">Przejdź do treści</a>'
        '</li><li><a href="/deklaracja">Deklaracja dostępności</a></li></ul></div><section class="uklad-nowy">',
        below='</section><div class="stopka-partnerzy"><p>Partnerzy serwisu</p><p>Nowa szata serwisu</p></div>',
        look={
            "menu": ["Dla mieszkańców", "Dla firm", "Aktualności", "Dokumenty", "Kontakt"],
            "attachments_heading": "Pliki do pobrania",
            "date_label": "Opublikowano:",
            "meta_author": "Redakcja serwisu",
            "title_suffix": False,
            "opengraph": True,
            "sidebar": False,
            "modified": False,
            "footer": "<p>Urząd czynny od poniedziałku do piątku w godzinach 7:30-15:30.</p>",
        },
    ),
    Design(
        above='<nav class="mega-menu"><ul><li><a href="/mapa">Mapa strony</a></li><li><a href="/bip">BIP</a></li>'
        '<li><a href="/rodo">RODO</a></li></ul></nav><div class="tlo"><div class="tlo-srodek">',
        below='</div></div><footer class="stopka-druga"><p>Biuletyn Informacji Publicznej</p></footer>',
        look={
            "today": "imieniny obchodzą dziś Anna i Jan",
            "beside": "<h3>Na skróty</h3><ul><li><a href='/formularze'>Formularze</a></li></ul>",
            "page_title_twice": True,
            "after_article": '<p class="udostepnij">Udostępnij tę wiadomość znajomym</p>',
            "sidebar_dates": True,
            "modified": True,
        },
        renamed="-2026",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What an answer shows, whatever its bytes."""

    kind: str
    """article, missing, list, robots, redirect, same (a 304), trouble, maintenance, broken."""
    item: int | None = None
    told: Told | None = None
    id: int | None = None
    """The number of the content system that the article's page gives."""
    items: tuple[int, ...] = ()
    """Articles that a list names."""
    addresses: tuple[str, ...] = ()
    """Their addresses, as the list gives them."""
    page: int = 1
    how: str = ""
    changed: bool = False
    """A 304 that is not true."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    shown: Shown
    dropped: bool = False
    """The connection is closed instead of an answer."""


@dataclass
class SimulatedSite:
    """One office's site; it is asked in the order of time."""

    profile: Profile
    events: Sequence[Event]
    items: dict[int, Item] = field(default_factory=dict)
    _next: int = 0
    _design: int = 0
    _changed: datetime = START
    _pinned: list[int] = field(default_factory=list)
    _reordered: bool = False
    _lying: bool = False
    _troubles: list[Event] = field(default_factory=list)
    _pages: Pages | None = None
    _fixed: Site | None = None
    _lists: dict[tuple[str, str], int] = field(default_factory=dict)
    _at: dict[tuple[str, str], Item] = field(default_factory=dict)
    _given: dict[tuple[str, str], Shown] = field(default_factory=dict)
    """What was shown at an address, by the validator that was given: what a 304 claims to be so still."""

    def answer(self, target: str, headers: Mapping[str, str], at: datetime) -> Reply:
        """`headers`: names in small letters."""
        self._bring_up_to(at)
        trouble = next((one.kind for one in self._troubles), "")
        how = next((one.how for one in self._troubles if one.kind == "outage"), "")
        if trouble == "outage" and how:
            return _plain(int(how) if how.isdigit() else 0, Shown(kind="trouble", how=how), dropped=how == "dropped")
        if target == "/robots.txt":
            down = any(one.kind == "robots_down" for one in self._troubles)
            return _plain(503 if down else 200, Shown(kind="robots", how="down" if down else ""), _ROBOTS)
        if any(one.kind == "maintenance" for one in self._troubles):
            return _plain(200, Shown(kind="maintenance"), _MAINTENANCE.encode(), HTML)
        made = self._made().answer(target)
        shown = self._shown(target, made)
        body = self._dressed(made, shown, at)
        if shown.kind == "list" and any(one.kind == "broken_list" for one in self._troubles):
            body = re.sub(rb"<a\b[^>]*>|<item\b|\"link\":", b"<span>", body)
            shown = Shown(kind="broken")
        return self._given_to(target, headers, at, made, shown, body)

    def _given_to(
        self, target: str, headers: Mapping[str, str], at: datetime, made: Answer, shown: Shown, body: bytes
    ) -> Reply:
        out = {"Content-Type": made.content_type or HTML, **made.headers}
        digest = hashlib.sha256(body).hexdigest()
        if made.status == 200 and shown.kind != "redirect":
            if self.profile.validators in ("etag", "both"):
                out["ETag"] = f'"{digest[:20]}"'
            if self.profile.validators in ("modified", "both"):
                out["Last-Modified"] = format_datetime(self._changed, usegmt=True)
            asked = headers.get("if-none-match") or headers.get("if-modified-since")
            if asked and (self._lying or self._fresh(headers, out)):
                before = self._given.get((target, asked), shown)
                claimed = replace(before, kind="same", changed=before != shown)
                return Reply(status=304, headers={}, body=b"", shown=claimed)
            for name in ("ETag", "Last-Modified"):
                if name in out:
                    self._given[target, out[name]] = shown
        return Reply(status=made.status, headers=out, body=body, shown=shown)

    def _fresh(self, headers: Mapping[str, str], out: Mapping[str, str]) -> bool:
        tag = headers.get("if-none-match")
        if tag is not None:
            return tag == out.get("ETag")
        since = headers.get("if-modified-since")
        return since is not None and "Last-Modified" in out and self._changed <= parsedate_to_datetime(since)

    def address(self, item: Item) -> str:
        """Where this article stands, without scheme and host."""
        if self._fixed is None:
            self._fixed = self._site()
        return self._fixed.path(_story(item))

    def list_pages(self, at: datetime) -> int:
        """How many pages its list has."""
        self._bring_up_to(at)
        return max(1, -(-sum(item.gone is None for item in self.items.values()) // self.profile.list_size))

    # --- the state

    def _bring_up_to(self, at: datetime) -> None:
        while self._next < len(self.events) and self.events[self._next].at <= at:
            self._apply(self.events[self._next])
            self._next += 1
        self._troubles = [one for one in self._troubles if one.until is None or one.until > at]

    def _apply(self, event: Event) -> None:
        self._changed = max(self._changed, event.at)
        self._pages = None
        if event.kind == "pinned":
            self._pinned = [event.number]
        elif event.item is not None:
            self.items[event.number] = event.item
        elif event.kind == "redesigned":
            self._design = (self._design + 1) % len(_DESIGNS)
        elif event.kind == "reordered":
            self._reordered = True
        elif event.kind == "lying":
            self._lying = True
        else:
            self._troubles.append(event)

    def _made(self) -> Pages:
        if self._pages is None:
            site = self._site()
            self._pages = Pages(site)
            self._lists = {
                _spot(self._pages._page_address(start, number, self.profile.per_page)): number
                for start in site.addresses["lists"]
                for number in range(1, len(self.items) // self.profile.per_page + 2)
            }
            self._at = {_spot(site.path(_story(item))): item for item in self.items.values() if item.gone is None}
        return self._pages

    def _site(self) -> Site:
        profile = self.profile
        addresses = {**template_settings(profile.template)["addresses"], **profile.addresses}
        items = sorted(self.items.values(), key=lambda item: item.number)
        if self._reordered:
            items.sort(key=lambda item: hashlib.sha256(item.slug.encode()).hexdigest())
        site = Site(
            host=profile.host,
            folder=Path(),
            template=profile.template,
            office=profile.line,
            server={"soft_404": profile.soft_404},
            listing={
                "per_page": profile.per_page,
                "order": "file" if self._reordered else "published",
                "pinned": [self.items[number].slug for number in self._pinned],
                **profile.listing,
            },
            addresses=addresses,
            look={"instance": "aB3dE5", "group": "20123", **profile.look, **_DESIGNS[self._design].look},
            stories=tuple(_story(item, profile.dated) for item in items if item.gone != "redirect"),
        )
        return replace(site, pages=tuple(self._redirects(site)))

    def _redirects(self, site: Site) -> Iterable[Static]:
        for item in self.items.values():
            here = site.path(_story(item))
            for slug, number, redirects in item.former:
                old = site.path(_story(replace(item, slug=slug, id=number)))
                if redirects and split(old)[0] != split(here)[0]:
                    yield Static(path=old, redirect=here, status=301)
            if item.gone == "redirect":
                yield Static(path=here, redirect=self.profile.list_path, status=302)

    def _dressed(self, made: Answer, shown: Shown, at: datetime) -> bytes:
        """The page in the site's present design, with its counter."""
        if "html" not in (made.content_type or "") or b"</body>" not in made.body:
            return made.body
        design = _DESIGNS[self._design]
        page, below = made.body.decode(), design.below
        if shown.kind == "article" and design.renamed:
            page = _CLASS.sub(lambda names: _renamed(names[0], design.renamed), page)
        if self.profile.counter:
            visits = int((at - START).total_seconds() // 60) * 3 + 11_000
            below += f'<div class="licznik">Licznik odwiedzin: {visits}</div>'
        page = re.sub(r"<body[^>]*>", lambda found: found[0] + design.above, page, count=1)
        return page.replace("</body>", below + "</body>").encode()

    # --- what it shows

    def _shown(self, target: str, made: Answer) -> Shown:
        if 300 <= made.status < 400:
            return Shown(kind="redirect", how=made.headers.get("Location", ""))
        site = self._made().site
        page = self._list_page(site, target)
        if page is not None and made.status == 200:
            stories = site.listed()
            if "/wp/v2/" in target:
                stories = sorted(stories, key=lambda story: story.published or "", reverse=True)
            per_page = 100 if "/wp/v2/" in target else self.profile.per_page
            some = stories[(page - 1) * per_page : page * per_page]
            return Shown(
                kind="list",
                items=tuple(story.number for story in some),
                addresses=tuple(site.path(story) for story in some),
                page=page,
            )
        item = self._at.get(_spot(target))
        if item is not None and made.status == 200:
            return Shown(kind="article", item=item.number, told=item.told, id=item.id)
        how = str(made.status) if made.status != 200 else "soft_404"
        return Shown(kind="missing", how=how)

    def _list_page(self, site: Site, target: str) -> int | None:
        """The number of the list page at this address, None when it is no list."""
        if "/wp/v2/posts" in target:
            if not self.profile.listing.get("rest", True):
                return None
            return int(split(target)[1].get("page", "1"))
        return self._lists.get(_spot(target))


@dataclass
class SimulatedWeb:
    """All sites."""

    sites: Mapping[str, SimulatedSite]
    watch: Callable[[str, str, Mapping[str, str], datetime, Reply], None] | None = None
    """Is told of each request and its answer."""

    def list_pages(self, at: datetime) -> dict[str, int]:
        """Office -> pages of its list."""
        return {site.profile.id: site.list_pages(at) for site in self.sites.values()}

    def answer(self, host: str, target: str, headers: Mapping[str, str], at: datetime) -> Reply:
        reply = self.sites[host].answer(target, headers, at)
        if self.watch is not None:
            self.watch(host, target, headers, at, reply)
        return reply


_ROBOTS = b"User-agent: *\nAllow: /\n"


def _plain(status: int, shown: Shown, body: bytes = b"", kind: str = "text/plain", *, dropped: bool = False) -> Reply:
    return Reply(status=status, headers={"Content-Type": kind}, body=body, shown=shown, dropped=dropped)


def _renamed(names: str, end: str) -> str:
    return " ".join(name if _STAYS.search(name.lower()) else name + end for name in names.split())


def _spot(target: str) -> tuple[str, str]:
    """An address without scheme and host, its parameters in order."""
    path, query = split(target)
    return path, repr(sorted(query.items()))


def _story(item: Item, dated: str = "both") -> Story:
    told = item.told
    return Story(
        number=item.number,
        slug=item.slug,
        id=item.id,
        title=told.title,
        body=told.body(""),
        published=f"{told.published.isoformat()}T{item.time}",
        published_in=dated,
        modified=item.modified.isoformat()[:16] if item.modified else None,
        status={None: 200, "404": 404, "410": 410, "soft_404": 0, "redirect": 404}[item.gone],
        attachments=tuple(
            {"name": name, "label": label, "href": f"/pliki/{item.number}/{name}"} for name, label in told.files
        ),
    )
