from __future__ import annotations

from tests.normalize.pages import article, read

TEXT = (
    "<p>Od 3 do 14 lutego 2025 r. przyjmujemy wnioski o dofinansowanie studiów podyplomowych z Funduszu Pracy.</p>"
    "<p>Pula wynosi 120 000 zł, skorzysta 40 osób z powiatu kieleckiego. Pyta o to Powiatowy Urząd Pracy.</p>"
    "<p><a href='/regulamin.pdf'>Regulamin (PDF 12 KB)</a></p><p><img src='/a.jpg' alt='Zdjęcie sali'></p>"
)


def test_every_value_of_a_printed_record_has_its_words_and_its_method() -> None:
    record = read(article(TEXT)).as_dict()
    lists = [
        "dates",
        "amounts",
        "places",
        "calls",
        "programmes",
        "organisations",
        "quantities",
        "topics",
        "attachments",
        "images",
    ]
    for name in lists:
        assert record[name], name
        for value in record[name]:
            assert value["raw"], (name, value)
            assert value["method"], (name, value)
    for pointer in ("/title", "/kind", "/text"):
        assert record["evidence"][pointer]["raw"]
        assert record["evidence"][pointer]["method"]
