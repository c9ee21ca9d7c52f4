"""Every request to a live office says whom to write to, and none is sent while that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.contact import NoContact, agent, contact, required


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("anna.nowak@uczelnia.edu.pl", "mailto:anna.nowak@uczelnia.edu.pl"),
        (" mailto:anna@uczelnia.edu.pl\n", "mailto:anna@uczelnia.edu.pl"),
        ("https://uczelnia.edu.pl/~anna/wiesci", "https://uczelnia.edu.pl/~anna/wiesci"),
    ],
)
def test_an_address_stands_in_the_agent_as_one_that_can_be_followed(told: str, named: str) -> None:
    assert contact(told) == named
    assert f"(+{named}; " in agent({"WIESCI_CONTACT": told})


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        "Anna",
        "anna@",
        "wiesci@example.org",
        "https://example.com/",
        "anna@biuro.test",
        "https://localhost/",
        "https://[",
        "ftp://uczelnia.edu.pl/",
        "https://uczelnia.edu.pl/\r\nX: y",
        "https://uczelnia.edu.pl/a;b)",
        "łucja@uczelnia.edu.pl",
    ],
)
def test_what_reaches_nobody_is_no_contact_and_does_not_stand_in_the_agent(told: str | None) -> None:
    environment = {} if told is None else {"WIESCI_CONTACT": told}
    assert contact(told) is None
    assert "+" not in agent(environment)
    with pytest.raises(NoContact, match="export WIESCI_CONTACT="):
        required(environment)


@pytest.mark.parametrize("command", [["crawl", "pup-kielce"], ["extract", "https://kielce.praca.gov.pl/-/staze"]])
def test_a_live_request_without_a_contact_is_refused_and_what_to_type_is_said(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIESCI_DATA", str(tmp_path))
    monkeypatch.delenv("WIESCI_CONTACT", raising=False)
    ended = CliRunner().invoke(main, command)
    assert ended.exit_code == 2
    assert "export WIESCI_CONTACT=name@example.org" in ended.stderr
    assert not (tmp_path / "archive.db").exists()
