"""datasette_metadata.json against the schema that bring_up_to_date() really makes."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.resources import files
from typing import Any, get_args

import pysqlite3
import pytest
from sqlite_utils import Database

from crawler.migrations import bring_up_to_date
from crawler.publish import dictionary, plugin
from crawler.publish.labels import label
from crawler.publish.serve import METADATA
from normalize import model

DESCRIPTION = re.compile(r"\w.*? – .+\. / EN: [^ ].+\.", re.DOTALL)


@pytest.fixture(scope="module")
def schema() -> dict[str, list[str]]:
    """Table or view to columns, generated ones too."""
    connection = pysqlite3.connect(":memory:")
    bring_up_to_date(Database(connection), "news")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    return {name: [row[1] for row in connection.execute(f"PRAGMA table_xinfo({name})")] for name in names}


@pytest.fixture(scope="module")
def news() -> dict[str, Any]:
    database: dict[str, Any] = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["news"]
    return database


@pytest.fixture(scope="module")
def published(news: dict[str, Any]) -> dict[str, Any]:
    return {name: table for name, table in news["tables"].items() if table.get("allow") is not False}


def test_every_table_is_either_published_or_refused(schema: dict[str, list[str]], news: dict[str, Any]) -> None:
    assert set(news["tables"]) == set(schema)


def test_the_technical_tables_are_refused_and_hidden(news: dict[str, Any], published: dict[str, Any]) -> None:
    refused = {name for name in news["tables"] if name not in published}
    assert {"understood", "article_keys", "progress", "stale_runs", "_sqlite_migrations", "articles_fts"} <= refused
    assert all(news["tables"][name] == {"hidden": True, "allow": False} for name in refused)


def test_every_published_column_is_described_and_none_besides(
    schema: dict[str, list[str]], published: dict[str, Any]
) -> None:
    described = {name: set(table["columns"]) for name, table in published.items()}
    assert described == {name: set(schema[name]) for name in published}


def test_descriptions_have_a_title_then_polish_then_english(published: dict[str, Any]) -> None:
    wrong = [
        f"{name}.{column}"
        for name, table in published.items()
        for column, text in table["columns"].items()
        if not DESCRIPTION.fullmatch(text)
    ]
    wrong += [name for name, table in published.items() if not (table["title"] and " / EN: " in table["description"])]
    assert wrong == []


def test_a_title_is_one_table_s_or_column_s_own(published: dict[str, Any]) -> None:
    titles = [table["title"] for table in published.values()]
    assert len(titles) == len(set(titles))
    for name, table in published.items():
        own = [dictionary.title(text, column) for column, text in table["columns"].items()]
        assert len(own) == len(set(own)), name


def test_sorting_facets_labels_and_chosen_columns_name_real_columns(
    schema: dict[str, list[str]], published: dict[str, Any]
) -> None:
    for name, table in published.items():
        named = [*table.get("facets", []), *table.get("units", {})]
        named += [table[key] for key in ("sort", "sort_desc", "label_column") if key in table]
        named += table.get("plugins", {}).get("wiesci", {}).get("columns", [])
        assert set(named) <= set(schema[name]), name


def test_articles_come_newest_first_with_the_facets_people_ask_for(published: dict[str, Any]) -> None:
    assert published["articles"]["sort_desc"] == "published"
    assert published["articles"]["facets"] == ["office_kind", "voivodeship", "kind", "year", "office"]


def test_exactly_one_index_begins_with_the_publication_date() -> None:
    connection = pysqlite3.connect(":memory:")
    bring_up_to_date(Database(connection), "news")
    indexes = [row[1] for row in connection.execute("PRAGMA index_list(articles)")]
    first = [connection.execute(f"PRAGMA index_xinfo({name})").fetchone()[2] for name in indexes]
    assert first.count("published") == 1


def test_every_code_of_the_model_has_a_polish_word() -> None:
    codes = {
        ("articles", "kind"): model.ArticleKind,
        ("articles", "office_kind"): model.OfficeKind,
        ("offices", "confidence"): model.Sure,
        ("blocks", "kind"): model.BlockKind,
        ("dates", "role"): model.DateRole,
        ("dates", "precision"): model.Precision,
        ("amounts", "role"): model.AmountRole,
        ("places", "level"): model.PlaceLevel,
        ("calls", "event"): model.CallEvent,
    }
    missing = [
        (table, column, code)
        for (table, column), kind in codes.items()
        for code in get_args(kind)
        if label(table, column, code) is None
    ]
    assert missing == []


def test_vocabularies_stand_at_real_columns(schema: dict[str, list[str]]) -> None:
    columns = tomllib.loads((files("crawler.publish") / "labels.toml").read_text(encoding="utf-8"))["columns"]
    real = {f"{table}.{column}" for table, names in schema.items() for column in names}
    assert {name for name in columns if "." in name} <= real


def test_the_plugin_knows_the_columns_that_point_to_other_tables(published: dict[str, Any]) -> None:
    connection = pysqlite3.connect(":memory:")
    bring_up_to_date(Database(connection), "news")
    pointing = {row[3] for name in published for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
    assert pointing == plugin.FOREIGN


def test_queries_are_explained_and_each_column_they_give_is_described(news: dict[str, Any]) -> None:
    connection = pysqlite3.connect(":memory:")
    bring_up_to_date(Database(connection), "news")
    plugin.prepare_connection(connection, "news")
    for name, query in news["queries"].items():
        cursor = connection.execute(query["sql"], dict.fromkeys(query["params"], ""))
        assert {column[0] for column in cursor.description} == set(query["columns"]), name
        assert set(query["plugins"]["wiesci"]["parameters"]) == set(query["params"]), name
        assert set(query["plugins"]["wiesci"].get("columns", [])) <= set(query["columns"]), name
        assert query["title"]
        assert " / EN: " in query["description"]
