"""Which day an article was published and last changed: candidates in order of trust, each with its words; no guess."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from normalize import notices
from normalize.dates import days, relative
from normalize.layout import Layout, Span
from normalize.model import Capture, Evidence, Hints, Sure
from normalize.page import Page, text_of
from normalize.words import clean

WARSAW = ZoneInfo("Europe/Warsaw")
EARLIEST = date(1995, 1, 1)
"""No office had news on the web before."""

_PUBLISHED = (
    r"data\s+(?:publikacji|opublikowania|dodania|wprowadzenia(?:\s+dokumentu)?|utworzenia|"
    r"udostępnienia|zamieszczenia|wpisu|artykułu|"
    r"upublicznienia|wytworzenia(?:\s+informacji)?)|opublikowan[oaey]|utworzon[oaey]|dodan[oaey]|"
    r"zamieszczon[oaey]|wprowadzon[oaey]|"
    r"udostępnion[oaey]|publikacja|opublikował\w*|published|posted(?:\s+on)?|wpis\s+z\s+dnia"
)
_MODIFIED = (
    r"(?:data\s+)?(?:ostatni(?:a|ej)\s+)?(?:modyfikacj[ai]|aktualizacj[ai]|zmian[ay])|"
    r"zmodyfikowan[oaey]|zaktualizowan[oaey]|zmienion[oaey]|"
    r"poprawion[oaey]|uaktualnion[oaey]|(?:last\s+)?(?:modified|updated)"
)
_LABEL = re.compile(
    rf"(?:^|(?<=[\s|,;(•·/\[]))(?:(?P<modified>{_MODIFIED})|(?P<published>{_PUBLISHED}))(?:\s+(?:dnia|"
    rf"w\s+dniu|przez\s+[^:|,\d]{{2,50}}))*\s*[:.]?(?=\s|$|\d)",
    re.I,
)
_LABEL_WORDS = (
    "data ", "publik", "utworz", "dodan", "zamieszcz", "wprowadz", "udost", "publish", "posted", "wpis ", "modyfik",
    "aktualiz", "zmian", "zmienion", "poprawion", "uaktual", "updated", "modified",
)  # fmt: skip
"""One of them stands in every label, in small letters."""
_STARTS = re.compile(rf"^[\W_]*(?:{_MODIFIED}|{_PUBLISHED}|data|autor|kategoria|dział)\b", re.I)
_LEFTOVER = re.compile(
    r"(?:poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|pon|wt|śr|czw|pt|sob|niedz|nd)\b\.?|"
    r"\b(?:godz(?:ina|\.)?|r\.?|roku|dnia|w dniu|data|o|utc|gmt|cest?|t|z)\b\.?|\d{1,2}[:.]\d{2}(?:[:.]\d{2})?|[\W_]",
    re.I,
)
_WEEKDAY_START = re.compile(r"^(?:poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela),?\s", re.I)
_TODAY = re.compile(r"imieniny|^\W*(?:dziś|dzisiaj)\b|dzień roku", re.I)
_SENTENCE_DATE = re.compile(r"\b(?:do|od|termin|dnia|w dniu|nabór|naboru|wydarzeni\w+|spotkani\w+|godz)\b", re.I)
_DIGIT = re.compile(r"\d")
_DAY_MONTH = re.compile(r"^\d{1,2}\s+[a-ząćęłńóśźż]{3,12}\.?$", re.I)
_YEAR = re.compile(r"^(?:19|20)\d{2}\s*(?:r\.?)?$")
_ISO = re.compile(
    r"^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$", re.I
)
_AT_REQUEST = timedelta(seconds=120)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day with the words it was read from."""

    day: date
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class Published:
    published: Day | None
    modified: Day | None
    lines: frozenset[int]
    """Lines of the page that only tell these dates: no text."""


NONE = Published(published=None, modified=None, lines=frozenset())


