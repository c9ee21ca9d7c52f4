"""What the commands that write do, and what they tell: an account of a crawl, of a rebuild, of the register."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from crawler import contact, correcting, tallies
from crawler.archive import Archive
from crawler.crawling import crawl as crawl_offices
from crawler.database import DatabaseProblem, explained, one_line, unreadable
from crawler.exits import SOME_FAILED, UNUSABLE, WELL
from crawler.folder import ARCHIVE, NEWS
from crawler.health import told_ahead
from crawler.instants import Clock, now
from crawler.outcomes import POSTPONED
from crawler.progress import Progress
from crawler.rebuilding import clear
from crawler.rebuilding import rebuild as rebuild_news
from crawler.registry import Register, RegisterError
from crawler.restoring import restore
from crawler.run import Limits, Run
from crawler.store import Store
from crawler.takedown import apply, outstanding
from normalize.model import Office


def crawl_and_tell(
    data: Path,
    register: Register,
    offices: list[Any],
    settings: Any,
    limits: Limits,
    *,
    command: str,
    judged: tuple[str, ...] = (),
    clock: Clock = now,
) -> int:
    clear(data)
    _must_belong(data, register)
    if not settings.getint("WIESCI_PRACTICE_PORT"):
        contact.required()
    if (data / ARCHIVE).exists():
        with Archive.open(data / ARCHIVE) as archive, Store.open(data / NEWS, register) as store:
            _, stale = store.to_do(archive)
        if stale:
            click.echo("register, understanding or archive has changed since: rebuilding news.db first", err=True)
            rebuild_and_tell(data, register)
    if outstanding(data):
        apply(data, register)
    if correcting.outstanding(data, register):
        correcting.apply(data, register)
    with (
        Progress([office.id for office in offices]) as progress,
        Run(data=data, register=register, command=command, clock=clock, limits=limits, saved=progress.saved) as run,
    ):
        run.archive.watch = progress.visited
        outcome = crawl_offices(run, offices, settings)
        rows = run.store.office_runs(run.id)
        postponed = tallies.postponed(run.archive.connection, run.id)
        ahead, anew = run.ahead, "; what was put off by that clock is due now" if run.clock_went_back else ""
    _report(rows)
    if ahead is not None:
        click.echo(f"clock: {told_ahead(ahead)}{anew}")
    for (word, detail), (addresses, left) in postponed.items():
        click.echo(f"{word}: {detail}; {addresses} addresses of {left} offices are left, and due as before")
    failed = [row for row in rows if row["outcome"] == "failed" and row["office"] not in judged]
    if outcome == "interrupted":
        click.echo("interrupted: the next crawl goes on from here", err=True)
        return UNUSABLE
    if rows and len(failed) == len(rows) and network_is_down([row["office"] for row in rows], offices, register):
        click.echo("no office could be reached; is there a network?", err=True)
        return UNUSABLE
    partly = [row for row in rows if row["failed"] and row["office"] not in judged]
    left_by_manners = any(word in POSTPONED for word, _ in postponed)
    return SOME_FAILED if failed or partly or left_by_manners else WELL


def network_is_down(failed: Sequence[str], offices: Sequence[Office], register: Register) -> bool:
    """Whether that all of these failed speaks of the network: all that were chosen, or some on different servers.

    Where one office is dead, nothing else may have been due.
    """
    servers = {register.server(register.offices[one].url).name for one in failed if one in register.offices}
    return len(failed) == len(offices) or len(servers) >= _SERVERS


_SERVERS = 3
"""So many at once are not in trouble by chance."""


def _must_belong(data: Path, register: Register) -> None:
    """A news database with rows beside an archive without any: the archive is lost, nothing may be made from it.

    Where the archive holds articles news.db is not looked at: whatever became of it, it can be made anew.
    """
    if not (data / NEWS).exists():
        return
    if (data / ARCHIVE).exists():
        with Archive.open(data / ARCHIVE) as archive:
            if archive.article_offices():
                return
    try:
        with explained(data / NEWS), Store.open(data / NEWS, register) as store:
            if not store.understood_captures():
                return
        holds = "news.db holds articles"
    except DatabaseProblem as error:
        if not unreadable(error):
            raise
        holds = f"news.db cannot be read ({one_line(str(error.__cause__))})"
    raise DatabaseProblem(
        f"{data}: {holds}, but archive.db, which it is made from, is empty or not there; put a backup back"
        " (wiesci restore BACKUP), or move news.db away to begin anew. Nothing was changed."
    )


_COUNTS = ("pages", "teasers", "new", "changed", "same", "dropped", "failed")


def _report(rows: list[dict[str, Any]]) -> None:
    totals = {name: sum(row[name] for row in rows) for name in _COUNTS}
    if sys.stdout.isatty():
        table = Table("office", *_COUNTS, "outcome")
        for row in rows:
            table.add_row(row["office"], *(str(row[name]) for name in _COUNTS), _outcome(row))
        table.add_row("all", *(str(totals[name]) for name in _COUNTS), "", style="bold")
        Console().print(table)
        return
    for row in rows:
        click.echo(f"{row['office']}: " + ", ".join(f"{name} {row[name]}" for name in _COUNTS) + f"; {_outcome(row)}")
    click.echo("all: " + ", ".join(f"{name} {totals[name]}" for name in _COUNTS))


def _outcome(row: dict[str, Any]) -> str:
    return f"{row['outcome']} ({row['detail']})" if row["detail"] and row["outcome"] != "well" else str(row["outcome"])


def rebuild_and_tell(data: Path, register: Register) -> None:
    if not (data / ARCHIVE).exists():
        raise DatabaseProblem(f"{data / ARCHIVE} does not exist; there is nothing to rebuild from")
    _must_belong(data, register)
    with Archive.open(data / ARCHIVE) as archive:
        offices = set(archive.article_offices().values())
    if offices and not offices & register.offices.keys():
        raise RegisterError(
            [f"{data}: none of the offices of its archive ({', '.join(sorted(offices)[:3])}…) is in the register"]
        )
    rebuilt = rebuild_news(data, register)
    click.echo(f"{rebuilt.captures} captures understood anew")
    for table, (lost, won) in rebuilt.differing.items():
        click.echo(f"  {table}: {lost} rows gone, {won} rows new")
    if rebuilt.damaged is not None:
        click.echo(f"  news.db could not be read; it is kept for inspection as {rebuilt.damaged}")
    elif not rebuilt.differing:
        click.echo("  no row is different")


def restore_and_tell(copy: Path, data: Path) -> None:
    done = restore(copy, data)
    click.echo(f"{copy} is in place: {done.visits} visits until {done.last_visit or 'now'}, {done.articles} articles")
    if done.kept is not None:
        click.echo(f"  what was there before is kept in {done.kept}")
    click.echo(f"  on the suppression list: {done.listed}, of them only in the copy {done.joined}")
    if done.taken_down or done.purged:
        click.echo(f"  taken down again: {done.taken_down} articles; captures purged: {done.purged}")
        click.echo("  the copy itself still has them; delete it when there is a newer one")
    if done.corrections or done.overruled:
        click.echo(
            f"  corrections only the copy had: {done.corrections} taken over, {done.overruled} not, because"
            " corrections.csv says otherwise of the same values"
        )
    click.echo("  the next crawl asks again for what came after it")


def tell_coverage(register: Register, chosen: list[Any]) -> None:
    kinds = Counter(office.kind for office in chosen)
    click.echo(f"{len(chosen)} offices: " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    served = {code for office in chosen if office.kind == "pup" for code in office.powiats}
    units = [unit.teryt for unit in register.knowledge().gazetteer.units if len(unit.teryt) == 4]
    click.echo(f"powiats with a labour office in the register: {len(served)} of {len(units)}")
    for confidence in ("high", "medium", "low"):
        count = sum(office.confidence == confidence for office in chosen)
        click.echo(f"confidence {confidence}: {count}")
    for office in chosen:
        if office.doubt:
            click.echo(f"doubt\t{office.id}\t{office.doubt}")
