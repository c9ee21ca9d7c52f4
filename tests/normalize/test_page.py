from __future__ import annotations

import itertools

import pytest

from normalize import Unusable
from normalize.charset import decode
from normalize.page import articles_of
from tests.normalize.pages import PARAGRAPH, SECOND, article, page, read

PANGRAM = "Zażółć gęślą jaźń"
CHARSETS = ("utf-8", "windows-1250", "iso-8859-2", "utf-16", "cp852", "utf-16-le")
CLAIMS = (None, "utf-8", "windows-1250", "iso-8859-2")


@pytest.mark.parametrize(("written", "header", "meta"), list(itertools.product(CHARSETS, CLAIMS, CLAIMS)))
def test_polish_letters_are_right_whatever_header_and_meta_declare(
    written: str, header: str | None, meta: str | None
) -> None:
    declared = f"<meta charset='{meta}'>" if meta else ""
    body = (
        f"<html><head>{declared}<title>{PANGRAM}</title></head><body><h1>{PANGRAM}</h1><p>{PARAGRAPH}</p></body></html>"
    )
    content_type = f"text/html; charset={header}" if header else None

    found = read(body.encode(written), content_type=content_type)

    assert (found.title, found.text) == (PANGRAM, PARAGRAPH)


UKRAINIAN = "Центр зайнятості допомагає громадянам України знайти роботу та житло у нашому місті. " * 3


@pytest.mark.parametrize("header", [None, "utf-8", "windows-1250", "iso-8859-2"])
@pytest.mark.parametrize("written", ["windows-1251", "koi8-u", "iso-8859-5"])
def test_cyrillic_bytes_are_never_read_as_polish_letters(written: str, header: str | None) -> None:
    content_type = f"text/html; charset={header}" if header else None
    with pytest.raises(Unusable) as told:
        decode(f"<html><body><p>{UKRAINIAN}</p></body></html>".encode(written), content_type)
    assert told.value.reason in ("decode_error", "not_html")


@pytest.mark.parametrize("written", ["windows-1251", "koi8-u"])
def test_cyrillic_bytes_are_read_where_their_charset_is_declared(written: str) -> None:
    text, name = decode(f"<p>{UKRAINIAN}</p>".encode(written), f"text/html; charset={written}")
    assert name == written
    assert UKRAINIAN in text


def test_a_byte_order_mark_decides() -> None:
    assert decode(PANGRAM.encode("utf-8-sig"))[1] == "utf-8"
    assert decode(PANGRAM.encode("utf-16"))[1] == "utf-16-le"


def test_a_few_broken_bytes_do_not_make_utf8_something_else() -> None:
    text, name = decode((PARAGRAPH * 3).encode()[:-1] + b"\xff" + PARAGRAPH.encode())
    assert name == "utf-8"
    assert PARAGRAPH in text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b" \n ", "empty"),
        (b"%PDF-1.7 \x00\x01", "not_html"),
        (b"PK\x03\x04" + bytes(100), "not_html"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_html"),
        (bytes(range(256)) * 4000, "not_html"),
        (b"ani jednego znacznika", "not_html"),
        (b"<p>" + b"a " * 1_100_000, "too_large"),
        (b"<html><body>" + b"<i>a</i>" * 60_000, "too_complex"),
        (b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>", "too_complex"),
        (b"<html><body><p " + b" ".join(b'a%d="<"' % n for n in range(12_000)) + b">x</p>", "too_complex"),
        (b"<html><body>" + b"<div>" * 30_000 + b"x", "too_complex"),
    ],
)
def test_what_cannot_be_read_as_a_page_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(Unusable) as told:
        read(body)
    assert told.value.reason == reason


def test_html_sent_as_pdf_is_read() -> None:
    assert read(article(""), content_type="application/pdf").title == "Rusza nabór na staże"


def test_a_paragraph_a_thousand_elements_deep_is_found() -> None:
    body = page("<h1>Rusza nabór na staże</h1>" + "<div>" * 1000 + f"<p>{PARAGRAPH}</p>" + "</div>" * 1000)
    assert read(body).text == PARAGRAPH


def test_ten_thousand_list_items_and_a_long_table_are_kept() -> None:
    items = "".join(f"<li>punkt {number}</li>" for number in range(10_000))
    assert len(read(article(f"<ul>{items}</ul>")).blocks) == 10_002
    rows = "".join(f"<tr>{'<td>pole</td>' * 20}</tr>" for _ in range(100))
    assert sum(block.kind == "table" for block in read(article(f"<table>{rows}</table>")).blocks) == 100


def test_a_text_without_paragraphs_is_cut_into_blocks() -> None:
    found = read(page(f"<h1>Rusza nabór na staże</h1><div>{(SECOND + ' ') * 500}</div>"))
    assert max(len(block.text) for block in found.blocks) <= 8_000
    assert found.text.replace("\n", " ").count(SECOND) == 500


def test_a_word_without_end_is_cut_into_blocks_too() -> None:
    found = read(page(f"<h1>Rusza nabór na staże</h1><div>Kwota {'1.2.' * 10_000}</div>"))
    assert max(len(block.text) for block in found.blocks) <= 8_000


def test_broken_json_ld_is_skipped_and_graphs_are_unfolded() -> None:
    assert list(articles_of("{not json")) == []
    assert list(articles_of("[" * 100_000)) == []
    graph = '{"@graph": [{"@type": "WebSite"}, {"@type": ["NewsArticle"], "headline": "A"}]}'
    assert [item["headline"] for item in articles_of(graph)] == ["A"]


def test_relative_links_follow_the_base_address() -> None:
    found = read(article("<p><a href='pliki/a.pdf'>Regulamin</a></p>", head="<base href='https://urzad.test/nowy/'>"))
    assert found.attachments[0].url == "https://urzad.test/nowy/pliki/a.pdf"


def test_a_title_is_cleaned_of_what_nobody_sees_and_kept_short() -> None:
    heading = "<h1>Rusza\u200b nabór\u202e na\u0000 staże &lt;script&gt;</h1>"
    assert read(article("", heading=heading)).title == "Rusza nabór na staże <script>"
    assert len(read(page(f"<h1>{'słowo ' * 5000}</h1><p>{PARAGRAPH}</p>", title="x " * 5000)).title or "") <= 500


def test_links_of_a_saved_file_stay_as_written_unless_the_page_says_where_it_comes_from() -> None:
    link = "<p><a href='/pliki/a.pdf'>Regulamin</a> <a href='file:///etc/passwd.pdf'>b</a></p>"
    saved = read(article(link), url="file:///tmp/strona.html")
    assert [file.url for file in saved.attachments] == ["/pliki/a.pdf"]
    head = "<link rel='canonical' href='https://urzad.test/nabor'>"
    told = read(article(link, head=head), url="file:///tmp/strona.html")
    assert told.attachments[0].url == "https://urzad.test/pliki/a.pdf"
