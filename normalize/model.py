"""The nouns: what an office publishes, what a crawl brings home, and what is understood of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from normalize.nouns import quickly_made

Sure = Literal["high", "medium", "low"]
OfficeKind = Literal["wup", "pup", "marshal", "rops", "ngo", "other"]
ArticleKind = Literal["news", "call", "results", "event", "job", "tender", "static"]
BlockKind = Literal["lead", "heading", "paragraph", "item", "table"]
DateRole = Literal["event", "opens", "closes", "period", "act", "mention"]
Precision = Literal["minute", "day", "month", "quarter", "half-year", "year"]
AmountRole = Literal["total", "grant", "own_share", "per_person", "pool", "other"]
PlaceLevel = Literal["voivodeship", "powiat", "gmina", "town"]
CallEvent = Literal["announced", "extended", "closed", "cancelled", "results"]


class Unusable(Exception):
    """The page is not an article, or cannot be read as one.

    `reason` is one word of a closed list: empty, not_html, too_large, too_complex, decode_error, no_text,
    soft_404, error_page, maintenance, login, bot_protection, parked, list_page, time_out.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, kw_only=True)
class Office:
    """One source: a line of the register."""

    id: str
    kind: OfficeKind
    name: str
    url: str
    """Where its news list is."""
    family: str
    voivodeship: str | None = None
    """TERYT, two digits."""
    powiats: tuple[str, ...] = ()
    """TERYT, four digits each: the powiats the office serves."""
    feed: str | None = None
    hosts: tuple[str, ...] = ()
    """Further hosts that serve this office's pages (the host of `url` is always one)."""
    mirrors: tuple[str, ...] = ()
    """Address prefixes under which another site repeats this office's articles."""
    formerly: tuple[str, ...] = ()
    licence: str | None = None
    confidence: Sure = "medium"
    checked: str | None = None
    """Day the source was last checked on the live web; None: never."""
    doubt: str | None = None
    """What is not certain about this line, in the words shown on the coverage page."""
    evidence: str | None = None
    """An address seen on that host."""


@dataclass(frozen=True, kw_only=True)
class Teaser:
    """What a list, a feed or an API answer says about one article; every field but the address may be missing."""

    url: str
    title: str | None = None
    published_raw: str | None = None
    modified_raw: str | None = None
    summary: str | None = None
    id: str | None = None
    """The site's own number of the article, where the list tells it (assetEntryId, post id)."""


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One body as it was received. `body` is bytes, never guessed text; `fetched` must know its time zone."""

    url: str
    body: bytes = field(repr=False)
    content_type: str | None
    fetched: datetime
    office: Office | None = None
    teaser: Teaser | None = None

    def __post_init__(self) -> None:
        if self.fetched.tzinfo is None:
            raise ValueError("Capture.fetched must be aware (carry a time zone)")


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of the article's text as a reader sees it: one paragraph, heading, list item or table."""

    kind: BlockKind
    text: str
    hash: str
    """First 16 hex digits of the SHA-256 of the folded text (`words.block_hash`): equal text, equal hash."""


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Mention:
    """The words a value was read from, and the block they stand in (None: outside the article's blocks)."""

    raw: str
    block: int | None = None


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where a single-valued field (title, published, author…) comes from."""

    raw: str
    method: str
    sure: Sure = "high"
    block: int | None = None


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of every interpreted value: the words, how they were found, how sure it is."""

    mentions: tuple[Mention, ...]
    """Never empty; the first one counts as the value's raw words, repeats of the value follow."""
    method: str
    sure: Sure = "high"

    @property
    def raw(self) -> str:
        return self.mentions[0].raw

    @property
    def block(self) -> int | None:
        return self.mentions[0].block

    def found(self) -> dict[str, Any]:
        """The keys every printed fact ends with."""
        return {"raw": self.raw, "method": self.method, "sure": self.sure, "raws": [m.raw for m in self.mentions]}


