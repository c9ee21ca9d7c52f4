"""For those who ask about one page: how it is read (`wiesci extract`, `wiesci facts`), and its story (`wiesci why`)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import click

from crawler import registry
from crawler.exits import SOME_FAILED, WELL, WRONG_USAGE
from crawler.options import data_option, fail, failing, register_of


@click.command()
@click.argument("source", metavar="FILE|URL")
@click.option("--url", help="The address the file was saved from.")
@click.option("--office", "office_id", help="Id of the office it is of.")
@click.option("--fetched", type=str, help="When it was fetched (ISO 8601, as in 2024-03-05T10:00+01:00); default now.")
@click.option("--json", "as_json", is_flag=True, help="The whole record as JSON.")
@failing
def extract(source: str, url: str | None, office_id: str | None, fetched: str | None, as_json: bool) -> int:
    """Understand one page: its record, with where each value comes from."""
    from crawler.extracting import capture_of
    from crawler.fetching import NotFetched
    from normalize import Unusable, normalize

    register = registry.load()
    if office_id is not None:
        register.select([office_id])
    if url is not None and not url.lower().startswith(("http://", "https://")):
        fail(f"--url: '{url}' is not an http address", WRONG_USAGE)
    try:
        capture = capture_of(source, url=url, office_id=office_id, fetched=_instant(fetched), register=register)
    except NotFetched as error:
        click.echo(json.dumps({"unusable": error.outcome}))
        fail(str(error), SOME_FAILED)
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


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--reference", type=str, help="The day the text is of (2024-03-05): supplies missing years.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@failing
def facts(file: str, reference: str | None, as_json: bool) -> int:
    """The facts of a plain text (- for standard input); its lines are its paragraphs."""
    import normalize
    from crawler.extracting import show

    day = None
    if reference is not None:
        try:
            day = date.fromisoformat(reference)
        except ValueError:
            fail(f"--reference: '{reference}' is not a day; write it as 2024-03-05", WRONG_USAGE)
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
            fail(f"{file}: not a text ({unusable})", SOME_FAILED)
    found = normalize.facts(text, reference=day).as_dict()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(found)
    return WELL


@click.command()
@click.argument("url")
@data_option
@failing
def why(url: str, data: Path) -> int:
    """Tell the whole story of one address: found where, asked for when, refused why, what became of it."""
    from crawler.why import tell

    story = tell(data, url, register_of(data))
    for sentence in story.sentences:
        click.echo(sentence)
    return WELL


def _instant(text: str | None) -> datetime:
    from zoneinfo import ZoneInfo

    if text is None:
        click.echo("wiesci: no --fetched given: taken as fetched now", err=True)
        return datetime.now(UTC)
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--fetched: '{text}' is not an instant; write it as 2024-03-05T10:00", WRONG_USAGE)
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo("Europe/Warsaw"))
