"""XLSX: a workbook a table, every text typed as text (so no cell is a formula), nothing shortened.

A cell of Excel holds 32,767 characters and a sheet 1,048,576 rows: longer texts go on in the sheet CONTINUED, further
rows in further sheets. What XML cannot hold (control characters) is written as the standard says: `_x0007_`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from crawler.database import Connection
from crawler.publish.exports.tables import Counted, Table

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
PIECE = 16_000
"""Code points; at most twice as many of the UTF-16 units that Excel counts."""
CONTINUED = "ciag_dalszy"
MONEY = "#,##0.00"
"""As a spreadsheet shows it in its own language: 6 120 000,00."""
LARGEST_INTEGER = 2**53
_FORBIDDEN = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\0-\x08\x0b-\x1f\ufffe\uffff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Xlsx:
    name = "xlsx"
    suffix = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    encoding: str | None = None
    for_readers = True
    inner = False

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._most_rows = most_rows

    def path(self, folder: Path, table: str) -> Path:
        return folder / f"{table}{self.suffix}"

    def write(self, connection: Connection, table: Table, path: Path, chosen: str | None) -> int:
        rows = Counted(connection.execute(table.select(chosen=chosen)))
        amounts = {number for number, column in enumerate(table.columns) if column.amount}
        self.save(path, table.name, [column.name for column in table.columns], rows, amounts)
        return rows.count

    def save(self, path: Path, title: str, names: Sequence[str], rows: Counted, amounts: Collection[int] = ()) -> None:
        """Write rows as they come; openpyxl keeps what is written in a temporary file. `amounts`: columns of money."""
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        book = Workbook(write_only=True)
        sheet, sheets, line = None, 0, self._most_rows
        continued: list[tuple[str, int, int, str]] = []
        overflow = None
        cells: list[Any] = []
        for row in rows:
            if line >= self._most_rows:
                sheets += 1
                sheet = _sheet(book, title if sheets == 1 else f"{title} {sheets}", names)
                cells = [WriteOnlyCell(sheet) for _ in names]
                for number in amounts:
                    cells[number].number_format = MONEY
                line = 1
            line += 1
            assert sheet is not None
            for number, value in enumerate(row):
                cell = cells[number]
                if isinstance(value, str):
                    cell._value, cell.data_type = _text(value, continued, sheet.title, line, number + 1), "s"
                elif isinstance(value, int) and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
                    cell._value, cell.data_type = str(value), "s"
                else:
                    cell._value, cell.data_type = value, "n"
            sheet.append([cell if cell._value is not None else None for cell in cells])
            if continued:
                if overflow is None:
                    overflow = _sheet(book, CONTINUED, ["arkusz", "wiersz", "kolumna", "tekst"])
                for place, at, number, piece in continued:
                    told = WriteOnlyCell(overflow)
                    told._value, told.data_type = _escaped(piece), "s"
                    overflow.append([place, at, number, told])
                continued.clear()
        if sheet is None:
            _sheet(book, title, names)
        book.save(path)

    def read(self, path: Path, table: Table) -> Iterator[tuple[Any, ...]]:
        """The rows as they stood in the table."""
        from openpyxl import load_workbook

        book = load_workbook(path, read_only=True)
        rest: dict[tuple[str, int, int], str] = {}
        if CONTINUED in book.sheetnames:
            for place, line, number, piece in book[CONTINUED].iter_rows(min_row=2, values_only=True):
                at = (str(place), int(str(line)), int(str(number)))
                rest[at] = rest.get(at, "") + _unescaped(str(piece))
        types = [column.type for column in table.columns]
        for title in book.sheetnames:
            if title == CONTINUED:
                continue
            for line, cells in enumerate(book[title].iter_rows(min_row=2, values_only=True), 2):
                values = [*cells, *[None] * (len(types) - len(cells))]
                yield tuple(
                    _value(value, kind, rest.get((title, line, number), ""))
                    for number, (value, kind) in enumerate(zip(values, types, strict=True), 1)
                )
        book.close()

    def count(self, path: Path, table: Table) -> int:
        """Rows of all sheets but the headings, counted in the file's XML."""
        count = 0
        with ZipFile(path) as archive:
            titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', archive.read("xl/workbook.xml").decode())
            for number, title in enumerate(titles, 1):
                if title == CONTINUED:
                    continue
                with archive.open(f"xl/worksheets/sheet{number}.xml") as stream:
                    count += _rows_in(stream) - 1
        return count


def _sheet(book: Any, title: str, names: Sequence[str]) -> Any:
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(names))
    return sheet


def _rows_in(stream: Any) -> int:
    count, tail = 0, b""
    while piece := stream.read(1 << 20):
        piece = tail + piece
        count += piece.count(b"<row ")
        tail = piece[-4:]
    return count


def _text(text: str, continued: list[tuple[str, int, int, str]], sheet: str, line: int, number: int) -> str:
    if not text.strip("'"):
        return "'" + text  # an empty cell is no value; an empty text is a lone apostrophe
    if len(text) > PIECE and (len(text) > LONGEST_CELL or len(text.encode("utf-16-le")) > 2 * LONGEST_CELL):
        for start in range(PIECE, len(text), PIECE):
            continued.append((sheet, line, number, text[start : start + PIECE]))
        text = text[:PIECE]
    return _escaped(text)


def _escaped(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _value(value: Any, kind: str, rest: str) -> Any:
    if value is None:
        return None
    if kind == "integer":
        return int(value)
    if kind == "number":
        return float(value)
    text = str(value)
    return _unescaped(text) + rest if text.strip("'") else text[1:]
