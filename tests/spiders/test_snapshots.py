"""Kept list pages, `tests/snapshots/<family>/<variant>/`, and the teasers that were accepted for each.

A folder holds `page.html`, `page.xml` or `page.json`, its address and office in `page.toml`, and `expected.json`.
A missing `expected.json` is written, and the test fails, so that what was written is read before it is committed.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from crawler.listing import Announced, BadLink, Further, Listed
from normalize.model import Office
from tests.spiders import teasers

SNAPSHOTS = Path(__file__).parents[1] / "snapshots"
VARIANTS = sorted(path.parent for path in SNAPSHOTS.glob("*/*/page.toml"))


def shown(listed: Listed) -> dict[str, Any]:
    match listed:
        case Further(url):
            return {"further": url}
        case Announced(total, pages):
            told = {"announced": total, "announced_pages": pages}
            return {name: count for name, count in told.items() if count is not None}
        case BadLink(raw):
            return {"bad_link": raw}
    return {key: value for key, value in dataclasses.asdict(listed).items() if value is not None}


@pytest.mark.parametrize("folder", VARIANTS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_kept_list_gives_the_accepted_teasers(folder: Path) -> None:
    facts = tomllib.loads((folder / "page.toml").read_text(encoding="utf-8"))
    [page] = [path for path in folder.glob("page.*") if path.suffix != ".toml"]
    family = folder.parent.name
    office = Office(family=family, kind="other", **facts.pop("office"))
    response = HtmlResponse(facts["url"], body=page.read_bytes(), encoding="utf-8", headers=facts.get("headers"))
    found = [shown(one) for one in teasers(family, response, office)]
    expected = folder / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was missing: it is written now; read it, then commit it")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_every_family_of_the_register_has_a_kept_list() -> None:
    families = {path.stem for path in (Path(__file__).parents[2] / "spiders").glob("*.toml")}
    assert families == {folder.parent.name for folder in VARIANTS}