def machine_day(raw: str, fetched: datetime) -> date | None:
    """The day in Warsaw of an ISO 8601 or e-mail style instant; None for a stamp of the very request."""
    match = _ISO.match(raw)
    try:
        if match:
            year, month, day, hour = match.group(1, 2, 3, 4)
            if hour is None:
                return date(int(year), int(month), int(day))
            moment = datetime.fromisoformat(re.sub(r"\.\d+", "", raw.strip()).replace("z", "Z"))
        else:
            moment = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment.replace(tzinfo=WARSAW) if moment.tzinfo is None else moment
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    if abs(moment - fetched) < _AT_REQUEST:
        return None
    return moment.astimezone(WARSAW).date()


def _label_in(text: str) -> re.Match[str] | None:
    small = text.lower()
    for word in _LABEL_WORDS:
        if word in small:
            return _LABEL.search(text)
    return None


def is_label_line(text: str) -> bool:
    """A line that only tells when something was published or changed, the value may be missing."""
    if len(text) > 150 or not (text[-1] in ":." or len(text) < 25 or _DIGIT.search(text)):
        return False
    match = _label_in(text)
    if match is None or (match.start() > 0 and not _STARTS.match(text)):
        return False
    rest = text[match.end() :]
    if not rest.strip(" :.-–"):
        return text.rstrip().endswith(":") or len(text) < 25
    found = days(rest)
    if found:
        return found[0][2] <= 40 and len(text) - (found[-1][3] + match.end()) <= 70
    return ":" in match.group() and len(rest) < 40 and bool(re.search(r"\d", rest))


def is_bare_date(text: str) -> bool:
    """A line that is one day and nothing else, a weekday or an hour apart."""
    if len(text) > 60 or not any(map(str.isdigit, text)):
        return False
    found = days(text)
    if len(found) != 1:
        return False
    _, _, start, end = found[0]
    return not _LEFTOVER.sub("", text[:start] + " " + text[end:])


def opening_date(text: str) -> int:
    """Length of a weekday and date glued to the first word of a text ("wtorek, 1 sierpnia 2023Urząd …"); 0 without."""
    if not _WEEKDAY_START.match(text):
        return 0
    found = days(text[:60])
    if not found:
        return 0
    end = found[0][3]
    return end if end < len(text) and text[end].isupper() else 0


