"""Every request that arrived at the simulated web, with what its answer showed, and the runs they belong to."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.year.site import Reply, Shown


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it arrived."""

    at: datetime
    run: int
    host: str
    target: str
    conditional: bool
    status: int
    shown: Shown


@dataclass
class Log:
    """The requests in order, and when each run began and ended."""

    asked: list[Asked] = field(default_factory=list)
    began: list[datetime] = field(default_factory=list)
    ended: list[datetime] = field(default_factory=list)

    def watch(self, host: str, target: str, headers: Mapping[str, str], at: datetime, reply: Reply) -> None:
        self.asked.append(
            Asked(
                at=at,
                run=len(self.began) - 1,
                host=host,
                target=target,
                conditional="if-none-match" in headers or "if-modified-since" in headers,
                status=reply.status,
                shown=reply.shown,
            )
        )

    def run_at(self, at: datetime) -> int | None:
        """The run in which this instant lies."""
        place = bisect.bisect_right(self.began, at) - 1
        return place if place >= 0 and at <= self.ended[place] else None


def believing(log: Sequence[Asked]) -> list[Asked]:
    """The conditional requests whose 304 counted: one that was asked again at once without conditions did not."""
    checked = {(one.run, one.host, one.target) for one in log if not one.conditional}
    return [one for one in log if one.conditional and (one.run, one.host, one.target) not in checked]
