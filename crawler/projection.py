"""Turns all that was understood of one article, capture by capture, into the rows that are shown of it. Pure."""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from crawler import lemmas
from crawler.changes import differences, file_of
from crawler.corpus import PLATE_LENGTH
from crawler.corrections import Corrections
from crawler.overruling import overrule
from crawler.rows import Row
from crawler.suppression import hashed_key, hidden_since
from normalize import words
from normalize.identity import address, article_id
from normalize.model import Article, Block, Fact, Facts, Office

F = TypeVar("F", bound=Fact)

Effect = Literal["new", "changed", "same"]

CHILD_TABLES = (
    "blocks",
    "revisions",
    "addresses",
    "aliases",
    "attachments",
    "images",
    "dates",
    "amounts",
    "article_places",
    "call_facts",
    "article_programmes",
    "article_organisations",
    "quantities",
    "article_topics",
    "office_blocks",
    "corrections",
)
"""Tables whose rows belong to one article, in the column `article`."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    """One capture of the article, as understood."""

    capture: int
    run: str
    fetched: str
    url: str
    requested_url: str
    office: Office
    article: Article


@dataclass(frozen=True, kw_only=True)
class Folded:
    """What the captures of an article come to so far, as much of it as further captures are joined to."""

    id: str
    office: Office
    last: Article
    """As it was understood, plates and all."""
    revisions: Sequence[Row]
    addresses: Mapping[str, str]
    """Address -> page or redirect."""
    ids: frozenset[str]
    keys: frozenset[str]
    hashes: frozenset[str]
    """Of the blocks long enough to be plates, of every capture."""


@dataclass(frozen=True, kw_only=True)
class Projection:
    id: str
    article: Row
    children: Mapping[str, list[Row]]
    programmes: list[Row]
    organisations: list[Row]
    effects: Mapping[int, Effect]
    keys: frozenset[str]
    addresses: tuple[str, ...]


def joining_keys(article: Article, requested_url: str, url: str) -> frozenset[str]:
    """Hashes of everything by which another capture can turn out to be of the same article, hidden or not."""
    return frozenset(map(hashed_key, (*article.keys, f"address|{address(url)}", f"address|{address(requested_url)}")))


def first_id(article: Article) -> str:
    """The id that the first key of a capture gives."""
    key = article.keys[0]
    return key[1:17] if key.startswith("#") else article_id(key)


def project(
    observations: Iterable[Observed],
    plates: frozenset[str] = frozenset(),
    *,
    after: Folded | None = None,
    corrections: Corrections | None = None,
) -> Projection:
    """The rows of one article, without the blocks that are plates of its office and the facts that only they state.

    `first_seen`, `last_seen` and `gone` are the ledger's to tell and are left out here. Captures that are hidden give
    ids and keys alone; at least one must be shown. `after`: what all its earlier captures come to, with the same
    plates; then these are all later, and their effects alone are told. `corrections` overrule what is shown of it, and
    nothing else: its revisions are the office's.
    """
    everything = sorted(observations, key=lambda one: one.capture)
    whole = [one for one in everything if not hidden_since(one.article)]
    history = [replace(one, article=_without(one.article, plates)) for one in whole]
    last = history[-1]
    office = after.office if after else history[0].office
    own = after.id if after else first_id(everything[0].article)
    revisions, effects = _revisions(own, history, after, plates)
    ids = {first_id(one.article) for one in everything} | (after.ids if after else frozenset())
    keys = frozenset(after.keys if after else ()).union(
        *(joining_keys(one.article, one.requested_url, one.url) for one in everything)
    )
    lines = corrections.of({own, *ids, *keys}) if corrections else []
    article, ruled = overrule(last.article, lines, corrections.known) if corrections and lines else (last.article, ())
    addresses = _addresses(history, after.addresses if after else {})
    text = article.text
    row: Row = {
        "id": own,
        "office": office.id,
        "office_kind": office.kind,
        "voivodeship": office.voivodeship,
        "url": last.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "lead": article.lead,
        "text": text,
        "language": article.language,
        "kind": article.kind,
        "published": article.published,
        "published_precision": "day" if article.published else None,
        **_evidence(article, "published"),
        "modified": article.modified,
        "author": article.author,
        "photo_credit": article.photo_credit,
        "changed": revisions[-1]["seen"] if len(revisions) > 1 else None,
        "cluster": None,
        "content_hash": revisions[-1]["content_hash"],
        "lemmas": lemmas.of(f"{article.title or ''} {text}"),
        **_evidence(article, "title"),
        **_evidence(article, "author"),
    }
    if row["title_raw"] == article.title:  # as a rule: said once, not twice
        row["title_raw"] = None
    programmes, article_programmes = _programmes(own, article)
    organisations, article_organisations = _organisations(own, article)
    plated = _plates(whole[-1].article, plates)
    hashes = {block.hash for one in whole for block in one.article.blocks if may_be_plate(block)}
    hashes |= after.hashes if after else frozenset()
    children: dict[str, list[Row]] = {
        "blocks": [
            {
                "position": n,
                "kind": block.kind,
                "text": block.text,
                "hash": block.hash,
                "plate": int(n in plated),
            }
            for n, block in enumerate(whole[-1].article.blocks)
        ],
        "revisions": revisions,
        "addresses": [{"url": url, "kind": kind} for url, kind in addresses.items()],
        "aliases": [{"id": other} for other in sorted(ids - {own})],
        "attachments": [{"position": n, **item.as_dict()} for n, item in enumerate(article.attachments)],
        "images": [{"position": n, **item.as_dict()} for n, item in enumerate(article.images)],
        "dates": [
            {
                "position": n,
                "role": when.role,
                "start": when.start,
                "end": when.end,
                "precision": when.precision,
                "first_day": _edge(when.start, last=False),
                "last_day": _edge(when.end, last=True),
                "inferred": int(when.inferred),
                **_found(when, block=True),
            }
            for n, when in enumerate(article.facts.dates)
        ],
        "amounts": [
            {
                "position": n,
                "grosze": amount.grosze,
                "grosze_to": amount.grosze_to,
                "currency": amount.currency,
                "role": amount.role,
                "approximate": int(amount.approximate),
                "raws": json.dumps([one.raw for one in amount.mentions], ensure_ascii=False),
                **_found(amount, block=True),
            }
            for n, amount in enumerate(article.facts.amounts)
        ],
        "article_places": [
            {"teryt": place.teryt, "level": place.level, "name": place.name, **_found(place, block=True)}
            for place in article.facts.places
        ],
        "call_facts": _call_facts(office, article),
        "article_programmes": article_programmes,
        "article_organisations": article_organisations,
        "quantities": [
            {
                "position": n,
                "value": float(quantity.value),
                "unit": quantity.unit,
                "counted": quantity.of,
                "approximate": int(quantity.approximate),
                **_found(quantity, block=True),
            }
            for n, quantity in enumerate(article.facts.quantities)
        ],
        "article_topics": [{"topic": topic.id, "rule": topic.rule} for topic in article.topics],
        "office_blocks": [{"office": office.id, "hash": digest} for digest in sorted(hashes)],
        "corrections": [one.row() for one in ruled],
    }
    return Projection(
        id=own,
        article=row,
        children={
            table: _once([{"article": own, **child} for child in children[table]], table) for table in CHILD_TABLES
        },
        programmes=programmes,
        organisations=organisations,
        effects=effects,
        keys=keys,
        addresses=tuple(addresses),
    )


def _evidence(article: Article, name: str) -> Row:
    """The columns beside a value of the article itself: its words, how they were found and how sure it is."""
    found = article.evidence.get(f"/{name}")
    return {
        f"{name}_raw": (found.raw or None) if found else None,
        f"{name}_method": found.method if found else None,
        f"{name}_sure": found.sure if found else None,
    }


def _without(article: Article, plates: frozenset[str]) -> Article:
    """The article as it is shown: plates gone from its blocks, and with them what only they say."""
    gone = _plates(article, plates)
    if not gone:
        return article
    facts = {
        name: tuple(kept for fact in getattr(article.facts, name) if (kept := _beyond(fact, gone)) is not None)
        for name in ("dates", "amounts", "places", "calls", "programmes", "organisations", "quantities")
    }
    return replace(
        article,
        blocks=tuple(block for n, block in enumerate(article.blocks) if n not in gone),
        facts=Facts(**facts),
        topics=tuple(topic for topic in article.topics if topic.block not in gone),
    )


def may_be_plate(block: Block) -> bool:
    return len(block.text) >= PLATE_LENGTH or block.kind == "heading"


def _plates(article: Article, plates: frozenset[str]) -> set[int]:
    """The places of an article's plates: long blocks, and headings that have nothing but plates below them."""
    gone: set[int] = set()
    below: bool | None = None
    for n, block in reversed(tuple(enumerate(article.blocks))):
        heading = block.kind == "heading"
        if block.hash in plates and (len(block.text) >= PLATE_LENGTH or (heading and below)):
            gone.add(n)
        if heading:
            below = None
        else:
            below = n in gone and below is not False
    return gone


