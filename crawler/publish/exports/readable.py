"""What a spreadsheet has beside the exact values: amounts in whole units of their currency, Polish words for codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.publish import labels

AMOUNTS: Mapping[str, str] = {"grosze": "kwota", "grosze_to": "kwota_do"}
LABELLED = "_label"
"""As Datasette calls the words of a code in its own CSV."""
HUNDREDTHS = 100


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A column for the reader beside one for programs."""

    name: str
    of: str
    words: Mapping[str, str] | None
    """Code -> words; None: it is an amount."""

    @property
    def description(self) -> str:
        if self.words is None:
            return (
                f"Kwota – to samo co {self.of}, w złotych albo w walucie z kolumny currency."
                f" / EN: {self.of} in whole units of the currency."
            )
        return f"Po polsku – co znaczy {self.of}. / EN: the Polish words for {self.of}."

    def expression(self, column: str) -> str:
        """SQL over the exact column."""
        if self.words is None:
            return f"{column} / {HUNDREDTHS}.0"
        cases = " ".join(f"WHEN {_literal(code)} THEN {_literal(words)}" for code, words in self.words.items())
        return f"CASE CAST({column} AS TEXT) {cases} END"

    def value(self, exact: Any) -> Any:
        """Of a value in the hand."""
        if exact is None:
            return None
        if self.words is not None:
            return self.words.get(str(exact))
        return exact / HUNDREDTHS if isinstance(exact, int | float) else None


def beside(table: str | None, columns: Sequence[str]) -> list[Beside]:
    """What stands beside these columns of a table, or of a question."""
    found = []
    for name in columns:
        words = labels.codes(table, name)
        if name in AMOUNTS:
            found.append(Beside(name=AMOUNTS[name], of=name, words=None))
        elif words is not None and name != "changes":  # a list of codes and more
            found.append(Beside(name=f"{name}{LABELLED}", of=name, words=words))
    return [one for one in found if one.name not in columns]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
