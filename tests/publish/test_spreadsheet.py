"""A real spreadsheet opens the CSV for Polish Excel and the workbooks with the right numbers and letters."""

from __future__ import annotations

import csv
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pysqlite3
import pytest

from crawler.publish.exports import export
from tests.publish import newsroom

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice Calc (apt install libreoffice-calc)")
LETTERS = "Zażółć gęślą jaźń: ŁÓDŹ, „cudzysłów” – półpauza; średnik i 🙂"
FORMULA = '=1+1;"tekst"'
POLISH = "59,34,76,1,,1045,false,true"
"""Semicolon, quotes, UTF-8, from the first line; locale Polish: what a Polish Excel assumes."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export whose first article holds letters, a formula, leading zeros and decimals."""
    folder = tmp_path_factory.mktemp("spreadsheet")
    newsroom.build(folder / "news.db", articles=12, hostile=False)
    with closing(pysqlite3.connect(str(folder / "news.db"))) as connection:
        (id,) = connection.execute("SELECT min(id) FROM articles").fetchone()
        connection.execute(
            "UPDATE articles SET title = ?, lead = ?, author = '02' WHERE id = ?", (LETTERS, FORMULA, id)
        )
        for position, value in enumerate((0.1, 1234567.125, -2.5)):
            connection.execute(
                "INSERT INTO quantities VALUES (?, ?, ?, 'percent', NULL, 0, 'x', 'm', 'high', 0)",
                (id, position, value),
            )
        connection.commit()
    export(folder / "news.db", folder / "out", made=datetime(2026, 3, 2, tzinfo=UTC), formats=["excel", "xlsx"],
           tables=["articles", "quantities", "amounts"])  # fmt: skip
    return folder


def opened(folder: Path, name: str, to: str, *how: str) -> Path:
    """The file as LibreOffice has read it, written in another format."""
    assert SOFFICE is not None
    asked = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", *how]
    subprocess.run([*asked, "--convert-to", to, "--outdir", str(folder / "read"), str(folder / "out" / name)],
                   check=True, capture_output=True, timeout=300)  # fmt: skip
    return folder / "read" / f"{Path(name).stem}.{to.partition(':')[0]}"


def test_the_csv_for_excel_opens_with_numbers_and_letters(folder: Path) -> None:
    book = openpyxl.load_workbook(opened(folder, "articles.excel.csv", "xlsx", f"--infilter=CSV:{POLISH}"))
    heads, *rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    first = next(dict(zip(heads, row, strict=True)) for row in rows if row[heads.index("title")] == LETTERS)
    assert first["lead"] == "'" + FORMULA
    assert first["author"] == "'02"
    assert len(rows) == 12
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]  # type: ignore[union-attr]
    book = openpyxl.load_workbook(opened(folder, "quantities.excel.csv", "xlsx", f"--infilter=CSV:{POLISH}"))
    heads, *rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert sorted(row[heads.index("value")] for row in rows) == [-2.5, 0.1, 1234567.125]


def test_amounts_open_as_numbers_in_zlotys_beside_their_grosze(folder: Path) -> None:
    book = openpyxl.load_workbook(opened(folder, "amounts.excel.csv", "xlsx", f"--infilter=CSV:{POLISH}"))
    heads, *rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) > 3
    for row in rows:
        told = dict(zip(heads, row, strict=True))
        assert told["kwota"] == told["grosze"] / 100
        assert told["role_label"] in ("pula", "wartość całkowita")
        assert told["kwota_do"] is None


def test_a_workbook_opens_with_numbers_and_letters(folder: Path) -> None:
    read = opened(folder, "articles.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false")
    with read.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    first = next(row for row in rows if row["title"] == LETTERS)
    assert first["lead"] == FORMULA
    assert first["author"] == "02"
    read = opened(folder, "quantities.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false")
    with read.open(encoding="utf-8", newline="") as stream:
        assert sorted(float(row["value"]) for row in csv.DictReader(stream)) == [-2.5, 0.1, 1234567.125]
