"""What is told as a change, and what is only another page around the same words."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal

import pytest

from crawler import registry
from crawler.changes import differences
from crawler.corpus import PLATE_ARTICLES
from crawler.observed import Observed
from crawler.plates import may_be_plate
from crawler.practice import offices
from crawler.practice.pages import Pages
from crawler.practice.site import BUNDLED, Site, read_sites
from crawler.projection import project
from normalize import Knowledge, facts, normalize
from normalize.model import Article, Call, Capture, Facts, Mention
from tests.crawler import made

TEMPLATES = ("fundusze", "joomla", "joomla-k2", "psz", "siew", "wordpress")
"""Those that show everything a story has; the others leave files or whole titles out."""
HOSTS = (
    "archiwum-ngo.test",
    "es-rops.test",
    "mapa.test",
    "marszalek.test",
    "powiatowy.praca.test",
    "rops-joomla.test",
    "stowarzyszenie.test",
    "wojewodzki.praca.test",
)


@cache
def register() -> registry.Register:
    return registry.load(practice=offices())


@cache
def knowledge() -> Knowledge:
    return register().knowledge()


@cache
def site(host: str) -> Site:
    return read_sites([BUNDLED])[host]


def articles(of: Site, addresses: Site) -> dict[str, Article]:
    """Slug -> what is read of each story of this site, at the addresses of another state of it."""
    assert of.office is not None
    office = register().offices[str(of.office["id"])]
    served, found = Pages(of), {}
    for story in addresses.stories:
        answer = served.answer(addresses.path(story))
        if answer.status == 200:
            capture = Capture(
                url=addresses.origin + addresses.path(story),
                body=answer.body,
                content_type=answer.content_type,
                fetched=datetime(2026, 3, 5, tzinfo=UTC),
                office=office,
            )
            found[story.slug] = normalize(capture, knowledge())
    return found


def told(host: str, before: Mapping[str, Article], after: Mapping[str, Article]) -> dict[str, list[dict[str, Any]]]:
    """Slug -> the changes that the second visit of each article is told to have shown."""
    held: dict[str, set[str]] = defaultdict(set)
    for states in (before, after):
        for slug, article in states.items():
            for block in filter(may_be_plate, article.blocks):
                held[block.hash].add(slug)
    plates = frozenset(digest for digest, slugs in held.items() if len(slugs) >= PLATE_ARTICLES)
    office = register().offices[str((site(host).office or {})["id"])]
    found = {}
    for slug in before.keys() & after.keys():
        seen = [
            Observed(
                capture=n,
                run="1",
                fetched=f"2026-03-0{n}T08:00:00.000Z",
                url=f"http://{host}/{slug}",
                requested_url=f"http://{host}/{slug}",
                office=office,
                article=one,
            )
            for n, one in enumerate((before[slug], after[slug]), 1)
        ]
        first, *others = project(seen, plates).children["revisions"]
        assert first["changes"] == "[]"
        if others:
            found[slug] = json.loads(others[0]["changes"])
    return found


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("host", HOSTS)
def test_another_template_around_the_same_words_is_no_revision(host: str, template: str) -> None:
    old = site(host)
    new = dataclasses.replace(old, template=template, look={**old.look, "date_label": "Utworzono:"})
    before, after = articles(old, old), articles(new, old)
    assert len(before.keys() & after.keys()) > 4
    assert told(host, before, after) == {}


def test_an_edit_made_with_the_redesign_is_told_and_nothing_else() -> None:
    old = site("es-rops.test")
    edited = "nabor-na-szkolenie-menedzerow"
    stories = tuple(
        dataclasses.replace(one, body=one.body.replace("3 lutego 2017", "17 lutego 2017")) for one in old.stories
    )
    new = dataclasses.replace(old, template="wordpress", stories=stories)
    found = told("es-rops.test", articles(old, old), articles(new, old))
    assert list(found) == [edited]
    assert [one["type"] for one in found[edited]] == ["text", "deadline_extended"]
    lost, won = found[edited][0]["before"], found[edited][0]["after"]
    assert ["17 lutego 2017" in text for text in (*lost, *won)] == [False, True]


_STAGES = "Nabór wniosków na staże trwa od 1 do 20 marca 2026 r."
_LONGER = "Nabór wniosków na staże trwa od 1 do 31 marca 2026 r."
_WORKS = "Nabór wniosków na prace interwencyjne trwa od 1 marca do 30 czerwca 2026 r."
_POOL, _GRANT = "Pula środków w naborze wynosi 500 000 zł.", "Dofinansowanie do stanowiska pracy wynosi 30 000 zł."
_FROM_TO = "Dofinansowanie wynosi od 10 000 do {} 000 zł na jedną firmę."


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ((_STAGES,), (_LONGER,), [("deadline_extended", "2026-03-20", "2026-03-31")]),
        ((_STAGES, _WORKS), (_LONGER, _WORKS), [("deadline_extended", "2026-03-20", "2026-03-31")]),
        ((_LONGER, _WORKS), (_STAGES, _WORKS), []),
        ((_STAGES,), (_STAGES, _WORKS), []),
        ((_STAGES, _WORKS), (_WORKS, _STAGES), []),
        ((_POOL, _GRANT), (_GRANT, _POOL), []),
        ((_POOL,), (_POOL, _GRANT), []),
        ((_POOL,), (_POOL.replace("5", "6"),), [("amount_changed", ["500000.00"], ["600000.00"])]),
        (
            (_FROM_TO.format(60),),
            (_FROM_TO.format(80),),
            [("amount_changed", ["10000.00", "60000.00"], ["10000.00", "80000.00"])],
        ),
    ],
)
def test_each_deadline_and_amount_is_compared_with_its_own(
    was: tuple[str, ...], now: tuple[str, ...], told: list[tuple[str, object, object]]
) -> None:
    before, after = (
        made.article(
            "http://lipowo.praca.test/-/nabor", *some, facts=facts("\n".join(some), reference=date(2026, 3, 1))
        )
        for some in (was, now)
    )
    found = [(one["type"], one["before"], one["after"]) for one in differences(before, after)]
    assert [one for one in found if one[0] != "text"] == told


def test_an_hour_told_of_the_same_day_puts_no_deadline_off_and_a_later_one_does() -> None:
    def closing(at: str, event: Literal["announced", "extended"] = "announced", *also: str) -> Article:
        mentions = (Mention(raw="do", block=0),)
        calls = [Call(mentions=mentions, method="test", closes=at, event=event)]
        calls += [Call(mentions=mentions, method="test", closes=one) for one in also]
        return made.article("http://lipowo.praca.test/-/nabor", "Nabór trwa.", facts=Facts(calls=tuple(calls)))

    day, noon, later = closing("2026-03-20"), closing("2026-03-20T12:00"), closing("2026-03-20T15:30")
    assert differences(day, noon) == []
    assert differences(noon, day) == []
    assert [one["type"] for one in differences(noon, later)] == ["deadline_extended"]
    both = closing("2026-03-31", "extended", "2026-03-20")  # the page goes on telling the first one
    assert [(one["before"], one["after"]) for one in differences(day, both)] == [("2026-03-20", "2026-03-31")]


def test_the_same_short_notice_under_every_article_of_an_unchanged_template_is_told() -> None:
    old = site("es-rops.test")
    stories = tuple(dataclasses.replace(one, body=f"{one.body}<p>Nabór zawieszono.</p>") for one in old.stories)
    before = articles(old, old)
    found = told("es-rops.test", before, articles(dataclasses.replace(old, stories=stories), old))
    assert found.keys() == before.keys()
    assert all(one["after"] == ["Nabór zawieszono."] for (one,) in found.values())


@pytest.mark.parametrize(
    ("was", "now", "types"),
    [
        ("/download/109/karta.pdf", "/images/karta.pdf", []),
        ("/documents/1/2/karta.pdf/0d1c3f5e-1111-2222-3333-444455556666", "/wp-content/uploads/2024/karta.pdf", []),
        ("/documents/1/2/karta.pdf?t=1700000000000", "/documents/1/2/karta.pdf?t=1800000000000", []),
        ("/download/109/karta.pdf", "/download/109/karta-poprawiona.pdf", ["attachment_added", "attachment_removed"]),
        ("/pobierz/17", "/pobierz/18", ["attachment_added", "attachment_removed"]),
    ],
)
def test_a_file_that_moved_is_the_same_and_one_of_another_name_is_not(was: str, now: str, types: list[str]) -> None:
    old = articles(site("es-rops.test"), site("es-rops.test"))
    slug = "nabor-na-szkolenie-menedzerow"
    (file,) = old[slug].attachments

    def at(path: str) -> Article:
        return dataclasses.replace(
            old[slug], attachments=(dataclasses.replace(file, url=f"http://es-rops.test{path}"),)
        )

    found = told("es-rops.test", {slug: at(was)}, {slug: at(now)})
    assert [one["type"] for one in found.get(slug, [])] == types


def test_a_date_that_is_no_longer_printed_was_not_corrected() -> None:
    slug = "nabor-na-szkolenie-menedzerow"
    dated = dataclasses.replace(articles(site("es-rops.test"), site("es-rops.test"))[slug], published="2017-01-10")
    without = dataclasses.replace(dated, published=None)
    later = dataclasses.replace(dated, published="2017-01-12")
    assert told("es-rops.test", {slug: dated}, {slug: without}) == {}
    assert [one["type"] for one in told("es-rops.test", {slug: dated}, {slug: later})[slug]] == ["date_corrected"]


def test_a_heading_goes_with_the_plates_below_it_and_stays_over_words_of_its_own() -> None:
    old = site("es-rops.test")
    read = articles(old, old)
    plate = "Projekt pozakonkursowy prowadzi Regionalny Ośrodek Polityki Społecznej. "
    body = "<h3>O projekcie</h3><p>{}</p><h3>Terminy</h3><p>{}</p><p>Zapisy {} trwają.</p>".format
    stories = tuple(
        dataclasses.replace(one, body=one.body + body(plate * 3, plate * 2, n)) for n, one in enumerate(old.stories)
    )
    after = articles(dataclasses.replace(old, stories=stories), old)
    found = told("es-rops.test", read, after)
    assert {tuple(one["after"]) for (one,) in found.values()} == {
        ("Terminy", f"Zapisy {n} trwają.") for n in range(len(old.stories))
    }
