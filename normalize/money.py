"""Amounts of money in Polish text: exact grosze, currency, range, and a role from the words around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from normalize.amount_roles import Window, role_of
from normalize.model import Amount, AmountRole, Mention
from normalize.numerals import OPERAND, approximate_from, is_number_word, read_operand, read_words
from normalize.paragraphs import Paragraphs
from normalize.words import Sought

# "2 złote medale" and "10 złotych zasad" are no money.
_SIGN_PATTERN = (
    r"(?:zl(?:ote(?= (?:za|od|na|i|w|z|brutto|netto)\b| ?[^ \w]|$)|oty(?:ch|m|mi)?|otego)?(?!\w)"
    r"(?! (?:medal|zasad|rad\b|regul|odznak|krazk|krzyz|mysli|puchar|god[oy]|kluczy|jubileusz|strzal|lat\b|par\b))"
    r"|pln(?!\w)|euro?(?!\w)|€)"
)
_SIGN = re.compile(_SIGN_PATTERN)
_ANY_SIGN = Sought(("zl", "pln", "eur", "€"), _SIGN)
_NUMBER = re.compile(rf"(?P<operand>{OPERAND})(?P<dash>,-{{1,2}}|,–|\.-)?(?: {{0,2}}(?P<sign>{_SIGN_PATTERN}))?")
_GROSZE = re.compile(r"(?: i)? ?(?<!\d)(\d{1,2}) ?gr(?:osz[eya]?)?(?!\w)")
_SIGN_BEFORE = re.compile(r"(?:(?<!\w)(?:pln|eur)|€) ?$|(?<!\w)(?:w )?\(?(?:w )?(?P<label>zl|pln|eur|euro)\)?: ?$")
_SAME_IN_WORDS = re.compile(r" ?\((?:slownie:? ?)?(?:[a-z]+[ -]){1,14}(?:zl\w*|euro|pln)[^()]{0,25}\)")
_NUMBERED = re.compile(r"(?:(?<!\w)(?:nr|art|poz|pkt|ust|lp|tel|fax|ul|lok)\.?|§) ?$")
_NET = re.compile(r",? (?:brutto|netto)(?!\w)")
_TO = re.compile(r" ?[-–—] ?| (?:do|a)(?: (?:ok\.?|okolo|kwoty|nawet|maks\.?|max\.?))? ")
_FROM = re.compile(r"(?<!\w)(?:od|miedzy|pomiedzy|w granicach|w przedziale)(?: (?:ok\.?|okolo|kwoty))? $")
_OUT_OF = re.compile(r"(?<!\w)ze? (?:ok\.? |okolo |blisko |ponad )?$")
_CHANGED_TO = re.compile(
    r"(?:zwieksz|wzro|podni|podwyzsz|obniz|zmniejsz|ogranicz|spad)\w*(?: [^ .,;]+){0,4} do (?:kwoty )?$"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SAME_MONEY = re.compile(r" ?[(=/]+ ?(?:tj\.? |czyli |to jest )?")
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 10**15
"""Grosze: more than the whole state spends is a bank account or a slip."""
_SPECIFIC = ("other", "pool", "total", "grant", "own_share", "per_person")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    low: int
    high: int | None
    currency: str
    approximate: bool
    form: str


def find(paragraphs: Sequence[str]) -> list[Amount]:
    """Every amount with a currency, in order of first appearance; repeats of a value are one Amount.

    `paragraphs` are cleaned text (`words.clean`). The role of a repeated amount is the most specific one found.
    """
    repeats: dict[tuple[int, int | None, str], list[Amount]] = {}
    label = ""
    for block, (paragraph, folded) in enumerate(zip(paragraphs, Paragraphs.of(paragraphs).folded, strict=True)):
        if _ANY_SIGN.search(folded) is None:
            label = folded if len(folded) <= 80 else ""
            continue
        for amount in _in_roles(paragraph, folded, block, label):
            repeats.setdefault((amount.grosze, amount.grosze_to, amount.currency), []).append(amount)
        label = ""
    return [said[0] if len(said) == 1 else _merged(said) for said in repeats.values()]


def _in_roles(paragraph: str, folded: str, block: int, label: str) -> Iterator[Amount]:
    """The amounts of one paragraph, each with the role its own words give it."""
    found = list(_amounts(folded))
    used = 0
    earlier: AmountRole = "other"
    for index, item in enumerate(found):
        window = Window(
            text=folded,
            since=used,
            start=item.start,
            end=item.end,
            until=found[index + 1].start if index + 1 < len(found) else len(folded),
            label=label if index == 0 else "",
        )
        role, cue, used = role_of(window)
        if not cue and index and _SAME_MONEY.fullmatch(folded, found[index - 1].end, item.start):
            role, cue = earlier, "the amount before"
        earlier = role
        yield Amount(
            mentions=(Mention(raw=paragraph[item.start : item.end].strip(), block=block),),
            method=f"{item.form}; {role}: {cue}" if cue else item.form,
            grosze=item.low,
            grosze_to=item.high,
            currency=item.currency,
            role=role,
            approximate=item.approximate,
        )


def _merged(said: Sequence[Amount]) -> Amount:
    """All mentions; the most specific role with its method; exact where one of them is exact."""
    most = max(said, key=lambda amount: _SPECIFIC.index(amount.role))
    mentions = tuple(amount.mentions[0] for amount in said)
    return replace(most, mentions=mentions, approximate=all(amount.approximate for amount in said))


def _amounts(folded: str) -> Iterator[_Found]:
    """The amounts of one folded paragraph, from left to right."""
    found: list[_Found] = []
    previous: re.Match[str] | None = None
    signs_used = set()
    skip_to = 0
    for match in _NUMBER.finditer(folded):
        if match.start() < skip_to:
            continue
        last, previous = previous, match
        sign, form, english = match["sign"], "number and currency", False
        if sign is not None:
            signs_used.add(match.start("sign"))
            english = sign[0] != "z"
        else:
            before = _SIGN_BEFORE.search(folded, max(0, match.start() - 12), match.start())
            if before is None or before.start() in signs_used or _after_a_number(folded, before.start()):
                continue
            sign = before["label"] or before.group().strip()
            form, english = "currency and number", True
        item = _read(folded, match, sign, form, english, last)
        if item is None:
            continue
        if last is not None and found and item.start <= found[-1].start:
            found.pop()  # "od 500 zł do 1000 zł": the lower end stood there as an amount of its own
        words = _SAME_IN_WORDS.match(folded, item.end)
        skip_to = words.end() if words else item.end
        signs_used.update(sign.start() for sign in _SIGN.finditer(folded, item.end, skip_to))
        found.append(item)
    for sign in _SIGN.finditer(folded):
        if sign.start() not in signs_used:
            spelled = _spelled(folded, sign)
            if spelled is not None:
                found.append(spelled)
    found.sort(key=lambda item: item.start)
    yield from found


def _after_a_number(folded: str, position: int) -> bool:
    return folded[max(0, position - 2) : position].strip()[-1:].isdigit()


def _read(
    folded: str, match: re.Match[str], sign: str, form: str, english: bool, last: re.Match[str] | None
) -> _Found | None:
    """One number with its currency, joined with the number before it where the two are a range."""
    start, end = match.start(), match.end()
    read = read_operand(match["operand"], english=english)
    if read is None or (start > 1 and folded[start - 1] in "-–" and folded[start - 2].isalpha()):
        return None
    value, scale = read
    grosze = _hundredths(value)
    if grosze is None or _NUMBERED.search(folded, max(0, start - 6), start):
        return None
    currency = "EUR" if sign[0] in "e€" else "PLN"
    low, high = grosze, None
    if form == "currency and number":
        start = folded.rfind(sign, 0, start)
    elif last is not None and _TO.fullmatch(folded, last.end(), start):
        lower = _lower_end(folded, last, start, value, scale, sign)
        if lower is not None:
            low, high, start, form = lower, grosze, last.start(), "range"
            if low > grosze:
                return None
    if high is None and currency == "PLN" and grosze % 100 == 0 and sign[0] == "z":
        coins = _GROSZE.match(folded, end)
        if coins is not None:
            low, end = low + int(coins[1]), coins.end()
    net = _NET.match(folded, end)
    if high is not None:
        named = _FROM.search(folded, max(0, start - 30), start)
        start = named.start() if named else start
    about = approximate_from(folded, start)
    approximate = about is not None and not _CHANGED_TO.search(folded, max(0, start - 70), start)
    start = start if about is None else about
    return _Found(start, net.end() if net else end, low, high, currency, approximate, form)


def _lower_end(folded: str, last: re.Match[str], start: int, value: Decimal, scale: int, sign: str) -> int | None:
    """The grosze of the number before, where it and this one are the two ends of a range."""
    if last["sign"] is not None and last["sign"][0] != sign[0]:
        return None
    read = read_operand(last["operand"], english=sign[0] != "z")
    if read is None:
        return None
    lower, lower_scale = read
    joint = folded[last.end() : start]
    named = _FROM.search(folded, max(0, last.start() - 30), last.start()) is not None
    if not named:
        if joint.strip() == "a" or _OUT_OF.search(folded, max(0, last.start() - 12), last.start()):
            return None
        if last["sign"] is None:
            bare = last["operand"]
            if last.start() > 0 and folded[last.start() - 1] in "-–/":
                return None
            # "Etap 1 – 2 000 zł", "2023 – 500 zł": a spaced dash joins only numbers of one make.
            if joint[0] == " " and "do" not in joint and (lower < 1000 or _YEAR.fullmatch(bare)):
                return None
            if _YEAR.fullmatch(bare) and _YEAR.fullmatch(folded[start : start + 5].strip()):
                return None
    if last["sign"] is None and lower_scale == 1 and scale > 1 and lower * scale <= value:
        lower *= scale
    if lower >= value and not named:
        return None
    return _hundredths(lower)


def _spelled(folded: str, sign: re.Match[str]) -> _Found | None:
    """ "dwa miliony złotych": number words right before a currency."""
    words: list[str] = []
    start = sign.start()
    nearest = folded[max(0, start - 24) : start].split()
    if not nearest or not is_number_word(nearest[-1].rpartition("-")[2]):
        return None
    window = list(_WORD.finditer(folded, max(0, start - 160), start))
    for word in reversed(window):
        if folded[word.end() : start] not in (" ", "-") or not is_number_word(word.group()):
            break
        words.append(word.group())
        start = word.start()
    if not words or (start and folded[start - 1].isalnum()) or _after_a_number(folded, start):
        return None
    value = read_words(words[::-1])
    grosze = None if value is None else _hundredths(value)
    if grosze is None:
        return None
    about = approximate_from(folded, start)
    currency = "EUR" if sign.group()[0] in "e€" else "PLN"
    begin = start if about is None else about
    return _Found(begin, sign.end(), grosze, None, currency, about is not None, "number in words")


def _hundredths(value: Decimal) -> int | None:
    """Whole grosze, or None for parts of a grosz and for more money than there is."""
    grosze = value * 100
    return int(grosze) if grosze == int(grosze) and grosze <= _MOST else None
