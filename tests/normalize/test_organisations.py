import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import organisations
from normalize.model import Organisation

VOCABULARY = organisations.Vocabulary.bundled()

# text, then kind and full name of each organisation in order of first appearance.
NAMED = [
    ("Wojewódzki Urząd Pracy w Kielcach", ["wup Wojewódzki Urząd Pracy w Kielcach"]),
    ("Wojewódzkim Urzędem Pracy w Zielonej Górze", ["wup Wojewódzki Urząd Pracy w Zielonej Górze"]),
    ("Dolnośląskiego Wojewódzkiego Urzędu Pracy", ["wup Dolnośląski Wojewódzki Urząd Pracy"]),
    ("WUP Kielce oraz WUP w Kielcach", ["wup Wojewódzki Urząd Pracy w Kielcach"]),
    ("WUP", ["wup Wojewódzki Urząd Pracy"]),
    ("Powiatowy Urząd Pracy w Łomży", ["pup Powiatowy Urząd Pracy w Łomży"]),
    ("w Powiatowym Urzędzie Pracy we Włoszczowie", ["pup Powiatowy Urząd Pracy we Włoszczowie"]),
    ("PUP Włoszczowa", ["pup Powiatowy Urząd Pracy we Włoszczowie"]),
    ("PUP w Nowym Sączu zaprasza", ["pup Powiatowy Urząd Pracy w Nowym Sączu"]),
    ("PUP w Skarżysku - Kamiennej", ["pup Powiatowy Urząd Pracy w Skarżysku-Kamiennej"]),
    ("POWIATOWY URZĄD PRACY W KIELCACH", ["pup Powiatowy Urząd Pracy w Kielcach"]),
    ("Miejski Urząd Pracy w Lublinie, czyli MUP", ["pup Miejski Urząd Pracy w Lublinie"]),
    ("Grodzkiego Urzędu Pracy w Krakowie", ["pup Grodzki Urząd Pracy w Krakowie"]),
    (
        "Powiatowy Urząd Pracy w Busku-Zdroju. PUP zaprasza.",
        ["pup Powiatowy Urząd Pracy w Busku-Zdroju"],
    ),
    (
        "PUP w Kielcach i PUP w Łomży; PUP",
        ["pup Powiatowy Urząd Pracy w Kielcach", "pup Powiatowy Urząd Pracy w Łomży", "pup Powiatowy Urząd Pracy"],
    ),
    (
        "Powiatowy Urząd Pracy w Nowym Dworze Mazowieckim Filia w Zakroczymiu",
        ["pup Powiatowy Urząd Pracy w Nowym Dworze Mazowieckim"],
    ),
    ("Powiatowy Urząd Pracy dla Powiatu Toruńskiego", ["pup Powiatowy Urząd Pracy dla Powiatu Toruńskiego"]),
    ("Śląskim Urzędzie Marszałkowskim", ["marshal Śląski Urząd Marszałkowski"]),
    (
        "Urzędu Marszałkowskiego Województwa Łódzkiego",
        ["marshal Urząd Marszałkowski Województwa Łódzkiego"],
    ),
    ("Urząd Marszałkowski w Kielcach", ["marshal Urząd Marszałkowski w Kielcach"]),
    ("Świętokrzyski Urząd Wojewódzki w Kielcach", ["voivode Świętokrzyski Urząd Wojewódzki w Kielcach"]),
    ("Regionalnego Ośrodka Polityki Społecznej w Opolu", ["rops Regionalny Ośrodek Polityki Społecznej w Opolu"]),
    ("ROPS", ["rops Regionalny Ośrodek Polityki Społecznej"]),
    ("MCPS", ["rops Mazowieckie Centrum Polityki Społecznej"]),
    ("Starostwo Powiatowe w Kielcach", ["powiat_office Starostwo Powiatowe w Kielcach"]),
    ("Miejskiego Ośrodka Pomocy Społecznej w Radomiu", ["ops Miejski Ośrodek Pomocy Społecznej w Radomiu"]),
    ("MOPR Kielce", ["ops Miejski Ośrodek Pomocy Rodzinie w Kielcach"]),
    ("PCPR w Busku-Zdroju", ["pcpr Powiatowe Centrum Pomocy Rodzinie w Busku-Zdroju"]),
    (
        "Centrum Integracji Społecznej w Skarżysku – Kamiennej",
        ["cis Centrum Integracji Społecznej w Skarżysku-Kamiennej"],
    ),
    (
        "podmioty (CIS, KIS, ZAZ, WTZ)",
        [
            "cis Centrum Integracji Społecznej",
            "kis Klub Integracji Społecznej",
            "zaz Zakład Aktywności Zawodowej",
            "wtz Warsztat Terapii Zajęciowej",
        ],
    ),
    ("Wielkopolskim Ośrodku Wsparcia Ekonomii Społecznej", ["owes Wielkopolski Ośrodek Wsparcia Ekonomii Społecznej"]),
    ("Spółdzielni Socjalnej „Arka”", ["social_cooperative Spółdzielnia Socjalna „Arka”"]),
    ("Spółdzielnia Socjalna Nowa Nadzieja w Opolu", ["social_cooperative Spółdzielnia Socjalna Nowa Nadzieja"]),
    ("Fundacją Forum Rozwoju", ["ngo Fundacja Forum Rozwoju"]),
    ("Fundacja „Praca dla Wszystkich”", ["ngo Fundacja „Praca dla Wszystkich”"]),
    ("Fundacja Nadzieja z Kielc", ["ngo Fundacja Nadzieja"]),
    ("Stowarzyszeniem Kobiet i Rodzin", ["ngo Stowarzyszenie Kobiet i Rodzin"]),
    ("Stowarzyszenie na rzecz Rozwoju Gminy", ["ngo Stowarzyszenie na rzecz Rozwoju Gminy"]),
    ("Fundacja Arka i Stowarzyszenie Most", ["ngo Fundacja Arka", "ngo Stowarzyszenie Most"]),
    (
        "Ministerstwa Rodziny, Pracy i Polityki Społecznej",
        ["ministry Ministerstwo Rodziny, Pracy i Polityki Społecznej"],
    ),
    ("MRPiPS", ["ministry Ministerstwo Rodziny, Pracy i Polityki Społecznej"]),
    ("Ministerstwem Rodziny i Polityki Społecznej", ["ministry Ministerstwo Rodziny i Polityki Społecznej"]),
    ("Ochotniczych Hufców Pracy (OHP)", ["ohp Ochotnicze Hufce Pracy"]),
    ("ZUS i KRUS", ["zus Zakład Ubezpieczeń Społecznych", "krus Kasa Rolniczego Ubezpieczenia Społecznego"]),
    ("PFRON", ["pfron Państwowy Fundusz Rehabilitacji Osób Niepełnosprawnych"]),
    ("Wojewódzka Rada Rynku Pracy", ["council Wojewódzka Rada Rynku Pracy"]),
    ("Bankiem Gospodarstwa Krajowego", ["bank Bank Gospodarstwa Krajowego"]),
]

