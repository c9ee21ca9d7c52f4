"""The ways Polish sites print a day: filters for the practice templates."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
OF_MONTH = (
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
)
MONTH = (
    "styczeń",
    "luty",
    "marzec",
    "kwiecień",
    "maj",
    "czerwiec",
    "lipiec",
    "sierpień",
    "wrzesień",
    "październik",
    "listopad",
    "grudzień",
)
WEEKDAY = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")


def moment(day: str) -> datetime:
    """`2024-03-05` or `2024-03-05T08:35`, in Warsaw; a bare day is taken at ten in the morning."""
    found = datetime.fromisoformat(day if "T" in day else f"{day}T10:00")
    return found.replace(tzinfo=WARSAW)


def dotted(day: str) -> str:
    return f"{moment(day):%d.%m.%Y}"


def dotted_time(day: str) -> str:
    return f"{moment(day):%d.%m.%Y %H:%M}"


def iso(day: str) -> str:
    return day[:10]


def iso_time(day: str) -> str:
    return moment(day).isoformat()


def utc_time(day: str) -> str:
    return moment(day).astimezone(UTC).isoformat()


def words(day: str) -> str:
    """5 marca 2024"""
    found = moment(day)
    return f"{found.day} {OF_MONTH[found.month - 1]} {found.year}"


def title_words(day: str) -> str:
    """5 Marca 2024"""
    return words(day).title()


def nominative(day: str) -> str:
    """05 marzec 2024, as Joomla prints it"""
    found = moment(day)
    return f"{found.day:02d} {MONTH[found.month - 1]} {found.year}"


def with_weekday(day: str) -> str:
    """wtorek, 5 marca 2024"""
    return f"{WEEKDAY[moment(day).weekday()]}, {words(day)}"


def rfc(day: str) -> str:
    return format_datetime(moment(day))


def rfc_utc(day: str) -> str:
    return format_datetime(moment(day).astimezone(UTC))


def epoch_ms(day: str | None) -> int:
    return int(moment(day or "2020-01-01").timestamp() * 1000)


def uuid_of(what: str) -> str:
    return str(uuid.UUID(hashlib.sha256(what.encode()).hexdigest()[:32]))


FILTERS: Mapping[str, Callable[[str], str | int]] = {
    "dotted": dotted,
    "dotted_time": dotted_time,
    "iso": iso,
    "iso_time": iso_time,
    "utc_time": utc_time,
    "words": words,
    "title_words": title_words,
    "nominative": nominative,
    "with_weekday": with_weekday,
    "rfc": rfc,
    "rfc_utc": rfc_utc,
    "epoch_ms": epoch_ms,
    "uuid_of": uuid_of,
}
