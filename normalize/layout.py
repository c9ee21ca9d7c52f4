"""One walk over the tree: the page as lines in reading order, and which stretch of them each element holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from normalize import zones
from normalize.model import Unusable
from normalize.selectors import Index
from normalize.words import clean

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "applet",
        "select",
        "datalist",
        "textarea",
        "input",
        "canvas",
        "audio",
        "video",
        "map",
        "head",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "frame",
        "frameset",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ZONED = frozenset({"header", "form", *zones.NOISE_TAGS})
"""Blocks that may be no text whatever their attributes say."""
_KEPT_KINDS = _HEADINGS | {"li", "dt", "dd", "figcaption", "caption", "th"}
_BOLD = frozenset({"b", "strong"})
_NO_ATTRIBUTES: Mapping[str, str] = {}
_ENOUGH = 40
"""Characters of running text that may be a short article."""

_MAX_DEPTH = 2_000
"""libxml2 cuts what is nested deeper, without a word."""


@dataclass(slots=True)
class Line:
    """One line as a reader sees it. Built once by the walk, not changed after it."""

    text: str
    kind: str
    """h1…h6, p, li, dt, dd, figcaption, caption, th, or row (of a table of data, cells parted by " | ")."""
    owner: HtmlElement
    """The block element that the text stands in."""
    links: list[tuple[HtmlElement, str]]
    """Links with their own words, in order."""
    link_chars: int = 0
    zone: str = ""
    """Why the line is no text of an article: nav, header, footer, aside, form, notice, tools, comments, gallery…"""
    bold: bool = False
    """All of it is bold."""


class Span(NamedTuple):
    """The lines of one block element: first … last, last excluded."""

    element: HtmlElement
    first: int
    last: int


class Picture(NamedTuple):
    element: HtmlElement
    line: int
    """Index of the line that follows it."""
    link: HtmlElement | None


@dataclass(frozen=True)
class Layout:
    lines: list[Line]
    ranges: dict[HtmlElement, tuple[int, int]]
    """First and last line (excluded) of each block element; `span` gives them as one thing."""
    pictures: list[Picture]
    bare_links: list[tuple[HtmlElement, int]]
    """Links without words (an icon), with the index of the line that follows."""
    good: list[int] = field(default_factory=list)
    """Running sum of running-text characters: good[b] - good[a] is what lines a … b-1 hold."""

    def weight(self, span: Span) -> int:
        return self.good[span.last] - self.good[span.first]

    def span(self, element: HtmlElement) -> Span | None:
        """The lines of a block element; None for others."""
        found = self.ranges.get(element)
        return None if found is None else Span(element, *found)

    def span_of(self, element: HtmlElement) -> Span | None:
        """The lines of an element, inline ones through the block they stand in."""
        node: HtmlElement | None = element
        while node is not None and node not in self.ranges:
            node = node.getparent()
        return None if node is None else self.span(node)


def lay_out(index: Index, noise: frozenset[HtmlElement] = frozenset(), title: str | None = None) -> Layout:
    """Walk the body once. `noise`: elements that a family says are no text; `title`: the window's."""
    body = next(index.tree.iterchildren("body"), None)
    walk = _Walk(noise, index.attributes)
    walk.run(index.tree if body is None else body)
    layout = Layout(walk.lines, walk.ranges, walk.pictures, walk.bare_links)
    own = list(map(_running_text, layout.lines))
    _mark_zones(layout, walk.noisy, (title or "").lower(), own)
    layout.good.extend(
        accumulate((0 if line.zone else size for line, size in zip(layout.lines, own, strict=True)), initial=0)
    )
    return layout


def _running_text(line: Line) -> int:
    size = len(line.text)
    if line.zone or line.kind in _HEADINGS or line.link_chars * 2 > size:
        return 0
    if size >= 60 or (size >= 25 and line.text[-1] in '.!?;:,”")') or line.kind in ("li", "row", "dd"):
        return size
    return 0


def _mark_zones(layout: Layout, noisy: list[tuple[int, int, str, bool]], title: str, own: list[int]) -> None:
    """Give the lines of noisy elements their zone; `own`: the running text of each line.

    An element that holds most of the page's text keeps it if the article's heading is in it, or nothing outside: some
    templates name the wrapper of everything after its sidebar.
    """
    lines = layout.lines
    sizes = list(accumulate(own, initial=0))
    total = sizes[-1]
    large = []
    for first, last, zone, certain in noisy:
        if certain or (sizes[last] - sizes[first]) * 2 <= total:
            _mark(lines[first:last], zone)
        else:
            large.append((first, last, zone))
    for first, last, zone in large:
        outside = sum(map(_running_text, lines[:first])) + sum(map(_running_text, lines[last:]))
        if outside >= _ENOUGH and not any(_heads(line, title) for line in lines[first:last]):
            _mark(lines[first:last], zone)


