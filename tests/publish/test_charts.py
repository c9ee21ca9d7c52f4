"""Charts say what the rows say, from zero, readable without colours or a script."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any

import lxml.html
import pytest

from crawler.publish.charts import Asked, figures
from crawler.publish.drawing import HEIGHT, Scale, Series, bars, lines, ranks
from crawler.publish.polish import decimal, period, short
from crawler.publish.serve import METADATA

QUERIES = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["news"]["queries"]


def drawn(markup: str) -> Any:
    return lxml.html.fragment_fromstring(f"<div>{markup}</div>")


def values(markup: str) -> list[float]:
    return [float(one) for one in drawn(markup).xpath(".//@data-value")]


def figure(told: dict[str, Any], columns: list[str], rows: list[tuple[Any, ...]]) -> Any:
    found = figures(told, columns, rows)
    assert len(found) == 1
    return found[0]


MONTHLY = {"kind": "bars", "x": "miesiac", "y": "ile", "title": "Ile"}


@pytest.mark.parametrize("most", [0.04, 0.7, 1, 2, 3, 7, 9, 12, 19, 20, 30, 99, 100, 101, 1234, 6.4e9])
def test_an_axis_begins_at_zero_and_ends_at_a_round_number_that_holds_all(most: float) -> None:
    scale = Scale.over([0, None, most, most / 3])
    assert scale.steps[0] == 0
    assert most <= scale.top <= 2.5 * most
    assert 1 <= len(scale.steps) - 1 <= 5
    assert scale.y(0) > scale.y(most) >= scale.y(scale.top)
    whole, half = scale.y(0) - scale.y(most), scale.y(0) - scale.y(most / 2)
    assert whole == pytest.approx(2 * half, abs=0.02)


def test_counts_have_no_steps_between_whole_numbers() -> None:
    for most in range(1, 200):
        assert all(float(step).is_integer() for step in Scale.over([most]).steps), most


def test_bars_are_as_high_as_their_values() -> None:
    rows = [("2025-11", 3), ("2025-12", 0), ("2026-01", 12)]
    page = drawn(figure(MONTHLY, ["miesiac", "ile"], rows).drawing)
    heights = [float(one) for one in page.xpath(".//rect/@height")]
    assert values(figure(MONTHLY, ["miesiac", "ile"], rows).drawing) == [3, 0, 12]
    assert heights[1] == 0
    assert heights[2] == pytest.approx(4 * heights[0], abs=0.05)
    assert page.xpath(".//rect/title/text()")[2] == "sty\xa02026: 12"


def test_months_without_a_row_keep_their_place() -> None:
    told = {**MONTHLY, "kind": "lines"}
    page = drawn(figure(told, ["miesiac", "ile"], [("2025-01", 1), ("2025-02", 2), ("2025-06", 4)]).drawing)
    places = [float(one.rstrip("%")) for one in page.xpath(".//circle/@cx")]
    assert places[2] - places[1] == pytest.approx(4 * (places[1] - places[0]), abs=0.01)
    assert [len(one.split()) for one in page.xpath(".//polyline/@points")] == [2, 1]


def test_years_are_an_axis_too_and_a_missing_one_is_a_gap() -> None:
    told = {"kind": "lines", "x": "rok", "y": "suma", "title": "Suma"}
    page = drawn(figure(told, ["rok", "suma"], [("2021", 5.0), ("2024", 7.0), (None, 9.0)]).drawing)
    assert page.xpath(".//text[contains(@class, 'place')]/text()") == ["2024", "2023", "2022", "2021"]
    assert values(figure(told, ["rok", "suma"], [("2021", 5.0), ("2024", 7.0), (None, 9.0)]).drawing) == [5, 7]


def test_several_series_have_a_legend_lines_of_their_own_and_names_in_words() -> None:
    told = {**MONTHLY, "kind": "lines", "series": "slowo"}
    rows = [("2026-01", "staż", 1), ("2026-01", "bon", 4), ("2026-02", "staż", 2), ("2026-02", "bon", 3)]
    one = figure(told, ["miesiac", "slowo", "ile"], rows)
    page = drawn(one.drawing)
    assert one.legend == ["bon", "staż"]
    assert page.xpath(".//polyline/@class") == ["l1", "l2"]
    assert "bon: najwięcej 4 (sty\xa02026)" in page.xpath(".//svg/@aria-label")[0]


def test_what_must_not_be_compared_stands_in_panels_of_its_own() -> None:
    told = {
        "kind": "lines", "x": "rok", "y": "suma", "series": "program", "title": "Suma",
        "panels": ["rodzaj_kwoty", "waluta"], "currency": "waluta",
    }  # fmt: skip
    columns = ["program", "rok", "rodzaj_kwoty", "waluta", "suma"]
    rows = [
        ("A", "2024", "pool", "PLN", 1000.0), ("A", "2025", "pool", "PLN", 3000.0),
        ("A", "2024", "pool", "EUR", 70.5), ("A", "2025", "pool", "EUR", 80.0),
    ]  # fmt: skip
    found = figures(told, columns, rows)
    assert [one.title for one in found] == ["Suma: pula, PLN", "Suma: pula, EUR"]
    assert [values(one.drawing) for one in found] == [[1000, 3000], [70.5, 80]]
    assert drawn(found[1].drawing).xpath(".//circle/title/text()")[0] == "A, 2024: 70,50\xa0€"


def test_what_is_left_out_is_told() -> None:
    many = [(f"Urząd {n:02}", n + 1) for n in range(20)]
    told = {"kind": "ranks", "x": "urzad", "y": "dni", "title": "Dni", "unit": "dni"}
    one = figure(told, ["urzad", "dni"], many)
    assert len(values(one.drawing)) == 12
    assert one.note == "Pierwsze 12 z 20."
    series = [("2025", f"P{n}", n + 1) for n in range(9)] + [("2026", f"P{n}", n + 1) for n in range(9)]
    two = figure({"kind": "lines", "x": "rok", "y": "n", "series": "p", "title": "N"}, ["rok", "p", "n"], series)
    assert len(two.legend) == 6
    assert two.note == "Pokazano 6 największych z 9."
    panels = [(f"w{n}", str(year), 1) for n in range(6) for year in (2024, 2025)]
    three = figures({"kind": "bars", "x": "rok", "y": "n", "panels": ["w"], "title": "N"}, ["w", "rok", "n"], panels)
    assert len(three) == 4
    assert three[-1].note == "Bez wykresu: 2\xa0rodzaje z najmniejszą liczbą wierszy."


def test_rows_are_counted_where_no_column_is_named() -> None:
    rows = [("title",), ("text",), ("text",), (None,)]
    one = figure({"kind": "ranks", "x": "rodzaj_zmiany", "title": "Jakie"}, ["rodzaj_zmiany"], rows)
    page = drawn(one.drawing)
    assert page.xpath(".//li/span/text()") == ["zmieniono treść", "zmieniono tytuł", "–"]
    assert page.xpath(".//li/b/text()") == ["2", "1", "1"]
    widths = [float(one.rstrip("%")) for one in page.xpath(".//rect[@data-value]/@width")]
    assert widths == [100, 50, 50]


@pytest.mark.parametrize(
    "rows", [[], [("2026-01", 5)], [("2026-01", 0), ("2026-02", 0)], [("2026-01", None)], [(None, 3)]]
)
def test_nothing_to_compare_is_no_chart(rows: list[tuple[Any, ...]]) -> None:
    assert figures(MONTHLY, ["miesiac", "ile"], rows) == []
    assert figures(None, ["miesiac", "ile"], rows) == []


def test_of_several_wishes_the_first_that_can_be_drawn_is() -> None:
    line = {"kind": "lines", "x": "rok", "y": "suma", "series": "program", "title": "Lata"}
    rank = {"kind": "ranks", "x": "program", "y": "suma", "title": "Programy"}
    columns = ["program", "rok", "suma"]
    one_year = [("A", "2025", 1.0), ("B", "2025", 2.0)]
    assert [one.title for one in figures([line, rank], columns, one_year)] == ["Programy"]
    assert [one.title for one in figures([line, rank], columns, [*one_year, ("A", "2026", 3.0)])] == ["Lata"]
    assert figures([line, rank], columns, one_year[:1]) == []


def test_names_stay_text() -> None:
    bad = '"><script>alert(1)</script>'
    told = {"kind": "ranks", "x": "urzad", "y": "dni", "title": bad}
    for markup in (
        figure(told, ["urzad", "dni"], [(bad, 1), ("b", 2)]).drawing,
        bars(bad, ["2026-01", bad], [Series(name=bad, values=[1, 2])], lambda value: bad),
        lines(bad, [bad, "b"], [Series(name=bad, values=[1, 2])], lambda value: bad),
        ranks([(bad, 1)], lambda value: bad),
    ):
        assert "<script" not in markup
        assert drawn(markup).xpath(".//script") == []


def test_a_long_row_of_months_has_few_words_below_and_fewer_where_room_is_small() -> None:
    for count in range(2, 400):
        labels = [f"{2000 + n // 12}-{n % 12 + 1:02d}" for n in range(count)]
        page = drawn(bars("t", labels, [Series(name="", values=[1] * count)], str))
        assert len(page.xpath(".//text[contains(@class, 'place')]")) <= 12, count
        assert len(page.xpath(".//text[contains(@class, 'place') and not(contains(@class, 'minor'))]")) <= 7, count


def test_drawings_carry_no_style_and_stay_within_their_room() -> None:
    page = drawn(bars("t", ["a", "b"], [Series(name="", values=[1, 5])], str))
    assert page.xpath("//@style | //style | //script | //@onclick") == []
    assert all(0 <= float(one) <= HEIGHT for one in page.xpath(".//rect/@y"))
    assert all(0 <= float(one.rstrip("%")) <= 100 for one in page.xpath(".//rect/@x"))


def test_what_the_metadata_asks_for_names_columns_of_the_question() -> None:
    charts = {name: query["plugins"]["wiesci"].get("chart") for name, query in QUERIES.items()}
    assert sum(one is not None for one in charts.values()) >= 10
    for name, chart in charts.items():
        for told in chart if isinstance(chart, list) else [chart] if chart else []:
            one = Asked.of(told)
            named = [one.x, one.y, one.series, one.currency, *one.panels]
            assert {column for column in named if column} <= set(QUERIES[name]["columns"]), name
            assert one.kind in ("bars", "lines", "ranks"), name
            assert one.kind == "ranks" or one.y, name


def test_numbers_and_months_read_as_poles_write_them() -> None:
    assert [decimal(one) for one in (0, 5.0, 12.5, 1059750, 0.126, -2.5)] == [
        "0", "5", "12,5", "1\xa0059\xa0750", "0,13", "-2,5",
    ]  # fmt: skip
    assert [short(one) for one in (7, 9999, 20_000, 2_500_000, 6.12e9)] == [
        "7", "9\xa0999", "20\xa0tys.", "2,5\xa0mln", "6,12\xa0mld",
    ]  # fmt: skip
    assert [period(one) for one in ("2026-03", "2026", "2026-03-02", "2026-13", "")] == [
        "mar\xa02026", "2026", "2\xa0marca\xa02026", "2026-13", "",
    ]  # fmt: skip


CSS = (files("crawler.publish") / "static" / "wiesci.css").read_text(encoding="utf-8")


def palettes() -> list[dict[str, str]]:
    """The colours of the light pages, and those of the dark ones over them."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for of_dark, block in re.findall(r"(dark\) \{\s*)?:root \{(.*?)\}", CSS, re.DOTALL):
        (dark if of_dark else light).update(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", block))
    return [light, {**light, **dark}]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, from #rrggbb."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", palettes(), ids=["light", "dark"])
def test_letters_and_bars_stand_out_from_what_lies_behind_them(colours: dict[str, str]) -> None:
    for behind in ("--paper", "--sheet"):
        for letters in ("--ink", "--soft", "--accent", "--warm"):
            assert contrast(colours[letters], colours[behind]) >= 4.5, (letters, behind)
        for number in range(1, 7):
            assert contrast(colours[f"--c{number}"], colours[behind]) >= 3, (number, behind)
    assert contrast(colours["--accent-ink"], colours["--accent"]) >= 4.5
    assert contrast(colours["--warm"], colours["--warm-tint"]) >= 4.5
    assert contrast(colours["--ink"], colours["--tint"]) >= 4.5
    assert contrast(colours["--accent"], colours["--tint"]) >= 4.5
    assert contrast(colours["--ink"], colours["--mark"]) >= 4.5
    for shade in ("--s0",):
        assert contrast(colours["--soft"], colours[shade]) >= 4.5
