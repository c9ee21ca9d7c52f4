"""Every amount row of the annotated expressions, read from the folder named by WIESCI_GOLD."""

import csv
import os
from pathlib import Path

import pytest

from normalize import money
from normalize.words import clean

GOLD = Path(os.environ.get("WIESCI_GOLD", Path(__file__).parents[3] / "shared" / "gold")) / "expressions.tsv"


def _rows() -> list[tuple[str, str]]:
    if not GOLD.exists():
        return []
    with GOLD.open(encoding="utf-8", newline="") as file:
        return [
            (row["raw"], row["expected"]) for row in csv.DictReader(file, delimiter="\t") if row["kind"] == "amount"
        ]


ROWS = _rows()


def _expected(said: str) -> list[tuple[str, str | None, str, bool]]:
    said = said.partition(" (")[0]
    if said == "none":
        return []
    value, currency = said.split()
    low, _, high = value.lstrip("~").partition("/")
    return [(low, high or None, currency, value.startswith("~"))]


@pytest.mark.skipif(not ROWS, reason=f"no annotated expressions at {GOLD}")
@pytest.mark.parametrize(("raw", "expected"), ROWS)
@pytest.mark.parametrize("frame", ["{}", "Kwota: {}.", "Projekt obejmuje {} w całym regionie."])
def test_an_annotated_amount_is_read_exactly(frame: str, raw: str, expected: str) -> None:
    found = [amount.as_dict() for amount in money.find([clean(frame.format(raw))])]
    read = [(one["value"], one["value_to"], one["currency"], one["approximate"]) for one in found]
    assert read == _expected(expected)
