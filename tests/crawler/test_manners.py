"""Waits that servers ask for, and what a robots.txt says."""

from __future__ import annotations

import gzip
import time
from email.utils import formatdate

import pytest
from protego import Protego
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError

from crawler import outcomes
from crawler.manners import ROBOTS_BYTES, robots_text, wanted_delay
from crawler.patience import retry_after
from crawler.receiving import gunzipped


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Thu, 05 Mar 2026 08:02:00 GMT", 120.0),
        (b"Thu, 05 Mar 2026 09:02:00 +0100", 120.0),
        (b"Thursday, 05-Mar-26 08:02:00 GMT", 120.0),
        (b"Thu, 05 Mar 2026 07:00:00 GMT", 0.0),
        (b"-5", None),
        (b"3.5", None),
        (b"\xb2", None),
        (b"soon", None),
        (b"", None),
        (None, None),
    ],
)
def test_both_forms_of_retry_after_are_read(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, b"Thu, 05 Mar 2026 08:00:00 GMT") == seconds


def test_a_date_without_the_servers_own_is_read_against_the_clock() -> None:
    told = retry_after(formatdate(time.time() + 500, usegmt=True).encode())
    assert told is not None
    assert 400 < told <= 500


def test_a_wait_without_end_is_longer_than_any_run() -> None:
    assert retry_after(b"9" * 400) == float("inf")


@pytest.mark.parametrize(
    ("rules", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 5", 5.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nRequest-rate: 1/10s", 10.0),
        ("User-agent: *\nRequest-rate: 2/1m", 30.0),
        ("User-agent: *\nRequest-rate: 1/10s\nCrawl-delay: 15", 15.0),
        ("User-agent: *\nCrawl-delay: 5\n\nUser-agent: Wiesci\nCrawl-delay: 2", 2.0),
        ("User-agent: inny\nCrawl-delay: 5", 0.0),
        ("User-agent: *\nCrawl-delay: dużo\nRequest-rate: 0/5", 0.0),
        ("User-agent: *\nDisallow: /", 0.0),
    ],
)
def test_the_longer_of_crawl_delay_and_request_rate_is_kept(rules: str, delay: float) -> None:
    assert wanted_delay(Protego.parse(rules), "Wiesci") == delay


def test_a_robots_txt_is_read_to_its_limit_by_whole_lines() -> None:
    line = b"Disallow: /a\n"
    text = robots_text(line * (2 * ROBOTS_BYTES // len(line)))
    assert len(text) <= ROBOTS_BYTES
    assert set(text.splitlines()) == {"Disallow: /a"}


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_robots_txt_is_read_in_the_encoding_it_marks(charset: str) -> None:
    assert robots_text("User-agent: *\nDisallow: /ą".encode(charset)).endswith("Disallow: /ą")


def test_gzip_of_several_members_and_padding_is_whole_and_a_cut_one_is_not() -> None:
    packed = gzip.compress(b"a" * 1000) + gzip.compress(b"b" * 1000)
    assert gunzipped(packed + b"\0\0\0", 10_000) == b"a" * 1000 + b"b" * 1000
    with pytest.raises(ResponseDataLossError):
        gunzipped(packed[:-9], 10_000)
    with pytest.raises(IgnoreRequest, match="DOWNLOAD_MAXSIZE"):
        gunzipped(packed, 1500)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (ResponseDataLossError(), "truncated"),
        (IgnoreRequest("max redirections reached"), "redirect_loop"),
        (outcomes.Refused("robots"), "robots"),
        (ValueError("Missing scheme in request url: javascript:"), "bad_redirect"),
        (EOFError(), "decode_error"),
        (ConnectionResetError(), "connection_failed"),
        (outcomes.HeadersTooLarge(), "too_large"),
        (KeyError("x"), "crawler_error"),
    ],
)
def test_each_failure_has_its_word(error: Exception, word: str) -> None:
    assert outcomes.of_failure(error)[0] == word
