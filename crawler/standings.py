"""What is told of health: how each office stands, which servers are out, what was put off and spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

State = Literal["well", "warning", "failed", "never"]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An address that a list has named, and how the last visit of it ended; None: not visited yet."""

    url: str
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one office stands."""

    office: str
    state: State
    troubles: tuple[str, ...]
    run: str | None
    last_well: str | None
    articles: int
    newest: str | None
    """When the last article that is new was first seen."""
    usual_gap_days: float | None
    """Median days between days on which it published."""
    teasers: int | None
    usual_teasers: int | None
    announced: int | None
    """Articles that its list said it holds, in the last walk through all of it."""
    announced_pages: int | None = None
    read_pages: int | None = None
    """Pages that it said it has, and those that were read."""
    held: int
    missing: tuple[Missing, ...] = ()
    """What its lists have named and is not held."""
    fill_rates: Mapping[str, float]
    lists_due: str | None = None
    habit: str | None = None
    """When it publishes, as far as that has been learned, and how often its lists are read."""
    outage: str | None = None
    """The server that it failed with, and that is told of once for all of its offices."""


@dataclass(frozen=True, kw_only=True)
class Outage:
    """One server, many offices: told once."""

    server: str
    outcome: str
    offices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Postponed:
    """What the last run left for later, to spare a server."""

    outcome: str
    """over_budget, quiet_hours or left_over."""
    detail: str
    addresses: int
    offices: int


@dataclass(frozen=True, kw_only=True)
class Spending:
    """How much of its daily budget a server has had today."""

    server: str
    requests: int
    budget: int


@dataclass(frozen=True, kw_only=True)
class Report:
    at: str
    last_run: str | None
    last_outcome: str | None
    overdue: str | None
    """Set when no run has finished for longer than was expected."""
    unfinished: str | None = None
    """Set when the last run was killed."""
    ahead: str | None = None
    """Set when the archive's last stamp is ahead of the clock."""
    outages: tuple[Outage, ...] = ()
    postponed: tuple[Postponed, ...] = ()
    spending: tuple[Spending, ...] = ()
    """Of servers whose budget stands in the register, and of those that have had half of the usual one."""
    offices: tuple[Standing, ...] = field(default=())

    @property
    def failed(self) -> list[Standing]:
        return [one for one in self.offices if one.state == "failed"]

    @property
    def exit_code(self) -> int:
        """0 well, 1 some offices failed or a run was missed, 3 nothing was crawled, nothing of it is well, or the last
        run was killed."""
        crawled = [one for one in self.offices if one.state != "never"]
        if self.unfinished or not crawled or len(self.failed) == len(crawled):
            return 3
        return 1 if self.failed or self.overdue else 0

    def as_dict(self) -> dict[str, Any]:
        """What `wiesci health --json` prints: JSON types only."""
        return {**asdict(self), "exit_code": self.exit_code}
