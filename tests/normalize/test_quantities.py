import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import quantities
from normalize.words import clean

SEEDS = Path(os.environ.get("WIESCI_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))

COUNTS = [
    ("860 uczestników projektu", 860, "persons", False),
    ("ponad 860 osób", 860, "persons", True),
    ("min. 1200 cudzoziemców", 1200, "persons", True),
    ("74 osoby", 74, "persons", False),
    ("22 osoby", 22, "persons", False),
    ("2 500 mieszkańców", 2500, "persons", False),
    ("95.596 bezrobotnych", 95596, "persons", False),
    ("3 tys. 382 osoby", 3382, "persons", False),
    ("1,5 tys. kobiet", 1500, "persons", False),
    ("dla 50 obywatelek Ukrainy", 50, "persons", False),
    ("około 40 osób bezrobotnych", 40, "persons", True),
    ("12 młodych ludzi", 12, "persons", False),
    ("2022 osób skorzystało", 2022, "persons", False),
    ("60 proc.", 60, "percent", False),
    ("60%", 60, "percent", False),
    ("60 %", 60, "percent", False),
    ("3,5 procent", 3.5, "percent", False),
    ("100 procentach", 100, "percent", False),
    ("26 instytucji", 26, "institutions", False),
    ("ponad 20 podmiotów", 20, "institutions", True),
    ("8 spotkań", 8, "meetings", False),
    ("20 kursów integracyjnych", 20, "courses", False),
    ("3 szkolenia", 3, "courses", False),
    ("12 nowych miejsc pracy", 12, "jobs", False),
    ("40 zestawów narzędzi", 40, "sets", False),
    ("1 etat w dziale kadr", 1, "posts", False),
    ("3 etaty", 3, "posts", False),
    ("trzy uczelnie", 3, "institutions", False),
    ("15 miejsc szkoleniowych", 15, "places", False),
    ("25 ofert pracy", 25, "offers", False),
    ("40 pracodawców", 40, "employers", False),
    ("120 wniosków", 120, "applications", False),
    ("35 umów", 35, "agreements", False),
    ("5 spółdzielni socjalnych", 5, "organisations", False),
    ("siedem osób", 7, "persons", False),
    ("ponad dwudziestu pięciu uczestników", 25, "persons", True),
    ("w ośmiu spotkaniach", 8, "meetings", False),
    ("dwa nowe kursy", 2, "courses", False),
    ("15 kierowców", 15, "persons", False),
    ("w tej grupie 1.750 to kobiety", 1750, "persons", False),
    ("w 214 miejscowościach", 214, "places", False),
    ("3 zjazdy", 3, "meetings", False),
    ("16 bonów", 16, "vouchers", False),
]
NOTHING = [
    "w 2020 osoby",
    "w 2023 roku osoby bezrobotne",
    "24 lutego 2022 kobiety",
    "4 marca kursy",
    "osoby 50+",
    "kobiety 50+ i osoby młode",
    "do 30 roku życia",
    "w wieku 18-29 lat",
    "art. 46 osób",
    "poz. 1482 osoby",
    "nr 12 osób",
    "ul. Długa 15 osoby",
    "tel. 41 364 16 08 osób",
    "10-15 osób",
    "od 10 do 15 osób",
    "10 – 15 osób",
    "17 012 1467 osób",
    "500 zł",
    "20 mln zł dofinansowania",
    "PDF 304 KB",
    "godz. 10 uczestnicy",
    "80 godzin",
    "1 osoba",
    "jedna osoba",
    "drugie spotkanie",
    "kilka osób",
    "kilkadziesiąt firm",
    "stolarskie kursy",
    "17 z nich",
    "2,5 osoby",
    "6 partnerskich regionów",
    "działanie 9.3",
    "25-501 Kielce",
    "REGON 260423101",
    "w latach 2014-2020 firmy",
]
IN_SEEDS = {
    "000": {(860, "persons"), (60, "percent"), (26, "institutions"), (20, "institutions")},
    "001": set(),
    "002": {(1200, "persons"), (800, "persons"), (50, "persons"), (600, "persons"), (500, "persons")}
    | {(20, "courses"), (50, "courses")},
    "004": {(74, "persons"), (154, "persons"), (8, "meetings")},
}


@pytest.mark.parametrize(("raw", "value", "unit", "approximate"), COUNTS)
def test_a_count_of_known_things_is_found(raw: str, value: float, unit: str, approximate: bool) -> None:
    assert [(q.value, q.unit, q.approximate) for q in quantities.find([raw])] == [(value, unit, approximate)]
    assert unit in quantities.UNITS


@pytest.mark.parametrize("raw", NOTHING)
def test_years_numbers_ages_sizes_and_money_are_not_quantities(raw: str) -> None:
    assert quantities.find([raw]) == []


def test_a_repeated_count_is_one_quantity_and_exact_where_one_mention_is() -> None:
    (found,) = quantities.find(["Wsparto ponad 860 osób.", "Projekt skończyło 860 uczestników projektu."])
    assert (found.value, found.approximate) == (860, False)
    assert [(m.raw, m.block) for m in found.mentions] == [("ponad 860 osób", 0), ("860 uczestników projektu", 1)]


def test_the_counted_things_are_kept_as_printed() -> None:
    assert [q.of for q in quantities.find(["Wsparto 860 uczestników projektu i 12 nowych firm"])] == [
        "uczestników projektu",
        "nowych firm",
    ]


def test_a_number_of_them_counts_what_was_counted_before() -> None:
    assert [(q.value, q.unit) for q in quantities.find(["Przyszło 212 osób, a 57 z nich podpisało umowę."])] == [
        (212, "persons"),
        (57, "persons"),
    ]


@pytest.mark.skipif(not SEEDS.exists(), reason=f"no seed texts at {SEEDS}")
@pytest.mark.parametrize("seed", sorted(IN_SEEDS))
def test_the_quantities_of_a_real_text_are_found_and_no_others(seed: str) -> None:
    (file,) = SEEDS.glob(f"{seed}_*.txt")
    lines = [clean(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {(q.value, q.unit) for q in quantities.find(lines)} == IN_SEEDS[seed]


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    quantities.find([text])


@given(st.text(alphabet="0123456789 .,-%osóbykurwzaetl", max_size=80))
def test_no_mess_of_figures_is_too_odd(text: str) -> None:
    for quantity in quantities.find([text]):
        assert quantity.value >= 0


@given(st.integers(min_value=5, max_value=999_999))
def test_a_count_that_is_written_is_read_back(value: int) -> None:
    assert [q.value for q in quantities.find([f"razem {value:,} wniosków".replace(",", " ")])] == [value]


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "12 nowych ", "5 osób ", "1% ", "1 tys. ", "nowych ", "dwa ", "dwdw", "sto osób "]
)
def test_the_work_grows_with_the_length_alone(unit: str) -> None:
    quantities.find([unit * (60_000 // len(unit))])
    quantities.find(["1 tys. " + unit * (60_000 // len(unit)) + "?"])
