"""For those who bring it to readers: `wiesci serve`, `wiesci export`, `wiesci publish`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.commands.listed import take_down_listed, withdraw_listed
from crawler.database import DatabaseProblem, check_readable
from crawler.exits import DISK, LOCKED, SOME_FAILED, WELL, WRONG_USAGE
from crawler.folder import NEWS, AlreadyRunning
from crawler.options import data_option, fail, failing, kind_option, port_option, voivodeship_option


@click.command()
@port_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--public", is_flag=True, help="For strangers: a checked, read-only edition, and bounded answers.")
@click.option(
    "--every",
    type=click.FloatRange(min=0),
    default=15,
    show_default=True,
    metavar="MINUTES",
    help="With --public: at most so often a new edition of what has changed; 0: only by wiesci publish.",
)
@click.option(
    "--address",
    metavar="URL",
    help="With --public: where readers see it, behind a reverse proxy (https://wiesci.example.pl/).",
)
@data_option
@failing
def serve(port: int, host: str, public: bool, every: float, address: str | None, data: Path) -> int:
    """Serve DATA/news.db with Datasette; also beside a running crawl.

    With --public strangers may come. They see an edition: a copy of the database, checked, with all tables as files
    under /pliki; a new one takes its place whole or not at all. They cannot ask in SQL, see the machinery, or take more
    than a bounded share of this machine. Let a reverse proxy do TLS and compression, and pass everything on:

    \b
      wiesci serve --public --address https://wiesci.example.pl/
      nginx: location / { proxy_pass http://127.0.0.1:8001; proxy_set_header X-Forwarded-For $remote_addr; }
    """
    from crawler.publish import serve as serving

    if not public and address is not None:
        fail("--address goes with --public", WRONG_USAGE)
    try:
        serving.base_of(address)
    except serving.NotAnAddress as error:
        fail(str(error), WRONG_USAGE)
    if not (data / NEWS).exists():
        fail(f"{data / NEWS} does not exist; crawl first (wiesci crawl, wiesci demo)", DISK)
    check_readable(data / NEWS, "news")
    if not public:
        take_down_listed(data)
        serving.serve(data / NEWS, host=host, port=port)
        return WELL
    with serving.listen(host, port) as listener:
        _first_edition(data)
        serving.serve_editions(data, listener, host=host, address=address, every=every * 60 if every else None)
    return WELL


def _first_edition(data: Path) -> None:
    """An edition to begin with: a new one, or the one before where none can be made now."""
    from crawler.health import SourcesFailed
    from crawler.publish.public.editions import PUBLIC, current, stamp
    from crawler.publish.public.placing import BeingMade
    from crawler.publish.public.press import make

    before = current(data / PUBLIC)
    if before is not None and before.of == stamp(data):
        return
    withdraw_listed(data)
    try:
        take_down_listed(data)
        made = make(data, made=datetime.now(UTC))
        click.echo(f"edition {made.id}: {made.articles} articles", err=True)
    except (SourcesFailed, DatabaseProblem, AlreadyRunning, BeingMade) as error:
        if before is None:
            if isinstance(error, SourcesFailed):
                fail(f"{error} (without FILE: the first edition)", SOME_FAILED)
            if isinstance(error, BeingMade):
                fail(str(error), LOCKED)
            raise
        click.echo(f"wiesci: no new edition; readers see that of {before.made}: {error}", err=True)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["all", "csv", "excel", "xlsx", "json", "ndjson", "parquet", "sqlite"]),
    help="May be given several times; csv without it.",
)
@click.option(
    "--since",
    help="Only articles that have become different since: a day or an instant in Polish time (2026-03-02T10:00; with Z:"
    " UTC), or the cursor of an earlier package or of the API.",
)
@click.option("--office", "offices", multiple=True, help="Only articles of this office.")
@kind_option
@voivodeship_option
@data_option
@failing
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
    from crawler.publish.exports import FORMATS, NotAnExport, NothingChosen, Reload
    from crawler.publish.exports import export as write
    from crawler.publish.since import NotAnInstant, Since

    try:
        written = write(
            data / NEWS,
            folder,
            made=datetime.now(UTC),
            formats=list(FORMATS) if "all" in formats else formats or ["csv"],
            since=None if since is None else Since.read(since),
            chosen={"office": offices, "office_kind": kinds, "voivodeship": voivodeships},
        )
    except (NotAnInstant, Reload) as error:
        fail(f"--since: {error}", WRONG_USAGE)
    except (NotAnExport, NothingChosen) as error:
        fail(str(error), WRONG_USAGE)
    for one in written:
        click.echo(f"{one.path.name}: {one.table.name}, {one.rows} rows")
    return WELL


@click.command()
@click.argument("file", metavar="[FILE]", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--even-so", is_flag=True, help="Also when an office fell in volume or lost a field.")
@data_option
@failing
def publish(file: Path | None, even_so: bool, data: Path) -> int:
    """Make FILE a checked copy of DATA/news.db for readers, in place of an earlier one when it is whole.

    Without FILE: make an edition for `wiesci serve --public`, the copy with all its tables as files; a running server
    lets readers have it within seconds.
    """
    from crawler.health import SourcesFailed
    from crawler.publish.public.placing import BeingMade
    from crawler.publish.public.press import make
    from crawler.publish.snapshot import NotASnapshot
    from crawler.publish.snapshot import publish as copy

    try:
        if file is None:
            edition = make(data, made=datetime.now(UTC), even_so=even_so)
            click.echo(f"{edition.folder}: {edition.articles} articles")
        else:
            made = copy(data / NEWS, file, even_so=even_so)
            click.echo(f"{file}: {made.articles} articles, {made.bytes} bytes")
    except SourcesFailed as error:
        fail(str(error), SOME_FAILED)
    except NotASnapshot as error:
        fail(str(error), WRONG_USAGE)
    except BeingMade as error:
        fail(str(error), LOCKED)
    return WELL
