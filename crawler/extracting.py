"""One page from a file or an address, and its record on a terminal."""

from __future__ import annotations

import html
import mimetypes
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from crawler.registry import Register
from normalize.charset import decode
from normalize.model import Capture


def capture_of(
    source: str, *, url: str | None, office_id: str | None, fetched: datetime, register: Register
) -> Capture:
    """The file, or what the address answers (under the crawler's own manners and guard).

    Raises click.UsageError when there is no such file.
    """
    office = register.offices[office_id] if office_id else None
    if source.lower().startswith(("http://", "https://")):
        from crawler.fetching import fetch

        page = fetch(source)
        if office is None:
            office = next(iter(register.at(page.url)), None)
        return Capture(
            url=url or page.url, body=page.body, content_type=page.content_type, fetched=fetched, office=office
        )
    path = Path(source)
    if not path.is_file():
        raise click.UsageError(f"no file '{source}' here, and it is not an http address")
    if office is None and url is not None:
        office = next(iter(register.at(url)), None)
    body, content_type = path.read_bytes(), _content_type(path)
    if path.suffix.lower() in (".txt", ".md"):
        body, content_type = _as_page(body), "text/html; charset=utf-8"
    return Capture(
        url=url or path.resolve().as_uri(), body=body, content_type=content_type, fetched=fetched, office=office
    )


def show(record: dict[str, Any]) -> None:
    """The record as a person reads it: a line a value, lists indented."""
    console = Console(highlight=False, soft_wrap=True)
    for key, value in record.items():
        if key in ("blocks", "keys", "call"):
            continue
        if isinstance(value, list):
            console.print(f"{key}:" if value else f"{key}: –", markup=False)
            for item in value:
                console.print("  " + _line(item), markup=False)
        elif isinstance(value, dict):
            console.print(f"{key}:", markup=False)
            for name, item in value.items():
                console.print(f"  {name}  {_line(item)}", markup=False)
        else:
            console.print(f"{key}: {'–' if value is None else value}", markup=False)


def _line(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    shown = {name: value for name, value in item.items() if value not in (None, [], False) and name != "raws"}
    return "  ".join(f"{name}={_line(value)}" for name, value in shown.items())


def _as_page(body: bytes) -> bytes:
    """A text file as the plainest of pages: its lines are its paragraphs, the first one its heading."""
    text, _ = decode(body)
    first, *lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return f"<html><body><main><h1>{html.escape(first)}</h1>{paragraphs}</main></body></html>".encode()


def _content_type(path: Path) -> str | None:
    if path.suffix.lower() in (".html", ".htm", ""):
        return None  # the page's own words about its charset count, not a guess from the name
    return mimetypes.guess_type(path.name)[0]
