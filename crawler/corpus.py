"""What only the whole corpus teaches: plates (boilerplate of one office) and clusters (one release at several offices).

The second half of the store: works on its connection, within its transactions. Everything here is a function of the
articles that are there, never of the order in which they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.database import Connection
from crawler.rounds import Said, rounds
from normalize import likeness, words

PLATE_LENGTH = 60
"""Characters from which a block can be a plate; shorter ones ("Zapraszamy!") repeat by chance."""
PLATE_ARTICLES = 3
"""Articles, no two of them near-duplicates, in which a block must stand to be a plate."""
_FEWEST_SHINGLES = 12
"""Texts shorter than this are too alike by chance to be called copies."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Shown:
    """An article as likeness sees it: its title, and the text that is left without what it may share."""

    title: frozenset[str]
    rest: frozenset[int] = field(repr=False)


def shown(title: str | None, blocks: Iterable[tuple[str, str]], shared: frozenset[str]) -> Shown:
    """`blocks`: (hash, text); those whose hash is shared by several articles say nothing about likeness."""
    own = " ".join(text for digest, text in blocks if digest not in shared)
    named = _NUMBER.sub("", words.fold(title or ""))
    return Shown(title=frozenset(re.findall(r"\w+", named)), rest=likeness.shingles(own))


def near_duplicates(one: Shown, other: Shown) -> bool:
    """The same news again: a title that differs in numbers at most (last year's call), or the same own words."""
    if one.title and other.title:
        alike = len(one.title & other.title) / len(one.title | other.title)
        if alike >= likeness.COPY:
            return True
    if not one.rest and not other.rest:
        return True
    return likeness.jaccard(one.rest, other.rest) >= likeness.COPY


def plates(holders: Mapping[str, Sequence[str]], articles: Mapping[str, Shown]) -> frozenset[str]:
    """Of the blocks (hash -> articles that hold it), those in enough articles that are not the same news."""
    found = set()
    for digest, holding in holders.items():
        different: list[Shown] = []
        for article in sorted(holding):
            candidate = articles[article]
            if not any(near_duplicates(candidate, one) for one in different):
                different.append(candidate)
                if len(different) >= PLATE_ARTICLES:
                    found.add(digest)
                    break
    return frozenset(found)


def learn_plates(db: Connection, office: str) -> set[str]:
    """Bring one office's plates to what its articles now teach; the articles whose blocks changed sides."""
    holders: dict[str, list[str]] = {}
    for digest, article in db.execute(
        "SELECT hash, article FROM office_blocks WHERE office = ? AND hash IN (SELECT hash FROM office_blocks"
        " WHERE office = ? GROUP BY hash HAVING count(*) >= ?)",
        (office, office, PLATE_ARTICLES),
    ):
        holders.setdefault(digest, []).append(article)
    shared = frozenset(holders)
    involved = sorted({article for holding in holders.values() for article in holding})
    articles = {
        article: shown(
            db.execute("SELECT title FROM articles WHERE id = ?", (article,)).fetchone()[0],
            db.execute("SELECT hash, text FROM blocks WHERE article = ? ORDER BY position", (article,)),
            shared,
        )
        for article in involved
    }
    now = plates(holders, articles)
    before = known_plates(db, office)
    changed = now ^ before
    db.executemany("DELETE FROM plates WHERE office = ? AND hash = ?", [(office, one) for one in before - now])
    db.executemany("INSERT INTO plates (office, hash) VALUES (?, ?)", [(office, one) for one in sorted(now - before)])
    return {
        row[0]
        for digest in changed
        for row in db.execute("SELECT article FROM office_blocks WHERE office = ? AND hash = ?", (office, digest))
    }


def known_plates(db: Connection, office: str) -> frozenset[str]:
    return frozenset(row[0] for row in db.execute("SELECT hash FROM plates WHERE office = ?", (office,)))


def tie_calls(db: Connection, office: str) -> None:
    """Make one office's calls anew from what its articles say of them."""
    names = [name for name in Said.__dataclass_fields__ if name != "words"]
    said = [
        Said(**dict(zip(names, row, strict=True)))
        for row in db.execute(f"SELECT {', '.join(names)} FROM call_facts WHERE office = ?", (office,))
    ]
    db.execute("DELETE FROM call_articles WHERE call IN (SELECT id FROM calls WHERE office = ?)", (office,))
    db.execute("DELETE FROM calls WHERE office = ?", (office,))
    for one in rounds(said):
        first = one.said[0]
        db.execute(
            "INSERT INTO calls (id, office, opens, closes, open_ended, event, audience, grosze, grosze_to, currency,"
            " programme, place, raw, method, sure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.id,
                office,
                one.opens,
                one.closes,
                one.first("open_ended"),
                one.event,
                *(one.first(name) for name in ("audience", "grosze", "grosze_to", "currency", "programme", "place")),
                first.raw,
                first.method,
                first.sure,
            ),
        )
        db.executemany(
            "INSERT OR IGNORE INTO call_articles (call, article, event, raw) VALUES (?, ?, ?, ?)",
            [(one.id, said.article, said.event, said.raw) for said in one.said],
        )


