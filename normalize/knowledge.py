"""What normalize knows before it sees a page: the gazetteer, the vocabularies, the families' hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from normalize import organisations, programmes
from normalize.gazetteer import Gazetteer
from normalize.model import Hints


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """Loaded once and passed in: normalize has no state of its own that could change between pages."""

    gazetteer: Gazetteer = field(repr=False)
    programmes: programmes.Vocabulary = field(repr=False)
    organisations: organisations.Vocabulary = field(repr=False)
    topics: object = field(default=None, repr=False)
    families: Mapping[str, Hints] = field(default_factory=dict)
    """Name of a family to what its register file says about article pages."""

    @staticmethod
    def bundled(families: Mapping[str, Hints] | None = None) -> Knowledge:
        """The knowledge of normalize/data; its files are read at the first call only."""
        return Knowledge(
            gazetteer=Gazetteer.bundled(),
            programmes=programmes.Vocabulary.bundled(),
            organisations=organisations.Vocabulary.bundled(),
            families=dict(families or {}),
        )
