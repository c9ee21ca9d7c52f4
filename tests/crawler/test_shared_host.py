"""A marshal office and its ROPS on one host: each article is of the one whose it is, by its path or by its list."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import registry
from tests.faults.driving import Ended, drive
from tests.faults.web import FaultWeb, listing, story

HOST = "wspolny.test"
MARSHAL = {
    "id": "marszalek-wspolny",
    "kind": "marshal",
    "name": "Urząd Marszałkowski Województwa Wspólnego",
    "family": "siew",
    "url": f"http://{HOST}/news.html",
}
ROPS = {**MARSHAL, "id": "rops-wspolny", "kind": "rops", "name": "ROPS", "url": f"http://{HOST}/rops/news.html"}
WUP = {
    **MARSHAL,
    "id": "wup-wspolny",
    "kind": "wup",
    "name": "Wojewódzki Urząd Pracy",
    "url": f"http://{HOST}/wup.html",
}


def test_the_section_of_the_host_says_whose_an_article_is_where_there_is_one() -> None:
    register = registry.load(practice=[MARSHAL, ROPS, WUP])
    marshal, rops, wup = (register.offices[str(one["id"])] for one in (MARSHAL, ROPS, WUP))
    assert register.owner(f"http://{HOST}/rops/news,2,x.html", marshal) is rops
    assert register.owner(f"http://www.{HOST}/rops/news,2,x.html", wup) is rops
    assert register.owner(f"http://{HOST}/rops/news,2,x.html", rops) is rops
    assert register.owner(f"http://{HOST}/ropsy/news,2,x.html", marshal) is marshal
    assert register.owner(f"http://{HOST}/news,2,x.html", rops) is rops  # outside of all sections: who names it
    assert set(register.parts(marshal)) == {rops, wup}
    assert register.parts(rops) == ()


def _held(ended: Ended) -> dict[str, str]:
    """Path -> office of every article."""
    rows = ended.rows("SELECT d.url, a.office FROM articles a JOIN addresses d ON d.article = a.id")
    return {url.partition(HOST)[2]: office for url, office in rows}


@pytest.mark.crawl
def test_what_both_lists_name_is_the_rops_own_and_each_page_is_asked_for_once(tmp_path: Path) -> None:
    with FaultWeb() as web:
        web.office(HOST, **MARSHAL)
        web.office(HOST, **ROPS)
        own, inside, both, alone = "/news,1,a.html", "/rops/news,2,b.html", "/news,3,c.html", "/news,4,d.html"
        web.put(HOST, "/news.html", listing(own, inside, both))
        web.put(HOST, "/rops/news.html", listing(both, alone))
        for target in (own, inside, both, alone):
            web.put(HOST, target, story(target))
        first = drive(web, tmp_path)
        assert _held(first) == {own: "marszalek-wspolny", both: "rops-wspolny", alone: "rops-wspolny"}
        assert len(web.asked(HOST, both)) == 1
        assert web.asked(HOST, inside) == []  # due in the name of the ROPS, from its next walk on
        second = drive(web, tmp_path)
        assert _held(second) == {**_held(first), inside: "rops-wspolny"}
        assert [len(web.asked(HOST, target)) for target in (own, inside, both, alone)] == [1, 1, 1, 1]
    assert second.rows("SELECT DISTINCT office, outcome FROM office_runs ORDER BY 1") == [
        ("marszalek-wspolny", "well"),
        ("rops-wspolny", "well"),
    ]
