"""What an office has changed in an article: two readings of it to typed changes. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from crawler.rows import Row
from normalize import words
from normalize.model import Amount, Article, Attachment, Call

_UPLOADED = re.compile(r"[?&]t=\d+$")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_BYLINE = 20
"""Characters before an author's name: "Opublikowane przez:"."""
_GENERAL = {"", "download", "pobierz", "view", "file", "index.php"}
"""What stands at the end of addresses that name no file."""


def differences(before: Article, after: Article) -> list[Row]:
    """What became different, each change with its type and the two values; none where only the page around it did.

    Another template moves files, turns captions into paragraphs, and prints a size or a date or leaves it out. So
    words are compared wherever they stand, files by their names and labels, and a date that is no longer printed, or
    printed for the first time, was not corrected.
    """
    changes: list[Row] = []

    def note(kind: str, old: object, new: object) -> None:
        changes.append({"type": kind, "before": old, "after": new})

    if words.fold(before.title or "") != words.fold(after.title or ""):
        note("title", before.title, after.title)
    lost, won = _beyond(before, after), _beyond(after, before)
    if lost or won:
        note("text", lost, won)
    elif (shared := _shared(before, after)) != _shared(after, before) and shared:
        note("text", [], [])
    for was, becomes in _extended(before.facts.calls, after.facts.calls):
        note("deadline_extended", was, becomes)
    if _other_money(before.facts.amounts, after.facts.amounts):
        note("amount_changed", _bounds(before.facts.amounts), _bounds(after.facts.amounts))
    for item in _without(after.attachments, before.attachments):
        note("attachment_added", None, item.label)
    for item in _without(before.attachments, after.attachments):
        note("attachment_removed", item.label, None)
    if before.published and after.published and before.published != after.published:
        note("date_corrected", before.published, after.published)
    return changes


def file_of(item: Attachment) -> str:
    """An attachment's identity: the moment of upload in its address is not part of it."""
    return _UPLOADED.sub("", item.url)


def _extended(before: Sequence[Call], after: Sequence[Call]) -> Iterator[tuple[str, str]]:
    """The deadlines that were put off: those that are no longer told, in their order, for those that are told now.

    A page that goes on telling the first one says of the other that it is an extension; else that is another call's.
    """
    old, new = (Counter(call.closes for call in calls if call.closes) for calls in (before, after))
    lost, won = sorted((old - new).elements()), sorted((new - old).elements())
    for was, becomes in zip(lost, won, strict=False):
        if _later(becomes, was):
            yield was, becomes
    said = {call.closes for call in after if call.event == "extended"}
    for becomes in won[len(lost) :]:
        was = max((one for one in old if _later(becomes, one)), default="")
        if was and becomes in said:
            yield was, becomes


def _later(one: str, other: str) -> bool:
    """An hour that is told of the same day, or no longer, puts nothing off."""
    length = min(len(one), len(other))
    return one[:length] > other[:length]


def _other_money(before: Sequence[Amount], after: Sequence[Amount]) -> bool:
    """Whether as many amounts are others, or stand for something else; not where only their order is another."""
    sums = [Counter((one.grosze, one.grosze_to) for one in some) for some in (before, after)]
    roles = [Counter(one.role for one in some) for some in (before, after)]
    pairs = [Counter((one.role, one.grosze, one.grosze_to) for one in some) for some in (before, after)]
    return len(before) == len(after) and (sums[0] != sums[1] or (roles[0] == roles[1] and pairs[0] != pairs[1]))


def _bounds(amounts: Iterable[Amount]) -> list[str]:
    """The amounts as decimal numbers, of a range both its ends."""
    found = (one.as_dict() for one in amounts)
    return [value for one in found for value in (one["value"], one["value_to"]) if value is not None]


def _beyond(article: Article, other: Article) -> list[str]:
    """The blocks whose words the other reading has nowhere: in no block, and not beside its text either.

    A line with the author's name is none of them.
    """
    there = {block.hash for block in other.blocks}
    beside = {words.fold(text) for text in _beside(other)}
    sizes = [words.fold(item.raw) for item in other.attachments]
    found: dict[str, str] = {}
    author = words.fold(article.author or other.author or "")
    for block in article.blocks:
        if block.hash in there:
            continue
        folded = words.fold(block.text)
        if author and folded.endswith(author) and len(folded) < len(author) + _BYLINE:
            continue
        if folded in beside or (len(folded) < 20 and any(folded in raw for raw in sizes)):
            continue
        found.setdefault(block.hash, block.text)
    return list(found.values())


def _beside(article: Article) -> Iterable[str]:
    """What an article says outside its blocks."""
    for text in (article.title, article.lead, article.author, article.photo_credit):
        if text:
            yield text
    for image in article.images:
        yield from (text for text in (image.alt, image.caption, image.credit) if text)
    for item in article.attachments:
        yield from (item.label, item.raw)


def _shared(article: Article, other: Article) -> list[str]:
    """The blocks that both readings have, in the order of this one."""
    there = {block.hash for block in other.blocks}
    return list(dict.fromkeys(block.hash for block in article.blocks if block.hash in there))


def _without(items: Iterable[Attachment], others: Iterable[Attachment]) -> list[Attachment]:
    """The attachments that have no counterpart among the others: the same address, else the same file and label."""
    others = list(others)
    addresses = {file_of(item) for item in others}
    moved = Counter(_named(item) for item in others)
    left = []
    for item in items:
        if file_of(item) in addresses:
            moved[_named(item)] -= 1
    for item in items:
        if file_of(item) in addresses:
            continue
        if moved[_named(item)] > 0:
            moved[_named(item)] -= 1
        else:
            left.append(item)
    return left


def _named(item: Attachment) -> tuple[str, str]:
    """Label and file name; an address that names no file stands for itself."""
    parts = [unquote(part) for part in urlsplit(item.url).path.split("/") if part]
    while parts and (_UUID.fullmatch(parts[-1]) or parts[-1].lower() in _GENERAL):
        parts.pop()
    named = parts[-1] if parts and not parts[-1].isdecimal() else file_of(item)
    return words.fold(item.label), words.fold(named)
