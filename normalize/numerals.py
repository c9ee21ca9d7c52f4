"""Numbers as Polish texts print them: digit groups, decimals, "tys./mln/mld" in parts, and numbers in words.

The patterns are for text folded with `words.fold_aligned`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

DIGITS = r"[0-9](?<![\w/].)(?<!\d[ .,':].)(?>\d*(?:[ .,']\d+)*)"
"""The longest run of digit groups: a broken number ("17 012 1467") is seen whole, never a piece of it.

It begins with the digit, not with what must not stand before it: so a search skips from digit to digit."""

MULTIPLIER = (
    r"(?:tys\.|tys(?:iac[ea]?|iecy|iacami|iacom)?(?![a-z])|ml[nd]\.|ml[nd](?![a-z])"
    r"|mil(?:l?ion|iard)(?:ow|om|ami|ach|[yaus])?(?![a-z]))"
)
_RUN = r"(?> ?\d+(?:[ .,]\d+)*)"
OPERAND = rf"{DIGITS}(?: ?{MULTIPLIER}(?:{_RUN}(?: ?{MULTIPLIER})?)?{_RUN}?)?"
"""A number with its parts: `2 mln 300 tys. 500`."""

_APPROXIMATELY = re.compile(
    r"(?:(?<!\w)(?:(?:ok|ca|min|max|maks)\.?|okolo|ponad|blisko|prawie|niemal|niemalze|przeszlo|do|od|minimum|minimalnie"
    r"|maksimum|maksymalnie|najwyzej|najmniej|conajmniej|nawet|powyzej|ponizej|rzedu|niespelna|circa|orientacyjnie"
    r"|szacunkowo|(?:w )?przyblizeniu|(?:nie )?(?:wiecej|mniej|wyzsz\w+|nizsz\w+) niz|nie przekracza\w*"
    r"|do (?:kwoty|wysokosci))"
    r"(?: (?:lacznie|razem|w sumie|kwoty))?|[~≈<>≤≥]) ?$"
)
_LAST_WORDS = frozenset(re.findall("[a-z]{2,}", _APPROXIMATELY.pattern))

_PARTS = re.compile(rf"(\d+(?:[ .,']\d+)*)(?: ?({MULTIPLIER}))?")
_DATE_BEFORE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:19|20)\d\d ")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ .'])\d{3})(?:\1\d{3})*(?:,(\d{1,2})|\.(\d{2}))?")
_PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:[.,]\d{1,2})?")
_SCALED = re.compile(r"(?:0|[1-9]\d*)(?:,\d{1,6}|\.\d{1,2})?")
_ENGLISH = re.compile(r"[1-9]\d{0,2}((?:,\d{3})+)(\.\d{2})?")
_LONGEST = 22


def approximate_from(folded: str, start: int) -> int | None:
    """Where the words begin that make the number at `start` approximate ("ok.", "ponad", "co najmniej"), if any do."""
    before = folded[max(0, start - 30) : start]
    words = before.split()
    if not words or not (
        words[-1].strip(".(") in _LAST_WORDS or words[-1][-1] in "~≈<>≤≥" or words[-1].startswith("przekracz")
    ):
        return None
    said = _APPROXIMATELY.search(before)
    return None if said is None else start - len(before) + said.start()


def scale_of(multiplier: str) -> int:
    """1000 for "tys.", 10**6 for "mln", 10**9 for "mld" and "miliard"; 1 for nothing."""
    if not multiplier:
        return 1
    if multiplier[0] == "t":
        return 1_000
    return 1_000_000_000 if multiplier.startswith(("mld", "miliard")) else 1_000_000


def read_digits(run: str, *, scaled: bool = False, english: bool = False) -> Decimal | None:
    """One run of digit groups, or None where it is no well-formed number.

    `scaled`: a multiplier follows, so more than two decimals are right ("1,125 mln") while "1.125 mln" is
    ambiguous. `english`: a single comma before three digits parts thousands ("PLN 10,000").
    """
    if len(run) > _LONGEST:
        return None
    grouped = _GROUPED.fullmatch(run)
    if grouped is not None:
        separator, by_comma, by_dot = grouped.groups()
        if (separator == "." and (by_dot or scaled)) or (by_dot and by_comma):
            return None
        whole = run[: len(run) - len(by_comma or by_dot) - 1] if by_comma or by_dot else run
        return Decimal(whole.replace(separator, "") + "." + (by_comma or by_dot or "0"))
    if (_SCALED if scaled else _PLAIN).fullmatch(run):
        return Decimal(run.replace(",", "."))
    thousands = _ENGLISH.fullmatch(run)
    if thousands is not None and not scaled and (english or thousands[2] or len(thousands[1]) > 4):
        return Decimal(run.replace(",", ""))
    return None


def read_operand(operand: str, *, english: bool = False) -> tuple[Decimal, int] | None:
    """The value of what `OPERAND` matched, and the scale of its last part (1 without a multiplier)."""
    if operand.isdecimal() and operand.isascii() and operand[0] != "0" and len(operand) <= _LONGEST:
        return Decimal(operand), 1  # one plain number, as most are
    total = Decimal(0)
    below: int | None = None
    scale = 1
    dated = _DATE_BEFORE.match(operand)
    for run, multiplier in _PARTS.findall(operand, dated.end() if dated else 0):
        scale = scale_of(multiplier)
        value = read_digits(run, scaled=bool(multiplier), english=english)
        if value is None or (below is not None and value * scale >= below):
            return None
        total += value * scale
        below = scale
    return None if below is None else (total, scale)


_FORMS = """
1 jeden jedna jedno jednego jednej jednym
2 dwa dwie dwoje dwoch dwom dwoma dwojga
3 trzy troje trzech trzem trzema trojga
4 cztery czworo czterech czterem czterema czworga
5 piec pieciu piecioma piecioro
6 szesc szesciu szescioma szescioro
7 siedem siedmiu siedmioma siedmioro
8 osiem osmiu osmioma osmioro
9 dziewiec dziewieciu dziewiecioma dziewiecioro
10 dziesiec dziesieciu dziesiecioma
11 jedenascie jedenastu
12 dwanascie dwunastu
13 trzynascie trzynastu
14 czternascie czternastu
15 pietnascie pietnastu
16 szesnascie szesnastu
17 siedemnascie siedemnastu
18 osiemnascie osiemnastu
19 dziewietnascie dziewietnastu
20 dwadziescia dwudziestu
30 trzydziesci trzydziestu
40 czterdziesci czterdziestu
50 piecdziesiat piecdziesieciu
60 szescdziesiat szescdziesieciu
70 siedemdziesiat siedemdziesieciu
80 osiemdziesiat osiemdziesieciu
90 dziewiecdziesiat dziewiecdziesieciu
100 sto stu
200 dwiescie dwustu
300 trzysta trzystu
400 czterysta czterystu
500 piecset pieciuset
600 szescset szesciuset
700 siedemset siedmiuset
800 osiemset osmiuset
900 dziewiecset dziewieciuset
"""
NUMBER_WORDS = {form: int(line.split()[0]) for line in _FORMS.split("\n") for form in line.split()[1:]}
_SCALE_WORD = re.compile(r"tysi(?:ac[ea]?|ecy|acami|acom)|mil(?:ion|iard)(?:ow|om|ami|ach|[yau])?")
_ONE_OF = ("tysiac", "milion", "miliard")
_FRACTION = {"pol": Decimal("0.5"), "poltora": Decimal("1.5"), "poltorej": Decimal("1.5")}


def is_number_word(word: str) -> bool:
    return word in NUMBER_WORDS or word in _FRACTION or _SCALE_WORD.fullmatch(word) is not None


def read_words(words: Sequence[str]) -> Decimal | None:
    """ "dwa miliony trzysta tysiecy" -> 2300000; None where the words do not make one number."""
    total, group, lowest, below = Decimal(0), Decimal(0), 1000, 10**12
    for word in words:
        if word in NUMBER_WORDS:
            value = NUMBER_WORDS[word]
            if value >= lowest:
                return None
            group += value
            lowest = 100 if value >= 100 else 10 if value >= 20 else 0
        elif word in _FRACTION:
            if group:
                return None
            group, lowest = _FRACTION[word], 0
        elif _SCALE_WORD.fullmatch(word):
            scale = scale_of(word)
            # Alone it must be one of it: "milion", while before "milionów" a number is missing ("kilka").
            if scale >= below or not (group or word in _ONE_OF):
                return None
            total += (group or 1) * scale
            group, lowest, below = Decimal(0), 1000, scale
        else:
            return None
    # "pół" and "półtora" only make sense before a thousand or a million here.
    return None if group != int(group) else total + group or None
