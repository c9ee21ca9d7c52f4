import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import programmes
from normalize.model import Programme

VOCABULARY = programmes.Vocabulary.bundled()

# text, ids in order of first appearance (a project without id by its title).
NAMED = [
    ("nabór wniosków o środki KFS", ["kfs"]),
    ("z Krajowego Funduszu Szkoleniowego (KFS)", ["kfs"]),
    ("KRAJOWY FUNDUSZ SZKOLENIOWY", ["kfs"]),
    ("środki krajowego funduszu szkoleniowego", ["kfs"]),
    ("finansowane z Funduszu Pracy", ["fp"]),
    ("ze środków Funduszu Pracy i PFRON", ["fp", "pfron"]),
    ("FGŚP", ["fgsp"]),
    ("z Europejskiego Funduszu Społecznego", ["efs"]),
    ("EFS", ["efs"]),
    ("EFS+", ["efs-plus"]),
    ("EFS Plus", ["efs-plus"]),
    ("w ramach Europejskiego Funduszu Społecznego Plus (EFS+)", ["efs-plus"]),
    ("Europejski Fundusz Społeczny+", ["efs-plus"]),
    ("Europejskiego Funduszu Rozwoju Regionalnego", ["efrr"]),
    ("program FERS", ["fers"]),
    ("Fundusze Europejskie dla Rozwoju Społecznego 2021-2027", ["fers"]),
    ("Funduszy Europejskich dla Świętokrzyskiego", ["fe-swietokrzyskie"]),
    ("Fundusze Europejskie dla Małopolski 2021–2027", ["fe-malopolskie"]),
    ("FE dla Pomorza", ["fe-pomorskie"]),
    ("FE dla Pomorza Zachodniego", ["fe-zachodniopomorskie"]),
    ("Fundusze Europejskie dla Kujaw i Pomorza", ["fe-kujawsko-pomorskie"]),
    ("Fundusze Europejskie dla Warmii i Mazur", ["fe-warminsko-mazurskie"]),
    ("Fundusze Europejskie dla Dolnego Śląska", ["fe-dolnoslaskie"]),
    ("Fundusze Europejskie dla Mazowsza", ["fe-mazowieckie"]),
    ("Regionalnego Programu Operacyjnego Województwa Świętokrzyskiego", ["rpo-swietokrzyskie"]),
    ("Regionalny Program Operacyjny Województwa Warmińsko-Mazurskiego", ["rpo-warminsko-mazurskie"]),
    ("RPO Województwa Łódzkiego", ["rpo-lodzkie"]),
    ("RPO WSL", ["rpo-slaskie"]),
    ("Regionalny Program Operacyjny – Lubuskie 2020", ["rpo-lubuskie"]),
    ("środki RPO", ["rpo"]),
    ("Program Operacyjny Wiedza Edukacja Rozwój", ["power"]),
    ("Programu Operacyjnego Wiedza, Edukacja, Rozwój", ["power"]),
    ("PO WER 2014-2020", ["power"]),
    ("POWER", ["power"]),
    ("Program Operacyjny Kapitał Ludzki", ["po-kl"]),
    ("PO KL", ["po-kl"]),
    ("Interreg Europa Środkowa", ["interreg-europa-srodkowa"]),
    ("w ramach programu Interreg Europa", ["interreg-europa"]),
    ("Interreg V-A Polska – Słowacja", ["interreg-polska-slowacja"]),
    ("Państwowego Funduszu Rehabilitacji Osób Niepełnosprawnych", ["pfron"]),
    ("Krajowy Plan Odbudowy i Zwiększania Odporności (KPO)", ["kpo"]),
    ("Funduszu Azylu, Migracji i Integracji", ["fami"]),
    ("Funduszu Inicjatyw Obywatelskich", ["fio"]),
    ("z Funduszu Solidarnościowego", ["solidarnosciowy"]),
    ("Razem możemy więcej – Druga Edycja", ["razem-mozemy-wiecej"]),
    ("Erasmus+", ["erasmus-plus"]),
    ("Gwarancje dla młodzieży", ["gwarancje-mlodziezy"]),
    ("Aktywny samorząd", ["aktywny-samorzad"]),
    ("Opieka wytchnieniowa", ["opieka-wytchnieniowa"]),
    ("Maluch+", ["maluch"]),
    ("bony na zasiedlenie", ["bon-zasiedlenie"]),
    ("bonu szkoleniowego", ["bon-szkoleniowy"]),
    ("program „Pierwsza dniówka”", ["pierwsza-dniowka"]),
    ("Rządowego Programu „Aktywna integracja”", ["aktywna-integracja"]),
    ("projekt pn. „Nowy start”", ["Nowy start"]),
    ('projektu "Nowy start"', ["Nowy start"]),
    ("projekcie pt. „Nowy start (II)”", ["Nowy start (II)"]),
    ("Projekt pozakonkursowy „Nowa Szansa”", ["Nowa Szansa"]),
    ("projekt „Praca od zaraz” finansowany z EFS", ["Praca od zaraz", "efs"]),
    ("w projektach: „Nowy start”, „Praca blisko” oraz „Meta”", ["Nowy start", "Praca blisko", "Meta"]),
    ('zadanie pn. "Kurs na pracę"', ["Kurs na pracę"]),
    ("program pn. „Praca blisko”", ["Praca blisko"]),
]

