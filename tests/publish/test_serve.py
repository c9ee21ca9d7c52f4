"""Serving: the port, the settings, and Datasette without us."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from crawler.publish.safety import limit
from crawler.publish.serve import METADATA, PortInUse, datasette_of, listen, serve
from tests.publish.conftest import reader


def test_a_port_in_use_is_named_with_what_to_do(database: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"port {port} at 127\.0\.0\.1 cannot be used .*--port N"):
            serve(database, port=port)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        serve(tmp_path / "news.db", port=0)
    assert not (tmp_path / "news.db").exists()


@pytest.mark.asyncio
async def test_strangers_may_not_ask_in_sql_nor_take_the_file(database: Path) -> None:
    get = reader(datasette_of(database, public=True))
    assert (await get("/news?sql=select+1")).status_code == 403
    assert (await get("/news/articles?_where=1")).status_code == 403
    assert (await get("/news.db")).status_code == 403
    assert (await get("/news/articles.csv?_stream=on")).status_code == 403
    assert (await get("/-/settings.json")).status_code == 404
    assert (await get("/news/otwarte_nabory")).status_code == 200
    assert "_stream" not in (await get("/news/articles")).text


def test_no_value_grows_beyond_five_megabytes_where_the_driver_can_bound_it() -> None:
    connection = sqlite3.connect(":memory:")
    limit(connection)
    with pytest.raises(sqlite3.DataError):
        connection.execute("SELECT zeroblob(6000000)")
    connection.close()


def test_serve_prints_its_address_and_answers(database: Path) -> None:
    code = f"from pathlib import Path; from crawler.publish.serve import serve; serve(Path({str(database)!r}), port=0)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line.startswith("Wieści: http://127.0.0.1:")
            import httpx

            assert httpx.get(line.split()[1], trust_env=False).status_code == 200
        finally:
            server.terminate()


def test_plain_datasette_serves_the_same_file(database: Path) -> None:
    if "wiesci" not in {point.name for point in entry_points(group="datasette")}:
        pytest.skip("the plugin's entry point is not installed: make .venv anew")
    asked = [sys.executable, "-m", "datasette", str(database), "-m", str(METADATA), "--get"]
    rows = subprocess.run([*asked, "/news/otwarte_nabory.json?dzien=2026-03-02"], capture_output=True, check=True)
    assert json.loads(rows.stdout)["rows"]
    page = subprocess.run([*asked, "/"], capture_output=True, check=True)
    assert "Co nowego w urzędach pracy" in page.stdout.decode()
