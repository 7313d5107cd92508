"""Finds what is meant by a name: what has just this name, names that begin so, or like it.

Names are asked of the index by their keys. Only for typing errors all keys are held in memory,
by their lengths, from the first error on.

Source: optimal string alignment as rapidfuzz has it,
https://rapidfuzz.github.io/RapidFuzz/Usage/distance/OSA.html
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from threading import Lock
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pfocr_rdf.query.index.folding import folded, key_of_id, keys_of
from pfocr_rdf.query.index.identifiers import identifier_of
from pfocr_rdf.query.index.model import NameIs

_SHORTEST_TYPO: Final = 3  # with fewer letters everything is alike
_LEAST_LIKE: Final = 0.7  # one error in four letters
_MOST_ERRORS: Final = 3
_MOST_LIKE: Final = 50
_MOST_BEGINNINGS: Final = 400
_LATER_KEY: Final = 0.3  # worth of a name that has only a later key of what was asked
_JUST_SO: Final = 1000.0  # worth of a common name that counts in one spelling, so spelled
_LAST: Final = chr(0x10FFFF)
# What ids are written in.
_AROUND: Final = re.compile(
    r"\s*(?:https?://)?(?:(?:dx\.)?doi\.org/|doi:\s*|pfocr\.wikipathways\.org/figures/"
    r"|(?:www\.ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov|europepmc\.org)/articles?/(?:PMC/)?"
    r"|pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*(?=[0-9]))(?P<id>\S+?)(?:\.html)?/?\s*",
    re.IGNORECASE,
)


class How(IntEnum):
    """How a name fits what was asked."""

    JUST = 0
    BEGINS = 1
    HAS_WORDS = 2
    LIKE = 3


class FittingName(NamedTuple):
    """A name that fits.

    Attributes:
        node: An entity, or below zero a figure.
        how: It fits.
        score: How surely it is meant, among those that fit alike.
        said: What the name is to the node.
        figures: How many use it as a word for the node.
        text: The name.
    """

    node: int
    how: How
    score: float
    said: NameIs
    figures: int
    text: str


class Names:
    """The names of an index.

    Args:
        db: Of the index; threads may share it.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._lock = Lock()
        self._by_length: dict[int, list[str]] | None = None
        self._words: list[str] = []

    def just(self, asked: str) -> list[FittingName]:
        """Return what has just this name, best first, each once."""
        best: dict[int, FittingName] = {}
        for place, key in enumerate(asked_keys(asked)):
            rows = self._db.execute(f"{_SELECT} WHERE key = ?", (key,))
            for found in _found(rows, How.JUST):
                score = found.score * _LATER_KEY**place * _spelled_so(found, asked)
                if found.node not in best or best[found.node].score < score:
                    best[found.node] = found._replace(score=score)
        return sorted(best.values(), key=_order)

    def beginning(self, asked: str) -> list[FittingName]:
        """Return what has a name that begins with a text, best first."""
        for key in asked_keys(asked):
            rows = self._db.execute(_BEGINS, (key, key + _LAST, _MOST_BEGINNINGS))
            if found := sorted(_found(rows, How.BEGINS), key=_order):
                return found
        return []

    def like(self, asked: str) -> Iterator[list[FittingName]]:
        """Yield what has names like a text, the likest first; each list of equal likeness."""
        key = next(iter(asked_keys(asked)), "")
        seen: set[int] = set()
        for keys in self._alike(key):
            marks = ", ".join("?" * len(keys))
            rows = self._db.execute(
                f"{_SELECT} WHERE key IN ({marks}) AND said <> ?", (*keys, NameIs.IDENTIFIER)
            )
            best: dict[int, FittingName] = {}
            for found in sorted(_found(rows, How.LIKE), key=_order):
                if found.node not in seen:
                    best.setdefault(found.node, found)
            seen |= best.keys()
            yield list(best.values())

    def corrected(self, asked: str) -> str:
        """Return a text with its words as names have them; "" where none is to be corrected."""
        self._loaded()
        known = set(self._words)
        words = folded(asked).split()
        right = [word if len(word) < 4 or word in known else self._nearest(word) for word in words]
        return " ".join(right) if right != words else ""

    def named_so(self, key: str, said: NameIs) -> list[int]:
        """Return the nodes that have a key as names of a sort."""
        rows = self._db.execute("SELECT node FROM name WHERE key = ? AND said = ?", (key, said))
        return [node for (node,) in rows]

    def of_node(self, node: int) -> list[tuple[str, FittingName]]:
        """Return the names of a node, each with its key."""
        rows = self._db.execute(_OF_NODE, (node,))
        return [
            (key, FittingName(each, How.JUST, score, NameIs(said), figures, text))
            for key, each, score, said, figures, text in rows
        ]

    def _nearest(self, word: str) -> str:
        near = process.extractOne(
            word, self._words, scorer=OSA.normalized_similarity, score_cutoff=_LEAST_LIKE
        )
        return near[0] if near else word

    def _alike(self, key: str) -> Iterator[list[str]]:
        if len(key) < _SHORTEST_TYPO:
            return
        by_length, size = self._loaded(), len(key)
        errors = min(_MOST_ERRORS, int(size * (1 - _LEAST_LIKE) / _LEAST_LIKE))
        near = [
            each
            for length in range(size - errors, size + errors + 1)
            for each in by_length.get(length, ())
        ]
        yield from _by_likeness(key, near, near)
        longer = [
            each
            for length, keys in by_length.items()
            if length > size
            for each in keys
            if each[0] == key[0]
        ]
        yield from _by_likeness(key, [each[:size] for each in longer], longer)

    def _loaded(self) -> dict[int, list[str]]:
        with self._lock:
            if self._by_length is None:
                by_length: defaultdict[int, list[str]] = defaultdict(list)
                for (key,) in self._db.execute(_KEYS, (NameIs.IDENTIFIER,)):
                    by_length[len(key)].append(key)
                self._words = [word for (word,) in self._db.execute("SELECT text FROM word")]
                self._by_length = dict(by_length)
            return self._by_length


