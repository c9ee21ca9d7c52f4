"""`wiesci`: the command line. Exit codes: 0 well, 1 some offices failed or a page was unusable, 2 wrong usage,
3 run unusable, 4 another run holds the lock, 5 disk or database."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.table import Table

from crawler import registry
from crawler.database import DatabaseProblem
from crawler.registry import Register, RegisterError, UnknownOffice
from crawler.run import NEWS, AlreadyRunning, Limits, Run, locked

WELL, SOME_FAILED, WRONG_USAGE, UNUSABLE, LOCKED, DISK = range(6)

_VOIVODESHIP = click.option(
    "--voivodeship", "voivodeships", multiple=True, metavar="CODE", help="TERYT code of a voivodeship, as in 26."
)
_KIND = click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["wup", "pup", "marshal", "rops", "ngo", "other"]),
    help="Only offices of this kind.",
)


def _data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="WIESCI_DATA",
        default=Path("data"),
        show_default=True,
        help="Folder of archive.db and news.db (WIESCI_DATA).",
    )(command)


_port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Where to serve; 0 takes a free one."
)


def _explained(command: Callable[..., int | None]) -> Callable[..., NoReturn]:
    """Exceptions a user can do something about become one clear message and the exit code a schedule understands."""

    @functools.wraps(command)
    def explained(*args: Any, **kwargs: Any) -> NoReturn:
        from crawler.practice import SiteError
        from crawler.publish.serve import PortInUse

        try:
            code = command(*args, **kwargs)
        except UnknownOffice as error:
            _fail(str(error), WRONG_USAGE)
        except (RegisterError, SiteError) as error:
            _fail(f"the register cannot be used; nothing was crawled:\n{error}", UNUSABLE)
        except AlreadyRunning as error:
            _fail(str(error), LOCKED)
        except DatabaseProblem as error:
            _fail(str(error), DISK)
        except PortInUse as error:
            _fail(str(error), UNUSABLE)
        sys.exit(code or WELL)

    return explained


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"wiesci: {message}", err=True)
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wiesci")
def main() -> None:
    """Wieści: the news of Poland's labour offices and marshal offices, understood, in one SQLite file."""


@main.command()
@click.argument("office_ids", metavar="[OFFICE]...", nargs=-1)
@_KIND
@_VOIVODESHIP
@click.option("--limit", type=click.IntRange(min=1), help="At most so many articles of each office.")
@click.option("--pages", type=click.IntRange(min=1), default=5, show_default=True, help="At most so many list pages.")
@_data_option
@_explained
def crawl(
    office_ids: tuple[str, ...],
    kinds: tuple[str, ...],
    voivodeships: tuple[str, ...],
    limit: int | None,
    pages: int,
    data: Path,
) -> int:
    """Crawl offices (all of them, or the named ones) into DATA."""
    from crawler.crawling import settings_with

    register = registry.load()
    offices = register.select(office_ids, kinds=kinds, voivodeships=voivodeships)
    if not offices:
        _fail("no office is of that kind in that voivodeship", WRONG_USAGE)
    with locked(data):
        return _crawl(
            data, register, offices, settings_with({}), Limits(list_pages=pages, articles=limit), command=_typed()
        )


@main.command()
@click.option("--no-serve", is_flag=True, help="Crawl and report only.")
@_port_option
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
@_explained
def demo(no_serve: bool, port: int, sites: tuple[Path, ...], after: tuple[str, ...], data: Path | None) -> int:
    """Crawl the practice web, offline: the whole system on this machine, then served."""
    from crawler.practice.demo import PracticeWeb, unexpected
    from crawler.publish.serve import listen
    from crawler.publish.serve import serve as serve_database

    folder = data or _default_data() / "demo"
    if not no_serve:
        listen("127.0.0.1", port).close()  # before the crawl, not after it
    with locked(folder), PracticeWeb(sites, after) as web:
        register = registry.load(practice=web.offices)
        code = _crawl(
            folder,
            register,
            register.select(),
            web.settings,
            Limits(list_pages=50, whole=True, revisit=True),
            command="wiesci demo",
            judged=web.hostile,
        )
        surprises = unexpected(folder, web)
    ends = len(web.expected)
    click.echo(f"addresses whose end the manifests name: {ends}, as expected {ends - len(surprises)}")
    for line in surprises:
        click.echo(f"  not as expected: {line}", err=True)
    code = code or (SOME_FAILED if surprises else WELL)
    if not no_serve:
        serve_database(folder / NEWS, port=port)
    return code


