"""The scores over the annotated practice pages never fall: not below the pinned ones, not below the promised ones."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.evaluation import PINNED, Score, scores

PROMISED = {
    "text lines": 0.98,
    "published": 0.98,
    "amounts": 0.98,
    "deadlines": 0.98,
    "attachments": 0.98,
    "places": 0.95,
    "event dates": 0.95,
    "kind": 0.95,
}
"""Least F1 of a field."""
_ROUNDING = 0.0001
_found = cache(scores)


def _pinned() -> dict[str, dict[str, float]]:
    pinned: dict[str, dict[str, float]] = json.loads(PINNED.read_text(encoding="utf-8"))
    return pinned


@pytest.mark.parametrize("name", sorted(_pinned()))
def test_no_score_falls_below_the_pinned_one(name: str) -> None:
    score, pinned = _found()[name], _pinned()[name]
    remarks = "\n".join(score.remarks)
    for measure, value in (("precision", score.precision), ("recall", score.recall), ("f1", score.f1)):
        assert value >= pinned[measure] - _ROUNDING, (
            f"{name}: {measure} {value:.4f}, pinned {pinned[measure]}\n{remarks}"
        )


def test_every_field_is_pinned() -> None:
    assert set(_found()) == set(_pinned())


def test_no_publication_date_is_wrong() -> None:
    score = _found()["published"]
    assert score.wrong == 0, "\n".join(score.remarks)


@pytest.mark.parametrize("name", PROMISED)
def test_a_field_is_as_right_as_promised(name: str) -> None:
    score: Score = _found()[name]
    assert score.right > 0
    assert score.f1 >= PROMISED[name], "\n".join(score.remarks)
