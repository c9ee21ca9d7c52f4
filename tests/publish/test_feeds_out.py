"""Every list can be subscribed to: feeds and calendars that readers of the standards accept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
import time_machine
from lxml import etree

from crawler.publish import latest
from crawler.publish.calendar import _escaped, _folded
from crawler.publish.serve import datasette_of
from tests.publish import newsroom
from tests.publish.conftest import Get, reader

ATOM = {"a": "http://www.w3.org/2005/Atom"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LISTS = [
    "/news/articles{}",
    "/news/articles{}?_search=nab%C3%B3r",
    "/news/articles{}?kind=call&voivodeship=26",
    "/news/articles{}?_search=nic-takiego-nie-ma",
    "/news/dates{}",
    "/news/amounts{}?grosze__gt=100000",
    "/news/article_programmes{}",
    "/news/calls{}?office=pup-konin",
    "/news/offices{}?kind=wup",
    "/news/programmes{}?id=kfs",
    "/news/places{}?teryt=2611",
    "/news/otwarte_nabory{}?dzien=2026-03-02&wojewodztwo=",
    "/news/nowosci_w_wojewodztwie{}?wojewodztwo=26&od=",
]
LINKED = ("/news/offices", "/news/programmes", "/news/places")
"""Lists that lead to articles by way of other tables."""


async def feed(get: Get, path: str) -> Any:
    answer = await get(path.format(".atom"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


@pytest.mark.asyncio
@pytest.mark.parametrize("path", LISTS)
async def test_an_atom_feed_has_what_the_standard_asks_for(get: Get, path: str) -> None:
    root = await feed(get, path)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in [root, *root.findall("a:entry", ATOM)]:
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"a:{name}", ATOM)
            assert found.text
        assert element.findtext("a:id", namespaces=ATOM).startswith("urn:uuid:")
        assert INSTANT.fullmatch(element.findtext("a:updated", namespaces=ATOM))
        assert len(element.findall("a:link[@rel='alternate']", ATOM)) == 1
        for link in element.findall("a:link", ATOM):
            assert link.get("href").startswith(("http://", "https://"))
    assert len(root.findall("a:link[@rel='self']", ATOM)) == 1
    for entry in root.findall("a:entry", ATOM):
        assert entry.findtext("a:author/a:name", namespaces=ATOM)
        assert entry.findtext("a:content", namespaces=ATOM)
        published = entry.findtext("a:published", namespaces=ATOM)
        assert published is None or INSTANT.fullmatch(published)
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
    assert len(ids) == len(set(ids))
    assert bool(ids) == ("nic-takiego" not in path)


@pytest.mark.asyncio
@pytest.mark.parametrize("path", LISTS)
async def test_a_json_feed_has_what_the_standard_asks_for(get: Get, path: str) -> None:
    answer = await get(path.format(".jsonfeed"))
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    told = answer.json()
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["title"].startswith("Wieści: ")
    assert told["feed_url"].startswith("http://")
    for item in told["items"]:
        assert isinstance(item["id"], str)
        assert item["content_text"]
        assert item["url"].startswith(("http://", "https://"))
        assert INSTANT.fullmatch(item["date_modified"])
        assert INSTANT.fullmatch(item.get("date_published", item["date_modified"]))
        assert all(author["name"] for author in item["authors"])


@pytest.mark.asyncio
async def test_a_feed_says_when_a_day_began_in_warsaw_and_nothing_of_unknown_days(get: Get) -> None:
    told = (await get("/news/articles.jsonfeed?_size=max")).json()["items"]
    days = {item["_wiesci"]["id"]: item.get("date_published") for item in told}
    expected = {newsroom.identifier("article", index): newsroom.published(index) for index in range(320)}
    for id, day in expected.items():
        if day is None or len(day) == 7:
            assert days[id] is None
        else:
            assert days[id].startswith(day if "T" in day else f"{day}T00:00:00+0")


@pytest.mark.asyncio
async def test_a_long_feed_names_its_next_page_and_together_they_hold_everything(get: Get) -> None:
    seen: list[str] = []
    path: str | None = "/news/articles.atom?_size=100"
    while path:
        root = await feed(get, path)
        seen += [one.text for one in root.findall("a:entry/a:id", ATOM)]
        following = root.find("a:link[@rel='next']", ATOM)
        path = following.get("href").removeprefix("http://localhost") if following is not None else None
    assert len(seen) == len(set(seen)) == 320


@pytest.mark.asyncio
async def test_what_a_bad_page_left_cannot_break_a_feed_or_act(database: Path, tmp_path: Path) -> None:
    with closing(pysqlite3.connect(str(database))) as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "news.db"),))
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as connection:
        connection.execute("UPDATE articles SET title = char(0, 8, 65534) || ']]><x>&' || title, author = char(27)")
        connection.execute("UPDATE dates SET raw = 'a' || char(13, 10) || 'END:VEVENT' || char(13) || 'X:1'")
        connection.commit()
    get = reader(datasette_of(tmp_path / "news.db"))
    root = await feed(get, "/news/articles{}?_size=max")
    assert len(root.findall("a:entry", ATOM)) == 320
    assert not root.xpath("//*[starts-with(@href, 'javascript')]")
    assert not [element for element in root.iter() if "2005/Atom" not in element.tag]
    lines = unfolded((await get("/news/articles.ics")).content)
    assert lines.count("END:VEVENT") == lines.count("BEGIN:VEVENT") > 0
    assert "X:1" not in lines


def unfolded(body: bytes) -> list[str]:
    """The content lines of a calendar, after a look at their form."""
    assert body.endswith(b"\r\n")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")  # no character is cut
    return body.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


def components(lines: list[str], name: str) -> Iterator[dict[str, str]]:
    inside: dict[str, str] | None = None
    for line in lines:
        if line == f"BEGIN:{name}":
            inside = {}
        elif line == f"END:{name}":
            assert inside is not None
            yield inside
            inside = None
        elif inside is not None:
            key, _, value = line.partition(":")
            assert key not in inside
            inside[key] = value


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [*(path for path in LISTS if not path.startswith(LINKED)), "/news/calls{}"])
async def test_a_calendar_has_what_the_standard_asks_for(get: Get, path: str) -> None:
    answer = await get(path.format(".ics"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines
    assert any(line.startswith("PRODID:") for line in lines)
    assert lines.count("BEGIN:VTIMEZONE") == lines.count("END:VTIMEZONE") == 1
    events = list(components(lines, "VEVENT"))
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        assert event["DTSTAMP"] == "20260301T060000Z"  # by the data, not by the clock
        first = datetime.strptime(event["DTSTART;VALUE=DATE"], "%Y%m%d")  # noqa: DTZ007 - a day
        assert datetime.strptime(event["DTEND;VALUE=DATE"], "%Y%m%d") == first + timedelta(days=1)  # noqa: DTZ007
        assert event["SUMMARY"]
        assert event["URL"].startswith("http")
    again = await get(path.format(".ics"))
    assert again.content == answer.content


@pytest.mark.asyncio
async def test_the_calendar_of_a_filter_holds_each_deadline_once(get: Get, database: Path) -> None:
    with closing(pysqlite3.connect(str(database))) as connection:
        closes = [
            row[0]
            for row in connection.execute(
                "SELECT closes FROM calls JOIN offices ON offices.id = calls.office"
                " WHERE voivodeship = '26' AND closes IS NOT NULL ORDER BY closes"
            )
        ]
    lines = unfolded((await get("/news/articles.ics?kind=call&voivodeship=26")).content)
    events = list(components(lines, "VEVENT"))
    days = [date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}") for day in (e["DTSTART;VALUE=DATE"] for e in events)]
    without = sum(1 for event in events if not event["SUMMARY"].startswith("Termin: "))
    assert without == 0
    assert [day.isoformat() for day in days if day.isoformat() in closes] == sorted(closes)
    assert days == sorted(days)


@pytest.mark.asyncio
async def test_a_calendar_covers_the_whole_list_and_not_its_first_page(get: Get) -> None:
    short = unfolded((await get("/news/dates.ics?_size=10")).content)
    whole = unfolded((await get("/news/dates.ics")).content)
    assert short.count("BEGIN:VEVENT") == whole.count("BEGIN:VEVENT") > 200


@pytest.mark.asyncio
async def test_an_article_has_a_calendar_of_its_own(get: Get) -> None:
    article = newsroom.identifier("article", 0)
    lines = unfolded((await get(f"/news/articles/{article}.ics")).content)
    assert lines.count("BEGIN:VEVENT") == 1


def test_texts_are_escaped_and_folded_as_the_standard_says() -> None:
    assert _escaped("a,b;c\\d\ne\r\nf\0") == "a\\,b\\;c\\\\d\\ne\\nf"
    folded = _folded("SUMMARY:" + "żółć🙂" * 40)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == "SUMMARY:" + "żółć🙂" * 40 + "\r\n"


@pytest.mark.asyncio
async def test_the_pages_link_their_feeds_and_files(get: Get) -> None:
    page = (await get("/news/articles?kind=call")).text
    assert "Subskrybuj:" in page
    for name in ("atom", "jsonfeed", "ics", "xlsx", "excel", "parquet", "ndjson", "csv", "wholejson"):
        link = re.search(rf'href="(/news/articles\.{name}\?[^"]*)"', page)
        assert link, name
        assert (await get(link[1].replace("&amp;", "&"))).status_code == 200
    query = (await get("/news/otwarte_nabory?dzien=2026-03-02&wojewodztwo=")).text
    assert 'href="/news/otwarte_nabory.ics?dzien=2026-03-02&amp;wojewodztwo="' in query
    assert 'href="/news/calls.atom' in (await get("/news/calls")).text
    for silent in ("runs", "missing", "activity", "office_powiats"):
        assert "Subskrybuj" not in (await get(f"/news/{silent}")).text


@pytest.mark.asyncio
async def test_the_front_page_names_its_feeds_and_where_whole_tables_are(get: Get) -> None:
    page = (await get("/")).text
    feeds = re.findall(
        r'<link rel="alternate" type="application/(?:atom\+xml|feed\+json)" title="[^"]+" href="([^"]+)">', page
    )
    assert feeds == ["/news/articles.atom", "/news/articles.jsonfeed", "/news/calls.atom"]
    for feed_address in feeds:
        assert (await get(feed_address)).status_code == 200
    assert "wiesci export KATALOG --format all" in page
    assert 'href="/pliki"' not in page


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["atom", "jsonfeed", "ics"])
@pytest.mark.parametrize(
    "path", ["/news/runs.{}", "/news/missing.{}", "/news/activity.{}?month=2026-03", "/news/tematy.{}"]
)
async def test_a_list_without_articles_says_that_it_has_no_feed(get: Get, path: str, name: str) -> None:
    answer = await get(path.format(name))
    assert answer.status_code == 404
    assert "nie prowadzi do artykułów" in answer.text


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Any]:
    """A desk of 120 articles of one instant, and a connection that changes them."""
    path = newsroom.build(tmp_path / "news.db", articles=120, hostile=False)
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def ask(moving: Any, tmp_path: Path) -> Get:
    return reader(datasette_of(tmp_path / "news.db"))


async def told(ask: Get, path: str) -> list[str]:
    """The ids of a feed's entries, as both formats tell them."""
    items = (await ask(path.format("jsonfeed"))).json()["items"]
    root = await feed(ask, path.replace(".{}", "{}"))
    assert [one.text for one in root.findall("a:entry/a:id", ATOM)] == [item["id"] for item in items]
    return [item["_wiesci"]["id"] for item in items]


