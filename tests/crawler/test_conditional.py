"""With which conditions an address is asked for; the middleware alone, without a crawl."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from crawler.conditional import ConditionalMiddleware
from crawler.trust import Trust
from crawler.visits import Visit
from tests.crawler.made import Bench

OLD, NEW = "http://lipowo.praca.test/-/staze", "http://lipowo.praca.test/-/staze-2026"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def conditions(bench: Bench, url: str, **meta: Any) -> bytes | None:
    """The ETag that goes out with a request, which a redirection may have brought there with that of its start."""
    run = SimpleNamespace(archive=bench.archive, trust=Trust(bench.archive), now=bench.clock)
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(run=run))
    request = Request(url, meta={"office": "pup-lipowo", **meta})
    if "redirect_urls" in meta:
        request.headers["If-None-Match"] = '"a"'
    ConditionalMiddleware(crawler).process_request(request)
    return request.headers.get("If-None-Match")


def given(bench: Bench, url: str, final_url: str | None = None) -> None:
    """A visit whose answer had an ETag."""
    visit = Visit(office="pup-lipowo", purpose="article", url=url, outcome="stored", status=200, final_url=final_url)
    bench.archive.keep(bench.run, visit, b"strona", content_type="text/html", etag='"a"')


def test_an_address_is_asked_for_with_what_its_last_answer_gave(bench: Bench) -> None:
    assert conditions(bench, OLD) is None
    given(bench, OLD)
    assert conditions(bench, OLD) == b'"a"'
    assert conditions(bench, OLD, unconditional=True) is None


def test_the_conditions_follow_a_redirection_that_led_to_the_same_page_before(bench: Bench) -> None:
    given(bench, OLD, NEW)
    assert conditions(bench, NEW, redirect_urls=[OLD]) == b'"a"'


def test_a_page_to_which_an_address_has_led_only_since_is_asked_for_whole(bench: Bench) -> None:
    given(bench, OLD)
    assert conditions(bench, NEW, redirect_urls=[OLD]) is None
