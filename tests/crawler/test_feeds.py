from __future__ import annotations

from pathlib import Path

import pytest

from crawler.feeds import FeedBroken, read
from crawler.listing import BadLink, LayoutChanged
from normalize.model import Teaser

URL = "https://urzad.test/aktualnosci/feed/"


def rss(items: str, *, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{declaration}<rss version="2.0"><channel><title>Urząd</title>{items}</channel></rss>'.encode()


def only(body: bytes, **caps: int) -> Teaser:
    [item] = read(body, URL, **caps)
    assert isinstance(item, Teaser)
    return item


def test_an_rss_item_keeps_its_date_as_printed() -> None:
    item = only(
        rss(
            "<item><title>Nabór</title><link>https://urzad.test/nabor/</link>"
            "<pubDate>Tue, 12 Nov 2024 23:30:00 +0000</pubDate><guid isPermaLink='false'>https://urzad.test/?p=12</guid>"
            "<description><![CDATA[<p>Do <b>30</b> listopada&nbsp;2024 r.</p>]]></description></item>"
        )
    )
    assert item == Teaser(
        url="https://urzad.test/nabor/",
        title="Nabór",
        published_raw="Tue, 12 Nov 2024 23:30:00 +0000",
        summary="Do 30 listopada 2024 r.",
        id="12",
    )


def test_an_atom_entry_tells_published_from_updated_and_takes_the_alternate_link() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pl"><title>Urząd</title><id>urn:x</id>
      <entry><title type="html">Staże &amp;amp; bony</title><link rel="enclosure" href="/plik.pdf"/>
        <link rel="alternate" href="../staze"/><id>tag:urzad.test,2024:7</id>
        <published>2024-03-05T10:00:00+01:00</published><updated>2024-03-06T08:00:00Z</updated>
        <summary>Wnioski od marca</summary></entry></feed>""".encode()
    assert only(body) == Teaser(
        url="https://urzad.test/aktualnosci/staze",
        title="Staże & bony",
        published_raw="2024-03-05T10:00:00+01:00",
        modified_raw="2024-03-06T08:00:00Z",
        summary="Wnioski od marca",
    )


def test_an_rdf_item_is_read_with_its_dublin_core_date() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://urzad.test/"/>
      <item rdf:about="https://urzad.test/a1"><title>Targi pracy</title><dc:date>2019-04-24</dc:date></item>
      </rdf:RDF>"""
    assert only(body) == Teaser(url="https://urzad.test/a1", title="Targi pracy", published_raw="2019-04-24")


def test_an_item_without_link_is_found_by_its_permanent_guid() -> None:
    body = rss("<item><title>x</title><guid>https://urzad.test/a</guid></item>")
    assert only(body).url == "https://urzad.test/a"


def test_bad_links_are_told_and_the_good_ones_kept() -> None:
    links = ["mailto:a@b.test", "http://[::bad/", "file:///etc/passwd", "/dobry", ""]
    found = list(read(rss("".join(f"<item><title>t</title><link>{link}</link></item>" for link in links)), URL))
    assert [one.url for one in found if isinstance(one, Teaser)] == ["https://urzad.test/dobry"]
    assert [one.raw for one in found if isinstance(one, BadLink)] == [links[0], links[1], links[2], ""]


def test_elements_of_other_vocabularies_do_not_replace_the_feeds_own() -> None:
    body = (
        b'<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><media:title>zdj.jpg</media:title>'
        b"<title>Tytul</title><link>/a</link></item></channel></rss>"
    )
    assert only(body).title == "Tytul"


@pytest.mark.parametrize(
    "body",
    [
        rss("<item><title>A &nbsp; B & C</title><link>/a</link></item>"),
        rss("<item><title>A B C</title><link>/a</link></item><item><title>uci"),
        b"\xef\xbb\xbf\r\n\n" + rss("<item><title>A B C</title><link>/a</link></item>"),
        b"<br /><b>Notice</b>: undefined index" + rss("<item><title>A B C</title><link>/a</link></item>"),
    ],
    ids=["unknown entity", "cut off", "space before the declaration", "notice before the declaration"],
)
def test_broken_xml_is_read_as_far_as_it_can_be(body: bytes) -> None:
    first = next(read(body, URL))
    assert isinstance(first, Teaser)
    assert first.url == "https://urzad.test/a"
    assert (first.title or "").startswith("A")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            b"<!DOCTYPE html><html><head><title>Kanal</title></head><body><p>Nie ma strony</p></body></html>",
            "html",
        ),
        (b"", "nothing"),
        (b"\x00\x01\x02 not xml", "bytes"),
        (b'{"code":"rest_no_route"}', "json"),
        (b"<urlset><url><loc>https://urzad.test/</loc></url></urlset>", "sitemap"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(FeedBroken) as refused:
        list(read(body, URL))
    assert refused.value.reason == "not_a_feed", reason


def test_a_feed_without_items_gives_way_to_the_next_list_address() -> None:
    with pytest.raises(LayoutChanged, match="empty"):
        list(read(rss(""), URL))


def test_a_feed_over_the_caps_is_too_large() -> None:
    body = rss("<item><link>/a</link></item>" * 30)
    for caps in ({"max_bytes": len(body) - 1}, {"max_items": 29}):
        with pytest.raises(FeedBroken) as refused:
            list(read(body, URL, **caps))
        assert refused.value.reason == "too_large"


def test_entities_of_the_feed_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "tajne.txt"
    secret.write_text("TAJNE")
    body = rss(
        "<item><title>A &f; &own; Krak&oacute;w</title><link>/a</link></item>",
        declaration=f'<!DOCTYPE rss [<!ENTITY own "WTRET"><!ENTITY f SYSTEM "{secret.as_uri()}">]>',
    )
    assert only(body).title == "A Kraków"


def test_a_billion_laughs_stay_unlaughed() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = rss(
        "<item><link>/a</link><title>A &l11;</title></item>",
        declaration=f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>',
    )
    assert "ha" not in (only(body).title or "")


def test_a_wrong_declaration_over_utf8_is_not_believed_and_a_right_one_is() -> None:
    item = "<item><title>Zażółć gęślą jaźń</title><link>/a</link></item>"
    declared = '<?xml version="1.0" encoding="iso-8859-2"?>'
    wrong = rss(item, declaration=declared)
    right = wrong.decode().encode("iso-8859-2")
    assert only(wrong).title == only(right).title == "Zażółć gęślą jaźń"


def test_a_title_of_unreadable_bytes_is_left_out_and_a_long_one_cut() -> None:
    body = rss("<item><title>Zażółć</title><link>/a</link></item>", declaration="").decode().encode("cp1250")
    assert "\ufffd" not in (only(body).title or "")
    assert len(only(rss(f"<item><title>{'x' * 9000}</title><link>/a</link></item>")).title or "") == 500


def test_a_broken_name_of_an_element_loses_no_item() -> None:
    item = "<item><tithttp:x>A</tithttp:x><link>http://a.test/1</link></item>"
    assert only(rss(item)).url == "http://a.test/1"


def test_half_a_character_costs_its_own_title_and_no_item() -> None:
    found = only(rss("<item><title>A &#xD800; B</title><link>http://a.test/1</link></item>"))
    assert (found.url, found.title) == ("http://a.test/1", None)
