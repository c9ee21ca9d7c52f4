from __future__ import annotations

import pytest

from normalize.attachments import MEDIA_TYPES, declared_bytes, media_type
from tests.normalize.pages import PARAGRAPH, SECOND, article, read


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("(PDF 1005 KB)", 1029120),
        ("(PDF\u00a0304\u00a0KB)", 311296),
        ("PDF 1 MB", 1048576),
        ("regulamin.pdf 426 KB", 436224),
        ("[pdf, 910KB]", 931840),
        ("PDF 1,2 MB", 1258291),
        ("1.5 MB", 1572864),
        ("640 B", 640),
        ("12 kB", 12288),
        ("bez rozmiaru", None),
        ("5 bm", None),
    ],
)
def test_declared_sizes_are_bytes_of_1024(words: str, size: int | None) -> None:
    assert declared_bytes(words) == size


@pytest.mark.parametrize(
    ("address", "words", "kind"),
    [
        ("https://u.test/a/Wniosek.DOCX", "Wniosek", "docx"),
        ("https://u.test/documents/d/site/wykaz-2-xls", "Wykaz", "xls"),
        ("https://u.test/documents/10/20/plik.pdf/0a1b-2c?t=1710000000000", "Plik", "pdf"),
        ("https://u.test/attachment/0a1b2c", "Regulamin (PDF, 0.5 MB)", "pdf"),
        ("https://u.test/attachment/0a1b2c", "Regulamin", None),
    ],
)
def test_the_type_is_told_also_without_an_extension(address: str, words: str, kind: str | None) -> None:
    assert media_type(address, words) == (MEDIA_TYPES[kind] if kind else None)


def test_lines_that_only_offer_files_are_no_text() -> None:
    inside = (
        "<p>Do pobrania:</p><p><a href='/p/a.pdf'>Wniosek o staż</a>&nbsp;(PDF 1005 KB)</p>"
        "<ul><li><a href='/p/b.docx'>Program stażu</a> [docx, 20 KB]</li>"
        "<li><a href='/p/c.pdf'>regulamin.pdf 426 KB</a></li></ul>"
    )
    found = read(article(inside))
    assert found.text == f"{PARAGRAPH}\n{SECOND}"
    assert [(file.label, file.declared_bytes) for file in found.attachments] == [
        ("Wniosek o staż", 1029120),
        ("Program stażu", 20480),
        ("regulamin.pdf", 436224),
    ]


def test_a_file_linked_inside_a_sentence_leaves_the_sentence() -> None:
    sentence = "Zasady opisuje regulamin, który obowiązuje od stycznia."
    found = read(article("<p>Zasady opisuje <a href='/p/r.pdf'>regulamin</a>, który obowiązuje od stycznia.</p>"))
    assert sentence in found.text
    assert [(file.url, file.label) for file in found.attachments] == [("https://urzad.test/p/r.pdf", "regulamin")]


def test_a_vague_link_is_named_by_the_words_before_it() -> None:
    found = read(article("<p>Wzór oświadczenia: <a href='/p/o.doc'>pobierz</a></p>"))
    assert [file.label for file in found.attachments] == ["Wzór oświadczenia"]


def test_a_file_without_a_link_keeps_its_words_and_size() -> None:
    found = read(article("<p>Założenia programu (PDF 304 KB)</p>"))
    assert [(file.url, file.label, file.declared_bytes) for file in found.attachments] == [
        ("", "Założenia programu", 311296)
    ]
    assert "PDF" not in found.text


def test_links_that_are_not_http_give_no_attachment() -> None:
    assert (
        read(
            article("<p><a href='javascript:open(\"a.pdf\")'>Plik</a> i <a href='file:///a.pdf'>plik</a></p>")
        ).attachments
        == ()
    )


def test_a_link_to_no_address_at_all_leaves_its_words_in_the_text() -> None:
    found = read(article('<p>Wzór <a href="http://[zły adres">umowy</a> leży w sekretariacie urzędu.</p>'))
    assert found.attachments == ()
    assert "Wzór umowy leży w sekretariacie urzędu." in found.text
