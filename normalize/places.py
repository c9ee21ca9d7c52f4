"""Places of the TERYT register that a text names: voivodeships, powiats, and the towns that are their seats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from normalize.gazetteer import Adjectives, Form, Gazetteer
from normalize.model import Mention, Place, PlaceLevel, Sure

_CAPITAL = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ]\w*")
_NEXT = re.compile(r"[ \u00a0]?[ \u00a0]?[-–—\u2010\u2011]?[ \u00a0]?([^\W\d_]+)")
_LAST = re.compile(r"([\w.]+)[ \u00a0]{1,3}$")
_POWIAT = re.compile(r"\b(?:(?:powiat(?:u|owi|em|y|ów|om|ami|ach)?|powiecie)(?!\w)|pow\.)")
_VOIVODESHIP = re.compile(
    r"\b(?:(?:województw(?:o|a|u|em|ie|om|ami|ach)?|region(?:u|owi|em|ie|y|ów|om|ami|ach)?)(?!\w)|woj\.)"
)
_BRACKET = re.compile(r"\(\s?(?:woj\.\s?)?((?:\w+-)?\w+ie)\s?\)")
_SEPARATOR = re.compile(
    r"\s*(?:[,;:/]\s*(?:(?:a także|i|oraz|jak i)\s+)?"
    r"|\s(?:i|oraz|lub|albo|bądź|czy|a także|i/lub|jak i|jak również)\s+|[-–—]\s)"
    r"(?:powiat\w*\s|(?:w|z|ze)\s)?\s*"
)
_AFTER_TRIGGER = re.compile(r"\s*(?:,?\s?(?:tj\.|tzn\.|m\.\s?in\.)\s?)?(?:[:(–—-]\s*)?(?:ziemski\w*\s+)?")
_CITY_ITEM = re.compile(r"(?:m\.|miast\w+|mieście|m\.\s?st\.)\s+[a-ząćęłńóśźż]+(?:[ -][a-ząćęłńóśźż]+)?")
_STREET = re.compile(
    r"(?:\b(?:ul|al|pl|os|skr)\.|\b(?:ulic|alej|plac|osiedl|rond|skwer|most)\w{0,3})\s?"
    r"(?:\d{1,2}\s)?(?:(?:[A-ZĄĆĘŁŃÓŚŹŻ][\w.-]*|i|im\.|św\.|gen\.|ks\.|płk\.?|dr\.?|prof\.|marsz\.|kard\.|bp\.?)\s){0,4}$"
)
_CUE = re.compile(
    r"(?:\b(?:powiat\w*|powiecie|miast[aou]\w{0,2}|mieście|m\.|starostw\w+(?: powiatow\w+)?"
    r"|urz[ęą]d\w*(?: (?:miasta|miejsk\w+|pracy|gminy|i|skarbow\w+)){1,4}|sąd\w* (?:rejonow|okręgow)\w+"
    r"|starost\w{0,2}|burmistrz\w{0,3}|prezydent\w{0,3} miasta|fili\w+|siedzib\w+|miejscowo\w+"
    r"|pup|mup|gup|sup|up|pcpr|mops|mgops|m-gops|ops|cus|cis|kis|wtz|ckziu|zdz|zus|krus)"
    r"|\d\d-\d\d\d)\s(?:(?:w|we|z|ze)\s)?$",
    re.IGNORECASE,
)
_GMINA = re.compile(
    r"(?<!miasta i )(?<!miasto i )\bgmin\w*:?\s(?:(wiejsk\w+|miejsk\w+|miast\w+|miejsko-wiejsk\w+)\s)?$", re.IGNORECASE
)
_START = re.compile(r"(?:^|[.!?:;•·*„\"”(/|–—-])\s*$")
_AND = re.compile(r"\s?(?:,|,? ?\bi\b|,? ?\boraz\b|/)\s?$")
_COMPOUND = re.compile(r"-\w+[cs]k(?:i|a|ie|iego|iej|im|ich|imi|ą)\b|-\w*owsk|[./@]\w")
_WORD = re.compile(r"[^\W\d_]+")
_ASIDE = re.compile(r"\s?\([^()]{1,40}\)")
_ENDED = re.compile(r"\s?(?:$|[,(–-])")
_CAPITAL_NEXT = re.compile(r"\s([A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+)")
_ENDINGS = {
    "nominative": ("i", "y", "a", "e"),
    "accusative": ("i", "y", "ą", "e"),
    "genitive": ("ego", "ej", "ich", "ych"),
    "dative": ("emu", "ej", "im", "ym"),
    "instrumental": ("im", "ym", "ą", "imi", "ymi", "iem"),
    "locative": ("im", "ym", "ej", "ich", "ych", "iem"),
}


@dataclass(slots=True)
class _Hit:
    start: int
    raw: str
    block: int
    level: PlaceLevel
    codes: tuple[str, ...]
    method: str
    sure: Sure = "high"
    doubt: int = 0


class _Evidence:
    """What the text says for certain, for deciding between places of one name."""

    def __init__(self, hits: Sequence[_Hit]) -> None:
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


def find(paragraphs: Sequence[str], gazetteer: Gazetteer, *, voivodeship: str | None = None) -> list[Place]:
    """The places the text itself names, in order of first appearance.

    `voivodeship` is the office's own (two digits): it never adds a place, it only decides between places of one name.
    """
    hits: list[_Hit] = []
    for block, text in enumerate(paragraphs):
        if text:
            found = {(hit.start, hit.level): hit for hit in _units(text, block, gazetteer)}
            found |= {(hit.start, hit.level): hit for hit in _names(text, block, gazetteer, voivodeship)}
            hits.extend(found[key] for key in sorted(found))
    evidence = _Evidence(hits)
    facts: dict[tuple[str, PlaceLevel], tuple[_Hit, list[Mention]]] = {}
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


def _decide(hit: _Hit, evidence: _Evidence, gazetteer: Gazetteer, voivodeship: str | None) -> str | None:
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


def _units(text: str, block: int, gazetteer: Gazetteer) -> Iterator[_Hit]:
    """Powiats and voivodeships named as such, alone or in lists: "w powiatach: łomżyńskim, kolneńskim"."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)
    if "powia" in low or "powie" in low or "pow." in low:
        for trigger in _POWIAT.finditer(low):
            for start, end, codes in _list(text, low, trigger.end(), gazetteer.powiats):
                raw = text[trigger.start() : end] if start <= trigger.end() + 2 else text[start:end]
                yield _Hit(start, raw, block, "powiat", codes, "powiat_adjective")
            before = _adjective_before(low, trigger.start(), gazetteer)
            if before is not None:
                start, codes = before
                yield _Hit(start, text[start : trigger.end()], block, "powiat", codes, "powiat_adjective")
    if "woj" in low or "region" in low:
        for trigger in _VOIVODESHIP.finditer(low):
            for start, end, codes in _list(text, low, trigger.end(), gazetteer.voivodeships):
                raw = text[trigger.start() : end] if start <= trigger.end() + 2 else text[start:end]
                yield _Hit(start, raw, block, "voivodeship", codes, "voivodeship_adjective")
    if "(" in low:
        for bracket in _BRACKET.finditer(low):
            for start, end, codes in _list(text, low, bracket.start(1), gazetteer.voivodeships):
                if end == bracket.end(1):
                    yield _Hit(start, text[start:end], block, "voivodeship", codes, "voivodeship_in_brackets")


