"""What the crawl says of an office's runs, in Polish."""

from __future__ import annotations

import pytest

from crawler.publish.health_words import troubles
from crawler.verdicts import judge

GOOD = {"teasers": 20, "list": "https://u.test/a", "filled": {"published": (20, 20), "title": (20, 20)},
        "sketch": [1, 2, 3, 4], "answers": {"asked": 20, "unreachable": 0, "refused": 0}}  # fmt: skip
BAD = {"teasers": 3, "list": "https://u.test/a", "filled": {"published": (8, 0), "title": (8, 8)},
       "sketch": [7, 8, 9, 10], "answers": {"asked": 10, "unreachable": 9, "refused": 0},
       "unusable": {"login": 9}}  # fmt: skip


def test_everything_that_a_verdict_says_has_polish_words() -> None:
    verdict = judge(BAD, [GOOD] * 5)
    moved = judge({**GOOD, "list": "https://u.test/b"}, [GOOD])
    told = troubles("; ".join(verdict.failures), "; ".join((*verdict.warnings, *moved.warnings)))
    assert len(told) == 6
    assert all(one.ours for one in told)
    assert told[0].words == "lista aktualności ma 3\N{NO-BREAK SPACE}pozycje, a zwykle co najmniej 20"
    assert told[1].words == "ze stron zniknęło pole „data publikacji”, które dotąd miało 100% stron"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("timeout: took longer than 60 s", "serwer urzędu nie odpowiedział na czas"),
        ("layout_changed", "lista aktualności jest zbudowana inaczej niż dotąd"),
        ("server: 4 of 5 requests were refused", "serwer odmówił odpowiedzi na 4 z 5 zapytań"),
    ],
)
def test_a_trouble_is_told_plainly(detail: str, words: str) -> None:
    assert [(one.words, one.ours) for one in troubles(detail, None)] == [(words, True)]


def test_words_that_are_not_known_are_given_as_they_are() -> None:
    assert [(one.words, one.ours) for one in troubles("odd: <b>x</b>", None)] == [("odd: <b>x</b>", False)]
    assert troubles(None, None) == []
