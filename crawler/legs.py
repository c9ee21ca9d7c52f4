"""Which families crawl side by side, and which after each other: two crawlers never ask one server at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.registry import Register
from normalize.model import Office


@dataclass(frozen=True, kw_only=True)
class Leg:
    """Offices of one family that one crawler walks."""

    family: str
    offices: tuple[Office, ...]
    after: tuple[int, ...] = ()
    """Places of the legs that have to end before, because they ask the same server."""


def legs(offices: Sequence[Office], register: Register) -> list[Leg]:
    """One leg a family, and a second one of what has to wait for another family; the smallest families first."""
    families: dict[str, list[Office]] = {}
    for office in offices:
        families.setdefault(office.family, []).append(office)
    found: list[Leg] = []
    asked_by: dict[str, set[int]] = {}
    for family, theirs in sorted(families.items(), key=lambda item: (len(item[1]), item[0])):
        waiting = _reached(theirs, set(asked_by), register)
        after = {place for office in waiting for name in servers(office, register) for place in asked_by.get(name, ())}
        at_once = tuple(office for office in theirs if office not in waiting)
        for some, behind in ((at_once, set[int]()), (tuple(waiting), after)):
            if not some:
                continue
            for office in some:
                for name in servers(office, register):
                    asked_by.setdefault(name, set()).add(len(found))
            found.append(Leg(family=family, offices=some, after=tuple(sorted(behind))))
    return found


def servers(office: Office, register: Register) -> set[str]:
    """Names of the servers that a walk of this office may ask."""
    hosts = {*register.hosts(office), *(urlsplit(prefix).hostname or "" for prefix in office.mirrors)}
    return {register.server(f"http://{host}/").name for host in hosts if host}


def _reached(offices: Sequence[Office], names: set[str], register: Register) -> list[Office]:
    """Those that ask one of these servers, or one that another of those asks."""
    reached: list[Office] = []
    while True:
        further = [one for one in offices if one not in reached and servers(one, register) & names]
        if not further:
            return [one for one in offices if one in reached]
        reached += further
        names = names.union(*(servers(one, register) for one in further))
