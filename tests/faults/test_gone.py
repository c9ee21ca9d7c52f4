"""L03: an office takes an article away."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.folder import NEWS
from crawler.rebuilding import rebuild
from tests.faults.driving import Ended, drive
from tests.faults.small import register, small_web
from tests.faults.web import redirect, response

pytestmark = pytest.mark.crawl

_STATE = (
    "SELECT gone IS NOT NULL, gone_reason, title, text != '' FROM articles WHERE url LIKE '%{}' AND office = 'jeden'"
)
_GONE = {"/news,1,x.html": response(status=404), "/news,2,x.html": response(status=410)}
_MOVED = "/news,3,x.html"


def states(ended: Ended) -> dict[str, tuple[object, ...]]:
    return {target: ended.rows(_STATE.format(target))[0] for target in (*_GONE, _MOVED)}


def test_l03_an_article_found_gone_twice_is_marked_and_kept_and_back_when_it_is(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with small_web() as web:
        before = states(drive(web, data))
        there = {target: web.answers["jeden.test", target] for target in (*_GONE, _MOVED)}
        for target, answer in (_GONE | {_MOVED: redirect("/news.html")}).items():
            web.put("jeden.test", target, answer)
        once = states(drive(web, data, days=100))
        assert once == before  # one look is not enough
        twice = states(drive(web, data, days=102))
        for target, reason in zip((*_GONE, _MOVED), ("404", "410", "redirect"), strict=True):
            assert twice[target] == (1, reason, *before[target][2:])
        for target, answer in there.items():
            web.put("jeden.test", target, answer)
        back = drive(web, data, days=300)
        assert states(back) == before
    changes = back.rows("SELECT group_concat(changes) FROM revisions JOIN articles ON article = articles.id"
                        " WHERE url LIKE '%/news,1,x.html' AND office = 'jeden'")  # fmt: skip
    assert '"gone"' in changes[0][0]
    assert '"back"' in changes[0][0]
    assert rebuild(data, register()).differing == {}
    assert (data / NEWS).exists()
