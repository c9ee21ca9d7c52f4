from __future__ import annotations

import pytest

from normalize import Office
from normalize.identity import address, article_id, canonical, entry_key, keys
from normalize.model import Hints
from tests.normalize.pages import article, read

KIELCE = Office(
    id="pup-kielce",
    kind="pup",
    name="PUP w Kielcach",
    url="https://kielce.praca.gov.pl/rynek-pracy/aktualnosci",
    family="psz",
    mirrors=("https://psz.praca.gov.pl/web/powiatowy-urzad-pracy-w-kielcach",),
)


@pytest.mark.parametrize(
    "other",
    [
        "http://urzad.test/a/b",
        "https://www.urzad.test/a/b",
        "https://URZAD.test:443/a/b/",
        "https://urzad.test/a/b#tresc",
        "https://urzad.test/a/b?utm_source=x&fbclid=1",
        "https://urzad.test/a/b;jsessionid=0A1B?p_auth=x&redirect=%2Fa",
    ],
)
def test_spellings_of_one_address_are_the_same(other: str) -> None:
    assert address(other) == address("https://urzad.test/a/b") == "urzad.test/a/b"


@pytest.mark.parametrize(
    "other",
    [
        "https://urzad.test/a/b-1",
        "https://urzad.test/a/b.",
        "https://urzad.test/a/b-",
        "https://urzad.test/a/B",
        "https://urzad.test/a/b?id=2",
    ],
)
def test_slugs_keep_their_numbers_dots_and_case(other: str) -> None:
    assert address(other) != address("https://urzad.test/a/b")
    assert keys(other)[0] != keys("https://urzad.test/a/b")[0]


def test_percent_encoded_polish_letters_are_the_letters() -> None:
    assert address("https://u.test/-/urz%C4%99dy-prac") == address("https://u.test/-/urzędy-prac")


def test_query_order_and_a_broken_address_do_no_harm() -> None:
    assert address("https://u.test/?b=2&a=1") == address("https://u.test/?a=1&b=2")
    assert address("http://[::bad/") == "http://[::bad"


@pytest.mark.parametrize(
    "other",
    [
        "https://kielce.praca.gov.pl/-/nabor-1",
        "https://kielce.praca.gov.pl/strona-glowna/-/asset_publisher/Qat7ebECUfDp/content/nabor-1?p_r_p_assetEntryId=77",
        "https://kielce.praca.gov.pl/pl/rynek-pracy/aktualnosci/-/asset_publisher/x/content/nabor-1/20182",
        "https://psz.praca.gov.pl/web/powiatowy-urzad-pracy-w-kielcach/-/nabor-1",
        "https://szczecin.praca.gov.pl/web/powiatowy-urzad-pracy-w-kielcach/rynek-pracy/-/asset_publisher/y/content/nabor-1",
    ],
)
def test_an_article_of_praca_gov_pl_has_one_key_under_all_its_addresses(other: str) -> None:
    assert keys(other, office=KIELCE)[0] == "kielce.praca.gov.pl|nabor-1"


def test_the_office_comes_from_the_path_before_the_host() -> None:
    url = "https://dabrowatarnowska.praca.gov.pl/web/miejski-urzad-pracy-w-lublinie/-/nabor"
    assert keys(url)[0] == "web/miejski-urzad-pracy-w-lublinie|nabor"
    assert keys(url, office=KIELCE)[0] == "web/miejski-urzad-pracy-w-lublinie|nabor"


def test_asset_numbers_join_hosts_and_stand_in_for_an_empty_slug() -> None:
    url = "https://lwowekslaski.praca.gov.pl/rynek-pracy/-/asset_publisher/kiE64DIyh0FS/?p_r_p_assetEntryId=123"
    assert keys(url) == (entry_key("https://kielce.praca.gov.pl/", "123"),)
    assert keys("https://kielce.praca.gov.pl/-/asset_publisher/a/content/id/123/pop_up") == keys(url)


def test_a_familys_rule_makes_the_key() -> None:
    hints = Hints(key=r"^/(?:[^?]*/)?(?P<id>item/\d+)", drop_query=("tmpl",))
    assert keys("http://es.test/item/74-spotkanie", hints=hints)[0] == "es.test|item/74"
    assert keys("http://www.es.test/aktualnosci/item/74-inny-tytul?tmpl=component", hints=hints)[0] == "es.test|item/74"


def test_a_canonical_link_joins_only_within_the_office() -> None:
    url = "https://urzad.test/index.php?option=x&id=7"
    assert canonical(url, "https://urzad.test/aktualnosci/spotkanie") == "https://urzad.test/aktualnosci/spotkanie"
    assert canonical(url, "https://inny.test/aktualnosci/spotkanie") is None
    assert canonical(url, "https://urzad.test/") is None
    assert canonical(url, "https://urzad.test/index.php") is None
    assert canonical("https://urzad.test/aktualnosci/spotkanie-w-sprawie", "https://urzad.test/aktualnosci") is None


def test_the_pages_canonical_and_short_link_become_keys() -> None:
    head = (
        "<link rel='canonical' href='https://urzad.test/nabor/'><link rel='shortlink' href='https://urzad.test/?p=12'>"
    )
    found = read(article("", head=head), url="http://www.urzad.test/?p=12&utm_medium=a")
    assert found.canonical_url == "https://urzad.test/nabor/"
    assert found.keys == ("urzad.test|?p=12", "urzad.test|nabor")


def test_an_id_is_sixteen_hex_digits_of_its_key() -> None:
    assert article_id("a|b") == article_id("a|b") != article_id("a|c")
    assert len(article_id("a|b")) == 16
    int(article_id("a|b"), 16)