def find_copies(db: Connection, stale: Sequence[str]) -> None:
    """Compare the stale articles with all others anew, and mend the clusters they were or are part of."""
    affected = set(stale)
    for article in stale:
        for one, other in db.execute("SELECT one, other FROM copies WHERE one = ? OR other = ?", (article, article)):
            affected |= {one, other}
        db.execute("DELETE FROM copies WHERE one = ? OR other = ?", (article, article))
        db.execute("DELETE FROM bands WHERE article = ?", (article,))
    affected |= _members(db, affected)
    texts: dict[str, tuple[frozenset[int], frozenset[str]]] = {}

    def text_of(article: str) -> tuple[frozenset[int], frozenset[str]]:
        if article not in texts:
            row = db.execute("SELECT text FROM articles WHERE id = ?", (article,)).fetchone()
            text = row[0] if row else ""
            texts[article] = (likeness.shingles(text), likeness.figures(text))
        return texts[article]

    for article in stale:
        hashes, _ = text_of(article)
        if len(hashes) < _FEWEST_SHINGLES:
            continue
        marks = likeness.bands(likeness.signature(hashes))
        db.executemany("INSERT OR IGNORE INTO bands (band, article) VALUES (?, ?)", [(mark, article) for mark in marks])
    for article in stale:
        candidates = {
            row[0]
            for row in db.execute(
                "SELECT DISTINCT b.article FROM bands a JOIN bands b ON b.band = a.band WHERE a.article = ?"
                " AND b.article != ?",
                (article, article),
            )
        }
        for other in sorted(candidates):
            (one_hashes, one_figures), (two_hashes, two_figures) = text_of(article), text_of(other)
            if likeness.is_copy(one_hashes, two_hashes, one_figures, two_figures):
                pair = sorted((article, other))
                db.execute("INSERT OR IGNORE INTO copies (one, other) VALUES (?, ?)", pair)
                affected.add(other)
    _recluster(db, affected)


def _members(db: Connection, articles: Iterable[str]) -> set[str]:
    """Everything that is in one cluster with one of these."""
    found = set()
    for article in articles:
        found |= {
            row[0]
            for row in db.execute(
                "SELECT id FROM articles WHERE cluster = (SELECT cluster FROM articles WHERE id = ?)", (article,)
            )
        }
    return found


def _recluster(db: Connection, affected: set[str]) -> None:
    waiting = set(affected)
    old = {
        row[0]
        for article in affected
        for row in db.execute("SELECT cluster FROM articles WHERE id = ? AND cluster IS NOT NULL", (article,))
    }
    components: list[list[str]] = []
    while waiting:
        met: set[str] = set()
        edge = [waiting.pop()]
        while edge:
            article = edge.pop()
            if article in met:
                continue
            met.add(article)
            for one, other in db.execute(
                "SELECT one, other FROM copies WHERE one = ? OR other = ?", (article, article)
            ):
                edge += [one, other]
        waiting -= met
        components.append(sorted(met))
    db.executemany("UPDATE articles SET cluster = NULL WHERE cluster = ?", [(cluster,) for cluster in sorted(old)])
    db.executemany("DELETE FROM clusters WHERE id = ?", [(cluster,) for cluster in sorted(old)])
    for component in components:
        if len(component) < 2:
            continue
        cluster, size = component[0], len(component)
        first = min(map(_precedence, (db.execute(_DATED, (one,)).fetchone() for one in component)))[-1]
        db.execute("INSERT INTO clusters (id, first_article, size) VALUES (?, ?, ?)", (cluster, first, size))
        db.executemany("UPDATE articles SET cluster = ? WHERE id = ?", [(cluster, one) for one in component])


_DATED = "SELECT published, first_seen, id FROM articles WHERE id = ?"


def _precedence(row: tuple[str | None, str, str]) -> tuple[str, str, str]:
    """Who published first: by the day of publication, else of first sight; then by first sight; then by id."""
    published, first_seen, article = row
    return published or first_seen[:10], first_seen, article
