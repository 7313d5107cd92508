"""Finds names that are like what somebody typed: by how they begin, then by likeness.

All names of a release's entities fit in memory (some 200,000), which keeps an answer within
the time between two keystrokes.

Source: optimal string alignment as rapidfuzz has it,
https://rapidfuzz.github.io/RapidFuzz/Usage/distance/OSA.html
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST_WORD: Final = 4  # of a name of several words that is looked for by itself
_SHORTEST_TYPO: Final = 3  # with fewer letters everything is alike
_LEAST_LIKE: Final = 0.7  # one error in four letters
_MOST_A_WORD: Final = 50  # names that one word stands for: "receptor" is in thousands
_MOST_BEGINNINGS: Final = 2000
_MOST_LIKE: Final = 50


class Names:
    """The names of entities.

    Args:
        rows: (name, number of the entity, figures it is in), an entity once for each name.

    Example:
        >>> names = Names([("TNFSF11", 1, 90), ("RANKL", 1, 90), ("TNF", 2, 500)])
        >>> names.like("tnf", 2)
        [(2, 'TNF'), (1, 'TNFSF11')]
        >>> names.like("RNAKL", 1)
        [(1, 'RANKL')]
    """

    def __init__(self, rows: Iterable[tuple[str, int, int]]) -> None:
        self._figures: dict[int, int] = {}
        self._named: dict[str, list[tuple[int, str]]] = {}
        words: dict[str, list[tuple[int, str]]] = {}
        for name, number, figures in rows:
            self._figures[number] = figures
            key = folded(name)
            self._named.setdefault(key, []).append((number, name))
            parts = key.replace("-", " ").split()
            if len(parts) > 1:
                for word in parts:
                    if len(word) >= _SHORTEST_WORD:
                        words.setdefault(word, []).append((number, name))
        for word, named in words.items():
            named.sort(key=self._rank)
            self._named.setdefault(word, []).extend(named[:_MOST_A_WORD])
        self._keys = sorted(self._named)

    def like(self, text: str, limit: int) -> list[tuple[int, str]]:
        """Return (number, name) of up to `limit` entities, each once, best first."""
        key = folded(text)
        if not key:
            return []
        found: dict[int, str] = {}
        self._add(found, [key] if key in self._named else [])
        self._add(found, self._beginnings(key))
        if len(found) < limit and len(key) >= _SHORTEST_TYPO:
            for keys in self._similar(key):
                self._add(found, keys)
        return list(found.items())[:limit]

    def _add(self, found: dict[int, str], keys: Sequence[str]) -> None:
        named = [each for key in keys for each in self._named[key]]
        for number, name in sorted(named, key=self._rank):
            found.setdefault(number, name)

    def _rank(self, named: tuple[int, str]) -> tuple[int, str]:
        return -self._figures[named[0]], named[1]

    def _beginnings(self, key: str) -> list[str]:
        start = bisect_left(self._keys, key)
        keys = []
        for other in self._keys[start : start + _MOST_BEGINNINGS]:
            if not other.startswith(key):
                break
            keys.append(other)
        return keys

    def _similar(self, key: str) -> list[list[str]]:
        """Return groups of names of equal likeness, whole or as far as they are typed."""
        size = len(key)
        first = bisect_left(self._keys, key[0])
        last = bisect_left(self._keys, chr(ord(key[0]) + 1))
        begun = {place: self._keys[place][:size] for place in range(first, last)}
        alike: dict[str, float] = {}
        for _, score, place in _extract(key, self._keys):
            alike[self._keys[place]] = score
        for _, score, place in _extract(key, begun):
            alike.setdefault(self._keys[place], score)
        return [
            [name for name, score in alike.items() if score == each]
            for each in sorted(set(alike.values()), reverse=True)
        ]


def _extract(key: str, choices: Sequence[str] | dict[int, str]) -> list[tuple[str, float, int]]:
    return process.extract(
        key,
        choices,
        scorer=OSA.normalized_similarity,
        score_cutoff=_LEAST_LIKE,
        limit=_MOST_LIKE,
    )


def folded(text: str) -> str:
    """Return a text without case and accents, its white space single.

    Example:
        >>> folded(" Sjögren  Syndrome")
        'sjogren syndrome'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())
