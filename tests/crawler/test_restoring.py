"""`wiesci restore`: a copy takes the place of what is there, and what was taken down or corrected since stays so."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pysqlite3
import pytest
from click.testing import CliRunner, Result

from crawler import registry, suppression, takedown
from crawler.backing_up import back_up
from crawler.cli import main
from crawler.corrections_file import CORRECTIONS
from crawler.database import DatabaseProblem
from crawler.folder import ARCHIVE, NEWS
from crawler.restoring import restore
from crawler.suppression import SUPPRESSED, Suppressions
from crawler.verifying import verify
from tests.crawler.made import Bench, article

SECRET = "http://lipowo.praca.test/-/lista-laureatow"
OTHER = "http://lipowo.praca.test/-/staze"
LATER = "http://lipowo.praca.test/-/szkolenia"
HEADER = "article,field,item,value,reason,who,day\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two articles; `kopie` beside it holds a copy of that state, and a third came after it."""
    bench = Bench(tmp_path / "data")
    monkeypatch.setattr(registry, "load", lambda practice=(): bench.register)
    bench.sight(SECRET, OTHER)
    bench.save(article(SECRET, "Nagrodę odebrała Żaneta Wróblińska z Lipowa.", title="Laureaci"))
    bench.save(article(OTHER, "Urząd ogłasza nabór."))
    bench.store.catch_up(bench.archive)
    back_up(bench.folder, tmp_path / "kopie", at=bench.clock())
    bench.save(article(LATER, "Urząd zaprasza na szkolenia."))
    bench.store.catch_up(bench.archive)
    bench.close()
    return bench.folder


def copy_of(data: Path) -> Path:
    (copy,) = (data.parent / "kopie").iterdir()
    return copy


def wiesci(*arguments: object, data: Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--data", str(data)])


def urls(data: Path) -> set[str]:
    connection = pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True)
    try:
        return {row[0] for row in connection.execute("SELECT url FROM articles")}
    finally:
        connection.close()


def test_a_copy_older_than_a_take_down_does_not_bring_back_what_was_taken_down(data: Path) -> None:
    assert wiesci("suppress", "add", SECRET, data=data).exit_code == 0
    done = wiesci("restore", copy_of(data), data=data)
    assert done.exit_code == 0, done.output
    assert "taken down again: 1 articles" in done.stdout
    assert urls(data) == {OTHER}
    assert wiesci("suppress", "test", SECRET, data=data).exit_code == 0
    assert [one for one in verify(data) if not one.mends] == []
    assert not takedown.outstanding(data)
    for name in (NEWS, f"{NEWS}-wal"):
        assert not (data / name).exists() or "Wróblińska".encode() not in (data / name).read_bytes()


def test_what_was_there_is_kept_and_can_itself_be_restored(data: Path) -> None:
    done = wiesci("restore", copy_of(data), data=data)
    assert done.exit_code == 0, done.output
    (kept,) = data.glob("before-restore-*")
    assert f"kept in {kept}" in done.stdout
    assert urls(data) == {SECRET, OTHER}
    assert urls(kept) == {SECRET, OTHER, LATER}
    assert wiesci("restore", kept, data=data).exit_code == 0
    assert urls(data) == {SECRET, OTHER, LATER}


def test_purged_pages_of_a_copy_are_purged_again(data: Path) -> None:
    assert wiesci("suppress", "add", SECRET, "--purge", data=data).exit_code == 0
    done = wiesci("restore", copy_of(data), data=data)
    assert "captures purged: 2" in done.stdout, done.output
    assert "the copy itself still has them" in done.stdout
    assert [one for one in verify(data) if not one.mends] == []


def test_a_new_machine_has_the_copys_own_list(data: Path, tmp_path: Path) -> None:
    suppression.add(data, "address", [SECRET])
    shutil.copy(data / SUPPRESSED, copy_of(data) / SUPPRESSED)
    done = wiesci("restore", copy_of(data), data=tmp_path / "nowa")
    assert done.exit_code == 0, done.output
    assert "of them only in the copy 1" in done.stdout
    assert urls(tmp_path / "nowa") == {OTHER}
    assert not list((tmp_path / "nowa").glob("before-restore-*"))


