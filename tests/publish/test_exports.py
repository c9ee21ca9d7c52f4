"""Exports hold each row once, as it is; they open in spreadsheets without harm; they are there whole or not at all."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pysqlite3
import pytest
from click.testing import CliRunner

from crawler import suppression
from crawler.cli import main
from crawler.database import DatabaseProblem, open_database
from crawler.publish.exports import FORMATS, NotAnExport, Reload, check, export, marks
from crawler.publish.exports.package import DESCRIPTOR, table_of
from crawler.publish.exports.tables import SOURCE, Counted
from crawler.publish.exports.xlsx import Xlsx
from crawler.publish.since import Since
from crawler.publish.snapshot import NotASnapshot, publish
from tests.publish import newsroom

MADE = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = "2026-03-02T10:00:00.000Z"

HOSTILE = [
    *("=1+1", '=HYPERLINK("http://zle.test";"kliknij")', "=cmd|' /C calc'!A0", "+48 41 364 16 00", "-5", "@SUM(A1)"),
    *("\t=1", "\r=1", "\n=1", " =1", "\ufeff=1", "\u200b=1", "\0=1", "＝1", "＋1", "－1", "＠1"),
    *("--", "-", "=", "+", "@", "'", "''", "'=1", "'tekst", "", " ", "\t", "\n", "\r", "\r\n"),
    *("a\rb", "a\nb", "a\r\nb", "\n\n", "a\n", "\na", '"', '""', '"a"', 'a"b', '",', '";"'),
    *("a,b", "a;b", "a\tb", "a|b", ",", ";", '";=1+1;"', 'a";=1', "\\", "\\n"),
    *("\0", "a\0b", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x7f", "\x85", "\xa0", "\u2028", "\u2029"),
    *("\ufffe", "\uffff", "\ufeff", "\ufffd", "_x0041_", "_x000D_", "_x0000_=1"),
    *("&amp;", "<b>", "]]>", "&#0;", "<![CDATA[", "TRUE", "NULL", "None", "NaN"),
    *("02", "0012", "1234567890123456", "12e7", "1E5", "1,5", "1.5", "2024-03-05", "3/4"),
    *("zażółć gęślą jaźń", "ŁÓDŹ", "żołądź\u0301", "🙂", "👩\u200d👩\u200d👧", "𝒳", "\u202eodwrotnie"),
    *("مرحبا", "שלום", "א=1"),
    *("ł" * 32_767, "🙂" * 20_000, "ą" * 100_001, "x" * 131_073),
]  # fmt: skip


@pytest.fixture(scope="module")
def hostile_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each hostile cell is the title and the author of an article."""
    path = newsroom.build(tmp_path_factory.mktemp("hostile") / "news.db", articles=len(HOSTILE), hostile=False)
    with closing(pysqlite3.connect(str(path))) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id")]
        connection.executemany("UPDATE articles SET title = ?, author = ? WHERE id = ?",
                               [(text, text, id) for text, id in zip(HOSTILE, ids, strict=True)])  # fmt: skip
        connection.execute(
            "INSERT INTO quantities VALUES (?, 0, 0.1, 'percent', NULL, 0, '0,1 %', 'm', 'high', 0),"
            " (?, 1, 1234567.125, 'persons', '', 1, '-1', 'm', 'high', NULL),"
            " (?, 2, 1e300, 'x',"
            " '=1', 1, '', '', '', 9)",
            (ids[0], ids[0], ids[0]),
        )
        connection.execute("UPDATE amounts SET grosze = 9007199254740993, grosze_to = -5 WHERE article = "
                           "(SELECT min(article) FROM amounts)")  # fmt: skip
        connection.commit()
    return path


def rows_of(path: Path, table: str, without: str = "") -> list[tuple[Any, ...]]:
    with closing(pysqlite3.connect(str(path))) as connection:
        info = connection.execute("SELECT name FROM pragma_table_xinfo(?) WHERE name != ?", (table, without))
        names = ", ".join(f'"{row[0]}"' for row in info)
        return sorted(connection.execute(f"SELECT {names} FROM {table}"), key=repr)


def resources(folder: Path) -> Iterator[dict[str, Any]]:
    yield from json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]


