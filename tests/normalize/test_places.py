import csv
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import places
from normalize.gazetteer import Gazetteer
from normalize.model import Place

GOLD = Path(os.environ.get("WIESCI_GOLD", Path(__file__).parents[3] / "shared" / "gold")) / "expressions.tsv"
GAZETTEER = Gazetteer.bundled()

# text, then the codes it names in order; p: the powiat as such, t: the town, v: the voivodeship.
NAMED = [
    # powiats
    ("powiat kielecki", "2604p"),
    ("Powiat Kielecki", "2604p"),
    ("POWIAT KIELECKI", "2604p"),
    ("powiatu kieleckiego", "2604p"),
    ("powiatowi kieleckiemu", "2604p"),
    ("powiatem kieleckim", "2604p"),
    ("w powiecie kieleckim", "2604p"),
    ("w kieleckim powiecie", "2604p"),
    ("powiaty kielecki i buski", "2604p 2601p"),
    ("z powiatów: kieleckiego, buskiego, staszowskiego oraz pińczowskiego", "2604p 2601p 2612p 2608p"),
    ("w powiatach kieleckim, buskim, a także staszowskim", "2604p 2601p 2612p"),
    ("na terenie powiatów kieleckiego, miasta Kielce i powiatu buskiego", "2604p 2661t 2601p"),
    ("powiat łódzki wschodni", "1006p"),
    ("w powiecie warszawskim zachodnim", "1432p"),
    ("powiatu czarnkowsko-trzcianeckiego", "3002p"),
    ("w powiecie strzelecko - drezdeneckim", "0806p"),
    ("pow. skarżyski", "2610p"),
    ("powiat tatrzański (małopolskie)", "1217p 12v"),
    ("powiat bieruńsko-lędziński oraz powiat raciborski", "2414p 2411p"),
    # ten adjectives of several powiats
    ("powiat bielski w województwie podlaskim", "2003p 20v"),
    ("powiat bielski w województwie śląskim", "2402p 24v"),
    ("w powiatach bielskim i cieszyńskim", "2402p 2403p"),
    ("powiat brzeski, z siedzibą w Brzesku", "1202p 1202t"),
    ("powiat brzeski, województwo opolskie", "1601p 16v"),
    ("w powiecie grodziskim, w Grodzisku Wielkopolskim", "3005p 3005t"),
    ("powiat krośnieński i powiat jasielski", "1807p 1805p"),
    ("powiat nowodworski (pomorskie)", "2210p 22v"),
    ("powiat opolski w województwie lubelskim", "0612p 06v"),
    ("powiat ostrowski (mazowieckie)", "1416p 14v"),
    ("powiat średzki, Środa Śląska", "0218p 0218t"),
    ("powiat świdnicki, Świdnik", "0617p 0617t"),
    ("powiat tomaszowski, Tomaszów Lubelski", "0618p 0618t"),
    ("powiat świdnicki", ""),
    ("w powiecie bielskim i opolskim", ""),
    # voivodeships
    ("w województwie świętokrzyskim", "26v"),
    ("województwo śląskie", "24v"),
    ("Województwo Śląskie", "24v"),
    ("WOJEWÓDZTWO ŚLĄSKIE", "24v"),
    ("Samorząd Województwa Łódzkiego", "10v"),
    ("województwem kujawsko-pomorskim", "04v"),
    ("województwa kujawsko – pomorskiego", "04v"),
    ("w województwach: śląskim, opolskim i małopolskim", "24v 16v 12v"),
    ("z województw mazowieckiego oraz łódzkiego", "14v 10v"),
    ("woj. warmińsko-mazurskie", "28v"),
    ("w regionie świętokrzyskim", "26v"),
    ("region lubuski", "08v"),
    ("w Świętokrzyskiem", "26v"),
    ("W Śląskiem bezrobocie spadło", "24v"),
    ("w Kujawsko-Pomorskiem", "04v"),
    ("na Podkarpaciu", "18v"),
    ("na Warmii i Mazurach", "28v"),
    ("na Dolnym Śląsku", "02v"),
    ("na Pomorzu Zachodnim", "32v"),
    ("na Opolszczyźnie i Lubelszczyźnie", "16v 06v"),
    ("w Małopolsce", "12v"),
    ("mieszkańcy Małopolski", "12v"),
    ("na Mazowszu", "14v"),
    ("na Podlasiu w województwie podlaskim", "20v 20v"),
    ("na Podlasiu", ""),
    ("na Pomorzu", ""),
    ("na Śląsku", ""),
    ("wojewoda śląski", ""),
    ("Małopolski Urząd Wojewódzki", ""),
    ("Wielkopolska Izba Rzemieślnicza", ""),
    ("subregion krakowski", ""),
    ("rynek pracy w regionie", ""),
    # towns and their cases
    ("Kielce", "2661t"),
    ("w Kielcach", "2661t"),
    ("z Kielc", "2661t"),
    ("pod Kielcami", "2661t"),
    ("dzięki Kielcom", "2661t"),
    ("KIELCE", "2661t"),
    ("POWIATOWY URZĄD PRACY W KIELCACH", "2661t"),
    ("„Kielce”", "2661t"),
    ("w Łomży", "2062t"),
    ("miasto Łomża", "2062t"),
    ("w Warszawie", "1465t"),
    ("we Wrocławiu, w Krakowie i w Łodzi", "0264t 1261t 1061t"),
    ("w Białymstoku i Krasnymstawie", "2061t 0606t"),
    ("z Białegostoku", "2061t"),
    ("w Skarżysku - Kamiennej", "2610t"),
    ("w Skarżysku – Kamiennej", "2610t"),
    ("w Skarżysku-Kamiennej", "2610t"),
    ("w Busku-Zdroju", "2601t"),
    ("w Kędzierzynie-Koźlu", "1603t"),
    ("w Nowym Dworze Mazowieckim", "1414t"),
    ("w Wysokiem Mazowieckiem", "2013t"),
    ("w Ostrowi Mazowieckiej i Ostrowie Wielkopolskim", "1416t 3017t"),
    ("w Opolu Lubelskim", "0612t"),
    ("w Krośnie Odrzańskim", "0802t"),
    ("do Zakopanego", "1217t"),
    ("w Siedlcach, Radomiu i Płocku", "1464t 1463t 1462t"),
    ("z Gdańska, Płocka i Pucka", "2261t 1462t 2211t"),
    ("w Nowym Targu", "1211t"),
    ("w Łobzie", "3218t"),
    ("w Tychach", "2477t"),
    ("Gmina Miejska Kraków", "1261t"),
    ("Gmina Kielce", "2661t"),
    ("Kielce-Herby", "2661t"),
    # names that are words, first names or surnames too
    ("w Jarosławiu", "1804t"),
    ("w Pile", "3019t"),
    ("PUP Piła", "3019t"),
    ("64-920 Piła", "3019t"),
    ("w Policach", "3211t"),
    ("PUP Police", "3211t"),
    ("we wrześniu we Wrześni", "3030t"),
    ("w Końskich", "2605t"),
    ("Powiatowy Urząd Pracy w Końskich", "2605t"),
    ("Powiatowy Urząd Pracy w Kole", "3009t"),
    ("62-600 Koło", "3009t"),
    ("miasto Turek", "3027t"),
    ("w Świeciu", "0414t"),
    ("w Brzegu", "1601t"),
    ("do Pisza", "2816t"),
    ("starostwo powiatowe w Górze", "0204t"),
    ("do Węgrowa", "1433t"),
    ("Łódź, 12 maja", "1061t"),
    ("prezydent Gdańska", "2261t"),
    # shortened names, other ways to print a list
    ("w Gorzowie Wlkp. i Ostrowcu Św.", "0861t 2607t"),
    ("Tomaszów Maz., Piotrków Tryb.", "1016t 1062t"),
    ("Burmistrz Miasta i Gminy Busko-Zdrój", "2601t"),
    ("pięć województw (lubelskie, podlaskie i świętokrzyskie)", "06v 20v 26v"),
    ("w powiatach, tj. kieleckim, buskim", "2604p 2601p"),
    ("woj.świętokrzyskie", "26v"),
    ("Powiat: kielecki", "2604p"),
    # addresses
    ("ul. Warszawska 12, Kielce", "2661t"),
    ("przy ul. Kieleckiej w Radomiu", "1463t"),
    ("ul. Powstańców Warszawy 5, 40-001 Katowice", "2469t"),
    ("plac Wolności w Łodzi", "1061t"),
    ("ul. 3 Maja 7, 25-501 Kielce", "2661t"),
    ("al. Solidarności w Lublinie", "0663t"),
]

