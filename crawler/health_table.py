"""The health report as `wiesci health` shows it: a table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from crawler.standings import Report, Standing


def show(report: Report, *, everything: bool = False) -> None:
    """A table on a terminal, plain lines elsewhere.

    Offices that are well, and those that failed with their server, only where `everything` is asked for.
    """
    never = sum(one.state == "never" for one in report.offices)
    counts = {state: sum(one.state == state for one in report.offices) for state in ("well", "warning", "failed")}
    shown = [one for one in report.offices if everything or (one.state in ("warning", "failed") and not one.outage)]
    if report.overdue:
        click.echo(f"missed: {report.overdue}")
    if report.unfinished:
        click.echo(f"killed: {report.unfinished}")
    if report.ahead:
        click.echo(f"clock: {report.ahead}")
    for outage in report.outages:
        click.echo(f"server {outage.server}: {outage.outcome}, {len(outage.offices)} offices")
    for left in report.postponed:
        click.echo(f"{left.outcome}: {left.detail}; {left.addresses} addresses of {left.offices} offices are left")
    for today in report.spending:
        click.echo(f"server {today.server}: {today.requests} of {today.budget} requests of today")
    if sys.stdout.isatty() and shown:
        table = Table("office", "state", "last well", "newest", "usual gap", "articles", "teasers", "what is wrong")
        for one in shown:
            table.add_row(one.office, one.state, *_cells(one), "\n".join(one.troubles))
        Console().print(table)
    else:
        for one in shown:
            last_well, newest, gap, articles, teasers = _cells(one)
            click.echo(
                f"{one.office}: {one.state}; last well {last_well}; newest {newest}; gap {gap}; articles {articles};"
                f" teasers {teasers}{_rhythm(one)}" + "".join(f"; {trouble}" for trouble in one.troubles)
            )
    told = ", ".join(f"{state} {count}" for state, count in counts.items())
    click.echo(f"all: {told}, never crawled {never}; last run {report.last_run or 'none'} {report.last_outcome or ''}")


def _rhythm(one: Standing) -> str:
    """When its lists are read next, and why then."""
    if one.lists_due is None:
        return ""
    return f"; lists due {one.lists_due[:16]}" + (f" ({one.habit})" if one.habit else "")


def _cells(one: Standing) -> tuple[str, str, str, str, str]:
    usual = f" (usually {one.usual_teasers} or more)" if one.usual_teasers else ""
    return (
        (one.last_well or "never")[:16],
        (one.newest or "never")[:10],
        "unknown" if one.usual_gap_days is None else f"{one.usual_gap_days:g} days",
        str(one.articles),
        f"{one.teasers if one.teasers is not None else 0}{usual}",
    )
