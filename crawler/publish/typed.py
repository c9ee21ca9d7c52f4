"""What a reader typed into the form of a ready question, as the SQL of the question needs it: never an error."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from crawler.publish import asked
from crawler.publish.polish import WARSAW
from normalize import words

MOST = 10**15


def number(typed: Any, otherwise: Any) -> Any:
    """ "1 000 000", "500 tys.", "1,5 mln zł" -> the number, at most 10^15; anything else -> `otherwise`."""
    read = asked.number(typed)
    if read is None:
        return otherwise
    return min(int(read) if read == int(read) else float(read), MOST)


def day(typed: Any, otherwise: Any) -> Any:
    """ "2026-03-02", "2.03.2026" -> "2026-03-02"; anything else, or a day that never was -> `otherwise`."""
    return asked.day(typed) or otherwise


def folded(text: Any) -> str:
    """Without case and diacritics, for looking for one name within another."""
    return words.fold(str(text or "")[:500]).strip()


def day_in_poland(instant: Any) -> str | None:
    """The instant of a capture ("2026-03-01T23:30:00Z") -> the day it was in Poland ("2026-03-02")."""
    try:
        read = datetime.fromisoformat(str(instant))
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(WARSAW).date().isoformat()


def beginning_in_poland(day: Any) -> str | None:
    """A day in Poland ("2026-03-02") -> the instant it began at ("2026-03-01T23:00:00Z")."""
    try:
        read = date.fromisoformat(str(day))
    except ValueError:
        return None
    return datetime.combine(read, time(), WARSAW).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


FUNCTIONS = {
    "liczba": (2, number),
    "dzien": (2, day),
    "bez_znakow": (1, folded),
    "dzien_w_polsce": (1, day_in_poland),
    "poczatek_dnia": (1, beginning_in_poland),
}
"""SQL name -> number of arguments, function."""