@main.command()
@_KIND
@_VOIVODESHIP
@click.option("--coverage", is_flag=True, help="What is covered, and what is doubtful.")
@_explained
def offices(kinds: tuple[str, ...], voivodeships: tuple[str, ...], coverage: bool) -> int:
    """List the register of offices."""
    register = registry.load()
    chosen = register.select(kinds=kinds, voivodeships=voivodeships)
    if coverage:
        _coverage(register, chosen)
    else:
        for office in chosen:
            click.echo(f"{office.id}\t{office.kind}\t{office.voivodeship or ''}\t{office.name}\t{office.url}")
    return WELL


@main.command()
@click.argument("source", metavar="FILE|URL")
@click.option("--url", help="The address the file was saved from.")
@click.option("--office", "office_id", help="Id of the office it is of.")
@click.option("--fetched", type=str, help="When it was fetched (ISO 8601, as in 2024-03-05T10:00+01:00); default now.")
@click.option("--json", "as_json", is_flag=True, help="The whole record as JSON.")
@_explained
def extract(source: str, url: str | None, office_id: str | None, fetched: str | None, as_json: bool) -> int:
    """Understand one page: its record, with where each value comes from."""
    from crawler.extracting import capture_of
    from crawler.fetching import NotFetched
    from normalize import Unusable, normalize

    register = registry.load()
    if office_id is not None:
        register.select([office_id])
    try:
        capture = capture_of(source, url=url, office_id=office_id, fetched=_instant(fetched), register=register)
    except NotFetched as error:
        click.echo(json.dumps({"unusable": error.outcome}))
        _fail(str(error), SOME_FAILED)
    try:
        article = normalize(capture, register.knowledge())
    except Unusable as unusable:
        click.echo(json.dumps({"unusable": unusable.reason}, ensure_ascii=False))
        if unusable.detail:
            click.echo(f"wiesci: {source}: {unusable.detail}", err=True)
        return SOME_FAILED
    record = article.as_dict()
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        from crawler.extracting import show

        show(record)
    return WELL


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--reference", type=str, help="The day the text is of (2024-03-05): supplies missing years.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_explained
def facts(file: str, reference: str | None, as_json: bool) -> int:
    """The facts of a plain text (- for standard input); its lines are its paragraphs."""
    import normalize
    from crawler.extracting import show

    day = None
    if reference is not None:
        try:
            day = date.fromisoformat(reference)
        except ValueError:
            _fail(f"--reference: '{reference}' is not a day; write it as 2024-03-05", WRONG_USAGE)
    with click.open_file(file, "rb") as stream:
        body = stream.read()
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        from normalize.charset import decode

        text, _ = decode(body)
    found = normalize.facts(text, reference=day).as_dict()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(found)
    return WELL


@main.command()
@_data_option
@_explained
def rebuild(data: Path) -> int:
    """Make news.db anew from archive.db, without a network, and say what became different."""
    register = registry.load()
    with locked(data):
        _rebuild(data, register)
    return WELL


