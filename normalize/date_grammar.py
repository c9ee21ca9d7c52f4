"""Reads Polish date expressions off a line of text: what is printed where.

Every pattern is bounded and tried only at a number, at the stem of a month's name or at the word for a part of the
year, so reading is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from normalize import date_hours
from normalize.date_days import day_spans, is_street
from normalize.date_leads import lead_of
from normalize.date_lines import masked
from normalize.date_ranges import joined
from normalize.date_shapes import Atom, Expression, Lead, Point
from normalize.date_words import (
    ABBREVIATED,
    DAY,
    DAYS,
    MONTH_STEMS,
    MONTHS,
    ORDINAL_DAYS,
    ORDINAL_PARTS,
    ROMAN,
    WEEKDAYS,
    alternatives,
)
from normalize.paragraphs import BEGINNING

_MONTH: Final = alternatives(form for form in MONTHS if form not in ABBREVIATED)
_SHORT: Final = alternatives(ABBREVIATED)
_YEAR: Final = r"(?:19|20)\d\d(?!\d)"
_END: Final = r"(?![a-z])"
_PART: Final = r"kwarta[a-z]{1,4}|polrocz[a-z]{1,3}"

_FIGURE: Final = re.compile(r"[0-9]")
_NUMBER: Final = re.compile(r"[0-9]+")
_AT_NUMBER: Final = re.compile(
    rf"(?P<iso_year>{_YEAR})(?P<iso_sep>[-./])(?P<iso_month>0?[1-9]|1[0-2])(?P=iso_sep)(?P<iso_day>{DAY})"
    rf"|(?P<days>{DAYS})(?:"
    rf"\.?\s{{0,2}}(?:(?P<word>{_MONTH}){_END}|(?P<short>{_SHORT}){_END}\.?(?=,?\s?{_YEAR}))"
    rf"|[.\s]\s?(?P<roman>{alternatives(ROMAN)})(?:\.\s?|\s)(?={_YEAR}|\s?(?:-|do)\s?\d)"
    rf"|(?P<sep>[./-])(?P<month>0?[1-9]|1[0-2])(?!\d)"
    rf"(?:(?:(?P=sep)\s?|\.?\s)(?P<year>{_YEAR})|(?P=sep)'?(?P<short_year>\d\d)(?!\d|[./-]\d))?)"
    rf"|(?P<part>[1-4])\.?\s(?P<part_word>{_PART})"
    rf"|(?P<my_month>0[1-9]|1[0-2])[./](?P<my_year>{_YEAR})"
    rf"|(?P<pair>{_YEAR})\s?(?P<pair_sep>[-/])\s?(?P<pair_end>{_YEAR}|(?<=/)\d\d(?!\d))(?![-/.]\d)"
    rf"|(?P<only>{_YEAR})"
)
_AT_MONTH: Final = re.compile(rf"(?P<month>{_MONTH}){_END}(?:\s(?P<day>\d{{1,2}}),\s?(?={_YEAR}))?")
_ORDINAL_BEFORE: Final = re.compile(rf"(?<![a-z])({alternatives(ORDINAL_DAYS)})\s$")
_SHORT_BEFORE: Final = re.compile(rf"(?<![a-z])({_SHORT})\.?\s(\d{{1,2}}),?\s$")
_AT_PART: Final = re.compile(
    rf"(?P<part>{alternatives(['i', 'ii', 'iii', 'iv', *ORDINAL_PARTS])})"
    rf"(?:\s?(?:-|do)\s?(?P<part_to>{alternatives(['ii', 'iii', 'iv'])}))?"
    rf"\s(?P<part_word>{_PART}|polow(?:a|ie|y|e)(?=\s(?:roku|{_YEAR}|br\.)))"
)
_TOLD_YEAR: Final = re.compile(
    r"(?:(?P<next>przyszl|nastepn)|(?P<gone>ubiegl|zeszl|minion))(?:ego|ym) roku(?! (?:szkoln|akadem|budzet))"
    r"|(?P<end>konca (?:br\.|b\. ?r\.|(?:tego |biezacego )?roku(?! (?:\d|[a-z]+ego(?![a-z])))))"
)
_TAIL: Final = re.compile(
    rf"(?:\s{{0,2}}[,(]?\s?(?P<weekday>{alternatives(WEEKDAYS)}){_END}\.?\s?\)?)?"
    rf"(?:(?:,?\s{{0,2}}|\s?\()(?:w\s|roku\s)?(?P<year>{_YEAR})"
    rf"(?!\s(?:osob|zl|uczestni|mieszk|euro|tys|mln|szt|miejsc))(?:\s{{0,2}}(?:r\.?|roku?){_END})?"
    rf"|\s{{0,2}}'?(?P<short_year>\d\d)\s?(?:r\.|roku?){_END}"
    rf"|\s{{0,2}}(?P<this>b\.\s?r\.|br\.?|biez(?:acego|\.)\s?(?:roku|r\.)){_END}"
    rf"|\s{{0,2}}(?P<gone>ub(?:ieglego|\.)\s?(?:roku|r\.)|(?:zeszl|minion)ego\sroku){_END}"
    rf"|\s{{0,2}}(?P<next>(?:przyszl|nastepn)ego\sroku){_END}"
    rf"|\s{{0,2}}tegoz?\sroku{_END}"
    rf"|(?P<mark>\s?r\.|\sroku?){_END})?"
)
_YEAR_MARK: Final = re.compile(r"\s{0,2}(?:r\.|r(?![a-z.])|roku?(?![a-z])|rokiem)")
_COUNTED: Final = re.compile(
    r"\s?(?:%|zl|osob|tys|mln|szt|gospodarstw|miejsc|firm|gmin|szkol|mieszkan|rodzin|dzieci|godzin|[a-z]+(?:ach|ow|ami|om|ym|ymi|ich|ych)(?![a-z]))"
)
_NUMBERED: Final = re.compile(
    r"(?<![a-z])(?:nr|numer|znak|spraw[ay]|(?:pod)?dzialani[aeu]|pkt|ust|art|wersj[aie]|wer|v|ip|tel|pok|lok|os)[.:]?\s?$"
)
_LAST_WORD: Final = re.compile(r"[a-z]+$")
_LATEST_SHORT_YEAR: Final = 2049


class Clues(NamedTuple):
    """Which words of dates a text has at all: its lines need be searched for no others."""

    months: tuple[str, ...]
    """Stems of months."""
    parts: bool
    """Quarters and half-years."""
    told: bool
    """Years told from another."""

    @staticmethod
    def of(low: str, present: frozenset[str] | None = None) -> Clues:
        """`present`: how the words of the text begin, where that is known."""
        stems = MONTH_STEMS if present is None else [stem for stem in MONTH_STEMS if stem[:BEGINNING] in present]
        return Clues(
            months=tuple([stem for stem in stems if stem in low]),
            parts="kwarta" in low or "polrocz" in low or "polow" in low,
            told="ego roku" in low or "ym roku" in low or "konca " in low,
        )


def read(low: str, text: str, clues: Clues | None = None) -> list[Expression]:
    """Every date expression of a line, in order of place; a list ("18 i 25 maja") gives one for each of its dates.

    `low` is the line as `date_lines.plain` gives it, `text` the line itself (capital letters matter for Roman numerals
    and street names); `clues`: of the whole text that the line is of.
    """
    # What is masked has figures in it.
    atoms = _atoms(masked(low) if _FIGURE.search(low) else low, text, clues or Clues.of(low))
    if not atoms:
        return []
    return [expression for atom in joined(atoms, low) for expression in atom.expressions()]


def _atoms(low: str, text: str, clues: Clues) -> list[Atom]:
    atoms: list[Atom] = []
    taken: list[tuple[int, int]] = []  # also by what turned out to be no date: "29 lutego 2023 r.", "ul. 3 Maja"
    for number in _NUMBER.finditer(low):
        if taken and number.start() < taken[-1][1]:
            continue
        match = _AT_NUMBER.match(low, number.start())
        if match is not None:
            end = match.end()
            atom = _at_number(match, low, text)
            if atom is not None:
                atoms.append(atom)
                end = max(end, atom.end)
            elif match["word"] and (tail := _TAIL.match(low, end)) is not None:
                end = tail.end()
            taken.append((match.start(), end))
    starts = [start for start, _ in taken]
    for stem in clues.months:
        at = low.find(stem)
        while at >= 0:
            covering = bisect_right(starts, at) - 1
            if covering < 0 or at >= taken[covering][1]:
                atom = _at_month(low, at, text)
                if atom is not None:
                    atoms.append(atom)
            at = low.find(stem, at + 1)
    if clues.parts:
        for match in _AT_PART.finditer(low):
            word = text[match.start("part") : match.end("part")]
            if not low[match.start() - 1 : match.start()].isalnum() and (len(word) > 3 or word.isupper()):
                atoms += _part(match, low)
    if clues.told:
        atoms += [atom for match in _TOLD_YEAR.finditer(low) if (atom := _told_year(match, low)) is not None]
    if len(atoms) > 1:
        atoms.sort(key=lambda atom: (atom.start, -atom.end))
    kept: list[Atom] = []
    for atom in atoms:
        if not kept or atom.start >= kept[-1].end:
            kept.append(atom)
    return [atom for atom in kept if atom.items]


def _at_number(match: re.Match[str], low: str, text: str) -> Atom | None:
    start = match.start()
    before, earlier = low[start - 1 : start], low[start - 2 : start - 1]
    if (
        before.isalnum()
        or (before and before in "_/")
        or (before == "-" and earlier.isalpha() and not _word_ends(low, start - 1))
    ):
        return None
    if match["days"]:
        return _days(match, low, text)
    if before == ".":
        return None
    if match["iso_year"]:
        point = Point(year=int(match["iso_year"]), month=int(match["iso_month"]), day=int(match["iso_day"]))
        if low[match.end() : match.end() + 1] in ("_", "/") or not point.possible:
            return None
        return _completed([(point, point)], start, match.end(), low, lead_of(low, start))
    if match["part"]:
        return next(iter(_part(match, low)), None)
    lead = lead_of(low, start)
    if match["my_month"]:
        end = _year_mark(low, match.end())
        if end == match.end() and (_goes_on(low, end) or not (lead.preposition or lead.dated or lead.period)):
            return None
        return _one(start, end, Point(year=int(match["my_year"]), month=int(match["my_month"])), lead)
    if match["pair"]:
        return _year_pair(match, low, lead)
    return _year(match, low, lead)


def _word_ends(low: str, end: int) -> bool:
    """A word of a date ends there ("roku–2", "maja–3"), not the letters of a code."""
    word = _LAST_WORD.search(low[max(0, end - 14) : end])
    return word is not None and (word[0] in MONTHS or word[0] in WEEKDAYS or word[0] in ("r", "roku"))


def _year(match: re.Match[str], low: str, lead: Lead) -> Atom | None:
    """A year alone: with its mark ("2019 r.", "rok 2024") or behind a preposition and not counting anything."""
    start, end = match.start(), _year_mark(low, match.end())
    if low[start - 1 : start] == "-" or low[max(0, start - 12) : start].rstrip().endswith(("©", "copyright", "(c)")):
        return None
    short = _SHORT_BEFORE.search(low[max(0, start - 10) : start])
    if short is not None:
        point = Point(year=int(match["only"]), month=MONTHS[short[1]], day=int(short[2]))
        begin = start - len(short[0])
        return _completed([(point, point)], begin, end, low, lead_of(low, begin)) if point.possible else None
    if end == match.end():
        if _goes_on(low, end):
            return None
        plainly = lead.preposition in ("w", "od", "do", "po", "przed", "z") and not _COUNTED.match(low, end)
        if not (lead.year_cue or plainly):
            return None
    return _one(start, end, Point(year=int(match["only"])), lead)


def _year_pair(match: re.Match[str], low: str, lead: Lead) -> Atom | None:
    """ "2014-2020", "2022/23": the years of a programme or of school."""
    start, first, last = match.start(), int(match["pair"]), match["pair_end"]
    to = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    end = _year_mark(low, match.end())
    if low[start - 1 : start] == "-" or _NUMBERED.search(low[max(0, start - 14) : start]):
        return None
    if (
        (end == match.end() and _goes_on(low, end))
        or not first < to <= first + 40
        or (len(last) == 2 and to != first + 1)
    ):
        return None
    return Atom(start=start, end=end, items=[(Point(year=first), Point(year=to))], lead=lead)


def _days(match: re.Match[str], low: str, text: str) -> Atom | None:
    """ "3 marca", "12,13 i 14.10.2022", "5-go maja", "12.V.2023": one or several days of one month."""
    start, end = match.start(), match.end()
    named = match["word"] or match["short"]
    if match["roman"] and not text[match.start("roman")].isupper():
        return None
    month = MONTHS[named] if named else ROMAN[match["roman"]] if match["roman"] else int(match["month"])
    year = int(match["year"]) if match["year"] else None
    numeric = not (named or match["roman"])
    before, earlier = low[start - 1 : start], low[start - 2 : start - 1]
    if before == "." and (numeric or earlier.isdigit()):
        return None
    if numeric and ((before == "," and earlier.isdigit()) or _NUMBERED.search(low[max(0, start - 14) : start])):
        return None
    if match["short_year"]:
        year = 2000 + int(match["short_year"])
        if match["sep"] != "." or len(match["month"]) < 2 or year > _LATEST_SHORT_YEAR:
            return None
    if numeric and _goes_on(low, end) and not _YEAR_MARK.match(low, end) and low[end : end + 1] not in ("t", "-", ","):
        return None
    printed = text[match.start("word") : match.end("word")].lower() if match["word"] else ""
    if "ą" in printed or (match["short"] and "ę" in text[match.start("short") : match.end("short")].lower()):
        return None  # "mają" and "się" fold to forms of months
    firm = not numeric or year is not None
    if not firm and "godz" in low[max(0, start - 20) : start]:
        return None
    lead = lead_of(low, start)
    spans, skipped = day_spans(match["days"], lead, text[max(0, start - 20) : start])
    if skipped:
        start += skipped
        lead = Lead(start=start)
    items = []
    for one, other in spans:
        first = Point(year=year, month=month, day=one)
        items.append((first, first if one == other else first._replace(day=other)))
    if not items or not all(point.possible for pair in items for point in pair):
        return None
    if named and year is None and is_street(text, low, start, match.start("word"), end):
        return None
    atom = _completed(items, start, end, low, lead, firm=firm)
    if atom is not None:
        atom.numeric = numeric
        atom.firm = atom.firm and not (match["roman"] and not atom.items[-1][1].dated)
    return atom


def _at_month(low: str, at: int, text: str) -> Atom | None:
    """A month without a day in figures before it: "maj 2023", "w marcu", "pierwszego marca", "maj 16, 2023"."""
    match = _AT_MONTH.match(low, at)
    before = low[at - 1 : at]
    if match is None or before.isalnum() or before == "_" or "ą" in text[at : match.end("month")].lower():
        return None
    month, end = MONTHS[match["month"]], match.end()
    ordinal = _ORDINAL_BEFORE.search(low[max(0, at - 32) : at]) if low[at - 3 : at] == "go " else None
    if ordinal is not None or match["day"]:
        point = Point(month=month, day=ORDINAL_DAYS[ordinal[1]] if ordinal else int(match["day"]))
        start = at - len(ordinal[0]) if ordinal else at
        completed = None
        if point.possible and not is_street(text, low, start, at, end):
            completed = _completed([(point, point)], start, end, low, lead_of(low, start))
        if completed is not None:
            return completed
        tail = _TAIL.match(low, end)  # nothing of these words is a date: they are taken, by no day
        return Atom(start=start, end=tail.end() if tail else end, items=[], lead=Lead(start=start))
    point = Point(month=month)
    firm = False
    tail = _TAIL.match(low, end)
    if tail is not None and not (tail["weekday"] or tail["mark"]):
        items = _with_year([(point, point)], tail)
        if items and items[0][0].dated:
            point, end, firm = items[0][0], tail.end(), True
    lead = lead_of(low, at)
    if not firm and not lead.preposition and text[at].isupper() and not text[at : at + 3].isupper():
        return None  # a first name ("Maja"), or a month that opens a sentence
    return _one(at, end, point, lead, firm=firm)


def _completed(
    items: list[tuple[Point, Point]], start: int, end: int, low: str, lead: Lead, *, firm: bool = True
) -> Atom | None:
    """Days with what follows them (weekday, year, hours) and the words that lead to them; None where no such day is."""
    tail = _TAIL.match(low, end)
    if tail is not None and tail.end() > end and not (items[-1][1].dated and _year_in(tail) is not None):
        completed = _with_year(items, tail)
        if completed is None:
            return None
        items, end = completed, tail.end()
        firm = firm or bool(tail["mark"]) or items[-1][1].dated
    hours = None
    each_day = False
    after = date_hours.after(low, end, lead.preposition)
    if after is not None:
        each_day = date_hours.of_each_day(low, end)
        hours, end = after
    else:
        earlier = date_hours.before(low, start)
        if earlier is not None:
            hours, start = earlier
    return _led(Atom(start=start, end=end, items=items, lead=lead, firm=firm, hours=hours, each_day=each_day))


def _one(start: int, end: int, point: Point, lead: Lead, *, firm: bool = True) -> Atom:
    return _led(Atom(start=start, end=end, items=[(point, point)], lead=lead, firm=firm))


def _led(atom: Atom) -> Atom:
    """The weekday and the "koniec", "połowa" of the words before go into the date itself."""
    first, last = atom.items[0]
    if atom.lead.edge is not None and last.day is None:
        first = last = last._replace(edge=atom.lead.edge)
    elif atom.lead.weekday is not None and first.weekday is None:
        single = first == last
        first = first._replace(weekday=atom.lead.weekday)
        last = first if single else last
    atom.items[0] = (first, last)
    return atom


def _with_year(items: list[tuple[Point, Point]], tail: re.Match[str]) -> list[tuple[Point, Point]] | None:
    """The days with the weekday and the year that follow them, None where the calendar has no such day."""
    year, shift = _year_in(tail) or (None, None)
    weekday = WEEKDAYS[tail["weekday"]] if tail["weekday"] else None
    out = []
    for n, (first, last) in enumerate(items):
        ended = Point(
            year=last.year or year,
            month=last.month,
            day=last.day,
            part=last.part,
            shift=shift,
            hour=last.hour,
            weekday=weekday if n == len(items) - 1 else last.weekday,
            edge=last.edge,
        )
        if first is last or first == last:
            out.append((ended, ended))
        else:
            out.append((first._replace(year=first.year or year, shift=shift), ended))
    return out if all(point.possible for pair in out for point in pair) else None


def _year_in(tail: re.Match[str]) -> tuple[int | None, int | None] | None:
    """The year a tail states, or how it tells it ("br.": 0), or None."""
    if tail["year"]:
        return int(tail["year"]), None
    if tail["short_year"]:
        return 2000 + int(tail["short_year"]), None
    if tail["this"] or tail["gone"] or tail["next"]:
        return None, 0 if tail["this"] else -1 if tail["gone"] else 1
    return None


def _part(match: re.Match[str], low: str) -> list[Atom]:
    """ "III kwartał 2024 r.", "w I półroczu 2013", "II-III kwartał br."; none without a year."""
    kind, most = ("Q", 4) if match["part_word"].startswith("kw") else ("H", 2)
    to = match.groupdict().get("part_to")
    first, last = _ordinal(match["part"]), _ordinal(to or match["part"])
    tail = _TAIL.match(low, match.end())
    stated = _year_in(tail) if tail is not None else None
    if tail is None or stated is None or not first <= last <= most or (to and first == last):
        return []
    lead = lead_of(low, match.start())
    point = Point(year=stated[0], shift=stated[1], part=f"{kind}{first}", edge=lead.edge)
    return [Atom(start=match.start(), end=tail.end(), items=[(point, point._replace(part=f"{kind}{last}"))], lead=lead)]


def _ordinal(word: str) -> int:
    return int(word) if word.isdigit() else ROMAN[word] if word in ROMAN else ORDINAL_PARTS[word]


def _told_year(match: re.Match[str], low: str) -> Atom | None:
    """ "na początku przyszłego roku", "do końca roku"."""
    lead = lead_of(low, match.start())
    if match["end"]:
        if lead.preposition != "do":
            return None
        lead.edge = "end"
    shift = 1 if match["next"] else -1 if match["gone"] else 0
    return _one(match.start(), match.end(), Point(shift=shift), lead)


def _goes_on(low: str, end: int) -> bool:
    """The number goes on: part of a case number, a version, a code."""
    here, further = low[end : end + 1], low[end + 1 : end + 2]
    return here.isalnum() or (bool(here) and here in "_/") or (bool(here) and here in "-.," and further.isalnum())


def _year_mark(low: str, end: int) -> int:
    mark = _YEAR_MARK.match(low, end)
    return mark.end() if mark else end