NOTHING = [
    "fundusz przeznaczony na pracę",
    "nowe efsy",
    "projekt ustawy „O rynku pracy”",
    "projekt uchwały „W sprawie”",
    "projekt umowy",
    "projekt dla osób, którym mówimy „dość”",
    "działanie 10.9",
    "Rzecznik Praw Obywatelskich (RPO)",
    "aktywna integracja zawodowa",
    "aktywny samorząd gminy",
    "bon mot",
    "konkurs „Lider Rynku Pracy”",
    "powerbank",
    "ustawa z dnia 20 marca 2025 r. o rynku pracy",
    "",
]


def ids(found: list[Programme]) -> list[str]:
    return [programme.id or programme.name for programme in found]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_a_text_names_these_programmes_and_no_other(text: str, expected: list[str]) -> None:
    assert ids(programmes.find([text], VOCABULARY)) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_these_words_name_no_programme(text: str) -> None:
    assert programmes.find([text], VOCABULARY) == []


@pytest.mark.parametrize(
    ("number", "id"),
    [
        ("POWR.01.01.01-12-0004/18", "power"),
        ("RPSW.10.02.01-26-0001/19", "rpo-swietokrzyskie"),
        ("FEMP.06.13-IP.02-0012/23", "fe-malopolskie"),
        ("FERS.01.03-IP.05-0001/24", "fers"),
        ("POKL.09.02.00-26-123/12-00", "po-kl"),
        ("RPLD.09.02.01-10-A001/17", "rpo-lodzkie"),
        ("KPOD.05.08-IW.06-0001/23", "kpo"),
        ("ABCD.05.08-IW.06-0001/23", None),
    ],
)
def test_a_contract_number_tells_its_programme(number: str, id: str | None) -> None:
    [found] = programmes.find([f"umowa nr {number}, podpisana"], VOCABULARY)
    assert (found.id, found.number, found.raw) == (id, number, number)


def test_a_contract_number_belongs_to_the_titled_project_beside_it() -> None:
    found = programmes.find(["Projekt „Nowy start” nr FESW.08.01-IP.01-0001/23"], VOCABULARY)
    assert [(one.id, one.name, one.number) for one in found] == [
        (None, "Nowy start", "FESW.08.01-IP.01-0001/23"),
        ("fe-swietokrzyskie", "Fundusze Europejskie dla Świętokrzyskiego 2021–2027", None),
    ]


def test_a_project_is_known_by_the_short_name_in_its_title() -> None:
    [found] = programmes.find(["Projekt „Mosty do pracy (MDP)” trwa.", "W projekcie MDP ruszył nabór."], VOCABULARY)
    assert [mention.raw for mention in found.mentions] == ["Mosty do pracy (MDP)", "projekcie MDP"]


def test_repeats_are_one_fact_with_all_its_words() -> None:
    [found] = programmes.find(["Krajowy Fundusz Szkoleniowy", "KFS"], VOCABULARY)
    assert [(mention.raw, mention.block) for mention in found.mentions] == [
        ("Krajowy Fundusz Szkoleniowy", 0),
        ("KFS", 1),
    ]


SEEDS = Path(os.environ.get("WIESCI_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))


@pytest.mark.skipif(not SEEDS.exists(), reason=f"the seed documents are not at {SEEDS}")
@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        ("000", ["Regionalne Innowacje Społeczne – Centra Integracji Społecznej województwa podlaskiego", "efs"]),
        ("002", ["razem-mozemy-wiecej", "Świętokrzyskie na rzecz integracji i aktywizacji zawodowej cudzoziemców"]),
        ("003", ["Świętokrzyska Ekonomia Społeczna", "rpo-swietokrzyskie", "efs"]),
    ],
)
def test_the_seeds_name_their_programmes(seed: str, expected: list[str]) -> None:
    [document] = SEEDS.glob(f"{seed}_*.txt")
    assert ids(programmes.find(document.read_text(encoding="utf-8").splitlines(), VOCABULARY)) == expected


WORDS = st.sampled_from(["projekt", "pn.", "„", "”", '"', "EFS", "+", "Fundusze Europejskie dla", "POWR.01.01", "/18"])


@given(st.lists(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=30).map(" ".join)), max_size=6))
def test_no_text_breaks_the_search(paragraphs: list[str]) -> None:
    for programme in programmes.find(paragraphs, VOCABULARY):
        assert programme.name
        assert all(mention.block is not None and mention.block < len(paragraphs) for mention in programme.mentions)