def _list(text: str, low: str, position: int, table: Adjectives) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The adjectives of one list, all in one case; cities named among them are stepped over."""
    after = _AFTER_TRIGGER.match(low, position)
    position = after.end() if after else position
    ending = ""
    while True:
        found = _adjective(low, position, table)
        if found is not None:
            end, codes = found
            said = _ending(low[position:end])
            if ending and (said != ending or _titled(text, position, end)):
                return
            ending = said
            yield position, end, codes
            position = end
            if aside := _ASIDE.match(low, position):
                position = aside.end()
        elif city := _CITY_ITEM.match(low, position):
            position = city.end()
        else:
            return
        separator = _SEPARATOR.match(low, position)
        if separator is None:
            return
        position = separator.end()


def _adjective(low: str, position: int, table: Adjectives) -> tuple[int, tuple[str, ...]] | None:
    """End and codes of the adjective that starts here."""
    word = _WORD.match(low, position)
    if word is None:
        return None
    for rest, codes in table.get(word.group(), ()):
        end = _rest(low, word.end(), rest)
        if end is not None:
            return end, codes
    return None


def _rest(low: str, position: int, rest: tuple[str, ...]) -> int | None:
    """Where a name ends whose further words are `rest`, or None if they do not follow."""
    for wanted in rest:
        following = _NEXT.match(low, position)
        if following is None or following.group(1) != wanted:
            return None
        position = following.end()
    return position


def _ending(adjective: str) -> str:
    return adjective[max(adjective.rfind("k"), adjective.rfind("n")) + 1 :]


def _titled(text: str, start: int, end: int) -> bool:
    """A capital adjective before a capital noun begins an organisation's name, not the next item of a list."""
    return text[start].isupper() and text[end : end + 2].strip().istitle()


