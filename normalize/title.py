"""Which words are the article's title, and on which line of the page they stand."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from normalize import notices
from normalize.layout import Layout, Line
from normalize.model import Capture, Evidence, Hints
from normalize.page import Page
from normalize.words import clean, fold

MAX_LENGTH = 500
_SEPARATOR = re.compile(r"\s+(?:[-–—|»·•]|::|//)\s+|\s+[|»]|[|»]\s+|\s::\s")
_SITE = re.compile(
    r"\b(?:urz[ąa]d\w*|o[śs]rod\w+|powiat\w*|wojew[óo]dz\w+|samorz[ąa]d\w*|starostwo|stowarzyszenie|"
    r"fundacja|portal|serwis|strona|"
    r"aktualno[śs]ci|biuletyn|bip|wup|pup|rops|mcps|rcps|owes)\b|\.(?:pl|eu|org|com)\b",
    re.I,
)
_WORDS = re.compile(r"[a-z0-9]+")
_SENTENCE_END = re.compile(r"[.:;,]$")
_OF_A_PAGE = 64
"""Lines of a page that may be its title: they are compared again and again."""


@dataclass(frozen=True, kw_only=True)
class Title:
    text: str
    evidence: Evidence
    line: int | None = None
    """Where it stands on the page; None when only the head or the list gives it."""
    names: frozenset[str] = frozenset()
    """All spellings met, as `key` makes them: lines that repeat one of them are no text."""

    def repeats(self, text: str) -> bool:
        """Whether a line says the title again."""
        longest = len(self.text) * 2 + 40
        return len(text) <= longest and key(text) in self.names


@functools.lru_cache(maxsize=_OF_A_PAGE)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(fold(text)))


@functools.lru_cache(maxsize=_OF_A_PAGE)
def key(text: str) -> str:
    """A title as it is compared: folded letters and digits only."""
    return "".join(_words(text))


def slug_words(url: str) -> frozenset[str]:
    """The words that the last part of an address is made of."""
    path = [part for part in unquote(urlsplit(url).path).split("/") if len(part) > 12]
    return frozenset(word for word in _WORDS.findall(fold(path[-1])) if len(word) > 2) if path else frozenset()


@functools.lru_cache(maxsize=500)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _likeness(text: str, slug: frozenset[str]) -> float:
    if len(slug) < 2:
        return 0.0
    words = {word for word in _words(text) if len(word) > 2}
    return len(words & slug) / len(words) if words else 0.0


def stripped(title: str, *, hints: Hints, office_name: str | None, slug: frozenset[str]) -> Iterator[str]:
    """What a <title> may mean without the site's name, likeliest first."""
    for pattern in hints.title_suffix:
        short = _compiled(pattern).sub("", title)
        if short and short != title:
            yield short
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    if len(parts) > 1:
        site = fold(office_name or "")
        last = sum(len(part) for part in parts[-1:])
        first_is_site = bool(_SITE.search(parts[0])) and not _SITE.search(parts[-1])
        if site and fold(parts[0]) in site:
            first_is_site = True
        without_last = title[: title.rindex(parts[-1])].rstrip(" -–—|»·•:/")
        without_first = title[title.index(parts[0]) + len(parts[0]) :].lstrip(" -–—|»·•:/")
        order = [without_first, without_last] if first_is_site else [without_last, without_first]
        if slug:
            order.sort(key=lambda text: -round(_likeness(text, slug), 1))
        yield from (text for text in order if text and last)
        yield from parts
    yield title


def find(layout: Layout, page: Page, capture: Capture, hints: Hints) -> Title | None:
    """The title that head, list and page agree on; None when only the page's own shape can tell (`guess`)."""
    slug = slug_words(capture.url)
    office_name = capture.office.name if capture.office else None
    strong = _stated(page, capture)
    weak: list[str] = []
    if page.title:
        weak = list(stripped(page.title, hints=hints, office_name=office_name, slug=slug))
    strong_keys = {key(text): method for text, method in reversed(strong)}
    strong_keys.pop("", None)
    weak_keys = [name for text in weak if len(name := key(text)) > 3]
    cut = [name for text, _ in strong if text.endswith(("…", "...")) and len(name := key(text)) > 15]
    whole = weak_keys[-1] if weak_keys else ""
    marked = set(_selected(page, hints))
    around = [layout.span_of(element) for element in marked]
    first = min([span.first if span else 0 for span in around], default=0)
    last = max([span.last if span else len(layout.lines) for span in around], default=0)
    best: tuple[float, int, str, str] | None = None
    lowered = (page.title or "").lower()
    spoken = {text.lower() for text, _ in strong} | {text.lower() for text in weak}
    office_key, office_name_key = fold(office_name or ""), key(office_name or "")
    for index, line in enumerate(layout.lines):
        if line.zone in ("nav", "footer", "comments"):
            continue
        text = own_words(line) if line.links else line.text
        if len(text) > MAX_LENGTH:
            continue
        heading = line.kind[0] == "h" and len(line.kind) == 2
        family = first <= index < last and _within(line, marked)
        if not (heading or family):
            small = text.lower()
            if small not in spoken and not (len(text) > 12 and small in lowered):
                continue
        name = key(text)
        if not name or (office_key and name == office_name_key and fold(text) == office_key):
            continue
        points, method = 0.0, ""
        if name in strong_keys:
            points, method = 30, strong_keys[name]
        elif any(name.startswith(start) for start in cut):
            points, method = 28, "list teaser"
        elif name in weak_keys[:-1] or (name == whole and len(weak_keys) == 1):
            sole = len(weak_keys) == 1 and len(text.split()) < 3  # may as well be the site's name
            points, method = 6 if sole else 24 - weak_keys.index(name), "html title"
        elif whole and len(name) > 8 and whole.startswith(name):
            points, method = 20, "html title"
        elif whole and len(name) > 12 and name in whole:
            points, method = 14, "html title"
        if family:
            points, method = points + 15, "family selector"
        like = _likeness(text, slug)
        if like > 0.6 and len(text) > 12:
            points, method = points + 10 * like, method or "slug"
        if not points:
            continue
        points += {"h1": 5.0, "h2": 4.0, "h3": 3.0}.get(line.kind, 2.0 if heading else 1.0 if line.bold else 0.0)
        points -= 9 if line.zone else 0
        points -= 3 if line.link_chars * 2 > len(text) else 0
        if best is None or points > best[0]:
            best = (points, index, text, method)
    names = frozenset(strong_keys) | frozenset(weak_keys[:-1])
    if best is None or best[0] < 9:
        return None
    _, index, text, method = best
    return Title(
        text=text[:MAX_LENGTH],
        evidence=Evidence(raw=text[:MAX_LENGTH], method=method, sure="high" if best[0] >= 15 else "medium"),
        line=index,
        names=names | {key(text)},
    )


