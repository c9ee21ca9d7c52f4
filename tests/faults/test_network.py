"""Faults of addresses, servers and networks, each met by a real crawl over loopback; named by the row it answers."""

from __future__ import annotations

import pytest

from crawler import settings
from tests.faults.conftest import Met
from tests.faults.sites import SPELLINGS

pytestmark = pytest.mark.crawl


def test_n01_a_redirect_into_this_machine_is_not_followed(met: Met) -> None:
    assert met.first.end("http://n01.test/news,1,do-srodka.html") == "blocked_address"
    assert met.first.end("http://n01start.test/news.html", "list") == "blocked_address"
    assert met.first.rows("SELECT outcome FROM office_runs WHERE office = 'n01start'") == [("failed",)]


@pytest.mark.parametrize(
    ("target", "outcome"),
    [("4,skrypt", "bad_redirect"), ("5,plik", "bad_redirect"), ("6,dluga", "bad_link"), ("3,pamietana", "stored")],
)
def test_a_redirect_to_what_is_no_web_address_has_its_end_and_one_to_a_known_page_too(
    met: Met, target: str, outcome: str
) -> None:
    assert met.first.end(f"http://n01.test/news,{target}.html") == outcome


def test_n03_no_spelling_of_a_private_address_is_connected_to(met: Met) -> None:
    ends = {one: met.first.end(f"http://n03.test/news,{n},x.html") for n, one in enumerate(SPELLINGS)}
    assert len(ends) >= 60
    assert set(ends.values()) <= {"blocked_address", "no_such_host", "bad_link"}, ends
    for crawled in (met.first, met.slow, met.second):
        assert {host for host, _ in crawled.connections} == {"127.0.0.1"}
        assert len(crawled.connections) == 1


def test_n06_what_is_not_http_is_never_asked_for_and_counted(met: Met) -> None:
    for host in ("n06.test", "n06feed.test"):
        bad = met.first.rows(
            "SELECT url FROM visits WHERE office = ? AND outcome = 'bad_link'",
            host.partition(".")[0],
            file="archive.db",
        )
        assert len(bad) == 3
        assert len(met.first.titles(host)) == 1


def test_n07_a_meta_refresh_is_judged_like_any_hop(met: Met) -> None:
    url = "http://n07.test/news,{}.html".format
    assert met.first.end(url("1,cudza")) == "out_of_scope"
    assert met.first.end(url("2,swoja")) == "stored"
    assert met.first.end(url("3,w-kolko")) == "redirect_loop"
    assert met.first.end(url("4,zla")) == "blocked_address"
    assert met.first.end(url("5,dobra")) == "stored"


def test_n08_redirects_end_after_five_hops(met: Met) -> None:
    assert met.first.end("http://n08.test/news,1,a.html") == "redirect_loop"
    assert met.first.end("http://n08.test/news,2,n.html") == "redirect_loop"
    assert met.first.end("http://n08.test/news,3,d.html") == "stored"
    assert len([one for one in met.asked("n08.test") if one.target.startswith("/n?")]) == 5


def test_n10_bombs_of_a_gigabyte_are_let_go_early(met: Met) -> None:
    for n, name in enumerate(("gzip", "deflate", "zstd", "br")):
        assert met.first.end(f"http://n10.test/news,{n},{name}.html") == "too_large"
    assert met.first.end("http://n10.test/news,9,dobra.html") == "stored"
    assert met.bombs.megabytes < 300
    assert met.first.megabytes < 700  # with everything else that is too large, at once


def test_n12_a_false_encoding_is_tried_once_more_unpacked_and_then_given_up(met: Met) -> None:
    for target in ("/news,1,gzip.html", "/news,2,br.html"):
        assert met.first.end(f"http://n12.test{target}") == "decode_error"
        assert [one.headers["accept-encoding"] == "identity" for one in met.asked("n12.test", target)] == [False, True]
    assert met.first.end("http://n12.test/news,3,poprawna-bez-pakowania.html") == "stored"


def test_n14_a_server_that_drips_times_out(met: Met) -> None:
    assert met.slow.end("http://n14.test/news,1,tresc.html") == "timeout"
    assert met.slow.end("http://n14.test/news,2,naglowki.html") == "timeout"
    assert met.slow.end("http://n14.test/news,3,d.html") == "stored"
    assert settings.DOWNLOAD_TIMEOUT == 30  # here two seconds


def test_n16_a_cut_body_is_asked_for_again_and_never_replaces_a_good_one(met: Met) -> None:
    for target in ("/news,3,krotka.html", "/news,4,kawalki.html"):
        assert met.first.end(f"http://n16.test{target}") == "truncated"
        assert len(met.asked("n16.test", target)) == 2
    for target in ("/news,1,dobra.html", "/news,2,gzip.html"):
        assert met.first.end(f"http://n16.test{target}") == "stored"
        assert met.second.end(f"http://n16.test{target}") == "truncated"
    assert met.second.titles("n16.test") == met.first.titles("n16.test") == ["Wiadomość 161", "Wiadomość 162"]


