"""Places of the TERYT register that a text names: voivodeships, powiats, and the towns that are their seats."""

from __future__ import annotations

from collections.abc import Sequence

from normalize import place_adjectives, place_names
from normalize.gazetteer import Gazetteer
from normalize.model import Mention, Place, PlaceLevel
from normalize.paragraphs import Paragraphs
from normalize.placing import Hit


def find(paragraphs: Sequence[str], gazetteer: Gazetteer, *, voivodeship: str | None = None) -> list[Place]:
    """The places the text itself names, in order of first appearance.

    `voivodeship` is the office's own (two digits): it never adds a place, it only decides between places of one name.
    """
    hits: list[Hit] = []
    for block, (text, folded) in enumerate(zip(paragraphs, Paragraphs.of(paragraphs).folded, strict=True)):
        found: dict[tuple[int, PlaceLevel], Hit] = {}
        if place_adjectives.hinted(folded):
            for hit in place_adjectives.find(text, block, gazetteer):
                found[hit.start, hit.level] = hit
        for hit in place_names.find(text, block, gazetteer, voivodeship):
            found[hit.start, hit.level] = hit
        if found:
            hits += [found[key] for key in sorted(found)]
    evidence = _Evidence(hits)
    facts: dict[tuple[str, PlaceLevel], tuple[Hit, list[Mention]]] = {}
    for hit in hits:
        code = _decide(hit, evidence, gazetteer, voivodeship)
        if code is not None:
            facts.setdefault((code, hit.level), (hit, []))[1].append(Mention(raw=hit.raw, block=hit.block))
    return [
        Place(
            teryt=code,
            level=level,
            name=gazetteer.labels[code, level],
            mentions=tuple(mentions),
            method=first.method,
            sure=first.sure,
        )
        for (code, level), (first, mentions) in facts.items()
    ]


class _Evidence:
    """What the text says for certain, for deciding between places of one name."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.towns: set[str] = set()
        self.named: set[str] = set()
        """Voivodeships named as such."""
        self.by_block: dict[int, set[str]] = {}
        """Voivodeships named in a paragraph, themselves or by a powiat of theirs."""
        for hit in hits:
            if hit.level == "town":
                self.towns.add(hit.codes[0])
            elif len(hit.codes) == 1 and not hit.doubt:
                self.by_block.setdefault(hit.block, set()).add(hit.codes[0][:2])
                if hit.level == "voivodeship":
                    self.named.add(hit.codes[0])
        self.anywhere = set().union(*self.by_block.values())


def _decide(hit: Hit, evidence: _Evidence, gazetteer: Gazetteer, voivodeship: str | None) -> str | None:
    """The one code a hit stands for, or None where the text leaves it open."""
    if hit.doubt == 1:
        return hit.codes[0] if voivodeship in (None, hit.codes[0]) else None
    if hit.doubt == 2:
        return hit.codes[0] if hit.codes[0] in evidence.named or voivodeship == hit.codes[0] else None
    if len(hit.codes) == 1:
        return hit.codes[0]
    here = evidence.by_block.get(hit.block, set())
    by_paragraph = [code for code in hit.codes if code[:2] in here]
    if len(by_paragraph) == 1:
        return by_paragraph[0]
    by_seat = [code for code in hit.codes if gazetteer.seats.get(code) in evidence.towns]
    by_office = [code for code in hit.codes if code[:2] == voivodeship]
    by_text = [code for code in hit.codes if code[:2] in evidence.anywhere]
    guesses = {codes[0] for codes in (by_seat, by_office, by_text) if len(codes) == 1}
    return guesses.pop() if len(guesses) == 1 else None
