"""What the worst lists and pages cost their reader, in processor time: P06, P11."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from crawler import feeds
from crawler.listing import LayoutChanged
from crawler.understanding import understand
from normalize.model import Capture
from tests.faults.sites import hosts
from tests.faults.web import FaultWeb


@pytest.fixture(scope="module")
def web() -> FaultWeb:
    return hosts()


def body(web: FaultWeb, host: str, target: str) -> bytes:
    answer = web.answers[host, target]
    assert isinstance(answer, bytes)
    return answer.partition(b"\r\n\r\n")[2]


def seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


@pytest.mark.parametrize("host", ["p06smiech.test", "p06xxe.test"])
def test_p06_entities_are_read_or_refused_within_a_second(web: FaultWeb, host: str) -> None:
    feed = body(web, host, "/feed/")

    def read() -> None:
        with suppress(LayoutChanged):
            list(feeds.read(feed, f"http://{host}/feed/"))

    assert seconds(read) < 1


@pytest.mark.parametrize("target", ["1,lista", "2,tabela", "3,atrybuty", "4,odnosniki", "5,glebokie"])
def test_p11_a_page_that_takes_parsers_minutes_is_understood_or_refused_in_six_seconds(
    web: FaultWeb, target: str
) -> None:
    capture = Capture(
        url=f"http://p11.test/news,{target}.html",
        body=body(web, "p11.test", f"/news,{target}.html"),
        content_type="text/html",
        fetched=datetime(2026, 3, 5, tzinfo=UTC),
    )
    outcomes: list[str] = []
    assert seconds(lambda: outcomes.append(understand(capture, None, None).outcome)) < 6
    assert outcomes[0] in ("article", "too_complex", "too_large", "empty", "no_text")
