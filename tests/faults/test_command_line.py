"""P01: addresses and ids that a person types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.exits import SOME_FAILED, WRONG_USAGE


@pytest.mark.parametrize(
    ("url", "outcome"),
    [("http://a.test:99999/", "bad_link"), ("http://[::bad/", "bad_link"), ("http:///a", "bad_link")],
)
def test_p01_an_address_that_cannot_be_asked_for_is_named_and_the_page_unusable(url: str, outcome: str) -> None:
    ended = CliRunner().invoke(main, ["extract", url])
    assert ended.exit_code == SOME_FAILED
    assert json.loads(ended.stdout) == {"unusable": outcome}
    assert f"wiesci: {url}: {outcome}" in ended.stderr


@pytest.mark.parametrize("url", ["", " ", "mailto:sekretariat@pup.test", "ftp://a.test/", "javascript:alert(1)"])
def test_p01_what_is_neither_a_file_nor_an_address_is_wrong_usage(url: str) -> None:
    ended = CliRunner().invoke(main, ["extract", url])
    assert ended.exit_code == WRONG_USAGE
    assert "is not an http address" in ended.stderr


@pytest.mark.parametrize("office", ["", " ", "PUP-NIGDZIE", "http://a.test:99999/"])
def test_p01_an_office_that_is_none_is_named_and_nothing_is_crawled(office: str, tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["crawl", "pup-kielce", office, "--data", str(tmp_path / "data")])
    assert ended.exit_code == WRONG_USAGE
    assert office.strip() in ended.stderr
    assert not (tmp_path / "data").exists()