class _Reader:
    def __init__(
        self, layout: Layout, page: Page, capture: Capture, hints: Hints, scope: Span | None, title_line: int | None
    ) -> None:
        self.layout, self.page, self.capture, self.hints = layout, page, capture, hints
        self.scope, self.title_line = scope, title_line
        self.today = capture.fetched.astimezone(WARSAW).date()
        self.lines: set[int] = set()

    def usable(self, day: date | None) -> bool:
        return day is not None and EARLIEST <= day <= self.today

    def selected(self, selectors: tuple[str, ...], method: str) -> Iterator[Day]:
        for selector in selectors:
            for element in self.page.select(selector)[:5]:
                if not self._near(element):
                    continue
                stamp = element.get("datetime") or element.get("content")
                text = clean(text_of(element))[:200]
                label = _label_in(text)
                if label and (label["modified"] is not None) != (method == "modified"):
                    continue
                day = self._one_day(text[label.end() :] if label else text)
                if day is None and stamp:
                    day = machine_day(stamp, self.capture.fetched)
                if day is not None and self.usable(day):
                    yield Day(
                        day=day, evidence=Evidence(raw=text or stamp or "", method=f"family selector: {selector}")
                    )

    def _one_day(self, text: str) -> date | None:
        """The one day that a short text tells; a range or two days tell none."""
        found = {day for day, *_ in days(text)}
        if len(found) == 1:
            return found.pop()
        if not found and len(text) <= 60:
            return relative(text, fetched=self.capture.fetched)
        return None

    def _near(self, element: HtmlElement) -> bool:
        span = self.layout.span_of(element)
        if span is None or self.scope is None:
            return span is None
        low = min(self.scope.first, self.scope.first if self.title_line is None else self.title_line) - 6
        if not low <= span.first <= self.scope.last:
            return False
        lines = self.layout.lines[span.first : max(span.last, span.first + 1)]
        return not lines or lines[0].zone not in ("aside", "nav", "footer", "comments")

    def machine(self, names: tuple[str, ...], key: str) -> Iterator[Day]:
        fetched = self.capture.fetched
        for item in self.page.linked_data:
            raw = item.get(key)
            if isinstance(raw, str) and (day := machine_day(raw, fetched)) and self.usable(day):
                yield Day(day=day, evidence=Evidence(raw=raw[:100], method=f"json-ld {key}"))
        for name in names:
            raw = self.page.meta.get(name)
            if raw and (day := machine_day(raw, fetched)) and self.usable(day):
                yield Day(day=day, evidence=Evidence(raw=raw[:100], method=f"meta {name}"))
        for element in self.page.select("time"):
            if (element.get("itemprop") or "").lower() == key.lower() and self._near(element):
                raw = element.get("datetime") or clean(text_of(element))
                if (day := machine_day(raw, fetched)) and self.usable(day):
                    yield Day(day=day, evidence=Evidence(raw=raw[:100], method=f"time {key}"))

    def teaser(self, raw: str | None, field: str) -> Iterator[Day]:
        if raw:
            day = machine_day(raw, self.capture.fetched) or self._one_day(clean(raw)[:200])
            if day is not None and self.usable(day):
                yield Day(day=day, evidence=Evidence(raw=raw[:200], method=f"list page {field}"))

    @functools.cached_property
    def _labels(self) -> list[tuple[int, list[re.Match[str]]]]:
        """The lines in and around the article that say when something was published or changed, and their labels."""
        if self.scope is None:
            return []
        start = self.scope.first if self.title_line is None else min(self.title_line, self.scope.first)
        return [
            (index, list(_LABEL.finditer(line.text)))
            for index, line in enumerate(self.layout.lines[max(start - 6, 0) : self.scope.last + 3], max(start - 6, 0))
            if line.zone not in ("footer", "nav", "aside", "comments")
            and len(text := line.text) <= 200
            and (text[-1] == ":" or len(text) < 40 or _DIGIT.search(text))
            and _label_in(text)
            and (len(text) <= 80 or _STARTS.match(text))
        ]

    def labelled(self, group: str) -> Iterator[Day]:
        """Labelled lines of the article, nearest the title first; several different ones far from it tell nothing."""
        if self.scope is None:
            return
        last = min(self.scope.last + 3, len(self.layout.lines))
        found: list[tuple[int, Day]] = []
        for index, labels in self._labels:
            text = self.layout.lines[index].text
            if group == "modified" and not self.scope.first <= index < self.scope.last:
                continue  # the whole site's last change stands in its footer
            for number, label in enumerate(labels):
                if label[group] is None:
                    continue
                end = labels[number + 1].start() if number + 1 < len(labels) else len(text)
                value = text[label.end() : end]
                if not value.strip(" :.-–") and index + 1 < last and is_bare_date(self.layout.lines[index + 1].text):
                    value = self.layout.lines[index + 1].text
                    self.lines.add(index + 1)
                dates = days(value)
                if dates and dates[0][2] > 40:
                    continue
                day = dates[0][0] if dates else relative(value.strip(" :"), fetched=self.capture.fetched)
                if len({one for one, *_ in dates}) > 1 and group == "published" and _SENTENCE_DATE.search(value):
                    continue
                if day is not None and self.usable(day):
                    found.append((index, Day(day=day, evidence=Evidence(raw=text, method="labelled line"))))
        if self.title_line is not None:
            title_line = self.title_line
            near = [item for item in found if abs(item[0] - title_line) <= 8]
        else:
            near = []
        if near:
            yield near[0][1]
        elif len({day.day for _, day in found}) == 1:
            yield found[0][1]

    def bare(self) -> Iterator[Day]:
        """A line with a day alone, right above or right below the title."""
        if self.title_line is None:
            return
        lines = self.layout.lines
        for step in (1, -1):
            index = self.title_line
            for _ in range(7 if step > 0 else 2):
                index += step
                if not 0 <= index < len(lines):
                    break
                line = lines[index]
                if line.zone in ("footer", "nav", "aside", "comments", "notice") or (
                    line.zone == "header" and step < 0
                ):
                    break
                text = line.text
                joined = f"{text} {lines[index + 1].text}" if index + 1 < len(lines) and _DAY_MONTH.match(text) else ""
                split = bool(joined) and _YEAR.match(lines[index + 1].text) is not None
                if _YEAR.match(text) and step < 0 and index > 0 and _DAY_MONTH.match(lines[index - 1].text):
                    joined, split, index = f"{lines[index - 1].text} {text}", True, index - 1
                if split or is_bare_date(text):
                    said = joined if split else text
                    day = self._one_day(said)
                    if (
                        self.usable(day)
                        and day is not None
                        and not _TODAY.search(said)
                        and not (step < 0 and self._anothers(index, day))
                    ):
                        self.lines.update((index, index + 1) if split else (index,))
                        sure: Sure = "high" if step > 0 or index == self.title_line - 1 else "medium"
                        yield Day(day=day, evidence=Evidence(raw=said, method="bare date beside the title", sure=sure))
                    break
                if notices.is_contact(text):
                    continue
                if self.layout.good[index + 1] > self.layout.good[index] or (step < 0 and len(text) > 60):
                    break

    def _anothers(self, index: int, day: date) -> bool:
        """A date above the title that belongs to the item before it, or tells the day of the visit."""
        lines = self.layout.lines
        if day == self.today and (
            _WEEKDAY_START.match(lines[index].text) or lines[index].text.lower().startswith("data")
        ):
            return True
        if index == 0:
            return False
        before = lines[index - 1]
        heading = before.kind[0] == "h" and len(before.kind) == 2
        return not before.zone and (
            heading or (bool(before.links) and before.link_chars * 10 >= len(before.text) * 9 and len(before.text) > 25)
        )


