"""How the dates of the texts and the instants of the crawl read in Polish."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from crawler.publish.polish import MONTHS, WARSAW, day, plural

_MONTHS = (
    *("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec"),
    *("lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień"),
)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_PART = re.compile(r"(\d{4})-([QH])([1-4])")
_YEARLESS = re.compile(r"--(0[1-9]|1[0-2])-(\d\d)")
_ROMAN = ("I", "II", "III", "IV")
_SPACE = "\N{NO-BREAK SPACE}"


def moment(iso: str | None) -> str:
    """A date as the texts give it: "2024-02-20T08:35", "2024-02", "2024-Q3", "2013-H1", "2019", "--03-03"; None: ""."""
    if not iso:
        return ""
    if len(iso) > 10 and iso[10] == "T":
        return f"{day(iso)}, {iso[11:16]}"
    if match := _MONTH.fullmatch(iso):
        return f"{_MONTHS[int(match[2]) - 1]}{_SPACE}{match[1]}"
    if match := _PART.fullmatch(iso):
        return f"{_ROMAN[int(match[3]) - 1]}{_SPACE}{'kwartał' if match[2] == 'Q' else 'półrocze'}{_SPACE}{match[1]}"
    if match := _YEARLESS.fullmatch(iso):
        return f"{int(match[2])}{_SPACE}{MONTHS[int(match[1]) - 1]} (rok nieznany)"
    return day(iso)


def span(start: str | None, end: str | None) -> str:
    """From one to the other; one day stands alone, a month or year that both share stands once."""
    if not start or not end:
        return f"od {moment(start)}" if start else f"do {moment(end)}" if end else ""
    if start == end:
        return moment(start)
    if "T" in start and "T" in end and start[:10] == end[:10]:
        return f"{moment(start)}–{end[11:16]}"
    first, last = moment(start), moment(end)
    if len(start) == len(end) == 10 and start[:4] == end[:4]:
        first = first.removesuffix(f"{_SPACE}{start[:4]}")
        if start[5:7] == end[5:7]:
            return f"{int(start[8:])}–{last}" if start[8:].isdigit() else f"{first} – {last}"
    return f"{first} – {last}"


def instant(iso: str | None) -> str:
    """An instant of the crawl, which is in UTC, as clocks in Poland showed it."""
    if not iso:
        return ""
    try:
        read = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    local = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(WARSAW)
    return f"{day(local.date().isoformat())}, {local:%H:%M}"


def local_day(iso: str | None) -> str:
    """The day in Poland of an instant in UTC, `2022-06-01`; "" for what is none."""
    try:
        read = datetime.fromisoformat(iso or "")
    except ValueError:
        return ""
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(WARSAW).date().isoformat()


def month(code: str) -> str:
    """ "2024-02" -> "luty 2024"."""
    return moment(code)


def apart(earlier: str | None, later: str | None) -> int | None:
    """Days between two ISO dates (their first ten characters); None where one is no day."""
    try:
        return (date.fromisoformat((later or "")[:10]) - date.fromisoformat((earlier or "")[:10])).days
    except ValueError:
        return None


def days(count: int) -> str:
    """ "1 dzień", "5 dni"."""
    return plural(count, "dzień", "dni", "dni")
