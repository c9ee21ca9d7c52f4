"""The link "zgłoś błąd" names the record wherever it leads."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from crawler.publish.pages.reports import REPORTS, report_address
from crawler.publish.serve import datasette_of


@pytest.fixture
def link(database, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def of(configured: str) -> str:
        monkeypatch.setenv(REPORTS, configured)
        return report_address(
            datasette_of(database), record="articles/a1", title="Nabór & więcej", page="https://w.test/news/articles/a1"
        )

    return of


def test_without_a_setting_it_leads_to_the_page_about_the_data(link) -> None:  # type: ignore[no-untyped-def]
    assert link("") == "/-/o-danych?zapis=articles%2Fa1#zglos-blad"
    assert link("javascript:alert(1)").startswith("/-/o-danych")


@pytest.mark.parametrize("configured", ["dane@w.test", "mailto:dane@w.test"])
def test_an_e_mail_carries_the_record_and_its_page(link, configured: str) -> None:  # type: ignore[no-untyped-def]
    parts = urlsplit(link(configured))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.path) == ("mailto", "dane@w.test")
    assert asked["subject"] == ["Wieści: błąd w zapisie articles/a1"]
    assert "https://w.test/news/articles/a1" in unquote(parts.query)
    assert "Nabór & więcej" in asked["body"][0]


def test_a_form_gets_the_record_beside_what_it_already_asks(link) -> None:  # type: ignore[no-untyped-def]
    assert link("https://f.test/x?a=1").startswith("https://f.test/x?a=1&zapis=articles%2Fa1&strona=https")
    assert link("https://f.test/x").startswith("https://f.test/x?zapis=")
