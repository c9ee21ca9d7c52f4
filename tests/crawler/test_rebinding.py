"""A name that changes its address between the check and the connection leads nowhere: the connection is checked too."""

from __future__ import annotations

from pathlib import Path

import pysqlite3
import pytest

from tests.crawler.rebinding import rebind
from tests.faults.web import FaultWeb

pytestmark = pytest.mark.crawl

PUBLIC = "192.0.78.24"
"""Of a public network; no connection to it is made."""


def ends(data: Path) -> set[tuple[str, str]]:
    connection = pysqlite3.connect(f"file:{data / 'archive.db'}?mode=ro", uri=True)
    try:
        return set(connection.execute("SELECT purpose, outcome FROM visits"))
    finally:
        connection.close()


@pytest.mark.parametrize("second", ["127.0.0.1", "100.64.0.1"])
def test_an_address_that_is_private_at_connect_time_is_not_connected_to(tmp_path: Path, second: str) -> None:
    """The list and its robots.txt pass the check; the look-up of the connection itself says otherwise."""
    with FaultWeb() as web:
        connected = rebind(tmp_path, web.port, PUBLIC, PUBLIC, second, cache=False)
        assert web.log == []
    assert connected == []
    assert ends(tmp_path) == {("robots", "blocked_address"), ("list", "blocked_address")}


def test_a_name_that_is_private_from_the_first_is_not_asked_for_its_robots_txt_either(tmp_path: Path) -> None:
    with FaultWeb() as web:
        assert rebind(tmp_path, web.port, "127.0.0.1", cache=True) == []
        assert web.log == []
    assert ends(tmp_path) == {("list", "blocked_address")}


def test_with_the_cache_of_every_crawl_the_address_that_was_checked_is_the_one_connected_to(tmp_path: Path) -> None:
    with FaultWeb() as web:
        assert set(rebind(tmp_path, web.port, PUBLIC, "127.0.0.1", cache=True)) == {PUBLIC}
        assert web.log == []
