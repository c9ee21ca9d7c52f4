"""Outages: servers that many offices failed with at once, told once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from crawler.registry import Register
from crawler.signs import LEFT_ALONE, UNREACHABLE
from crawler.standings import Outage


def outages_of(
    failed: Mapping[str, tuple[str, str | None]], urls: Mapping[str, str], register: Register
) -> tuple[Outage, ...]:
    """Servers of which at least three offices, and half of all, could not be reached for one and the same reason."""
    size: dict[str, int] = {}
    for url in urls.values():
        server = _server(url, register)
        size[server] = size.get(server, 0) + 1
    groups: dict[str, dict[str, list[str]]] = {}
    for office, (url, detail) in failed.items():
        word = (detail or "").partition(":")[0].partition(";")[0]
        if word in (*UNREACHABLE, *LEFT_ALONE):
            groups.setdefault(_server(url, register), {}).setdefault(word, []).append(office)
    found = []
    for server, words in sorted(groups.items()):
        given_up = words.pop("server_trouble", [])  # not asked for any more, for the reason that the others met
        reason = max(words, key=lambda word: (len(words[word]), word), default="server_trouble")
        words.setdefault(reason, []).extend(given_up)
        found += [
            Outage(server=server, outcome=word, offices=tuple(sorted(offices)))
            for word, offices in sorted(words.items())
            if len(offices) >= 3 and 2 * len(offices) >= size[server]
        ]
    return tuple(found)


_PUBLIC_SUFFIXES = frozenset({"com.pl", "edu.pl", "gov.pl", "info.pl", "net.pl", "org.pl"})


def _server(url: str, register: Register) -> str:
    """The server group of the register, else the domain above the host's first label."""
    group = register.server_group(url)
    if group:
        return group
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    above = host.partition(".")[2]
    return above if above.count(".") and above not in _PUBLIC_SUFFIXES else host