def asked_keys(asked: str) -> tuple[str, ...]:
    """Return the keys of what was asked, an id freed of the address that it stands in.

    Example:
        >>> asked_keys("https://doi.org/10.1000/x-1")
        ('101000x1', 'httpsdoiorg101000x1', 'httpdoiorg101000x1')
        >>> asked_keys("CD4+"), asked_keys("HER-2/neu")
        (('cd4+', 'cd4'), ('her2neu', 'her2', 'neu'))
    """
    around = _AROUND.fullmatch(asked)
    identifier = identifier_of(asked)
    known = (key_of_id(identifier),) if identifier else ()
    keys = (*known, *(keys_of(around["id"]) if around else ()), *keys_of(asked))
    is_whole = around or identifier
    parts = [] if is_whole else [key for part in asked.split("/") for key in keys_of(part)]
    return tuple(dict.fromkeys((*keys, *(key.replace("+", "") for key in keys), *parts)))


_SELECT: Final = "SELECT node, score, said, figures, text FROM name"
_OF_NODE: Final = "SELECT key, node, score, said, figures, text FROM name WHERE node = ?"
_BEGINS: Final = f"{_SELECT} WHERE key > ? AND key < ? ORDER BY score DESC, node LIMIT ?"
_KEYS: Final = "SELECT DISTINCT key FROM name WHERE said <> ?"


def _found(rows: Iterable[Sequence[object]], how: How) -> Iterator[FittingName]:
    for node, score, said, figures, text in rows:
        yield FittingName(node, how, score, NameIs(said), figures, text)  # type: ignore[arg-type]


def _order(found: FittingName) -> tuple[float, bool, str, int]:
    return -found.score, found.node < 0, found.text, abs(found.node)


def _spelled_so(found: FittingName, asked: str) -> float:
    if found.said is not NameIs.AS_WRITTEN:
        return 1
    return _JUST_SO if found.text == " ".join(asked.split()) else 1 / _JUST_SO


def _by_likeness(key: str, choices: Sequence[str], keys: Sequence[str]) -> Iterator[list[str]]:
    groups: defaultdict[float, dict[str, None]] = defaultdict(dict)
    for _, score, place in process.extract(
        key, choices, scorer=OSA.normalized_similarity, score_cutoff=_LEAST_LIKE, limit=_MOST_LIKE
    ):
        groups[score][keys[place]] = None
    for score in sorted(groups, reverse=True):
        yield list(groups[score])
