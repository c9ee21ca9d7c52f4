"""`wiesci verify` and `wiesci backup` as a schedule calls them; tests/faults/test_damage.py hurts a real crawl."""

from __future__ import annotations

import fcntl
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pysqlite3
import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.backing_up import back_up
from crawler.cli import main
from crawler.database import one_line, told
from crawler.folder import ARCHIVE, NEWS
from crawler.sealing import counted, sealed, stored
from crawler.store import Store
from crawler.verifying import verify
from crawler.visits import Visit
from tests.crawler.made import START, SetClock, register


def made(data: Path) -> None:
    with Archive.open(data / ARCHIVE, SetClock()) as archive, Store.open(data / NEWS, register()) as store:
        run = archive.begin_run("test")
        visit = Visit(
            office="pup-lipowo", purpose="list", url="http://lipowo.praca.test/", outcome="stored", status=200
        )
        archive.keep(run, visit, b"<html></html>", content_type="text/html")
        archive.end_run(run, "finished")
        store.catch_up(archive)


def test_verify_says_that_all_is_well_or_names_the_damage_and_ends_with_5(tmp_path: Path) -> None:
    made(tmp_path)
    well = CliRunner().invoke(main, ["verify", "--data", str(tmp_path)])
    assert (well.exit_code, "every row is as it was written" in well.output) == (0, True)
    with closing(pysqlite3.connect(str(tmp_path / ARCHIVE), isolation_level=None)) as connection:
        connection.execute("UPDATE visits SET status = 404")
    ill = CliRunner().invoke(main, ["verify", "--data", str(tmp_path)])
    assert ill.exit_code == 5
    assert "archive.db: row hashes: visits: 1 (changed since it was written)" in ill.output
    assert "wiesci restore" in ill.output


def test_verify_of_nothing_ends_with_5_and_makes_nothing(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["verify", "--data", str(tmp_path / "nic")])
    assert ended.exit_code == 5
    assert not (tmp_path / "nic").exists()


def test_verify_of_a_folder_in_which_nothing_was_crawled_says_so_and_names_the_demo_beside(tmp_path: Path) -> None:
    empty = CliRunner().invoke(main, ["verify", "--data", str(tmp_path)])
    assert empty.exit_code == 5
    assert empty.output == f"wiesci: {tmp_path}: nothing has been crawled here yet (wiesci crawl, wiesci demo)\n"
    (tmp_path / "demo").mkdir()
    made(tmp_path / "demo")
    beside = CliRunner().invoke(main, ["verify", "--data", str(tmp_path)])
    assert beside.exit_code == 5
    assert beside.output == empty.output.rstrip("\n") + f"; the demo's data is beside: --data {tmp_path / 'demo'}\n"


def test_verify_of_databases_that_a_first_crawl_only_began_says_that_nothing_was_crawled(tmp_path: Path) -> None:
    (tmp_path / ARCHIVE).touch()
    begun = CliRunner().invoke(main, ["verify", "--data", str(tmp_path)])
    assert (begun.exit_code, "nothing has been crawled here yet" in begun.output) == (5, True), begun.output
    with Archive.open(tmp_path / ARCHIVE, SetClock()) as archive:
        archive.begin_run("test")
    without_visits = CliRunner().invoke(main, ["verify", "--data", str(tmp_path)])
    assert without_visits.output == begun.output


def test_a_lost_database_is_not_taken_for_one_that_was_never_made(tmp_path: Path) -> None:
    made(tmp_path)
    back_up(tmp_path, tmp_path / "backups", at=START)
    for lost in (NEWS, ARCHIVE):
        (tmp_path / lost).unlink()
        ended = CliRunner().invoke(main, ["verify", "--data", str(tmp_path)])
        assert ended.exit_code == 5
        assert f"{lost}: does not exist" in ended.output


