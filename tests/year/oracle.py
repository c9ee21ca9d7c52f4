"""What must be in the database, told from the history and the requests that arrived; none of the crawl's code is asked.

Rules (design.md): an article is dated by the visits that showed it; a difference between two visits in a row is one
revision; gone is what two visits at least a day apart, and none good between, found missing at the address where the
article was last seen; addresses are of one article when a redirect, the content system's number, or (the old address
being gone) the same title, day and text say so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.practice.answers import split
from tests.year.history import Event, Item
from tests.year.log import Asked, Log
from tests.year.offices import Profile
from tests.year.site import SimulatedSite
from tests.year.told import Told, difference

CONFIRM = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What one request for an article's address came to."""

    at: datetime
    run: int
    address: str
    final: str
    told: Told | None = None
    """The version that was shown."""
    same: bool = False
    """The server said that nothing had changed."""
    missing: str | None = None
    """404, 410, soft_404 or redirect."""
    failed: bool = False
    """The site was in trouble."""
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Revision:
    run: int
    types: frozenset[str]


@dataclass(kw_only=True)
class Wanted:
    """One article as it must be in the database."""

    office: str
    item: int
    addresses: frozenset[str]
    told: Told
    first: int
    last: int
    """Runs of its first sight and of the last that confirmed it."""
    revisions: list[Revision]
    gone: int | None
    reason: str | None
    visits: list[Visit] = field(repr=False)