def find(
    layout: Layout,
    page: Page,
    capture: Capture,
    hints: Hints,
    scope: Span | None,
    title_line: int | None,
    first_text: int | None,
) -> Published:
    """The publication and the modification day; None where nothing on page or list shows one.

    Never taken: days after the fetch, the header's today, days in sentences, footers, plates of other items, a file's
    upload time, a stamp made by the request itself.
    """
    reader = _Reader(layout, page, capture, hints, scope, title_line)
    teaser = capture.teaser

    def candidates() -> Iterator[Day]:
        yield from reader.selected(hints.date, "date")
        yield from reader.machine(
            (
                "article:published_time",
                "og:published_time",
                "datepublished",
                "dcterms.issued",
                "dc.date.issued",
                "dcterms.created",
                "dc.date.created",
            ),
            "datePublished",
        )
        yield from reader.teaser(teaser.published_raw if teaser else None, "date")
        yield from reader.labelled("published")
        yield from reader.bare()
        yield from _glued(layout, first_text, reader)

    def changes() -> Iterator[Day]:
        yield from reader.selected(hints.modified, "modified")
        yield from reader.machine(
            ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"), "dateModified"
        )
        yield from reader.labelled("modified")
        yield from reader.teaser(teaser.modified_raw if teaser else None, "modified")

    published = next(candidates(), None)
    modified = next(changes(), None)
    if modified is not None and published is not None and modified.day < published.day:
        modified = None
    for _ in reader.bare():
        pass
    return Published(published=published, modified=modified, lines=frozenset(reader.lines))


def _glued(layout: Layout, first_text: int | None, reader: _Reader) -> Iterator[Day]:
    if first_text is None:
        return
    text = layout.lines[first_text].text
    end = opening_date(text)
    if end:
        day = days(text[:end])[0][0]
        if reader.usable(day):
            yield Day(day=day, evidence=Evidence(raw=text[:end], method="date glued to the first word", sure="medium"))
