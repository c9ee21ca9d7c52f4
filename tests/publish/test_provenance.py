"""Every row that leaves the house, and every page of one, tells where it comes from: name, address, dates, licence."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from crawler.publish.exports import FORMATS, export
from crawler.publish.exports.package import DESCRIPTOR
from crawler.publish.exports.tables import SOURCE
from tests.publish.conftest import Get


def test_l04_every_table_of_an_export_has_the_columns_of_its_source(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", made=datetime(2026, 3, 2, tzinfo=UTC), formats=list(FORMATS))
    resources = json.loads((tmp_path / "out" / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
    described = [one for one in resources if "schema" in one]
    assert len({one["format"] for one in described}) >= 5
    for one in described:
        names = [field["name"] for field in one["schema"]["fields"]]
        assert names[-len(SOURCE) :] == list(SOURCE), one["path"]


@pytest.mark.asyncio
@pytest.mark.parametrize("table", ["articles", "calls", "attachments", "amounts"])
async def test_l04_every_row_of_a_page_s_own_csv_names_its_source(get: Get, table: str) -> None:
    rows = list(csv.DictReader(io.StringIO((await get(f"/news/{table}.csv?_size=20")).text.lstrip("\ufeff"))))
    assert rows
    for row in rows:
        assert row["source_name"]
        assert row["source_url"].startswith("http")
        assert row["source_obtained"]
        assert {"source_published", "source_licence"} <= row.keys()


@pytest.mark.asyncio
async def test_l04_the_page_of_an_article_names_its_source(get: Get) -> None:
    row: dict[str, Any] = (await get("/news/articles.json?_size=1&_shape=array&published__notblank=1")).json()[0]
    office = (await get(f"/news/offices.json?id={row['office']}&_shape=array")).json()[0]
    page = lxml.html.fromstring((await get(f"/news/articles/{row['id']}")).text)
    words = page.text_content()
    assert office["name"] in words
    assert row["url"] in page.xpath("//a/@href")
    terms = {term.text_content() for term in page.xpath("//dt")}
    assert {"Pobrano po raz pierwszy", "Potwierdzono ostatnio", "Warunki użycia"} <= terms
    assert page.xpath(f"//time[starts-with(@datetime, '{row['published']}')]") or row["published"][:4] in words
