"""Every row of what may go wrong has a test, and every test that names a row names one that is there."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

from tests.faults.rows import ALSO, RULES

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"test_([nplsv]\d\d)_")


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions) and node.name.startswith("test_")}


@functools.cache
def named() -> frozenset[str]:
    names = {name for file in (ROOT / "tests").rglob("test_*.py") for name in names_in(file)}
    return frozenset(found[1] for name in names if (found := _NAMED.match(name)))


@pytest.mark.parametrize("row", RULES)
def test_a_row_has_its_test(row: str) -> None:
    assert row in named() | ALSO.keys(), RULES[row]


@pytest.mark.parametrize("row", ALSO)
def test_a_test_that_a_row_leans_on_is_there(row: str) -> None:
    assert row in RULES
    for place in ALSO[row]:
        file, _, name = place.partition("::")
        assert name in names_in(ROOT / file), place


def test_no_test_names_a_row_that_is_not() -> None:
    assert named() <= RULES.keys()