def imported(folder: Path, resource: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a resource, by datapackage.json alone: the table's own columns."""
    table = table_of(resource)
    read = FORMATS[resource["format_name"]].read(folder / resource["path"], table)
    return sorted((row[: len(table.own)] for row in read), key=repr)


def test_there_are_a_hundred_hostile_cells_or_more() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_export_read_back_equals_every_table(hostile_database: Path, tmp_path: Path, format_name: str) -> None:
    """All its columns; those of the search alone (`lemmas`, made of title and text) are in SQLite."""
    export(hostile_database, tmp_path / "out", made=MADE, formats=[format_name])
    without = "" if format_name == "sqlite" else "lemmas"
    seen = set()
    for resource in resources(tmp_path / "out"):
        rows = rows_of(hostile_database, resource["table"], without)
        assert imported(tmp_path / "out", resource) == rows, resource["path"]
        seen.add(resource["table"])
    assert {"articles", "calls", "dates", "amounts", "quantities", "offices", "places", "revisions"} <= seen
    assert not {"understood", "article_keys", "articles_fts", "bands"} & seen


def test_no_cell_of_a_csv_is_a_formula(hostile_database: Path, tmp_path: Path) -> None:
    export(hostile_database, tmp_path / "out", made=MADE, formats=["csv", "excel"], tables=["articles", "quantities"])
    for name, delimiter in (("articles.csv", ","), ("articles.excel.csv", ";"), ("quantities.excel.csv", ";")):
        with (tmp_path / "out" / name).open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream, delimiter=delimiter):
                assert not [cell for cell in row if cell.lstrip(" \t\r\n\0\ufeff\u200b")[:1] in tuple("=+-@＝＋－＠")]