def _beyond(fact: F, gone: set[int]) -> F | None:
    """The fact with the mentions that stand outside these blocks; None when there is none."""
    mentions = tuple(mention for mention in fact.mentions if mention.block not in gone)
    if not any(mention.block is not None for mention in mentions) and any(m.block is not None for m in fact.mentions):
        return None
    return replace(fact, mentions=mentions)


def content_hash(article: Article) -> str:
    """Equal when title, text, attachments and publication date are; white space, case and markup do not count."""
    parts = [
        words.fold(article.title or ""),
        *(block.hash for block in article.blocks),
        *(file_of(item) for item in article.attachments),
        article.published or "",
    ]
    return _digest("\n".join(parts))


_UNIQUE = {
    "article_places": ("teryt", "level"),
    "article_programmes": ("programme",),
    "article_organisations": ("organisation",),
    "article_topics": ("topic",),
}


def _once(rows: list[Row], table: str) -> list[Row]:
    """The first of rows that say the same thing again."""
    key = _UNIQUE.get(table)
    if key is None:
        return rows
    kept: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        kept.setdefault(tuple(row[name] for name in key), row)
    return list(kept.values())


def revision_id(article: str, number: int, digest: str) -> str:
    """Of the article's revision with this number, from 0 on, and this content."""
    return _digest(f"{article}\n{number}\n{digest}")


