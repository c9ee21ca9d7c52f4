"""`wiesci`: the command line. Exit codes: 0 well, 1 some offices failed or a page was unusable, 2 wrong usage,
3 run unusable, 4 another run holds the lock, 5 disk or database."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from crawler import registry
from crawler.correct_command import correct
from crawler.database import DatabaseProblem, check_readable
from crawler.exits import DISK, LOCKED, SOME_FAILED, UNUSABLE, WELL, WRONG_USAGE
from crawler.options import data_option as _data_option
from crawler.options import fail as _fail
from crawler.options import failing as _explained
from crawler.options import register_of as _register_of
from crawler.run import NEWS, AlreadyRunning, Limits, locked

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


_port_option = click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Where to serve; 0 takes a free one."
)


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
@click.option("--due", is_flag=True, help="Only lists and articles whose time has come; what a schedule calls.")
@click.option("--deep", is_flag=True, help="Walk whole archives, newest first; goes on where it was stopped.")
@_data_option
@_explained
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

    register = registry.load()
    offices = register.select(office_ids, kinds=kinds, voivodeships=voivodeships)
    if not offices:
        _fail("no office is of that kind in that voivodeship", WRONG_USAGE)
    with locked(data):
        return crawl_and_tell(
            data,
            register,
            offices,
            settings_with({}),
            Limits(list_pages=pages, articles=limit, due=due, deep=deep),
            command=_typed(),
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
    from crawler.operating import crawl_and_tell
    from crawler.practice.demo import PracticeWeb, unexpected
    from crawler.publish.serve import listen
    from crawler.publish.serve import serve as serve_database

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


@main.command()
@_KIND
@_VOIVODESHIP
@click.option("--coverage", is_flag=True, help="What is covered, and what is doubtful.")
@_explained
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
    if url is not None and not url.lower().startswith(("http://", "https://")):
        _fail(f"--url: '{url}' is not an http address", WRONG_USAGE)
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

        try:
            text, _ = decode(body)
        except normalize.Unusable as unusable:
            click.echo(json.dumps({"unusable": unusable.reason}))
            _fail(f"{file}: not a text ({unusable})", SOME_FAILED)
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
    from crawler.operating import rebuild_and_tell

    register = _register_of(data)
    with locked(data):
        rebuild_and_tell(data, register)
    return WELL


@main.command()
@_data_option
@_explained
def verify(data: Path) -> int:
    """Look for damage in DATA: row hashes, bodies, search index, foreign keys; say what to do."""
    from crawler.verifying import verify as verify_data

    if not data.is_dir():
        _fail(f"{data} does not exist; crawl first (wiesci crawl, wiesci demo)", DISK)
    with locked(data):
        damage = verify_data(data)
    for one in damage:
        click.echo(str(one))
    if not damage:
        click.echo(f"{data}: every row is as it was written")
    return DISK if damage else WELL


@main.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Remove older copies in DIR but the last N.")
@_data_option
@_explained
def backup(folder: Path | None, keep: int | None, data: Path) -> int:
    """Copy DATA's databases and corrections into DIR (default: backups under DATA), verified; also during a crawl.

    `wiesci restore` puts a copy back, and keeps down what was taken down since.
    """
    from crawler.backing_up import back_up, thin

    copies = folder or data / "backups"
    click.echo(back_up(data, copies))
    for removed in thin(copies, keep) if keep else ():
        click.echo(f"removed {removed}")
    return WELL


@main.command()
@click.argument("copy", metavar="BACKUP", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_data_option
@_explained
def restore(copy: Path, data: Path) -> int:
    """Put BACKUP, a folder that `wiesci backup` made, in place of DATA's databases, which are kept beside.

    The copy is verified first. What was taken down and what was corrected since stays so: the lists of both count.
    """
    from crawler.operating import restore_and_tell

    with locked(data):
        restore_and_tell(copy, data)
    _withdraw(data, whole=True)
    return WELL


@main.command()
@_port_option
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
@_data_option
@_explained
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
        _fail("--address goes with --public", WRONG_USAGE)
    try:
        serving.base_of(address)
    except serving.NotAnAddress as error:
        _fail(str(error), WRONG_USAGE)
    if not (data / NEWS).exists():
        _fail(f"{data / NEWS} does not exist; crawl first (wiesci crawl, wiesci demo)", DISK)
    check_readable(data / NEWS, "news")
    if not public:
        _take_down(data)
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
    _withdraw(data)
    try:
        _take_down(data)
        made = make(data, made=datetime.now(UTC))
        click.echo(f"edition {made.id}: {made.articles} articles", err=True)
    except (SourcesFailed, DatabaseProblem, AlreadyRunning, BeingMade) as error:
        if before is None:
            if isinstance(error, SourcesFailed):
                _fail(f"{error} (without FILE: the first edition)", SOME_FAILED)
            if isinstance(error, BeingMade):
                _fail(str(error), LOCKED)
            raise
        click.echo(f"wiesci: no new edition; readers see that of {before.made}: {error}", err=True)


@main.command()
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
    from crawler.publish.exports import FORMATS, NotAnExport, Reload
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
        _fail(f"--since: {error}", WRONG_USAGE)
    except NotAnExport as error:
        _fail(str(error), WRONG_USAGE)
    for one in written:
        click.echo(f"{one.path.name}: {one.table.name}, {one.rows} rows")
    return WELL


@main.command()
@click.argument("file", metavar="[FILE]", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--even-so", is_flag=True, help="Also when an office fell in volume or lost a field.")
@_data_option
@_explained
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
        _fail(str(error), SOME_FAILED)
    except NotASnapshot as error:
        _fail(str(error), WRONG_USAGE)
    except BeingMade as error:
        _fail(str(error), LOCKED)
    return WELL


@main.command()
@click.argument("url")
@_data_option
@_explained
def why(url: str, data: Path) -> int:
    """Tell the whole story of one address: found where, asked for when, refused why, what became of it."""
    from crawler.why import tell

    story = tell(data, url, _register_of(data))
    for sentence in story.sentences:
        click.echo(sentence)
    return WELL


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
@click.option("--all", "everything", is_flag=True, help="Also the offices that are well.")
@click.option("--overdue", type=click.FloatRange(min=0), metavar="HOURS", help="A run must have finished within these.")
@click.option("--notify-command", metavar="COMMAND", help="Run it when something is newly wrong; it gets JSON.")
@click.option("--notify-url", metavar="URL", help="POST the same JSON there.")
@_data_option
@_explained
def health(
    as_json: bool,
    everything: bool,
    overdue: float | None,
    notify_command: str | None,
    notify_url: str | None,
    data: Path,
) -> int:
    """How each office stands: freshness, volume, filled fields, silence, completeness, its server."""
    from crawler import notices
    from crawler.archive import now
    from crawler.health import report, show

    def tell(told: notices.Told | None, code: int) -> int:
        try:
            if notify_command or notify_url:
                notices.send(told, data / "noticed", command=notify_command, webhook=notify_url)
        except notices.NoticeFailed as error:
            click.echo(f"wiesci: {error}", err=True)
            return code or SOME_FAILED
        return code

    late = None if overdue is None else timedelta(hours=overdue)
    try:
        found = report(data / NEWS, _register_of(data), now(), overdue=late)
    except (DatabaseProblem, registry.RegisterError) as error:
        tell(notices.notice_of(str(error), now()), DISK)
        raise
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        show(found, everything=everything)
    return tell(notices.notice(found), found.exit_code)


@main.command()
@click.argument("kind", type=click.Choice(["systemd", "cron", "ci"]), required=False)
@click.option("--every", "hours", type=click.Choice(["1", "2", "3", "4", "6", "8", "12"]), default="6", help="Hours.")
@click.option("--notify-command", metavar="COMMAND", help="What `wiesci health` is to run when something is wrong.")
@_data_option
@_explained
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


main.add_command(correct)


@main.group()
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
    return _data_option(click.argument("url", required=False)(command))


@suppress.command("add")
@click.option("--reason", help="Why, for the list alone.")
@click.option("--purge", is_flag=True, help="Also delete the pages' bodies from archive.db, leaving marked holes.")
@_what
@_explained
def suppress_add(reason: str | None, purge: bool, data: Path, **what: str | None) -> int:
    """Take down an address, an office, a content or a phrase.

    Readers of the public server no longer see it when this ends, whatever else runs.
    """
    from crawler.takedown import note, take_down

    kind, values = _suppressible(data, **what)
    register = _register_of(data)
    listed = {value: note(data, kind, value, reason=reason, purge=purge) for value in values}
    try:
        _withdraw(data)
    except DatabaseProblem as error:  # news.db is to hide it all the same; it is tried once more at the end
        click.echo(f"wiesci: {error}", err=True)
    try:
        with locked(data):
            for value in values:
                done = take_down(data, register, kind, value, reason=reason, purge=purge)
                new = f"{listed[value]} new on the list" if listed[value] else "it was on the list already"
                click.echo(f"{new}; articles hidden now: {len(done.articles)}; captures purged: {done.purged}")
                for article in done.articles:
                    click.echo(f"  {article}")
    except AlreadyRunning:
        click.echo("wiesci: it is on the list; news.db hides it after the run that goes on now", err=True)
        raise
    _withdraw(data, whole=True)
    return WELL


def _withdraw(data: Path, *, whole: bool = False) -> None:
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


@suppress.command("list")
@click.option("--json", "as_json", is_flag=True)
@_data_option
@_explained
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
@_data_option
@_explained
def suppress_merge(other: Path, data: Path) -> int:
    """Add what another list holds, as after restoring a backup: the union, nothing is ever taken off."""
    from crawler.suppression import merge

    with locked(data):
        new = merge(data, other)
    click.echo(f"{new} new on the list")
    _withdraw(data)
    _take_down(data)
    _withdraw(data, whole=True)
    return WELL


@suppress.command("test")
@_what
@_explained
def suppress_test(data: Path, **what: str | None) -> int:
    """Whether something is suppressed: 0 when it is, 1 when it is not."""
    from crawler.takedown import found

    kind, values = _suppressible(data, **what)
    rule = next((rule for value in values if (rule := found(data, kind, value))), None)
    click.echo(f"suppressed since {rule.since} ({rule.kind}, {rule.id})" if rule else "not suppressed")
    return WELL if rule else SOME_FAILED


def _take_down(data: Path) -> None:
    """Before anything is shown: hide what the list names and news.db still has (one of them was restored)."""
    from crawler.takedown import apply, outstanding

    if outstanding(data):
        with locked(data):
            articles, purged = apply(data, _register_of(data))
        click.echo(f"taken down: {len(articles)} articles; captures purged: {purged}", err=True)


def _suppressible(data: Path, **what: str | None) -> tuple[Any, list[str]]:
    """(kind, values) of the one thing that was named."""
    from crawler.takedown import content_of

    named = [(kind, value) for kind, value in what.items() if value is not None]
    if len(named) != 1:
        _fail("name one thing: an address, or --office, --content or --phrase", WRONG_USAGE)
    kind, value = named[0]
    if not value.strip():
        _fail("nothing is named; an empty value would hide nothing or everything", WRONG_USAGE)
    if kind == "office":
        _register_of(data).select([value])
    if kind == "content":
        texts = [Path(value).read_text(encoding="utf-8")] if Path(value).is_file() else content_of(data / NEWS, value)
        if not texts:
            _fail(f"{value}: no such file, and no article with this id or address", WRONG_USAGE)
        return kind, texts
    return {"url": "address"}.get(kind, kind), [value]


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
    return Path(os.environ.get("WIESCI_DATA", "data"))


def _typed() -> str:
    return " ".join(["wiesci", *sys.argv[1:]])[:200]