def test_no_cell_of_a_workbook_is_a_formula(hostile_database: Path, tmp_path: Path) -> None:
    export(hostile_database, tmp_path / "out", made=MADE, formats=["xlsx"], tables=["articles"])
    book = openpyxl.load_workbook(tmp_path / "out/articles.xlsx")
    assert {cell.data_type for row in book["articles"].iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    assert "ciag_dalszy" in book.sheetnames
    assert max(len(str(cell.value).encode("utf-16-le")) // 2 for row in book["articles"].iter_rows() for cell in row
               if cell.value is not None) <= 32_767  # fmt: skip


def test_the_csv_for_excel_is_polish(hostile_database: Path, tmp_path: Path) -> None:
    export(hostile_database, tmp_path / "out", made=MADE, formats=["excel"], tables=["articles", "quantities"])
    content = (tmp_path / "out/quantities.excel.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfarticle;position;value;")
    assert b";0,1;percent;" in content
    assert b";1234567,125;persons;" in content
    assert "Wojewódzki Urząd Pracy w Łodzi" in (tmp_path / "out/articles.excel.csv").read_text(encoding="utf-8-sig")


def test_a_spreadsheet_has_amounts_and_words_beside_grosze_and_codes(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", made=MADE, formats=["excel", "xlsx", "csv", "ndjson"])
    with (tmp_path / "out/amounts.excel.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert rows[0].keys() >= {"grosze", "kwota", "kwota_do", "role", "role_label"}
    for row in rows:
        assert row["kwota"] == f"{row['grosze'][:-2]},{row['grosze'][-2:]}"
        assert row["role_label"] == {"pool": "pula", "total": "wartość całkowita"}[row["role"]]
    with (tmp_path / "out/articles.excel.csv").open(encoding="utf-8-sig", newline="") as stream:
        article = next(row for row in csv.DictReader(stream, delimiter=";") if row["voivodeship"] == "14")
    assert article["voivodeship_label"] == "mazowieckie"
    assert "lemmas" not in article
    book = openpyxl.load_workbook(tmp_path / "out/calls.xlsx")["calls"]
    heads = [cell.value for cell in book[1]]
    amount = book.cell(2, heads.index("kwota") + 1)
    assert amount.value == book.cell(2, heads.index("grosze") + 1).value / 100
    assert amount.number_format == "#,##0.00"
    assert book.cell(2, heads.index("event_label") + 1).value in ("ogłoszony", "unieważniony")
    for exact in ("amounts.csv", "amounts.ndjson", "articles.ndjson"):
        first = (tmp_path / "out" / exact).read_text(encoding="utf-8").splitlines()[0]
        assert "kwota" not in first
        assert "_label" not in first
        assert "lemmas" not in first


@pytest.mark.parametrize("text", ["02", "0012", "1234567890123456", "12e7", "1E5"])
def test_digits_that_excel_would_change_are_marked_for_it_alone(text: str) -> None:
    assert marks.kept_by_excel(text) == f"'{text}"
    assert marks.defused(text) == text
    assert marks.original(f"'{text}") == text


@pytest.mark.parametrize("text", ["2024-03-05", "1,5", "20", "0", "0,5", "Łódź", "praca"])
def test_what_a_spreadsheet_reads_rightly_is_left_alone(text: str) -> None:
    assert marks.kept_by_excel(text) == text == marks.defused(text)


def test_every_row_tells_where_it_comes_from(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", made=MADE, formats=["ndjson"])
    for resource in resources(tmp_path / "out"):
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert names[-len(SOURCE) :] == list(SOURCE)
        for line in (tmp_path / "out" / resource["path"]).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert row["source_name"] or resource["table"] in ("runs", "clusters"), resource["table"]
            if "article" in row:
                assert row["source_url"]
                assert row["source_obtained"] == "2026-03-02T06:00:00Z"


def test_the_package_describes_what_it_holds(database: Path, tmp_path: Path) -> None:
    written = export(database, tmp_path / "out", made=MADE, formats=list(FORMATS))
    described = json.loads((tmp_path / "out" / DESCRIPTOR).read_text(encoding="utf-8"))
    assert described["created"] == "2026-03-02T12:00:00+00:00"
    assert {source["title"] for source in described["sources"]} >= {"Powiatowy Urząd Pracy w Koninie"}
    assert "podania źródła" in described["licenses"][0]["title"]
    articles = next(one for one in described["resources"] if one["path"] == "articles.csv")
    assert articles["rows"] == 320
    assert articles["hash"].startswith("sha256:")
    assert articles["schema"]["primaryKey"] == ["id"]
    assert articles["schema"]["foreignKeys"][0]["reference"] == {"resource": "offices-csv", "fields": ["id"]}
    assert all(field["title"] and field["description"] for field in articles["schema"]["fields"])
    assert "formuł" in articles["notes"]
    assert len(check(tmp_path / "out")) == len(written)
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"CZYTAJ.txt", "wiesci.sqlite", "calls.xlsx"}


@pytest.mark.parametrize(
    "name",
    ["dates.csv", "dates.excel.csv", "dates.xlsx", "dates.json", "dates.ndjson", "dates.parquet", "wiesci.sqlite"],
)
def test_a_row_that_went_missing_is_noticed(database: Path, tmp_path: Path, name: str) -> None:
    format_name = {"excel.csv": "excel"}.get(name.split(".", 1)[1], name.rsplit(".", 1)[1])
    export(database, tmp_path / "out", made=MADE, formats=[format_name], tables=["dates"])
    described = json.loads((tmp_path / "out" / DESCRIPTOR).read_text())
    (resource,) = described["resources"]
    resource["rows"] += 1
    (tmp_path / "out" / DESCRIPTOR).write_text(json.dumps(described))
    with pytest.raises(DatabaseProblem, match="320 rows of 321"):
        check(tmp_path / "out")


def test_a_changed_file_is_noticed(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", made=MADE, tables=["offices"])
    with (tmp_path / "out/offices.csv").open("a") as stream:
        stream.write("\r\n")
    with pytest.raises(DatabaseProblem, match="SHA-256"):
        check(tmp_path / "out")


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path) -> None:
    rows = Counted(iter([(number, f"wiersz {number}") for number in range(25)]))
    Xlsx(most_rows=10).save(tmp_path / "many.xlsx", "wiersze", ["n", "tekst"], rows)
    book = openpyxl.load_workbook(tmp_path / "many.xlsx", read_only=True)
    assert book.sheetnames == ["wiersze", "wiersze 2", "wiersze 3"]
    values = [row[0] for title in book.sheetnames for row in book[title].iter_rows(min_row=2, values_only=True)]
    assert values == list(range(25))
    book.close()


def test_since_holds_only_what_became_different(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "news.db"
    with closing(pysqlite3.connect(str(database))) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    with closing(pysqlite3.connect(str(copy))) as connection:
        ids = [row[0] for row in connection.execute("SELECT article FROM amounts ORDER BY article LIMIT 3")]
        for column, id in zip(("first_seen", "changed", "gone"), ids, strict=True):
            connection.execute(f"UPDATE articles SET {column} = ? WHERE id = ?", (LATER, id))
        connection.execute("UPDATE articles SET gone_reason = '404' WHERE gone IS NOT NULL")
        connection.execute(
            "INSERT INTO aliases VALUES ('eeee', ?), ('dddd', (SELECT max(id) FROM articles))", (ids[1],)
        )
        connection.execute(
            "INSERT INTO taken_down VALUES ('ffff', '2026-03-02T09:30:00.000Z'), ('cccc', '2026-03-01T')"
        )
        connection.commit()
    export(copy, tmp_path / "out", made=MADE, since=Since.read("2026-03-02T09:00Z"), formats=list(FORMATS))
    counts = {one["table"]: one["rows"] for one in resources(tmp_path / "out")}
    assert counts["articles"] == counts["amounts"] == 3
    assert counts["offices"] == len(newsroom.SOURCES)
    assert json.loads((tmp_path / "out" / DESCRIPTOR).read_text())["since"] == "2026-03-02T09:00:00Z"
    for resource in (one for one in resources(tmp_path / "out") if one["table"] == "gone"):
        assert imported(tmp_path / "out", resource) == sorted(
            [
                (ids[2], LATER, "404", None),
                ("eeee", None, "merged", ids[1]),
                ("ffff", "2026-03-02T09:30:00.000Z", "taken_down", None),
            ],
            key=repr,
        ), resource["path"]


def test_an_export_goes_on_where_the_one_before_or_the_api_ended(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "news.db"
    with closing(pysqlite3.connect(str(database))) as source:
        source.execute("VACUUM INTO ?", (str(copy),))

    def cursor() -> str:
        told: str = json.loads((tmp_path / "out" / DESCRIPTOR).read_text())["cursor"]
        return told

    def articles() -> int:
        return next(one["rows"] for one in resources(tmp_path / "out") if one["table"] == "articles")

    export(copy, tmp_path / "out", made=MADE)
    assert articles() == 320
    export(copy, tmp_path / "out", made=MADE, since=Since.read(cursor()))
    assert articles() == 0
    with closing(pysqlite3.connect(str(copy), isolation_level=None)) as connection:
        connection.execute("UPDATE articles SET changed = ? WHERE office = 'pup-elk'", (LATER,))
        (changed,) = connection.execute("SELECT count(*) FROM articles WHERE office = 'pup-elk'").fetchone()
        export(copy, tmp_path / "out", made=MADE, since=Since.read(cursor()))
        assert articles() == changed
        assert cursor().startswith(f"{LATER}~")
        connection.execute(
            "INSERT INTO understood (version, outcome, run, office, seen) VALUES ('2', 'well', 'r', 'pup-elk', '2026')"
        )
        before = cursor()
        with pytest.raises(Reload):
            export(copy, tmp_path / "out", made=MADE, since=Since.read(before))
        assert cursor() == before


@pytest.mark.parametrize(("given", "count"), [("2026-03-01", 320), ("2026-03-01T07:00", 320),
                                              ("2026-03-01T06:00Z", 320), ("2026-03-01T07:00:01", 0)])  # fmt: skip
def test_since_on_the_command_line_is_polish_time_as_in_the_api(
    database: Path, tmp_path: Path, given: str, count: int
) -> None:
    asked = ["export", str(tmp_path / "out"), "--data", str(database.parent), "--since", given]
    ended = CliRunner().invoke(main, asked)
    assert ended.exit_code == 0, ended.output
    assert f"articles.csv: articles, {count} rows" in ended.output


@pytest.mark.parametrize("given", ["wczoraj", "2026-99", "", "2026-03-02T10:00~0123456789ab"])
def test_what_since_does_not_understand_is_told_with_its_own_name(database: Path, tmp_path: Path, given: str) -> None:
    asked = ["export", str(tmp_path / "out"), "--data", str(database.parent), "--since", given]
    ended = CliRunner().invoke(main, asked)
    if not given:
        assert ended.exit_code == 0
        return
    assert ended.exit_code == 2
    assert "wiesci: --since: " in ended.output
    assert "--fetched" not in ended.output
    assert not (tmp_path / "out").exists()


def test_a_filter_chooses_articles_and_what_belongs_to_them(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", made=MADE, chosen={"voivodeship": ["26"], "office": []})
    with closing(pysqlite3.connect(str(database))) as connection:
        (articles,) = connection.execute("SELECT count(*) FROM articles WHERE voivodeship = '26'").fetchone()
        (calls,) = connection.execute(
            "SELECT count(*) FROM calls JOIN offices ON offices.id = office WHERE voivodeship = '26'"
        ).fetchone()
    counts = {one["table"]: one["rows"] for one in resources(tmp_path / "out")}
    assert (counts["articles"], counts["calls"]) == (articles, calls)
    assert 0 < articles < 320


def test_a_new_export_takes_the_place_of_the_old_one_whole(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", made=MADE, formats=["json"], tables=["offices"])
    export(database, tmp_path / "out", made=MADE, formats=["csv"], tables=["runs"])
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"runs.csv", "datapackage.json", "CZYTAJ.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_something_else_in_it_is_refused(database: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("ważne")
    with pytest.raises(NotAnExport):
        export(database, tmp_path, made=MADE)
    assert (tmp_path / "letter.txt").read_text() == "ważne"


def test_a_full_disk_leaves_the_old_export(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(database, tmp_path / "out", made=MADE, tables=["offices"])
    before = (tmp_path / "out" / DESCRIPTOR).read_bytes()

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(FORMATS["csv"]), "write", full)
    with pytest.raises(DatabaseProblem, match="No space left on device"):
        export(database, tmp_path / "out", made=MADE)
    assert (tmp_path / "out" / DESCRIPTOR).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_kill_leaves_the_old_export_and_the_next_one_clears_up(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", made=MADE, tables=["offices"])
    before = (tmp_path / "out" / DESCRIPTOR).read_bytes()
    code = (
        "import os, signal, sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from crawler.publish.exports import export\n"
        "def kill(one):\n"
        "    if one.table.name == 'calls': os.kill(os.getpid(), signal.SIGKILL)\n"
        "export(Path(sys.argv[1]), Path(sys.argv[2]), made=datetime.now(UTC), progress=kill)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(database), str(tmp_path / "out")], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (tmp_path / "out" / DESCRIPTOR).read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2
    export(database, tmp_path / "out", made=MADE)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    check(tmp_path / "out")


def test_an_export_is_of_one_instant_whatever_is_written_meanwhile(database: Path, tmp_path: Path) -> None:
    copy = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    with closing(pysqlite3.connect(str(copy), isolation_level=None)) as writer:

        def write(_: object) -> None:
            writer.execute("DELETE FROM dates WHERE article IN (SELECT article FROM dates LIMIT 1)")

        export(copy, tmp_path / "out", made=MADE, formats=["csv", "json"], progress=write)
    counts = {one["path"]: one["rows"] for one in resources(tmp_path / "out")}
    assert counts["articles.csv"] == counts["dates.csv"] == counts["dates.json"] == 40


def test_the_command_says_what_it_wrote(database: Path, tmp_path: Path) -> None:
    asked = ["export", str(tmp_path / "out"), "--data", str(database.parent), "--format", "csv", "--format", "xlsx"]
    ended = CliRunner().invoke(main, asked)
    assert ended.exit_code == 0, ended.output
    assert "articles.csv: articles, 320 rows" in ended.output
    assert (tmp_path / "out/articles.xlsx").is_file()
    ended = CliRunner().invoke(main, ["export", str(tmp_path), "--data", str(database.parent)])
    assert ended.exit_code == 2


def test_a_crawl_does_not_pay_for_the_spreadsheets() -> None:
    code = "import sys, crawler.cli, crawler.publish.exports; print({'openpyxl', 'pyarrow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_a_published_copy_shows_the_same_and_keeps_the_machinery_at_home(database: Path, tmp_path: Path) -> None:
    news = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    with closing(pysqlite3.connect(str(news))) as connection:
        connection.execute(
            "INSERT INTO understood (version, outcome, run, office, seen, record)"
            " VALUES ('1', 'well', 'r', 'pup-elk', '2026-03-01T06:00:00.000Z', x'7b7d')"
        )
        connection.commit()
    publish(news, tmp_path / "public/news.db")
    made = publish(news, tmp_path / "public/news.db")
    assert made.articles == 40
    with closing(pysqlite3.connect(f"file:{tmp_path}/public/news.db?mode=ro", uri=True)) as copy:
        assert copy.execute("SELECT record FROM understood").fetchall() == [(None,)]
        found = "SELECT count(*) FROM articles_fts JOIN articles ON articles.rowid = articles_fts.rowid WHERE {} "
        matched = copy.execute(found.format("articles_fts MATCH 'starachowicach'")).fetchone()
        assert matched == copy.execute("SELECT count(*) FROM articles WHERE office = 'pup-starachowice'").fetchone()
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert rows_of(tmp_path / "public/news.db", "articles") == rows_of(news, "articles")
    assert sorted(path.name for path in (tmp_path / "public").iterdir()) == ["news.db"]


def test_a_damaged_database_is_not_published(tmp_path: Path) -> None:
    news = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    publish(news, tmp_path / "public.db")
    before = (tmp_path / "public.db").read_bytes()
    with closing(pysqlite3.connect(str(news))) as connection:
        connection.execute("DROP TRIGGER articles_updated")
        connection.execute("UPDATE articles SET title = 'całkiem inny tytuł' WHERE office = 'pup-elk'")
        connection.commit()
    with pytest.raises(DatabaseProblem, match="search index"):
        publish(news, tmp_path / "public.db")
    assert (tmp_path / "public.db").read_bytes() == before


def test_a_row_that_is_not_as_it_was_written_is_not_published(tmp_path: Path) -> None:
    news = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    open_database(news, "news").close()
    assert publish(news, tmp_path / "public.db").articles == 40
    with closing(pysqlite3.connect(str(news))) as connection:
        connection.execute("UPDATE amounts SET grosze = grosze + 1 WHERE article = (SELECT min(article) FROM amounts)")
        connection.commit()
    with pytest.raises(DatabaseProblem, match="row hashes"):
        publish(news, tmp_path / "public.db")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--office", "pup-elkk"], "no office 'pup-elkk' in the register; nearest: pup-elk"),
        (["--office", "pup-elk", "--office", "zupelnie-inny"], "no office 'zupelnie-inny'"),
        (["--voivodeship", "99"], "no voivodeship has the TERYT code '99'; one of 02, 04"),
        (["--office", "pup-elk", "--voivodeship", "26"], "no article is held that is all of this: office pup-elk"),
        (["--office", "pup-elk", "--kind", "wup", "--since", "2026-01-01"], "no article is held that is all of this"),
        (["--office", "wup-lodz"], "no article of wup-lodz is held"),
    ],
)
def test_what_names_no_article_leaves_the_package_before_as_it_was(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    news = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    export(news, tmp_path / "out", made=MADE, tables=["articles"])
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with closing(pysqlite3.connect(str(news))) as connection:
        connection.execute("DELETE FROM articles WHERE office = 'wup-lodz'")
        connection.commit()
    ended = CliRunner().invoke(main, ["export", str(tmp_path / "out"), "--data", str(tmp_path), *arguments])
    assert (ended.exit_code, words in ended.stderr) == (2, True), ended.output
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_office_in_which_nothing_has_become_different_is_exported_as_such(tmp_path: Path) -> None:
    news = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    export(news, tmp_path / "out", made=MADE, since=Since.read("2027-01-01"), chosen={"office": ["pup-elk"]})
    assert {one["table"]: one["rows"] for one in resources(tmp_path / "out")}["articles"] == 0


def test_a_row_that_is_not_as_it_was_written_is_not_exported(tmp_path: Path) -> None:
    news = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    open_database(news, "news").close()
    export(news, tmp_path / "out", made=MADE, tables=["articles"])
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with closing(pysqlite3.connect(str(news))) as connection:
        (changed,) = connection.execute("SELECT min(id) FROM articles").fetchone()
        connection.execute("UPDATE articles SET title = 'całkiem inny tytuł' WHERE id = ?", (changed,))
        connection.commit()
    ended = CliRunner().invoke(main, ["export", str(tmp_path / "out"), "--data", str(tmp_path)])
    assert ended.exit_code == 5
    assert f"rows have changed since they were written (articles {changed})" in ended.stderr
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_what_was_taken_down_is_neither_exported_nor_published(tmp_path: Path) -> None:
    news = newsroom.build(tmp_path / "news.db", articles=40, hostile=False)
    suppression.add(tmp_path, "office", ["pup-elk"])
    with pytest.raises(DatabaseProblem, match="take-down"):
        export(news, tmp_path / "out", made=MADE)
    with pytest.raises(DatabaseProblem, match="take-down"):
        publish(news, tmp_path / "public.db")
    with closing(pysqlite3.connect(str(news))) as connection:
        rules = [(rule.id, rule.since) for rule in suppression.Suppressions.beside(news).rules]
        connection.executemany("INSERT INTO applied_suppressions (id, since) VALUES (?, ?)", rules)
        connection.commit()
    with pytest.raises(DatabaseProblem, match="still shows pup-elk"):
        export(news, tmp_path / "out", made=MADE)
    assert not (tmp_path / "out").exists()


def test_the_database_of_the_crawl_is_never_overwritten_by_a_copy(database: Path) -> None:
    with pytest.raises(NotASnapshot):
        publish(database, database)
