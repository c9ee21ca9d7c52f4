"""The two minutes of visitors in a short form."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.benchmarks import visiting
from tests.publish.public import private, served


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice web, crawled and published once; a test works on a copy."""
    data = tmp_path_factory.mktemp("visited") / "data"
    assert visiting.crawl(data) == 0
    visiting.publish(data)
    return data


@pytest.mark.crawl
@pytest.mark.parametrize("public", [False, True])
def test_visitors_and_a_crawl_do_not_disturb_each_other(crawled: Path, tmp_path: Path, public: bool) -> None:
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True, symlinks=True)
    once = iter([False, True])
    pages = (*visiting.PAGES, *visiting.FILES) if public else visiting.PAGES
    with served(tmp_path, visiting.EDITIONS) if public else private(tmp_path) as server:
        visits, crawls = visiting.during(server, tmp_path, 8, pages, lambda: next(once))
    assert visits.failures == []
    assert set(visits.statuses) == {200}
    assert crawls == [0]
