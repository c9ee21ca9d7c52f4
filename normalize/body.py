"""The article's text: the blocks a reader takes for the article, and nothing else of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree, html
from lxml.html import HtmlElement

from normalize import attachments, authors, language, notices, published
from normalize.container import Place
from normalize.images import Pictures
from normalize.layout import Layout, Line
from normalize.model import Attachment, BlockKind, Evidence
from normalize.page import Page
from normalize.title import Title, own_words

MAX_BLOCK = 8_000
"""Characters of one block."""

_LEAD_CLASS = re.compile(
    r"(?:^|[-_ ])(?:lead|intro|introtext|itemIntroText|excerpt|zajawka|wstep|teaser|summary|perex)(?:$|[-_ ])", re.I
)
_BULLET = re.compile(r"^[•·▪▫■□●○◦‣⁃∙➢➤►✓✔✅§]\s*")
_CAPTION_START = re.compile(
    r"^(?:na (?:zdjęciu|zdjęciach|fotografii|fot\.|obrazku)|od lewej|zdjęcie przedstawia|grafika przedstawia)\b", re.I
)
_POINTER = re.compile(r"^Informacj[ae] o .{3,80} na stronie .{3,60}$")
_FORM_HEADING = re.compile(
    r"^(?:formularz (?:kontaktowy|zgłoszeniowy online)|napisz do nas|wyślij wiadomość|"
    r"zostaw komentarz|zadaj pytanie)\W*$",
    re.I,
)
_ENDS = re.compile(r"[.!?…:;][\"”»)]*$")
_CLOSED = re.compile(r"[.!?…][\"”»)]*$")


@dataclass(kw_only=True)
class Body:
    """What the lines of the article turned out to be."""

    blocks: list[tuple[BlockKind, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """Line of the page of each block; -1 where the block does not come from one."""
    asides: list[str] = field(default_factory=list)
    """Plates at the article's end: not its text, but what they say may confirm it."""
    files: list[Attachment] = field(default_factory=list)
    author: tuple[str, Evidence] | None = None
    credit: tuple[str, Evidence] | None = None


class _Kept(NamedTuple):
    place: int
    """Index of its line on the page."""
    line: Line
    text: str


def read(
    layout: Layout,
    page: Page,
    place: Place,
    title: Title | None,
    pictures: Pictures,
    days: published.Published,
    lead: tuple[str, ...],
) -> Body:
    """Sort the lines of the article's place: text, files, bylines, plates; drop what is none of them."""
    body = Body()
    kept = _sorted_lines(layout, page, place, title, pictures, days, body)
    _bylines_beside(layout, place, title, body)
    kept = _without_summary(kept)
    kept = _without_tail(kept, layout, body, pictures)
    foreign = language.is_foreign_tail([item.text for item in kept[:400]]) if kept else None
    if foreign:
        kept = kept[:foreign]
    leads = {element for selector in lead for element in page.select(selector)}
    _fill(body, kept, place, leads)
    return body


def _sorted_lines(
    layout: Layout,
    page: Page,
    place: Place,
    title: Title | None,
    pictures: Pictures,
    days: published.Published,
    body: Body,
) -> list[_Kept]:
    text, lines = place.text, layout.lines
    title_line = title.line if title else None
    start = text.first
    if title_line is not None and text.first <= title_line < text.last:
        before = layout.good[title_line] - layout.good[text.first]
        after = layout.good[text.last] - layout.good[title_line]
        start = title_line + 1 if after >= before or before < 150 else text.first
    indexes = list(range(_lead_start(layout, place, title_line), text.first))
    indexes += range(start, text.last)
    kept: list[_Kept] = []
    awaited = ""
    in_head = True
    pending_heading: _Kept | None = None
    for index in indexes:
        line = lines[index]
        words = line.text
        if line.zone:
            if line.zone in ("tools", "noise", "gallery", "form"):
                body.files.extend(attachments.in_line(line, page) if line.links else ())
            continue
        if awaited:
            who = authors.person(words)
            if who and awaited == "author":
                body.author = body.author or (who, Evidence(raw=words, method="byline"))
            elif awaited == "credit" and len(words) < 80:
                body.credit = body.credit or (words, Evidence(raw=words, method="byline"))
            awaited = ""
            if who:
                continue
        if index == title_line or (title is not None and _says_again(title, line)):
            continue
        if index in pictures.caption_lines or index in days.lines or words.lower() in pictures.spoken:
            continue
        said = authors.byline(words)
        if said is not None:
            _note(said, words, body)
            awaited = said.awaits
            if kept and in_head and _is_caption(kept[-1], layout):
                kept.pop()
            continue
        files = attachments.in_line(line, page) if line.links else []
        if not files and (one := attachments.unlinked(line)):
            files = [one]
        if files:
            body.files.extend(files)
            if not files[0].url or attachments.only_files(line, files):
                if kept and (
                    (kept[-1].text.endswith(":") and len(kept[-1].text) <= 80)
                    or attachments.HEADING.match(kept[-1].text)
                ):
                    kept.pop()
                continue
        if attachments.HEADING.match(words):
            pending_heading = _Kept(index, line, words)
            kept.append(pending_heading)
            continue
        if notices.is_notice(words) or notices.is_file_name(words) or published.is_label_line(words):
            continue
        if in_head and (published.is_bare_date(words) or notices.is_contact(words)):
            continue
        if in_head and len(words) <= 200:
            caption, credit = authors.trailing_credit(words)
            if credit and not _CLOSED.search(caption[:-1]):
                body.credit = body.credit or (credit, Evidence(raw=words, method="caption"))
                continue
        if in_head and not kept:
            glued = published.opening_date(words)
            words = words[glued:].lstrip() if glued else words
        if len(words) >= 200 or (len(words) >= 40 and _CLOSED.search(words)):
            in_head = False
        kept.append(_Kept(index, line, words))
    return [item for item in kept if not attachments.HEADING.match(item.text)]


