"""One capture to one article: the steps in their order."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from normalize import (
    attachments,
    authors,
    body,
    calls,
    container,
    dates,
    identity,
    images,
    kinds,
    language,
    layout,
    money,
    notices,
    organisations,
    page,
    places,
    programmes,
    published,
    quantities,
    title,
    topics,
    unusable,
)
from normalize.knowledge import Knowledge
from normalize.model import Amount, Article, Attachment, Block, Capture, Evidence, Fact, Facts, Hints, Mention, Unusable
from normalize.paragraphs import Paragraphs
from normalize.words import block_hash, clean

VERSION = "1"
"""Goes up whenever the same capture may give another record; the store then understands everything again."""

_FEW = 25
_MOST = 400_000
"""Characters of an article that are read for facts: a thick book; longer ones are lists that machines print."""
_NO_HINTS = Hints()
_Some = TypeVar("_Some", bound=Fact)


def facts(text: str, *, reference: date | None, knowledge: Knowledge | None = None) -> Facts:
    """The facts of a plain text, a paragraph a line. `reference`: the day it was published, None if unknown."""
    paragraphs = [line for line in (clean(raw) for raw in text.splitlines()) if line]
    return _facts(paragraphs, reference, knowledge or Knowledge.bundled(), None)


def normalize(capture: Capture, knowledge: Knowledge | None = None) -> Article:
    """Everything the page says. Raises Unusable with its reason for what is no article."""
    knowledge = knowledge or Knowledge.bundled()
    office = capture.office
    hints = knowledge.families.get(office.family, _NO_HINTS) if office else _NO_HINTS
    read = page.read(capture)
    lines = layout.lay_out(read.index, read.select_any(hints.noise), read.title)

    named = title.find(lines, read, capture, hints)
    place = container.find(lines, read, hints, named.line if named else None)
    weight = 0 if place is None else lines.weight(place.text)
    markers = unusable.script_markers(read.tree) if lines.good[-1] < 2_000 else ""
    if named is None and place is not None:
        named = _guessed(lines, read, capture, hints, place)
    unusable.check(lines, read.tree, read.title, named.text if named else None, weight, markers)

    title_line = named.line if named else None
    if place is None:
        found, pictures, days = body.Body(), images.NONE, published.NONE
    else:
        pictures = images.find(lines, read, place.scope, title_line)
        days = published.find(
            lines, read, capture, hints, place.scope, title_line, _first_text(lines, place, title_line)
        )
        found = body.read(lines, read, place, named, pictures, days, hints.lead)
    if sum(len(text) for _, text in found.blocks) < _FEW and not found.files:
        found.blocks = [
            ("paragraph", piece)
            for text in body.rescued(read)
            for piece in body.pieces(text)
            if not (named and named.repeats(text)) and not notices.is_notice(text)
        ]
        if sum(len(text) for _, text in found.blocks) < _FEW and not pictures.images:
            raise Unusable("no_text")
    return _assembled(capture, knowledge, hints, read, lines, named, place, found, pictures, days)


def _guessed(
    lines: layout.Layout, read: page.Page, capture: Capture, hints: Hints, place: container.Place
) -> title.Title | None:
    skip = frozenset(
        index
        for index in range(max(place.scope.first - 6, 0), place.scope.last)
        if len(text := lines.lines[index].text) <= 200
        and (
            published.is_bare_date(text)
            or published.is_label_line(text)
            or notices.is_notice(text)
            or notices.is_contact(text)
            or notices.is_file_name(text)
            or authors.byline(text) is not None
            or text.lower().startswith(("na zdjęciu", "na fot"))
        )
    )
    return title.guess(lines, place.text.first, place.text.last, read, capture, hints, skip)


def _first_text(lines: layout.Layout, place: container.Place, title_line: int | None) -> int | None:
    start = place.text.first if title_line is None else max(place.text.first, title_line + 1)
    return next((index for index in range(start, place.text.last) if lines.good[index + 1] > lines.good[index]), None)


def _assembled(
    capture: Capture,
    knowledge: Knowledge,
    hints: Hints,
    read: page.Page,
    lines: layout.Layout,
    named: title.Title | None,
    place: container.Place | None,
    found: body.Body,
    pictures: images.Pictures,
    days: published.Published,
) -> Article:
    office = capture.office
    paragraphs = Paragraphs([text for _, text in found.blocks])
    blocks = tuple(
        Block(kind=kind, text=text, hash=block_hash(text, low))
        for (kind, text), low in zip(found.blocks, paragraphs.folded, strict=True)
    )
    day = days.published.day if days.published else None
    told = _within_reach(paragraphs)
    known = _facts(
        told.followed_by(named.text) if named else told,
        day,
        knowledge,
        office.voivodeship if office else None,
        named.text if named else None,
    )
    known = _with_asides(_with_title(known, len(told)), found.asides)
    kind, rule = kinds.kind(named.text if named else None, paragraphs, known.calls)

    evidence: dict[str, Evidence] = {"/kind": Evidence(raw=rule, method="rule", sure="medium")}
    if named:
        evidence["/title"] = named.evidence
    if days.published:
        evidence["/published"] = days.published.evidence
    if days.modified:
        evidence["/modified"] = days.modified.evidence
    if place is not None:
        evidence["/text"] = Evidence(raw=read.charset, method=place.method)
    author = found.author or _selected_author(read, hints) or authors.from_linked_data(read.linked_data)
    if author:
        evidence["/author"] = author[1]
    credit = found.credit or _picture_credit(pictures)
    if credit:
        evidence["/photo_credit"] = credit[1]
    spoken = language.of(paragraphs.text)
    if spoken is None and read.language in ("pl", "en", "uk", "de"):
        spoken = "pl" if read.language != "pl" and language.of(named.text if named else "") == "pl" else read.language
    canonical = identity.canonical(capture.url, read.links.get("canonical"), office)
    return Article(
        url=capture.url,
        canonical_url=canonical,
        keys=identity.keys(
            capture.url, office=office, hints=hints, canonical=canonical, markup=_markup_keys(read, capture, place)
        ),
        title=named.text if named else None,
        lead=next((block.text for block in blocks if block.kind == "lead"), None),
        blocks=blocks,
        language=spoken,
        kind=kind,
        published=day.isoformat() if day else None,
        modified=days.modified.day.isoformat() if days.modified else None,
        author=author[0] if author else None,
        photo_credit=credit[0] if credit else None,
        attachments=_files(read, lines, place, found),
        images=pictures.images,
        facts=known,
        topics=tuple(topics.find(named.text if named else None, paragraphs, knowledge.topics)),
        evidence=evidence,
    )


def _facts(
    paragraphs: Sequence[str],
    reference: date | None,
    knowledge: Knowledge,
    voivodeship: str | None,
    headline: str | None = None,
) -> Facts:
    paragraphs = Paragraphs.of(paragraphs)
    when = dates.find(paragraphs, reference=reference)
    amounts = money.find(paragraphs)
    named = programmes.find(paragraphs, knowledge.programmes)
    found = calls.find(paragraphs, dates=when, amounts=amounts, programmes=named, reference=reference, title=headline)
    return Facts(
        dates=tuple(when),
        amounts=tuple(amounts),
        places=tuple(places.find(paragraphs, knowledge.gazetteer, voivodeship=voivodeship)),
        calls=tuple(found),
        programmes=tuple(named),
        organisations=tuple(organisations.find(paragraphs, knowledge.organisations)),
        quantities=tuple(quantities.find(paragraphs)),
    )


def _within_reach(paragraphs: Paragraphs) -> Paragraphs:
    """The paragraphs that are read for facts: all of them but in pages beyond any reader's patience."""
    if len(paragraphs.text) <= _MOST:
        return paragraphs
    ends = itertools.accumulate(len(text) + 1 for text in paragraphs)
    return Paragraphs(paragraphs[: sum(end <= _MOST for end in ends)])


