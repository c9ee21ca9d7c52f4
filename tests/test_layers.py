"""Imports point one way: spiders → crawler → normalize."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("normalize", "crawler", "spiders")
MAY_IMPORT = {"normalize": {"normalize"}, "crawler": {"normalize", "crawler"}, "spiders": set(PACKAGES)}
IMPURE = {
    "scrapy",
    "twisted",
    "sqlite3",
    "pysqlite3",
    "sqlite_utils",
    "datasette",
    "socket",
    "requests",
    "httpx",
    "urllib.request",
}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            within = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            yield ".".join([*within, *([node.module] if node.module else [])])


@pytest.mark.parametrize("package", PACKAGES)
def test_a_layer_imports_only_itself_and_the_layers_below(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in imports(path)
        if name.partition(".")[0] in PACKAGES and name.partition(".")[0] not in MAY_IMPORT[package]
    ]
    assert wrong == []


def test_the_pure_layer_knows_no_network_database_or_crawler() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("normalize")
        for name in imports(path)
        if name in IMPURE or name.partition(".")[0] in IMPURE
    ]
    assert wrong == []


def test_the_pure_layer_asks_no_clock() -> None:
    clocks = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} calls {node.value.id}.{node.attr}"
        for path in modules("normalize")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in clocks
    ]
    assert wrong == []


def test_only_the_body_knows_trafilatura() -> None:
    assert [
        path.name for path in modules("normalize") if any(name.startswith("trafilatura") for name in imports(path))
    ] in (["body.py"], [])


def test_every_import_outside_the_standard_library_is_a_declared_dependency() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {entry.split(";")[0].split(">")[0].split("<")[0].strip().lower() for entry in project["dependencies"]}
    names = {
        "backports": "backports-zstd",
        "OpenSSL": "scrapy",
        "service_identity": "scrapy",
        "parsel": "scrapy",
        "w3lib": "scrapy",
        "zope": "twisted",
        "uvicorn": "datasette",
        "markupsafe": "jinja2",
        "cssselect": "scrapy",
        "sqlite_utils": "sqlite-utils",
        "protego": "scrapy",
        "itemadapter": "scrapy",
    }
    missing = {
        f"{path.relative_to(ROOT)} imports {name}"
        for package in PACKAGES
        for path in modules(package)
        for name in imports(path)
        if (top := name.partition(".")[0]) not in sys.stdlib_module_names
        and top not in PACKAGES
        and names.get(top, top) not in declared
        and name != "compression"
    }
    assert missing == set()
