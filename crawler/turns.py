"""Whose turn it is: what has waited longest goes first, a marshal office after those that it shares its host with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.frontier import Frontier
from crawler.registry import Register
from crawler.servers import day_of
from normalize.model import Office

_LONGEST = 60
"""Days that count for who goes first."""
_A_DAY = 10
"""What a day of waiting is worth. Scrapy's redirects and repetitions move by ones and twos."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """In which order offices begin."""

    first: tuple[Office, ...]
    """The longest waiting first: what a server's budget left over yesterday is asked for today."""
    last: tuple[Office, ...]
    """When all others are through: what those have named themselves is known to be theirs by then."""
    repeated: frozenset[str]
    """Ids of offices whose news a list of `last`, which is about to be read, may repeat: theirs are read as well."""


def order(offices: Sequence[Office], register: Register, frontier: Frontier, now: datetime, *, due: bool) -> Order:
    """`due`: only lists whose time has come are read. An office never met waits from now on."""
    waiting = sorted(offices, key=lambda office: (frontier.waiting_since(office.id) or now, office.id))
    parts = {office.id: register.parts(office) for office in waiting}
    last = tuple(office for office in waiting if parts[office.id])
    return Order(
        first=tuple(office for office in waiting if not parts[office.id]),
        last=last,
        repeated=frozenset(
            part.id for office in last if lists_due(office, frontier, now, due=due) for part in parts[office.id]
        ),
    )


def lists_due(office: Office, frontier: Frontier, now: datetime, *, due: bool) -> bool:
    """Whether the office's lists are to be read now; always, unless only what is `due` is."""
    when = frontier.walks.of(office.id).due
    return not due or when is None or when <= now


def waited(since: datetime | None, now: datetime) -> int:
    """Days, as budgets count them, for which something has been due."""
    return 0 if since is None else min(max((day_of(now) - day_of(since)).days, 0), _LONGEST)


def priority(days: int, *, is_list: bool) -> int:
    """Of a request: a list goes before the articles, but each day of waiting outweighs that."""
    return _A_DAY * (days + is_list)
