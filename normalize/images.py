"""The article's pictures: address, alternative text, caption once, credit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from normalize.authors import trailing_credit
from normalize.layout import Layout, Picture, Span
from normalize.model import Image
from normalize.page import Page
from normalize.words import clean

_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
_PICTURE_ADDRESS = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|avif)(?:$|[?/])|/image/|imagePreview|/documents/", re.I
)
_ORNAMENT = re.compile(
    r"(?:^|[/_-])(?:spacer|blank|pixel|transparent|1x1|loader|loading|ajax-loader|ikona?|icons?|arrow|"
    r"strzalka|bullet|print(?:er)?|drukuj|"
    r"emailbutton|printbutton|pdf_button|logo-?bip|share|facebook|twitter|close)(?:[._-]|$)|/icons?/|"
    r"\.svg(?:$|\?)|^data:",
    re.I,
)
_PICTURE_CLASS = re.compile(r"image|img|photo|foto|zdj[eę]ci|thumb|picture|galeri|gallery", re.I)
_CAPTION_CLASS = re.compile(r"caption|podpis|opis-?zdj|img-?desc|photo-?desc", re.I)
_ITEMS = frozenset({"figure", "li", "td", "dl", "dd"})
_FILE_WORDS = re.compile(r"^[\w .()-]*\.(?:jpe?g|png|gif|webp)$|^(?:DSC|IMG)[ _-]?\d", re.I)


@dataclass(frozen=True)
class Pictures:
    images: tuple[Image, ...]
    caption_lines: frozenset[int]
    """Lines of the page that are captions, not text."""
    spoken: frozenset[str]
    """Alternative texts and titles in small letters: a line that only repeats one is no text."""


NONE = Pictures((), frozenset(), frozenset())


def find(layout: Layout, page: Page, scope: Span, title_line: int | None) -> Pictures:
    """The pictures inside `scope`, each address once, ornaments left out."""
    images: list[Image] = []
    lines: set[int] = set()
    spoken: set[str] = set()
    seen: set[str] = set()
    captions: set[str] = set()
    for picture in layout.pictures:
        if not scope.first <= picture.line <= scope.last or not _inside(picture.element, scope.element):
            continue
        element = picture.element
        alt = clean(element.get("alt") or "") or None
        for words in (alt, clean(element.get("title") or "")):
            if words:
                spoken.add(words.lower())
        address = _address(picture, page)
        if address is None or _is_ornament(element, address):
            continue
        caption, at = _caption(layout, picture, title_line)
        lines.update(at)
        if address in seen:
            continue
        seen.add(address)
        credit = None
        if caption:
            caption, credit = trailing_credit(caption)
        if caption in captions or not caption:
            caption = None
        else:
            captions.add(caption)
        images.append(
            Image(
                url=address, alt=alt[:500] if alt else None, caption=caption[:500] if caption else None, credit=credit
            )
        )
    return Pictures(tuple(images), frozenset(lines), frozenset(spoken))


def _inside(element: HtmlElement, container: HtmlElement) -> bool:
    node: HtmlElement | None = element
    while node is not None:
        if node is container:
            return True
        node = node.getparent()
    return False


def _address(picture: Picture, page: Page) -> str | None:
    """The full-size picture a thumbnail links to, else its own source."""
    if picture.link is not None:
        href = picture.link.get("href") or ""
        if re.search(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", href, re.I) and (target := page.join(href)):
            return target
    for name in _SOURCES:
        source = (picture.element.get(name) or "").strip()
        if source and not source.startswith("data:") and (address := page.join(source)):
            return address
    return None


def _is_ornament(element: HtmlElement, address: str) -> bool:
    if _ORNAMENT.search(element.get("src") or "") and not _PICTURE_ADDRESS.search(address):
        return True
    for name in ("width", "height"):
        value = (element.get(name) or "").removesuffix("px")
        if value.isdigit() and int(value) < 40:
            return True
    return bool(_ORNAMENT.search(address))


def _caption(layout: Layout, picture: Picture, title_line: int | None) -> tuple[str | None, tuple[int, ...]]:
    """The words that stand with a picture in its figure or gallery item, and their lines."""
    node = picture.element.getparent()
    for _ in range(4):
        if node is None:
            break
        classes = node.get("class") or ""
        if node.tag in _ITEMS or _CAPTION_CLASS.search(classes) or _PICTURE_CLASS.search(classes):
            span = layout.span(node)
            if span is not None and 0 < span.last - span.first <= 3:
                at = tuple(range(span.first, span.last))
                words = " ".join(layout.lines[index].text for index in at)
                if (
                    len(words) <= 300
                    and title_line not in at
                    and not (node.tag in ("td", "li") and words[-1] in ".!?" and len(words) > 160)
                ):
                    return (None if _FILE_WORDS.match(words) else words), at
            if node.tag in ("figure", "li"):
                break
        node = node.getparent()
    following = picture.line
    if following < len(layout.lines):
        line = layout.lines[following]
        if line.kind == "figcaption" or _CAPTION_CLASS.search(line.owner.get("class") or ""):
            return line.text, (following,)
        if len(line.text) <= 200 and trailing_credit(line.text)[1] and following != title_line:
            return line.text, (following,)
    title = clean(
        (picture.link.get("title") if picture.link is not None else None) or picture.element.get("title") or ""
    )
    return (title if title and not _FILE_WORDS.match(title) else None), ()
