"""What an office's run showed beside its counts: how many teasers its list held, which fields its pages gave, how the
pages are built, and what its server answered. Read from the archive and from what was understood; kept as JSON in
`office_runs.signs`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from crawler.archive import Archive
from crawler.database import Connection, open_for_reading
from crawler.outcomes import CONFIRMING, PUT_OFF
from normalize.model import Article

FIELDS = ("title", "lead", "published", "modified", "author", "photo_credit", "attachments", "images")
"""Fields whose filling is watched; the bit of each in `understood.filled` is its place here."""
LIST_FIELDS = ("list_title", "list_published", "list_summary")
UNREACHABLE = (
    "timeout",
    "no_such_host",
    "connection_refused",
    "connection_failed",
    "bad_certificate",
    "server_error",
    "truncated",
    "robots_unreachable",
)
"""Outcomes that speak of the server, not of the page."""
LEFT_ALONE = ("server_trouble", "asked_to_wait")
"""Outcomes of what was not asked for because of the server."""
_NOT_ASKED = ("duplicate", "bad_link", "out_of_scope", "suppressed", *PUT_OFF)
REFUSED = ("robots", "forbidden", "asked_to_wait")

_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]{0,400}?\bclass\s*=\s*[\"']?([^\"'<>]{1,120}))?")
_PAGES = 3
"""Pages of a run from which the structure is read."""
_SKETCH = 48
_LONGEST = 300_000

Signs = dict[str, Any]


def filled(article: Article) -> int:
    """A bit for each of FIELDS that the article has."""
    return sum(1 << place for place, name in enumerate(FIELDS) if getattr(article, name))


def sketch(pages: Iterable[bytes]) -> list[int]:
    """The smallest hashes of the pages' kinds of elements ("div.news-list"): like pages have like sketches."""
    kinds: set[bytes] = set()
    for page in pages:
        for tag, classes in _TAG.findall(page[:_LONGEST]):
            name = tag.lower()
            kinds.add(name)
            kinds.update(name + b"." + re.sub(rb"\d+", b"0", one) for one in classes.split())
    return sorted(int.from_bytes(hashlib.blake2b(kind, digest_size=4).digest(), "big") for kind in kinds)[:_SKETCH]


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Share of the kinds of elements that two pages have in common (Jaccard, estimated from the sketches)."""
    both = sorted({*one, *other})[:_SKETCH]
    return len([kind for kind in both if kind in one and kind in other]) / len(both) if both else 1.0


def read(news: Connection, archive: Archive, run: str, before: dict[str, Signs]) -> dict[str, Signs]:
    """The signs of every office in one run. `before`: what this run's signs were; its sketches are not made again."""
    log = open_for_reading(archive.path)
    try:
        found = _lists(log, run)
        for office, counts in _answers(log, run).items():
            found.setdefault(office, {})["answers"] = counts
        for office, deep, *counts in log.execute(
            "SELECT office, deep, total, pages, read FROM announced WHERE run = ?", (run,)
        ):
            said = zip(("announced", "announced_pages", "read_pages"), counts, strict=True)
            signs = {name: count for name, count in said if count is not None}
            found.setdefault(office, {}).update(signs, deep=bool(deep))
    finally:
        log.close()
    for office, pages, *counts in news.execute(
        f"SELECT office, count(*), {', '.join(f'sum((filled >> {n}) & 1)' for n in range(len(FIELDS)))}"
        " FROM understood WHERE run = ? AND filled IS NOT NULL GROUP BY office",
        (run,),
    ):
        signs = found.setdefault(office, {})
        signs["filled"] = {
            **signs.get("filled", {}),
            **{name: [pages, count] for name, count in zip(FIELDS, counts, strict=True)},
        }
        captures = [
            row[0]
            for row in news.execute(
                "SELECT capture FROM understood WHERE run = ? AND office = ? AND filled IS NOT NULL"
                " ORDER BY capture LIMIT ?",
                (run, office, _PAGES),
            )
        ]
        known = before.get(office, {})
        if known.get("sketched") == captures:
            signs.update(sketched=captures, sketch=known["sketch"])
        else:
            signs.update(sketched=captures, sketch=sketch(archive.held(one).body for one in captures))
    for office, outcome, count in news.execute(
        "SELECT office, outcome, count(*) FROM understood WHERE run = ? AND outcome != 'article' GROUP BY 1, 2", (run,)
    ):
        found.setdefault(office, {}).setdefault("unusable", {})[outcome] = count
    return found


def written(signs: Signs) -> str:
    return json.dumps(signs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _lists(log: Connection, run: str) -> dict[str, Signs]:
    """Of each office the first list page that was read well: its address, and what its teasers gave."""
    good = ", ".join(f"'{outcome}'" for outcome in CONFIRMING)
    found: dict[str, Signs] = {}
    for office, url, capture in log.execute(
        f"SELECT office, url, capture FROM visits WHERE run = ? AND purpose = 'list' AND outcome IN ({good})"
        " AND capture IS NOT NULL ORDER BY sequence",
        (run,),
    ):
        if office in found:
            continue
        teasers, *counts = log.execute(
            "SELECT count(*), count(title), count(published_raw), count(summary) FROM sightings WHERE list_capture = ?",
            (capture,),
        ).fetchone()
        found[office] = {"list": url, "teasers": teasers}
        if teasers:
            found[office]["filled"] = {name: [teasers, count] for name, count in zip(LIST_FIELDS, counts, strict=True)}
    return found


def _answers(log: Connection, run: str) -> dict[str, dict[str, int]]:
    """Of each office: attempts, those that the server's trouble ended, those that were refused."""
    found: dict[str, dict[str, int]] = {}
    for office, outcome, count in log.execute(
        "SELECT office, outcome, count(*) FROM visits WHERE run = ? AND purpose != 'robots'"
        f" AND outcome NOT IN ({', '.join(map(repr, _NOT_ASKED))})"
        " GROUP BY office, outcome",
        (run,),
    ):
        counts = found.setdefault(office, {"asked": 0, "unreachable": 0, "refused": 0})
        counts["asked"] += count
        counts["unreachable"] += count if outcome in (*UNREACHABLE, "server_trouble") else 0
        counts["refused"] += count if outcome in REFUSED else 0
    return found
