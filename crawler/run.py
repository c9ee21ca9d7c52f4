"""One crawl from its first request to its account: the archive, the understanding beside it, and the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from crawler import rhythm
from crawler.allowance import Allowance
from crawler.archive import Archive
from crawler.folder import ARCHIVE, NEWS
from crawler.frontier import Frontier
from crawler.habits import Habit, learn_from
from crawler.holes import purge
from crawler.instants import Clock, now
from crawler.ledger import Ledger
from crawler.refilling import refill
from crawler.registry import Register
from crawler.store import Saved, Store
from crawler.trust import Trust
from crawler.understanding import Understanding
from crawler.visits import Held
from crawler.vitals import open_ended, published, vitals
from normalize.identity import address

PASSING = ("maintenance", "error_page", "login", "bot_protection", "parked", "time_out", "not_understood")
"""What a page that is no article may be for a while: it is tried again as after a failure."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far one run goes in one office."""

    list_pages: int = 5
    articles: int | None = None
    whole: bool = False
    """Walk lists to their end (within `list_pages`) even where all is known."""
    deep: bool = False
    """Walk them to their end whatever it takes, and go on where an interrupted deep walk stopped."""
    due: bool = False
    """Only lists and articles whose time has come."""
    revisit: bool = False
    """Visit every listed article again, due or not."""


class Run:
    """An open run. Close it always: what is committed stays, whatever happened."""

    def __init__(
        self,
        *,
        data: Path,
        register: Register,
        command: str,
        clock: Clock = now,
        limits: Limits | None = None,
        saved: Callable[[Held, Saved], None] | None = None,
        workers: int = 2,
    ) -> None:
        self.register = register
        self.limits = limits or Limits()
        self.archive = Archive.open(data / ARCHIVE, clock)
        try:
            self.store = Store.open(data / NEWS, register)
        except BaseException:
            self.archive.close()
            raise
        self.frontier = Frontier(self.archive)
        self.ahead = self.archive.ahead
        """By how much the archive's last stamp is ahead of the clock, which was wrong then or is now."""
        self.clock_went_back = self.archive.has_gone_back
        """Since the run before: what was put off by that clock has been made due."""
        if self.clock_went_back:
            self.frontier.clock_went_back(clock())
        self.id = self.archive.begin_run(command)
        self.trust = Trust(self.archive)
        self.ledger = Ledger(self.archive, self.id)
        self.allowance = Allowance(self.archive, register, clock)
        self._clock = clock
        self.began = clock()
        """Revisits that come due while the run is under way are the next one's."""
        self._saved = saved
        self._workers = workers
        self._understanding: Understanding | None = None
        self.problem: Exception | None = None
        """What ended the run before its time: trouble with disk or database."""
        self.on_stop: list[Callable[[], None]] = []
        self.left_alone: dict[str, tuple[str, str]] = {}
        """Servers (download slots) that nothing more is asked of in this run: outcome and detail for the ledger."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def understanding(self) -> Understanding:
        """Started at its first use, because it needs a running event loop."""
        if self._understanding is None:
            self._understanding = Understanding(
                self.archive, self.store, self.register, saved=self._on_saved, workers=self._workers
            )
        return self._understanding

    def now(self) -> datetime:
        return self._clock()

    def habit(self, office: str) -> Habit:
        """When an office's news appears, from what was known before this run began."""
        return learn_from(self.frontier.windows(office), published(self.store.connection, office, before=self.id))

    def confirmed(self, url: str, final: str) -> None:
        """The article stands as it is known: when to look again, and at which address.

        `final`: the address that answered. Where that is known as well it is the one to look at; the other one, which
        only leads there, is asked for rarely.
        """
        now = self.now()
        news, open_until = vitals(self.store.connection, address(url))
        if news is not None and news > now + rhythm.DAY:
            news = now - rhythm.DATED_AHEAD
        endless = open_ended(self.store.connection, address(url))
        due = rhythm.next_visit(now, news=min(news or now, now), open_until=open_until, open_ended=endless)
        if address(final) != address(url) and self.frontier.known(address(final)):
            self.frontier.visited(url, now + rhythm.LONGEST, "moved")
            url = final
        self.frontier.visited(url, due, "revisit")

    def missed(self, url: str, *, gone: bool) -> None:
        """The address gave no article: when to try again."""
        now = self.now()
        failures = self.frontier.failures(url) + 1
        if gone:
            self.frontier.follow(url, now)
            confirmed = self.store.gone_at(url, self.archive)
            due = rhythm.after_gone(now, confirmed=failures > 1 if confirmed is None else confirmed)
        else:
            due = rhythm.next_try(now, failures)
        self.frontier.visited(url, due, "gone" if gone else "failed", failed=True)

    def looked_at(self, url: str, capture: int, final: str) -> None:
        """The address gave the page of this capture, which has been understood: when to look again.

        `final`: the address that answered.
        """
        outcome = self.store.outcome(capture)
        if outcome in (None, "article"):
            self.confirmed(url, final)
        else:
            self.missed(url, gone=outcome not in PASSING)

    def _on_saved(self, held: Held, saved: Saved) -> None:
        if saved == "dropped" and self.store.outcome(held.id) == "article":  # taken down
            self.missed(held.requested_url, gone=True)
        else:
            self.looked_at(held.requested_url, held.id, held.url)
        if self._saved is not None:
            self._saved(held, saved)

    def stop(self, problem: Exception) -> None:
        """End the run: nothing further is asked for."""
        if self.problem is None:
            self.problem = problem
            for tell in self.on_stop:
                tell()

    async def resume(self) -> int:
        """Understand what an interrupted run left behind, and take over the addresses that it had not.

        Returns how many captures that were.
        """
        refill(self.archive, self.register, self.now())
        captures, _ = self.store.to_do(self.archive)
        for capture in captures:
            await self.understanding.offer(capture)
        await self.understanding.drain()
        return len(captures)

    async def finish(self, outcome: str, *, within: float | None = None) -> None:
        """Wait for what is being understood (or only so many seconds), and make the run's account.

        What was purged by its office or words, and came again, is purged again: before it was understood none could
        know.
        """
        await self.understanding.drain(within)
        self.archive.end_run(self.id, outcome)
        self.store.catch_up(self.archive)
        asked = {rule.id for rule in self.store.suppressions.rules if rule.purge}
        if asked and within is None:
            purge(self.archive, self.store.stubs(asked), anew=False)

    def close(self) -> None:
        if self._understanding is not None:
            self._understanding.close()
            self._understanding = None
        self.store.close()
        self.archive.close()