def _heads(line: Line, title: str) -> bool:
    """Whether a line may be the article's heading: an <h1>, or one that the window's title repeats."""
    return line.kind == "h1" or (line.kind in _HEADINGS and line.text.lower() in title)


def _mark(lines: list[Line], zone: str) -> None:
    for line in lines:
        if not line.zone:
            line.zone = zone


class _Walk:
    def __init__(self, noise: frozenset[HtmlElement], attributes: Mapping[HtmlElement, Mapping[str, str]]) -> None:
        self.lines: list[Line] = []
        self.ranges: dict[HtmlElement, tuple[int, int]] = {}
        self.pictures: list[Picture] = []
        self.bare_links: list[tuple[HtmlElement, int]] = []
        self.noisy: list[tuple[int, int, str, bool]] = []
        self._noise = noise
        self._attributes = attributes
        self._parts: list[str] = []
        self._part_links: list[HtmlElement | None] = []
        self._link: HtmlElement | None = None
        self._link_said = False
        self._bold = 0
        self._unbold = False
        self._breaks = 0
        self._classes: dict[str, str] = {}

    def run(self, body: HtmlElement) -> None:
        blocks: list[tuple[HtmlElement, int, str, str]] = [(body, 0, "p", "")]  # element, first line, kind, zone
        tables: list[tuple[int, int, bool]] = []  # first line, number of ranges before, holds another table
        inside_article = 0
        parts, lines, ranges = self._parts, self.lines, self.ranges
        noise, attributes = self._noise, self._attributes
        walker = etree.iterwalk(body, events=("start", "end"))
        next(walker, None)  # the body's own start
        if body.text and not body.text.isspace():
            self._say(body.text)
        for event, node in walker:
            tag = str(node.tag)
            if event == "start":
                if tag in _SKIP:
                    walker.skip_subtree()
                    continue
                if tag == "br":
                    if parts:
                        self._flush(blocks)
                    self._breaks += 1
                    continue
                if tag == "img":
                    self.pictures.append(Picture(node, len(lines) + any(map(str.strip, parts)), self._link))
                    continue
                told = attributes.get(node)
                if told and zones.is_hidden(told):
                    walker.skip_subtree()
                    if tag not in _INLINE:
                        self._flush(blocks)
                    continue
                if tag in _INLINE:
                    if tag == "a":
                        self._link, self._link_said = node, False
                    elif tag in _BOLD:
                        self._bold += 1
                    elif tag == "time":
                        parts.append(" ")
                        self._part_links.append(self._link)
                    if node in noise:
                        self._flush(blocks)
                        blocks.append((node, len(lines), "p", "!noise"))
                else:
                    if parts:
                        self._flush(blocks)
                    if len(blocks) > _MAX_DEPTH:
                        raise Unusable("too_complex", "nested too deep")
                    self._breaks = 0
                    zone = ""
                    if node in noise:
                        zone = "!noise"
                    elif told or tag in _ZONED:
                        zone = self._zone(told or _NO_ATTRIBUTES, tag, inside_article > 0)
                    if tag == "article" or tag == "main":
                        inside_article += 1
                    elif tag == "table":
                        if tables:
                            tables[-1] = (*tables[-1][:2], True)
                        tables.append((len(lines), len(ranges), False))
                    kind = tag if tag in _KEPT_KINDS else blocks[-1][2] if tag not in ("ul", "td") else "p"
                    blocks.append((node, len(lines), kind, zone))
                text = node.text
                if text and (parts or not text.isspace()):  # space before the first word of a line is none
                    self._say(text)
            else:
                if tag in _INLINE:
                    if tag == "a" and self._link is node:
                        if not self._link_said and node.get("href"):
                            self.bare_links.append((node, len(lines) + bool(parts)))
                        self._link = None
                    elif tag in _BOLD:
                        self._bold -= 1
                    elif tag == "time":
                        parts.append(" ")
                        self._part_links.append(self._link)
                if blocks[-1][0] is node:
                    if parts:
                        self._flush(blocks)
                    self._breaks = 0
                    _, first, _, zone = blocks.pop()
                    if tag == "table":
                        begin, number, nested = tables.pop()
                        if not nested and not zone and _is_data(node):
                            self._rows(node, begin, number)
                    elif tag == "article" or tag == "main":
                        inside_article -= 1
                    last = len(lines)
                    ranges[node] = first, last
                    if zone and (last > first or zone == "gallery"):
                        self.noisy.append((first, last, zone.removeprefix("!"), zone.startswith("!")))
                tail = node.tail
                if tail and (parts or not tail.isspace()) and node is not body:
                    self._say(tail)
        self._flush(blocks or [(body, 0, "p", "")])

    def _say(self, text: str) -> None:
        self._parts.append(text)
        self._part_links.append(self._link)
        if not text.isspace():
            if self._link is not None:
                self._link_said = True
            if not self._bold:
                self._unbold = True

    def _zone(self, attributes: Mapping[str, str], tag: str, inside_article: bool) -> str:
        """Why this element's lines may be no text."""
        if tag in _ZONED:
            if tag == "header":
                return "" if inside_article else "header"
            zone = zones.of_tag(tag) or "form"
            return "tools" if zone == "footer" and inside_article else zone
        role = attributes.get("role", "")
        name = f"{attributes.get('class', '')} {attributes.get('id', '')} {role}"
        if name == "  ":
            return ""
        known = self._classes.get(name)
        if known is None:
            role = zones.of_role(role)
            known = self._classes[name] = role or ("" if tag in _HEADINGS else zones.of_name(name.lower()))
        return "tools" if known == "footer" and inside_article else known

    def _flush(self, blocks: list[tuple[HtmlElement, int, str, str]]) -> None:
        if not self._parts:
            return
        text = clean(self._parts[0] if len(self._parts) == 1 else "".join(self._parts))
        linked = self._part_links.count(None) < len(self._part_links)
        links = self._links(text) if linked else []
        chars = sum([len(words) for _, words in links]) if linked else 0
        self._parts.clear()
        self._part_links.clear()
        unbold, self._unbold = self._unbold, False
        if not text or not (text[0].isalnum() or _HAS_WORD.search(text)):
            return
        element, _, kind, _ = blocks[-1] if blocks else (None, 0, "p", "")
        breaks, self._breaks = self._breaks, 0
        if breaks == 1 and self.lines and self.lines[-1].owner is element and _runs_on(self.lines[-1].text, text):
            before = self.lines[-1]
            before.text = f"{before.text} {text}"
            before.links.extend(links)
            before.link_chars += chars
            before.bold = before.bold and not unbold
            return
        if element is not None:
            self.lines.append(Line(text, kind, element, links, chars, "", not unbold))

    def _links(self, text: str) -> list[tuple[HtmlElement, str]]:
        """The links of the line that is being put together, each with its own words; `text`: the whole line."""
        parts, owners = self._parts, self._part_links
        if len(owners) == 1:
            owner = owners[0]
            return [(owner, text)] if owner is not None and text and owner.get("href") else []
        links: list[tuple[HtmlElement, str]] = []
        index = 0
        while index < len(parts):
            owner = owners[index]
            start = index
            while index < len(parts) and owners[index] is owner:
                index += 1
            if owner is not None and (words := clean("".join(parts[start:index]))) and owner.get("href"):
                links.append((owner, words))
        return links

    def _rows(self, table: HtmlElement, begin: int, number: int) -> None:
        """Join the lines of a table of data row by row."""
        inner = [self.ranges.popitem() for _ in range(len(self.ranges) - number)][::-1]
        rows = [lines for element, lines in inner if element.tag == "tr"]
        ends = {first: last for element, (first, last) in inner if element.tag in ("td", "th") and last > first}
        self.noisy = [noisy for noisy in self.noisy if noisy[0] < begin]
        old, shift = self.lines[begin:], begin
        del self.lines[begin:]
        position = begin
        for first, last in rows:
            self.lines.extend(old[position - shift : first - shift])
            position = last
            row: list[Line] = old[first - shift : last - shift]
            if not row:
                continue
            words: list[str] = []
            at = first
            while at < last:
                end = ends.get(at, at + 1)
                words.append(" ".join(line.text for line in old[at - shift : end - shift]))
                at = max(end, at + 1)
            text = f"{words[0]} {words[1]}" if len(words) == 2 and words[0].endswith(":") else " | ".join(words)
            links = [link for line in row for link in line.links]
            self.lines.append(Line(text, "row", table, links, sum(line.link_chars for line in row)))
        self.lines.extend(old[position - shift :])


_HAS_WORD = re.compile(r"\w")
_PLATE_WORD = re.compile(r"(?:ul|al|pl|os|tel|fax|faks|e-?mail|nip|www|godz)\b|[\w.+-]+@|www\.")
_ENDS = re.compile(r"[.:;!?…\"”)\]]$")


def _runs_on(before: str, after: str) -> bool:
    """A line break inside a sentence, as old pages wrap their lines by hand."""
    return after[0].islower() and len(before) < 3_000 and not _ENDS.search(before[-3:]) and not _PLATE_WORD.match(after)


def _is_data(table: HtmlElement) -> bool:
    """Two columns or more in two rows or more of short cells; tables that only place things on the page are not."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if len(rows) < 2 or sum(len(cells) > 1 for cells in rows) * 2 < len(rows):
        return False
    for cells in rows:
        for cell in cells[:20]:
            if sum(1 for _ in cell.iter("p", "div", "ul", "h1", "h2", "h3", "h4", "form")) > 3:
                return False
            if len(cell.text_content()) > 600:
                return False
    return True