LATER = "2026-03-02T10:00:00.000Z"


@pytest.mark.asyncio
async def test_an_undated_newcomer_an_old_article_that_changed_and_one_that_vanished_come_first(
    moving: Any, ask: Get
) -> None:
    undated, *_ = (row[0] for row in moving.execute("SELECT id FROM articles WHERE published IS NULL ORDER BY id"))
    oldest, second = (
        row[0] for row in moving.execute("SELECT id FROM articles WHERE published != '' ORDER BY published, id LIMIT 2")
    )
    moving.execute("UPDATE articles SET first_seen = '2026-03-02T10:00:02.000Z' WHERE id = ?", (undated,))
    moving.execute("UPDATE articles SET changed = '2026-03-02T10:00:01.000Z' WHERE id = ?", (oldest,))
    moving.execute("UPDATE articles SET gone = ?, gone_reason = '404' WHERE id = ?", (LATER, second))
    assert (await told(ask, "/news/articles.{}"))[:3] == [undated, oldest, second]
    assert (await told(ask, "/news/articles.{}?_sort=title&_size=2")) == [undated, oldest]
    item = (await ask(f"/news/articles.jsonfeed?id={second}")).json()["items"][0]
    assert item["date_modified"] == LATER
    assert item["_wiesci"]["gone"] == LATER
    assert item["summary"].startswith("Strona zniknęła u źródła (2\xa0marca\xa02026, 11:00; serwer odpowiada")


