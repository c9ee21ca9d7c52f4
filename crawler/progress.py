"""Shows a crawl while it runs, on a terminal: a live table by office. A log gets one line an office at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from crawler.accounts import DROPPED
from crawler.outcomes import CONFIRMING, PUT_OFF
from crawler.store import Saved
from crawler.visits import Held, Visit

_ROWS = 25
"""Offices shown at once; those at which something happened last."""


@dataclass
class Tally:
    """What one office has given so far."""

    lists: int = 0
    pages: int = 0
    new: int = 0
    changed: int = 0
    failed: int = 0
    at: float = 0.0


@dataclass
class Progress:
    """Counts visits and saved articles by office; nothing is shown unless the console is a terminal.

    `clock` orders offices by when something last happened there; it need not be the time of day.
    """

    offices: Sequence[str]
    console: Console = field(default_factory=Console)
    clock: Callable[[], float] = time.monotonic
    tallies: dict[str, Tally] = field(default_factory=dict)
    _live: Live | None = None

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live = Live(get_renderable=self.table, console=self.console, refresh_per_second=4, transient=True)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def visited(self, visit: Visit, outcome: str) -> None:
        """The archive has noted a visit, which ended in `outcome`."""
        tally = self._of(visit.office)
        if visit.purpose == "robots" or outcome in (*DROPPED, *PUT_OFF):
            return
        if outcome not in CONFIRMING:
            tally.failed += 1
        elif visit.purpose in ("list", "sitemap"):
            tally.lists += 1
        else:
            tally.pages += 1

    def saved(self, held: Held, saved: Saved) -> None:
        """The store has taken in a page."""
        tally = self._of(held.office)
        if saved == "new":
            tally.new += 1
        elif saved == "changed":
            tally.changed += 1

    def table(self) -> Table:
        """The offices at which something happened last, and the sum of all."""
        told = dict(self.tallies)  # a copy: the live view is drawn by a thread of its own
        table = Table("office", "lists", "pages", "new", "changed", "failed")
        latest = sorted(told, key=lambda office: -told[office].at)[:_ROWS]
        for office in sorted(latest):
            table.add_row(office, *_numbers(told[office]))
        sums = [sum(getattr(tally, name) for tally in told.values()) for name in _COUNTS]
        table.add_row(f"{len(told)} of {len(self.offices)} offices", *map(str, sums), style="bold")
        return table

    def _of(self, office: str) -> Tally:
        tally = self.tallies.setdefault(office, Tally())
        tally.at = self.clock()
        return tally


_COUNTS = ("lists", "pages", "new", "changed", "failed")


def _numbers(tally: Tally) -> list[str]:
    return [str(getattr(tally, name)) for name in _COUNTS]