class Oracle:
    """Of one office."""

    def __init__(self, profile: Profile, events: Sequence[Event], log: Log, site: SimulatedSite) -> None:
        self.profile = profile
        self.events = events
        self.runs = log
        self.log = [one for one in log.asked if one.host == profile.host]
        self._site = site
        self.by_item: dict[int, list[Event]] = {}
        self._owners: dict[str, int] = {}
        for event in events:
            if event.item is not None and event.kind != "pinned":
                self.by_item.setdefault(event.number, []).append(event)
                self._owners[self.address(event.item)] = event.number
        self.visits: dict[int, list[Visit]] = {number: [] for number in self.by_item}
        for place, asked in enumerate(self.log):
            owner = self._owners.get(_spelled(asked.target))
            visit = self._visit(place, asked) if owner is not None else None
            if visit is not None and owner is not None:
                self.visits[owner].append(visit)
        self.lists = {one.target for one in self.log if one.shown.kind == "list"}
        self._named = self._namings()

    def address(self, item: Item) -> str:
        return _spelled(self._site.address(item))

    def list_pages(self, at: datetime) -> int:
        """How many pages its list had then."""
        there = sum(
            [one.item for one in events if one.at <= at and one.item][-1].gone is None
            for events in self.by_item.values()
            if events[0].at <= at
        )
        return -(-there // self.profile.list_size)

    def wanted(self) -> list[Wanted]:
        """Every article that was ever shown."""
        return [
            self._article(number, group) for number, visits in self.visits.items() for group in self._groups(visits)
        ]

    # --- visits

    def _visit(self, place: int, asked: Asked) -> Visit | None:
        shown, where = asked.shown, _spelled(asked.target)

        def visit(final: str = where, **fields: object) -> Visit:
            return Visit(at=asked.at, run=asked.run, address=where, final=final, **fields)  # type: ignore[arg-type]

        if shown.kind == "article":
            return visit(told=shown.told, id=shown.id)
        if shown.kind == "same" and shown.item is not None:
            return visit(same=True)
        if shown.kind == "missing" or (shown.kind == "same" and shown.how == "soft_404"):
            return visit(missing=shown.how)
        if shown.kind in ("trouble", "maintenance"):
            return visit(failed=True)
        if shown.kind == "redirect":
            to = _spelled(shown.how)
            if to not in self._owners:
                return visit(missing="redirect")
            for later in self.log[place + 1 :]:
                if later.run != asked.run:
                    break
                if _spelled(later.target) == to:
                    if later.shown.kind == "article":
                        return visit(final=to, told=later.shown.told, id=later.shown.id)
                    if later.shown.kind == "missing":
                        return visit(final=to, missing=later.shown.how)
                    if later.shown.kind == "same":
                        return visit(final=to, same=True)
                    break
        return None

    def _namings(self) -> dict[str, int]:
        """Address -> the last run in which a list named it."""
        named: dict[str, int] = {}
        for before, asked in zip([None, *self.log], self.log, strict=False):
            if before is not None and before.run == asked.run and before.shown.kind == "redirect":
                continue  # an article that leads to the list: that is no walk of it
            for address in asked.shown.addresses:
                named[_spelled(address)] = asked.run
        return named

    # --- articles

    def _groups(self, visits: Sequence[Visit]) -> list[frozenset[str]]:
        """The item's addresses that were ever shown, put together as far as what was shown puts them together."""
        good = [one for one in visits if one.told is not None]
        groups = {one.final: {one.final, one.address} for one in good}

        def join(one: str, other: str) -> None:
            together = groups[one] | groups[other]
            for address in together & groups.keys():
                groups[address] = together

        for one in good:
            if one.address in groups:
                join(one.address, one.final)
            for other in good:
                if self.profile.keeps_ids and one.id == other.id:
                    join(one.final, other.final)
        for old in list(groups):
            for new in list(groups):
                if old != new and self._like(old, new, visits):
                    join(old, new)
        return list({frozenset(group) for group in groups.values()})

    def _like(self, old: str, new: str, visits: Sequence[Visit]) -> bool:
        """Whether `old` was gone at some visit, having last shown what `new` showed first."""
        first = next(one for one in visits if one.final == new and one.told)
        last: Visit | None = None
        for one in visits:
            if one.address == one.final == old and one.missing and last is not None and last.told and first.told:
                before, after = last.told, first.told
                if (before.title, before.published) == (after.title, after.published) and _alike(before, after):
                    return next(v for v in visits if v.final == old and v.told).at <= first.at
            if one.final == old and one.told:
                last = one
        return False

    def _article(self, number: int, group: frozenset[str]) -> Wanted:
        visits = [one for one in self.visits[number] if one.address in group or one.final in group]
        good = [one for one in visits if one.told is not None]
        revisions = [Revision(run=good[0].run, types=frozenset())]
        for before, after in itertools.pairwise(good):
            assert before.told is not None
            assert after.told is not None
            types = difference(before.told, after.told)
            if types:
                revisions.append(Revision(run=after.run, types=types))
        turns, reason = _turns(visits)
        revisions += [Revision(run=run, types=frozenset({kind})) for run, kind in turns]
        seen = [one.run for one in visits if one.told is not None or one.same]
        last = good[-1].told
        assert last is not None
        return Wanted(
            office=self.profile.id,
            item=number,
            addresses=group,
            told=last,
            first=good[0].run,
            last=max(seen + [self._named[address] for address in group if address in self._named]),
            revisions=revisions,
            gone=turns[-1][0] if turns and turns[-1][1] == "gone" else None,
            reason=reason,
            visits=visits,
        )


def _turns(visits: Iterable[Visit]) -> tuple[list[tuple[int, str]], str | None]:
    """(run, gone or back) in order, and the reason where it is gone at the end."""
    turns: list[tuple[int, str]] = []
    page = way = reason = None
    since: datetime | None = None
    asked: set[str] = set()
    shown = False
    for one in visits:
        asked.add(one.address)
        if one.told is not None or one.same:
            shown = shown or one.told is not None
            page, way, since = one.final, one.address, None
            if reason is not None:
                turns.append((one.run, "back"))
                reason = None
        elif one.missing and shown:
            if one.address != page and not (one.address == way and page not in asked):
                continue  # a former address: the article was seen elsewhere since
            since = since or one.at
            if reason is None and one.at - since >= CONFIRM:
                turns.append((one.run, "gone"))
                reason = one.missing
    return turns, reason


def _alike(one: Told, other: Told) -> bool:
    return len(set(one.lines) & set(other.lines)) * 2 >= len(set(one.lines) | set(other.lines))


def _spelled(target: str) -> str:
    """A path with its query in order, without the host and the last slash."""
    path, query = split(target)
    rest = "&".join(f"{name}={value}" for name, value in sorted(query.items()))
    return path.rstrip("/") + (f"?{rest}" if rest else "")


def spelled(url: str) -> str:
    """The same of the database's spelling of an address ("host/path?query")."""
    _, slash, rest = url.partition("/")
    return _spelled(slash + rest)
