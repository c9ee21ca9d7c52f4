"""What a date in a sentence is: an event, an opening, a deadline, a period, a law's date, or only a mention."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from .date_grammar import Expression
from .model import DateRole

_ACT: Final = (
    r"ustaw(?:a|y|e|ie|om|ach|ami)?|rozporzadzeni\w{1,3}|uchwal\w{0,4}|zarzadzeni\w{1,3}|dekret\w{0,3}|obwieszczeni\w{1,3}"
    r"|dyrektyw\w{1,3}|konstytucj\w{1,2}|kodeks\w{0,4}|decyzj\w{1,3} wykonawcz\w{1,3}|konwencj\w{1,3}|traktat\w{0,3}"
)
_CALL: Final = (
    r"nabor(?:u|ze|em|y|ow|ach|ami|om)?|wnios(?:ek|ki|kow|kami|kach|ku|kowac|kiem)|zgloszen\w{1,4}|zglasza\w{1,5}"
    r"|zglosic|rekrutacj\w{1,3}|aplikowa\w{1,3}|aplikacj\w{1,4}|skladani\w{1,2}|skladac|sklada(?:my|jcie|ne)|zlozyc|ofert\w{0,4}"
    r"|przyjmowan\w{1,3}|przyjmuj\w{1,4}|konkurs\w{0,4}|zapis(?:y|ow|ac|ywac|u|om|ami)?|kandydat\w{1,4}|ubiega\w{1,3}"
    r"|nadsyla\w{1,4}|przesyla\w{1,4}|przeslac|kart\w zgloszen\w{1,4}|rejestracj\w{1,3}|rejestrowa\w{1,3}"
)
_FILED: Final = r"zlozon\w{1,3}|ogloszon\w{1,3}|wplyn\w{1,4}|rozpatrzon\w{1,3}|podpisan\w{1,3} umow\w"
_BEGIN: Final = (
    r"rusza\w{0,3}|ruszy\w{0,3}|rozpoczyna\w{0,3}|rozpoczni\w{1,3}|rozpoczec\w{1,2}|startuj\w{1,3}|wystartuj\w{1,3}"
    r"|wznawia\w{0,3}|wznowi\w{1,4}|otwiera\w{0,3}|otwarci\w{1,2}|otworzy\w{0,3}|uruchamia\w{0,3}|uruchomi\w{1,4}|poczaw\w{1,3}|poczatek naboru"
)
_STOP: Final = (
    r"termin\w{0,4}|uplywa\w{0,3}|mija\w{0,3}|konczy\w{0,3}|zakoncz\w{1,5}|najpozniej|nieprzekraczaln\w{1,3}|wlacznie|ostateczn\w{1,3}"
    r"|nalezy|prosimy|wydluz\w{1,6}|przedluz\w{1,6}|mozna|trzeba|decyduje|zglaszac|zglosic|czekamy|dostarczyc|wypelni\w{1,4}|uwagi"
)
_PERIOD: Final = (
    r"okres\w{0,4}|potrwa\w{0,3}|trwa(?:l[aoiy]?|c|ja|jac\w{0,3})?|realizowa\w{1,4}|realizuj\w{1,4}|zrealizuj\w{1,4}"
    r"|realizacj\w{1,3}|obowiazuj\w{1,4}|obowiazywa\w{1,4}|zrealizowa\w{1,4}|prowadzon\w{1,3}|prowadzi\w{0,3}|wazn[aey]"
)
_EVENT: Final = (
    r"odby[wl]\w{0,5}|odbed\w{1,3}|odbyc|zaprasza\w{0,3}|zaproszeni\w{1,3}|mial[aoy]? miejsce|bedzie mial\w?|zorganizowa\w{1,4}"
    r"|podpisa\w{1,4}|goscil\w{1,3}|wziel[aioy]\w{0,2}|swietowa\w{1,4}|obradowa\w{1,3}|przyjel[aioy]|przyjal"
    r"|przyjeto|uchwalon\w{1,3}|wejd\w{1,2} w zycie|wchodz\w{1,3} w zycie|wesz\w{1,4} w zycie|wszed\w w zycie|spotkali|spotkaly|spotkamy"
    r"|zostal[aoy]? otwart\w{1,3}|otwart[aoy]|zainaugurowa\w{1,4}|przeprowadzon\w{1,3}|obchodz\w{1,4}|zaplanowan\w{1,3}|zebral\w{1,3}|zakonczyl\w{1,2}"
    r"|rozpoczal|rozpoczel\w{1,2}|wreczon\w{1,3}|wreczy\w{1,4}|odwiedzi\w{1,4}"
)
_GATHERING: Final = (
    r"spotkani\w{1,3}|konferencj\w{1,3}|seminari\w{1,3}|szkoleni\w{1,3}|warsztat\w{0,4}|targ(?:i|ow|ach|ami|om)|posiedzeni\w{1,3}"
    r"|wizyt\w{1,3}|uroczyst\w{1,4}|forum|gal[aei]|webinari\w{1,3}|webinar\w{0,3}|sesj\w{1,2}|dni otwart\w{1,3}|dzien otwarty|kongres\w{0,3}"
    r"|debat\w{1,3}|dyzur\w{0,4}|gield\w{1,2}|festyn\w{0,3}|obchod\w{0,4}|warsztat|posiedzenie|zjazd\w{0,3}|konwent\w{0,3}|tydzien|kiermasz\w{0,3}|jarmark\w{0,3}"
)
_PUBLISHED: Final = (
    r"opublikowan\w{1,3}|data (?:publikacji|opublikowania|dodania|utworzenia|wprowadzenia|modyfikacji|aktualizacji)|utworzon\w|dodan[oey]"
    r"|aktualizacj\w{1,2}|aktualizowan\w{1,3}|modyfikacj\w{1,2}|zmodyfikowan\w{1,3}|stan na|stanu na|wedlug stanu|urodz\w{1,5}|ur\."
)
_CUES: Final = re.compile(
    rf"(?<![a-z])(?:(?P<act>{_ACT})|(?P<published>{_PUBLISHED})|(?P<filed>{_FILED})|(?P<stop>{_STOP})|(?P<call>{_CALL})"
    rf"|(?P<begin>{_BEGIN})|(?P<period>{_PERIOD})|(?P<event>{_EVENT})|(?P<gathering>{_GATHERING}))(?![a-z])"
)
Sides = Literal["both", "start", "end"]
_VERBS: Final = frozenset({"event", "period", "begin", "stop"})
_NEAR: Final = 90
"""Characters within which a noun such as "spotkanie" dates itself by a date beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    kind: str
    start: int
    end: int


