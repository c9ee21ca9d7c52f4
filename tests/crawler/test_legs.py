"""Two families on one server crawl it after each other, all others side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler import registry
from crawler.legs import legs, servers
from tests.faults.driving import drive
from tests.faults.web import FaultWeb, story


def office(number: int, family: str, url: str, **fields: Any) -> dict[str, Any]:
    return {"id": f"biuro-{number}", "kind": "other", "name": f"Biuro {number}", "family": family, "url": url, **fields}


def planned(*offices: dict[str, Any]) -> list[tuple[str, list[str], tuple[int, ...]]]:
    register = registry.load(practice=list(offices))
    return [(leg.family, [one.id for one in leg.offices], leg.after) for leg in legs(register.select(), register)]


def test_families_without_a_server_in_common_are_one_leg_each() -> None:
    assert planned(office(1, "siew", "http://a.test/"), office(2, "wordpress", "http://b.test/")) == [
        ("siew", ["biuro-1"], ()),
        ("wordpress", ["biuro-2"], ()),
    ]


def test_only_the_offices_on_a_shared_server_wait_for_the_other_family() -> None:
    assert planned(
        office(1, "siew", "http://a.test/"),
        office(2, "wordpress", "http://www.a.test/rops/"),
        office(3, "wordpress", "http://b.test/"),
    ) == [("siew", ["biuro-1"], ()), ("wordpress", ["biuro-3"], ()), ("wordpress", ["biuro-2"], (0,))]


def test_who_shares_a_server_with_one_that_waits_waits_with_it() -> None:
    assert planned(
        office(1, "siew", "http://a.test/"),
        office(2, "wordpress", "http://a.test/rops/", hosts=["b.test"]),
        office(3, "wordpress", "http://b.test/"),
    ) == [("siew", ["biuro-1"], ()), ("wordpress", ["biuro-2", "biuro-3"], (0,))]


def test_no_server_of_the_register_is_asked_by_two_legs_at_a_time() -> None:
    register = registry.load()
    found = legs(register.select(), register)
    assert sorted(one.id for leg in found for one in leg.offices) == sorted(register.offices)
    asked = [{name for one in leg.offices for name in servers(one, register)} for leg in found]
    for place, leg in enumerate(found):
        for before in range(place):
            assert before in leg.after or not asked[place] & asked[before]


@pytest.mark.crawl
def test_a_server_sees_the_second_family_when_the_first_is_through(tmp_path: Path) -> None:
    with FaultWeb() as web:
        web.site("wspolny.test", {f"/news,{n},x.html": story(n) for n in range(4)})
        (first,) = web.offices
        web.offices.append({**first, "id": "drugi", "family": "wordpress", "url": "http://wspolny.test/blog/"})
        drive(web, tmp_path)
    of_second = [not one.target.startswith("/news") for one in web.log if "robots" not in one.target]
    assert True in of_second
    assert False in of_second
    turns = [one for place, one in enumerate(of_second) if place == 0 or one != of_second[place - 1]]
    assert len(turns) == 2
