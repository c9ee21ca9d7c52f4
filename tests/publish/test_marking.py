"""Where words stand, and how the text is cut where they overlap."""

from __future__ import annotations

import pytest

from crawler.publish.pages.marking import TITLE, Marked, Piece, Quoted, cells, mark


def joined(marked: Marked, block: int = 0) -> str:
    return "".join(piece.text for piece in marked.pieces[block])


def led(marked: Marked, block: int = 0) -> list[tuple[str, str | None]]:
    """Each piece with the value its mark leads to."""
    return [(piece.text, piece.values[0] if piece.values else None) for piece in marked.pieces[block]]


def test_words_are_cut_out_of_their_block() -> None:
    marked = mark({0: "Czeka 500 zł na osobę."}, [Quoted(value="k", raws=["500 zł"], block=0)])
    assert led(marked) == [("Czeka ", None), ("500 zł", "k"), (" na osobę.", None)]
    assert marked.standing == {"k": 0}


def test_of_words_within_words_the_inner_ones_lead() -> None:
    text = "Wnioski do 5 maja, pula 9 zł."
    marked = mark(
        {0: text},
        [Quoted(value="n", raws=[text]), Quoted(value="d", raws=["do 5 maja"]), Quoted(value="k", raws=["9 zł"])],
    )
    assert led(marked) == [("Wnioski ", "n"), ("do 5 maja", "d"), (", pula ", "n"), ("9 zł", "k"), (".", "n")]
    assert joined(marked) == text


def test_words_that_cross_share_the_middle() -> None:
    marked = mark({0: "od 1 do 5 maja"}, [Quoted(value="a", raws=["od 1 do 5"]), Quoted(value="b", raws=["5 maja"])])
    assert [(piece.text, piece.values) for piece in marked.pieces[0]] == [
        ("od 1 do ", ("a",)),
        ("5", ("b", "a")),
        (" maja", ("b",)),
    ]


def test_a_value_hidden_by_equal_words_is_named_behind_them() -> None:
    marked = mark({0: "9 zł."}, [Quoted(value="a", raws=["9 zł"]), Quoted(value="b", raws=["9 zł"])])
    assert marked.pieces[0][0] == Piece(text="9 zł", values=("a", "b"), begins=("a", "b"), also=("b",))


def test_a_full_stop_alone_is_no_link() -> None:
    marked = mark({0: "do 5 maja."}, [Quoted(value="n", raws=["do 5 maja."]), Quoted(value="d", raws=["do 5 maja"])])
    assert [(piece.text, piece.leads, piece.also) for piece in marked.pieces[0]] == [
        ("do 5 maja", True, ()),
        (".", False, ("n",)),
    ]


def test_each_value_begins_once() -> None:
    marked = mark({0: "9 zł i 9 zł", 1: "9 zł"}, [Quoted(value="a", raws=["9 zł", "9 zł", "9 zł"], block=0)])
    marks = [piece for block in (0, 1) for piece in marked.pieces[block] if piece.values]
    assert [piece.begins for piece in marks] == [("a",), (), ()]
    assert marked.places == {"a": 3}


def test_a_place_that_is_not_shown_is_not_counted() -> None:
    assert mark({0: "Raz 9 zł."}, [Quoted(value="a", raws=["9 zł", "9 zł"], block=0)]).places == {"a": 1}


def test_the_stated_block_comes_before_an_earlier_one() -> None:
    blocks = {0: "w Kielcach", 1: "i w Kielcach"}
    assert mark(blocks, [Quoted(value="m", raws=["Kielcach"], block=1)]).standing == {"m": 1}
    assert mark(blocks, [Quoted(value="m", raws=["Kielcach"])]).standing == {"m": 0}


def test_the_title_is_looked_at_last() -> None:
    marked = mark(
        {TITLE: "KFS i staże", 0: "Nowe staże"}, [Quoted(value="p", raws=["KFS"]), Quoted(value="s", raws=["staże"])]
    )
    assert marked.standing == {"p": TITLE, "s": 0}


def test_words_that_stand_nowhere_are_missing() -> None:
    marked = mark({0: "Tekst."}, [Quoted(value="p", raws=["20.02.2026"])])
    assert marked.standing == {}
    assert led(marked) == [("Tekst.", None)]


@pytest.mark.parametrize(
    ("text", "raw", "found"),
    [
        ("razem 25 osób", "5 osób", "5 osób"),
        ("15 osób, potem 5 osób", "5 osób", "5 osób"),
        ("od\N{NO-BREAK SPACE}5\n maja", "od 5 maja", "od\N{NO-BREAK SPACE}5\n maja"),
        ("NABÓR wniosków", "Nabór", "NABÓR"),
        ("(a+)+ [x]", "(a+)+ [x]", "(a+)+ [x]"),
    ],
)
def test_white_space_and_case_may_differ_but_whole_words_come_first(text: str, raw: str, found: str) -> None:
    marked = mark({0: text}, [Quoted(value="v", raws=[raw])])
    cut = [piece for piece in marked.pieces[0] if piece.values]
    assert [piece.text for piece in cut] == [found]
    if text.startswith("15"):
        assert marked.pieces[0][0].text == "15 osób, potem "


@pytest.mark.parametrize("raw", ["", "  ", "x" * 5_000])
def test_words_that_nobody_could_find_are_left_alone(raw: str) -> None:
    assert mark({0: "Tekst"}, [Quoted(value="v", raws=[raw])]).standing == {}


def test_a_row_of_a_table_keeps_its_marks_in_its_cells() -> None:
    marked = mark({0: "Zadanie | od 1 | 9 zł"}, [Quoted(value="k", raws=["od 1 | 9 zł"])])
    row = cells(marked.pieces[0])
    assert [["".join(piece.text) for piece in cell] for cell in row] == [["Zadanie"], ["", "od 1"], ["9 zł"]]
    assert [piece.begins for cell in row for piece in cell if piece.values] == [("k",), ()]


def test_many_overlapping_words_keep_the_whole_text() -> None:
    text = "".join(f"słowo{n} " for n in range(200))
    values = [Quoted(value=f"v{n}", raws=[text[n : n + 300].strip()]) for n in range(0, 600, 7)]
    assert joined(mark({0: text}, values)) == text


def test_words_in_a_long_text_are_found_with_other_spaces_and_capitals() -> None:
    text = "słowo " * 60_000 + "5\n osób. NABÓR"
    values = [Quoted(value="k", raws=["5 osób"]), Quoted(value="n", raws=["nabór"]), Quoted(value="-", raws=["nie ma"])]
    marked = mark({0: text}, values)
    assert [piece.text for piece in marked.pieces[0][1:]] == ["5\n osób", ". ", "NABÓR"]
    assert set(marked.standing) == {"k", "n"}


def test_letters_that_grow_in_small_print_move_no_mark() -> None:
    text = "İİ ẞ Nabór"
    marked = mark({0: text}, [Quoted(value="n", raws=["nabór"])])
    assert [(piece.text, bool(piece.values)) for piece in marked.pieces[0]] == [("İİ ẞ ", False), ("Nabór", True)]
