"""What can drift is tested: commands, options, exit codes and limits of the documents."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from crawler import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(cli.main.commands))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"wiesci {name}" in README


@pytest.mark.parametrize("name", sorted(cli.main.commands))
def test_every_command_and_option_explains_itself(name: str) -> None:
    command = cli.main.commands[name]
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"wiesci {name} {option.opts}"


@pytest.mark.parametrize("code", range(6))
def test_every_exit_code_is_in_the_readme(code: int) -> None:
    codes = README.partition("Exit codes:")[2].partition(".\n")[0].replace("\n", " ")
    assert f"{code} " in codes


def test_the_pictures_of_the_readme_are_there() -> None:
    for line in README.splitlines():
        if line.startswith("!["):
            assert (ROOT / line.partition("](")[2].rstrip(")")).is_file(), line


def test_contributing_stays_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) < 100


def test_no_document_or_code_names_a_path_of_one_machine() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("crawler", "normalize", "spiders", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".toml", ".json", ".html", ".sql", ".tsv")
        and ("/wo" + "rk/") in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert wrong == []