@pytest.mark.asyncio
async def test_a_search_s_feed_begins_with_the_newest_find_however_weak(moving: Any, ask: Get) -> None:
    found = (await ask("/news/articles.json?_search=bezrobotny&_shape=array&_size=max")).json()
    assert len(found) > 20
    weakest = found[-1]["id"]
    moving.execute("UPDATE articles SET first_seen = ? WHERE id = ?", (LATER, weakest))
    feed_of = await told(ask, "/news/articles.{}?_search=bezrobotny&_size=10")
    assert feed_of[0] == weakest
    assert set(feed_of) <= {row["id"] for row in found}
    assert sorted(await told(ask, "/news/articles.{}?_search=bezrobotny&_size=max")) == sorted(r["id"] for r in found)
    assert await told(ask, "/news/articles.{}?_search=bezrobotny+-bezrobotny") == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "articles"),
    [
        ("/news/calls.{}?office=pup-konin", "id IN (SELECT article FROM call_articles JOIN calls ON calls.id = call"
         " WHERE calls.office = 'pup-konin')"),
        ("/news/offices.{}?voivodeship=26", "voivodeship = '26'"),
        ("/news/articles.{}?kind=nab%C3%B3r&voivodeship=wielkopolskie", "kind = 'call' AND voivodeship = '30'"),
        ("/news/articles.{}?_miejsce=26&title__contains=targi", "voivodeship = '26' AND kind = 'event'"),
        ("/news/calls.{}?_wojewodztwo=26", "voivodeship = '26' AND kind = 'call'"),
        ("/news/offices/pup-elk.{}", "office = 'pup-elk'"),
        ("/news/programmes/kfs.{}", "id IN (SELECT article FROM article_programmes WHERE programme = 'kfs')"),
        ("/news/places.{}?name__contains=stara", "id IN (SELECT article FROM article_places WHERE teryt = '2611')"),
        ("/news/amounts.{}?grosze__gt=2000000", "id IN (SELECT article FROM amounts WHERE grosze > 2000000)"),
        ("/news/articles.{}?kind__in=call,results&published__isnull=1", "kind IN ('call', 'results')"
         " AND published IS NULL"),
        ("/news/articles.{}?_search_title=nab%C3%B3r&_col=published", "title LIKE '%nabór%'"),
        ("/news/articles.{}?_where=length(text)>250", "length(text) > 250"),
    ],
)  # fmt: skip
async def test_a_feed_tells_of_the_articles_that_its_list_leads_to(
    moving: Any, ask: Get, path: str, articles: str
) -> None:
    expected = [row[0] for row in moving.execute(f"SELECT id FROM articles WHERE {articles} ORDER BY id DESC")]
    assert 0 < len(expected) < 120
    assert await told(ask, f"{path}{'&' if '?' in path else '?'}_size=max") == expected


