"""The nouns of a record are dataclasses like any other, however they are made."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import pytest

from normalize.model import Evidence, Mention, When

SAID: dict[str, Any] = {"raw": "5 marca 2024 r.", "method": "printed"}


def test_fields_left_out_have_their_defaults() -> None:
    assert (Evidence(**SAID).sure, Evidence(**SAID).block) == ("high", None)


def test_a_field_that_must_be_told_is_missed() -> None:
    with pytest.raises(TypeError, match="method"):
        Evidence(raw="5 marca")  # type: ignore[call-arg]


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        Evidence(**SAID, colour="red")  # type: ignore[call-arg]


def test_nothing_of_a_noun_can_be_set() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Evidence(**SAID).raw = "6 marca"  # type: ignore[misc]


def test_nouns_that_say_the_same_are_equal_also_after_a_journey_between_processes() -> None:
    when = When(
        mentions=(Mention(raw="5 marca", block=2),), method="printed", role="event", start="a", end="b", precision="day"
    )
    again = pickle.loads(pickle.dumps(when))
    assert again == when
    assert hash(again) == hash(when)
    assert dataclasses.replace(when, end="c").end == "c"
