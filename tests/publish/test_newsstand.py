"""Readers see one edition at a time, whole, whatever is made meanwhile."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pysqlite3
import pytest

from crawler import suppression
from crawler.database import DatabaseProblem
from crawler.health import SourcesFailed
from crawler.publish.public import editions, placing
from crawler.publish.public.press import make
from crawler.publish.serve import datasette_of, edition_desk
from tests.publish import newsroom
from tests.publish.public import served

MADE = datetime(2026, 3, 2, 12, tzinfo=UTC)
SWAPS = 20
READERS = 20
MARK = re.compile(r"wydanie(?:</mark>)?-(\d{3})")
PAGES = (
    "/",
    "/news/articles",
    "/news/articles.json?_size=40&_shape=objects",
    "/news/articles.csv?_size=max",
    "/news/articles.ndjson?_size=7",
    "/news/articles.atom",
    "/news/articles?_search=wydanie",
    "/pliki/articles.csv",
    "/pliki/articles.ndjson",
)


def newest(data: Path, number: int) -> None:
    """The newsroom as it is at this number: every title says so."""
    with closing(pysqlite3.connect(str(data / "news.db"))) as connection:
        connection.execute(
            "UPDATE articles SET title = printf('Wiadomość wydanie-%03d', ?), lead = NULL, lemmas = 'wydanie'",
            (number,),
        )
        connection.commit()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    newsroom.build(tmp_path / "news.db", articles=24, hostile=False)
    newest(tmp_path, 0)
    return tmp_path


def test_twenty_swaps_under_twenty_readers_give_no_error_and_no_mixed_page(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "KEPT", 4)
    made = []
    for number in range(4):
        newest(data, number)
        made.append(make(data, made=MADE + timedelta(minutes=number), formats=["csv", "ndjson"]))
    statuses: Counter[int] = Counter()
    mixed: list[str] = []
    seen: set[str] = set()
    progress = threading.Condition()
    over = threading.Event()

    def read(first: int) -> None:
        with server.client() as client:
            turn = first
            while not over.is_set():
                path = PAGES[turn % len(PAGES)]
                answer = client.get(path)
                marks = set(MARK.findall(answer.text))
                with progress:
                    statuses[answer.status_code] += 1
                    seen.update(marks)
                    if len(marks) != 1:
                        mixed.append(f"{path}: {sorted(marks)}")
                    progress.notify_all()
                turn += 1

    with served(data) as server:
        readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
        for reader in readers:
            reader.start()
        try:
            for swap in range(SWAPS):
                with progress:
                    seen.clear()
                placing.point(data / "public", made[swap % 4].id)
                with progress:
                    assert progress.wait_for(lambda mark=f"{swap % 4:03d}": mark in seen, timeout=60)  # type: ignore[misc]
        finally:
            over.set()
            for reader in readers:
                reader.join()
    assert set(statuses) == {200}
    assert mixed == []
    assert statuses.total() > SWAPS * len(PAGES)
    assert server.process.returncode == 0


def test_the_files_of_an_edition_are_those_its_package_describes_and_stay_for_who_began(data: Path) -> None:
    first = make(data, made=MADE)
    with served(data) as server, server.client() as client:
        package = client.get(f"/pliki/{first.id}/datapackage.json").json()
        newest(data, 1)
        second = make(data, made=MADE + timedelta(minutes=1))
        while server.edition() != second.id:
            pass
        for resource in package["resources"]:
            body = client.get(f"/pliki/{first.id}/{resource['path']}").content
            assert f"sha256:{hashlib.sha256(body).hexdigest()}" == resource["hash"]
        assert "wydanie-000" in client.get(f"/pliki/{first.id}/articles.csv").text
        assert "wydanie-001" in client.get("/pliki/articles.csv").text
        assert client.get("/pliki/20200101T000000000000Z/articles.csv").status_code == 404


def test_an_edition_that_cannot_be_made_leaves_the_one_before(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = make(data, made=MADE, formats=["csv"])
    files = sorted(path.name for path in (data / "public/editions").rglob("*"))

    def unchanged() -> bool:
        now = editions.current(data / "public")
        return now == before and files == sorted(path.name for path in (data / "public/editions").rglob("*"))

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("crawler.publish.public.press._pack", full)
        with pytest.raises(DatabaseProblem, match="No space left on device"):
            make(data, made=MADE + timedelta(minutes=1), formats=["csv"])
    assert unchanged()
    with closing(pysqlite3.connect(str(data / "news.db"))) as connection:
        connection.execute(
            "UPDATE office_runs SET outcome = 'failed', detail = 'volume: 2 instead of 10' WHERE office = 'pup-elk'"
        )
        connection.commit()
    with pytest.raises(SourcesFailed, match="pup-elk"):
        make(data, made=MADE + timedelta(minutes=2), formats=["csv"])
    assert unchanged()
    make(data, made=MADE + timedelta(minutes=3), formats=["csv"], even_so=True)
    suppression.add(data, "office", ["pup-elk"])
    with pytest.raises(DatabaseProblem, match="take-down"):
        make(data, made=MADE + timedelta(minutes=4), formats=["csv"], even_so=True)


def test_an_edition_that_cannot_be_shown_is_told_of_and_readers_keep_theirs(data: Path) -> None:
    first = make(data, made=MADE, formats=["csv"])
    with served(data) as server, server.client() as client:
        broken = make(data, made=MADE + timedelta(minutes=1), formats=["csv"])
        (broken.files / "datapackage.json").write_text("{", encoding="utf-8")
        assert server.process.stderr is not None
        told = ""
        while "cannot be served" not in told:
            told = server.process.stderr.readline()
        assert str(broken.folder) in told
        assert server.edition() == first.id
        assert client.get("/news/articles").status_code == 200
        good = make(data, made=MADE + timedelta(minutes=2), formats=["csv"])
        while server.edition() != good.id:
            pass


def test_a_download_goes_on_where_it_broke_off_unless_the_edition_is_another(data: Path) -> None:
    make(data, made=MADE, formats=["csv"])
    plain = {"accept-encoding": "identity"}
    with served(data) as server, server.client() as client:
        whole = client.get("/pliki/articles.csv", headers=plain)
        tag = whole.headers["etag"]
        assert whole.headers["accept-ranges"] == "bytes"
        for asked, begins, ends in (("bytes=100-", 100, None), ("bytes=0-99", 0, 100), ("bytes=-50", -50, None)):
            rest = client.get("/pliki/articles.csv", headers={**plain, "range": asked, "if-range": tag})
            assert rest.status_code == 206
            assert rest.content == whole.content[begins:ends]
            assert rest.headers["content-range"].endswith(f"/{len(whole.content)}")
        beyond = client.get("/pliki/articles.csv", headers={**plain, "range": f"bytes={len(whole.content)}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.content)}")
        for odd in ("bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"):
            assert client.get("/pliki/articles.csv", headers={**plain, "range": odd}).content == whole.content
        assert client.get("/pliki/articles.csv", headers={**plain, "if-none-match": tag}).status_code == 304
        since = {**plain, "if-modified-since": whole.headers["last-modified"]}
        assert client.get("/pliki/articles.csv", headers=since).status_code == 304
        packed = client.get("/pliki/articles.csv", headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["etag"] != tag
        assert packed.content == whole.content
        newest(data, 1)
        edition = make(data, made=MADE + timedelta(minutes=1), formats=["csv"])
        while server.edition() != edition.id:
            pass
        other = client.get("/pliki/articles.csv", headers={**plain, "range": "bytes=100-", "if-range": tag})
        assert other.status_code == 200
        assert client.get("/pliki/articles.csv", headers={**plain, "if-none-match": tag}).status_code == 200
        head = client.head("/pliki/articles.csv", headers=plain)
        assert int(head.headers["content-length"]) == len(other.content)
        assert head.content == b""


def test_the_page_of_the_files_names_each_table_with_its_rows(data: Path) -> None:
    made = make(data, made=MADE)
    with served(data) as server, server.client() as client:
        page = client.get("/pliki").text
        links = re.findall(r'href="(/pliki/[^"]+)"', page)
        assert len(links) > 60
        for link in links:
            assert client.head(link).status_code == 200, link
        assert "24" in re.findall(r"<tr>.*?articles.*?</tr>", page)[0]
        assert made.counts["articles"] == 24
        assert "2\N{NO-BREAK SPACE}marca\N{NO-BREAK SPACE}2026, 13:00" in page


def test_what_stands_in_an_edition_is_what_readers_may_see(data: Path) -> None:
    with closing(pysqlite3.connect(str(data / "news.db"))) as connection:
        connection.execute("UPDATE runs SET command = 'wiesci crawl --data /home/ktos/dane --limit 5'")
        connection.execute("INSERT INTO article_keys VALUES ('klucz', 'a')")
        connection.commit()
    edition = make(data, made=MADE)
    with closing(pysqlite3.connect(str(edition.database))) as connection:
        assert connection.execute("SELECT DISTINCT command FROM runs").fetchall() == [("wiesci crawl",)]
        assert connection.execute("SELECT count(*) FROM article_keys").fetchone() == (0,)
    for path in edition.folder.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            assert b"/home/ktos" not in path.read_bytes(), path.name
            assert str(data).encode() not in path.read_bytes(), path.name
    names = {one["table"] for one in json.loads((edition.files / "datapackage.json").read_text())["resources"]}
    assert not {name for name in names if name.startswith("_")} | (names & {"understood", "article_keys", "bands"})


def test_a_second_process_does_not_make_an_edition_at_the_same_time(data: Path) -> None:
    make(data, made=MADE, formats=["csv"])
    with placing._alone(data / "public"), pytest.raises(placing.BeingMade):
        make(data, made=MADE + timedelta(minutes=1), formats=["csv"])


def test_what_a_dead_process_left_is_cleared_and_what_a_server_reads_is_not(data: Path) -> None:
    first = make(data, made=MADE, formats=["csv"])
    left = data / "public/editions/.x.new-1"
    left.mkdir()
    with editions.held(first):
        for minute in range(1, 4):
            make(data, made=MADE + timedelta(minutes=minute), formats=["csv"])
        assert first.database.exists()
    assert not left.exists()
    make(data, made=MADE + timedelta(minutes=9), formats=["csv"])
    assert not first.folder.exists()


def test_without_any_edition_the_server_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="wiesci publish makes one"), served(tmp_path):
        pass


@pytest.mark.parametrize("path", ["/", "/news/articles", "/nie-ma", "/news?sql=x", "/pliki/articles.csv", "/-/threads"])
def test_every_answer_carries_the_headers_of_safety(data: Path, path: str) -> None:
    make(data, made=MADE, formats=["csv"])
    with served(data) as server, server.client() as client:
        answers = [client.get(path), client.head(path), client.post(path), client.request("OPTIONS", path)]
        answers.append(client.get(path, headers={"host": "a b"}))
        answers.append(client.get(path + "?" + "x=1&" * 100))
    for answer in answers:
        assert_safe(answer)


def assert_safe(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers


@pytest.mark.asyncio
async def test_readers_of_an_edition_see_the_same_open_calls_as_its_owner(data: Path) -> None:
    """Also those without a deadline, which are found by what their articles say."""
    edition = make(data, made=MADE, formats=["csv"])
    asked = "/news/otwarte_nabory.json?_shape=array&dzien=2026-03-02&wojewodztwo="
    own = (await datasette_of(data / "news.db").client.get(asked)).json()
    public = (await edition_desk(edition).client.get(asked)).json()
    assert public == own
    assert any(call["bez_terminu"] for call in public)
