"""Calls for applications (nabory) of a news: when they open and close, what became of them, for whom, for how much.

A call is read from sentences that speak of handing something in; a goal of a project ("zrekrutujemy uczestników do
31 marca") is none. Sentences that agree make one call, other windows make further rounds. Opens and closes come apart
here, whatever role their date has in `dates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, TypeVar

from normalize import call_details, call_words
from normalize.date_lines import plain, plain_all
from normalize.model import Amount, AmountRole, Call, CallEvent, Fact, Mention, Programme, Sure, When
from normalize.words import sentences

_Some = TypeVar("_Some", bound=Fact)
Status = Literal["planned", "open", "closed", "cancelled", "unknown"]

_AMOUNT_ROLES: Final[tuple[AmountRole, ...]] = ("pool", "grant", "per_person")
_DAY: Final = len("2024-03-05")
_OPENING: Final = 4
"""Blocks that say what the news is about."""
_COMPARED: Final = 12
_MOST: Final = 60
"""Rounds of one news; a page with more is a register, of which these are enough to see it."""
_MENTIONS: Final = 50
"""Sentences kept as the words of one round."""
_REACH: Final = 5
"""Blocks below a call's last sentence in which its audience and its address may still stand."""


@dataclass(kw_only=True, slots=True)
class _Sentence:
    block: int
    start: int
    end: int
    low: str
    text: str


@dataclass(kw_only=True, slots=True)
class _Round:
    """One call while it is being put together."""

    opens: str | None = None
    closes: str | None = None
    open_ended: Literal["funds", "notice"] | None = None
    event: CallEvent = "announced"
    mentions: list[Mention] = field(default_factory=list)
    method: str = "announcement"
    sure: Sure = "high"
    audience: str | None = None
    where: str | None = None
    attached: bool = False

    @property
    def dated(self) -> bool:
        return bool(self.opens or self.closes)

    @property
    def blocks(self) -> set[int]:
        return {mention.block for mention in self.mentions if mention.block is not None}


def find(
    paragraphs: Sequence[str],
    *,
    dates: Sequence[When],
    amounts: Sequence[Amount],
    programmes: Sequence[Programme],
    reference: date | None,
    title: str | None = None,
) -> list[Call]:
    """The calls of a text in order of first appearance; none where it only speaks of one in passing.

    `title` tells what the news is about; as a sentence of its own it counts only where it is one of the paragraphs.
    """
    lows = plain_all(paragraphs)
    hinted = [call_words.hinted(low) for low in lows]
    if not any(hinted):
        return []
    headline = plain(title or "")
    opening = "\n".join([headline, *lows[:_OPENING]] if headline else lows[:_OPENING])
    if call_words.job_or_tender(opening):
        return []
    meeting = call_words.gathering(opening)
    about = call_words.about_calls(opening) or call_words.listed(headline)
    placed = _placed(paragraphs, dates)
    rounds: list[_Round] = []
    spoken = False
    for block, text in enumerate(paragraphs):
        low = lows[block]
        if not hinted[block] and block not in placed:
            continue
        heading = lows[block - 1] if block and len(lows[block - 1]) <= 120 else ""
        for start, end in _sentences(text, low):
            sentence = _Sentence(block=block, start=start, end=end, low=low[start:end], text=text[start:end])
            whens = [when for at, when in placed.get(block, ()) if start <= at < end]
            if meeting and call_words.sign_up(sentence.low):
                continue
            one = _of_sentence(sentence, whens, heading, reference, spoken=spoken or about)
            if one is not None and len(rounds) < _MOST:
                spoken = True
                _take(rounds, one)
    for one in rounds:
        _details(one, paragraphs, lows)
    if len(rounds) > 1:
        return [_call(one, amounts, programmes) for one in rounds]
    plates = _plates_below(rounds[0], lows) if rounds else frozenset()
    everywhere = (_outside(amounts, plates), _outside(programmes, plates))
    return [_call(one, amounts, programmes, everywhere) for one in rounds]


def _plates_below(one: _Round, lows: Sequence[str]) -> frozenset[int]:
    """The blocks below a call that present the project it belongs to: their money and programmes are the project's."""
    last = max(one.blocks, default=0)
    return frozenset(n for n in range(last + 1, len(lows)) if call_words.project_plate(lows[n]))