def test_n18_cookies_are_not_sent_back_and_a_flood_of_headers_is_let_go(met: Met) -> None:
    assert [met.first.end(f"http://n18.test/news,{n},c.html") for n in range(4)] == ["stored"] * 4
    assert not any("cookie" in one.headers for one in met.log)
    assert met.first.end("http://n18.test/news,8,naglowki.html") == "too_large"


@pytest.mark.parametrize("host", ["n19.test", "n19data.test"])
def test_n19_the_server_that_asks_for_six_seconds_gets_them(met: Met, host: str) -> None:
    assert met.gaps(host)[-1] >= 0.6  # at a tenth of the time
    visits = met.first.visits(f"http://{host}/news,1,czekaj.html")
    assert [(visit["outcome"], str(visit["detail"]).startswith("waited 6 s")) for visit in visits] == [("stored", True)]


def test_n19_too_many_requests_without_a_time_backs_off(met: Met) -> None:
    assert met.gaps("n19bez.test")[-1] >= 1.0
    assert met.first.end("http://n19bez.test/news,1,czekaj.html") == "stored"


def test_n19_a_server_that_asks_for_a_day_is_left_alone(met: Met) -> None:
    assert {met.first.end(f"http://n19dzien.test/news,{n},x.html") for n in range(8)} == {"asked_to_wait"}
    assert not met.first.titles("n19dzien.test")


def test_n21_where_robots_txt_cannot_be_read_nothing_else_is_asked_for(met: Met) -> None:
    for crawled, host in ((met.first, "n21-500.test"), (met.slow, "n21-wolny.test"), (met.first, "n21-zerwany.test")):
        assert crawled.end(f"http://{host}/news.html", "list") == "robots_unreachable"
        assert {one.target for one in met.asked(host)} == {"/robots.txt"}
        ((outcome,),) = crawled.rows("SELECT outcome FROM office_runs WHERE office = ?", host.partition(".")[0])
        assert outcome == "failed"


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_n21_a_robots_txt_that_is_refused_or_missing_allows_and_its_body_rules_nothing(met: Met, status: int) -> None:
    assert met.first.end(f"http://n21-{status}.test/news,1,x.html") == "stored"


@pytest.mark.parametrize("host", ["n21-utf16.test", "n21-bom.test", "n21-polityka.test", "n21-polowa.test"])
def test_n21_the_first_512_kib_of_a_robots_txt_hold_in_any_encoding_and_no_half_line_does(met: Met, host: str) -> None:
    assert met.first.end(f"http://{host}/news,1,x.html") == "stored"
    assert met.first.end(f"http://{host}/news,2,x.html") == "robots"


def test_n21_a_robots_txt_of_17_megabytes_is_read_no_further_than_needed(met: Met) -> None:
    assert met.first.end("http://n21-duzy.test/news,1,x.html") == "stored"


def test_n21_each_visit_of_a_robots_txt_is_in_the_ledger(met: Met) -> None:
    assert met.first.end("http://n21-500.test/robots.txt", "robots") == "server_error"
    assert met.first.end("http://n21-404.test/robots.txt", "robots") == "gone"
    assert met.first.end("http://n24.test/robots.txt", "robots") == "stored"
    for host in {one.host for one in met.log}:
        assert len(met.asked(host, "/robots.txt")) <= 2, host  # once for each scheme


@pytest.mark.parametrize("host", ["n24.test", "n24tempo.test"])
def test_n24_the_delay_of_robots_txt_lies_between_any_two_requests(met: Met, host: str) -> None:
    gaps = met.gaps(host)[1:]  # the first follows robots.txt itself
    assert len(gaps) == 3
    assert min(gaps) >= 0.5 - 0.01  # five seconds at a tenth of the time


def test_n24_a_delay_longer_than_a_run_can_wait_leaves_the_host_alone(met: Met) -> None:
    assert met.first.end("http://n24rok.test/news.html", "list") == "asked_to_wait"
    assert {one.target for one in met.asked("n24rok.test")} == {"/robots.txt"}


def test_n26_a_host_of_bot_walls_gives_no_article_and_is_left_alone(met: Met) -> None:
    assert met.first.end("http://n26.test/news.html", "list") == "bot_protection"
    assert met.first.rows("SELECT outcome FROM office_runs WHERE office = 'n26'") == [("failed",)]
    ends = [met.first.end(f"http://n26pol.test/news,{n},x.html") for n in range(12)]
    assert set(ends) == {"bot_protection"}
    assert not met.first.titles("n26.test") + met.first.titles("n26pol.test")
    assert len(met.asked("n26pol.test")) <= 2 + 5
