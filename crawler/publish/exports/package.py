"""datapackage.json: what the files hold, how much of it, whose it is; and the check that they hold it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.database import Connection, DatabaseProblem
from crawler.publish import dictionary
from crawler.publish.exports.formats import FORMATS, Format
from crawler.publish.exports.tables import Table

DESCRIPTOR = "datapackage.json"
README = "CZYTAJ.txt"
NAME = "wiesci"

TERMS = (
    "Treść artykułów należy do ich wydawców; ponowne wykorzystanie wymaga podania źródła, czasu wytworzenia"
    " i pozyskania informacji oraz tego, że została przetworzona. Licencja źródła, jeżeli ją podało, stoi"
    " w każdym wierszu (source_licence); puste pole znaczy: nie wiadomo."
)
MARKED = (
    "Tekst, który arkusz wziąłby za formułę (zaczyna się od = + - @, tabulatora, końca wiersza albo apostrofu),"
    " ma z przodu apostrof; pusty tekst to sam apostrof, a puste pole znaczy: brak wartości."
    " Odjęcie jednego apostrofu z początku każdego takiego tekstu daje oryginał."
)
FOR_READERS = (
    " Obok wartości dokładnych stoją kolumny dla czytających: kwota i kwota_do (grosze przeliczone na złote albo na"
    " walutę z kolumny currency) oraz polskie nazwy kodów (…_label)."
)
GONE = "Tabela gone mówi, które zniknęły, zostały dołączone do innych albo usunięte na życzenie (te usuń u siebie)."
NOTES: Mapping[str, str] = {
    "csv": f"UTF-8, przecinek. {MARKED}",
    "excel": (
        f"CSV dla polskiego Excela: UTF-8 z BOM, średnik, przecinek dziesiętny. {MARKED}"
        " Tak samo oznaczono cyfry, które Excel by zmienił: z zerem na początku („02”), długie i z literą e („12e7”)."
        f"{FOR_READERS}"
    ),
    "xlsx": (
        "Każdy tekst zapisano jako tekst, więc żaden nie jest formułą. Teksty dłuższe niż mieści komórka"
        " mają dalszy ciąg w arkuszu ciag_dalszy, a dalsze wiersze w kolejnych arkuszach."
        " Pusty tekst to sam apostrof; znaki sterujące zapisano jak w standardzie: _x0007_."
        f"{FOR_READERS}"
    ),
    "json": "Jedna tablica, każdy wiersz w osobnej linii.",
    "ndjson": "Jeden obiekt w linii.",
    "parquet": "Kolumny z typami, grupy wierszy, zstd.",
    "sqlite": "Wszystkie tabele w jednym pliku; tylko tu jest kolumna lemmas, której używa samo wyszukiwanie.",
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """One table in one format."""

    table: Table
    format: Format
    path: Path
    rows: int


def describe(
    folder: Path,
    written: Sequence[Written],
    connection: Connection,
    *,
    made: datetime,
    since: str | None,
    chosen: Mapping[str, Sequence[str]],
    cursor: str | None = None,
) -> None:
    """Write datapackage.json and a short explanation in Polish. `cursor`: since when the next one goes on."""
    described = {
        "profile": "data-package",
        "name": NAME,
        "title": "Wieści: aktualności publicznych służb zatrudnienia",
        "description": "News of Poland's public employment services. Rows of a file stand in no particular order.",
        "version": "1",
        "created": made.isoformat(timespec="seconds"),
        "since": since,
        **({"cursor": cursor} if cursor else {}),
        "chosen": {name: list(values) for name, values in chosen.items() if values},
        "terms": TERMS,
        "licenses": [{"name": "other", "title": TERMS}],
        "sources": _sources(connection),
        "resources": [_resource(folder, one) for one in written],
    }
    (folder / DESCRIPTOR).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / README).write_text(_readme(written, made, since, cursor), encoding="utf-8")


def check(folder: Path) -> dict[str, int]:
    """File and table -> rows, each file read again: its hash, size and rows against datapackage.json.

    Raises DatabaseProblem naming the file that does not hold what it should.
    """
    described = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    hashes: dict[str, str] = {}
    counts = {}
    for resource in described["resources"]:
        path = folder / resource["path"]
        if not path.is_file():
            raise DatabaseProblem(f"{path} is missing from the package; export again")
        if resource["path"] not in hashes:
            hashes[resource["path"]] = _hash(path)
        if hashes[resource["path"]] != resource["hash"] or path.stat().st_size != resource["bytes"]:
            raise DatabaseProblem(f"{path} is not the file that was written (its SHA-256 differs); export again")
        rows = FORMATS[resource["format_name"]].count(path, table_of(resource))
        if rows != resource["rows"]:
            raise DatabaseProblem(f"{path}: {rows} rows of {resource['rows']}; export again")
        counts[f"{resource['path']}#{resource['table']}"] = rows
    return counts


def table_of(resource: Mapping[str, Any]) -> Table:
    """The table a resource holds, as far as reading it needs."""
    from crawler.publish.exports.tables import SOURCE, Column

    fields = [
        Column(name=field["name"], type=field["type"], tells=field.get("tells"))
        for field in resource["schema"]["fields"]
    ]
    return Table(
        name=resource["table"],
        title=resource["title"],
        description="",
        own=[column for column in fields if column.name not in SOURCE and column.tells is None],
        beside=[column for column in fields if column.tells is not None],
        key=resource["schema"].get("primaryKey") or [],
        references=[],
        source=[],
        joins="",
        articles=None,
    )


def _resource(folder: Path, one: Written) -> dict[str, Any]:
    table, format_ = one.table, one.format
    described: dict[str, Any] = {
        "name": f"{table.name}-{format_.name}".replace("_", "-"),
        "title": table.title,
        "description": table.description,
        "notes": NOTES[format_.name],
        "path": one.path.name,
        "table": table.name,
        "format": one.path.suffix.lstrip("."),
        "format_name": format_.name,
        "mediatype": format_.media_type,
        "bytes": one.path.stat().st_size,
        "hash": _hash(one.path),
        "rows": one.rows,
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": column.type,
                    "title": dictionary.title(column.description, column.name),
                    "description": column.description,
                    **({"tells": column.tells} if column.tells else {}),
                }
                for column in table.columns
            ],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": [column],
                    "reference": {"resource": f"{other}-{format_.name}".replace("_", "-"), "fields": [key]},
                }
                for column, other, key in table.references
            ],
            "missingValues": [""],
        },
    }
    if format_.encoding:
        described["encoding"] = "utf-8"
    if format_.name in ("csv", "excel"):
        excel = format_.name == "excel"
        described["dialect"] = {"delimiter": ";" if excel else ",", "doubleQuote": True, "lineTerminator": "\r\n"}
        if excel:
            for field in described["schema"]["fields"]:
                if field["type"] == "number":
                    field["decimalChar"] = ","
    if format_.name == "sqlite":
        described["dialect"] = {"table": table.name}
    return described


def _sources(connection: Connection) -> list[dict[str, str]]:
    return [
        {"title": name, "path": url, **({"licence": licence} if licence else {})}
        for name, url, licence in connection.execute("SELECT name, url, licence FROM offices ORDER BY id")
    ]


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _readme(written: Sequence[Written], made: datetime, since: str | None, cursor: str | None) -> str:
    lines = [
        "Wieści: aktualności publicznych służb zatrudnienia",
        f"Zapisano: {made.isoformat(timespec='seconds')}",
        *([f"Tylko artykuły, które przybyły albo zmieniły się od: {since}. {GONE}"] if since else []),
        *([f"Następnym razem same zmiany: wiesci export --since {cursor}"] if cursor else []),
        "",
        TERMS,
        "",
        "Kolumny source_* powtarzają w każdym wierszu, skąd on pochodzi. Opis wszystkich kolumn, liczby wierszy i sumy",
        f"SHA-256 plików są w {DESCRIPTOR}. Kolejność wierszy nic nie znaczy.",
        "",
        *(f"{name}: {NOTES[name]}" for name in dict.fromkeys(one.format.name for one in written)),
        "",
        *(f"{one.path.name}: {one.table.title}, wierszy: {one.rows}" for one in written),
    ]
    return "\n".join(lines) + "\n"