def _with_title(found: Facts, title_block: int) -> Facts:
    """The title was read as one more paragraph; what stands there stands in no block."""

    def moved(fact: _Some) -> _Some:
        for mention in fact.mentions:
            if mention.block == title_block:
                break
        else:
            return fact
        mentions = tuple(
            mention if mention.block != title_block else Mention(raw=mention.raw) for mention in fact.mentions
        )
        return dataclasses.replace(fact, mentions=mentions)

    return Facts(
        dates=tuple(map(moved, found.dates)),
        amounts=tuple(map(moved, found.amounts)),
        places=tuple(map(moved, found.places)),
        calls=tuple(map(moved, found.calls)),
        programmes=tuple(map(moved, found.programmes)),
        organisations=tuple(map(moved, found.organisations)),
        quantities=tuple(map(moved, found.quantities)),
    )


def _with_asides(found: Facts, asides: Sequence[str]) -> Facts:
    """An amount that a plate beside the text repeats keeps the plate's words too; a plate alone gives no fact."""
    if not asides or not found.amounts:
        return found
    repeated = {(one.grosze, one.grosze_to, one.currency): one for one in money.find(asides)}
    amounts: list[Amount] = []
    for amount in found.amounts:
        again = repeated.get((amount.grosze, amount.grosze_to, amount.currency))
        if again is not None:
            mentions = (*amount.mentions, *(Mention(raw=mention.raw) for mention in again.mentions))
            role = amount.role if amount.role != "other" else again.role
            amount = dataclasses.replace(amount, mentions=mentions, role=role)
        amounts.append(amount)
    return dataclasses.replace(found, amounts=tuple(amounts))


