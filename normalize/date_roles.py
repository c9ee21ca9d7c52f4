"""What a date in a sentence is: an event, an opening, a deadline, a period, a law's date, or only a mention."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from normalize.date_shapes import Expression
from normalize.model import DateRole
from normalize.words import fold

Sides = Literal["both", "start", "end"]

_VOCABULARY: Final = Path(__file__).parent / "data" / "date_cues.tsv"
_WORD: Final = re.compile(r"([a-z]{3})[a-z]*")
_STOPS: Final = frozenset({"stop", "moved", "deadline"})
_VERBS: Final = frozenset({"event", "period", "begin"}) | _STOPS
_TAKING_PLACE: Final = _VERBS | {"force"}
_CONTINUED: Final = _STOPS | {"begin", "period", "takes"}
BUSINESS: Final = frozenset({"call", "round", "event", "gathering"})
_BESIDE: Final = 12
_AS_BEFORE: Final = 40
_NEAR: Final = 90
"""Characters within which a noun such as "spotkanie" dates itself by a date beside it."""


class Cue(NamedTuple):
    """A telling word of a sentence; `kind` is the first column of data/date_cues.tsv."""

    kind: str
    start: int
    end: int


@cache
def _vocabulary() -> Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]]:
    """First letters of a cue (three) to the cues that begin so: one pattern, and the kind of each of its groups."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in _VOCABULARY.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, words = line.split("\t")
            folded = fold(words)
            pattern = " ".join(
                re.escape(word.rstrip("*")) + "[a-z]{0,7}" * word.endswith("*") for word in folded.split()
            )
            found.setdefault(folded.split()[0].rstrip("*")[:3], []).append((kind, rf"({pattern})(?![a-z])"))
    return {
        key: (re.compile("|".join(pattern for _, pattern in cues)), tuple(kind for kind, _ in cues))
        for key, cues in found.items()
    }


def cues(low: str, start: int, end: int) -> list[Cue]:
    """The telling words of one sentence of a plain (folded) line."""
    vocabulary = _vocabulary()
    out: list[Cue] = []
    done = start
    for word in _WORD.finditer(low, start, end):
        known = vocabulary.get(word[1])
        if known is None or word.start() < done:
            continue
        pattern, kinds = known
        match = pattern.match(low, word.start(), end)
        if match is not None and match.lastindex is not None:
            done = match.end()
            out.append(Cue(kinds[match.lastindex - 1], match.start(), done))
    return out


