"""What a reader sees of an edit."""

from __future__ import annotations

import random

import pytest

from crawler.publish.pages.differences import Line, Run, Work, difference, words


def test_an_edited_line_shows_its_words_and_equal_lines_are_counted() -> None:
    old = "Jeden\nWnioski do 9 marca.\nTrzy\nCztery"
    new = "Jeden\nWnioski do 16 marca.\nTrzy\nCztery"
    assert difference(old, new) == [
        Line(unchanged=1),
        Line(
            runs=[
                Run(kind="same", text="Wnioski do "),
                Run(kind="gone", text="9 "),
                Run(kind="new", text="16 "),
                Run(kind="same", text="marca."),
            ]
        ),
        Line(unchanged=2),
    ]


def test_lines_that_came_and_went_stand_whole() -> None:
    assert difference("a b c d\nzostaje", "zostaje\nx y z") == [
        Line(runs=[Run(kind="gone", text="a b c d")]),
        Line(unchanged=1),
        Line(runs=[Run(kind="new", text="x y z")]),
    ]


def test_an_edited_line_beside_a_new_one_is_told_as_edited() -> None:
    found = difference("Wnioski przyjmujemy do piątku.", "Uwaga!\nWnioski przyjmujemy do soboty.")
    assert [[run.kind for run in line.runs] for line in found] == [["new"], ["same", "gone", "new"]]


@pytest.mark.parametrize("text", ["", "jeden", "a\nb\n\nc"])
def test_equal_texts_have_no_difference(text: str) -> None:
    assert difference(text, text) == []


def test_a_text_from_nothing_and_to_nothing() -> None:
    assert difference("", "nowe słowa") == [Line(runs=[Run(kind="new", text="nowe słowa")])]
    assert difference("było", "") == [Line(runs=[Run(kind="gone", text="było")])]


def test_both_versions_can_be_read_out_of_a_difference() -> None:
    chance = random.Random(7)
    vocabulary = ["nabór", "wniosek", "do", "16", "marca", "staż", "zł"]
    for _ in range(200):
        one, other = (
            "\n".join(" ".join(chance.choices(vocabulary, k=chance.randint(1, 6))) for _ in range(chance.randint(1, 6)))
            for _ in range(2)
        )
        lines = difference(one, other)
        if not lines:
            assert one == other
            continue
        kept = sum(line.unchanged for line in lines)
        old = [line for line in lines if line.runs and any(run.kind != "new" for run in line.runs)]
        new = [line for line in lines if line.runs and any(run.kind != "gone" for run in line.runs)]
        assert kept + len(old) == len(one.split("\n"))
        assert kept + len(new) == len(other.split("\n"))


def test_long_texts_of_one_repeated_word_are_shown_replaced_rather_than_compared() -> None:
    found = words("a " * 3_000 + "x " + "b " * 3_000, "b " * 3_000 + "y " + "a " * 3_000)
    assert [run.kind for run in found] == ["gone", "new"]


def test_what_comparing_may_cost_is_bounded_over_all_revisions() -> None:
    work = Work(10_000)
    one, other = "a b c d e f g h i j", "a x c y e z g w i v"
    told = [len(words(one, other, work)) for _ in range(300)]
    assert max(told[:50]) > 5
    assert told[-1] == 3