NOTHING = [
    "ul. Warszawska",
    "ul. Obrońców Warszawy",
    "przy ul. Kieleckiej",
    "Anna Łomżyńska",
    "Jan Krakowski",
    "J. Turek",
    "Andrzej Mielec",
    "z Andrzejem Mielcem",
    "Jagoda Sieradz",
    "z Jagodą Sieradz",
    "dr Sieradz",
    "pani Sieradz",
    "Jarosław Nowak",
    "Starosta kielecki",
    "Politechnika Gdańska",
    "Zatoka Pucka",
    "Kotlina Kłodzka",
    "Uniwersytet Łódzki",
    "Koło Gospodyń Wiejskich",
    "w Kole Naukowym",
    "Pisz do nas",
    "1 Września",
    "we wrześniu",
    "na świecie",
    "Świecie zawodów",
    "Police zatrzymane",
    "Nisko oceniona",
    "Końskie zdrowie",
    "nowy targ",
    "Nowy Targ Pracy",
    "Góra pieniędzy",
    "w górze",
    "brzeg rzeki",
    "Turek i Ukrainiec",
    "dla Węgrów",
    "w Turku",
    "w Lipsku",
    "w Górze Kalwarii",
    "w Brzegu Dolnym",
    "w Kaliszu Pomorskim",
    "w Tarnowie Opolskim",
    "w Czeskim Cieszynie",
    "Stare Opole",
    "Gmina Łomża",
    "gmina Boćki",
    "gminy: Łomża, Piątnica",
    "w Brzezinach",
    "Miasto Wiedeń – Austria, Region Veneto – Włochy, Stuttgart – Niemcy, Rijeka – Chorwacja, Maribor",
    "bielsko-bialski",
    "klaster Radomsko-Piotrkowski",
    "biuro@Kielce.example",
    "www.Kielce.example",
    "powiatowy urząd pracy",
    "powiaty i województwa",
    "w powiecie",
    "",
]