@quickly_made
@dataclass(frozen=True, kw_only=True)
class When(Fact):
    """A date or a span in the text.

    `start` and `end` are ISO 8601 as the design's contract prints them: `2022-06-01`, `2024-02-20T08:35` (Warsaw),
    `2022-02`, `2024-Q3`, `2013-H1`, `2019`, `--03-03`. One day has end = start; an open side is None.
    """

    role: DateRole
    start: str | None
    end: str | None
    precision: Precision
    inferred: bool = False
    """True when the year was supplied from elsewhere than these words."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "role": self.role,
            "start": self.start,
            "end": self.end,
            "precision": self.precision,
            "inferred": self.inferred,
            **self.found(),
        }


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Amount(Fact):
    """Money, in hundredths (grosze, cents): exact integers, never floats."""

    grosze: int
    grosze_to: int | None = None
    """Upper bound when the words give a range."""
    currency: str = "PLN"
    role: AmountRole = "other"
    approximate: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": decimal_string(self.grosze),
            "value_to": None if self.grosze_to is None else decimal_string(self.grosze_to),
            "currency": self.currency,
            "role": self.role,
            "approximate": self.approximate,
            **self.found(),
        }


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Place(Fact):
    """A place of the TERYT register named in the text."""

    teryt: str
    level: PlaceLevel
    name: str

    def as_dict(self) -> dict[str, Any]:
        return {"teryt": self.teryt, "level": self.level, "name": self.name, **self.found()}


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Call(Fact):
    """One round of a call for applications (nabór). Its status is never stored: ask `calls.status(call, day)`."""

    opens: str | None = None
    closes: str | None = None
    open_ended: Literal["funds", "notice"] | None = None
    """funds: until the money runs out; notice: until further notice."""
    event: CallEvent = "announced"
    audience: str | None = None
    amount: Amount | None = None
    programme: str | None = None
    """Id of a programme of the vocabulary."""
    where: str | None = None
    """Where to apply, in the page's words."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "opens": self.opens,
            "closes": self.closes,
            "open_ended": self.open_ended,
            "event": self.event,
            "audience": self.audience,
            "amount": None if self.amount is None else self.amount.as_dict(),
            "programme": self.programme,
            "where": self.where,
            **self.found(),
        }


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Programme(Fact):
    """A programme, fund or project: an id of the vocabulary, or None for a project known only by its title."""

    id: str | None
    name: str
    number: str | None = None
    """Contract number as printed (POWR.01.01.01-12-0004/18)."""

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "number": self.number, **self.found()}


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Organisation(Fact):
    """An organisation named in the text; `kind` is a word of the vocabulary (wup, pup, rops, cis, ngo…)."""

    name: str
    kind: str

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, **self.found()}


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Quantity(Fact):
    """A count that is not money: 860 participants, 60 per cent."""

    value: int | float
    unit: str
    """persons, percent, institutions, courses, meetings…: a word of `quantities.UNITS`."""
    of: str | None = None
    """The counted things as printed, in the form the text uses ("uczestników projektu")."""
    approximate: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "unit": self.unit,
            "of": self.of,
            "approximate": self.approximate,
            **self.found(),
        }


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Topic:
    """A word of the closed topic vocabulary and the rule that fired."""

    id: str
    rule: str
    block: int | None = None
    raw: str = ""
    """The words that the rule met."""

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "rule": self.rule, "raw": self.raw, "method": "vocabulary"}


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Attachment:
    url: str
    label: str
    media_type: str | None = None
    declared_bytes: int | None = None
    """The size the page itself states, in bytes (KB = 1024); never measured."""
    raw: str = ""

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Image:
    url: str
    alt: str | None = None
    caption: str | None = None
    """A caption that several images share is kept with the first of them only."""
    credit: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a text says, apart from the page it stands on."""

    dates: tuple[When, ...] = ()
    amounts: tuple[Amount, ...] = ()
    places: tuple[Place, ...] = ()
    calls: tuple[Call, ...] = ()
    programmes: tuple[Programme, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    @property
    def call(self) -> Call | None:
        return self.calls[0] if self.calls else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "dates": [fact.as_dict() for fact in self.dates],
            "amounts": [fact.as_dict() for fact in self.amounts],
            "places": [fact.as_dict() for fact in self.places],
            "call": self.call.as_dict() if self.call else None,
            "calls": [fact.as_dict() for fact in self.calls],
            "programmes": [fact.as_dict() for fact in self.programmes],
            "organisations": [fact.as_dict() for fact in self.organisations],
            "quantities": [fact.as_dict() for fact in self.quantities],
        }


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Article:
    """Everything understood of one capture, before anything is learned from other articles."""

    url: str
    canonical_url: str | None
    keys: tuple[str, ...]
    """Identity: `group|slug` first, further keys that join addresses to one article after it."""
    title: str | None
    lead: str | None
    blocks: tuple[Block, ...]
    language: str | None
    kind: ArticleKind
    published: str | None
    modified: str | None
    author: str | None
    photo_credit: str | None
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Image, ...] = ()
    facts: Facts = Facts()
    topics: tuple[Topic, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """JSON pointer of a field ("/published", "/title", "/author", "/kind"…) to where it was found."""

    @property
    def text(self) -> str:
        """The blocks, a line each; list items begin with "• "."""
        return "\n".join(("• " if block.kind == "item" else "") + block.text for block in self.blocks)

    def as_dict(self) -> dict[str, Any]:
        """What `wiesci extract --json` prints: JSON types only."""
        return {
            "url": self.url,
            "canonical_url": self.canonical_url,
            "keys": list(self.keys),
            "title": self.title,
            "lead": self.lead,
            "text": self.text,
            "language": self.language,
            "kind": self.kind,
            "published": self.published,
            "modified": self.modified,
            "author": self.author,
            "photo_credit": self.photo_credit,
            "attachments": [
                {**item.as_dict(), "method": "link" if item.url else "named without a link"}
                for item in self.attachments
            ],
            "images": [
                {**item.as_dict(), "raw": item.caption or item.alt or item.url, "method": "picture in the article"}
                for item in self.images
            ],
            **self.facts.as_dict(),
            "topics": [topic.as_dict() for topic in self.topics],
            "blocks": [dataclasses.asdict(block) for block in self.blocks],
            "evidence": {pointer: dataclasses.asdict(found) for pointer, found in self.evidence.items()},
        }


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What a family's TOML says about its article pages: CSS selectors, tried in order."""

    container: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    """Elements to cut away before the text is read."""
    title_suffix: tuple[str, ...] = ()
    """Regular expressions for what the site adds to `<title>`."""
    key: str | None = None
    """Regular expression over path and query; its groups `group` and `slug` (or `id`) make the identity key."""
    drop_query: tuple[str, ...] = ()
    """Query parameters that do not change which article an address shows (regular expressions, whole name)."""


def decimal_string(hundredths: int) -> str:
    """105975000 -> "1059750.00"."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
