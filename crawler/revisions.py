"""The revisions of one article: what differs from capture to capture, when it was gone and when it came back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from crawler.changes import differences, file_of
from crawler.observed import Effect, Folded, Observed
from crawler.plates import without
from crawler.rows import Row, digest
from normalize import words
from normalize.model import Article


def content_hash(article: Article) -> str:
    """Equal when title, text, attachments and publication date are; white space, case and markup do not count."""
    parts = [
        words.fold(article.title or ""),
        *(block.hash for block in article.blocks),
        *(file_of(item) for item in article.attachments),
        article.published or "",
    ]
    return digest("\n".join(parts))


def revision_id(article: str, number: int, content: str) -> str:
    """Of the article's revision with this number, from 0 on, and this content."""
    return digest(f"{article}\n{number}\n{content}")


def revisions_of(
    own: str, history: Sequence[Observed], after: Folded | None, plates: frozenset[str]
) -> tuple[list[Row], dict[int, Effect]]:
    """All the article's revisions, those that are known already first; and what each capture of `history` came to."""
    rows: list[Row] = list(after.revisions) if after else []
    effects: dict[int, Effect] = {}
    before: Article | None = without(after.last, plates) if after else None
    for one in history:
        held = content_hash(one.article)
        changes = differences(before, one.article) if before and rows[-1]["content_hash"] != held else []
        if before and not changes:  # as it was, or another template around the same words
            effects[one.capture] = "same"
        else:
            effects[one.capture] = "changed" if before else "new"
            rows.append(
                {
                    "id": revision_id(own, len(rows), held),
                    "seen": one.fetched,
                    "content_hash": held,
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
                "id": digest(f"{current['article']}\n{what}\n{number}"),
                "seen": at,
                "changes": json.dumps(changes, ensure_ascii=False),
            }
        )
    return rows
