"""The year itself: history, web, crawl run after run, judgement."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from crawler import registry
from tests.year.budget import Day, Lists, days
from tests.year.driving import Driver
from tests.year.history import DAY, HOUR, START, Past
from tests.year.judging import Judgement, judge
from tests.year.log import Log
from tests.year.offices import PROFILES, Profile
from tests.year.oracle import Oracle
from tests.year.site import SimulatedSite, SimulatedWeb

EVERY = 6 * HOUR
"""As `wiesci schedule` would have it."""
_JITTER = 600.0


@dataclass(frozen=True, kw_only=True)
class Year:
    """What one simulated year came to."""

    log: Log
    judgement: Judgement
    days: dict[date, Day]


def sites_of(profiles: Sequence[Profile], seed: int, last: int) -> dict[str, SimulatedSite]:
    """Host -> its site, with all that will happen there until this day, in a year at least."""
    return {
        one.host: SimulatedSite(one, Past(one, seed, number, max(last, 365)).events)
        for number, one in enumerate(profiles)
    }


def simulate(
    data: Path,
    *,
    instants: Sequence[datetime],
    seed: int,
    profiles: Sequence[Profile] = PROFILES,
    step: float = 1.0,
    tell: Callable[[int, Log], None] = lambda run, log: None,
) -> Year:
    """Crawl the offices at these instants, and judge what is in the database then."""
    last = (instants[-1] - START).days + 1
    sites = sites_of(profiles, seed, last)
    log, lists = Log(), Lists()
    web = SimulatedWeb(sites, watch=log.watch)
    driver = Driver(data, registry.load(practice=[one.line for one in profiles]), web, step=step)

    async def crawl() -> None:
        for at in instants:
            log.began.append(at)
            lists.note(data, at, web.list_pages(at))
            log.ended.append(await driver.crawl(at))
            tell(len(log.began), log)

    asyncio.run(crawl())
    return judged(data, log, lists, last=last, seed=seed, profiles=profiles)


def scheduled(*, first: int = 0, length: int, seed: int) -> list[datetime]:
    """When a timer starts the crawl: every six hours from this day on, never quite on time."""
    chance = random.Random(f"{seed} timer")
    begin = START + first * DAY + 5 * HOUR
    return [
        begin + number * EVERY + timedelta(seconds=round(chance.uniform(0, _JITTER)))
        for number in range(length * DAY // EVERY)
    ]


def judged(data: Path, log: Log, lists: Lists, *, last: int, seed: int, profiles: Sequence[Profile]) -> Year:
    sites = sites_of(profiles, seed, last)
    oracles = {one.id: Oracle(one, sites[one.host].events, log, sites[one.host]) for one in profiles}
    return Year(log=log, judgement=judge(data, list(oracles.values()), log), days=days(oracles, lists))
