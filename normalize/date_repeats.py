"""Makes one fact of a date that a text states several times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from normalize.model import DateRole, When

_STRENGTH: Final[tuple[DateRole, ...]] = ("act", "closes", "opens", "event", "period", "mention")
_MONTH: Final = len("2024-03")
_DAY: Final = len("2024-03-05")
_MENTIONS: Final = 200
"""Places of one date that are kept: more are the rows of a register."""
_MOST: Final = 50
"""Values of one day that a further one is compared with."""


def merged(values: Iterable[When]) -> list[When]:
    """Repeats joined, in order of first appearance.

    A mention joins the same date in another role, a day the same day with its hour, a call's opening or deadline the
    window they belong to; two hours of one day are two values.
    """
    out: list[When] = []
    by_day: dict[tuple[str, str], list[int]] = {}
    values = list(values)
    months = {value.start[:_MONTH] for value in values if value.start and value.precision in ("day", "minute")}
    for value in values:
        keys = [(side, day[:_DAY]) for side, day in (("start", value.start), ("end", value.end)) if day]
        if value.inferred and value.precision == "month" and value.start in months:
            continue  # "w maju" of a text that says 14 May adds nothing
        for n in dict.fromkeys(n for key in keys for n in by_day.get(key, ())[:_MOST]):
            one = _join(out[n], value)
            if one is not None:
                out[n] = one
                break
        else:
            n = len(out)
            out.append(value)
        for key in keys:
            known = by_day.setdefault(key, [])
            if n not in known[:_MOST]:
                known.append(n)
    return out


def _join(one: When, other: When) -> When | None:
    roles = {one.role, other.role}
    if len(roles) > 1 and "mention" not in roles and roles != {"opens", "closes"}:
        return None
    whole, part = (one, other) if _STRENGTH.index(one.role) <= _STRENGTH.index(other.role) else (other, one)
    if not _covers(whole, part):
        if one.role != other.role or not _covers(part, whole):
            return None
        whole, part = part, whole
    return replace(
        whole,
        mentions=one.mentions
        if len(one.mentions) >= _MENTIONS
        else tuple(dict.fromkeys((*one.mentions, *other.mentions))),
        start=_finer(whole.start, part.start),
        end=_finer(whole.end, part.end),
        precision="minute" if "minute" in (one.precision, other.precision) else whole.precision,
        inferred=one.inferred and other.inferred,
        sure="high" if "high" in (one.sure, other.sure) else whole.sure,
        method=other.method if one.inferred else one.method,
    )


def _covers(whole: When, part: When) -> bool:
    """Whether `part` says nothing that `whole` does not say."""
    sides = ((whole.start, part.start), (whole.end, part.end))
    open_sides = (whole.role == "closes" and part.role in ("opens", "closes")) or whole.role == part.role == "period"
    return all(
        (b is None and (open_sides or a is None)) or (a is not None and b is not None and _same(a, b)) for a, b in sides
    )


def _same(one: str, other: str) -> bool:
    return one == other or (_DAY in (len(one), len(other)) and one[:_DAY] == other[:_DAY])


def _finer(one: str | None, other: str | None) -> str | None:
    return other if one is not None and other is not None and len(other) > len(one) else one