def _is_sentence(layout: Layout, index: int) -> bool:
    size = layout.good[index + 1] - layout.good[index]
    return size >= 250 or (size >= 100 and layout.lines[index].text[-1] in '.!?…”"')


def own_words(line: Line) -> str:
    """A line without the button before it ("Wstecz" in the heading of praca.gov.pl)."""
    if line.links and line.link_chars < len(line.text) and line.text.startswith(line.links[0][1]):
        first = line.links[0][1]
        if notices.is_notice(first):
            return line.text[len(first) :].lstrip(" |/»›")
    return line.text


def _stated(page: Page, capture: Capture) -> list[tuple[str, str]]:
    """Titles that the list, JSON-LD and OpenGraph give."""
    found = []
    if capture.teaser and capture.teaser.title:
        found.append((clean(capture.teaser.title), "list teaser"))
    found.extend(
        (clean(item["headline"]), "json-ld") for item in page.linked_data if isinstance(item.get("headline"), str)
    )
    if page.meta.get("og:title"):
        found.append((page.meta["og:title"], "opengraph"))
    return [(text, method) for text, method in found if text]


def _selected(page: Page, hints: Hints) -> list[HtmlElement]:
    for selector in hints.title:
        elements = page.select(selector)
        if elements and len(elements) <= 3:
            return elements
    return []


def _within(line: Line, elements: set[HtmlElement]) -> bool:
    node = line.owner
    for _ in range(3):
        if node in elements:
            return True
        parent = node.getparent()
        if parent is None:
            return False
        node = parent
    return any(element in elements for element, _ in line.links)


def guess(
    layout: Layout, first: int, last: int, page: Page, capture: Capture, hints: Hints, skip: frozenset[int]
) -> Title | None:
    """The title where nothing names it: the heading, or the short line, that the running text stands under.

    `first` … `last`: the lines of the article's container; `skip`: lines known to be dates, bylines, captions, notices.
    """
    stated = _stated(page, capture)
    lines = layout.lines
    start = next((index for index in range(first, last) if _is_sentence(layout, index)), None)
    if start is None:
        start = next((index for index in range(first, last) if layout.good[index + 1] > layout.good[index]), last)
    heading: int | None = None
    short: int | None = None
    for index in range(start - 1, max(start - 13, -1), -1):
        line = lines[index]
        if index in skip or line.zone in ("nav", "footer", "tools", "form", "notice", "gallery"):
            continue
        if line.kind in ("h1", "h2", "h3", "h4"):
            heading = index
            if line.kind in ("h1", "h2"):
                break
        elif short is None and heading is None and 8 <= len(line.text) <= 250 and not _SENTENCE_END.search(line.text):
            if line.link_chars * 2 <= len(line.text) and len(line.text.split()) > 1:
                short = index
        elif heading is None and line.text and len(line.text) > 250:
            break
    chosen = heading if heading is not None else short
    if stated and (chosen is None or heading is None):
        text, method = stated[0]
        return Title(
            text=text[:MAX_LENGTH],
            evidence=Evidence(raw=text[:MAX_LENGTH], method=method),
            names=frozenset({key(text)}),
        )
    if chosen is not None:
        line = lines[chosen]
        return Title(
            text=line.text[:MAX_LENGTH],
            evidence=Evidence(
                raw=line.text[:MAX_LENGTH],
                method="heading" if chosen == heading else "line above the text",
                sure="medium",
            ),
            line=chosen,
            names=frozenset({key(line.text)}),
        )
    if page.title:
        office_name = capture.office.name if capture.office else None
        text = next(stripped(page.title, hints=hints, office_name=office_name, slug=slug_words(capture.url)))
        if not (office_name and fold(text) == fold(office_name)):
            return Title(
                text=text[:MAX_LENGTH],
                evidence=Evidence(raw=page.title, method="html title", sure="medium"),
                names=frozenset({key(text)}),
            )
    return None
