import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.topics import Vocabulary, find

VOCABULARY = Vocabulary.bundled()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Nabór wniosków z Krajowego Funduszu Szkoleniowego", "kfs"),
        ("środki KFS na 2024 rok", "kfs"),
        ("wnioski o organizację stażu", "staze"),
        ("organizacja prac interwencyjnych", "prace-interwencyjne"),
        ("roboty publiczne w gminie", "roboty-publiczne"),
        ("dotacje na podjęcie działalności gospodarczej", "dotacje-na-dzialalnosc"),
        ("refundacja doposażenia stanowiska pracy", "doposazenie"),
        ("zapraszamy na Targi Pracy i Edukacji", "targi-pracy"),
        ("na targach pracy", "targi-pracy"),
        ("zakładanie spółdzielni socjalnych", "ekonomia-spoleczna"),
        ("podmioty reintegracyjne (CIS, KIS)", "reintegracja"),
        ("zezwolenie na pracę cudzoziemca", "zatrudnianie-cudzoziemcow"),
        ("obywatelki Ukrainy w naszym regionie", "ukraina"),
        ("integracja cudzoziemców", "cudzoziemcy"),
        ("osoby w wieku 50+", "50-plus"),
        ("osoby powyżej 50. roku życia", "50-plus"),
        ("program dla osób młodych do 30 roku życia", "mlodzi"),
        ("osoby z niepełnosprawnościami", "niepelnosprawni"),
        ("długotrwale bezrobotnych mieszkańców", "dlugotrwale-bezrobotni"),
        ("powrót kobiet do pracy", "kobiety"),
        ("lokalni przedsiębiorcy", "przedsiebiorcy"),
        ("KRUS i rolnicy", "rolnicy"),
        ("stopa bezrobocia w powiecie", "rynek-pracy"),
    ],
)
def test_an_inflected_word_of_the_vocabulary_gives_its_topic(text: str, topic: str) -> None:
    found = {one.id: one for one in find(None, [text], VOCABULARY)}
    assert topic in found
    assert found[topic].rule
    assert found[topic].block == 0


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("starosta i strażnik", "staze"),
        ("ciskanie i kisiel", "reintegracja"),
        ("50 osób", "50-plus"),
        ("przypowieść o rolce", "rolnicy"),
        ("jedno szkolenie", "szkolenia"),
        ("sprawozdanie targowe", "targi-pracy"),
        ("rozwój przedsiębiorczości", "przedsiebiorcy"),
        ("kwota jest uzależniona od stażu", "uzaleznienia"),
        ("uczy się w szkole", "szkolenia"),
    ],
)
def test_a_word_that_only_begins_alike_gives_nothing(text: str, topic: str) -> None:
    assert topic not in {one.id for one in find(None, [text], VOCABULARY)}


def test_a_hint_counts_in_the_title_or_when_it_is_said_twice() -> None:
    assert [one.id for one in find("Bezpłatne kursy", [], VOCABULARY)] == ["szkolenia"]
    assert [one.block for one in find(None, ["kursy", "o kursach"], VOCABULARY)] == [1]
    assert find(None, ["kursy"], VOCABULARY) == []


def test_topics_come_once_in_the_order_of_the_text_with_the_title_first() -> None:
    found = find("Staże dla kobiet", ["Środki KFS i staże", "KFS"], VOCABULARY)
    assert [(one.id, one.block) for one in found] == [("staze", None), ("kobiety", None), ("kfs", 0)]


def test_every_rule_of_the_vocabulary_fires_on_its_own_words() -> None:
    rules = {rule.words: rule for some in VOCABULARY.rules.values() for rule in some}
    for words, rule in rules.items():
        text = words.replace("*", "")
        assert rule.topic in {one.id for one in find(text, [text, text], VOCABULARY)}, words


def test_every_topic_has_a_label_and_audiences_are_topics() -> None:
    assert all(VOCABULARY.labels.values())
    assert set(VOCABULARY.labels) > VOCABULARY.audiences


def test_a_rule_too_short_to_search_by_is_refused() -> None:
    with pytest.raises(ValueError, match="whole word"):
        Vocabulary.of('[a]\nlabel = "a"\nwords = ["ab*"]')


@given(st.text(), st.lists(st.text(), max_size=4))
def test_no_text_is_too_odd(title: str, paragraphs: list[str]) -> None:
    find(title, paragraphs, VOCABULARY)
