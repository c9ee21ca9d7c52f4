"""praca.gov.pl: the Liferay that 340 county offices and 15 voivodeship offices share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from parsel import Selector, SelectorList
from scrapy.http import TextResponse

from crawler.links import MOST_PAGER_LINKS, absolute, next_page, page_base
from crawler.listing import Announced, BadLink, LayoutChanged, Listed
from crawler.select import items, text_of
from crawler.spider import NewsSpider
from normalize.model import Office, Teaser
from normalize.words import fold

_ITEMS = ", ".join(
    (
        "div.nnk_slider-item-content",  # the offices' theme: tiles with a date
        "div.nnk-title-list-list-item",  # the same theme: titles alone
        "div.asset-abstract",  # Liferay's stock "abstracts"
        ".results-row",
    )
)
_HEADINGS = ":is(h2, h3, h4, h5) a[href], a[href]:has(h2, h3, h4, h5), .asset-title a[href]"
_DATES = "p.nnk_slider-asset-publish-date, .metadata-publish-date, [class*=publish-date], .date-info"
_SUMMARIES = ".asset-summary, .asset-content, p:not([class*=date])"
_PAGERS = (
    ".pagination-bar a[href], ul.pagination a[href], .taglib-page-iterator a[href], .lfr-pagination-buttons a[href]"
)
_TOTALS = ".pagination-results, .pagination-bar, .taglib-page-iterator, .search-results"
_CURRENT = re.compile(r"[?&](_[^=&]*_cur)=\d+")
_RANGE = re.compile(r"\d\s*(?:[-–—]|do)\s*\d+\s+z\s+(\d{1,3}(?: \d{3})+|\d+)")
_DAY_LINE = re.compile(r"\s*(?:(?:data publikacji|opublikowano|dodano):?\s+)?\d{1,2}\.\d{1,2}\.\d{4}\s*", re.I)
"""A date alone on its line; one inside a sentence is a deadline as often as not."""
_SESSION = re.compile(r";jsessionid=[^?#]*", re.I)
_OFFICE = re.compile(r"(\w*)\s*(?:wojewodzki\s+)?urzad pracy((?:(?!\s[-–|]\s|urzad pracy).)*)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = {"", "powiatowy", "wojewodzki", "miejski", "grodzki", "powiatu", "miasta", "dla", "nad"}


class PszSpider(NewsSpider):
    """praca.gov.pl: a wrong host name can answer with another office's page, so the title must name the office."""

    name = "psz"

    def teasers(self, response: TextResponse, office: Office) -> Iterator[Listed]:
        """One page of the news list, in any of the template's shapes; an item shown twice is one teaser."""
        _require_own_page(response, office)
        base = page_base(response)
        teasers: dict[str, Teaser] = {}
        for item in items(response, _ITEMS):
            link = _link(item)
            if link is None:
                continue
            url = absolute(base, link.attrib["href"])
            if url is None:
                yield BadLink(link.attrib["href"][:500])
            else:
                url = _SESSION.sub("", url)
                teasers[url] = _joined(teasers.get(url), _teaser(url, link, item))
        if not teasers:
            raise LayoutChanged(response.url, f":is({_ITEMS}) a", "at least one", 0)
        yield from teasers.values()
        yield from _paging(response)


def _teaser(url: str, link: Selector, item: Selector) -> Teaser:
    date = text_of(item.css(_DATES))
    if not date:
        lines = item.xpath(".//text()").getall()
        date = next((line.strip() for line in lines if _DAY_LINE.fullmatch(line)), "")
    entry = re.search(r"p_r_p_assetEntryId=(\d+)", url)
    return Teaser(
        url=url,
        title=text_of(link) or link.attrib.get("title") or None,
        published_raw=date or None,
        summary=text_of(item.css(_SUMMARIES)) or None,
        id=entry[1] if entry else None,
    )


def _joined(known: Teaser | None, new: Teaser) -> Teaser:
    """A carousel and a list, or a row and the abstract inside it, say the same article: what one leaves out stays."""
    if known is None:
        return new
    return replace(
        known,
        title=known.title or new.title,
        published_raw=known.published_raw or new.published_raw,
        summary=known.summary or new.summary,
    )


def _link(item: Selector) -> Selector | None:
    for css in (_HEADINGS, "a[href]"):
        links = item.css(css)
        if links:
            return next((link for link in links if text_of(link)), links[0])
    return None


def _paging(response: TextResponse) -> Iterator[Listed]:
    """The pager's parameter carries the portlet's own id, so it is read off the page."""
    links: SelectorList[Selector] = response.css(_PAGERS)[:MOST_PAGER_LINKS]
    parameter = _CURRENT.search(response.url)
    if parameter is None:
        parameter = next(filter(None, map(_CURRENT.search, links.css("::attr(href)").getall())), None)
    if parameter is not None:
        further = next_page(response, links, re.compile(rf"[?&]{re.escape(parameter[1])}=(\d+)"))
        if further:
            yield further
    for place in response.css(_TOTALS):
        total = _RANGE.search(text_of(place))
        if total:
            yield Announced(int(total[1].replace(" ", "")))
            return


def _require_own_page(response: TextResponse, office: Office) -> None:
    """Raises when `<title>` names another labour office than the one asked for; a title that names none may pass."""
    pairs = list(zip(_place(office.name), _place(text_of(response.css("title"))[:1000]), strict=False))
    if any(own[:3] != shown[:3] for own, shown in pairs[:1]) or any(own[0] != shown[0] for own, shown in pairs[1:]):
        raise LayoutChanged(response.url, "title", f"the name of {office.name}", 0)


def _place(title: str) -> list[str]:
    """The words that tell one labour office from another: "… Urząd Pracy w Nakle nad Notecią" -> nakle, notecia."""
    named = _OFFICE.findall(fold(title))
    if not named:
        return []
    before, after = named[-1]
    return [word for word in _WORD.findall(after) or [before] if word not in _COMMON]
