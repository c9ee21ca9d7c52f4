"""How many real articles are refused as no articles: under one in a hundred, on every sort of page we hold."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from normalize import Unusable, normalize
from tests.evaluation import pages
from tests.normalize.pages import SECOND, page, read

GOLD = Path(os.environ.get("WIESCI_GOLD", Path(__file__).parents[3] / "shared" / "gold"))
MENU = "<nav>" + "".join(f"<a href='/{n}'>Dział {n}</a> " for n in range(20)) + "</nav>"


def test_no_annotated_practice_page_is_refused() -> None:
    refused = []
    for one in pages():
        try:
            normalize(one.capture)
        except Unusable as unusable:
            refused.append((one.url, unusable.reason))
    assert len(pages()) > 60
    assert refused == []


@pytest.mark.skipif(not GOLD.exists(), reason=f"no annotated expressions at {GOLD}")
def test_under_one_in_a_hundred_news_of_one_real_sentence_is_refused() -> None:
    """The shortest there is: a title, one sentence that speaks of anything, menus around it."""
    refused, read_well = [], 0
    for title, sentence in _news():
        try:
            article = read(page(f"{MENU}<div><h1>{title}</h1><p>{sentence}</p></div>", title=f"{title} - Urząd"))
        except Unusable as unusable:
            refused.append((unusable.reason, title, sentence))
        else:
            read_well += sentence[:20] in article.text
    assert read_well > 200
    assert len(refused) < 0.01 * (read_well + len(refused)), refused


def _news() -> Iterator[tuple[str, str]]:
    """Each annotated title over a plain sentence; each annotated expression in a sentence under a plain title."""
    for line in (GOLD / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["title"], SECOND
    with (GOLD / "expressions.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield "Rusza nabór na staże", f"Urząd informuje, że dotyczy to także spraw opisanych jako {row['raw']}."
