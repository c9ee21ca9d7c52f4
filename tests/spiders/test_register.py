from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cssselect import GenericTranslator

SPIDERS = Path(__file__).parents[2] / "spiders"
FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(SPIDERS.glob("*.toml"))}
OFFICES: dict[str, list[dict[str, Any]]] = {family: parsed["office"] for family, parsed in FILES.items()}
SELECTORS = ("container", "title", "date", "modified", "author", "lead", "noise")


def key(family: str, address: str) -> dict[str, str]:
    found = re.search(FILES[family]["article"]["key"], address)
    return {name: value for name, value in found.groupdict().items() if value} if found else {}


def test_the_register_holds_every_praca_gov_pl_office_once_and_not_the_portal() -> None:
    kinds = [office["kind"] for office in OFFICES["psz"]]
    assert (kinds.count("wup"), kinds.count("pup"), len(kinds)) == (15, 340, 355)
    hosts = [urlsplit(office["url"]).hostname for office in OFFICES["psz"]]
    assert len(set(hosts)) == 355
    assert "psz.praca.gov.pl" not in hosts


def test_the_county_offices_serve_all_380_powiats_once() -> None:
    powiats = [code for office in OFFICES["psz"] for code in office.get("powiats", [])]
    assert len(powiats) == len(set(powiats)) == 380
    assert all(code[:2] == office["voivodeship"] for office in OFFICES["psz"] for code in office.get("powiats", []))


def test_no_two_offices_share_an_id_or_a_mirror() -> None:
    every = [office for offices in OFFICES.values() for office in offices]
    ids = [office["id"] for office in every]
    mirrors = [mirror for office in every for mirror in office.get("mirrors", [])]
    assert len(ids) == len(set(ids))
    assert len(mirrors) == len(set(mirrors)) > 300


@pytest.mark.parametrize("family", FILES)
def test_a_family_lists_its_offices_by_id(family: str) -> None:
    ids = [office["id"] for office in OFFICES[family]]
    assert ids == sorted(ids)


@pytest.mark.parametrize("office", ["pup-poznan", "pup-lowicz", "pup-pila", "pup-krasnystaw", "pup-przeworsk"])
def test_a_known_doubt_is_said_and_the_front_page_is_the_list(office: str) -> None:
    [line] = [one for one in OFFICES["psz"] if one["id"] == office]
    assert line["doubt"]
    assert line["url"].endswith("/strona-glowna")


def test_an_office_without_evidence_has_a_doubt() -> None:
    for offices in OFFICES.values():
        for office in offices:
            assert office.get("evidence") or office.get("doubt"), office["id"]


@pytest.mark.parametrize("family", FILES)
def test_every_selector_and_expression_of_a_family_can_be_used(family: str) -> None:
    article = FILES[family]["article"]
    for name in SELECTORS:
        for css in article.get(name, []):
            assert GenericTranslator().css_to_xpath(css)
    for expression in (*article["title_suffix"], *article["drop_query"], article.get("key", "")):
        re.compile(expression)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("/-/nabor-na-staze-1", {"slug": "nabor-na-staze-1"}),
        ("/-/23956943-o-projekcie-", {"slug": "23956943-o-projekcie-"}),
        ("/-/free_form", {"slug": "free_form"}),
        ("/en/-/24605890-30-lat-eures", {"slug": "24605890-30-lat-eures"}),
        ("/strona-glowna/-/asset_publisher/Qat7ebECUfDp/content/kfs-2026?p_r_p_assetEntryId=5", {"slug": "kfs-2026"}),
        ("/aktualnosci/-/asset_publisher/8VC/content/6032644-procedura/99720", {"slug": "6032644-procedura"}),
        ("/a/-/asset_publisher/8VC/content/urz%C4%99dy-%C5%9Bw.", {"slug": "urz%C4%99dy-%C5%9Bw."}),
        ("/a/-/asset_publisher/8VC/content/id/3310021/pop_up", {"id": "3310021"}),
        ("/a/-/asset_publisher/kiE/?p_r_p_assetEntryId=46800651", {"id": "46800651"}),
        ("/web/miejski-urzad-pracy-w-lublinie/-/nabor", {"group": "miejski-urzad-pracy-w-lublinie", "slug": "nabor"}),
        ("/pl/web/pup-x/strona-glowna/-/asset_publisher/Q/content/n?a=1", {"group": "pup-x", "slug": "n"}),
        ("/rynek-pracy/aktualnosci", {}),
        ("/rynek-pracy/aktualnosci?p_p_id=101_INSTANCE_x&p_auth=y", {}),
    ],
)
def test_the_shapes_of_praca_gov_pl_addresses_give_one_key(address: str, parts: dict[str, str]) -> None:
    assert key("psz", address) == parts


@pytest.mark.parametrize(
    ("family", "address", "parts"),
    [
        ("joomla", "/item/74-ii-spotkanie", {"id": "item/74"}),
        ("joomla", "/aktualnosci/item/418-iii-posiedzenie?start=10", {"id": "item/418"}),
        ("joomla", "/index.php/9-news/168-spotkanie", {"slug": "168-spotkanie"}),
        ("joomla", "/index.php/aktualnosci/samorzad-ma-25-lat", {}),
        ("siew", "/news,697,nowy-projekt.html", {"id": "697"}),
        ("siew", "/drukuj,news,697,nowy-projekt.html", {"id": "697"}),
        ("wrzos", "/archiwum/?id=162&m=1", {"id": "162"}),
        ("wrzos", "/archiwum/?pn=2&id=&m=1", {}),
        ("fundusze", "/strony/aktualnosci/innowacje/?print=1", {"slug": "aktualnosci/innowacje"}),
    ],
)
def test_an_address_of_the_other_families_gives_its_key(family: str, address: str, parts: dict[str, str]) -> None:
    assert key(family, address) == parts


@pytest.mark.parametrize(
    ("family", "title", "bare"),
    [
        ("psz", "Nabór na staże - Powiatowy Urząd Pracy w Golubiu-Dobrzyniu", "Nabór na staże"),
        ("psz", "Targi - edycja II - Wojewódzki Urząd Pracy w Łodzi", "Targi - edycja II"),
        ("psz", "Zapytaj urząd pracy - infolinia", "Zapytaj urząd pracy - infolinia"),
        ("wordpress", "Konkurs – wyniki – Regionalny Ośrodek Polityki Społecznej w Opolu", "Konkurs – wyniki"),
        ("wordpress", "Konkurs – wyniki", "Konkurs – wyniki"),
        ("joomla", "Wizyta w CIS - Świętokrzyska Ekonomia Społeczna", "Wizyta w CIS"),
    ],
)
def test_what_a_site_adds_to_its_titles_is_taken_off_and_nothing_else(family: str, title: str, bare: str) -> None:
    for suffix in FILES[family]["article"]["title_suffix"]:
        title = re.sub(suffix, "", title)
    assert title == bare
