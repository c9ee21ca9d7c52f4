"""What a list's address asks for is done, or refused by name: no filter is passed over in silence."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from crawler.publish.serve import datasette_of
from tests.publish.conftest import Get, reader

UNKNOWN = {
    "/news/amounts{}?value__gt=1000000": "nie ma kolumny „value”",
    "/news/articles{}?publishd__gte=2025": "Czy chodzi o „published”?",
    "/news/articles{}?ofice=x": "Czy chodzi o „office”?",
    "/news/articles{}?title__regexp=(": "Nie ma warunku „regexp” (w „title__regexp”). Warunki: exact, not, contains",
    "/news/articles{}?_foo__gt=1": "nie ma kolumny „_foo”",
    "/news/articles{}?_tematt=x": "Nie ma tu filtra „_tematt”. Ta lista zna filtry: _temat, _program",
    "/news/calls{}?_temat=x": "Nie ma tu filtra „_temat”. Ta lista zna filtry: _wojewodztwo.",
    "/news/calls{}?_miejsce=Łomża": "Nie ma tu filtra „_miejsce”",
    "/news/offices{}?_temat=x": "Ta lista nie ma takich filtrów",
    "/news/articles{}?_facet_dawno=kind": "Nie ma tu filtra „_facet_dawno”",
    "/news/office_health{}?nic=1": "nie ma kolumny „nic”",
}
"""Address -> what its refusal says."""


@pytest.mark.parametrize("address", UNKNOWN)
@pytest.mark.asyncio
async def test_an_unknown_filter_is_refused_on_the_page_and_in_every_file(get: Get, address: str) -> None:
    for ending in ("", ".json", ".csv", ".atom", ".jsonfeed", ".xlsx", ".ndjson", ".ics"):
        answer = await get(address.format(ending))
        assert answer.status_code == 400, ending
        if ending == ".json":
            told = answer.json()
            assert (told["ok"], told["status"]) == (False, 400)
            assert UNKNOWN[address] in told["error"]
        elif not ending:
            assert UNKNOWN[address] in lxml.html.document_fromstring(answer.content).text_content()


@pytest.mark.asyncio
async def test_strangers_are_told_of_an_unknown_filter_too(database: Path) -> None:
    get = reader(datasette_of(database, public=True))
    for address in ("/news/amounts.json?value__gt=1000000", "/news/articles?title__regexp=("):
        assert (await get(address)).status_code == 400, address


@pytest.mark.parametrize(
    "query",
    [
        "_sort=published&_size=3&_col=title&_nofacet=1&_nosuggest=1&_labels=on",
        "_search_title=praca&_search=&_searchmode=raw",
        "_facet=kind&_facet_size=3&_facet_date=published",
        "_filter_column_1=kind&_filter_op_1=exact&_filter_value_1=call&_filter_column=&_filter_op=&_filter_value=",
        "kind__not=call&published__gte=2020&title__isblank=1&rowid__gt=0",
        "_temat=&_program=&_miejsce=&_instytucja=x&_kolumny=wszystkie&_trace=1&_hide_sql=1",
        "_shape=array&_json=changes&_json_infinity=1&_nl=&_next=",
    ],
)
@pytest.mark.asyncio
async def test_what_is_known_or_harmless_is_answered(get: Get, query: str) -> None:
    for ending in ("", ".json"):
        assert (await get(f"/news/articles{ending}?{query}")).status_code == 200


@pytest.mark.asyncio
async def test_what_others_hang_on_a_link_asks_for_nothing(get: Get) -> None:
    plain, hung = [
        (await get(f"/news/articles.json?kind=call{more}")).json()["rows"]
        for more in ("", "&utm_source=x&utm_campaign=y&fbclid=z&gclid=q")
    ]
    assert plain == hung != []


@pytest.mark.asyncio
async def test_a_list_that_nobody_may_see_tells_no_columns(get: Get) -> None:
    for query in ("", "?nic=1"):
        assert (await get(f"/news/_seals{query}")).status_code == 403


@pytest.mark.parametrize(
    ("through", "why"),
    [
        ("1", "ma postać"),
        ("[]", "ma postać"),
        ("{", "ma postać"),
        ("[" * 5_000, "ma postać"),
        ('{"table": "article_topics"}', "ma postać"),
        ('{"table": ["x"], "column": "topic", "value": "x"}', "ma postać"),
        ('{"table": "article_topics", "column": "topic", "value": {}}', "ma postać"),
        ('{"table": "brak", "column": "topic", "value": "x"}', "„brak” nie wskazuje na tę listę"),
        ('{"table": "article_topics", "column": "brak", "value": "x"}', "nie ma kolumny „brak”"),
    ],
)
@pytest.mark.asyncio
async def test_a_way_through_another_table_that_is_none_is_refused(database: Path, through: str, why: str) -> None:
    desk = datasette_of(database)
    for path in ("articles", "articles.json", "articles.atom", "calls"):
        answer = await desk.client.get(f"/news/{path}", params={"_through": through})
        assert answer.status_code == 400, path
        assert path != "articles.json" or why in answer.json()["error"]


@pytest.mark.asyncio
async def test_a_way_through_another_table_is_followed(database: Path) -> None:
    through = '{"table": "article_topics", "column": "topic", "value": "brak"}'
    answer = await datasette_of(database).client.get("/news/articles.json", params={"_through": through})
    assert answer.json()["rows"] == []