def _says_again(title: Title, line: Line) -> bool:
    own = own_words(line)
    return title.repeats(line.text) or (own is not line.text and title.repeats(own))


def _lead_start(layout: Layout, place: Place, title_line: int | None) -> int:
    """The first line of a lead that stands between the title and the container of the text."""
    first = place.text.first
    if title_line is None or not title_line < first or first - title_line > 15:
        return first
    for index in range(title_line + 1, first):
        line = layout.lines[index]
        if not line.zone and layout.good[index + 1] - layout.good[index] >= 60:
            return index
    return first


def _is_caption(item: _Kept, layout: Layout) -> bool:
    """The short line that a photographer's name follows, before the text has begun."""
    return bool(_CAPTION_START.match(item.text)) or (
        len(item.text) < 200 and not _CLOSED.search(item.text) and item.line.kind == "p" and not item.line.bold
    )


def _note(said: authors.Byline, words: str, body: Body) -> None:
    if said.author and body.author is None:
        body.author = (said.author, Evidence(raw=words, method="byline"))
    if said.credit and body.credit is None:
        body.credit = (said.credit, Evidence(raw=words, method="byline"))


def _bylines_beside(layout: Layout, place: Place, title: Title | None, body: Body) -> None:
    """Bylines of the item that stand outside its text: under the title, in tools, right after the article."""
    inside = range(place.text.first, place.text.last)
    first = max(min(place.scope.first, title.line if title and title.line is not None else place.scope.first) - 2, 0)
    for index in range(first, min(place.scope.last + 2, len(layout.lines))):
        line = layout.lines[index]
        if line.zone in ("footer", "nav", "aside", "comments", "header") or (index in inside and not line.zone):
            continue
        said = authors.byline(line.text)
        if said is not None:
            _note(said, line.text, body)


def _without_summary(kept: list[_Kept]) -> list[_Kept]:
    """Cut what stands between the toggles of a machine summary, the toggles too."""
    toggles = [position for position, item in enumerate(kept) if notices.is_summary_toggle(item.text)]
    if not toggles:
        return kept
    if len(toggles) >= 2:
        return kept[: toggles[0]] + kept[toggles[-1] + 1 :]
    position = toggles[0]
    box = kept[position].line.owner.getparent()
    end = position + 1
    if box is not None and not any(item.line.owner.getparent() is box for item in kept[end + 1 :]):
        while end < len(kept) and _within(kept[end].line.owner, box):
            end += 1
    return kept[:position] + kept[end:]


def _within(element: HtmlElement, box: HtmlElement) -> bool:
    node: HtmlElement | None = element
    while node is not None:
        if node is box:
            return True
        node = node.getparent()
    return False


