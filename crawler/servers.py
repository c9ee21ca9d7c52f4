"""Server groups: hosts that are one server, how often it is asked in a day, and when it is left in peace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from normalize.published import WARSAW

DAILY_BUDGET = 5_000
"""Requests a day to a server for which the register names no number: at one a second, not quite an hour and a half."""
_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Hours in Warsaw in which nothing is asked for; they may lie across midnight."""

    start: time
    end: time

    @classmethod
    def read(cls, text: str) -> Self:
        """From "22:00-05:30". Raises ValueError, saying what is wrong."""
        match = _SPAN.fullmatch(text)
        if match is None:
            raise ValueError('not two times of day as in "22:00-05:30"')
        hours = [int(part) for part in match.groups()]
        start, end = time(hours[0], hours[1]), time(hours[2] % 24 if hours[2:] == [24, 0] else hours[2], hours[3])
        if start == end:
            raise ValueError("begins when it ends; it must leave some of the day")
        return cls(start=start, end=end)

    def holds(self, instant: datetime) -> bool:
        """Whether this instant lies within, by the clocks of Warsaw. The end itself does not."""
        clock = instant.astimezone(WARSAW).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server, as one `[[server]]` of a family's file says; its hosts are `name` and all names under it."""

    name: str
    budget: int = DAILY_BUDGET
    """Requests of one day in Warsaw: robots.txt, redirects and repetitions are among them."""
    quiet: tuple[Quiet, ...] = ()
    declared: bool = True
    """Whether the register names it; else it is one host with what holds for every server."""

    def resting(self, instant: datetime) -> Quiet | None:
        return next((one for one in self.quiet if one.holds(instant)), None)


def day_of(instant: datetime) -> date:
    """The day that a request counts for: of 23 or 25 hours, when the clocks change."""
    return instant.astimezone(WARSAW).date()


def _host_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", value) or value.startswith("www."):
        raise ValueError("not a bare host name as in praca.gov.pl")
    return value


def _quiet(value: str) -> str:
    Quiet.read(value)
    return value


class ServerTable(BaseModel):
    """A `[[server]]` as it stands in the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Annotated[str, AfterValidator(_host_name)]
    budget: int = Field(default=DAILY_BUDGET, ge=1)
    quiet: list[Annotated[str, AfterValidator(_quiet)]] = []


def declared(
    told: Iterable[tuple[str, ServerTable, Iterable[str]]], slots: Mapping[str, str], problems: list[str]
) -> dict[str, Server]:
    """Name -> server, of (file, table, hosts of the file's offices). What is wrong is added to `problems`.

    `slots`: the families' server groups, each with its file.
    """
    servers: dict[str, Server] = {}
    files = dict(slots)
    for source, table, hosts in told:
        where = f"{source}: server '{table.name}'"
        if table.name in servers:
            problems.append(f"{where}: name: stands already in {files[table.name]}")
            continue
        for other in sorted({*slots, *servers} - {table.name}):
            if under(table.name, other) or under(other, table.name):
                problems.append(f"{where}: name: overlaps with the server group '{other}' of {files[other]}")
        if not any(under(host, table.name) for host in hosts):
            problems.append(f"{where}: name: no office of this file is on it")
        quiet = tuple(Quiet.read(one) for one in table.quiet)
        if all(any(one.holds(moment) for one in quiet) for moment in _every_minute()):
            problems.append(f"{where}: quiet: leaves no time of the day")
        servers[table.name] = Server(name=table.name, budget=table.budget, quiet=quiet)
        files.setdefault(table.name, source)
    return servers


def under(host: str, name: str) -> bool:
    """Whether a host is this name or lies under it."""
    return host == name or host.endswith(f".{name}")


def host_of(url: str) -> str:
    """The host of an address, without the "www." that leads to the same server."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _every_minute() -> list[datetime]:
    return [datetime(2000, 1, 3, hour, minute, tzinfo=WARSAW) for hour in range(24) for minute in range(60)]
