"""A PESEL is taken out however it is written; what is certainly another number stays."""

from __future__ import annotations

import msgspec
import pytest

from crawler.redaction import REDACTED, REMOVED, address_without_pesel, redacted, without_pesel
from normalize import facts
from normalize.model import Article, Attachment
from tests.crawler.made import article

NUMBER = "44051401359"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"Decyzja {NUMBER}.", f"Decyzja {REDACTED}."),
        (f"{NUMBER}-", f"{REDACTED}-"),
        (f"Nr sprawy: -{NUMBER}", f"Nr sprawy: -{REDACTED}"),
        (f"decyzja_{NUMBER}_x.pdf", f"decyzja_{REDACTED}_x.pdf"),
        (f"DS-{NUMBER}/2024", f"DS-{REDACTED}/2024"),
        ("440514-01359", REDACTED),
        ("440514 01359, zam. w Lipowie", f"{REDACTED}, zam. w Lipowie"),
        ("440514\u00a001359", REDACTED),
        ("44.05.14.01359", REDACTED),
        ("44-05-14-01359", REDACTED),
        ("44.05.14-01359", REDACTED),
        ("(44 05 14 01359)", f"({REDACTED})"),
        (f"PESEL{NUMBER}", f"PESEL{REDACTED}"),
        ("PESEL: 4 4 0 5 1 4 0 1 3 5 9", f"PESEL: {REDACTED}"),
        (f"{NUMBER} {NUMBER}", f"{REDACTED} {REDACTED}"),
    ],
)
def test_a_pesel_is_taken_out_however_it_is_written(written: str, left: str) -> None:
    assert without_pesel(written) == left


@pytest.mark.parametrize(
    "text",
    [
        "44051401358",  # the sum is wrong
        "44134401352",  # no such day
        "440514-01358",
        "+48221234563, +44051401359",  # a telephone with its country
        f"1{NUMBER}",
        f"{NUMBER}0",
        f"{NUMBER},50 zł",
        f"0,{NUMBER}",
        f"a{NUMBER}f",
        "12 1020 4405 1401 3590 0000 0000",
        "12 440514 01359",
        "440514 01359 0000",
        "2024.44.05.14.01359",
        "44.05.14.01359.7",
        "od 14.05.2024 do 13.05.2025",
        "RPSL.07.01.03-24-0135/14",
        "POWR.01.05.01-14-0135",
        "nabór nr 05/14/2024, tel. 41 368 11 15",
        "1 440 514 013,59 zł",
    ],
)
def test_what_is_certainly_no_pesel_stays(text: str) -> None:
    assert without_pesel(text) == text


def test_facts_beside_a_pesel_stay_as_they_were() -> None:
    text = f"Nabór RPSL.07.01.03-24-0135/14 od 11 do 22 marca 2024 r., pula 1 440 514 013,59 zł, decyzja {NUMBER}."
    before, after = (facts(one, reference=None).as_dict() for one in (text, without_pesel(text)))
    assert after["dates"] == before["dates"]
    assert after["amounts"] == before["amounts"]
    assert after["dates"]
    assert after["amounts"]


@pytest.mark.parametrize(
    ("url", "left"),
    [
        (f"http://lipowo.test/pliki/decyzja_{NUMBER}.pdf", f"http://lipowo.test/pliki/decyzja_{REMOVED}.pdf"),
        (f"http://lipowo.test/?pesel={NUMBER}&s=1", f"http://lipowo.test/?pesel={REMOVED}&s=1"),
        ("http://lipowo.test/440514-01359", f"http://lipowo.test/{REMOVED}"),
        ("http://lipowo.test/documents/44051401358/1", "http://lipowo.test/documents/44051401358/1"),
        (f"http://lipowo.test/documents/1{NUMBER}/1", f"http://lipowo.test/documents/1{NUMBER}/1"),
    ],
)
def test_a_pesel_in_an_address_is_taken_out(url: str, left: str) -> None:
    assert address_without_pesel(url) == left


def test_files_and_words_of_a_record_are_rid_of_it_and_the_articles_own_address_stays() -> None:
    url = f"http://lipowo.praca.test/-/decyzja-{NUMBER}"
    file = Attachment(url=f"http://lipowo.praca.test/{NUMBER}.pdf", label=f"Decyzja_{NUMBER}_podpisana")
    made = article(url, "Sprawa 44.05.14.01359 została zakończona.", attachments=(file,))
    clean = msgspec.json.decode(redacted(msgspec.json.encode(made)), type=Article)
    assert clean.url == url
    assert clean.keys == made.keys
    assert clean.text == f"Sprawa {REDACTED} została zakończona."
    assert clean.attachments[0].url == f"http://lipowo.praca.test/{REMOVED}.pdf"
    assert clean.attachments[0].label == f"Decyzja_{REDACTED}_podpisana"
    assert clean.blocks[0].hash != made.blocks[0].hash