NOTHING = [
    "powiatowe urzędy pracy",
    "powiatowy urząd pracy właściwy dla miejsca zamieszkania",
    "Centra Integracji Społecznej",
    "instytucje pomocy społecznej",
    "spółdzielnie socjalne",
    "zakładanie spółdzielni socjalnych",
    "fundacja wspiera",
    "Fundacja zaprasza",
    "stowarzyszenia i fundacje",
    "ministerstwo",
    "puppet, Zuzanna, Circus",
    "",
]


def said(found: list[Organisation]) -> list[str]:
    return [f"{one.kind} {one.name}" for one in found]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_a_text_names_these_organisations_and_no_other(text: str, expected: list[str]) -> None:
    assert said(organisations.find([text], VOCABULARY)) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_these_words_name_no_organisation(text: str) -> None:
    assert organisations.find([text], VOCABULARY) == []


def test_a_name_that_runs_on_into_the_sentence_is_cut_to_the_one_given_elsewhere() -> None:
    text = ["Zadanie zrealizuje Stowarzyszenie Most z partnerem.", "przez Stowarzyszenie Most Anna Nowak"]
    assert said(organisations.find(text, VOCABULARY)) == ["ngo Stowarzyszenie Most"]


def test_every_kind_is_of_the_closed_list() -> None:
    kinds = {kind for _, names in NAMED for kind in (name.split()[0] for name in names)}
    assert kinds <= VOCABULARY.kinds


def test_repeats_are_one_fact_with_all_its_words() -> None:
    [found] = organisations.find(["Powiatowy Urząd Pracy w Kielcach", "PUP w Kielcach", "PUP"], VOCABULARY)
    assert [(mention.raw, mention.block) for mention in found.mentions] == [
        ("Powiatowy Urząd Pracy w Kielcach", 0),
        ("PUP w Kielcach", 1),
        ("PUP", 2),
    ]


SEEDS = Path(os.environ.get("WIESCI_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))


@pytest.mark.skipif(not SEEDS.exists(), reason=f"the seed documents are not at {SEEDS}")
@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        ("000", ["ngo Fundacja Forum Inicjatyw Rozwojowych"]),
        ("001", ["marshal Śląski Urząd Marszałkowski"]),
        (
            "002",
            [
                "wup Wojewódzki Urząd Pracy",
                "pup Powiatowy Urząd Pracy w Kielcach",
                "ngo Stowarzyszenie Integracja Europa - Wschód",
                "ministry Ministerstwo Rodziny i Polityki Społecznej",
            ],
        ),
    ],
)
def test_the_seeds_name_their_organisations(seed: str, expected: list[str]) -> None:
    [document] = SEEDS.glob(f"{seed}_*.txt")
    assert said(organisations.find(document.read_text(encoding="utf-8").splitlines(), VOCABULARY)) == expected


WORDS = st.sampled_from(["Fundacja", "Stowarzyszenie", "„", "”", "PUP", "w", "Kielcach", "na rzecz", "-", "Urząd", "i"])


@given(st.lists(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=30).map(" ".join)), max_size=6))
def test_no_text_breaks_the_search(paragraphs: list[str]) -> None:
    for organisation in organisations.find(paragraphs, VOCABULARY):
        assert organisation.kind in VOCABULARY.kinds
        assert all(mention.block is not None and mention.block < len(paragraphs) for mention in organisation.mentions)
