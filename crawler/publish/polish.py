"""How the pages write numbers, money, sizes and days in Polish."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
SIGNS = {"PLN": "zł", "EUR": "€", "USD": "$", "GBP": "£"}
MONTHS = (
    *("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca"),
    *("lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
)
SHORT_MONTHS = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")
_HALVES = re.compile(r"(?<=\w)(?=(?:pomorskie|polskie|śląskie|krzyskie|packie)$)")


def today() -> str:
    """The day it is in Poland, `2022-06-01`."""
    return datetime.now(WARSAW).date().isoformat()


def number(value: int) -> str:
    """1059750 -> "1 059 750", with no-break spaces."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def money(hundredths: int, currency: str | None = "PLN") -> str:
    """105975000 -> "1 059 750,00 zł", with no-break spaces."""
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    unit = SIGNS.get(currency or "", currency or "")
    return f"{sign}{number(whole)},{rest:02d}\N{NO-BREAK SPACE}{unit}".rstrip()


def size(count: int) -> str:
    """358980 -> "350,6 KB"; a kilobyte is 1024 bytes."""
    if count < 1024:
        return f"{count}\N{NO-BREAK SPACE}B"
    value, unit = count / 1024, "KB"
    for larger in ("MB", "GB"):
        if value >= 1024:
            value, unit = value / 1024, larger
    return f"{value:.1f}".replace(".", ",") + f"\N{NO-BREAK SPACE}{unit}"


def day(iso: str | None) -> str:
    """ "2022-06-01T08:35" -> "1 czerwca 2022"; "2022-06" and "2022" stay as they are; None -> ""."""
    if not iso:
        return ""
    try:
        read = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{read.day}\N{NO-BREAK SPACE}{MONTHS[read.month - 1]}\N{NO-BREAK SPACE}{read.year}"


def breakable(name: str) -> str:
    """A voivodeship's name with soft hyphens where its halves meet: it stands on a narrow tile."""
    return _HALVES.sub("\N{SOFT HYPHEN}", name).replace("-", "-\N{ZERO WIDTH SPACE}")


def plural(count: int, one: str, few: str, many: str) -> str:
    """plural(22, "nabór", "nabory", "naborów") -> "22 nabory"."""
    if count == 1:
        word = one
    elif count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        word = few
    else:
        word = many
    return f"{number(count)}\N{NO-BREAK SPACE}{word}"


def days_left(count: int | None) -> str:
    """How long one may still apply: "zostało 5 dni", "ostatni dzień"."""
    if count is None:
        return "bez terminu"
    if count == 0:
        return "ostatni dzień"
    if count == 1:
        return "został 1\N{NO-BREAK SPACE}dzień"
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return f"{'zostały' if few else 'zostało'} {number(count)}\N{NO-BREAK SPACE}dni"


def decimal(value: float) -> str:
    """12.5 -> "12,5", 1059750 -> "1 059 750"; at most two places."""
    whole, _, rest = f"{abs(value):.2f}".partition(".")
    rest = rest.rstrip("0")
    return f"{'-' if value < 0 else ''}{number(int(whole))}{f',{rest}' if rest else ''}"


def short(value: float) -> str:
    """For an axis: 2500000 -> "2,5 mln"; small numbers as `decimal` writes them."""
    for size_of, word in ((1_000_000_000, "mld"), (1_000_000, "mln"), (10_000, "tys.")):
        if abs(value) >= size_of:
            return f"{decimal(value / (1_000 if word == 'tys.' else size_of))}\N{NO-BREAK SPACE}{word}"
    return decimal(value)


def period(iso: str) -> str:
    """ "2026-03" -> "mar 2026"; a day as `day` writes it; anything else as it is."""
    if len(iso) == 7 and iso[4] == "-" and iso[5:].isdecimal() and 1 <= int(iso[5:]) <= 12:
        return f"{SHORT_MONTHS[int(iso[5:]) - 1]}\N{NO-BREAK SPACE}{iso[:4]}"
    return day(iso) if len(iso) >= 10 else iso
