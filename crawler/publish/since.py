"""Since when a follower wants to be told what became different: a cursor of ours, or an instant typed by hand.

One rule for the API and for exports: a time without a zone is Polish time, as is a day, a month or a year, which means
its beginning; what is typed by hand includes that instant, a cursor names what is known already.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.publish import typed
from crawler.publish.polish import WARSAW

BEGINNING = "0000"
"""Before all captures."""
VERSIONS = "SELECT office, version, min(seen) AS first FROM understood GROUP BY office, version ORDER BY 1, 2"
CORRECTED = "SELECT corrections.id, first_seen FROM corrections JOIN articles ON articles.id = article ORDER BY 1"
HORIZON = "SELECT min(substr(run, 1, 24)) FROM stale_runs"
"""Runs whose captures may still be on their way: what they have brought is told when their account is made."""

_CURSOR = re.compile(r"(?P<at>.*)~(?P<epoch>[0-9a-f]{12})")
_TOLD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z")
"""An instant as our answers give it; of one second several may have captures."""
_TYPED = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<zone>Z|[+ -]\d\d:?\d\d)?)?)?)?"
)


class NotAnInstant(ValueError):
    """The text is neither an instant nor a cursor; the message says what is."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text[:60]}' is neither an instant, such as 2026-03-02 or 2026-03-02T10:00 (Polish time), nor the cursor"
            " of an earlier answer"
        )


@dataclass(frozen=True, kw_only=True)
class Since:
    after: str
    """As text smaller than every instant that is wanted, and greater than or equal to all others."""
    epoch: str | None = None
    """Of a cursor: how what was told until then was understood."""

    @classmethod
    def read(cls, text: str) -> Since:
        """Raises NotAnInstant. "" is BEGINNING."""
        if text in ("", BEGINNING):
            return cls(after=BEGINNING)
        cursor = _CURSOR.fullmatch(text)
        if cursor is not None:
            if cursor["at"] != BEGINNING:
                _instant(cursor["at"], text)
            return cls(after=cursor["at"], epoch=cursor["epoch"])
        at = _instant(text, text)
        return cls(after=text) if _TOLD.fullmatch(text) else cls.of(at)

    @classmethod
    def of(cls, at: datetime) -> Since:
        """That instant and what follows."""
        at = at.astimezone(UTC)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        told = at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
        return cls(after=told.removesuffix("+00:00"))

    @property
    def told(self) -> str:
        """As an instant in UTC."""
        return self.after if self.after.endswith("Z") else f"{self.after}Z"

    @property
    def day(self) -> str:
        """The day it is in Poland; "" for the beginning."""
        return typed.day_in_poland(self.told) or ""


def epoch(versions: Iterable[Sequence[Any]], corrected: Iterable[Sequence[Any]], until: str) -> str:
    """By what all seen until then was understood and corrected: when that changes, earlier answers no longer hold.

    `versions` and `corrected`: the rows of VERSIONS and CORRECTED.
    """
    told = [(office, version) for office, version, first in versions if first <= until]
    told += [(id, "") for id, first_seen in corrected if first_seen <= until]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def cursor(at: str, epoch: str) -> str:
    return f"{at}~{epoch}"


def _instant(text: str, whole: str) -> datetime:
    read = _TYPED.fullmatch(text)
    if read is None:
        raise NotAnInstant(whole)
    zone = (read["zone"] or "").replace(" ", "+")  # an address without %2B
    iso = f"{read['year']}-{read['month'] or '01'}-{read['day'] or '01'}T{read['clock'] or '00:00'}{zone}"
    try:
        at = datetime.fromisoformat(iso)
        return (at if at.tzinfo else at.replace(tzinfo=WARSAW)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAnInstant(whole) from None
