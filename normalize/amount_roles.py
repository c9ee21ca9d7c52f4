"""The role of an amount (grant, pool, own share…) from the words around it; the nearest cue wins."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from normalize.model import AmountRole

_ROLES: tuple[AmountRole, ...] = get_args(AmountRole)
_CUES: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "data" / "amount_roles.toml").read_text(encoding="utf-8")
)
_CUE = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{role}>{'|'.join(cues)})" for role, cues in _CUES.items()) + r")(?!\w)"
)
_SENTENCE_END = re.compile(r"[^\W\d_]{4,}[.!?] |[;?!] ")
_CLAUSE_END = re.compile(r"[,;.)|\n]|(?<!^)\(| (?:i|oraz|a|ale|lub|czyli|tj) ")
_LEADS_ON = re.compile(r"(?: \w+){0,4}[ :=–|-]*")
"""From a cue to the next amount: nothing but a few words, so the cue speaks of that amount."""
_BEFORE, _AFTER = 140, 60


@dataclass(frozen=True, slots=True)
class Window:
    """Where an amount stands in its folded paragraph."""

    text: str
    since: int
    """Words before this position belong to an earlier amount."""
    start: int
    end: int
    until: int
    """Where the next amount begins, or the text ends."""
    label: str
    """The short line before the paragraph, for an amount that stands on a line of its own."""


def role_of(window: Window) -> tuple[AmountRole, str, int]:
    """The role, the cue it was read from ("" for none), and up to where the words are used up."""
    before = window.text[max(window.since, window.start - _BEFORE) : window.start]
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    before = before[ends[-1] :] if ends else before
    if not before.strip(" •-–—|:") and window.label:
        before = window.label + " "
    ahead = None
    for cue in _CUE.finditer(before):
        if ahead is None or cue.lastgroup != "other" or not _is_grant_of(ahead, cue):
            ahead = cue
    far = len(before) - ahead.end() if ahead else _BEFORE

    after = window.text[window.end : min(window.until, window.end + _AFTER)]
    stop = _CLAUSE_END.search(after)
    behind = _CUE.search(after, 0, stop.start() if stop else len(after))
    next_ones = window.until < len(window.text) and not stop and behind is not None
    if next_ones and behind and _LEADS_ON.fullmatch(window.text, window.end + behind.end(), window.until):
        behind = None
    if behind is not None and (behind.start() <= 2 or behind.start() < far):
        return _role(behind), behind.group(), window.end + behind.end()
    if ahead is not None:
        return _role(ahead), ahead.group(), window.end
    return "other", "", window.end


def _is_grant_of(grant: re.Match[str], cost: re.Match[str]) -> bool:
    """ "dofinansowanie kosztów", "refundacja części wynagrodzenia": still a grant."""
    between = grant.string[grant.end() : cost.start()]
    return grant.lastgroup == "grant" and not any(mark in between for mark in ",;:–")


def _role(cue: re.Match[str]) -> AmountRole:
    return next(role for role in _ROLES if role == cue.lastgroup)
