"""An article at another address: one of the same office, title, day and words, where the old address is gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from crawler.archive import Archive
from crawler.database import Connection
from crawler.outcomes import CONFIRMING
from normalize import likeness, words
from normalize.identity import address
from normalize.model import Article, Evidence

_DIGEST = 16
_SKETCH = 12
"""Smallest hashes of a text's shingles that are kept: like texts have like sketches."""
_ALIKE = 0.6
_KEPT = "/mark"


@dataclass(frozen=True)
class _Seen:
    """A capture that shares its title and day with another article's."""

    capture: int
    article: str
    url: str
    sketch: frozenset[str]


def mark(article: Article) -> str | None:
    """Title and day as one hash, and a sketch of the text; None where title, day or text is not known."""
    kept = article.evidence.get(_KEPT)
    if kept is not None:
        return kept.raw
    shingles = likeness.shingles(article.text)
    if not article.title or not article.published or not shingles:
        return None
    told = f"{words.fold(article.title)}\n{article.published}"
    sketch = "".join(f"{one:016x}" for one in sorted(shingles)[:_SKETCH])
    return f"{hashlib.sha256(told.encode()).hexdigest()[:_DIGEST]}:{sketch}"


def kept_mark(article: Article) -> dict[str, Evidence]:
    """What a hidden article keeps of its mark: hashes alone."""
    marked = mark(article)
    return {_KEPT: Evidence(raw=marked, method="mark")} if marked else {}


def together(db: Connection, archive: Archive, articles: Collection[str]) -> list[set[str]]:
    """Sets of articles that are one, each with one of these among those that are marked alike.

    Two addresses are of one article when the later one showed first what the earlier one had shown last before it
    answered "gone". That is a matter of the log: once so, it stays so, in whatever order captures were understood.
    """
    joined: dict[str, set[str]] = {}
    for office, digest in db.execute(
        f"SELECT DISTINCT u.office, substr(u.mark, 1, {_DIGEST}) FROM understood u"
        # a capture that brought nothing new has the title and day of one that did
        " WHERE u.article IN (SELECT value FROM json_each(?)) AND u.effect IS NOT 'same' AND u.mark IS NOT NULL"
        f" AND EXISTS (SELECT 1 FROM understood v WHERE v.office = u.office AND substr(v.mark, 1, {_DIGEST}) ="
        f" substr(u.mark, 1, {_DIGEST}) AND v.mark IS NOT NULL AND v.article != u.article)",
        (json.dumps(sorted(articles)),),
    ).fetchall():
        alike = [
            _Seen(capture, article, address(archive.noted(capture).url), _sketch(marked))
            for capture, article, marked in db.execute(
                "SELECT capture, article, mark FROM understood WHERE office = ?"
                f" AND substr(mark, 1, {_DIGEST}) = ? AND mark IS NOT NULL ORDER BY capture",
                (office, digest),
            )
        ]
        for old, new in _moved(db, archive, alike):
            group = joined.get(old, {old}) | joined.get(new, {new})
            joined |= dict.fromkeys(group, group)
    return [set(group) for group in {frozenset(group) for group in joined.values()}]


def missed_since(db: Connection, archive: Archive, sequence: int) -> list[str]:
    """Addresses that later visits found gone, by an answer or by a page that says so."""
    return archive.missed_since(
        sequence, {row[0] for row in db.execute("SELECT capture FROM understood WHERE outcome = 'soft_404'")}
    )


def _moved(db: Connection, archive: Archive, alike: Iterable[_Seen]) -> list[tuple[str, str]]:
    """(article at the old address, article at the new one)."""
    captures = {one.capture: one for one in alike}
    left: list[_Seen] = []
    arrived: list[_Seen] = []
    for url in sorted({one.url for one in captures.values()}):
        first, last_before = _stay(db, archive, url)
        if first in captures:
            arrived.append(captures[first])
        left += [captures[one] for one in last_before if one in captures]
    return [
        (old.article, new.article)
        for old in left
        for new in arrived
        if old.article != new.article and old.capture < new.capture and _alike(old.sketch, new.sketch)
    ]


def _stay(db: Connection, archive: Archive, url: str) -> tuple[int | None, set[int]]:
    """The first capture that showed an article at this address, and those that were its last before it was gone."""
    attempts = archive.attempts([url])
    held = json.dumps(sorted({one.capture for one in attempts if one.capture is not None}))
    outcomes = dict(
        db.execute("SELECT capture, outcome FROM understood WHERE capture IN (SELECT value FROM json_each(?))", (held,))
    )
    first = last = None
    before: set[int] = set()
    for one in attempts:
        outcome = outcomes.get(one.capture) if one.capture is not None else None
        if one.outcome in CONFIRMING and outcome == "article" and one.final == url:
            first, last = first or one.capture, one.capture
        elif last is not None and (one.outcome == "gone" or (one.outcome in CONFIRMING and outcome == "soft_404")):
            before.add(last)
    return first, before


def _sketch(mark: str) -> frozenset[str]:
    text = mark[_DIGEST + 1 :]
    return frozenset(text[place : place + 16] for place in range(0, len(text), 16))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether the texts are, as far as their smallest hashes tell."""
    smallest = sorted(one | other)[: min(len(one), len(other))]
    return sum(both in one and both in other for both in smallest) >= _ALIKE * len(smallest)
