"""For those who keep a machine of it going: `wiesci rebuild`, `verify`, `backup`, `restore`, `health`, `schedule`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from crawler.commands.listed import withdraw_listed
from crawler.database import DatabaseProblem
from crawler.exits import DISK, WELL
from crawler.folder import ARCHIVE, NEWS, locked
from crawler.options import data_option, failing, notify_options, register_of


@click.command()
@data_option
@failing
def rebuild(data: Path) -> int:
    """Make news.db anew from archive.db, without a network, and say what became different."""
    from crawler.operating import rebuild_and_tell
    from crawler.rebuilding import clear

    with locked(data):
        clear(data)  # before a database is opened, which needs some room
        rebuild_and_tell(data, register_of(data))
    return WELL


@click.command()
@notify_options
@data_option
@failing
def verify(notify_command: str | None, notify_url: str | None, data: Path) -> int:
    """Look for damage in DATA: row hashes, bodies, search index, foreign keys; say what to do."""
    from crawler.backing_up import copies_in
    from crawler.commands.notified import Recipient
    from crawler.verifying import nothing_crawled
    from crawler.verifying import verify as verify_data

    recipient = Recipient(command=notify_command, url=notify_url, memory=data / "noticed-verify")
    with recipient.hearing():
        if not data.is_dir():
            raise DatabaseProblem(f"{data} does not exist; crawl first (wiesci crawl, wiesci demo)")
        with locked(data):
            damage = verify_data(data)
        copies = data / "backups"
        if nothing_crawled(data, damage) and not (copies.is_dir() and copies_in(copies)):  # else something was lost
            demo = data / "demo"
            besides = f"; the demo's data is beside: --data {demo}" if (demo / ARCHIVE).exists() else ""
            raise DatabaseProblem(f"{data}: nothing has been crawled here yet (wiesci crawl, wiesci demo){besides}")
    for one in damage:
        click.echo(str(one))
    if not damage:
        click.echo(f"{data}: every row is as it was written")
    return recipient.wrong("\n".join(map(str, damage)), DISK if damage else WELL)


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Remove older copies in DIR but the last N.")
@notify_options
@data_option
@failing
def backup(
    folder: Path | None, keep: int | None, notify_command: str | None, notify_url: str | None, data: Path
) -> int:
    """Copy DATA's databases and corrections into DIR (default: backups under DATA), verified; also during a crawl.

    `wiesci restore` puts a copy back, and keeps down what was taken down since.
    """
    from crawler.backing_up import back_up, thin
    from crawler.commands.notified import Recipient

    recipient = Recipient(command=notify_command, url=notify_url, memory=data / "noticed-backup")
    copies = folder or data / "backups"
    with recipient.hearing():
        click.echo(back_up(data, copies))
        for removed in thin(copies, keep) if keep else ():
            click.echo(f"removed {removed}")
    return recipient.wrong("", WELL)


@click.command()
@click.argument("copy", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@data_option
@failing
def restore(copy: Path, data: Path) -> int:
    """Put BACKUP, a folder that `wiesci backup` made, in place of DATA's databases, which are kept beside.

    The copy is verified first. What was taken down and what was corrected since stays so: the lists of both count.
    """
    from crawler.operating import restore_and_tell

    with locked(data):
        restore_and_tell(copy, data)
    withdraw_listed(data, whole=True)
    return WELL


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--all", "everything", is_flag=True, help="Also the offices that are well.")
@click.option("--overdue", type=click.FloatRange(min=0), metavar="HOURS", help="A run must have finished within these.")
@notify_options
@data_option
@failing
def health(
    as_json: bool,
    everything: bool,
    overdue: float | None,
    notify_command: str | None,
    notify_url: str | None,
    data: Path,
) -> int:
    """How each office stands: freshness, volume, filled fields, silence, completeness, its server."""
    from crawler.commands.notified import Recipient
    from crawler.health import report
    from crawler.health_table import show
    from crawler.instants import now
    from crawler.notices import notice

    recipient = Recipient(command=notify_command, url=notify_url, memory=data / "noticed")
    late = None if overdue is None else timedelta(hours=overdue)
    with recipient.hearing():
        found = report(data / NEWS, register_of(data), now(), overdue=late)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        show(found, everything=everything)
    return recipient.tell(notice(found), found.exit_code)


@click.command()
@click.argument("kind", type=click.Choice(["systemd", "cron", "ci"]), required=False)
@click.option("--every", "hours", type=click.Choice(["1", "2", "3", "4", "6", "8", "12"]), default="6", help="Hours.")
@click.option("--notify-command", metavar="COMMAND", help="What they are to run when something is wrong.")
@data_option
@failing
def schedule(kind: str | None, hours: str, notify_command: str | None, data: Path) -> int:
    """Print systemd units, a crontab and a CI job for this machine's paths: crawl, health, backup and verify."""
    from crawler.contact import VARIABLE, contact
    from crawler.schedule import KINDS, Place

    wiesci = Path(sys.argv[0]).resolve()
    place = Place(wiesci=wiesci, data=data.resolve(), hours=int(hours), notify=notify_command)
    told = contact(os.environ.get(VARIABLE))
    if told:
        place = replace(place, contact=told.removeprefix("mailto:"))
    else:
        click.echo(f"wiesci: {VARIABLE} is not set: put your address in place of {place.contact}", err=True)
    click.echo("\n".join(make(place) for name, make in KINDS.items() if kind in (None, name)), nl=False)
    return WELL
