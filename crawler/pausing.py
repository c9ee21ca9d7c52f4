"""Pauses of a download slot: for good, or once; the slots left alone; on the practice web time runs faster."""

from __future__ import annotations

from time import monotonic
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later

from crawler.guard import is_practice


def left_alone(crawler: Crawler) -> dict[str, tuple[str, str]]:
    """Download slots that nothing more is asked of in this run, with outcome and detail."""
    alone: dict[str, tuple[str, str]] = crawler.spider.run.left_alone  # type: ignore[union-attr]
    return alone


def scaled(crawler: Crawler, url: str, seconds: float) -> float:
    """Seconds as asked for; on the practice web, and there alone, WIESCI_TIME_SCALE of them."""
    settings = crawler.settings
    if is_practice(urlsplit(url).hostname or "", bool(settings.getint("WIESCI_PRACTICE_PORT"))):
        return seconds * settings.getfloat("WIESCI_TIME_SCALE")
    return seconds


def slow_down(crawler: Crawler, request: Request, delay: float) -> str:
    """Let at least `delay` seconds pass between requests to this request's slot, for the rest of the run.

    Returns the slot's key.
    """
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    key: str = downloader.get_slot_key(request)
    settings = downloader.per_slot_settings.setdefault(key, {})  # idle slots are collected and made anew from these
    settings.update(delay=max(delay, settings.get("delay", 0.0)), concurrency=1, jitter=0)
    slot = downloader.slots.get(key)
    if slot is not None:
        slot.delay = max(slot.delay, delay)
        slot.concurrency = 1
        slot.jitter = 0
    return key


def touch(crawler: Crawler, request: Request) -> None:
    """Let the slot's delay begin now."""
    assert crawler.engine is not None
    slot = crawler.engine.downloader.slots.get(request.meta["download_slot"])
    if slot is not None:
        slot.lastseen = max(slot.lastseen, monotonic())


def hold(crawler: Crawler, request: Request, seconds: float) -> None:
    """Send nothing more to this request's slot for so long, once; what waits there goes on waiting."""
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    _, slot = downloader._get_slot(request)
    slot.concurrency = 1
    if slot.latercall is not None:
        slot.latercall.cancel()
    slot.lastseen = monotonic() + seconds  # else an idle slot is collected, and its pause with it
    slot.latercall = call_later(seconds, _go_on, downloader, slot)


def _go_on(downloader: object, slot: object) -> None:
    slot.lastseen = 0  # type: ignore[attr-defined]
    downloader._latercall(slot)  # type: ignore[attr-defined]
