"""Whole tables as files made with the edition: their page, and the files with ranges and validators (RFC 9110)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import Any

from datasette.utils.asgi import NotFound, Response

from crawler.publish.exports.package import DESCRIPTOR, README
from crawler.publish.polish import WARSAW, day, size
from crawler.publish.public.editions import Edition, instant_of
from crawler.publish.validators import fresh

ADDRESS = "pliki"
PIECE = 1 << 18
AGE = 60
"""Seconds for which a copy may be taken for the newest; an edition's own addresses never change."""
FOREVER = 31_536_000
TYPES: Mapping[str, str] = {
    ".csv": "text/csv; charset=utf-8",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain; charset=utf-8",
    ".gz": "application/gzip",
}
NAMES: Mapping[str, str] = {
    "csv": "CSV",
    "excel": "CSV dla Excela",
    "xlsx": "XLSX",
    "json": "JSON",
    "ndjson": "NDJSON",
    "parquet": "Parquet",
    "sqlite": "SQLite",
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, kw_only=True)
class Offered:
    """One table in one format."""

    name: str
    path: str
    bytes: int
    packed: int | None
    """Bytes of the same file as it travels compressed, where there is one."""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A table and the files that hold all of it."""

    table: str
    title: str
    rows: int
    files: Sequence[Offered]


def routes() -> list[tuple[str, Any]]:
    return [
        (rf"/{ADDRESS}$", page),
        (rf"/{ADDRESS}/(?:(?P<edition>\d{{8}}T\d{{12}}Z)/)?(?P<name>[a-z_]+(?:\.[a-z]+)+|{README})$", file),
    ]


def edition_of(datasette: Any) -> Edition | None:
    """The edition that this Datasette serves; None where it serves the crawl's own database."""
    edition: Edition | None = getattr(datasette, "edition", None)
    return edition


async def page(datasette: Any, request: Any) -> Any:
    """What there is to take home, how large it is and by which sum it is checked."""
    edition = _edition(datasette)
    try:
        tables, together = offered(edition)
    except FileNotFoundError:  # something was taken down: readers have another edition in a moment
        tables, together = (), ()
    made = instant_of(edition.id).astimezone(WARSAW)
    context = {
        "edition": edition,
        "tables": tables,
        "together": together,
        "address": ADDRESS,
        "made": f"{day(made.date().isoformat())}, {made:%H:%M}",
        "size": size,
    }
    return Response.html(await datasette.render_template("pliki.html", context, request=request))


def offered(edition: Edition) -> tuple[Sequence[Whole], Sequence[Offered]]:
    """The tables, each with its files; and the files that hold all tables together."""
    described = json.loads((edition.files / DESCRIPTOR).read_text(encoding="utf-8"))
    tables: dict[str, list[Offered]] = {}
    told: dict[str, tuple[str, int]] = {}
    together: dict[str, Offered] = {}
    for resource in described["resources"]:
        one = _offered(edition, NAMES[resource["format_name"]], resource["path"])
        told[resource["table"]] = (resource["title"], resource["rows"])
        files = tables.setdefault(resource["table"], [])
        if resource["format_name"] == "sqlite":
            together[one.path] = one
        else:
            files.append(one)
    for name, path in (("Opis danych (Data Package)", DESCRIPTOR), ("Objaśnienia", README)):
        together[path] = _offered(edition, name, path)
    wholes = [Whole(table=name, title=told[name][0], rows=told[name][1], files=files) for name, files in tables.items()]
    return wholes, list(together.values())


def _offered(edition: Edition, name: str, path: str) -> Offered:
    packed = edition.files / f"{path}.gz"
    return Offered(
        name=name,
        path=path,
        bytes=(edition.files / path).stat().st_size,
        packed=packed.stat().st_size if packed.exists() else None,
    )


async def file(datasette: Any, request: Any, send: Any) -> None:
    """A file, a range of it, or word that it has not changed."""
    edition = _edition(datasette)
    name = request.url_vars["name"]
    asked = request.url_vars["edition"]
    id = asked or edition.id
    path = edition.folder.parent / id / edition.files.name / name
    packed = path.with_name(f"{name}.gz")
    zipped = "gzip" in _accepted(request) and packed.exists()
    try:
        stream = (packed if zipped else path).open("rb")
    except FileNotFoundError:
        raise NotFound("tego pliku nie ma w tym wydaniu") from None
    with stream:
        length = stream.seek(0, 2)
        made = instant_of(id)
        tag = f'"{id}-{length}{"-gzip" if zipped else ""}"'
        headers = {
            "etag": tag,
            "last-modified": format_datetime(made.astimezone(UTC), usegmt=True),
            "accept-ranges": "bytes",
            "vary": "Accept-Encoding",
            "cache-control": f"public, max-age={FOREVER}, immutable" if asked else f"public, max-age={AGE}",
            "content-location": datasette.urls.path(f"{ADDRESS}/{id}/{name}"),
        }
        if fresh(request, tag, made):
            await _answer(send, 304, headers)
            return
        headers |= {
            "content-type": TYPES[path.suffix],
            "content-disposition": f'attachment; filename="wiesci-{name}"',
            **({"content-encoding": "gzip"} if zipped else {}),
        }
        wanted = _range(request, length, tag)
        if wanted is None:
            await _answer(send, 416, {**headers, "content-range": f"bytes */{length}"})
            return
        first, last = wanted
        if last - first + 1 == length:
            status = 200
        else:
            status = 206
            headers["content-range"] = f"bytes {first}-{last}/{length}"
        left = last - first + 1
        headers["content-length"] = str(left)
        await send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
        if request.method == "HEAD" or not left:
            await send({"type": "http.response.body", "body": b""})
            return
        stream.seek(first)
        gone = asyncio.ensure_future(_gone(request))
        try:
            while left > 0 and not gone.done():
                piece = stream.read(min(PIECE, left))
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
                await asyncio.sleep(0)  # a send to somebody who has left returns at once, and others wait
        finally:
            gone.cancel()


async def _gone(request: Any) -> None:
    """Returns when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _edition(datasette: Any) -> Edition:
    edition = edition_of(datasette)
    if edition is None:
        raise NotFound("gotowe pliki są w serwisie publicznym; tutaj całość zapisuje polecenie wiesci export")
    return edition


def _accepted(request: Any) -> set[str]:
    """Codings that the client takes."""
    told = [one.partition(";") for one in request.headers.get("accept-encoding", "").split(",")]
    return {name.strip().lower() for name, _, quality in told if quality.replace(" ", "") not in ("q=0", "q=0.0")}


def _range(request: Any, size: int, tag: str) -> tuple[int, int] | None:
    """First and last byte wanted: all of them unless one satisfiable range is asked for; None: it is not."""
    whole = (0, size - 1)
    asked = request.headers.get("range")
    if not asked or request.headers.get("if-range", tag) != tag:
        return whole
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found[0] == "bytes=-":
        return whole  # several ranges, or none that the standard knows: all of it may be sent
    if not found[1]:
        length = int(found[2][:18])
        return (max(0, size - length), size - 1) if length and size else None
    first = int(found[1][:18])
    last = min(int(found[2][:18]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2][:18]) < first:
        return whole
    return (first, last) if first < size else None


async def _answer(send: Any, status: int, headers: Mapping[str, str]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _raw(headers)})
    await send({"type": "http.response.body", "body": b""})


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
