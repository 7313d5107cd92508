"""What a user types -> a query of SQLite's full-text search.

Nothing of it is syntax but quotes, which hold a phrase. Every other word is looked for as a
phrase of its own, also in the other number, with other Greek letters, and with a blank between
letters and numbers or none; the last also as the beginning of a word.

Source: SQLite FTS5, https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from pfocr_rdf.query.index.folding import GREEK, folded, keys_of

_LONGEST: Final = 300  # characters of a search that are looked at
_MOST_WORDS: Final = 20
_SHORTEST_PLURAL: Final = 4
_PART: Final = re.compile(r'"([^"]+)"(?=\s|$)|(\S+)')
_BETWEEN: Final = re.compile(r"(?<=[^\W\d_])[-/]?(?=\d)")


def cleaned(text: str) -> str:
    """Return a text without what SQLite cannot store or would take for an end."""
    text = text[:_LONGEST].encode("utf-8", "replace").decode()
    return "".join(" " if unicodedata.category(c).startswith("C") else c for c in text)


def is_phrase(text: str) -> bool:
    """Say whether somebody put a whole text into quotes."""
    found = _PART.fullmatch(text.strip())
    return found is not None and bool(found[1])


def expression(text: str, others: Iterable[str] = ()) -> str:
    """Return the FTS5 query for all words of a text, "" when it has none.

    Args:
        text: As `cleaned` returns it.
        others: Other spellings of the whole text, each of which finds as well.

    Example:
        >>> expression('IL-6 "bone loss" cells')
        '("IL-6" OR "il6" OR "il 6") AND "bone loss" AND ("cells" * OR "cell")'
    """
    parts = [(phrase, word) for phrase, word in _PART.findall(text) if _says(phrase or word)]
    asked = []
    for place, (phrase, word) in enumerate(parts[:_MOST_WORDS], 1):
        if phrase:
            asked.append(_quoted(phrase))
            continue
        # One letter begins half of all words, which takes long and helps nobody.
        begins = place == len(parts) and len(word) > 1
        first = _quoted(word) + (" *" if begins else "")
        either = " OR ".join((first, *map(_quoted, _forms(word))))
        asked.append(f"({either})" if either != first else first)
    if not asked:
        return ""
    spelled = [_quoted(other) for other in others if _says(other)]
    together = " AND ".join(asked)
    return " OR ".join((f"({together})", *spelled)) if spelled else together


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


def _quoted(phrase: str) -> str:
    return '"' + phrase.replace('"', '""') + '"'


def _forms(word: str) -> list[str]:
    """Return how else a word may be written."""
    key = folded(word)
    forms = [key.translate(GREEK)]
    if not key.isalpha() or not key.isascii():
        forms += (each.replace("+", "") for each in keys_of(word))
        forms.append(_BETWEEN.sub(" ", key))
    elif len(key) >= _SHORTEST_PLURAL:
        # Of keys the last is without the s of a plural.
        forms.append(key + "s" if len(keys_of(word)) == 1 else keys_of(word)[-1])
    return [form for form in dict.fromkeys(forms) if form != key and _says(form)]