def said(found: list[Place]) -> str:
    return " ".join(place.teryt + place.level[0] for place in found)


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_a_text_names_these_places_and_no_other(text: str, expected: str) -> None:
    assert said(places.find([text], GAZETTEER)) == " ".join(dict.fromkeys(expected.split()))


@pytest.mark.parametrize("text", NOTHING)
def test_these_words_name_no_place(text: str) -> None:
    assert places.find([text], GAZETTEER) == []


@pytest.mark.parametrize(
    ("text", "voivodeship", "expected"),
    [
        ("powiat świdnicki", "06", "0617p"),
        ("powiat świdnicki", "02", "0219p"),
        ("powiat świdnicki", "26", ""),
        ("powiat bielski", "20", "2003p"),
        ("powiat opolski", "16", "1609p"),
        ("powiat świdnicki w województwie dolnośląskim", "06", "0219p 02v"),
        ("na Podlasiu", "20", "20v"),
        ("na Podlasiu", "06", ""),
        ("w Małopolsce", "26", ""),
        ("na Mazowszu", "14", "14v"),
        ("PUP w Krośnie", "08", ""),
        ("PUP w Krośnie", "18", "1861t"),
        ("w Sławnie", "10", ""),
        ("w Sławnie", "32", "3213t"),
        ("nabór wniosków", "26", ""),
        ("w Kielcach", "20", "2661t"),
    ],
)
def test_the_offices_voivodeship_decides_between_places_but_adds_none(
    text: str, voivodeship: str, expected: str
) -> None:
    assert said(places.find([text], GAZETTEER, voivodeship=voivodeship)) == expected


