"""The benchmarks in a short form, so that they cannot rot; no time is asserted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import crawling, desk, exporting, questions, understanding


def test_the_benchmark_of_understanding_prints_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    understanding.report(rounds=1)
    printed = capsys.readouterr().out
    assert "whole record" in printed
    assert "bare_extraction" in printed


@pytest.mark.crawl
def test_the_benchmark_of_the_crawl_fetches_the_same_pages_twice(capsys: pytest.CaptureFixture[str]) -> None:
    crawling.report(rounds=1, copies=1)
    printed = capsys.readouterr().out
    assert "bare Scrapy fetch" in printed


def test_the_benchmark_of_the_export_writes_the_same_rows_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    exporting.report(rounds=1, articles=200, formats=exporting.SIDES[1:])
    printed = capsys.readouterr().out
    assert "200 articles" in printed
    assert all(f"{name:8} export" in printed for name in exporting.SIDES[1:])


def test_the_benchmark_of_the_desk_finds_its_facets_and_says_what_it_ranked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.report(rounds=1, articles=1200, folder=tmp_path, searches=questions.SEARCHES[::6])
    printed = capsys.readouterr().out
    assert "rows/s" in printed
    assert "the newest ranked" in printed
    assert "TOO GENERAL" not in printed
    assert "largest office" in printed
    assert "speed / bare loop" in printed
