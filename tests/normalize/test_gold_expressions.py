"""Every date and call row of the annotated expressions, and the dates of the five real texts."""

from __future__ import annotations

import csv
import os
import re
from datetime import date
from pathlib import Path

import pytest

from normalize import calls, dates

SHARED = Path(__file__).parents[3] / "shared"
GOLD = Path(os.environ.get("WIESCI_GOLD", SHARED / "gold")) / "expressions.tsv"
SEEDS = Path(os.environ.get("WIESCI_SEEDS", SHARED / "seeds"))


def _rows(kind: str) -> list[tuple[str, date | None, str]]:
    if not GOLD.exists():
        return []
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] == kind]
    return [
        (row["raw"], None if row["reference"] == "-" else date.fromisoformat(row["reference"]), row["expected"])
        for row in rows
    ]


def _shown(start: str | None, end: str | None) -> str:
    if start is None and end is None:
        return ".."
    return str(start) if start == end else f"{start or '..'}/{end or '..'}"


@pytest.mark.skipif(not GOLD.exists(), reason=f"no annotated expressions at {GOLD}")
@pytest.mark.parametrize(("raw", "reference", "expected"), _rows("date"))
def test_an_annotated_date_is_read_exactly(raw: str, reference: date | None, expected: str) -> None:
    found = dates.find([raw], reference=reference)
    said = re.sub(r" \(.*\)$", "", expected)
    role = next((word for word in ("act", "period", "mention", "event") if said.endswith(f" {word}")), None)
    values = [] if said == "none" else (said.removesuffix(f" {role}") if role else said).split(", ")
    assert [_shown(when.start, when.end) for when in found] == values
    if role:
        assert [when.role for when in found] == [role]
    if "inferred" in expected:
        assert all(when.inferred for when in found)


@pytest.mark.skipif(not GOLD.exists(), reason=f"no annotated expressions at {GOLD}")
@pytest.mark.parametrize(("raw", "reference", "expected"), _rows("call"))
def test_an_annotated_call_is_read_exactly(raw: str, reference: date | None, expected: str) -> None:
    found = calls.find(
        [raw], dates=dates.find([raw], reference=reference), amounts=[], programmes=[], reference=reference
    )
    if expected.startswith("none"):
        assert found == []
        return
    (call,) = found
    assert _shown(call.opens, call.closes) == expected.split(" ")[0]
    assert call.event == ("extended" if "extension" in expected else "announced")
    ends = {"until funds run out": "funds", "until further notice": "notice"}
    assert call.open_ended == next((end for words, end in ends.items() if words in expected), None)


REAL = {
    "000": ["mention 2019"],
    "001": ["event 2019-09-17"],
    "002": ["period 2022-07-01/2023-12-31", "mention 2022/2023", "act 2022-03-12", "mention 2022-02-24"],
    "003": ["event --03-03"],
    "004": [
        "period 2013-H1",
        "mention 2013",
        "mention 2014/2020",
        "period 2013-01/2013-06",
        "period ../2014-02-28",
    ],
}
BODY = {
    "002": ("W okresie od 1 lipca", "Autor:"),
    "003": ("3 marca w siedzibie", "Galeria"),
    "004": ("Przez ostatnie", "Nothing"),
}
"""First and last-but-one words of the article inside the text, where other lines with dates stand around it."""


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no real texts at {SEEDS}")
@pytest.mark.parametrize("seed", REAL)
def test_the_dates_of_a_real_text_are_those_a_reader_finds(seed: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    text = path.read_text(encoding="utf-8")
    begins, ends = BODY.get(seed, ("", "\0"))
    text = text[text.index(begins) :].split(ends)[0]
    found = dates.find(text.splitlines(), reference=None)
    assert [f"{when.role} {_shown(when.start, when.end)}" for when in found] == REAL[seed]
    assert calls.find(text.splitlines(), dates=found, amounts=[], programmes=[], reference=None) == []