def _outside(facts: Sequence[_Some], plates: frozenset[int]) -> Sequence[_Some]:
    return [fact for fact in facts if any(mention.block not in plates for mention in fact.mentions)]


def _placed(paragraphs: Sequence[str], dates: Sequence[When]) -> dict[int, list[tuple[int, When]]]:
    """The openings and deadlines of each block, by their place in it."""
    out: dict[int, list[tuple[int, When]]] = {}
    for when in dates:
        if when.role not in ("opens", "closes"):
            continue
        for mention in when.mentions:
            if mention.block is not None:
                at = paragraphs[mention.block].find(mention.raw)
                if at >= 0:
                    out.setdefault(mention.block, []).append((at, when))
    for found in out.values():
        found.sort(key=lambda pair: pair[0])
    return out


def _sentences(text: str, low: str) -> Iterable[tuple[int, int]]:
    """The sentences; "15 maja 2024 r. Wnioski" ends one, "15 maja 2024 r. do godz. 15" does not."""
    return sentences(text) if "." in low or "!" in low or "?" in low else ((0, len(text)),)


def _of_sentence(
    sentence: _Sentence, whens: Sequence[When], heading: str, reference: date | None, *, spoken: bool
) -> _Round | None:
    low = sentence.low
    subject = call_words.subject(low)
    ended = call_words.open_end(low)
    event = call_words.event(low, dated=any(when.end for when in whens))
    if whens and (subject or spoken or ended or call_words.subject(heading)) and not call_words.other_business(low):
        one = _dated(whens, "extended" if event and event[0] == "extended" else None)
        one.mentions = [Mention(raw=sentence.text.strip(), block=sentence.block)]
        one.open_ended = ended[0] if ended else None
        one.sure = "high" if subject or ended else "medium"
        if event is not None:
            one.event = event[0]
        return one
    lasting = call_words.lasting(low)
    if lasting is not None and reference is not None:
        last = reference + timedelta(days=lasting[0])
        return _Round(
            opens=reference.isoformat(),
            closes=last.isoformat(),
            mentions=[Mention(raw=sentence.text.strip(), block=sentence.block)],
            method="days counted from the reference date",
            event="extended" if event and event[0] == "extended" else "announced",
            sure="medium",
        )
    found = event[1] if event and (subject or event[0] != "results" or call_words.listed(low)) else None
    attached = subject is not None and call_words.ATTACHED.search(low) is not None
    announced = not (found or ended) and (attached or call_words.announcement(low) is not None)
    if not (found or announced or (ended and (subject or spoken))):
        return None
    return _Round(
        open_ended=ended[0] if ended else None,
        event=event[0] if event and found else "announced",
        mentions=[Mention(raw=sentence.text.strip(), block=sentence.block)],
        method="announcement" if announced else "open end" if ended and not found else "event",
        attached=attached,
    )


def _dated(whens: Sequence[When], event: CallEvent | None) -> _Round:
    """What the dates of one sentence make together; of two deadlines in an extension the later one holds."""
    opens = next((when.start for when in whens if when.start), None)
    ends = [when.end for when in whens if when.end]
    closes = (max(ends) if event == "extended" else ends[0]) if ends else None
    if opens and closes and opens[:_DAY] > closes[:_DAY]:
        opens = None
    method = "window" if opens and closes else "deadline" if closes else "opening"
    return _Round(opens=opens, closes=closes, method=method)


def _take(rounds: list[_Round], one: _Round) -> None:
    """Adds what a sentence said: to the call it agrees with, or as a further round."""
    for known in reversed(rounds[-_COMPARED:]):
        if _agree(known, one):
            _merge(known, one)
            return
        if not one.dated or (one.event == "extended" and known.event in ("announced", "extended") and not one.opens):
            _merge(known, one)
            return
    rounds.append(one)


def _agree(known: _Round, one: _Round) -> bool:
    if known.dated and one.dated:
        first, last = known.opens or one.opens, known.closes or one.closes
        if first and last and first[:_DAY] > last[:_DAY]:
            return False
    return all(
        a is None or b is None or a[:_DAY] == b[:_DAY]
        for a, b in ((known.opens, one.opens), (known.closes, one.closes))
    ) and (known.dated or one.dated or known.event == one.event)