def _revisions(
    own: str, history: Sequence[Observed], after: Folded | None, plates: frozenset[str]
) -> tuple[list[Row], dict[int, Effect]]:
    rows: list[Row] = list(after.revisions) if after else []
    effects: dict[int, Effect] = {}
    before: Article | None = _without(after.last, plates) if after else None
    for one in history:
        digest = content_hash(one.article)
        if before is not None and rows[-1]["content_hash"] == digest:
            effects[one.capture] = "same"
            before = one.article
            continue
        changes = [] if before is None else differences(before, one.article)
        if before is not None and not changes:  # another template around the same words
            effects[one.capture] = "same"
            before = one.article
            continue
        effects[one.capture] = "new" if before is None else "changed"
        rows.append(
            {
                "id": revision_id(own, len(rows), digest),
                "seen": one.fetched,
                "content_hash": digest,
                "title": one.article.title,
                "text": one.article.text,
                "changes": json.dumps(changes, ensure_ascii=False),
            }
        )
        before = one.article
    return rows, effects


def turns(revisions: Sequence[Row], when: Sequence[tuple[str, str]]) -> list[Row]:
    """Further rows beside an article's revisions: each time it was confirmed gone, and each time it came back."""
    rows = []
    for number, (at, what) in enumerate(when):
        current = max(
            (row for row in revisions if row["seen"] <= at), key=lambda row: row["seen"], default=revisions[0]
        )
        changes = [{"type": what, "before": None, "after": None}]
        rows.append(
            {
                **current,
                "id": _digest(f"{current['article']}\n{what}\n{number}"),
                "seen": at,
                "changes": json.dumps(changes, ensure_ascii=False),
            }
        )
    return rows


def _addresses(history: Sequence[Observed], before: Mapping[str, str]) -> dict[str, str]:
    kinds = dict(before)
    for one in history:
        kinds.setdefault(address(one.url), "page")
        kinds.setdefault(address(one.requested_url), "redirect")
    return dict(sorted(kinds.items()))


def _call_facts(office: Office, article: Article) -> list[Row]:
    return [
        {
            "position": n,
            "office": office.id,
            "title": article.title,
            "published": article.published,
            "opens": call.opens,
            "closes": call.closes,
            "open_ended": call.open_ended,
            "event": call.event,
            "audience": call.audience,
            "grosze": call.amount.grosze if call.amount else None,
            "grosze_to": call.amount.grosze_to if call.amount else None,
            "currency": call.amount.currency if call.amount else None,
            "programme": call.programme,
            "place": call.where,
            **_found(call),
        }
        for n, call in enumerate(article.facts.calls)
    ]


def _programmes(own: str, article: Article) -> tuple[list[Row], list[Row]]:
    rows: dict[str, Row] = {}
    links: list[Row] = []
    for programme in article.facts.programmes:
        programme_id = programme.id or f"projekt-{_digest(programme.name)}"
        rows[programme_id] = {"id": programme_id, "name": programme.name}
        links.append({"programme": programme_id, "number": programme.number, **_found(programme)})
    return list(rows.values()), links


def _organisations(own: str, article: Article) -> tuple[list[Row], list[Row]]:
    rows: dict[str, Row] = {}
    links: list[Row] = []
    for organisation in article.facts.organisations:
        organisation_id = _digest(f"{organisation.kind}\n{organisation.name}")
        rows[organisation_id] = {"id": organisation_id, "name": organisation.name, "kind": organisation.kind}
        links.append({"organisation": organisation_id, **_found(organisation)})
    return list(rows.values()), links


def _found(fact: Any, *, block: bool = False) -> Row:
    row = {"raw": fact.raw, "method": fact.method, "sure": fact.sure}
    return {**row, "block": fact.block} if block else row


def _edge(value: str | None, *, last: bool) -> str | None:
    """The first or last day of a contract date ("2024-Q3" -> 2024-07-01 or 2024-09-30); None without a year."""
    if value is None or value.startswith("--"):
        return None
    year = int(value[:4])
    rest = value[5:]
    if not rest:
        months = (1, 12)
    elif rest[0] == "Q":
        months = (int(rest[1]) * 3 - 2, int(rest[1]) * 3)
    elif rest[0] == "H":
        months = (int(rest[1]) * 6 - 5, int(rest[1]) * 6)
    elif len(rest) == 2:
        months = (int(rest), int(rest))
    else:
        return value[:10]
    month = months[1] if last else months[0]
    day = calendar.monthrange(year, month)[1] if last else 1
    return f"{year:04d}-{month:02d}-{day:02d}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
