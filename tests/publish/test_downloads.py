"""A download from a page is the whole list, safe in a spreadsheet, or an answer that says why not."""

from __future__ import annotations

import csv
import io
import itertools
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pysqlite3
import pytest

from crawler.publish import lists
from crawler.publish.exports import marks
from crawler.publish.exports.tables import SOURCE
from crawler.publish.serve import datasette_of
from tests.publish.conftest import Get, reader


def ids(path: Path, where: str = "1") -> list[str]:
    with closing(pysqlite3.connect(str(path))) as connection:
        return [row[0] for row in connection.execute(f"SELECT id FROM articles WHERE {where} ORDER BY id")]


def read(name: str, content: bytes) -> list[dict[str, Any]]:
    if name == "ndjson":
        return [json.loads(line) for line in content.splitlines()]
    if name == "wholejson":
        whole: list[dict[str, Any]] = json.loads(content)
        return whole
    if name == "excel":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    if name == "parquet":
        rows: list[dict[str, Any]] = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
        return rows
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    heads, *lines = book["lista"].iter_rows(values_only=True)
    return [dict(itertools.zip_longest(map(str, heads), line)) for line in lines]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["excel", "wholejson", "ndjson", "xlsx", "parquet"])
@pytest.mark.parametrize("asked", ["", "voivodeship=26&_sort=title", "_search=nab%C3%B3r"])
async def test_a_download_holds_the_whole_list_with_its_sources(get: Get, name: str, asked: str) -> None:
    counted = (await get(f"/news/articles.json?{asked}&_size=0")).json()["filtered_table_rows_count"]
    answer = await get(f"/news/articles.{name}?{asked}&_size=20")
    assert answer.status_code == 200
    assert "attachment; filename=" in answer.headers["content-disposition"]
    rows = read(name, answer.content)
    assert len(rows) == len({row["id"] for row in rows}) == counted > 20
    for row in rows:
        assert {*SOURCE} <= set(row)
        assert row["source_name"]
        assert row["source_url"]
        assert "lemmas" not in row


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["excel", "wholejson", "ndjson", "xlsx", "parquet"])
async def test_a_ready_question_is_downloaded_too(get: Get, name: str) -> None:
    path = "/news/otwarte_nabory.{}?dzien=2026-03-02&wojewodztwo="
    expected = len((await get(path.format("json"))).json()["rows"])
    rows = read(name, (await get(path.format(name))).content)
    assert len(rows) == expected > 3
    assert rows[0]["source_name"]


@pytest.mark.asyncio
async def test_the_csv_for_excel_has_decimal_commas(get: Get) -> None:
    answer = await get("/news/otwarte_nabory.excel?dzien=2026-03-02&wojewodztwo=")
    assert answer.content.startswith(b"\xef\xbb\xbftermin;")
    amounts = [row["kwota_zl"] for row in read("excel", answer.content) if row["kwota_zl"]]
    assert amounts
    assert all(amount.replace(",", "").isdigit() and "," in amount for amount in amounts)


@pytest.mark.asyncio
@pytest.mark.parametrize("table", ["amounts", "articles", "calls"])
async def test_the_json_to_download_is_the_whole_list_where_the_api_gives_pages(get: Get, table: str) -> None:
    api = (await get(f"/news/{table}.json?_size=10")).json()
    rows = (await get(f"/news/{table}.wholejson?_size=10&_labels=on")).json()
    assert len(api["rows"]) == 10
    assert len(rows) == api["filtered_table_rows_count"] > 10
    assert all(row["source_name"] and row["source_url"] for row in rows)
    page = (await get(f"/news/{table}")).text
    assert f'href="/news/{table}.wholejson' in page
    assert f'href="/news/{table}.json' not in page.partition('class="exports"')[2].partition("</p>")[0]
    assert (await get("/news/articles.wholejson?_search=nicztego")).json() == []