def _merge(known: _Round, one: _Round) -> None:
    if len(known.mentions) < _MENTIONS:
        known.mentions += [mention for mention in one.mentions if mention not in known.mentions]
    if one.event == "extended" and one.closes:
        known.closes = one.closes
    if one.dated and not known.dated:
        known.method, known.sure = one.method, one.sure
    known.opens = _finer(known.opens, one.opens)
    known.closes = _finer(known.closes, one.closes)
    if known.opens and known.closes and known.method in ("opening", "deadline"):
        known.method = "window"
    known.open_ended = known.open_ended or one.open_ended
    known.attached = known.attached or one.attached
    if known.event == "announced":
        known.event = one.event


def _finer(one: str | None, other: str | None) -> str | None:
    return other if one is None or (other is not None and len(other) > len(one)) else one


def _details(one: _Round, paragraphs: Sequence[str], lows: Sequence[str]) -> None:
    """Audience and address from the call's own sentences first, then from its blocks and those just below."""
    near = [(plain(mention.raw), mention.raw) for mention in one.mentions]
    last = max(one.blocks, default=0)
    near += [(lows[n], paragraphs[n]) for n in sorted(one.blocks | set(range(last, min(last + _REACH, len(lows)))))]
    for low, text in near:
        one.audience = one.audience or call_details.audience(low, text)
        one.where = one.where or call_details.where(low, text)


def _call(
    one: _Round,
    amounts: Sequence[Amount],
    programmes: Sequence[Programme],
    everywhere: tuple[Sequence[Amount], Sequence[Programme]] = ((), ()),
) -> Call:
    """`everywhere`: what the whole text names, where it has one call."""
    method = one.method
    if one.attached and not one.dated:
        method = f"{method}; dates in an attachment"
    return Call(
        mentions=tuple(one.mentions),
        method=method,
        sure=one.sure,
        opens=one.opens,
        closes=one.closes,
        open_ended=one.open_ended,
        event=one.event,
        audience=one.audience,
        amount=_amount(one, amounts, everywhere[0]),
        programme=_programme(one, programmes, everywhere[1]),
        where=one.where,
    )


def _amount(one: _Round, amounts: Sequence[Amount], everywhere: Sequence[Amount]) -> Amount | None:
    """The one amount of its kind beside the call, else in the whole text."""
    beside = [amount for amount in amounts if any(mention.block in one.blocks for mention in amount.mentions)]
    for among in (beside, everywhere):
        for role in _AMOUNT_ROLES:
            found = [amount for amount in among if amount.role == role]
            if len(found) == 1:
                return found[0]
            if found:
                return None
    return None


def _programme(one: _Round, programmes: Sequence[Programme], everywhere: Sequence[Programme]) -> str | None:
    beside = {known.id for known in programmes if known.id and any(m.block in one.blocks for m in known.mentions)}
    for ids in (beside, {known.id for known in everywhere if known.id}):
        if len(ids) == 1:
            return ids.pop()
        if ids:
            return None
    return None


def status(call: Call, day: date) -> Status:
    """Where the call stands on a day (Warsaw); "unknown" where its dates do not say."""
    if call.event == "cancelled":
        return "cancelled"
    if call.event in ("closed", "results"):
        return "closed"
    opens, closes = _first_day(call.opens), _last_day(call.closes)
    if closes is not None and day > closes:
        return "closed"
    if opens is not None and day < opens:
        return "planned"
    if closes is not None or (call.open_ended is not None and call.closes is None):
        return "open" if opens is not None or call.opens is None else "unknown"
    return "unknown"


def _first_day(printed: str | None) -> date | None:
    return _edge(printed, last=False)


def _last_day(printed: str | None) -> date | None:
    return _edge(printed, last=True)


def _edge(printed: str | None, *, last: bool) -> date | None:
    """The first or last day of a printed day or month; None for other precisions and missing years."""
    if printed is None or not printed[0].isdigit():
        return None
    if len(printed) >= _DAY:
        return date.fromisoformat(printed[:_DAY])
    year, _, month = printed.partition("-")
    if not month.isdigit():
        return None
    if not last:
        return date(int(year), int(month), 1)
    return date(int(year) + int(month) // 12, int(month) % 12 + 1, 1) - timedelta(days=1)
