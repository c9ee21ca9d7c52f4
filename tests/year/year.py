"""The year itself: history, web, crawl run after run, judgement."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
    oracles: dict[str, Oracle]


def simulate(
    data: Path,
    *,
    length: int,
    seed: int,
    profiles: Sequence[Profile] = PROFILES,
    tell: Callable[[int, Log], None] = lambda run, log: None,
) -> Year:
    """Crawl the offices for so many days, a run every six hours, and judge what is in the database then."""
    pasts = {one.host: Past(one, seed, n, length) for n, one in enumerate(profiles)}
    sites = {one.host: SimulatedSite(one, pasts[one.host].events) for one in profiles}
    log, lists = Log(), Lists()
    web = SimulatedWeb(sites, watch=log.watch)
    driver = Driver(data, registry.load(practice=[one.line for one in profiles]), web)
    chance = random.Random(f"{seed} timer")

    async def crawl() -> None:
        at = START + 5 * HOUR
        while at < START + length * DAY:
            log.began.append(at + timedelta(seconds=round(chance.uniform(0, _JITTER))))
            pages = {one.id: sites[one.host].list_pages(log.began[-1]) for one in profiles}
            lists.note(data, log.began[-1], pages)
            log.ended.append(await driver.crawl(log.began[-1]))
            tell(len(log.began), log)
            at += EVERY

    asyncio.run(crawl())
    oracles = {one.id: Oracle(one, pasts[one.host].events, log, sites[one.host]) for one in profiles}
    return Year(
        log=log,
        judgement=judge(data, list(oracles.values()), log),
        days=days(oracles, lists),
        oracles=oracles,
    )
