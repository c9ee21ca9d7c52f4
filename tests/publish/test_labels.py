"""Codes of the crawl that readers meet are words in Polish."""

from __future__ import annotations

import pytest

from crawler import why
from crawler.publish.labels import label

NOT_LISTED = {"duplicate", "suppressed", "layout_changed", "no_teasers", "article"}
"""Ends that leave no row in `missing`: nothing is said of them, or they are of lists, or of what is held."""


@pytest.mark.parametrize("outcome", sorted({*why._ENDS, *why._UNDERSTOOD} - NOT_LISTED))
def test_every_end_of_a_missing_address_has_polish_words(outcome: str) -> None:
    told = label("missing", "outcome", outcome)
    assert told
    assert told != outcome
