"""Which elements of a page are no text of an article, by their tag, class, id and role; and which nobody sees."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|hide-accessible|screen-reader-text|element-invisible|d-none|hidden|invisible|"
    r"hide|ukryj|ukryty|ninja-label)(?:\s|$)"
)
_ZONE_OF_WORD = {
    word: zone
    for zone, words in {
        "nav": "nav menu submenu mainmenu topmenu megamenu pager pagenav okruszki lang langs language languages jezyki "
        "skiplinks",
        "header": "topbar masthead imieniny kalendarz calendar",
        "footer": "footer stopka copyright",
        "aside": "aside related powiazane polecane banner banners promo partner partners secondary jp-relatedposts",
        "notice": "lightbox popup modal captcha loader loading preloader",
        "tools": "share sharing udostepnij print drukuj drukowanie toolbar tools icons printfriendly kontrast "
        "contrast wcag accessibility rating ratings vote votes hits odslony tags tagi login search szukaj wyszukiwarka",
        "comments": "comment comments komentarze respond disqus",
        "summary": "streszczenie",
    }.items()
    for word in words.split()
}
"""A word of a class or id, as - and _ part it, to the zone it makes of the element."""
_ZONE_OF_PART = (
    ("breadcrumb", "nav"),
    ("pagination", "nav"),
    ("paginator", "nav"),
    ("navbar", "nav"),
    ("navigation", "nav"),
    ("pathway", "nav"),
    ("skip-link", "nav"),
    ("sitemap", "nav"),
    ("siteheader", "header"),
    ("site-header", "header"),
    ("page-top", "header"),
    ("naglowek-strony", "header"),
    ("footer", "footer"),
    ("stopka", "footer"),
    ("sidebar", "aside"),
    ("moduletable", "aside"),
    ("carousel", "aside"),
    ("slider", "aside"),
    ("widget-area", "aside"),
    ("zobacz-takze", "aside"),
    ("itemrelated", "aside"),
    ("asset-links", "aside"),
    ("cookie", "notice"),
    ("ciastecz", "notice"),
    ("rodo-", "notice"),
    ("newsletter", "notice"),
    ("social", "tools"),
    ("font-size", "tools"),
    ("fontsize", "tools"),
    ("portlet-topper", "tools"),
    ("asset-actions", "tools"),
    ("back-to-top", "tools"),
    ("backtotop", "tools"),
    ("itemtoolbar", "tools"),
    ("itemtags", "tools"),
    ("itemhits", "tools"),
    ("itemrating", "tools"),
    ("itemcomments", "comments"),
    ("ai-summary", "summary"),
    ("summary-ai", "summary"),
    ("gallery", "gallery"),
    ("galeri", "gallery"),
)
_WORD_BREAK = re.compile(r"[-_\s]+")
_NOISE_TAG = {"nav": "nav", "footer": "footer", "aside": "aside", "dialog": "notice", "button": "tools"}
NOISE_TAGS = frozenset(_NOISE_TAG)
_NOISE_ROLE = {"navigation": "nav", "banner": "header", "contentinfo": "footer", "search": "tools", "dialog": "notice"}


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Not shown: by style, by attribute, by the usual classes for screen readers."""
    style = attributes.get("style")
    if style and _HIDDEN_STYLE.search(style):
        return True
    classes = attributes.get("class")
    if classes and _hides(classes):
        return True
    return "hidden" in attributes


@functools.lru_cache(maxsize=4_000)
def _hides(classes: str) -> bool:
    return _HIDDEN_CLASS.search(classes) is not None


def of_tag(tag: str) -> str:
    """The zone that a tag alone makes: nav, footer, aside, notice, tools; "" for the others."""
    return _NOISE_TAG.get(tag, "")


def of_role(role: str) -> str:
    return _NOISE_ROLE.get(role, "")


@functools.lru_cache(maxsize=4_000)
def of_name(name: str) -> str:
    """What class, id and role say of an element."""
    for part, zone in _ZONE_OF_PART:
        if part in name:
            return zone
    for word in _WORD_BREAK.split(name):
        if word in _ZONE_OF_WORD:
            return _ZONE_OF_WORD[word]
    return ""
