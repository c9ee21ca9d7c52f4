"""A reader's own SQL that SQLite refuses is told in Polish with status 400; what is not their doing is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from datasette.database import Database
from datasette.utils.sqlite import sqlite3

from crawler.publish import mishaps
from crawler.publish.serve import datasette_of

BROKEN = {
    "1;": "tylko jedno, bez średnika",
    "1; drop table articles": "Błąd składni SQL przy „;”",
    "(select": "Błąd składni SQL przy „)”",
    "nie ma takiego": "Błąd składni SQL przy „ma”",
    "brak = 1": "Nie ma kolumny „brak”",
    "brak(1)": "Nie ma funkcji „brak”",
    ":brak": "SQLite odpowiada",
    "sum(1)": "SQLite odpowiada",
    "title match 'x'": "SQLite odpowiada",
    "\x00": "",
    "(" * 2_000: "",
}
"""A condition -> what its page says."""


@pytest.mark.parametrize("condition", BROKEN)
@pytest.mark.asyncio
async def test_a_condition_that_cannot_be_asked_is_told_so(
    database: Path, condition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = datasette_of(database)
    for ending in ("", ".json", ".csv", ".atom", ".xlsx"):
        answer = await desk.client.get(f"/news/articles{ending}", params={"_where": condition})
        assert answer.status_code == 400, ending
    assert (await desk.client.get("/news/calls", params={"_where": condition})).status_code == 400
    answer = await desk.client.get("/news/articles", params={"_where": condition})
    page = lxml.html.document_fromstring(answer.content)
    assert "Nie rozumiem tego pytania" in page.cssselect("h1")[0].text_content()
    assert BROKEN[condition] in page.text_content()
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.asyncio
async def test_two_statements_of_a_reader_are_told_so(database: Path) -> None:
    answer = await datasette_of(database).client.get("/news", params={"sql": "select 1; select 2"})
    assert answer.status_code == 400
    assert "tylko jedno" in answer.text


@pytest.mark.parametrize("said", ["database disk image is malformed", "disk I/O error", "database is locked"])
@pytest.mark.asyncio
async def test_a_damaged_database_is_not_the_reader_s_doing(
    database: Path, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: Any, sql: str, params: Any = None, **how: Any) -> Any:
        if "kind is not null and 1" in sql:
            raise sqlite3.DatabaseError(said)
        return await execute(self, sql, params, **how)

    execute = Database.execute
    monkeypatch.setattr(Database, "execute", broken)
    desk = datasette_of(database)
    assert (await desk.client.get("/news/articles?_where=kind is not null and 1")).status_code == 500
    assert (await desk.client.get("/news/articles?_where=kind is not null")).status_code == 200


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.asyncio
async def test_what_is_not_for_readers_is_refused_in_polish(database: Path, public: bool) -> None:
    desk = datasette_of(database, public=public)
    inner = ("/news.db", "/news/articles_fts", "/news/_seals", "/news/_seals.json")
    debugging = ("/-/messages", "/-/patterns", "/-/permissions", "/-/allow-debug")
    for path, status in (*((path, 403) for path in inner), *((path, 404) for path in debugging)):
        answer = await desk.client.get(path)
        assert answer.status_code == status, path
        told = json.loads(answer.text)["title"] if path.endswith(".json") else answer.text
        assert not any(word in told for word in ("permission", "forbidden", "denied", "Debug")), path
        assert mishaps.MESSAGES[status] in told
