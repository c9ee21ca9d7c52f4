"""How many expressions the tables hold: those of dates, amounts, calls and places, each with its meaning or none."""

from __future__ import annotations

import pytest

from tests.normalize import test_calls, test_dates, test_gold_expressions, test_money, test_places

MODULES = (test_dates, test_calls, test_money, test_places)


def _rows(module: object) -> int:
    """Rows of the parametrised tests of a module."""
    marks = [
        mark
        for name, test in vars(module).items()
        if name.startswith("test_")
        for mark in getattr(test, "pytestmark", ())
        if mark.name == "parametrize"
    ]
    return sum(len(mark.args[1]) for mark in marks)


def test_the_tables_hold_at_least_four_hundred_expressions() -> None:
    own = {module.__name__.rpartition(".")[2]: _rows(module) for module in MODULES}
    assert sum(own.values()) >= 400, own


@pytest.mark.skipif(not test_gold_expressions.GOLD.exists(), reason="no annotated expressions")
def test_every_annotated_date_and_call_is_among_them() -> None:
    assert len(test_gold_expressions._rows("date")) + len(test_gold_expressions._rows("call")) >= 60