def cues(low: str, start: int, end: int) -> list[Cue]:
    """The telling words of one sentence of a plain (folded) line."""
    return [
        Cue(kind=str(match.lastgroup), start=match.start(), end=match.end())
        for match in _CUES.finditer(low, start, end)
    ]


def role(
    expression: Expression, left: list[Cue], right: list[Cue], *, sentence_left: list[Cue]
) -> tuple[DateRole, Sides]:
    """The role of one expression by the cues around it, and which sides of a span it gives.

    `left` and `right` hold the cues between it and its neighbouring dates, `sentence_left` all of its sentence before it.
    """
    around = {cue.kind for cue in left} | {cue.kind for cue in right}
    preposition = expression.preposition
    sides: Sides = "both"
    if not expression.span and preposition in ("od", "do"):
        sides = "start" if preposition == "od" else "end"
    if preposition == "z" and not expression.span:
        if any(cue.kind == "act" for cue in sentence_left):
            return "act", sides
        return ("event" if _nearest(expression, left, right, _VERBS) == "event" else "mention"), sides
    if expression.years_of or any(cue.kind == "published" for cue in left):
        return "mention", sides
    if expression.first.part is not None:
        return ("event" if "event" in around and "period" not in around else "period"), sides
    if expression.year_only:
        limited = expression.span or preposition in ("od", "do")
        return ("period", sides) if limited and "period" in around else ("mention", "both")
    called = _nearest(expression, left, right, {"call", "event", "gathering"}) == "call"
    if called and "filed" not in around and not (expression.period and "event" in around):
        found = _of_call(expression, left, right)
        if found is not None:
            return found
    if expression.period:
        return "period", sides
    if expression.span:
        if _nearest(expression, left, right, _VERBS) == "event" or _gathering(expression, left, right):
            return "event", sides
        return ("period" if preposition == "od" or "period" in around else "mention"), sides
    if preposition == "do":
        if _nearest(expression, left, right, {"period", "stop", "call"}) == "period":
            return "period", sides
        return ("closes" if expression.dated or "stop" in around or "call" in around else "mention"), sides
    if preposition == "od":
        verb = _nearest(expression, left, right, _VERBS)
        return ("event" if verb == "event" else "period" if verb == "period" else "mention"), sides
    if preposition not in ("po", "przed") and (
        _nearest(expression, left, right, _VERBS) == "event" or _gathering(expression, left, right)
    ):
        return "event", sides
    return "mention", sides


def _of_call(expression: Expression, left: list[Cue], right: list[Cue]) -> tuple[DateRole, Sides] | None:
    if expression.span:
        return "closes", "both"
    if expression.preposition == "do":
        return "closes", "end"
    if expression.preposition == "od":
        return "opens", "start"
    nearest = _nearest(expression, left, right, {"stop", "begin"})
    if nearest == "begin":
        return "opens", "start"
    if nearest == "stop":
        return "closes", "end"
    return ("closes", "both") if expression.dated and expression.preposition != "po" else None


def _nearest(expression: Expression, left: list[Cue], right: list[Cue], kinds: Collection[str]) -> str | None:
    before = next((cue for cue in reversed(left) if cue.kind in kinds), None)
    after = next((cue for cue in right if cue.kind in kinds), None)
    if before is None or after is None:
        one = before or after
        return one.kind if one else None
    return before.kind if expression.start - before.end <= after.start - expression.end else after.kind


def _gathering(expression: Expression, left: list[Cue], right: list[Cue]) -> bool:
    if any(cue.kind == "gathering" and expression.start - cue.end <= _NEAR for cue in left):
        return True
    return any(cue.kind == "gathering" and cue.start - expression.end <= _NEAR for cue in right)
