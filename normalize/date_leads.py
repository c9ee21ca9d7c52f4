"""The words directly before a date that say how it is meant: "w okresie od", "do dnia", "pod koniec", "we wtorek"."""

from __future__ import annotations

from typing import Final

from normalize.date_shapes import Edge, Lead
from normalize.date_words import WEEKDAYS

_PREPOSITIONS: Final = {
    "od": "od", "do": "do", "z": "z", "ze": "z", "w": "w", "we": "w", "po": "po", "przed": "przed", "na": "na",
    "pod": "na", "miedzy": "od", "pomiedzy": "od", "poczawszy": "od",
}  # fmt: skip
_DAY_WORDS: Final = frozenset(
    {"dnia", "dniu", "dniach", "dniem", "dn", "dzien", "dni", "terminie", "terminach", "data", "termin"}
)
_EDGES: Final[dict[str, Edge]] = {
    "konca": "end", "koncem": "end", "koniec": "end", "koncu": "end", "koncowce": "end",
    "polowie": "middle", "polowy": "middle", "polowa": "middle",
    "poczatku": "start", "poczatek": "start", "poczatkiem": "start",
}  # fmt: skip
_YEAR_WORDS: Final = frozenset({"roku", "rok", "lata", "latach", "lat", "rokiem"})


def lead_of(low: str, start: int) -> Lead:
    """What the few words directly before a date say about it."""
    lead = Lead(start=start)
    begin = max(0, start - 42)
    before = low[begin:start].rstrip()
    for _ in range(5):
        if not before:
            break
        word = before.rsplit(None, 1)[-1]
        at = begin + len(before) - len(word)
        before = before[: -len(word)].rstrip()
        if at == begin and begin and not low[begin - 1].isspace():
            break
        token = word.strip('("„:,')
        bare = token.rstrip(".")
        if bare in WEEKDAYS and (len(bare) > 3 or token != bare):
            lead.weekday, lead.dated = WEEKDAYS[bare], True
        elif bare in _DAY_WORDS:
            lead.dated = True
            if bare in ("data", "termin"):
                break
        elif bare in _EDGES and lead.edge is None:
            lead.edge = _EDGES[bare]
        elif bare in ("okresie", "latach"):
            lead.period = lead.year_cue = True
        elif bare == "lata":
            lead.years_of = lead.year_cue = True
        elif bare in _YEAR_WORDS:
            lead.year_cue = True
        elif bare in ("miesiacu", "miesiacach", "miesiecy", "samego"):
            pass
        elif bare in _PREPOSITIONS:
            if not lead.preposition:
                lead.preposition = _PREPOSITIONS[bare]
            elif not (bare == "w" and lead.preposition == "od"):
                break
            if lead.preposition != "od":
                lead.start = at + word.find(token)
                break
        else:
            break
        lead.start = at + max(0, word.find(token))
        if word[-1:] == ":":
            lead.start = start
            break
    return lead
