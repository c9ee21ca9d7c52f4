"""Feeds and calendars against the grammars of their standards: RFC 4287, JSON Feed 1.1, RFC 5545."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import etree

from tests.publish.conftest import Get
from tests.publish.test_feeds_out import LISTS, unfolded

HERE = Path(__file__).parent
CALENDARS = [
    *(path for path in LISTS if not path.startswith(("/news/offices", "/news/programmes", "/news/places"))),
    "/news/calls{}",
    "/news/articles{}?_size=max",
]
"""Some lists lead to articles but to no dates."""
BROKEN = {
    "an entry without id": (rb"<entry><id>[^<]*</id>", rb"<entry>"),
    "an instant that is none": (rb"<updated>", rb"<updated>w "),
    "a second title": (rb"<generator>", rb"<title>drugi</title><generator>"),
    "an element that Atom does not know": (rb"<generator>", rb"<nowy/><generator>"),
    "a link that leads nowhere": (rb' href="[^"]*"', b""),
    "a type of content that is none": (rb'type="text"', rb'type="tekst"'),
    "an attribute that Atom does not know": (rb"<entry>", rb'<entry nowy="1">'),
    "a language that is none": (rb'xml:lang="pl"', rb'xml:lang="po polsku"'),
}


class Author(msgspec.Struct, forbid_unknown_fields=True):
    name: str | None = None
    url: str | None = None
    avatar: str | None = None


class Item(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What JSON Feed 1.1 says of an item; extensions begin with an underscore."""

    id: str
    url: str | None = None
    title: str | None = None
    content_text: str
    summary: str | None = None
    date_published: datetime | None = None
    date_modified: datetime | None = None
    authors: list[Author] = []
    tags: list[str] = []
    language: str | None = None
    wiesci: dict[str, str | None] = msgspec.field(default_factory=dict, name="_wiesci")


