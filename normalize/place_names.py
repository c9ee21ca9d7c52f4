"""Towns and regions named by their inflected names, told from surnames, streets and common words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from normalize.gazetteer import Form, Gazetteer
from normalize.model import Sure
from normalize.placing import WORD, Hit, adjective_at, end_of_name

_CAPITAL = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ]\w*")
_LAST = re.compile(r"([\w.]+)[ \u00a0]{1,3}$")
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
_ENDED = re.compile(r"\s?(?:$|[,(–-])")
_AND = re.compile(r"\s?(?:,|,? ?\bi\b|,? ?\boraz\b|/)\s?$")
_COMPOUND = re.compile(r"-\w+[cs]k(?:i|a|ie|iego|iej|im|ich|imi|ą)\b|-\w*owsk|[./@]\w")
_CAPITAL_NEXT = re.compile(r"\s([A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+)")
_ENDINGS = {
    "nominative": ("i", "y", "a", "e"),
    "accusative": ("i", "y", "ą", "e"),
    "genitive": ("ego", "ej", "ich", "ych"),
    "dative": ("emu", "ej", "im", "ym"),
    "instrumental": ("im", "ym", "ą", "imi", "ymi", "iem"),
    "locative": ("im", "ym", "ej", "ich", "ych", "iem"),
}


def find(text: str, block: int, gazetteer: Gazetteer, voivodeship: str | None) -> Iterator[Hit]:
    """Towns and regions by their inflected names."""
    names = gazetteer.names
    nouns = gazetteer.voivodeships
    done = 0
    fitting: frozenset[str] = frozenset()
    for capital in _CAPITAL.finditer(text):
        word = capital.group().lower()
        if word not in names and word not in nouns:
            continue
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
            yield Hit(start, text[start:end], block, form.level, (form.teryt,), method, sure, form.doubt)
        elif word in nouns and start >= done:
            adjective = adjective_at(text[start : start + 40].lower(), 0, nouns)
            if adjective is None:
                continue
            end = start + adjective[0]
            if text.endswith("iem", start, end) and text[max(0, start - 3) : start].strip().lower() in ("w", "we"):
                done = end
                yield Hit(start, text[start:end], block, "voivodeship", adjective[1], "voivodeship_noun")


def _form(text: str, start: int, end: int, forms: Sequence[Form]) -> tuple[Form, int] | None:
    """The longest form whose words follow here, each with a capital."""
    word = text[start:end]
    if (start and text[start - 1].isalnum()) or not (word.isupper() or word[1:].islower()):
        return None
    for form in forms:
        if not form.rest:
            return form, end
        piece = text[end : end + 40]
        last = end_of_name(piece.lower(), 0, form.rest)
        if last is not None and all(said[0].isupper() or said in ("nad", "i") for said in WORD.findall(piece[:last])):
            return form, end + last
    return None


def _stands(
    form: Form, text: str, start: int, end: int, before: str, gazetteer: Gazetteer, in_list: frozenset[str]
) -> frozenset[str] | None:
    """The cases in which the form stands here, or None if the words around it speak against the place."""
    if before.endswith(("@", "_", "www.")) or _COMPOUND.match(text, end):
        return None
    said = _LAST.search(before, before.rstrip().rfind(" ") + 1)  # from the last word on
    previous = said.group(1) if said else ""
    lowered = previous.lower()
    fits = gazetteer.before.get(lowered, frozenset()) & form.cases | in_list
    if form.level == "town":
        if lowered in gazetteer.titles:
            return None
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
