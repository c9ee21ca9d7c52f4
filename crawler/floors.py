"""What no switch goes below: who asks is said, robots.txt is read, a server gets one request at a time, one a second.

Only on the practice web, on this machine, may it go faster.
"""

from __future__ import annotations

from typing import Any

from scrapy.settings import BaseSettings

from crawler import settings as ours

DELAY = 1.0
"""Seconds between two requests to one server."""
_ABOVE_ALL = 100
"""Priority of what is set here; Scrapy's command line has 40."""
_FIXED = (
    "USER_AGENT",
    "ROBOTSTXT_OBEY",
    "ROBOTSTXT_USER_AGENT",
    "CONCURRENT_REQUESTS_PER_DOMAIN",
    "AUTOTHROTTLE_ENABLED",
    "RETRY_ENABLED",
    "COOKIES_ENABLED",
    "REFERRER_POLICY",
    "REDIRECT_MAX_TIMES",
    "TELNETCONSOLE_ENABLED",
    "REMOTE_CONTROL_ENABLED",
    "HTTPPROXY_ENABLED",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "DOWNLOAD_HANDLERS",
    "DOWNLOADER_MIDDLEWARES",
    "WIESCI_PRACTICE_PORT",
    "WIESCI_PRACTICE_TLS_PORT",
    "WIESCI_TIME_SCALE",
    "WIESCI_LONGEST_DELAY",
)
_HIGHEST = ("RETRY_TIMES", "DOWNLOAD_MAXSIZE", "CONCURRENT_REQUESTS")


class NotToBeChanged(Exception):
    """A setting that Scrapy has acted on before a spider could put it right."""


def keep(settings: BaseSettings) -> list[str]:
    """Put right what was set otherwise, for a crawl of live offices; a sentence of each. Raises NotToBeChanged."""
    other = settings.getpriority("DNS_RESOLVER")  # the older name of the setting; priority 0 is Scrapy's own default
    if other or settings.get("TWISTED_DNS_RESOLVER") != ours.TWISTED_DNS_RESOLVER:
        name = "DNS_RESOLVER" if other else "TWISTED_DNS_RESOLVER"
        raise NotToBeChanged(f"{name}: names are resolved to public addresses only; leave it out")
    sentences = []
    for name in _FIXED:
        sentences += _put_right(settings, name, getattr(ours, name))
    for name in _HIGHEST:
        if settings.getint(name) > getattr(ours, name):
            sentences += _put_right(settings, name, getattr(ours, name))
    if settings.getfloat("DOWNLOAD_DELAY") < DELAY:
        sentences += _put_right(settings, "DOWNLOAD_DELAY", DELAY)
    if settings.getdict("DOWNLOAD_SLOTS"):
        sentences += _put_right(settings, "DOWNLOAD_SLOTS", {})
    return sentences


def _put_right(settings: BaseSettings, name: str, value: Any) -> list[str]:
    held = settings.get(name)
    plain = dict(held) if isinstance(held, BaseSettings) else held
    if _same(plain, value):
        return []
    settings.set(name, value, priority=_ABOVE_ALL)
    if isinstance(value, dict):
        return [f"{name} is not to be changed for live offices: that of crawler/settings.py holds"]
    return [f"{name} {plain} is not for live offices: {value} holds"]


def _same(held: Any, value: Any) -> bool:
    """A command line gives words: "False", "1"."""
    return bool(held == value) or (not isinstance(value, dict) and str(held) == str(value))
