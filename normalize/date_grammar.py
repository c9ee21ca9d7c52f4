"""Reads Polish date expressions off a line of text: what is printed where, before anything is concluded from it.

Every pattern is bounded and starts at a digit or at a closed list of words, so reading is linear in the text.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from .date_words import ABBREVIATED, MONTHS, ORDINAL_DAYS, ORDINAL_PARTS, ROMAN, WEEKDAYS, alternatives
from .words import fold_aligned

Edge = Literal["start", "middle", "end"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One printed date or part of a year; what the words leave out is None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str | None = None
    """ "Q3" or "H1"."""
    shift: int | None = None
    """The year as told from the text's own: 0 "br.", -1 "ubiegłego roku", 1 "przyszłego roku"."""
    hour: str | None = None
    weekday: int | None = None
    edge: Edge | None = None
    """ "koniec lutego", "w połowie marca"."""

    @property
    def dated(self) -> bool:
        return self.year is not None or self.shift is not None

    @property
    def order(self) -> tuple[int, int]:
        return (self.month or 0, self.day or 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expression:
    """A date, or a span, as it stands in a line; `low[start:end]` are its words."""

    start: int
    end: int
    first: Point
    last: Point
    span: bool = False
    preposition: str = ""
    """The word before it that says how it is meant: od, do, z, w, po, przed, na, "; "" for none."""
    dated: bool = False
    """ "dnia", "w dniu", "w terminie" or a weekday stands directly before it."""
    period: bool = False
    """ "w okresie", "w latach" stands directly before it."""
    years_of: bool = False
    """ "na lata 2014-2020": the years of a programme."""

    @property
    def year_only(self) -> bool:
        """Nothing but a year (or years), and not the end of one."""
        return (
            self.last.month is None
            and self.last.part is None
            and not (self.last.edge == "end" and self.preposition == "do")
        )


@dataclass(kw_only=True, slots=True)
class _Atom:
    start: int
    end: int
    items: list[tuple[Point, Point]]
    firm: bool = True
    """False for a form that is a date only in company ("22.10", "marzec")."""
    numeric: bool = False
    hours: tuple[str, str | None, bool] | None = None
    """From, to, and whether it is a limit ("do godz. 15")."""
    lead: _Lead = field(default_factory=lambda: _Lead())


@dataclass(kw_only=True, slots=True)
class _Lead:
    """The words directly before a date that belong to it."""

    start: int = -1
    preposition: str = ""
    dated: bool = False
    period: bool = False
    years_of: bool = False
    year_cue: bool = False
    weekday: int | None = None
    edge: Edge | None = None


_BLANK_MARKS: Final = ("www.", "://", "@", "u.", "u rz", "urz", "poz", "tel", "fa", "nip", "regon", "krs", "kont", ".")
_BLANK: Final = re.compile(
    r"h(?:ttps?://)\S{1,2000}|w(?:ww\.)\S{1,2000}"
    r"|d(?:z\. ?u(?:rz)?\.)(?<!\wdz\.u\.)(?:[\s,.;]{0,3}"
    r"(?:(?:z|nr|poz|ue|we|l|c|i|oraz|str|s|r|roku|tj|t\.j|ze? zm|pozn|zm|dnia)(?![a-z])|\d[\d/.]*))*"
    r"|p(?:oz\. ?\d[\d ,]*(?:i \d+)?)"
    r"|t(?:el|elefon[a-z]{0,3})[\s.:/nr]{1,5}[+(]?\d[\d ()/+-]{4,40}"
    r"|fa(?:x|ks[a-z]{0,3})[\s.:/nr]{1,5}[+(]?\d[\d ()/+-]{4,40}"
    r"|nip[\s:]{1,3}\d[\d -]{4,20}|regon[\s:]{1,3}\d[\d -]{4,20}|krs[\s:]{1,3}\d[\d -]{4,20}"
    r"|kont[ao][\s:nr.]{1,6}\d[\d -]{10,60}"
)
_FILE: Final = re.compile(r"[\w.-]{1,120}\.(?:pdf|docx?|xlsx?|zip|jpe?g|png|odt|rtf)(?!\w)")
_DASHES: Final = "–—−‒―"


def _spaces(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def plain(text: str) -> str:
    """The text as the grammar reads it, position by position: folded, dashes alike, addresses and law gazettes blank."""
    low = fold_aligned(text)
    if not low.isascii():
        for dash in _DASHES:
            low = low.replace(dash, "-")
    return low


def _masked(low: str) -> str:
    low = _BLANK.sub(_spaces, low)
    if (
        ".pdf" in low
        or ".doc" in low
        or ".xls" in low
        or ".jp" in low
        or ".png" in low
        or ".zip" in low
        or ".odt" in low
    ):
        low = _FILE.sub(_spaces, low)
    return low


_MONTH: Final = alternatives(form for form in MONTHS if form not in ABBREVIATED)
_SHORT_MONTH: Final = alternatives(ABBREVIATED)
_WEEKDAY: Final = alternatives(WEEKDAYS)
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:-?(?:go|ego|tego|szego|ty)(?![a-z]))?"
_JOIN: Final = r"(?:\s{0,2}-\s{0,2}|\s?,\s?(?:i\s|oraz\s)?|\s(?:i|oraz|do|lub|a)\s(?:dnia\s)?)"
_DAYS: Final = rf"{_DAY}(?:\.?{_JOIN}{_DAY}){{0,12}}"
_YEAR: Final = r"(?:19|20)\d\d(?!\d)"
_END: Final = r"(?![a-z])"

_DIGIT_FIRST: Final = re.compile(
    rf"(?P<iso_year>{_YEAR})(?P<iso_sep>[-./])(?P<iso_month>0?[1-9]|1[0-2])(?P=iso_sep)(?P<iso_day>0?[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?P<days>{_DAYS})(?:"
    rf"\.?\s{{0,2}}(?:(?P<word>{_MONTH}){_END}|(?P<short>{_SHORT_MONTH}){_END}\.?(?=,?\s?{_YEAR}))"
    rf"|[.\s]\s?(?P<roman>{alternatives(ROMAN)})(?:\.\s?|\s)(?={_YEAR}|\s?(?:-|do)\s?\d)"
    rf"|(?P<sep>[./-])(?P<month>0?[1-9]|1[0-2])(?!\d)"
    rf"(?:(?:(?P=sep)\s?|\.?\s)(?P<year>{_YEAR})|(?P=sep)'?(?P<short_year>\d\d)(?!\d|[./-]\d))?)"
    r"|(?P<part>[1-4])\.?\s(?P<part_word>kwarta[a-z]{1,4}|polrocz[a-z]{1,3})"
    rf"|(?P<my_month>0[1-9]|1[0-2])[./](?P<my_year>{_YEAR})"
    rf"|(?P<pair>{_YEAR})\s?(?P<pair_sep>[-/])\s?(?P<pair_end>{_YEAR}|(?<=/)\d\d(?!\d))(?![-/.]\d)"
    rf"|(?P<only>{_YEAR})"
)
_MONTH_FIRST: Final = re.compile(
    rf"(?P<ordinal>{alternatives(ORDINAL_DAYS)})\s(?P<ordinal_month>{_MONTH}){_END}"
    rf"|(?P<month>{_MONTH}){_END}(?:\s(?P<day>\d{{1,2}}),\s?(?={_YEAR}))?"
    rf"|(?P<short>{_SHORT_MONTH})\.?\s(?P<short_day>\d{{1,2}}),?\s(?={_YEAR})"
)
_PART_FIRST: Final = re.compile(
    rf"(?P<part>{alternatives(['i', 'ii', 'iii', 'iv', *ORDINAL_PARTS])})"
    rf"(?:\s?(?:-|do)\s?(?P<part_to>{alternatives(['ii', 'iii', 'iv'])}))?"
    r"\s(?P<part_word>kwarta[a-z]{1,4}|polrocz[a-z]{1,3}|polow[aeyi](?=\s(?:roku|(?:19|20)\d\d|br\.)))"
)
_OTHER_YEAR: Final = re.compile(
    r"(?:(?P<next>przyszl|nastepn)|(?P<gone>ubiegl|zeszl|minion))(?:ego|ym) roku(?! (?:szkoln|akadem|budzet))"
    r"|(?P<end>konca (?:br\.|b\. ?r\.|(?:tego |biezacego )?roku(?! (?:\d|[a-z]+ego(?![a-z])))))"
)
_TAIL: Final = re.compile(
    rf"(?:\s{{0,2}}[,(]?\s?(?P<weekday>{_WEEKDAY}){_END}\.?\s?\)?)?"
    rf"(?:(?:,?\s{{0,2}}|\s?\()(?:w\s|roku\s)?(?P<year>{_YEAR})(?!\s(?:osob|zl|uczestni|mieszk|euro|tys|mln|szt|miejsc))"
    r"(?:\s{0,2}(?:r\.?|roku?)(?![a-z]))?"
    r"|\s{0,2}'?(?P<short_year>\d\d)\s?(?:r\.|roku?)(?![a-z])"
    r"|\s{0,2}(?P<this>b\.\s?r\.|br\.?|biez(?:acego|\.)\s?(?:roku|r\.))(?![a-z])"
    r"|\s{0,2}(?P<gone>ub(?:ieglego|\.)\s?(?:roku|r\.)|(?:zesz|minion)(?:l?ego)\sroku)(?![a-z])"
    r"|\s{0,2}(?P<next>(?:przyszl|nastepn)ego\sroku)(?![a-z])"
    r"|\s{0,2}(?P<same>teg[oż]z?\sroku)(?![a-z])"
    r"|(?P<mark>\s?r\.|\sroku?)(?![a-z]))?"
)
_MINUTES: Final = r"(?:[:.][0-5]\d(?::[0-5]\d)?|(?:00|15|30|45)(?!\d))"
_HOUR: Final = rf"(?:[01]?\d|2[0-4])(?:{_MINUTES})?(?!\d)"
_ROUND: Final = r"(?:[01]?\d|2[0-4])\.(?:00|15|20|30|40|45|50)(?!\d|\s?(?:zl|%|proc|pkt))"
_CLOCK: Final = r"godz(?:inach|inie|iny|ina|\.)?:?\s?"
_NOT_A_DAY: Final = rf"(?!\d|\s{{0,2}}(?:{_MONTH})|[./-]\d)"
_TIME: Final = re.compile(
    r"[\s,;(|-]{0,4}(?:(?P<until>do)\s|(?:o|od|w|na)\s)?"
    rf"(?:(?:{_CLOCK}(?:(?P<until_too>do\s)|od\s)?|t?(?=\d\d?:\d\d)|(?<=\so\s)(?=\d\d?[:.]\d\d)|(?={_ROUND}))(?P<from>{_HOUR}))"
    rf"(?:\s?(?:-|do|a)\s?(?:{_CLOCK})?(?P<to>{_HOUR}){_NOT_A_DAY})?{_NOT_A_DAY}"
)
_TIME_LATER: Final = re.compile(
    rf"[^\d.;!?]{{1,80}}?(?<![a-z])(?P<how>do|o|od|w)\s{_CLOCK}(?:od\s)?(?P<from>{_HOUR})"
    rf"(?:\s?(?:-|do|a)\s?(?:{_CLOCK})?(?P<to>{_HOUR}){_NOT_A_DAY})?{_NOT_A_DAY}"
)
_TIME_BEFORE: Final = re.compile(
    rf"(?P<until>do\s)?{_CLOCK}(?:od\s)?(?P<from>{_HOUR})(?:\s?(?:-|do|a)\s?(?:{_CLOCK})?(?P<to>{_HOUR}))?"
    r"[\s,;)]{0,3}(?:(?:w\s)?dni[ua]\s)?$"
)

_PREPOSITIONS: Final = {
    "od": "od", "do": "do", "z": "z", "ze": "z", "w": "w", "we": "w", "po": "po", "przed": "przed", "na": "na",
    "pod": "na", "miedzy": "od", "pomiedzy": "od", "poczawszy": "od",
}  # fmt: skip
_DAY_WORDS: Final = frozenset(
    {"dnia", "dniu", "dniach", "dn", "dzien", "dni", "terminie", "terminach", "data", "termin"}
)
_EDGES: Final[dict[str, Edge]] = {
    "konca": "end", "koncem": "end", "koniec": "end", "koncu": "end", "koncowce": "end",
    "polowie": "middle", "polowy": "middle", "polowa": "middle",
    "poczatku": "start", "poczatek": "start", "poczatkiem": "start",
}  # fmt: skip
_YEAR_WORDS: Final = frozenset({"roku", "rok", "lata", "latach", "lat", "rokiem"})
_WORD: Final = re.compile(r"\S+")
_NUMBERED: Final = re.compile(
    r"(?:nr|numer|znak|sprawa|dzialani[aeu]|poddzialani[aeu]|pkt|ust|art|wersj[aie]|wer|v|ip|tel|pok|lok)[.:]?\s?$"
)
_STREET: Final = re.compile(
    r"(?:ul|ulic[aeyi]|al|alei|aleja|alej[ae]|pl|placu?|os|osiedl[aeu]|rond[oa]|skwer\w{0,2}|konstytucj[iaę]|im)\.?\s$"
)
_ROOM: Final = re.compile(
    r"(?:sal[aie]|pok(?:oj\w*)?|nr|lok(?:al\w*)?|ul|grup\w*|pietr\w*)\.?\s?$|[A-ZĄĆĘŁŃÓŚŹŻ][a-ząćęłńóśźż]+ $"
)


def read(text: str) -> list[Expression]:
    """Every date expression of one line, in order of place; a list ("18 i 25 maja") gives one for each of its dates."""
    low = plain(text)
    atoms = _atoms(_masked(low), text)
    if not atoms:
        return []
    return [expression for atom in _joined(atoms, low) for expression in _expressions(atom)]


def _atoms(low: str, text: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    for match in _DIGIT_FIRST.finditer(low):
        atom = _digit_atom(match, low, text)
        if atom is not None:
            atoms.append(atom)
    for match in _MONTH_FIRST.finditer(low):
        atom = _month_atom(match, low, text)
        if atom is not None:
            atoms.append(atom)
    if "kwarta" in low or "polrocz" in low or "polow" in low:
        for match in _PART_FIRST.finditer(low):
            if not (match.start() and low[match.start() - 1].isalnum()):
                atoms.append(_part_atom(match, low, match["part"], match["part_to"]))
    if " roku" in low or "konca b" in low:
        for match in _OTHER_YEAR.finditer(low):
            shift = 1 if match["next"] else -1 if match["gone"] else 0
            lead = _lead(low, match.start())
            if match["end"]:
                if lead.preposition != "do":
                    continue
                lead.edge = "end"
            atoms.append(_one(match.start(), match.end(), Point(shift=shift), low, lead=lead))
    atoms.sort(key=lambda atom: (atom.start, -atom.end))
    kept: list[_Atom] = []
    for atom in atoms:
        if not kept or atom.start >= kept[-1].end:
            kept.append(atom)
    return kept


def _one(start: int, end: int, point: Point, low: str, *, firm: bool = True, lead: _Lead | None = None) -> _Atom:
    atom = _Atom(start=start, end=end, items=[(point, point)], firm=firm, lead=lead or _lead(low, start))
    _edge(atom)
    return atom


def _edge(atom: _Atom) -> None:
    edge, weekday = atom.lead.edge, atom.lead.weekday
    if edge is None and weekday is None:
        return
    first, last = atom.items[0]
    if edge is not None and last.day is None:
        atom.items[0] = (replace(first, edge=edge), replace(last, edge=edge))
    elif weekday is not None and first.weekday is None:
        changed = replace(first, weekday=weekday)
        atom.items[0] = (changed, changed if first == last else last)


def _digit_atom(match: re.Match[str], low: str, text: str) -> _Atom | None:
    start = match.start()
    before = low[start - 1] if start else " "
    if before.isalnum() or before in "_/" or (before == "-" and start > 1 and low[start - 2].isalpha()):
        return None
    if match["days"]:
        return _day_atom(match, low, text, before)
    if before == ".":
        return None
    if match["iso_year"]:
        point = Point(year=int(match["iso_year"]), month=int(match["iso_month"]), day=int(match["iso_day"]))
        after = low[match.end() : match.end() + 1]
        return (
            None
            if after in ("_", "/") or not _possible(point)
            else _finished(match, match.end(), [(point, point)], low)
        )
    if match["part"]:
        return _part_atom(match, low, match["part"], None)
    lead = _lead(low, start)
    after = low[match.end() : match.end() + 2]
    if match["my_month"]:
        if _glued(after) or not (lead.preposition or lead.dated or after.strip().startswith("r")):
            return None
        point = Point(year=int(match["my_year"]), month=int(match["my_month"]))
        return _one(start, _year_mark(low, match.end()), point, low, lead=lead)
    if match["pair"]:
        return _year_pair(match, low, lead)
    year = int(match["only"])
    end = _year_mark(low, match.end())
    marked = end > match.end()
    if (
        before in ".-"
        or (not marked and _glued(after))
        or low[max(0, start - 12) : start].rstrip().endswith(("©", "copyright"))
    ):
        return None
    if (
        not marked
        and not lead.year_cue
        and (lead.preposition not in ("w", "od", "do", "po", "przed", "z") or _COUNTED.match(low, end))
    ):
        return None
    return _one(start, end, Point(year=year), low, lead=lead)


_COUNTED: Final = re.compile(r"\s?(?:%|zl|osob|tys|mln|szt|[a-z]+(?:ach|ow|ami|om|ym|ymi|ich|ych)(?![a-z]))")


def _glued(after: str) -> bool:
    """A number that goes on: part of a case number, a version, a code."""
    return after[:1].isalnum() or after[:1] in ("_", "/") or (after[:1] in ("-", ".", ",") and after[1:2].isalnum())


def _year_mark(low: str, end: int) -> int:
    mark = _YEAR_MARK.match(low, end)
    return mark.end() if mark else end


_YEAR_MARK: Final = re.compile(r"\s{0,2}(?:r\.|r(?![a-z.])|roku?(?![a-z])|rokiem)")


def _year_pair(match: re.Match[str], low: str, lead: _Lead) -> _Atom | None:
    first, last = int(match["pair"]), match["pair_end"]
    to = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    start = match.start()
    if (
        low[start - 1 : start] in ("-", ".")
        or _glued(low[match.end() : match.end() + 2].replace("r", " "))
        or _NUMBERED.search(low, max(0, start - 14), start)
    ):
        return None
    if not first < to <= first + 40 or (len(last) == 2 and to != first + 1):
        return None
    end = _year_mark(low, match.end())
    return _Atom(start=start, end=end, items=[(Point(year=first), Point(year=to))], lead=lead)


def _day_atom(match: re.Match[str], low: str, text: str, before: str) -> _Atom | None:
    start = match.start()
    named = match["word"] or match["short"]
    month = MONTHS[named] if named else ROMAN[match["roman"]] if match["roman"] else int(match["month"])
    year: int | None = int(match["year"]) if match["year"] else None
    if match["short_year"] and match["sep"] == "." and len(match["month"]) == 2:
        year = 2000 + int(match["short_year"])
        if year > 2049 or _NUMBERED.search(low, max(0, start - 14), start):
            return None
    elif match["short_year"]:
        return None
    numeric = not (named or match["roman"])
    if before == "." and (numeric or low[start - 2 : start - 1].isdigit()):
        return None
    if before == "," and low[start - 2 : start - 1].isdigit() and numeric:
        return None
    if named and _not_polish(named, text, match):
        return None
    segments, kept_from = _segments(match["days"], low, start, text)
    if not segments:
        return None
    start += kept_from
    items = []
    for one, other in segments:
        first = Point(year=year, month=month, day=one)
        items.append((first, first if one == other else Point(year=year, month=month, day=other)))
    if not all(_possible(point) for pair in items for point in pair):
        return None
    firm = not numeric or year is not None
    if numeric and _NUMBERED.search(low, max(0, start - 14), start):
        return None
    end = match.end()
    if (
        numeric
        and _glued(low[end : end + 2])
        and not _YEAR_MARK.match(low, end)
        and not (low[end : end + 1] in ("-", ",") and low[end + 1 : end + 2].isdigit())
        and low[end : end + 1] != "t"
    ):
        return None
    if firm is False and "godz" in low[max(0, start - 20) : start]:
        return None
    atom = _finished(match, end, items, low, start=start, firm=firm)
    atom.numeric = numeric
    if named and year is None and _is_street(text, low, start, match):
        return None
    if match["roman"] and not atom.items[-1][1].dated:
        atom.firm = False
    return atom


def _is_street(text: str, low: str, start: int, match: re.Match[str]) -> bool:
    """ "ul. 1 Maja", "3 Maja 12": a street or a holiday's name, not a day of the text."""
    if _STREET.search(low, max(0, start - 14), start):
        return True
    at = match.start("word")
    return at >= 0 and text[at].isupper() and _HOUSE.match(low, match.end()) is not None


_HOUSE: Final = re.compile(r"\s\d{1,3}[a-z]?(?![\w:.%]|\s?(?:godz|osob))")


def _not_polish(word: str, text: str, match: re.Match[str]) -> bool:
    """ "mają" and "się" fold to the forms of May and August."""
    printed = (
        text[match.start("word") : match.end("word")]
        if match["word"]
        else text[match.start("short") : match.end("short")]
    )
    return word in ("maja", "sie") and ("ą" in printed or "ę" in printed or "Ą" in printed or "Ę" in printed)


_SEGMENT: Final = re.compile(rf"({_DAY})\.?({_JOIN})?")


def _segments(days: str, low: str, start: int, text: str) -> tuple[list[tuple[int, int]], int]:
    """The days of "3-5, 12 i 14" as spans, and where the first kept one starts.

    What stands before a comma and cannot be a day of the same list ("pok. 12, 15 maja") is left out.
    """
    found = [
        (int(re.sub(r"\D", "", m[1])), (m[2] or "").strip().split(" ")[0], m.start()) for m in _SEGMENT.finditer(days)
    ]
    first = 0
    joins = [join for _, join, _ in found[:-1]]
    commas = any(join.startswith(",") for join in joins)
    if commas:
        lead = _lead(low, start)
        conjunction = any(join in ("i", "oraz", "lub") for join in joins) or ", i" in days
        roomy = _ROOM.search(text, max(0, start - 20), start) is not None
        if not (lead.dated or lead.preposition == "w" or (conjunction and not roomy)):
            first = max(n for n, join in enumerate(joins) if join.startswith(",")) + 1
    for n in range(len(found) - 1, first, -1):
        if found[n - 1][0] >= found[n][0]:
            first = n
            break
    lead_between = False
    segments: list[tuple[int, int]] = []
    n = first
    while n < len(found):
        day, join, _ = found[n]
        if n + 1 < len(found) and (join.startswith("-") or join == "do" or join == "a"):
            segments.append((day, found[n + 1][0]))
            n += 2
        else:
            segments.append((day, day))
            n += 1
    if len(segments) == 2 and not commas and segments[0][0] + 1 == segments[1][0] and segments[0][0] == segments[0][1]:
        lead_between = bool(_IN_DAYS.search(low, max(0, start - 12), start)) and found[first][1] == "i"
    if lead_between:
        segments = [(segments[0][0], segments[1][1])]
    return segments, found[first][2]


_IN_DAYS: Final = re.compile(r"w dniach\s$")


def _finished(
    match: re.Match[str],
    end: int,
    items: list[tuple[Point, Point]],
    low: str,
    *,
    start: int | None = None,
    firm: bool = True,
) -> _Atom:
    """An atom of days with what follows it (weekday, year, hour) and what stands before it."""
    start = match.start() if start is None else start
    lead = _lead(low, start)
    tail = _TAIL.match(low, end)
    if tail is not None and tail.end() > end:
        items, taken = _with_tail(items, tail)
        if taken:
            end = tail.end()
            firm = firm or bool(tail["year"] or tail["this"] or tail["gone"] or tail["next"] or tail["mark"])
    hours = None
    time = _TIME.match(low, end)
    if time is not None:
        hours = (time["from"], time["to"], bool(time["until"] or time["until_too"]))
        end = time.end()
    elif "godz" in low[end : end + 90]:
        time = _TIME_LATER.match(low, end)
        if (
            time is not None
            and (time["how"] == "do") == (lead.preposition == "do")
            and not (time["to"] and lead.preposition)
        ):
            hours = (time["from"], time["to"], time["how"] == "do")
            end = time.end()
    if hours is None and "godz" in low[max(0, start - 45) : start]:
        time = _TIME_BEFORE.search(low, max(0, start - 45), start)
        if time is not None:
            hours = (time["from"], time["to"], bool(time["until"]))
            start = time.start()
    atom = _Atom(start=start, end=end, items=items, firm=firm, hours=hours, lead=lead)
    _edge(atom)
    return atom


def _with_tail(items: list[tuple[Point, Point]], tail: re.Match[str]) -> tuple[list[tuple[Point, Point]], bool]:
    known = items[-1][1].year is not None
    year = int(tail["year"]) if tail["year"] else 2000 + int(tail["short_year"]) if tail["short_year"] else None
    shift = 0 if tail["this"] else -1 if tail["gone"] else 1 if tail["next"] else None
    weekday = WEEKDAYS[tail["weekday"]] if tail["weekday"] else None
    if known and (year is not None or shift is not None):
        return items, False
    changed = []
    for n, (first, last) in enumerate(items):
        at_end = n == len(items) - 1
        new_first = replace(first, year=first.year or year, shift=shift)
        new_last = replace(last, year=last.year or year, shift=shift, weekday=weekday if at_end else None)
        changed.append((new_last, new_last) if first == last else (new_first, new_last))
    if not all(_possible(point) for pair in changed for point in pair):
        return [], True
    return changed, True


def _month_atom(match: re.Match[str], low: str, text: str) -> _Atom | None:
    start = match.start()
    if start and (low[start - 1].isalnum() or low[start - 1] == "_"):
        return None
    if match["ordinal"]:
        day = ORDINAL_DAYS[match["ordinal"]]
        point = Point(month=MONTHS[match["ordinal_month"]], day=day)
        if not _possible(point) or _STREET.search(low, max(0, start - 14), start):
            return None
        return _finished(match, match.end(), [(point, point)], low)
    if match["short"]:
        point = Point(month=MONTHS[match["short"]], day=int(match["short_day"]))
        return _finished(match, match.end(), [(point, point)], low) if _possible(point) else None
    word = match["month"]
    if word == "maja" and "ą" in text[start : start + 4].lower():
        return None
    if match["day"]:
        point = Point(month=MONTHS[word], day=int(match["day"]))
        return _finished(match, match.end(), [(point, point)], low) if _possible(point) else None
    point = Point(month=MONTHS[word])
    end = match.end()
    tail = _TAIL.match(low, end)
    firm = False
    if tail is not None and not tail["weekday"] and not tail["mark"] and tail.end() > end:
        items, taken = _with_tail([(point, point)], tail)
        if taken and items:
            point, end, firm = items[0][0], tail.end(), bool(items[0][0].dated)
    atom = _one(start, end, point, low, firm=firm)
    if not firm and text[start].isupper() and not text[start : start + 3].isupper() and atom.lead.preposition == "":
        return None  # a first name or the start of a sentence
    return atom


def _part_atom(match: re.Match[str], low: str, number: str, to: str | None) -> _Atom:
    word = match["part_word"]
    kind = "Q" if word.startswith("kw") else "H"
    lead = _lead(low, match.start())
    first, last = _ordinal(number), _ordinal(to) if to else None
    limit = 4 if kind == "Q" else 2
    tail = _TAIL.match(low, match.end())
    year = int(tail["year"]) if tail and tail["year"] else None
    shift = None
    if tail:
        shift = 0 if tail["this"] else -1 if tail["gone"] else 1 if tail["next"] else None
    firm = (year is not None or shift is not None) and first <= limit and (last is None or first < last <= limit)
    end = tail.end() if tail and firm else match.end()
    point = Point(year=year, shift=shift, part=f"{kind}{first}", edge=lead.edge)
    other = Point(year=year, shift=shift, part=f"{kind}{last}", edge=lead.edge) if last else point
    return _Atom(start=match.start(), end=end, items=[(point, other)], firm=firm, lead=lead)


def _ordinal(word: str) -> int:
    if word.isdigit():
        return int(word)
    return ROMAN[word] if word in ROMAN else ORDINAL_PARTS[word]


def _possible(point: Point) -> bool:
    """Whether the calendar has that day (a leap year is granted where the year is not printed)."""
    if point.day is None or point.month is None:
        return True
    return 1 <= point.day <= monthrange(point.year or 2024, point.month)[1]


def _lead(low: str, start: int) -> _Lead:
    """What the few words directly before a date say about it."""
    lead = _Lead(start=start)
    begin = max(0, start - 42)
    words = list(_WORD.finditer(low, begin, start))
    for word in reversed(words[-5:]):
        if word.start() == begin and begin and not low[begin - 1].isspace():
            break
        token = word.group().strip('("„:,')
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
                lead.start = word.start() + word.group().find(token)
                break
        else:
            break
        lead.start = word.start() + max(0, word.group().find(token))
        if word.group()[-1:] == ":":
            lead.start = start
            break
    return lead


_GAP: Final = re.compile(r"[a-z]+|[^\sa-z]")
_RANGE_WORDS: Final = frozenset({"-", "do", "a"})
_LIST_WORDS: Final = frozenset({",", "i", "oraz", "lub", "takze", "a"})
_FILLERS: Final = frozenset({"dnia", "dn", "dniu", ".", ",", ")", "(", "az", "w", "konca", "polowy", *WEEKDAYS})


def _joined(atoms: list[_Atom], low: str) -> list[_Atom]:
    """Ranges and lists put together; forms that nothing confirmed are dropped."""
    out: list[_Atom] = []
    for atom in atoms:
        if not atom.items:
            continue
        if out:
            gap = low[out[-1].end : atom.start]
            if len(gap) <= 32:
                words = _GAP.findall(gap)
                joins = sum(word in _RANGE_WORDS for word in words)
                rest = [word for word in words if word not in _RANGE_WORDS]
                if (
                    joins == 1
                    and all(word in _FILLERS for word in rest)
                    and ("a" not in words or out[-1].lead.preposition == "od")
                ):
                    if _range(out[-1], atom):
                        continue
                elif (
                    words
                    and all(word in _LIST_WORDS or word in _FILLERS for word in words)
                    and any(w in _LIST_WORDS for w in words)
                ):
                    _share_year(out, atom, low)
        out.append(atom)
    return [
        atom for atom in out if atom.firm or (atom.lead.dated and atom.items[0][0].day is not None) or _bare_month(atom)
    ]


def _bare_month(atom: _Atom) -> bool:
    """ "w marcu", "do końca maja": a month without its year, where a preposition stands before it."""
    first = atom.items[0][0]
    return first.day is None and first.month is not None and atom.lead.preposition in ("w", "od", "do")


def _kind(point: Point) -> str:
    return "day" if point.day else "month" if point.month else "part" if point.part else "year"


def _range(left: _Atom, right: _Atom) -> bool:
    """Joins `right` to `left` as the end of a range, if the two can be one; left is changed in place."""
    first, first_end = left.items[-1]
    last_start, last = right.items[0]
    if first != first_end or last_start != last:
        return False
    if {_kind(first), _kind(last)} not in ({"day"}, {"month"}, {"year"}, {"part"}, {"day", "month"}):
        return False
    if not (left.firm or right.firm or left.lead.dated or left.lead.preposition == "od"):
        return False
    later = first.order > last.order
    if not first.dated and last.dated:
        first = replace(
            first,
            year=last.year - later if last.year is not None else None,
            shift=last.shift if last.shift is None else last.shift - later,
        )
    elif first.dated and not last.dated:
        last = replace(
            last,
            year=first.year + later if first.year is not None else None,
            shift=first.shift if first.shift is None else first.shift + later,
        )
    elif first.dated and last.dated and first.year is not None and last.year is not None:
        if (first.year, first.order) > (last.year, last.order):
            return False
    if not (_possible(first) and _possible(last)):
        return False
    if left.hours and not left.hours[1]:
        first = replace(first, hour=left.hours[0])
    if right.hours and not right.hours[1]:
        last = replace(last, hour=right.hours[0])
    left.hours = None
    left.items[-1:] = [(first, last), *right.items[1:]]
    left.end = right.end
    left.firm = True
    return True


def _share_year(atoms: list[_Atom], atom: _Atom, low: str) -> None:
    """ "18.05, 25.05 i 1.06.2022": the year printed once holds for the whole list."""
    first = atom.items[0][0]
    if atom.items[-1][1].dated:
        for earlier in reversed(atoms):
            if (
                earlier.items[-1][1].dated
                or earlier.items[-1][1].day is None
                or (not earlier.firm and not atom.numeric)
            ):
                break
            if earlier.items[-1][1].order >= first.order:
                break
            earlier.items = [
                (replace(a, year=first.year, shift=first.shift), replace(b, year=first.year, shift=first.shift))
                for a, b in earlier.items
            ]
            earlier.firm = True
            first = earlier.items[0][0]
    elif first.day is not None and atoms[-1].items[-1][1].dated:
        last = atoms[-1].items[-1][1]
        if atom.firm and last.day is not None and last.order < first.order:
            atom.items = [
                (replace(a, year=last.year, shift=last.shift), replace(b, year=last.year, shift=last.shift))
                for a, b in atom.items
            ]


def _expressions(atom: _Atom) -> list[Expression]:
    lead = atom.lead
    out = []
    for first, last in atom.items:
        if atom.hours is not None and first.day is not None:
            begin, end, until = atom.hours
            if first == last and not (end and lead.preposition in ("od", "do")):
                first, last = replace(first, hour=begin), replace(last, hour=end or begin)
            elif first != last and until and not end:
                last = replace(last, hour=begin)
        out.append(
            Expression(
                start=min(atom.start, lead.start) if lead.start >= 0 else atom.start,
                end=atom.end,
                first=first,
                last=last,
                span=first != last and not (first.hour and replace(first, hour=None) == replace(last, hour=None)),
                preposition=lead.preposition,
                dated=lead.dated,
                period=lead.period,
                years_of=lead.years_of,
            )
        )
    return out
