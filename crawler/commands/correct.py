"""`wiesci correct`: values that a person corrects, with a reason."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from crawler.exits import SOME_FAILED, WELL, WRONG_USAGE
from crawler.options import data_option, fail, failing, register_of


@click.group()
def correct() -> None:
    """Overrule what the machine read: a reviewed file, DATA/corrections.csv, one line a value.

    Its columns: article (an address or an id), field, item (which of several values, by the words or the value that
    the article's page shows), value (empty: none is known, or it is taken away), reason, who, day. `who` is never
    shown. Spreadsheets may edit it (save it as CSV UTF-8); what is wrong in it is told line by line.
    """


@correct.command("add")
@click.argument("article")
@click.argument("field")
@click.argument("value", default="")
@click.option("--item", default="", help="Which of several values: its words, or its value, as the page shows them.")
@click.option("--reason", required=True, help="Why, and how it is known; readers see it.")
@click.option("--who", envvar="USER", required=True, help="Who says so; stays in the file.  [default: $USER]")
@data_option
@failing
def correct_add(article: str, field: str, value: str, item: str, reason: str, who: str, data: Path) -> int:
    """Correct FIELD of ARTICLE (an address or an id) to VALUE; without VALUE: none is known, or it is taken away.

    \b
      wiesci correct add https://… call.closes 2026-03-20 --reason "tak mówi załącznik"
      wiesci correct add https://… amount --item "300 zł" --reason "to numer telefonu"
      wiesci correct add https://… place 2604 --reason "urząd działa też tam"
    """
    from crawler import correcting
    from crawler.corrections_file import NotACorrection
    from crawler.folder import AlreadyRunning, locked
    from crawler.instants import now
    from normalize.published import WARSAW

    register = register_of(data)
    today = now().astimezone(WARSAW).date().isoformat()
    cells = {"article": article, "field": field, "item": item, "value": value, "reason": reason, "who": who}
    of_calls = field in correcting.OF_CALLS
    reversed_before = correcting.reversed_calls(data) if of_calls else set()
    try:
        line = correcting.add(data, register, {**cells, "day": today})
    except NotACorrection as error:
        fail(f"nothing was added; {error}", WRONG_USAGE)
    try:
        with locked(data):
            correcting.apply(data, register)
            found = next(one for one in correcting.standings(data, register) if one.line.id == line.id)
            turned = correcting.reversed_calls(data) - reversed_before if of_calls else set()
            turned = {call for call in turned if call[0] == found.article}
            if found.state in correcting.USELESS or turned:
                correcting.take_back(data, register, line)
                correcting.apply(data, register)
    except AlreadyRunning:
        click.echo("wiesci: it is in the file; news.db follows it at the next crawl", err=True)
        raise
    for _, _, opens, closes in turned:
        fail(
            f"nothing was added; the call would close on {closes}, before it opens on {opens}; if both are wrong,"
            " first correct the one that leaves them in order",
            WRONG_USAGE,
        )
    if found.state in correcting.USELESS:
        names = correcting.named(data, found.article, field) if found.article and found.state in correcting.IDLE else []
        hint = "; it has: " + ", ".join(f"“{name}”" for name in names) if names else ""
        fail(f"nothing was added; {correcting.STATES[found.state]}{hint}", WRONG_USAGE)
    click.echo(_told(found))
    return WELL


@correct.command("list")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON each.")
@data_option
@failing
def correct_list(as_json: bool, data: Path) -> int:
    """The lines of the file, and what became of each."""
    from crawler import correcting

    for one in correcting.standings(data, register_of(data)):
        told = {**asdict(one.line), "id": one.line.id, "state": one.state, "machine": one.machine, "held": one.article}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else _told(one))
    return WELL


@correct.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@data_option
@failing
def correct_check(file: Path | None, data: Path) -> int:
    """Say everything that is wrong with the file, and which of its lines do nothing or let a call close before it opens
    (then the exit code is 1).

    With FILE: only whether that file could be used, as in a reviewer's repository.
    """
    from crawler import correcting
    from crawler.corrections_file import parsed
    from crawler.registry import load

    if file is not None:
        count = len(parsed(file.read_bytes(), correcting.known_to(load()), name=str(file)))
        click.echo(f"{file}: {count} lines, nothing wrong with them")
        return WELL
    found = correcting.standings(data, register_of(data))
    for one in found:
        if one.state != "applied":
            click.echo(_told(one))
    backwards = correcting.backwards(data, found)
    for one in backwards:
        click.echo(f"{_told(one)}; but a call of this article then closes before it opens: look at both days")
    odd = sum(one.state in correcting.IDLE for one in found) + len(backwards)
    click.echo(f"{len(found)} lines, {sum(one.state == 'applied' for one in found)} in force, {odd} to look at")
    return SOME_FAILED if odd else WELL


@correct.command("apply")
@data_option
@failing
def correct_apply(data: Path) -> int:
    """Bring news.db to what the file says now; a crawl and a rebuild do so as well."""
    from crawler import correcting
    from crawler.folder import locked

    register = register_of(data)
    with locked(data):
        correcting.apply(data, register)
    found = correcting.standings(data, register)
    click.echo(f"{len(found)} lines, {sum(one.state == 'applied' for one in found)} in force")
    return WELL


@correct.command("fields")
def correct_fields() -> None:
    """The fields that can be corrected."""
    from crawler.correctable import FIELDS

    for field in FIELDS.values():
        click.echo(f"{field.name}\t{field.about}{'' if not field.needed else ' (never empty)'}")


def _told(one: Any) -> str:
    from crawler.correcting import STATES

    line = one.line
    what = f"{line.field} “{line.item}”" if line.item else line.field
    value = "nothing" if line.value is None else f"“{line.value}”"
    machine = f"; the machine reads “{one.machine}”" if one.machine else ""
    return f"line {line.line}: {line.article}: {what} is {value}{machine}: {STATES[one.state]}"