@main.command()
@_port_option
@click.option("--host", default="127.0.0.1", show_default=True)
@_data_option
@_explained
def serve(port: int, host: str, data: Path) -> int:
    """Serve DATA/news.db with Datasette."""
    from crawler.publish.serve import serve as serve_database

    if not (data / NEWS).exists():
        _fail(f"{data / NEWS} does not exist; crawl first (wiesci crawl, wiesci demo)", DISK)
    serve_database(data / NEWS, host=host, port=port)
    return WELL


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["all", "csv", "excel", "xlsx", "json", "ndjson", "parquet", "sqlite"]),
    help="May be given several times; csv without it.",
)
@click.option("--since", help="Only articles that have become different after this instant (ISO 8601).")
@click.option("--office", "offices", multiple=True, help="Only articles of this office.")
@_KIND
@_VOIVODESHIP
@_data_option
@_explained
def export(
    folder: Path,
    formats: tuple[str, ...],
    since: str | None,
    offices: tuple[str, ...],
    kinds: tuple[str, ...],
    voivodeships: tuple[str, ...],
    data: Path,
) -> int:
    """Write the tables of DATA/news.db to DIR as a data package, in place of an earlier one when it is whole."""
    from crawler.publish.exports import FORMATS, NotAnExport
    from crawler.publish.exports import export as write

    try:
        written = write(
            data / NEWS,
            folder,
            made=datetime.now(UTC),
            formats=list(FORMATS) if "all" in formats else formats or ["csv"],
            since=_instant(since) if since else None,
            chosen={"office": offices, "office_kind": kinds, "voivodeship": voivodeships},
        )
    except NotAnExport as error:
        _fail(str(error), WRONG_USAGE)
    for one in written:
        click.echo(f"{one.path.name}: {one.table.name}, {one.rows} rows")
    return WELL


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_data_option
@_explained
def publish(file: Path, data: Path) -> int:
    """Make FILE a checked copy of DATA/news.db for readers, in place of an earlier one when it is whole."""
    from crawler.publish.snapshot import NotASnapshot
    from crawler.publish.snapshot import publish as copy

    try:
        made = copy(data / NEWS, file)
    except NotASnapshot as error:
        _fail(str(error), WRONG_USAGE)
    click.echo(f"{file}: {made.articles} articles, {made.bytes} bytes")
    return WELL


def _crawl(
    data: Path,
    register: Register,
    offices: list[Any],
    settings: Any,
    limits: Limits,
    *,
    command: str,
    judged: tuple[str, ...] = (),
) -> int:
    from crawler.archive import Archive
    from crawler.crawling import crawl as crawl_offices
    from crawler.run import ARCHIVE
    from crawler.store import Store

    if (data / ARCHIVE).exists():
        with Archive.open(data / ARCHIVE) as archive, Store.open(data / NEWS, register) as store:
            _, stale = store.to_do(archive)
        if stale:
            click.echo("the register or the understanding has changed since: rebuilding news.db first", err=True)
            _rebuild(data, register)
    with Run(data=data, register=register, command=command, limits=limits) as run:
        outcome = crawl_offices(run, offices, settings)
        rows = run.store.office_runs(run.id)
    _report(rows)
    failed = [row for row in rows if row["outcome"] != "well" and row["office"] not in judged]
    if outcome == "interrupted":
        click.echo("interrupted: the next crawl goes on from here", err=True)
        return UNUSABLE
    if rows and len(failed) == len(rows):
        click.echo("no office could be reached; is there a network?", err=True)
        return UNUSABLE
    partly = [row for row in rows if row["failed"] and row["office"] not in judged]
    return SOME_FAILED if failed or partly else WELL


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


def _rebuild(data: Path, register: Register) -> None:
    from crawler.rebuilding import rebuild as rebuild_news
    from crawler.run import ARCHIVE

    if not (data / ARCHIVE).exists():
        raise DatabaseProblem(f"{data / ARCHIVE} does not exist; there is nothing to rebuild from")
    rebuilt = rebuild_news(data, register)
    click.echo(f"{rebuilt.captures} captures understood anew")
    for table, (lost, won) in rebuilt.differing.items():
        click.echo(f"  {table}: {lost} rows gone, {won} rows new")
    if not rebuilt.differing:
        click.echo("  no row is different")


def _coverage(register: Register, chosen: list[Any]) -> None:
    from collections import Counter

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


def _instant(text: str | None) -> datetime:
    from zoneinfo import ZoneInfo

    if text is None:
        click.echo("wiesci: no --fetched given: taken as fetched now", err=True)
        return datetime.now(UTC)
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        _fail(f"--fetched: '{text}' is not an instant; write it as 2024-03-05T10:00", WRONG_USAGE)
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo("Europe/Warsaw"))


def _default_data() -> Path:
    import os

    return Path(os.environ.get("WIESCI_DATA", "data"))


def _typed() -> str:
    return " ".join(["wiesci", *sys.argv[1:]])[:200]
