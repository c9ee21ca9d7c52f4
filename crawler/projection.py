"""Turns all that was understood of one article, capture by capture, into the rows that are shown of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crawler import fact_rows, lemmas
from crawler.corrections import Corrections
from crawler.observed import Effect, Folded, Observed, first_id, joining_keys
from crawler.overruling import overrule
from crawler.plates import may_be_plate, plates_of, without
from crawler.revisions import revisions_of
from crawler.rows import Row
from crawler.suppression import hidden_since
from normalize.identity import address
from normalize.model import Article

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
class Projection:
    id: str
    article: Row
    children: Mapping[str, list[Row]]
    programmes: list[Row]
    organisations: list[Row]
    effects: Mapping[int, Effect]
    keys: frozenset[str]
    addresses: tuple[str, ...]


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
    history = [replace(one, article=without(one.article, plates)) for one in whole]
    last = history[-1]
    office = after.office if after else history[0].office
    own = after.id if after else first_id(everything[0].article)
    revisions, effects = revisions_of(own, history, after, plates)
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
    plated = plates_of(whole[-1].article, plates)
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
        **fact_rows.tables(office, article),
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
        programmes=fact_rows.programmes(article),
        organisations=fact_rows.organisations(article),
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


def _addresses(history: Sequence[Observed], before: Mapping[str, str]) -> dict[str, str]:
    kinds = dict(before)
    for one in history:
        kinds.setdefault(address(one.url), "page")
        kinds.setdefault(address(one.requested_url), "redirect")
    return dict(sorted(kinds.items()))