def _without_tail(kept: list[_Kept], layout: Layout, body: Body, pictures: Pictures) -> list[_Kept]:
    """Cut galleries, plates, address blocks and lists of links that stand after the text."""
    kept = _after_gallery(kept, layout, body)
    end = len(kept)
    last_text = max((position for position, item in enumerate(kept) if _is_text(item)), default=-1)
    for position in range(1, end):
        if notices.begins_plate(kept[position].text) and all(
            not _is_text(item) or notices.begins_plate(item.text) for item in kept[position:]
        ):
            body.asides.extend(item.text for item in kept[position:])
            kept = kept[:position]
            break
    contacts = 0
    while kept and len(kept) > last_text + 1:
        item = kept[-1]
        alone = item.line.links and item.line.link_chars * 10 >= len(item.text) * 8
        if (
            notices.is_contact(item.text)
            or _FORM_HEADING.match(item.text)
            or (alone and len(kept) > 1)
            or _POINTER.match(item.text)
        ):
            contacts += notices.is_contact(item.text)
            body.asides.append(item.text)
            kept = kept[:-1]
        elif notices.is_source(item.text) or notices.is_office_holder(item.text):
            kept = kept[:-1]
        elif len(kept) > 1 and authors.person(item.text) and notices.is_office_holder(kept[-2].text):
            kept = kept[:-2]
        elif contacts > 1 and len(item.text) <= 80 and not _CLOSED.search(item.text):
            contacts = 0
            kept = kept[:-1]
        elif item.line.kind in ("h2", "h3", "h4", "h5", "h6") and len(kept) > 1:
            kept = kept[:-1]
        else:
            break
    return kept


def _is_text(item: _Kept) -> bool:
    """Running text: a sentence, or a list item."""
    line = item.line
    if line.links and line.link_chars * 10 >= len(item.text) * 8:
        return False
    if _POINTER.match(item.text):
        return False
    return (
        (len(item.text) >= 40 and bool(_ENDS.search(item.text))) or len(item.text) >= 160 or line.kind in ("li", "row")
    )


def _after_gallery(kept: list[_Kept], layout: Layout, body: Body) -> list[_Kept]:
    """A gallery closes an article: its captions go, and what stands under a heading of its own after it is a plate."""
    heading = next(
        (position for position, item in enumerate(kept) if position and notices.is_gallery_heading(item.text)), None
    )
    if heading is None:
        return [item for position, item in enumerate(kept) if position or not notices.is_gallery_heading(item.text)]
    rest = kept[heading + 1 :]
    while rest and (
        rest[0].line.kind in ("li", "figcaption", "dt", "dd") or sum(item.text == rest[0].text for item in rest) > 1
    ):
        rest = rest[1:]
    if rest and _is_text(rest[0]) and rest[0].line.kind == "p":
        return kept[:heading] + rest
    body.asides.extend(item.text for item in rest)
    return kept[:heading]


def _fill(body: Body, kept: Sequence[_Kept], place: Place, leads: set[HtmlElement]) -> None:
    seen: set[str] = set()
    for position, item in enumerate(kept):
        line, text = item.line, item.text
        if len(text) >= 60 and line.kind == "p":
            if text in seen:
                continue
            seen.add(text)
        kind: BlockKind = "paragraph"
        bullet = _BULLET.match(text)
        if line.kind == "row":
            kind = "table"
        elif line.kind == "li" or bullet:
            kind = "item"
            text = text[bullet.end() :] if bullet else text
        elif line.kind[0] == "h" and len(line.kind) == 2:
            kind = "heading"
        elif position == 0 and len(kept) > 1 and _is_lead(line, kept[1].line, place, leads):
            kind = "lead"
        for piece in pieces(text):
            body.blocks.append((kind, piece))
            body.lines.append(item.place)
    if body.blocks and (who := authors.signature(body.blocks[-1][1])) and body.author is None:
        body.author = (who, Evidence(raw=who, method="initials on the last line", sure="medium"))
        body.blocks.pop()
        body.lines.pop()


def pieces(text: str) -> list[str]:
    """A text without paragraphs that no reader would take for one is cut at its sentences."""
    cuts = []
    while len(text) > MAX_BLOCK:
        cut = text.rfind(". ", 0, MAX_BLOCK) + 1 or text.rfind(" ", 0, MAX_BLOCK) + 1 or MAX_BLOCK
        cuts.append(text[:cut].strip())
        text = text[cut:].lstrip()
    return [piece for piece in (*cuts, text) if piece]


def _is_lead(line: Line, following: Line, place: Place, leads: set[HtmlElement]) -> bool:
    node: HtmlElement | None = line.owner
    for _ in range(3):
        if node is None or (node is place.text.element and node not in leads):
            break
        if node in leads or _LEAD_CLASS.search(node.get("class") or ""):
            return True
        node = node.getparent()
    return line.bold and not following.bold and len(line.text) >= 80


def rescued(page: Page) -> list[str]:
    """The paragraphs trafilatura finds where the page's own structure shows no article."""
    import trafilatura  # its import costs a third of a second, and few pages need it

    try:
        tree = html.fromstring(etree.tostring(page.tree, encoding="unicode", method="html"))
    except etree.ParserError:  # not one element is left
        return []
    document = trafilatura.bare_extraction(
        tree, fast=True, favor_precision=True, include_comments=False, with_metadata=False, as_dict=False
    )
    text = getattr(document, "text", None) or ""
    return [line.strip() for line in text.splitlines() if line.strip()]
