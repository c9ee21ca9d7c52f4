"""No connection to anything but public addresses."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy import Request, Spider
from scrapy.utils.test import get_crawler

from crawler import registry
from crawler.guard import GuardMiddleware, is_practice, is_public
from crawler.outcomes import Refused
from tests.crawler.made import OFFICES

PRIVATE = [
    "127.0.0.1", "127.0.0.2", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "::ffff:127.0.0.2",
    "::ffff:10.0.0.1",
    "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
    "2001::1", "2001:10::1", "3fff::1", "5f00::1", "fec0::1",
    "not an address", "",
]  # fmt: skip
SPELLINGS = [
    "http://2130706434/", "http://0x7f000002/", "http://0177.0.0.2/", "http://127.2/", "http://127.0.2/", "http://[::1]/",
    "http://[::ffff:127.0.0.2]/", "http://0.0.0.0/", "http://0/", "http://127.0.0.1/", "http://10.1.2.3/", "http://[fe80::1]/",
    "http://0x7f.0.0.1/", "http://017700000001/", "http://192.168.0.1/", "http://169.254.169.254/latest/", "http://[::]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://100.64.0.1/", "http://224.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.0.0.1", "2a00:1450::1", "::ffff:8.8.8.8"])
def test_a_public_address_is_known_as_such(address: str) -> None:
    assert is_public(address)


@pytest.mark.asyncio
@pytest.mark.parametrize("url", SPELLINGS)
async def test_every_spelling_of_a_private_address_is_refused_without_asking_anyone(url: str) -> None:
    with pytest.raises(Refused) as refused:
        await guard().process_request(Request(url))
    assert refused.value.outcome in ("blocked_address", "no_such_host")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        ("file:///etc/passwd", "bad_link"),
        ("ftp://example.org/", "bad_link"),
        ("data:text/html,a", "bad_link"),
        ("http://user:secret@example.org/", "bad_link"),
        ("http://example.org:8080/", "blocked_address"),
        ("https://example.org:22/", "blocked_address"),
        ("http://example.org/" + "a" * 3000, "bad_link"),
    ],
)
async def test_what_is_not_plain_public_http_is_refused(url: str, outcome: str) -> None:
    with pytest.raises(Refused) as refused:
        await guard().process_request(Request(url))
    assert refused.value.outcome == outcome


def test_a_test_name_is_practice_only_while_the_practice_web_is_on() -> None:
    assert is_practice("kielce.praca.test", True)
    assert not is_practice("kielce.praca.test", False)
    assert not is_practice("example.org", True)


@pytest.mark.asyncio
async def test_a_port_of_its_own_is_open_where_the_register_says_so_and_only_for_that_host() -> None:
    crawler = get_crawler(Spider)
    lines = [{**OFFICES[1], "id": "urzad", "url": "http://urzad.invalid:8080/aktualnosci/"}]
    crawler.spider = SimpleNamespace(run=SimpleNamespace(register=registry.load(practice=lines)))  # type: ignore[assignment]
    middleware = GuardMiddleware.from_crawler(crawler)
    assert ("urzad.invalid", 8080) in middleware._registered
    for url in ("http://inny.invalid:8080/", "http://urzad.invalid:8081/"):
        with pytest.raises(Refused, match="port"):
            await middleware.process_request(Request(url))


def guard() -> GuardMiddleware:
    return GuardMiddleware.from_crawler(get_crawler(Spider))
