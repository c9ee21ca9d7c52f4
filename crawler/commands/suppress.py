"""`wiesci suppress`: for those who are asked to take something down."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from crawler.commands.listed import take_down_listed, withdraw_listed
from crawler.database import DatabaseProblem
from crawler.exits import SOME_FAILED, WELL, WRONG_USAGE
from crawler.folder import NEWS, AlreadyRunning, locked
from crawler.options import data_option, fail, failing, register_of


@click.group()
def suppress() -> None:
    """What was taken down at someone's request stays down."""


def _what(command: Callable[..., Any]) -> Callable[..., Any]:
    """One thing: an address, or one of the options."""
    for option, metavar, words in (
        ("--phrase", "WORDS", "Every page that says these words."),
        ("--content", "FILE|ARTICLE", "This text, wherever it stands: a text file, or an article's id or address."),
        ("--office", "ID", "All of one office."),
    ):
        command = click.option(option, metavar=metavar, help=words)(command)
    return data_option(click.argument("url", required=False)(command))


@suppress.command("add")
@click.option("--reason", help="Why, for the list alone.")
@click.option("--purge", is_flag=True, help="Also delete the pages' bodies from archive.db, leaving marked holes.")
@click.option("--even-so", is_flag=True, help="Also a phrase that is short or hides many articles.")
@_what
@failing
def suppress_add(reason: str | None, purge: bool, even_so: bool, data: Path, **what: str | None) -> int:
    """Take down an address (or an article, by its id), an office, a content or a phrase.

    Readers of the public server no longer see it when this ends, whatever else runs. Nothing is ever taken off the
    list: a phrase of fewer than 8 letters, or one that more than 10 articles say, is refused without --even-so.
    """
    from crawler.meant import NothingMeant
    from crawler.takedown import apply, note

    try:
        kind, values = _suppressible(data, **what)
    except NothingMeant as error:
        fail(str(error), WRONG_USAGE)
    if kind == "phrase" and not even_so:
        _refuse_much(data, values[0])
    register = register_of(data)
    listed = sum(note(data, kind, value, reason=reason, purge=purge) for value in values)
    try:
        withdraw_listed(data)
    except DatabaseProblem as error:  # news.db is to hide it all the same; it is tried once more at the end
        click.echo(f"wiesci: {error}", err=True)
    try:
        with locked(data):
            for value in values:  # once more: what was crawled meanwhile may have given its article further addresses
                listed += note(data, kind, value, reason=reason, purge=purge)
            articles, purged = apply(data, register)
            new = f"{listed} new on the list" if listed else "it was on the list already"
            click.echo(f"{new}; articles hidden now: {len(articles)}; captures purged: {purged}")
            for article in articles:
                click.echo(f"  {article}")
    except AlreadyRunning:
        click.echo("wiesci: it is on the list; news.db hides it after the run that goes on now", err=True)
        raise
    withdraw_listed(data, whole=True)
    if purge:
        _tell_copies(data)
    return WELL


@suppress.command("list")
@click.option("--json", "as_json", is_flag=True)
@data_option
@failing
def suppress_list(as_json: bool, data: Path) -> int:
    """What is on the list: kind, since when, why. What it is about is told of phrases alone; the rest is hashed."""
    from crawler.suppression import Suppressions

    for rule in Suppressions.beside(data / NEWS).rules:
        about = rule.value if rule.kind == "phrase" else "(hashed)"
        told = {"id": rule.id, "kind": rule.kind, "since": rule.since, "about": about, "reason": rule.reason}
        line = "\t".join(one or "" for one in told.values()) + ("\tpurge" if rule.purge else "")
        click.echo(json.dumps({**told, "purge": rule.purge}, ensure_ascii=False) if as_json else line)
    return WELL


@suppress.command("merge")
@click.argument("other", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="SUPPRESSED.DB")
@data_option
@failing
def suppress_merge(other: Path, data: Path) -> int:
    """Add what another list holds, as after restoring a backup: the union, nothing is ever taken off."""
    from crawler.suppression import merge

    with locked(data):
        new = merge(data, other)
    click.echo(f"{new} new on the list")
    withdraw_listed(data)
    take_down_listed(data)
    withdraw_listed(data, whole=True)
    return WELL


@suppress.command("test")
@_what
@failing
def suppress_test(data: Path, **what: str | None) -> int:
    """Whether something is suppressed: 0 when it is, 1 when it is not."""
    from crawler.meant import AlreadyDown, NothingMeant
    from crawler.takedown import found

    try:
        kind, values = _suppressible(data, **what)
    except AlreadyDown as down:
        click.echo(f"suppressed since {down.since}")
        return WELL
    except NothingMeant as error:
        fail(str(error), WRONG_USAGE)
    rule = next((rule for value in values if (rule := found(data, kind, value))), None)
    click.echo(f"suppressed since {rule.since} ({rule.kind}, {rule.id})" if rule else "not suppressed")
    return WELL if rule else SOME_FAILED


def _suppressible(data: Path, **what: str | None) -> tuple[Any, list[str]]:
    """(kind, values) of the one thing that was named. Raises NothingMeant."""
    from crawler.meant import addresses
    from crawler.takedown import content_of

    named = [(kind, value) for kind, value in what.items() if value is not None]
    if len(named) != 1:
        fail("name one thing: an address, or --office, --content or --phrase", WRONG_USAGE)
    kind, value = named[0]
    if not value.strip():
        fail("nothing is named; an empty value would hide nothing or everything", WRONG_USAGE)
    if kind == "url":
        return "address", addresses(data, value)
    if kind == "office":
        register_of(data).select([value])
    if kind == "content":
        texts = [Path(value).read_text(encoding="utf-8")] if Path(value).is_file() else content_of(data / NEWS, value)
        if not texts:
            fail(f"{value}: no such file, and no article with this id or address", WRONG_USAGE)
        return kind, texts
    return kind, [value]


def _refuse_much(data: Path, phrase: str) -> None:
    from crawler.meant import by_phrase

    foreseen = by_phrase(data, phrase)
    if foreseen.much:
        shown = "".join(f"\n  {title}" for title in foreseen.titles[:5])
        fail(
            f"nothing was listed; “{phrase.strip()}” has {foreseen.letters} letters and is said by"
            f" {len(foreseen.titles)} of {foreseen.held} articles, and nothing is ever taken off the list. Name more of"
            f" the words, or if it is meant: --even-so{shown}",
            WRONG_USAGE,
        )


def _tell_copies(data: Path) -> None:
    from crawler.meant import copies_beside

    copies = copies_beside(data)
    if copies:
        click.echo("copies are never purged, and these may still hold it; remove those that do:")
        for copy in copies:
            click.echo(f"  {copy}")
    click.echo("so may backups in other places, and copies that readers have taken")
