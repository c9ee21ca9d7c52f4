"""Bad input gets a clear message, nothing is lost, and the exit code is one a schedule understands."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pysqlite3
import pytest
from click.testing import CliRunner, Result

from crawler import registry
from crawler.cli import main
from crawler.registry import RegisterError
from tests.crawler.made import Bench, article

PAGE = """<!doctype html><html lang="pl"><head><meta charset="utf-8"><title>Nabór na staże</title></head><body><main>
<h1>Nabór na staże</h1><p>Data publikacji: 5 marca 2024</p><p>Powiatowy Urząd Pracy w Lipowie przyjmuje wnioski na staże
od 11 do 22 marca 2024 r. Na ten cel przeznaczono 120 000 zł.</p><p>Wnioski należy składać w sekretariacie urzędu.</p>
</main></body></html>"""


def wiesci(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env=options)


def test_an_unknown_office_is_answered_with_the_nearest_ids(tmp_path: Path) -> None:
    ended = wiesci("crawl", "pup-kielcee", "--data", str(tmp_path))
    assert ended.exit_code == 2
    assert "no office 'pup-kielcee'" in ended.stderr
    assert "pup-kielce" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_option_is_wrong_usage() -> None:
    assert wiesci("crawl", "--kind", "urząd").exit_code == 2
    assert wiesci("nonsense").exit_code == 2


def test_a_choice_of_offices_that_leaves_none_is_told_in_its_own_words(tmp_path: Path) -> None:
    ended = wiesci("crawl", "--voivodeship", "99", "--kind", "wup", "--data", str(tmp_path))
    assert ended.exit_code == 2
    assert "no office of the register is all of this: kind wup, voivodeship 99" in ended.stderr


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    ended = wiesci("crawl", "pup-kielce", "--data", str(tmp_path / "file" / "data"))
    assert ended.exit_code == 5
    assert str(tmp_path / "file") in ended.stderr
    assert "--data" in ended.stderr


def test_a_database_made_by_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Bench(tmp_path).close()
    newer = pysqlite3.connect(str(tmp_path / "news.db"))
    newer.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('news', 'news_9999', 'tomorrow')"
    )
    newer.commit()
    newer.close()
    before = (tmp_path / "news.db").read_bytes()
    ended = wiesci("rebuild", "--data", str(tmp_path))
    assert ended.exit_code == 5
    assert "newer version" in ended.stderr
    assert str(tmp_path / "news.db") in ended.stderr
    assert (tmp_path / "news.db").read_bytes() == before


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"this is not a database at all" * 100)
    ended = wiesci("rebuild", "--data", str(tmp_path))
    assert ended.exit_code == 5
    assert str(tmp_path / "archive.db") in ended.stderr


def test_a_port_in_use_is_said_before_anything_is_crawled(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = wiesci("demo", "--port", str(port), "--data", str(tmp_path / "data"))
    assert ended.exit_code == 3
    assert str(port) in ended.stderr
    assert "--port" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_serving_without_a_database_says_what_to_do_first(tmp_path: Path) -> None:
    ended = wiesci("serve", "--data", str(tmp_path))
    assert ended.exit_code == 5
    assert "wiesci crawl" in ended.stderr


def test_a_news_database_that_is_none_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_text("junk")
    ended = wiesci("serve", "--data", str(tmp_path), "--port", "0")
    assert ended.exit_code == 5
    assert str(tmp_path / "news.db") in ended.stderr


def test_an_archive_that_is_lost_beside_its_news_stops_everything(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.save(article("http://lipowo.praca.test/-/staze", "Zapis."), body=PAGE)
    bench.close()
    before = (tmp_path / "news.db").read_bytes()
    for lost in (lambda file: file.unlink(), lambda file: file.write_bytes(b"")):
        for file in tmp_path.glob("archive.db*"):
            lost(file)
        for command in (("rebuild",), ("crawl", "pup-kielce")):
            ended = wiesci(*command, "--data", str(tmp_path))
            assert ended.exit_code == 5, ended.output
            assert "archive.db" in ended.stderr
    connection = pysqlite3.connect(str(tmp_path / "news.db"))
    assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    connection.close()
    assert len((tmp_path / "news.db").read_bytes()) >= len(before)


def test_a_text_file_is_read_with_its_lines_as_paragraphs(tmp_path: Path) -> None:
    text = "Nabór na staże\nWnioski składa <rodzina> do 22 marca 2024 r.\nPula wynosi 120 000 zł.\n"
    (tmp_path / "page.txt").write_text(text, encoding="utf-8")
    ended = wiesci("extract", str(tmp_path / "page.txt"), "--fetched", "2024-03-06T10:00", "--json")
    record = json.loads(ended.stdout)
    assert record["text"] == text.partition("\n")[2].strip()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            'id = "pup-a"\nkind = "pup"\nname = "Urząd"\nurl = "https://a.example.org/"\ncolour = "red"',
            "colour: unknown key",
        ),
        ('id = "pup-a"\nkind = "pup"\nname = "Urząd"\nurl = "nie adres"', "url: not an http or https address"),
        ('id = "pup-a"\nkind = "pup"\nname = "Urząd"\nurl = "https://a.example.org:99999/"', "url: not an address"),
        ('id = "pup-a"\nkind = "pup"\nname = "Urząd"', "url: missing"),
        (
            'id = "pup-a"\nkind = "pup"\nname = "Urząd"\nurl = "https://a.example.org/"\npowiats = ["9999"]',
            "powiats: unknown TERYT code '9999'",
        ),
        (
            'id = "pup-a"\nkind = "pup"\nname = "Urząd"\nurl = "https://a.example.org/"\nvoivodeship = "2"',
            "voivodeship: unknown TERYT code '2'",
        ),
        ('id = "pup-b"\nkind = "pup"\nname = "Drugi"\nurl = "https://b.example.org/"', "id: stands already in"),
        ('id = "Pup A"\nkind = "pup"\nname = "Urząd"\nurl = "https://a.example.org/"', "id: "),
        ('id = "pup-a"\nkind = "biuro"\nname = "Urząd"\nurl = "https://a.example.org/"', "kind: "),
    ],
)
def test_a_bad_register_line_is_told_with_file_office_and_key(tmp_path: Path, line: str, words: str) -> None:
    good = '[[office]]\nid = "pup-b"\nkind = "pup"\nname = "Urząd"\nurl = "https://b.example.org/"\n'
    (tmp_path / "psz.toml").write_text(
        f'[family]\nname = "psz"\ntitle = "Próba"\n{good}[[office]]\n{line}\n', encoding="utf-8"
    )
    with pytest.raises(RegisterError) as raised:
        registry.load(tmp_path)
    (problem,) = raised.value.problems
    assert problem.startswith(f"{tmp_path.name}/psz.toml: office '")
    assert words in problem


def test_every_problem_of_the_register_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "psz.toml").write_text('[family]\nname = "psz"\ntitle = "x"\nways = 3\n', encoding="utf-8")
    (tmp_path / "joomla.toml").write_text("[family\n", encoding="utf-8")
    with pytest.raises(RegisterError) as raised:
        registry.load(tmp_path)
    assert len(raised.value.problems) == 2


def test_an_unreadable_register_stops_a_crawl_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "psz.toml").write_text("[[office\n", encoding="utf-8")
    monkeypatch.setattr(registry, "bundled_directory", lambda: tmp_path)
    ended = wiesci("crawl", "--data", str(tmp_path / "data"))
    assert ended.exit_code == 3
    assert "psz.toml: cannot be read as TOML" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_extract_prints_the_record_with_where_each_value_comes_from(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    ended = wiesci("extract", str(tmp_path / "page.html"), "--fetched", "2024-03-06T10:00", "--json")
    assert ended.exit_code == 0, ended.output
    record = json.loads(ended.stdout)
    assert record["title"] == "Nabór na staże"
    assert record["published"] == "2024-03-05"
    assert record["evidence"]["/published"]["raw"]
    assert [amount["value"] for amount in record["amounts"]] == ["120000.00"]


def test_extract_without_fetched_says_that_it_takes_now(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    ended = wiesci("extract", str(tmp_path / "page.html"))
    assert "now" in ended.stderr


def test_an_unusable_page_prints_its_reason_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"%PDF-1.7 \x00\x01\x02")
    ended = wiesci("extract", str(tmp_path / "page.html"), "--fetched", "2024-03-06T10:00", "--json")
    assert ended.exit_code == 1
    assert json.loads(ended.stdout) == {"unusable": "not_html"}


def test_extract_of_a_private_address_is_refused() -> None:
    ended = wiesci("extract", "nie-ma-takiego-pliku.html", "--fetched", "2024-03-06T10:00")
    assert ended.exit_code == 2
    assert "nie-ma-takiego-pliku.html" in ended.stderr


def test_facts_prints_exactly_the_keys_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("Nabór trwa od 3 do 14 lutego 2025 r.\nPula: 20 tys. zł.\n", encoding="utf-8")
    ended = wiesci("facts", str(tmp_path / "text.txt"), "--json")
    assert ended.exit_code == 0, ended.output
    found = json.loads(ended.stdout)
    assert list(found) == ["dates", "amounts", "places", "call", "calls", "programmes", "organisations", "quantities"]
    assert [amount["value"] for amount in found["amounts"]] == ["20000.00"]


@pytest.mark.parametrize("option", [("--reference", "wczoraj")])
def test_a_day_that_is_none_is_wrong_usage(tmp_path: Path, option: tuple[str, str]) -> None:
    (tmp_path / "text.txt").write_text("Tekst.", encoding="utf-8")
    ended = wiesci("facts", str(tmp_path / "text.txt"), *option)
    assert ended.exit_code == 2
    assert "2024-03-05" in ended.stderr


def test_rebuild_says_what_became_different(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path)
    bench.save(article("http://lipowo.praca.test/-/staze", "Zmyślony zapis."), body=PAGE)
    bench.close()
    monkeypatch.setattr(registry, "load", lambda: bench.register)
    ended = wiesci("rebuild", "--data", str(tmp_path))
    assert ended.exit_code == 0, ended.output
    assert "1 captures understood anew" in ended.stdout
    assert "articles: 1 rows gone, 1 rows new" in ended.stdout