def test_both_lists_count(data: Path) -> None:
    suppression.add(copy_of(data), "address", [OTHER])
    suppression.add(data, "address", [SECRET])
    assert wiesci("restore", copy_of(data), data=data).exit_code == 0
    assert urls(data) == set()
    rules = Suppressions.read(data / SUPPRESSED)
    assert rules.address(OTHER)
    assert rules.address(SECRET)


def test_both_files_of_corrections_count_and_the_folders_goes_first(data: Path) -> None:
    ours = f"{OTHER},title,,Nasz,literówka,anna,2026-03-01\n"
    theirs = f"{OTHER},title,,Ich,literówka,jan,2026-02-01\n{SECRET},title,,Wyniki,literówka,jan,2026-02-01\n"
    (data / CORRECTIONS).write_text(HEADER + ours, encoding="utf-8")
    (copy_of(data) / CORRECTIONS).write_text(HEADER + theirs, encoding="utf-8")
    done = wiesci("restore", copy_of(data), data=data)
    assert done.exit_code == 0, done.output
    assert "corrections only the copy had: 1 taken over, 1 not" in done.stdout
    text = (data / CORRECTIONS).read_text(encoding="utf-8")
    assert "Nasz" in text
    assert "Wyniki" in text
    assert "Ich" not in text
    connection = pysqlite3.connect(f"file:{data / NEWS}?mode=ro", uri=True)
    assert {row[0] for row in connection.execute("SELECT title FROM articles")} == {"Nasz", "Wyniki"}
    connection.close()


def test_a_damaged_copy_is_refused_and_changes_nothing(data: Path) -> None:
    news = copy_of(data) / NEWS
    content = bytearray(news.read_bytes())
    content[5000:9000] = bytes(4000)
    news.write_bytes(content)
    before = {path.name: path.read_bytes() for path in data.glob("*.db*")}
    done = wiesci("restore", copy_of(data), data=data)
    assert done.exit_code == 5
    assert f"{copy_of(data)} is damaged, and was not put in place" in done.stderr
    assert {path.name: path.read_bytes() for path in data.glob("*.db*")} == before
    assert not list(data.glob("*.part"))


def test_a_copy_for_which_there_is_no_room_is_not_called_damaged(data: Path) -> None:
    """Under a quota, and where files may not grow, SQLite speaks of an I/O error, and not of a full disk."""

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    code = "from crawler.cli import main; main()"
    command = [sys.executable, "-c", code, "restore", str(copy_of(data)), "--data", str(data)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=full)
    assert ended.returncode == 5, ended.stderr
    assert "free some space" in ended.stderr
    assert "damaged" not in ended.stderr
    assert urls(data) == {SECRET, OTHER, LATER}
    assert wiesci("restore", copy_of(data), data=data).exit_code == 0


def test_a_list_that_cannot_be_read_stops_a_restore_before_anything_is_shown(data: Path) -> None:
    (data / SUPPRESSED).write_bytes(b"not a list at all" * 300)
    done = wiesci("restore", copy_of(data), data=data)
    assert done.exit_code == 5
    assert SUPPRESSED in done.stderr
    assert LATER in urls(data)


def test_a_restore_that_breaks_off_leaves_the_folder_as_it_was(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise DatabaseProblem("disk is full")

    monkeypatch.setattr(takedown, "apply", full)
    with pytest.raises(DatabaseProblem):
        restore(copy_of(data), data)
    assert urls(data) == {SECRET, OTHER, LATER}
    assert not list(data.glob("*.part"))


def test_a_copy_made_by_a_newer_version_is_refused(data: Path) -> None:
    connection = pysqlite3.connect(str(copy_of(data) / ARCHIVE))
    connection.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('archive', 'x', 'y')")
    connection.commit()
    connection.close()
    done = wiesci("restore", copy_of(data), data=data)
    assert done.exit_code == 5
    assert "newer version" in done.stderr


def test_a_folder_that_is_no_copy_is_called_what_it_is(data: Path, tmp_path: Path) -> None:
    (tmp_path / "pusty").mkdir()
    for folder, told in (
        (tmp_path / "kopie", f"the newest: {copy_of(data)}"),
        (tmp_path / "pusty", "no copy that wiesci backup made"),
        (data, "the data folder itself"),
    ):
        done = wiesci("restore", folder, data=data)
        assert done.exit_code == 2
        assert told in done.stderr


def test_the_help_of_backup_names_the_way_back() -> None:
    assert "wiesci restore" in CliRunner().invoke(main, ["backup", "--help"]).output
