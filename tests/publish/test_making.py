"""When a running server has a new edition made."""

from __future__ import annotations

import asyncio
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3
import pytest

from crawler.publish.public.editions import Edition, current
from crawler.publish.public.making import PAUSE, Making, by_command
from crawler.publish.public.press import make
from tests.publish import newsroom

MADE = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Office:
    """A data folder, an edition of it, and a Making under a clock of its own."""

    def __init__(self, data: Path, every: float = 900.0) -> None:
        self.data = data
        self.now = 1000.0
        self.made = 0
        newsroom.build(data / "news.db", articles=12, hostile=False)
        self.edition: Edition = make(data, made=MADE, formats=["csv"])
        self.making = Making(data, every=every, clock=lambda: self.now, publish=self._publish)

    async def _publish(self, data: Path) -> None:
        assert data == self.data
        self.made += 1

    def changes(self, name: str = "news.db") -> None:
        path = self.data / name
        path.touch()
        with path.open("ab") as stream:
            stream.write(b" ")

    async def look(self) -> int:
        """How many have been made after one more look."""
        await self.making(self.edition)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return self.made


@pytest.mark.asyncio
async def test_what_has_not_changed_is_not_made_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert [await office.look() for _ in range(3)] == [0, 0, 0]


@pytest.mark.asyncio
async def test_what_has_changed_is_made_once_in_the_interval(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.changes()
    assert await office.look() == 1
    office.now += 899
    assert await office.look() == 1
    office.now += 1
    assert await office.look() == 2


@pytest.mark.asyncio
async def test_what_was_taken_down_does_not_wait_for_the_interval(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.changes()
    assert await office.look() == 1
    office.now += PAUSE
    assert await office.look() == 1
    office.changes("suppressed.db")
    assert await office.look() == 2
    office.now += PAUSE
    assert await office.look() == 2  # it was tried with this very list: in vain, or it is still being applied
    office.changes()
    assert await office.look() == 3


@pytest.mark.asyncio
async def test_the_command_makes_an_edition_and_tells_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path)
    await by_command(tmp_path)
    made = current(tmp_path / "public")
    assert made is not None
    assert made.id > office.edition.id
    with closing(pysqlite3.connect(str(tmp_path / "news.db"))) as connection:
        connection.execute("DROP TRIGGER articles_updated")
        connection.execute("UPDATE articles SET title = 'inny'")
        connection.commit()
    await by_command(tmp_path)
    assert "search index" in capsys.readouterr().err
    assert current(tmp_path / "public") == made


@pytest.mark.asyncio
async def test_ending_the_server_ends_what_makes_an_edition(tmp_path: Path) -> None:
    newsroom.build(tmp_path / "news.db", articles=12, hostile=False)
    os.mkfifo(tmp_path / "suppressed.db")  # whoever reads the list waits here for ever
    making = Making(tmp_path, every=1.0)
    await making(Edition(id="", made="", articles=0, counts={}, sha256="", of={}, folder=tmp_path))
    await asyncio.sleep(0)
    await making.end()
    assert current(tmp_path / "public") is None