def test_whatever_a_zeroed_page_holds_the_damage_is_named_in_short_readable_lines(tmp_path: Path) -> None:
    made(tmp_path)
    whole = (tmp_path / NEWS).read_bytes()
    for page in range(1, len(whole) // 4096):
        (tmp_path / NEWS).write_bytes(whole[: page * 4096] + bytes(4096) + whole[(page + 1) * 4096 :])
        for one in verify(tmp_path):
            assert one.what.isprintable(), one
            assert len(one.what) < 1200


def test_of_what_cannot_be_decoded_only_the_column_is_named() -> None:
    with closing(pysqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE marks (mark TEXT)")
        connection.execute("INSERT INTO marks VALUES (CAST(? AS TEXT))", (b"\xff\x00\x81" * 500,))
        with pytest.raises(pysqlite3.DatabaseError) as caught:
            connection.execute("SELECT mark FROM marks").fetchone()
    assert one_line(str(caught.value)) == "Could not decode to UTF-8 column 'mark'"
    assert told(tmp := Path("news.db"), caught.value).startswith(f"{tmp}: Could not decode to UTF-8 column 'mark'; ")


def test_backup_prints_the_folder_of_a_copy_that_is_whole(tmp_path: Path) -> None:
    made(tmp_path / "data")
    ended = CliRunner().invoke(main, ["backup", str(tmp_path / "kopie"), "--data", str(tmp_path / "data")])
    assert ended.exit_code == 0, ended.output
    copy = Path(ended.output.strip())
    assert copy.parent == tmp_path / "kopie"
    assert {one.name for one in copy.iterdir()} == {ARCHIVE, NEWS}
    assert CliRunner().invoke(main, ["verify", "--data", str(copy)]).exit_code == 0


def test_the_seals_follow_rows_that_come_change_are_replaced_and_go(tmp_path: Path) -> None:
    made(tmp_path)
    with Store.open(tmp_path / NEWS, register()) as store:
        connection = store._db
        tables = sealed(connection, "news")
        connection.execute("INSERT INTO progress VALUES ('a', 1), ('b', 2)")
        connection.execute("INSERT OR REPLACE INTO progress VALUES ('a', 3)")
        connection.execute("UPDATE progress SET value = value + 1")
        connection.execute("INSERT INTO progress VALUES ('b', 9) ON CONFLICT (name) DO UPDATE SET value = 7")
        connection.execute("DELETE FROM progress WHERE name = 'b'")
        told = stored(connection)
        told.pop(("_shape", ""))
        assert told == counted(connection, tables)


def test_equal_rows_have_equal_seals_in_whatever_order_they_came(tmp_path: Path) -> None:
    seals = []
    for order in ((1, 2, 3), (3, 1, 2)):
        folder = tmp_path / str(order[0])
        with Store.open(folder / NEWS, register()) as store:
            for n in order:
                store._db.execute("INSERT INTO progress VALUES (?, ?)", (f"n{n}", n))
            seals.append(stored(store._db))
    assert seals[0] == seals[1]


def test_only_as_many_copies_stay_as_are_to_be_kept_and_nothing_else_goes(tmp_path: Path) -> None:
    made(tmp_path / "data")
    copies = tmp_path / "kopie"
    back_up(tmp_path / "data", copies, at=START)
    back_up(tmp_path / "data", copies, at=START + timedelta(days=7))
    (copies / "2026-01-01T000000Z").mkdir()  # not a copy: nothing stands in it
    (copies / "notatki").mkdir()
    ended = CliRunner().invoke(main, ["backup", str(copies), "--keep", "2", "--data", str(tmp_path / "data")])
    assert ended.exit_code == 0, ended.output
    newest, removed = ended.output.splitlines()
    assert removed == f"removed {copies / '2026-03-02T080000Z'}"
    assert {one.name for one in copies.iterdir()} == {
        "2026-01-01T000000Z",
        "notatki",
        "2026-03-09T080000Z",
        Path(newest).name,
    }


def test_what_a_killed_backup_left_goes_with_the_next_one_and_what_another_is_at_stays(tmp_path: Path) -> None:
    made(tmp_path / "data")
    copies = tmp_path / "kopie"
    killed, under_way, own = (copies / f"{name}.part" for name in ("2026-01-04T030400Z", "2026-01-11T030400Z", "moje"))
    for folder in (killed, under_way, own):
        folder.mkdir(parents=True)
        (folder / "news.db").write_bytes(b"half")
    held = os.open(under_way, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        copy = back_up(tmp_path / "data", copies)
    finally:
        os.close(held)
    assert {*copies.iterdir()} == {copy, under_way, own}
