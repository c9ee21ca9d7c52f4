"""No connection but to public addresses: decided on the resolved address, at every hop and at connect time."""

from __future__ import annotations

import functools
import ipaddress
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import DNSLookupError

from crawler.outcomes import Refused

_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "64:ff9b::/96",  # NAT64: reaches any IPv4 address, private ones too
        "64:ff9b:1::/48",
        "2002::/16",  # 6to4, the same
        "192.88.99.0/24",  # its relays
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",  # protocol assignments
        "2001::/23",  # the same; Teredo among them
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fec0::/10",  # site-local of old
    )
)
_PORTS = {"http": (None, 80), "https": (None, 443)}
_LONGEST_URL = 2000


def is_public(text: str) -> bool:
    """Whether this IP address belongs to the public Internet; `ipaddress.is_global` alone lets some through."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(str(mapped))
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip in network for network in _NEVER if network.version == ip.version)


def is_practice(host: str, practice: bool) -> bool:
    """Whether this is a name of the practice web, and the practice web is on."""
    return practice and host.endswith(".test")


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to public addresses only; a name of the practice web is this machine, in practice mode alone.

    A subclass of Scrapy's, so that nothing connects past it: not a redirect, not a retry, not robots.txt.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, practice: bool = False) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._practice = practice
        self.refused: dict[str, str] = {}
        """Names that led to an address that is not public, with the last such address."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, size, settings.getfloat("DNS_TIMEOUT"), bool(settings.getint("WIESCI_PRACTICE_PORT")))

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        if is_practice(name, self._practice):
            return succeed("127.0.0.1")
        if name.endswith(".test"):
            return fail(DNSLookupError(f"{name}: a name of the practice web, which is not running"))
        answer = super().getHostByName(name, timeout)
        return answer.addCallback(self._checked, name)

    def _checked(self, resolved: str, name: str) -> str:
        if not is_public(resolved):
            self.refused[name] = resolved
            # a DNS error, not an own one: anything else is logged by Twisted as a crash
            raise DNSLookupError(f"{name} resolves to {resolved}, which is not a public address")
        return resolved


def refused_at_connect(host: str) -> Refused | None:
    """Why a look-up for a connection failed, when it was refused here: Twisted only says that there is no such host.

    The address had passed GuardMiddleware, so the name has changed its answer since (DNS rebinding).
    """
    from twisted.internet import reactor

    resolver = cast(Any, reactor).resolver
    resolved = resolver.refused.get(host) if isinstance(resolver, GuardedResolver) else None
    return Refused("blocked_address", f"{host} resolves to {resolved} when connecting") if resolved else None


class GuardMiddleware:
    """Refuses addresses that are not plain public http(s) before anything is asked, robots.txt included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._practice = bool(crawler.settings.getint("WIESCI_PRACTICE_PORT"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if len(request.url) > _LONGEST_URL:
            raise Refused("bad_link", f"address of {len(request.url)} characters")
        try:
            parts = urlsplit(request.url)
            port = parts.port
        except ValueError as error:
            raise Refused("bad_link", str(error)) from error
        host = parts.hostname or ""
        if parts.scheme not in _PORTS or not host:
            raise Refused("bad_link", f"scheme '{parts.scheme}'")
        if parts.username or parts.password:
            raise Refused("bad_link", "an address with a password")
        if is_practice(host, self._practice):
            return
        if port not in _PORTS[parts.scheme] and (host, port) not in self._registered:
            raise Refused("blocked_address", f"port {port}")
        if _spelt_as_number(host):
            if not is_public(host.strip("[]")):
                raise Refused("blocked_address", host)
            return
        await self._check_name(host)

    @functools.cached_property
    def _registered(self) -> frozenset[tuple[str, int]]:
        """Hosts with a port of their own, as the register's addresses name them."""
        run = getattr(self._crawler.spider, "run", None)
        offices = run.register.offices.values() if run is not None else ()
        addresses = (urlsplit(url) for one in offices for url in (one.url, one.feed, *one.mirrors) if url)
        return frozenset((parts.hostname or "", parts.port) for parts in addresses if parts.port)

    async def _check_name(self, host: str) -> None:
        from twisted.internet import reactor

        try:
            resolved = await maybe_deferred_to_future(cast(Any, reactor).resolve(host))
        except DNSLookupError as error:
            if "not a public address" in str(error):
                raise Refused("blocked_address", str(error)) from error
            raise Refused("no_such_host", host) from error
        except OSError as error:
            raise Refused("no_such_host", host) from error
        if not is_public(resolved):
            raise Refused("blocked_address", f"{host} resolves to {resolved}")


def _spelt_as_number(host: str) -> bool:
    """Whether a resolver would take this as an address: 127.2, 0x7f000002, 2130706434, 0177.0.0.2, [::1]."""
    if ":" in host:
        return True
    labels = host.rstrip(".").split(".")
    return all(_number(label) for label in labels) if labels else False


def _number(label: str) -> bool:
    try:
        int(label, 0) if not label.isdigit() else int(label)
    except ValueError:
        return False
    return True