def _adjective_before(low: str, position: int, gazetteer: Gazetteer) -> tuple[int, tuple[str, ...]] | None:
    """The adjective that stands before its noun: "w kieleckim powiecie"."""
    piece = low[max(0, position - 40) : position]
    offset = position - len(piece)
    for word in _WORD.finditer(piece):
        found = _adjective(piece, word.start(), gazetteer.powiats)
        if found is not None and piece[found[0] :].isspace() and (word.start() == 0 or piece[word.start() - 1] != "-"):
            return offset + word.start(), found[1]
    return None


def _names(text: str, block: int, gazetteer: Gazetteer, voivodeship: str | None) -> Iterator[_Hit]:
    """Towns and regions by their inflected names."""
    names = gazetteer.names
    nouns = gazetteer.voivodeships
    done = 0
    fitting: frozenset[str] = frozenset()
    for capital in _CAPITAL.finditer(text):
        word = capital.group().lower()
        start = capital.start()
        if word in names and start >= done:
            found = _form(text, start, capital.end(), names[word])
            if found is None:
                continue
            form, end = found
            before = text[max(0, start - 72) : start]
            cases = form.cases & fitting if _AND.fullmatch(text, done, start) else frozenset()
            known = _stands(form, text, start, end, before, gazetteer, cases)
            if known is None or (voivodeship in gazetteer.shadows.get(form.teryt, ())):
                continue
            done, fitting = end, known
            method = "town_form" if form.level == "town" else "region_form"
            sure: Sure = "medium" if form.doubt else "high"
            yield _Hit(start, text[start:end], block, form.level, (form.teryt,), method, sure, form.doubt)
        elif word in nouns and start >= done:
            adjective = _adjective(text[start : start + 40].lower(), 0, nouns)
            if adjective is None:
                continue
            end = start + adjective[0]
            if text.endswith("iem", start, end) and text[max(0, start - 3) : start].strip().lower() in ("w", "we"):
                done = end
                yield _Hit(start, text[start:end], block, "voivodeship", adjective[1], "voivodeship_noun")


def _form(text: str, start: int, end: int, forms: Sequence[Form]) -> tuple[Form, int] | None:
    """The longest form whose words follow here, each with a capital."""
    word = text[start:end]
    if (start and text[start - 1].isalnum()) or not (word.isupper() or word[1:].islower()):
        return None
    for form in forms:
        if not form.rest:
            return form, end
        piece = text[end : end + 40]
        last = _rest(piece.lower(), 0, form.rest)
        if last is not None and all(said[0].isupper() or said in ("nad", "i") for said in _WORD.findall(piece[:last])):
            return form, end + last
    return None


def _stands(
    form: Form, text: str, start: int, end: int, before: str, gazetteer: Gazetteer, in_list: frozenset[str]
) -> frozenset[str] | None:
    """The cases in which the form stands here, or None if the words around it speak against the place."""
    if before.endswith(("@", "_", "www.")) or _COMPOUND.match(text, end):
        return None
    said = _LAST.search(before)
    previous = said.group(1) if said else ""
    lowered = previous.lower()
    fits = gazetteer.before.get(lowered, frozenset()) & form.cases | in_list
    if form.level == "town":
        if previous[:1].isupper() and (lowered in gazetteer.first_names or lowered in gazetteer.other_fronts):
            return None
        if len(previous) == 2 and previous[0].isupper() and previous[1] == ".":  # an initial: "J. Turek"
            return None
        if _is_other(form, text, end, gazetteer) or ("genitive" in form.cases and _STREET.search(before)):
            return None
        gmina = _GMINA.search(before)
        if gmina and form.teryt not in gazetteer.gmina_cities:
            kind = (gmina.group(1) or "").lower()
            if not kind.startswith("mi") or "wiejsk" in kind:
                return None
    mark = form.mark
    shouted = text[start + 1].isupper()
    if mark and _CUE.search(before):
        mark = ""
    if mark and shouted:
        return None
    if mark == "!" or (mark == "?" and not fits):
        return None
    if mark == "^" and _START.search(before) and not _ENDED.match(text, end):
        return None
    return fits or form.cases


def _is_other(form: Form, text: str, end: int, gazetteer: Gazetteer) -> bool:
    """Another place whose name goes on: "Kalisz Pomorski", "w Tarnowie Opolskim", "Góra Kalwaria"."""
    following = _CAPITAL_NEXT.match(text, end)
    if following is None:
        return False
    word = following.group(1).lower()
    if word in gazetteer.other_followers:
        return True
    if not word.startswith(gazetteer.other_stems):
        return False
    return any(word.endswith(_ENDINGS[case]) for case in form.cases)
