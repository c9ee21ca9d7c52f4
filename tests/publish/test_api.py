"""Programs that follow the deltas hold what the table holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler.publish import api, included
from crawler.publish.serve import METADATA, datasette_of
from crawler.publish.since import VERSIONS
from tests.publish import newsroom
from tests.publish.conftest import Get, reader


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Any]:
    """A database of 60 articles, five a minute, and a connection that changes it."""
    path = newsroom.build(tmp_path / "news.db", articles=60, hostile=False)
    with closing(pysqlite3.connect(str(path), isolation_level=None)) as connection:
        for number, (id,) in enumerate(connection.execute("SELECT id FROM articles ORDER BY id").fetchall()):
            seen = f"2026-03-01T06:{number // 5:02d}:00.000Z"
            connection.execute("UPDATE articles SET first_seen = ?, last_seen = ? WHERE id = ?", (seen, seen, id))
            understood(connection, id, seen)
        yield connection


@pytest.fixture
def ask(moving: Any, tmp_path: Path) -> Get:
    return reader(datasette_of(tmp_path / "news.db"))


def understood(connection: Any, article: str, seen: str, version: str = "1+a", office: str = "pup-elk") -> None:
    connection.execute(
        "INSERT INTO understood (version, outcome, run, office, article, effect, seen)"
        " VALUES (?, 'well', 'r', ?, ?, 'new', ?)",
        (version, office, article, seen),
    )


async def follow(ask: Get, held: dict[str, Any], since: str = "", limit: int = 7) -> str:
    """Apply all that is told since; the last cursor."""
    while True:
        told = (await ask(f"/-/api/changes.json?since={since}&limit={limit}")).json()
        assert not told["reload"]
        for article in [*told["new"], *told["changed"]]:
            held[article["id"]] = article
        for gone in told["gone"]:
            held.pop(gone["id"], None)
        since = told["cursor"]
        if not told["more"]:
            return since


def table(connection: Any) -> dict[str, Any]:
    cursor = connection.execute("SELECT * FROM articles WHERE gone IS NULL")
    names = [column[0] for column in cursor.description]
    return {row[0]: {name: value for name, value in zip(names, row, strict=True) if name != "lemmas"} for row in cursor}


def own(held: dict[str, Any]) -> dict[str, Any]:
    return {
        id: {name: value for name, value in row.items() if not name.startswith("source_")} for id, row in held.items()
    }


@pytest.mark.asyncio
@pytest.mark.parametrize("limit", [1, 5, 7, 1000])
async def test_following_the_deltas_gives_the_table(moving: Any, ask: Get, limit: int) -> None:
    held: dict[str, Any] = {}
    cursor = await follow(ask, held, limit=limit)
    assert own(held) == table(moving)
    assert cursor.startswith("2026-03-01T06:11:00.000Z~")
    ids = sorted(held)
    moving.execute("UPDATE articles SET title = 'Zmiana', changed = '2026-03-02T07:00:00.000Z' WHERE id = ?", ids[:1])
    moving.execute(
        "UPDATE articles SET gone = '2026-03-02T07:00:01.000Z', gone_reason = 'not_found' WHERE id = ?", ids[1:2]
    )
    told = (await ask(f"/-/api/changes.json?since={cursor}")).json()
    assert [one["id"] for one in told["changed"]] == ids[:1]
    assert told["gone"] == [{"id": ids[1], "at": "2026-03-02T07:00:01.000Z", "reason": "not_found"}]
    assert told["new"] == []
    cursor = await follow(ask, held, cursor, limit)
    assert own(held) == table(moving)
    nothing = (await ask(f"/-/api/changes.json?since={cursor}")).json()
    assert (nothing["new"], nothing["changed"], nothing["gone"], nothing["cursor"]) == ([], [], [], cursor)


@pytest.mark.asyncio
async def test_what_is_understood_anew_asks_the_client_to_reload(moving: Any, ask: Get) -> None:
    cursor = await follow(ask, {})
    moving.execute("UPDATE understood SET version = '2+a'")
    told = (await ask(f"/-/api/changes.json?since={cursor}")).json()
    assert told["reload"] is True
    assert told["cursor"] is None


@pytest.mark.asyncio
async def test_a_new_office_asks_nobody_to_reload(moving: Any, ask: Get) -> None:
    held: dict[str, Any] = {}
    cursor = await follow(ask, held)
    understood(moving, "x", "2026-03-02T09:00:00.000Z", "1+other", "wup-lodz")
    moving.execute("UPDATE articles SET changed = '2026-03-02T09:00:00.000Z' WHERE id = ?", (min(held),))
    told = (await ask(f"/-/api/changes.json?since={cursor}")).json()
    assert not told["reload"]
    assert [one["id"] for one in told["changed"]] == [min(held)]


@pytest.mark.asyncio
async def test_what_was_taken_down_or_joined_is_told_as_gone(moving: Any, ask: Get) -> None:
    held: dict[str, Any] = {}
    cursor = await follow(ask, held)
    first, second = sorted(held)[:2]
    moving.execute("INSERT INTO taken_down (article, since) VALUES (?, '2026-03-02T08:00:00.000Z')", ("ffff",))
    moving.execute("INSERT INTO aliases (id, article) VALUES ('eeee', ?)", (first,))
    moving.execute("UPDATE articles SET changed = '2026-03-02T07:00:00.000Z' WHERE id = ?", (first,))
    gone = {one["id"]: one for one in (await ask(f"/-/api/changes.json?since={cursor}")).json()["gone"]}
    assert gone["ffff"]["reason"] == "taken_down"
    assert gone["eeee"] == {"id": "eeee", "at": None, "reason": "merged", "article": first}
    assert second not in gone


@pytest.mark.asyncio
async def test_a_run_under_way_is_told_up_to_its_beginning(moving: Any, ask: Get) -> None:
    moving.execute("INSERT INTO stale_runs (run) VALUES ('2026-03-01T06:05:30.000Z-2')")
    held: dict[str, Any] = {}
    cursor = await follow(ask, held)
    assert cursor.startswith("2026-03-01T06:05:00.000Z~")
    assert len(held) == 30
    moving.execute("DELETE FROM stale_runs")
    await follow(ask, held, cursor)
    assert own(held) == table(moving)


@pytest.mark.asyncio
async def test_a_day_or_a_second_typed_by_hand_includes_all_of_it(moving: Any, ask: Get) -> None:
    for since, count in (("2026-03-01", 60), ("2026-03-01T06:11:00Z", 5), ("2026-03-02", 0), ("", 60)):
        told = (await ask(f"/-/api/changes.json?since={since}&limit=1000")).json()
        assert len(told["new"]) + len(told["changed"]) == count, since


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        *((f"since={text}", "cursor") for text in (
            "wczoraj", "'", "2026-03-01~zz", "2026-99", "2026-02-30", "2026-03-02T25:00",
            "2026-99~0123456789ab", "2026-03-02T10:00%2B99:00", "20260302", "2026-W10",
        )),
        *((f"limit={text}", "1000") for text in ("0", "1001", "x", "-1", "1e3", "%C2%B2")),
        ("include=calls,wszystko", "wszystko"),
    ],
)  # fmt: skip
async def test_what_cannot_be_answered_is_refused_with_a_reason(get: Get, asked: str, why: str) -> None:
    answer = await get(f"/-/api/changes.json?{asked}")
    assert answer.status_code == 400
    assert why in answer.json()["error"]


@pytest.mark.asyncio
async def test_an_instant_to_come_is_refused_unless_it_was_told(
    moving: Any, ask: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 3, 1, 6, 5, 30, tzinfo=UTC)
    monkeypatch.setattr(api, "now", lambda: at)
    cursor = await follow(ask, {})
    assert cursor.startswith("2026-03-01T06:11:00.000Z")  # of a crawl whose clock is ahead of this one
    for since, status in (
        ("2099-01-01", 400),
        ("2026-03-02", 400),
        ("2099-01-01T00:00:00.000Z~0123456789ab", 400),
        ("2026-03-01T06:05:00Z", 200),
        (cursor, 200),
    ):
        answer = await ask(f"/-/api/changes.json?since={since}")
        assert answer.status_code == status, since
        assert status == 200 or "dopiero nadejdzie" in answer.json()["error"]


@pytest.mark.asyncio
async def test_a_time_without_a_zone_is_polish_time(moving: Any, ask: Get) -> None:
    moving.execute("UPDATE articles SET changed = '2026-07-01T10:00:00.000Z' WHERE id = (SELECT min(id) FROM articles)")
    for since, count in (
        ("2026-07-01T12:00", 1),
        ("2026-07-01T12:00:01", 0),
        ("2026-07-01T10:00Z", 1),
        ("2026-07-01T12:00%2B02:00", 1),
        ("2026-07-01T12:00+02:00", 1),  # an address in which + is a space
        ("2026-07-01T11:00:01%2B01:00", 0),
        ("2026-07", 1),
        ("2026-07-02", 0),
        ("2026", 60),
        ("2026-07-01T10:00:00.000Z", 0),  # as an answer gives it: what comes after it
    ):
        told = (await ask(f"/-/api/changes.json?since={since}&limit=1000")).json()
        assert len(told["new"]) + len(told["changed"]) == count, since


@pytest.mark.asyncio
async def test_the_cursor_of_an_answer_without_articles_is_a_cursor(
    moving: Any, ask: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "now", lambda: datetime(2030, 2, 1, tzinfo=UTC))
    for since in ("2030-01-01", "2030-01-01T10:00:00.5"):
        cursor = (await ask(f"/-/api/changes.json?since={since}")).json()["cursor"]
        again = (await ask(f"/-/api/changes.json?since={cursor}")).json()
        assert (again["cursor"], again["reload"]) == (cursor, False)
    for statement in ("DELETE FROM understood", "UPDATE articles SET first_seen = '2031', changed = NULL"):
        moving.execute(statement)
    moving.execute("INSERT INTO stale_runs (run) VALUES ('2026-01-01T00:00:00.000Z-2')")
    cursor = (await ask("/-/api/changes.json")).json()["cursor"]
    assert cursor.startswith("0000~")
    assert (await ask(f"/-/api/changes.json?since={cursor}")).json()["cursor"] == cursor


@pytest.mark.asyncio
async def test_facts_come_with_their_articles_where_they_are_asked_for(moving: Any, ask: Get) -> None:
    held: dict[str, Any] = {}
    asked = "calls,amounts,dates,places,programmes,attachments"
    since = ""
    while True:
        told = (await ask(f"/-/api/changes.json?since={since}&limit=7&include={asked}")).json()
        held |= {article["id"]: article for article in told["new"]}
        since = told["cursor"]
        if not told["more"]:
            break
    for name, table in (("amounts", "amounts"), ("dates", "dates"), ("places", "article_places"),
                        ("programmes", "article_programmes"), ("attachments", "attachments")):  # fmt: skip
        cursor = moving.execute(f"SELECT * FROM {table}")
        heads = [column[0] for column in cursor.description]
        rows = sorted((dict(zip(heads, row, strict=True)) for row in cursor), key=repr)
        told_rows = [{"article": id, **row} for id, article in held.items() for row in article[name]]
        assert sorted(told_rows, key=repr) == rows, name
        assert rows, name
    calls = {(id, call["id"]) for id, article in held.items() for call in article["calls"]}
    assert calls == set(moving.execute("SELECT article, call FROM call_articles"))
    assert all("images" not in article for article in held.values())
    everything = (await ask("/-/api/changes.json?include=all&limit=1")).json()["new"][0]
    assert everything["topics"] == everything["images"] == []


@pytest.mark.asyncio
async def test_facts_are_read_by_index(moving: Any) -> None:
    for name, facts in included.ALL.items():
        owner = "told.article" if name == "calls" else "t.article"
        sql = f"SELECT {owner} FROM json_each('[]') AS wanted CROSS JOIN {facts.rows} WHERE {owner} = wanted.value"
        plan = [row[3] for row in moving.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if step.startswith("SCAN") and "wanted" not in step], (name, plan)


@pytest.mark.asyncio
async def test_the_deltas_are_read_from_an_index(moving: Any) -> None:
    from crawler.publish import api

    given = {"since": "2026", "until": "9999", "most": 5}
    plan = " ".join(row[3] for row in moving.execute(f"EXPLAIN QUERY PLAN {api.DELTA}", given))
    assert "articles_moved" in plan
    assert "TEMP B-TREE" not in plan
    plan = " ".join(row[3] for row in moving.execute(f"EXPLAIN QUERY PLAN {VERSIONS}"))
    assert "COVERING INDEX understood_version" in plan


KEYWORDS = {
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "title",
    "description",
    "const",
    "type",
    "properties",
    "required",
    "items",
}


def conforms(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "") -> None:
    """As much of JSON Schema as ours uses; keys that it does not name are refused, too."""
    assert set(schema) <= KEYWORDS, at
    if "$ref" in schema:
        assert schema["$ref"].startswith("#/$defs/")
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        assert set(schema) <= KEYWORDS, at
    if "const" in schema:
        assert value == schema["const"], at
    types = schema.get("type", [])
    names = {
        str: "string",
        bool: "boolean",
        int: "integer",
        float: "number",
        type(None): "null",
        list: "array",
        dict: "object",
    }
    if types:
        assert names[type(value)] in ([types] if isinstance(types, str) else types), (at, value)
    if isinstance(value, dict):
        assert set(schema["required"]) <= set(value), at
        for name, one in value.items():
            assert name in schema["properties"], f"{at}/{name}"
            conforms(one, schema["properties"][name], whole, f"{at}/{name}")
    if isinstance(value, list):
        for one in value:
            conforms(one, schema["items"], whole, f"{at}[]")


@pytest.mark.asyncio
async def test_the_answers_conform_to_the_schema(moving: Any, ask: Get) -> None:
    moving.execute("INSERT INTO taken_down (article, since) VALUES ('ffff', '2026-03-02T08:00:00.000Z')")
    schema = (await ask("/-/api/schema.json")).json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    moving.execute("UPDATE articles SET changed = '2026-03-02T07:00:00.000Z' WHERE id = (SELECT min(id) FROM articles)")
    moving.execute(
        "INSERT INTO quantities SELECT min(id), 0, 0.5, 'percent', NULL, 0, '', '', 'high', NULL FROM articles"
    )
    moving.execute("INSERT INTO aliases SELECT 'eeee', min(id) FROM articles")
    for asked in ("limit=1000", "limit=1000&include=all", "limit=3&include=calls", "since=2026-03-02"):
        told = (await ask(f"/-/api/changes.json?{asked}")).json()
        assert told["new"] or told["changed"]
        conforms(told, schema, schema)
    cursor = told["cursor"]
    assert {"merged", "taken_down"} <= {one["reason"] for one in told["gone"]}
    moving.execute("UPDATE understood SET version = '2+a'")
    reload = (await ask(f"/-/api/changes.json?since={cursor}")).json()
    assert reload["reload"]
    conforms(reload, schema, schema)
    with pytest.raises(AssertionError):
        conforms({**told, "cursor": 1}, schema, schema)
    with pytest.raises(AssertionError):
        conforms({**told, "changed": [{"id": "x"}]}, schema, schema)
    assert all(one["description"] for one in schema["$defs"]["article"]["properties"].values())


@pytest.mark.asyncio
async def test_the_dictionary_names_every_published_column(get: Get, database: Path) -> None:
    page = (await get("/-/slownik")).text
    tables = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["news"]["tables"]
    with closing(pysqlite3.connect(str(database))) as connection:
        present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    for name, told in tables.items():
        if name not in present:
            continue
        shown = f'id="{name}"' in page
        assert shown == (not told.get("hidden")), name
        for column in told.get("columns", {}) if shown else ():
            assert f"<code>{column}</code>" in page
    assert 'lang="en"' in page


@pytest.mark.asyncio
async def test_the_guide_names_every_key_of_an_answer(get: Get) -> None:
    page = (await get("/-/api")).text
    for key in set((await get("/-/api/changes.json")).json()) - {"version"}:
        assert f"<code>{key}</code>" in page
    for name in ("include", *included.ALL):
        assert f"<code>{name}</code>" in page