@pytest.mark.asyncio
async def test_a_list_in_which_little_became_different_lately_is_still_told(
    moving: Any, ask: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latest, "LOOKED_AT", 10)
    quiet = [row[0] for row in moving.execute("SELECT id FROM articles WHERE office = 'pup-elk' ORDER BY id DESC")]
    moving.execute("UPDATE articles SET changed = ? WHERE office != 'pup-elk'", (LATER,))
    for path in ("/news/articles.{}?office=pup-elk&_size=9", "/news/offices/pup-elk.{}?_size=9"):
        assert await told(ask, path) == quiet[:9]
    monkeypatch.setattr(latest, "QUICKLY", 0)
    assert set(await told(ask, "/news/articles.{}?office=pup-elk&_size=9")) == set(quiet[:9])


@pytest.mark.asyncio
async def test_the_pages_of_a_feed_go_on_past_what_one_of_them_looks_at(
    moving: Any, ask: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latest, "LOOKED_AT", 10)
    expected = {row[0] for row in moving.execute("SELECT id FROM articles WHERE kind = 'results'")}
    seen: list[str] = []
    path: str | None = "/news/articles.jsonfeed?kind=results&_size=4"
    pages = 0
    while path:
        page = (await ask(path)).json()
        assert len(page["items"]) <= 4
        seen += [item["_wiesci"]["id"] for item in page["items"]]
        path, pages = page.get("next_url", "").removeprefix("http://localhost") or None, pages + 1
        assert pages < 60
    assert set(seen) == expected
    assert len(seen) < len(expected) + 4  # the first page may tell what a later one tells in its turn


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/news/articles.{}?_before=x", 200),
        ("/news/articles.{}?_before=2026-03-01T06:00:00Z,'&_size=1", 200),
        ("/news/articles.{}?_size=0", 200),
        ("/news/articles.{}?_size=x", 400),
        ("/news/articles.{}?_where=x(", 400),
        ("/news/articles/nie-ma.{}", 404),
    ],
)
async def test_odd_addresses_of_feeds_are_answered(get: Get, path: str, status: int) -> None:
    for name in ("atom", "jsonfeed"):
        assert (await get(path.format(name))).status_code == status


