"""An article's revisions as a reader follows them: what kind of change, when it was noticed, which words."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish.labels import label
from crawler.publish.pages.differences import Line, Run, Work, difference, words
from crawler.publish.when import moment

MOST = 20
"""Revisions that a page shows, the latest."""
_SQL = "SELECT * FROM revisions WHERE article = :article ORDER BY seen DESC, id DESC LIMIT :most"
_COUNT = "SELECT count(*) FROM revisions WHERE article = :article"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One typed change and its two values, where they say more than the text's own difference."""

    kind: str
    name: str
    before: str = ""
    after: str = ""
    values: tuple[str, str] = ("", "")
    """Both as they are kept."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    seen: str
    changes: Sequence[Change]
    title: Sequence[Run]
    """The title word by word, where it changed."""
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class History:
    revisions: Sequence[Revision]
    """The latest first, without the first version."""
    more: int
    """Older ones that are not shown."""


async def history(database: Any, article: str) -> History:
    rows = list((await database.execute(_SQL, {"article": article, "most": MOST + 1})).rows)
    count = int((await database.execute(_COUNT, {"article": article})).first()[0])
    work = Work()
    revisions = [_revision(before, after, work) for after, before in itertools.pairwise(rows)]
    return History(revisions=revisions, more=max(0, count - 1 - len(revisions)))


def changes(told: str) -> list[Change]:
    """The typed changes of a row of `revisions`; what is not understood of them is left out."""
    try:
        read = json.loads(told)
    except ValueError:
        return []
    return [_change(one) for one in read if isinstance(one, dict | str)] if isinstance(read, list) else []


def _change(told: Mapping[str, Any] | str) -> Change:
    one = {"type": told} if isinstance(told, str) else told
    kind = str(one.get("type") or "")
    before, after = _value(kind, one.get("before")), _value(kind, one.get("after"))
    name = label("revisions", "changes", kind) or kind
    if kind == "text" and one.get("before") == [] == one.get("after"):
        name, before, after = "zmieniono kolejność akapitów", "", ""
    values = str(one.get("before") or ""), str(one.get("after") or "")
    return Change(kind=kind, name=name, before=before, after=after, values=values)


def _value(kind: str, value: object) -> str:
    """ "" where the difference below shows it better."""
    return "" if kind in ("text", "title") else value_told(kind, value)


def value_told(kind: str, value: object) -> str:
    """One of the two values of a change of this kind, "" for none."""
    if value is None:
        return ""
    if kind in ("deadline_extended", "date_corrected"):
        return moment(str(value))
    if kind == "amount_changed":
        return "; ".join(_decimal(str(one)) for one in (value if isinstance(value, list) else [value]))
    return str(value)


def _decimal(value: str) -> str:
    whole, _, rest = value.partition(".")
    if not whole.removeprefix("-").isdigit():
        return value
    return f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}") + (f",{rest}" if rest else "")


def _revision(before: Any, after: Any, work: Work) -> Revision:
    titles = before["title"] or "", after["title"] or ""
    return Revision(
        seen=after["seen"],
        changes=changes(after["changes"]),
        title=words(*titles, work) if titles[0] != titles[1] else (),
        lines=difference(before["text"], after["text"], work),
    )
