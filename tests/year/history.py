"""What happens in a year, by a seed: articles are published, edited, moved and taken down, sites are in trouble."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.year.offices import Profile
from tests.year.told import Author, Told

START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

EDITS = (
    "text",
    "title",
    "deadline_extended",
    "amount_changed",
    "attachment_added",
    "attachment_removed",
    "date_corrected",
)
MOVES = ("redirected", "renamed", "rebuilt")
"""Ways to another address: the old one redirects; or is gone, the article's number staying; or not even that."""
TROUBLES = ("outage", "maintenance", "robots_down", "broken_list")
SILENT = ("redesigned", "reordered", "pinned", "lying")
"""Changes of a site that are no change of any article."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One article of a site, as it stands at some instant."""

    number: int
    id: int
    slug: str
    told: Told
    time: str
    """Hour and minute at which it was published, "10:25"."""
    modified: datetime | None = None
    gone: str | None = None
    """How it answers since it was taken down: 404, 410, soft_404 or redirect."""
    former: tuple[tuple[str, int, bool], ...] = ()
    """Addresses it had: slug, id, and whether they redirect to the present one."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at an office."""

    at: datetime
    office: str
    kind: str
    item: Item | None = None
    """The article as it is from then on."""
    until: datetime | None = None
    """When a site's trouble ends."""
    how: str = ""

    @property
    def number(self) -> int:
        assert self.item is not None
        return self.item.number


@dataclass
class _Plan:
    """Happenings of one office in the order of time; those to come may be added while it is told."""

    chance: random.Random
    waiting: list[tuple[datetime, int, Callable[[datetime], Event | None]]] = field(default_factory=list)
    _count: Iterator[int] = field(default_factory=itertools.count)

    def add(self, at: datetime, happening: Callable[[datetime], Event | None]) -> None:
        heapq.heappush(self.waiting, (at.replace(microsecond=0), next(self._count), happening))


