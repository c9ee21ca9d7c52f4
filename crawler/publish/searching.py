"""What a visitor typed, as an expression that FTS5 always accepts."""

from __future__ import annotations

import re

MOST_WORDS = 50
"""FTS5 refuses trees deeper than 256; nobody types this many words to find an article."""
NOTHING = '""'
"""An expression that FTS5 accepts and no row answers."""

_PLAIN = str.maketrans("łŁ", "lL")
_PIECE = re.compile(r'(-?)"([^"]*)"|(\S+)')


def expression(typed: str | None) -> str:
    """All the words must occur: `nabór "rada rynku" pracy* -staż`; quotes make a phrase, * a prefix, - an exclusion.

    Everything else that FTS5 would read as syntax is taken as plain text.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for piece in _PIECE.finditer((typed or "").replace("\0", " ")):
        minus, phrase, word = piece.groups()
        if word is not None:
            minus, phrase = ("-", word[1:]) if word.startswith("-") else ("", word)
        term = _term(phrase, prefix=word is not None and word.endswith("*"))
        if term:
            (unwanted if minus else wanted).append(term)
    if not wanted:
        return NOTHING
    found = " AND ".join(wanted[:MOST_WORDS])
    return f"({found}) NOT ({' OR '.join(unwanted[:MOST_WORDS])})" if unwanted else found


def _term(text: str, *, prefix: bool) -> str | None:
    """One word or phrase, quoted. The index folds every diacritic but ł, so a word with ł is looked for both ways."""
    text = text.replace('"', " ").strip("*").strip()
    if not any(character.isalnum() for character in text):
        return None
    star = " *" if prefix else ""
    forms = [text] if "ł" not in text.casefold() else [text, text.translate(_PLAIN)]
    quoted = [f'"{form}"{star}' for form in forms]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"
