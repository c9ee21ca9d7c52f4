"""What the archive is of: visits of addresses, and the captures they brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from normalize.model import Teaser

Purpose = Literal["list", "article", "robots", "sitemap"]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One attempt at an address and its one outcome."""

    office: str
    purpose: Purpose
    url: str
    outcome: str
    final_url: str | None = None
    hops: Sequence[str] = ()
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What keeping a body came to: the capture that holds it, and whether it is a new one."""

    capture: int
    new: bool


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What the archive notes of a capture, without its body."""

    id: int
    run: str
    office: str
    purpose: Purpose
    url: str
    requested_url: str
    content_type: str | None
    fetched: datetime


@dataclass(frozen=True, kw_only=True)
class Held(Noted):
    """A capture as the archive holds it."""

    body: bytes = field(repr=False)
    teaser: Teaser | None
    clock: datetime | None = None
    """What the clock read, where `fetched` was held back."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A visit as far as it tells whether the article is there."""

    at: str
    outcome: str
    status: int | None
    capture: int | None
    address: str = ""
    final: str = ""
    """The address that was asked for, and the one that answered."""
    clock: str | None = None
    """What the clock read, where the stamp was held back."""


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What the server gave to recognise its last answer by."""

    etag: str | None
    last_modified: str | None
    capture: int