def test_an_office_and_another_paragraph_that_disagree_leave_a_double_name_open() -> None:
    text = ["powiat bielski", "Samorząd Województwa Podlaskiego"]
    assert said(places.find(text, GAZETTEER, voivodeship="24")) == "20v"
    assert said(places.find(text, GAZETTEER)) == "2003p 20v"


def test_repeats_of_a_place_are_one_fact_with_all_its_words() -> None:
    found = places.find(["Targi w Kielcach.", "Nic.", "Zapraszają Kielce i powiat kielecki"], GAZETTEER)
    assert [place.teryt for place in found] == ["2661", "2604"]
    assert [(mention.raw, mention.block) for mention in found[0].mentions] == [("Kielcach", 0), ("Kielce", 2)]
    assert found[1].name == "powiat kielecki"
    assert found[1].raw == "powiat kielecki"


def test_every_seat_is_found_in_the_locative_behind_its_preposition() -> None:
    doubtful = {"Brzeziny", "Góra", "Koło", "Lipsko", "Turek"}
    towns = {name: code for (code, level), name in GAZETTEER.labels.items() if level == "town"}
    missed = []
    for name, locative in GAZETTEER.locatives.items():
        found = said(places.find([f"Targi pracy odbędą się w {locative} w środę"], GAZETTEER))
        if found != f"{towns[name]}t" and name not in doubtful:
            missed.append((name, found))
    assert missed == []


def test_every_powiat_is_found_by_its_adjective_once_the_voivodeship_is_known() -> None:
    for unit in GAZETTEER.units:
        if unit.level == "powiat":
            text = re.sub(r"i\b", "iego", unit.name).replace("powiat ", "powiatu ")
            assert said(places.find([text], GAZETTEER, voivodeship=unit.teryt[:2])) == f"{unit.teryt}p", text


def test_the_register_is_complete() -> None:
    levels = [unit.level for unit in GAZETTEER.units]
    assert (levels.count("voivodeship"), levels.count("powiat"), levels.count("town")) == (16, 314, 66)
    assert len({unit.teryt for unit in GAZETTEER.units}) == 396


def gold() -> list[tuple[str, str]]:
    if not GOLD.exists():
        return []
    with GOLD.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["raw"], row["expected"]) for row in rows if row["kind"] == "place"]


@pytest.mark.skipif(not GOLD.exists(), reason=f"the annotated expressions are not at {GOLD}")
def test_the_annotated_expressions_name_their_codes() -> None:
    rows = gold()
    assert rows
    for raw, expected in rows:
        codes = re.findall(r"\b\d{2}(?:\d{2})?\b", re.sub(r"\(.*\)", "", expected))
        assert [place.teryt for place in places.find([raw], GAZETTEER)] == codes, raw


SEEDS = Path(os.environ.get("WIESCI_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))


@pytest.mark.skipif(not SEEDS.exists(), reason=f"the seed documents are not at {SEEDS}")
@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        ("000", "20v 2007p 2006p 2014p 2013p 2005p 2010p 2003p 2062t 2006t"),
        ("001", "24v"),
        ("002", "2661t 26v"),
        ("003", "2610t 26v"),
    ],
)
def test_the_seeds_name_their_places(seed: str, expected: str) -> None:
    [document] = SEEDS.glob(f"{seed}_*.txt")
    assert said(places.find(document.read_text(encoding="utf-8").splitlines(), GAZETTEER)) == expected


WORDS = st.sampled_from(
    [
        "powiat",
        "powiatach:",
        "w",
        "i",
        ",",
        "(",
        "podlaskie)",
        "województwo",
        "Łódź",
        "Koło",
        "Nowy",
        "Targ",
        "ul.",
        "-",
    ]
)


@given(st.lists(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=30).map(" ".join)), max_size=6))
def test_no_text_breaks_the_search_and_every_raw_stands_in_its_block(paragraphs: list[str]) -> None:
    for place in places.find(paragraphs, GAZETTEER, voivodeship="20"):
        for mention in place.mentions:
            assert mention.block is not None
            assert mention.raw in paragraphs[mention.block]
