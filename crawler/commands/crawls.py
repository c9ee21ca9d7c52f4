"""For those who gather the news: `wiesci crawl`, `wiesci demo`, and the register they choose from, `wiesci offices`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from crawler import registry
from crawler.exits import SOME_FAILED, UNUSABLE, WELL, WRONG_USAGE
from crawler.folder import NEWS, locked
from crawler.options import data_option, fail, failing, kind_option, port_option, voivodeship_option


@click.command()
@click.argument("office_ids", metavar="[OFFICE]...", nargs=-1)
@kind_option
@voivodeship_option
@click.option("--limit", type=click.IntRange(min=1), help="At most so many articles of each office.")
@click.option("--pages", type=click.IntRange(min=1), default=5, show_default=True, help="At most so many list pages.")
@click.option("--due", is_flag=True, help="Only lists and articles whose time has come; what a schedule calls.")
@click.option("--deep", is_flag=True, help="Walk whole archives, newest first; goes on where it was stopped.")
@data_option
@failing
def crawl(
    office_ids: tuple[str, ...],
    kinds: tuple[str, ...],
    voivodeships: tuple[str, ...],
    limit: int | None,
    pages: int,
    due: bool,
    deep: bool,
    data: Path,
) -> int:
    """Crawl offices (all of them, or the named ones) into DATA."""
    from crawler.crawling import settings_with
    from crawler.operating import crawl_and_tell
    from crawler.run import Limits

    register = registry.load()
    offices = register.select(office_ids, kinds=kinds, voivodeships=voivodeships)
    if not offices:
        told = [*(f"kind {one}" for one in kinds), *(f"voivodeship {one}" for one in voivodeships)]
        fail(f"no office of the register is all of this: {', '.join([*office_ids, *told])}", WRONG_USAGE)
    with locked(data):
        return crawl_and_tell(
            data,
            register,
            offices,
            settings_with({}),
            Limits(list_pages=pages, articles=limit, due=due, deep=deep),
            command=_typed(),
        )


@click.command()
@click.option("--no-serve", is_flag=True, help="Crawl and report only.")
@port_option
@click.option(
    "--sites",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Mount further sites: SITES/<host>/site.toml and files by path.",
)
@click.option("--after", multiple=True, help="Crawl the practice web as it is after this change (changes/NAME.toml).")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder for the demo's databases.  [default: demo under WIESCI_DATA or data]",
)
@failing
def demo(no_serve: bool, port: int, sites: tuple[Path, ...], after: tuple[str, ...], data: Path | None) -> int:
    """Crawl the practice web, offline: the whole system on this machine, then served."""
    from crawler.operating import crawl_and_tell
    from crawler.practice.demo import PracticeWeb, unexpected
    from crawler.publish.serve import listen
    from crawler.publish.serve import serve as serve_database
    from crawler.run import Limits

    folder = data or _default_data() / "demo"
    if not no_serve:
        listen("127.0.0.1", port).close()  # before the crawl, not after it
    with locked(folder), PracticeWeb(sites, after) as web:
        register = registry.load(practice=web.offices)
        code = crawl_and_tell(
            folder,
            register,
            register.select(),
            web.settings,
            Limits(list_pages=50, whole=True, revisit=True),
            command="wiesci demo",
            judged=web.hostile,
        )
        surprises = [] if code == UNUSABLE else unexpected(folder, web)
    if code == UNUSABLE:
        return code
    ends = len(web.expected)
    click.echo(f"addresses whose end the manifests name: {ends}, as expected {ends - len(surprises)}")
    for line in surprises:
        click.echo(f"  not as expected: {line}", err=True)
    code = code or (SOME_FAILED if surprises else WELL)
    if not no_serve:
        serve_database(folder / NEWS, port=port)
    return code


@click.command()
@kind_option
@voivodeship_option
@click.option("--coverage", is_flag=True, help="What is covered, and what is doubtful.")
@failing
def offices(kinds: tuple[str, ...], voivodeships: tuple[str, ...], coverage: bool) -> int:
    """List the register of offices."""
    from crawler.operating import tell_coverage

    register = registry.load()
    chosen = register.select(kinds=kinds, voivodeships=voivodeships)
    if coverage:
        tell_coverage(register, chosen)
    else:
        for office in chosen:
            click.echo(f"{office.id}\t{office.kind}\t{office.voivodeship or ''}\t{office.name}\t{office.url}")
    return WELL


def _default_data() -> Path:
    return Path(os.environ.get("WIESCI_DATA", "data"))


def _typed() -> str:
    return " ".join(["wiesci", *sys.argv[1:]])[:200]