def role(
    expression: Expression, left: Sequence[Cue], right: Sequence[Cue], *, of_law: bool, of_call: bool, told: bool
) -> tuple[DateRole, Sides]:
    """The role of one expression by the cues around it, and which sides of a span it gives.

    `left` and `right` hold the cues between it and its neighbouring dates; `of_law`: a law is named
    before it in its sentence; `of_call`: the sentence was about a call before the neighbouring
    date; `told`: it opens its sentence, which tells what happened then.
    """
    kinds_left = {cue.kind for cue in left}
    around = kinds_left | {cue.kind for cue in right}
    preposition = expression.preposition
    sides: Sides = "both"
    if not expression.span and preposition in ("od", "do"):
        sides = "start" if preposition == "od" else "end"
    if preposition == "z" and expression.span and "moved" in kinds_left:
        return "closes", "end"  # "wydłużony z 14 do 21 lutego": from the old deadline to the new one
    if preposition == "z" and not expression.span:
        if of_law:
            return "act", sides
        if right and right[0].kind in _STOPS and not around.isdisjoint(("call", "round")):
            return "closes", "end"  # "z dniem 14 czerwca zamykamy nabór"
        return ("event" if _nearest(expression, left, right, _VERBS) == "event" else "mention"), sides
    if expression.years_of or "published" in kinds_left or ("former" in kinds_left and _former(expression, left)):
        return "mention", sides
    if not expression.span and "force" in around and _nearest(expression, left, right, _TAKING_PLACE) == "force":
        return "mention", sides
    if right and right[0].kind == "open_ended" and preposition in ("", "od") and not expression.span:
        return "opens", "start"
    if expression.first.part is not None:
        return ("event" if "event" in around and "period" not in around else "period"), sides
    if expression.year_only:
        limited = expression.span or preposition in ("od", "do")
        if left and left[-1].kind == "event" and expression.start - left[-1].end <= _BESIDE and preposition == "w":
            return "event", "both"
        if preposition == "w" and _announces(expression, right):
            return "event", "both"
        return ("period", sides) if limited and "period" in around else ("mention", "both")
    if left and left[-1].kind == "deadline" and not expression.span and preposition not in ("od", "po"):
        return "closes", "end"
    resumed = (
        of_call and kinds_left.isdisjoint(("project", "event", "gathering")) and not kinds_left.isdisjoint(_CONTINUED)
    )
    rounds = "round" in kinds_left and "gathering" not in kinds_left
    called = rounds or resumed or _nearest(expression, left, right, BUSINESS) in ("call", "round")
    if called and "filed" not in around and not (expression.period and "event" in around):
        found = _of_call(expression, left, right)
        if found is not None:
            return found
    if expression.period:
        return "period", sides
    if expression.span and left and left[-1].kind == "period" and expression.start - left[-1].end <= _BESIDE:
        return "period", sides
    if told and expression.brief:
        return "event", sides
    if expression.span:
        if _nearest(expression, left, right, _VERBS) == "event" or _gathering(expression, left, right):
            return "event", sides
        return ("period" if preposition == "od" or "period" in around else "mention"), sides
    if preposition == "do":
        if _nearest(expression, left, right, _STOPS | {"period", "call", "round"}) == "period":
            return "period", sides
        return (
            "closes" if expression.dated or "stop" in around or not around.isdisjoint(("call", "round")) else "mention"
        ), sides
    if preposition == "od":
        verb = _nearest(expression, left, right, _VERBS)
        return ("event" if verb == "event" else "period" if verb == "period" else "mention"), sides
    if preposition not in ("po", "przed") and (
        _nearest(expression, left, right, _VERBS) == "event" or _gathering(expression, left, right)
    ):
        return "event", sides
    return "mention", sides


def _announces(expression: Expression, right: Sequence[Cue]) -> bool:
    """ "w 2025 roku kongres odbędzie się …": the year of the one meeting named directly after it."""
    kinds = [cue.kind for cue in right[:2]]
    return (
        kinds == ["gathering", "event"] and right[0].start - expression.end <= 2 and right[1].start - right[0].end <= 2
    )


def _former(expression: Expression, left: Sequence[Cue]) -> bool:
    """ "zamiast do 9 września", "poprzedni termin upływał 28 marca": what no longer holds."""
    return any(cue.kind == "former" and expression.start - cue.end <= _AS_BEFORE for cue in left)


def _of_call(expression: Expression, left: Sequence[Cue], right: Sequence[Cue]) -> tuple[DateRole, Sides] | None:
    if expression.span:
        return "closes", "both"
    if expression.preposition == "do":
        return "closes", "end"
    if expression.preposition == "od":
        return "opens", "start"
    # What stands before a date decides over what stands after it, which may speak of the next one.
    limits = _STOPS | {"begin"}
    nearest = _nearest(expression, left, (), limits) or _nearest(expression, (), right, limits)
    if nearest == "begin":
        return "opens", "start"
    if nearest is not None:
        return "closes", "end"
    return ("closes", "both") if expression.dated and expression.preposition != "po" else None


def _nearest(expression: Expression, left: Sequence[Cue], right: Sequence[Cue], kinds: Collection[str]) -> str | None:
    before, after = _first(reversed(left), kinds), _first(right, kinds)
    if before is None or after is None:
        one = before or after
        return one.kind if one else None
    return before.kind if expression.start - before.end <= after.start - expression.end else after.kind


def _first(cues: Iterable[Cue], kinds: Collection[str]) -> Cue | None:
    for cue in cues:
        if cue.kind in kinds:
            return cue
    return None


def _gathering(expression: Expression, left: Sequence[Cue], right: Sequence[Cue]) -> bool:
    if any(cue.kind == "gathering" and expression.start - cue.end <= _NEAR for cue in left):
        return True
    return any(cue.kind == "gathering" and cue.start - expression.end <= _NEAR for cue in right)