@pytest.mark.asyncio
async def test_a_spreadsheet_s_list_has_amounts_and_words_beside_grosze_and_codes(get: Get) -> None:
    for name in ("excel", "xlsx"):
        for row in read(name, (await get(f"/news/amounts.{name}?_labels=on&_size=5")).content):
            exact = int(row["grosze"])
            assert row["kwota"] == (f"{exact // 100},00" if name == "excel" else exact / 100)
            assert row["role_label"] in ("pula", "wartość całkowita")
    assert "kwota" not in (await get("/news/amounts.ndjson")).text.splitlines()[0]


@pytest.mark.asyncio
@pytest.mark.parametrize("ending", ["csv", "json", "ndjson"])
async def test_what_the_search_alone_reads_is_given_to_those_who_name_it(get: Get, ending: str) -> None:
    assert "lemmas" not in (await get(f"/news/articles.{ending}")).text
    assert "lemmas" in (await get(f"/news/articles.{ending}?_col=lemmas")).text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/news/articles.csv?_size=max&_labels=on",
        "/news/articles.csv?_stream=on&_size=max",
        "/news/dates.csv?_size=max&_labels=on",
        "/news/calls.csv?_size=max",
        "/news/otwarte_nabory.csv?dzien=2026-03-02&wojewodztwo=&_size=max",
    ],
)
async def test_the_rows_of_a_page_s_own_csv_tell_their_source(get: Get, path: str) -> None:
    rows = list(csv.DictReader(io.StringIO((await get(path)).text, newline="")))
    assert len(rows) > 3
    assert all(row["source_name"] and row["source_url"] and row["source_obtained"] for row in rows)


@pytest.mark.asyncio
async def test_calls_name_the_article_they_come_from(get: Get) -> None:
    rows = read("ndjson", (await get("/news/calls.ndjson")).content)
    assert all(row["source_url"].startswith("https://") and row["source_name"] for row in rows)


@pytest.mark.asyncio
async def test_more_than_may_be_gathered_is_refused_whole(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_ROWS", 100)
    answer = await get("/news/articles.xlsx")
    assert answer.status_code == 413
    assert "najwyżej 100 wierszy" in answer.text
    assert (await get("/news/articles.xlsx?voivodeship=26")).status_code == 200


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path", ["/news/articles.csv?_size=max", "/news/articles.csv?_stream=on", "/news/articles.excel"]
)
async def test_no_cell_that_a_page_gives_to_spreadsheets_is_a_formula(
    database: Path, tmp_path: Path, path: str
) -> None:
    with closing(pysqlite3.connect(str(database))) as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "news.db"),))
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as connection:
        connection.execute("UPDATE articles SET title = '=1+1', author = '@SUM(A1)', lead = '-2+3'")
        connection.execute("UPDATE offices SET name = '=cmd|x'")
        connection.commit()
    desk = reader(datasette_of(tmp_path / "news.db"))
    text = (await desk(path + ("&_labels=on" if "?" in path else ""))).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if "excel" in path else ","))
    assert len(rows) == 321
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert marks.original(rows[1][rows[0].index("title")]) == "=1+1"
    page = (await desk("/news/articles.json?_size=1&_shape=objects")).json()
    assert page["rows"][0]["title"] == "=1+1"


@pytest.mark.asyncio
@pytest.mark.parametrize("ending", ["csv?_stream=on&_size=max", "ndjson?", "json?_size=1000"])
async def test_fifty_thousand_rows_by_date_come_once_each(fifty_thousand: Path, ending: str) -> None:
    get = reader(datasette_of(fifty_thousand))
    path: str | None = f"/news/articles.{ending}&_sort_desc=published&_col=published&_nofacet=1"
    seen: list[str] = []
    while path:
        answer = await get(path)
        if ending.startswith("csv"):
            seen += [row["id"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))]
        elif ending.startswith("ndjson"):
            seen += [json.loads(line)["id"] for line in answer.text.splitlines()]
        else:
            seen += [row[0] for row in answer.json()["rows"]]
        following = answer.json()["next_url"] if ending.startswith("json") else None
        path = following and following.removeprefix("http://localhost")
    assert len(seen) == len(set(seen)) == 50_000
    assert sorted(seen) == ids(fifty_thousand)
