"""What is found has its end in the ledger under the address by which its list named it, however long that is."""

from __future__ import annotations

from pathlib import Path

from crawler.ledger import Ledger
from normalize.identity import address
from normalize.model import Teaser
from tests.crawler.made import Bench

LONG = "http://lipowo.praca.test/-/" + "a" * 7_000


def test_an_address_of_any_length_has_its_end_where_its_teaser_is(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.sight(LONG)
    Ledger(bench.archive, bench.run).unasked(LONG, "pup-lipowo", "article", "out_of_scope")
    ends = bench.archive.connection.execute(
        "SELECT v.outcome, v.address FROM sightings s JOIN visits v ON v.address = s.address"
        " WHERE v.purpose = 'article'"
    ).fetchall()
    assert ends == [("out_of_scope", address(Teaser(url=LONG).url))]
    bench.close()


def test_of_a_link_that_is_no_address_the_beginning_is_kept(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    Ledger(bench.archive, bench.run).no_address("http://[" + "a" * 7_000, "pup-lipowo")
    (url,) = bench.archive.connection.execute("SELECT url FROM visits WHERE outcome = 'bad_link'").fetchone()
    assert url == "http://[" + "a" * 1_992
    bench.close()
