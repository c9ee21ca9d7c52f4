"""What the exit code of a crawl says of it."""

from __future__ import annotations

from crawler import registry
from crawler.operating import network_is_down

HOSTS = ("lipowo.praca.test", "brzoza.praca.test", "most.test", "region.test")
REGISTER = registry.load(
    practice=[
        {
            "id": host.partition(".")[0],
            "kind": "other",
            "name": f"Urząd {host}",
            "family": "siew",
            "url": f"http://{host}/news.html",
        }
        for host in HOSTS
    ]
)


def test_a_dead_office_that_alone_was_due_is_no_dead_network() -> None:
    offices = REGISTER.select()
    assert not network_is_down(["most"], offices, REGISTER)
    assert not network_is_down(["most", "region"], offices, REGISTER)
    assert network_is_down(["most", "region", "lipowo"], offices, REGISTER)
    assert network_is_down([one.id for one in offices], offices, REGISTER)


def test_the_only_office_that_was_asked_for_is_all_there_was() -> None:
    assert network_is_down(["most"], [REGISTER.offices["most"]], REGISTER)
