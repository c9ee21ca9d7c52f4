import pickle

from normalize.knowledge import Knowledge
from normalize.model import Hints


def test_the_bundled_files_are_read_once() -> None:
    first, second = Knowledge.bundled(), Knowledge.bundled()
    assert first.gazetteer is second.gazetteer
    assert first.programmes is second.programmes
    assert first.organisations is second.organisations
    assert first.topics is second.topics


def test_a_familys_hints_are_passed_on() -> None:
    hints = Hints(container=("article",))
    assert Knowledge.bundled({"psz": hints}).families["psz"] is hints
    assert Knowledge.bundled().families == {}


def test_knowledge_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps(Knowledge.bundled()))
    assert sent.gazetteer.units == Knowledge.bundled().gazetteer.units
