"""S09: databases of another version, and migrations that were killed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.database import DatabaseProblem
from crawler.exits import DISK
from crawler.folder import ARCHIVE
from tests.faults.small import change

pytestmark = pytest.mark.crawl


def test_s09_a_migration_killed_at_any_statement_is_completed_by_the_next_start() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.migrating", "--every", "11"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    kills = re.fullmatch(r"(\d+) kills\n", ended.stdout)
    assert kills
    assert int(kills[1]) > 30


def test_s09_a_database_of_a_newer_version_is_left_as_it_is(data: Path) -> None:
    change(data / ARCHIVE, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                           " VALUES ('archive', 'archive_9999', '2030-01-01')")  # fmt: skip
    before = (data / ARCHIVE).read_bytes()
    with pytest.raises(DatabaseProblem, match="newer version"):
        Archive.open(data / ARCHIVE)
    assert (data / ARCHIVE).read_bytes() == before
    ended = subprocess.run(
        [sys.executable, "-c", "from crawler.cli import main; main()", "crawl", "--data", str(data)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == DISK
    assert "newer version" in ended.stderr
    assert (data / ARCHIVE).read_bytes() == before