def _selected_author(read: page.Page, hints: Hints) -> tuple[str, Evidence] | None:
    for selector in hints.author:
        for element in read.select(selector)[:2]:
            raw = clean(element.text_content())[:200]
            said = authors.byline(raw)
            who = said.author if said is not None else authors.person(raw)
            if who and (" " in who or said is not None):
                return who, Evidence(raw=raw, method=f"family selector: {selector}")
    return None


def _picture_credit(pictures: images.Pictures) -> tuple[str, Evidence] | None:
    for image in pictures.images:
        if image.credit:
            return image.credit, Evidence(raw=image.caption or image.credit, method="caption")
    return None


def _files(
    read: page.Page, lines: layout.Layout, place: container.Place | None, found: body.Body
) -> tuple[Attachment, ...]:
    """The files of the text, of the item around it and of the list of files that may follow it."""
    files = list(found.files)
    if place is None:
        return attachments.distinct(files)
    inside = range(place.text.first, place.text.last)
    listed = False
    for index in range(place.scope.first, min(place.scope.last + 15, len(lines.lines))):
        line = lines.lines[index]
        if index >= place.scope.last:
            if line.zone in ("nav", "footer", "aside"):
                break
            if attachments.HEADING.match(line.text):
                listed = True
                continue
            if not listed or not line.links:
                break
        if index not in inside and line.links and line.zone not in ("nav", "footer", "aside", "comments"):
            files.extend(attachments.in_line(line, read))
    bare = [element for element, index in lines.bare_links if place.scope.first <= index <= place.scope.last]
    files.extend(attachments.from_bare_links(bare, read))
    return attachments.distinct(files)


def _markup_keys(read: page.Page, capture: Capture, place: container.Place | None) -> list[str]:
    """Identities the page itself gives: Liferay's asset number on the container, WordPress's short link."""
    found = []
    node = place.text.element if place is not None else None
    for _ in range(6):
        if node is None:
            break
        number = node.get("data-analytics-asset-id")
        if number and number.isdigit():
            found.append(identity.markup_key(capture.url, number))
            break
        node = node.getparent()
    short = read.links.get("shortlink")
    if short and identity.same_office(capture.url, short, capture.office) and "?" in short:
        found.append(identity.keys(short, office=capture.office)[0])
    return found