@pytest.mark.asyncio
async def test_a_feed_is_read_from_the_index_of_what_became_different(moving: Any) -> None:
    for before in ("", latest._BEFORE):
        sql = latest._NEWEST.format(before=before, condition="kind = 'call'")
        given = {"looked_at": 9, "most": 5, "at": LATER, "id": "x"}
        plan = " ".join(row[3] for row in moving.execute(f"EXPLAIN QUERY PLAN {sql}", given))
        assert "articles_moved" in plan
        assert "TEMP B-TREE" not in plan


@pytest.mark.asyncio
async def test_the_same_entry_has_the_same_identifier_in_every_feed(get: Get) -> None:
    item = (await get("/news/articles.jsonfeed?kind=call&_size=1")).json()["items"][0]
    root = await feed(get, f"/news/articles{{}}?id={item['_wiesci']['id']}")
    assert root.findtext("a:entry/a:id", namespaces=ATOM) == item["id"]
    assert json.dumps(item)


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["atom", "jsonfeed", "ics"])
@pytest.mark.parametrize("asked", ["/news/articles.{}?kind=call", "/news/otwarte_nabory.{}?dzien=2026-03-02"])
async def test_what_a_subscriber_has_already_is_not_sent_again(database: Path, name: str, asked: str) -> None:
    client = datasette_of(database).client
    path = asked.format(name)
    first = await client.get(path)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    assert re.fullmatch(r'"[0-9a-f]{24}"', tag)
    for told in ({"if-none-match": tag}, {"if-none-match": f'"x", W/{tag}'}, {"if-modified-since": changed}):
        again = await client.get(path, headers=told)
        assert (again.status_code, again.content) == (304, b""), told
        assert again.headers["etag"] == tag
    for told in (
        {"if-none-match": '"x"'},
        {"if-none-match": '"x"', "if-modified-since": changed},
        {"if-modified-since": "Sun, 01 Mar 2026 06:00:00 GMT"},
        {"if-modified-since": "wczoraj"},
        {"if-modified-since": ""},
    ):
        assert (await client.get(path, headers=told)).content == first.content, told


@pytest.mark.asyncio
async def test_a_feed_whose_articles_changed_has_another_tag(database: Path, tmp_path: Path) -> None:
    with closing(pysqlite3.connect(str(database))) as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "news.db"),))
    client = datasette_of(tmp_path / "news.db").client
    before = {name: (await client.get(f"/news/articles.{name}")).headers["etag"] for name in ("atom", "jsonfeed")}
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as connection:
        connection.execute("UPDATE articles SET title = title || '!'")
        connection.commit()
    for name, tag in before.items():
        assert (await client.get(f"/news/articles.{name}", headers={"if-none-match": tag})).status_code == 200


@pytest.mark.asyncio
async def test_a_list_that_asks_for_today_has_changed_at_midnight_in_poland(database: Path) -> None:
    client = datasette_of(database).client
    with time_machine.travel("2026-03-04T11:00:00Z", tick=False):
        told = (await client.get("/news/otwarte_nabory.ics")).headers["last-modified"]
    assert told == "Tue, 03 Mar 2026 23:00:00 GMT"
    told = (await client.get("/news/articles.ics")).headers["last-modified"]
    assert told == "Mon, 02 Mar 2026 06:20:00 GMT"