class Feed(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    version: str
    title: str
    description: str | None = None
    home_page_url: str
    feed_url: str
    next_url: str | None = None
    language: str | None = None
    items: list[Item]


@cache
def grammar() -> Any:
    return etree.RelaxNG(etree.parse(str(HERE / "atom.rng")))


@pytest.mark.asyncio
@pytest.mark.parametrize("path", LISTS)
async def test_an_atom_feed_is_valid_by_the_grammar_of_the_standard(get: Get, path: str) -> None:
    feed = etree.fromstring((await get(path.format(".atom"))).content)
    assert grammar().validate(feed), grammar().error_log


@pytest.mark.asyncio
@pytest.mark.parametrize("what", BROKEN)
async def test_the_grammar_refuses_what_the_standard_refuses(get: Get, what: str) -> None:
    body = (await get("/news/articles.atom?_size=3")).content
    broken, times = re.subn(*BROKEN[what], body)
    assert times
    assert not grammar().validate(etree.fromstring(broken))


@pytest.mark.asyncio
@pytest.mark.parametrize("path", LISTS)
async def test_a_json_feed_has_what_its_version_knows_and_nothing_else(get: Get, path: str) -> None:
    feed = msgspec.json.decode((await get(path.format(".jsonfeed"))).content, type=Feed, strict=True)
    assert feed.version == "https://jsonfeed.org/version/1.1"
    assert len({item.id for item in feed.items}) == len(feed.items)
    for item in feed.items:
        assert all(author.name for author in item.authors)
        assert item.date_modified is not None
        assert item.date_modified.tzinfo is not None
        assert item.date_published is None or item.date_published.tzinfo is not None


# RFC 5545, section 3.1: contentline = name *(";" param) ":" value CRLF
LINE = re.compile(
    r'(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*))*)'
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
TEXT = re.compile(r'(?:[^\\;,"\n]|"|\\[\\;,nN])*')
DAY, LOCAL, UTC = re.compile(r"\d{8}"), re.compile(r"\d{8}T\d{6}"), re.compile(r"\d{8}T\d{6}Z")
OFFSET, URI = re.compile(r"[+-]\d{4}"), re.compile(r"[a-z][a-z0-9+.-]*:\S+")
ONCE, AT_MOST_ONCE = (1, 1), (0, 1)
PROPERTIES = {
    "VCALENDAR": {
        "VERSION": ONCE, "PRODID": ONCE, "CALSCALE": AT_MOST_ONCE, "NAME": AT_MOST_ONCE, "DESCRIPTION": AT_MOST_ONCE,
        "REFRESH-INTERVAL": AT_MOST_ONCE, "X-WR-CALNAME": AT_MOST_ONCE, "X-WR-CALDESC": AT_MOST_ONCE,
    },
    "VTIMEZONE": {"TZID": ONCE},
    "STANDARD": {"DTSTART": ONCE, "TZOFFSETFROM": ONCE, "TZOFFSETTO": ONCE, "RRULE": AT_MOST_ONCE, "TZNAME": (0, 9)},
    "DAYLIGHT": {"DTSTART": ONCE, "TZOFFSETFROM": ONCE, "TZOFFSETTO": ONCE, "RRULE": AT_MOST_ONCE, "TZNAME": (0, 9)},
    "VEVENT": {
        "UID": ONCE, "DTSTAMP": ONCE, "DTSTART": ONCE, "DTEND": AT_MOST_ONCE, "SUMMARY": AT_MOST_ONCE,
        "DESCRIPTION": AT_MOST_ONCE, "URL": AT_MOST_ONCE, "STATUS": AT_MOST_ONCE, "TRANSP": AT_MOST_ONCE,
        "LAST-MODIFIED": AT_MOST_ONCE,
    },
}  # fmt: skip
"""How often a property may stand in a component (3.4, 3.6; RFC 7986 for NAME and REFRESH-INTERVAL)."""
INSIDE = {"VCALENDAR": "", "VTIMEZONE": "VCALENDAR", "VEVENT": "VCALENDAR", "STANDARD": "VTIMEZONE",
          "DAYLIGHT": "VTIMEZONE"}  # fmt: skip
VALUES = {
    "SUMMARY": TEXT, "DESCRIPTION": TEXT, "NAME": TEXT, "DTSTAMP": UTC, "LAST-MODIFIED": UTC, "TZOFFSETFROM": OFFSET,
    "TZOFFSETTO": OFFSET, "URL": URI, "VERSION": re.compile(r"2\.0"), "CALSCALE": re.compile("GREGORIAN"),
    "STATUS": re.compile("TENTATIVE|CONFIRMED|CANCELLED"), "TRANSP": re.compile("OPAQUE|TRANSPARENT"),
    "REFRESH-INTERVAL": re.compile(r"P(?:\d+W|(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)"),
}  # fmt: skip


def judged(lines: list[str]) -> list[str]:
    """What is wrong with the content lines of a calendar by RFC 5545; nothing: it is valid."""
    wrong: list[str] = []
    open_: list[tuple[str, Counter[str]]] = []
    for line in lines:
        read = LINE.fullmatch(line)
        if read is None:
            wrong.append(f"no content line: {line}")
            continue
        name, value = read["name"], read["value"]
        if name == "BEGIN":
            if INSIDE.get(value) != (open_[-1][0] if open_ else ""):
                wrong.append(f"{value} does not belong there")
            open_.append((value, Counter()))
        elif name == "END":
            component, seen = open_.pop()
            known = PROPERTIES[component]
            wrong += [f"{component}: {one} stands {seen[one]} times" for one, (least, most) in known.items()
                      if not least <= seen[one] <= most]  # fmt: skip
            wrong += [f"{component} does not know {one}" for one in seen if one not in known]
            if component != value:
                wrong.append(f"{component} ends as {value}")
        else:
            open_[-1][1][name] += 1
            pattern = VALUES.get(name)
            if name in ("DTSTART", "DTEND"):
                pattern = DAY if "VALUE=DATE" in read["params"] else LOCAL
            if pattern is not None and not pattern.fullmatch(value):
                wrong.append(f"no value of {name}: {value}")
    return wrong + [f"{component} does not end" for component, _ in open_]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", CALENDARS)
async def test_a_calendar_is_valid_by_the_grammar_of_the_standard(get: Get, path: str) -> None:
    assert judged(unfolded((await get(path.format(".ics"))).content)) == []


@pytest.mark.asyncio
async def test_the_grammar_of_calendars_refuses_what_the_standard_refuses(get: Get) -> None:
    lines = unfolded((await get("/news/calls.ics")).content)
    assert judged(lines) == []
    event = lines.index("BEGIN:VEVENT")
    uid, stamp, start = (next(line for line in lines[event:] if line.startswith(name))
                         for name in ("UID", "DTSTAMP", "DTSTART"))  # fmt: skip
    summary = next(line for line in lines[event:] if line.startswith("SUMMARY"))
    for before, after in (
        (uid, []), (uid, [uid, uid]), (stamp, ["DTSTAMP:20260301T060000"]), (start, ["DTSTART;VALUE=DATE:2026-03-02"]),
        (summary, ["SUMMARY:termin, do jutra"]), (summary, ["SUMMARY:a\\x"]), (summary, ["bez dwukropka"]),
        ("END:VEVENT", []), ("VERSION:2.0", ["VERSION:1.0"]), (summary, [summary, "NOWE:1"]),
    ):  # fmt: skip
        at = lines.index(before)
        assert judged([*lines[:at], *after, *lines[at + 1 :]]), after
