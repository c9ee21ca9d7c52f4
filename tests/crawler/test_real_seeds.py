"""The main job on real input: the five documents mounted beside the practice web and crawled with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from crawler import registry
from crawler.folder import NEWS
from crawler.practice import offices
from crawler.practice.site import BUNDLED
from crawler.rebuilding import rebuild
from tests import seeds

pytestmark = [
    pytest.mark.crawl,
    pytest.mark.skipif(not seeds.FOLDER.is_dir(), reason=seeds.MISSING),
]

EXPECTED: dict[str, dict[str, Any]] = {
    "mapadotacji.test": {
        "published": None,
        "begins": "To największy projekt społeczny",
        "ends": "i gminą Boćki.",
        "amounts": [(2_000_000_000, "PLN", "grant", 1)],
        "dates": {("mention", "2019", "2019")},
        "places": {"2007", "2006", "2014", "2013", "2005", "2010", "2003", "2062", "20"},
    },
    "europasrodkowa.test": {
        "published": None,
        "photo_credit": "Tomasz Żak / UMWS",
        "begins": "17 września 2019 roku w Śląskim Urzędzie Marszałkowskim",
        "ends": "Miasto Wiedeń (Vienna Board of Education).",
        "amounts": [],
        "dates": {("event", "2019-09-17", "2019-09-17")},
        "places": {"24"},
        "sizes": [1029120, 311296, 1048576, 630784],
    },
    "siew.test": {
        "published": "2022-06-01",
        "author": "Krzysztof Kalita",
        "begins": "W okresie od 1 lipca 2022 r.",
        "ends": "przy ul. Sienkiewicza 78A.",
        "amounts": [(105_975_000, "PLN", "grant", 0)],
        "dates": {
            ("period", "2022-07-01", "2023-12-31"),
            ("act", "2022-03-12", "2022-03-12"),
            ("mention", "2022-02-24", "2022-02-24"),
            ("mention", "2022", "2023"),
        },
    },
    "es-umws.test": {
        "published": None,
        "begins": "3 marca w siedzibie Centrum Integracji Społecznej",
        "ends": "i porządkowo-budowlanej.",
        "amounts": [],
        "dates": {("event", "--03-03", "--03-03")},
        "captions": 1,
        "images": 8,
    },
    "wrzos.test": {
        "published": "2013-07-11",
        "begins": "Przez ostatnie sześć miesięcy",
        "ends": "w ramach Europejskiego Funduszu Społecznego.",
        "amounts": [],
    },
}


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(sites, data): the demo crawled with the real documents mounted."""
    folder = tmp_path_factory.mktemp("real")
    assert sorted(seeds.mount(folder / "sites")) == sorted(EXPECTED)
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "from crawler.cli import main; main()",
            "demo",
            "--no-serve",
            "--sites",
            str(folder / "sites"),
            "--data",
            str(folder / "data"),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder / "sites", folder / "data"


def rows(data: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True)
    try:
        return list(connection.execute(sql, values))
    finally:
        connection.close()


@pytest.mark.parametrize("host", EXPECTED)
def test_the_news_database_holds_the_document_with_its_values(mounted: tuple[Path, Path], host: str) -> None:
    _, data = mounted
    expected = EXPECTED[host]
    ((article, text, published, author, credit),) = rows(
        data,
        "SELECT id, text, published, author, photo_credit FROM articles WHERE url LIKE 'http%//' || ? || '/%'",
        host,
    )
    assert text.startswith(expected["begins"])
    assert text.endswith(expected["ends"])
    assert published == expected["published"]
    assert author == expected.get("author")
    assert credit == expected.get("photo_credit")
    amounts = rows(data, "SELECT grosze, currency, role, approximate FROM amounts WHERE article = ?", article)
    assert amounts == expected["amounts"]
    if "dates" in expected:
        assert set(rows(data, "SELECT role, start, [end] FROM dates WHERE article = ?", article)) == expected["dates"]
    if "places" in expected:
        assert {row[0] for row in rows(data, "SELECT teryt FROM article_places WHERE article = ?", article)} == (
            expected["places"]
        )
    if "sizes" in expected:
        assert [
            row[0]
            for row in rows(
                data, "SELECT declared_bytes FROM attachments WHERE article = ? AND media_type LIKE '%pdf'", article
            )
        ] == expected["sizes"]
    if "images" in expected:
        assert rows(data, "SELECT count(*), count(caption) FROM images WHERE article = ?", article) == [
            (expected["images"], expected["captions"])
        ]


@pytest.mark.parametrize("host", EXPECTED)
def test_extract_on_the_saved_page_gives_the_same_values(mounted: tuple[Path, Path], host: str) -> None:
    sites, _ = mounted
    expected = EXPECTED[host]
    seed = next(seed for seed in seeds.all_seeds() if seed.host == host)
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "from crawler.cli import main; main()",
            "extract",
            str(sites / host / "article.html"),
            "--url",
            seed.url,
            "--fetched",
            "2026-11-21T10:00",
            "--json",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    record = json.loads(ended.stdout)
    assert record["text"].startswith(expected["begins"])
    assert record["text"].endswith(expected["ends"])
    assert record["published"] == expected["published"]
    assert record["author"] == expected.get("author")
    assert record["photo_credit"] == expected.get("photo_credit")
    assert [one["value"] for one in record["amounts"]] == [
        f"{grosze // 100}.{grosze % 100:02d}" for grosze, *_ in expected["amounts"]
    ]
    if "dates" in expected:
        assert {(one["role"], one["start"], one["end"]) for one in record["dates"]} == expected["dates"]


def test_a_rebuild_changes_nothing(mounted: tuple[Path, Path]) -> None:
    sites, data = mounted
    register = registry.load(practice=offices([BUNDLED, sites]))
    assert rebuild(data, register).differing == {}