class Past:
    """The history of one office: `events`, in order; those before START are its backlog."""

    def __init__(self, profile: Profile, seed: int, number: int, days: int) -> None:
        self._profile = profile
        self._number = number + 1
        self._chance = random.Random(f"{seed} {profile.host}")
        self._author = Author(self._chance, number + 1)
        self._items: dict[int, Item] = {}
        self._end = START + days * DAY
        self._plan = _Plan(self._chance)
        self.events: list[Event] = []
        self._publications()
        self._site()
        while self._plan.waiting:
            at, _, happening = heapq.heappop(self._plan.waiting)
            if at < self._end and (event := happening(at)) is not None:
                self.events.append(event)

    # --- articles

    def _publications(self) -> None:
        chance, profile = self._chance, self._profile
        for _ in range(profile.backlog):
            self._plan.add(self._in_hours(START - chance.uniform(1, 500) * DAY), self._publish)
        day = START
        while day < self._end:
            if day.weekday() < 5 and chance.random() < profile.pace:
                for _ in range(1 + (chance.random() < 0.15)):
                    self._plan.add(self._in_hours(day), self._publish)
            day += DAY

    def _in_hours(self, day: datetime) -> datetime:
        return day.replace(hour=0, minute=0, second=0) + timedelta(seconds=self._chance.randint(7 * 3600, 15 * 3600))

    def _publish(self, at: datetime) -> Event:
        chance, number = self._chance, len(self._items) + 1
        told = self._author.write(at.date(), call=chance.random() < 0.45)
        item = Item(
            number=number,
            id=self._number * 100_000 + 7 * number,
            slug=f"wiadomosc-{number}",
            told=told,
            time=f"{at:%H:%M}",
        )
        self._items[number] = item
        self._edits(at, item)
        self._ends(at, item)
        return Event(at=at, office=self._profile.id, kind="published", item=item)

    def _edits(self, at: datetime, item: Item) -> None:
        chance, told = self._chance, item.told
        planned: list[tuple[float, str]] = []
        if chance.random() < 0.3:
            planned.append((chance.uniform(0.01, 3), "text"))
        if chance.random() < 0.2:
            planned.append((chance.uniform(2, 60), "text"))
        if chance.random() < 0.05:
            planned.append((chance.uniform(0.02, 20), "title"))
        if chance.random() < 0.06:
            planned.append((chance.uniform(0.02, 10), "date_corrected"))
        if chance.random() < 0.15:
            planned.append((chance.uniform(0.02, 30), "attachment_added"))
        if told.closes and chance.random() < 0.35:
            left = (told.closes - told.published).days
            planned.append((left - chance.uniform(0.2, 4), "deadline_extended"))
        if told.zlotys and chance.random() < 0.15:
            planned.append((chance.uniform(0.5, 25), "amount_changed"))
        if told.files and chance.random() < 0.08:
            planned.append((chance.uniform(5, 90), "attachment_removed"))
        if chance.random() < 0.04:
            planned.append((chance.uniform(100, 400), "text"))
        for days, kind in planned:
            self._plan.add(at + days * DAY, self._later(item.number, kind))

    def _ends(self, at: datetime, item: Item) -> None:
        chance = self._chance
        fate = chance.random()
        when = at + chance.choice((chance.uniform(0.02, 2), chance.uniform(1, 30), chance.uniform(20, 400))) * DAY
        if fate < 0.09:
            self._plan.add(when, lambda now: self._vanish(now, item.number))
        elif fate < 0.16:
            self._plan.add(when, lambda now: self._move(now, item.number))

    def _later(self, number: int, kind: str) -> Callable[[datetime], Event | None]:
        return lambda now: self._edit(now, number, kind)

    def _edit(self, at: datetime, number: int, kind: str) -> Event | None:
        item, author = self._items[number], self._author
        told = item.told
        if item.gone or at < START:
            return None
        if kind == "text":
            place = self._chance.randrange(1, len(told.paragraphs))
            changed = (*told.paragraphs[:place], author.sentence(), *told.paragraphs[place + 1 :])
            told = replace(told, paragraphs=changed)
        elif kind == "title":
            told = replace(told, title=author.title(told))
        elif kind == "date_corrected":
            told = replace(told, published=told.published - self._chance.randint(1, 4) * DAY)
        elif kind == "attachment_added":
            told = replace(told, files=(*told.files, author.file()))
        elif kind == "attachment_removed" and told.files:
            told = replace(told, files=told.files[:-1])
        elif kind == "deadline_extended" and told.closes:
            told = replace(told, closes=author.longer(told))
        elif kind == "amount_changed" and told.zlotys is not None:
            told = replace(told, zlotys=author.zlotys(told))
        else:
            return None
        return self._become(at, kind, replace(item, told=told, modified=at))

    def _move(self, at: datetime, number: int) -> Event | None:
        item = self._items[number]
        if item.gone or at < START:
            return None
        kind = self._chance.choice(MOVES)
        moved = replace(
            item,
            slug=f"{item.slug}-pod-nowym-adresem",
            id=item.id + 1 if kind == "rebuilt" else item.id,
            former=(*item.former, (item.slug, item.id, kind == "redirected")),
        )
        return self._become(at, kind, moved)

    def _vanish(self, at: datetime, number: int) -> Event | None:
        item = self._items[number]
        if item.gone or at < START:
            return None
        how = "soft_404" if self._profile.soft_404 else self._chance.choice(("404", "404", "410", "redirect"))
        if self._chance.random() < 0.45:
            back = at + self._chance.choice((self._chance.uniform(0.1, 1.5), self._chance.uniform(2, 90))) * DAY
            self._plan.add(back, lambda now: self._return(now, number))
        return self._become(at, "vanished", replace(item, gone=how), how=how)

    def _return(self, at: datetime, number: int) -> Event:
        return self._become(at, "returned", replace(self._items[number], gone=None))

    def _become(self, at: datetime, kind: str, item: Item, **fields: Any) -> Event:
        self._items[item.number] = item
        return Event(at=at, office=self._profile.id, kind=kind, item=item, **fields)

    # --- the site

    def _site(self) -> None:
        chance = self._chance
        years = (self._end - START) / (365 * DAY)

        def often(mean: float) -> int:
            whole = int(mean * years)
            return whole + (chance.random() < mean * years - whole)

        for kind, mean, longest in (
            ("outage", 3.0, 4.0),
            ("maintenance", 1.5, 3.0),
            ("robots_down", 1.0, 2.0),
            ("broken_list", 1.0, 5.0),
            ("redesigned", 1.5, 0),
            ("pinned", 2.0, 0),
        ):
            for _ in range(often(mean)):
                how = chance.choice(("503", "500", "dropped")) if kind == "outage" else ""
                lasts = chance.uniform(0.1, longest) * DAY if longest else None
                self._plan.add(self._some_day(), self._happen(kind, lasts, how))
        if self._profile.liar:
            self._plan.add(START + chance.uniform(0.2, 0.4) * (self._end - START), self._happen("lying", None))
        if chance.random() < 0.3 * years:
            self._plan.add(self._some_day(), self._happen("reordered", None))

    def _some_day(self) -> datetime:
        """Not on the very first days: a first crawl goes before."""
        return START + 2 * DAY + self._chance.random() * (self._end - START - 2 * DAY)

    def _happen(self, kind: str, lasts: timedelta | None, how: str = "") -> Callable[[datetime], Event | None]:
        def happening(at: datetime) -> Event | None:
            item = None
            if kind == "pinned":
                there = [one for one in self._items.values() if not one.gone and one.number <= self._profile.backlog]
                item = self._chance.choice(there)
            until = at + lasts if lasts else None
            return Event(at=at, office=self._profile.id, kind=kind, item=item, until=until, how=how)

        return happening
