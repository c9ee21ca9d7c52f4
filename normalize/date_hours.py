"""The clock beside a day: "godz. 9.00–13.00", "do godz. 15:30", "o 10.00"."""

from __future__ import annotations

import re
from typing import Final

from normalize.date_shapes import Hours
from normalize.date_words import ABBREVIATED, MONTHS, alternatives

_MINUTES: Final = r"(?:[:.][0-5]\d(?::[0-5]\d)?|(?:00|15|30|45)(?!\d))"
_HOUR: Final = rf"(?:[01]?\d|2[0-4])(?:{_MINUTES})?(?!\d)"
_ROUND: Final = r"(?:[01]?\d|2[0-4])\.(?:00|15|20|30|40|45|50)(?!\d|\s?(?:zl|%|proc|pkt))"
_CLOCK: Final = r"godz(?:inach|inie|iny|ina|\.)?:?\s?"
_NOT_A_DAY: Final = rf"(?!\d|\s{{0,2}}(?:{alternatives(form for form in MONTHS if form not in ABBREVIATED)})|[./-]\d)"
_TO: Final = rf"(?:\s?(?:-|do|a)\s?(?:{_CLOCK})?(?P<to>{_HOUR}){_NOT_A_DAY})?"
_AFTER: Final = re.compile(
    r"[\s,;(|-]{0,4}(?:(?P<until>do)\s|(?:o|od|w|na)\s)?"
    rf"(?:{_CLOCK}(?:(?P<until_too>do\s)|od\s)?|t?(?=\d\d?:\d\d)|(?<=\so\s)(?=\d\d?[:.]\d\d)|(?={_ROUND}))"
    rf"(?P<from>{_HOUR}){_TO}{_NOT_A_DAY}"
)
_LATER: Final = re.compile(
    rf"[^\d.;!?]{{1,80}}?(?<![a-z])(?P<how>do|o|od|w)\s{_CLOCK}(?:od\s)?(?P<from>{_HOUR}){_TO}{_NOT_A_DAY}"
)
_BEFORE: Final = re.compile(
    rf"(?P<until>do\s)?{_CLOCK}(?:od\s)?(?P<from>{_HOUR}){_TO}[\s,;)]{{0,3}}(?:(?:w\s)?dni[ua]\s)?$"
)
_WINDOW: Final = 45
_EACH_DAY: Final = re.compile(
    r"[\s,;(-]{0,4}(?:zawsze|kazdorazowo|za kazdym razem|kazdego dnia|codziennie|w kazdym (?:z )?(?:tych )?dni"
    r"|wszystkie|kazd[aey](?: z nich)?)(?![a-z])"
)


def after(low: str, end: int, preposition: str) -> tuple[Hours, int] | None:
    """The hours that follow a day ending at `end`, and where they end: directly, or later in the same clause."""
    time = _AFTER.match(low, end)
    if time is not None:
        return Hours(begin=time["from"], end=time["to"], limit=bool(time["until"] or time["until_too"])), time.end()
    if "godz" not in low[end : end + 90]:
        return None
    time = _LATER.match(low, end)
    if time is None or (time["how"] == "do") != (preposition == "do") or (time["to"] and preposition):
        return None
    return Hours(begin=time["from"], end=time["to"], limit=time["how"] == "do"), time.end()


def of_each_day(low: str, end: int) -> bool:
    """The words directly after a list of days say that its hour is the same for all ("zawsze o godz. 18")."""
    return _EACH_DAY.match(low, end) is not None


def before(low: str, start: int) -> tuple[Hours, int] | None:
    """The hours that lead to a day starting at `start` ("godz. 9.00–13.00, 5 marca"), and where they start."""
    if "godz" not in low[max(0, start - _WINDOW) : start]:
        return None
    time = _BEFORE.search(low[:start], max(0, start - _WINDOW))
    if time is None:
        return None
    return Hours(begin=time["from"], end=time["to"], limit=bool(time["until"])), time.start()


def iso(printed: str) -> str | None:
    """ "9.00", "15:30:12", "8", "1530" -> HH:MM; None for 24:00, which is the whole day."""
    parts = re.split(r"[:.]", printed)
    if len(parts) == 1 and len(printed) > 2:
        parts = [printed[:-2], printed[-2:]]
    hours, minutes = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    return f"{hours:02d}:{minutes:02d}" if hours < 24 else None
