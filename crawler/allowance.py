"""What may be asked of a server now: its daily budget, counted in the archive; its quiet hours; waits it asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from crawler.archive import Archive
from crawler.directives import keep_wait, kept_wait
from crawler.guard import is_practice
from crawler.instants import instant
from crawler.outcomes import Refused
from crawler.registry import Register
from crawler.rhythm import LONGEST_WAIT
from crawler.servers import Server, day_of, host_of


class Allowance:
    """Looked at before an address is queued, spent when its request is sent. There is no switch to go past it."""

    def __init__(self, archive: Archive, register: Register, clock: Callable[[], datetime]) -> None:
        self._archive = archive
        self._register = register
        self._clock = clock
        self._spent: dict[tuple[str, date], int] = {}

    def refusal(self, url: str) -> tuple[str, str] | None:
        """Why nothing may be asked of this address's server now: outcome and detail; None: it may."""
        server, now = self._register.server(url), self._clock()
        wait = kept_wait(self._archive, server.name)
        if wait is not None and instant(now) < wait[0]:
            return "asked_to_wait", f"{server.name}: {wait[1]}, until {wait[0][:16]}"
        quiet = server.resting(now)
        if quiet is not None:
            return "quiet_hours", f"{server.name}: {quiet} in Warsaw"
        if self._bounded(server, url) and self._of(server, day_of(now)) >= server.budget:
            return "over_budget", f"{server.name}: {server.budget} requests on {day_of(now)}"
        return None

    def wait(self, url: str, seconds: float, detail: str) -> None:
        """The address's server asks for a wait that no run can last through; the runs until then leave it alone."""
        until = self._clock() + timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
        keep_wait(self._archive, self._register.server(url).name, instant(until), detail)

    def spend(self, url: str) -> None:
        """A request is being sent. Raises Refused where it may not."""
        refused = self.refusal(url)
        if refused:
            raise Refused(*refused)
        server, day = self._register.server(url), day_of(self._clock())
        self._spent[server.name, day] = self._of(server, day) + 1
        self._archive.spend(server.name, day.isoformat())

    def _of(self, server: Server, day: date) -> int:
        if (server.name, day) not in self._spent:
            self._spent[server.name, day] = self._archive.spent(server.name, day.isoformat())
        return self._spent[server.name, day]

    def _bounded(self, server: Server, url: str) -> bool:
        """The practice web is nobody's server: only a budget that is written down for one of its own counts there."""
        return server.declared or not is_practice(host_of(url), practice=True)
