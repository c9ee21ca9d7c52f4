"""What the list of suppressions names leaves news.db and the public copy, and the command says so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.folder import locked
from crawler.options import register_of


def withdraw_listed(data: Path, *, whole: bool = False) -> None:
    """Let the public copy no longer show what is listed; `whole`: with its files made anew as well."""
    from crawler.publish.public.placing import BeingMade
    from crawler.publish.public.press import complete, withdraw

    edition = withdraw(data, made=datetime.now(UTC))
    if edition is not None:
        click.echo(f"readers no longer see it: edition {edition.id}, {edition.articles} articles")
    if whole:
        try:
            complete(data, made=datetime.now(UTC))
        except BeingMade as error:
            click.echo(f"wiesci: {error}", err=True)


def take_down_listed(data: Path) -> None:
    """Before anything is shown: hide what the list names and news.db still has (one of them was restored)."""
    from crawler.takedown import apply, outstanding

    if outstanding(data):
        with locked(data):
            articles, purged = apply(data, register_of(data))
        click.echo(f"taken down: {len(articles)} articles; captures purged: {purged}", err=True)
