"""Instants as the databases write them, and the clock of the outermost layer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The clock of the outermost layer."""
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """UTC, milliseconds: "2026-11-22T01:50:00.123Z"; sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The reverse of `instant`."""
    return datetime.fromisoformat(text)
