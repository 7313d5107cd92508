"""Writes the names of an index: what each entity and figure is called, and how surely.

A name has a row for each of its keys and each thing that it names. The score says how surely
that is meant: ten times the figures of a thing by its own names, the figures that use a word for
it by words. An alias that no figure uses is worth less than any word. A word that is an alias
too counts half as much again, which decides within families: `AKT` of AKT1 and AKT2. Human genes go before others.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from pfocr_rdf.query.index.folding import folded, key_of, key_of_id, keys_of
from pfocr_rdf.query.index.gather import EntityFacts, IndexedFigure
from pfocr_rdf.query.index.known_names import (
    HUMAN,
    common_name,
    names_of_gene,
    names_of_organism,
)
from pfocr_rdf.query.index.model import NameIs
from pfocr_rdf.rdf import Kind

_SCHEMA: Final = """
CREATE TABLE name(
    key TEXT NOT NULL, node INTEGER NOT NULL, score REAL NOT NULL, said INTEGER NOT NULL,
    figures INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(key, node)
) WITHOUT ROWID;
CREATE TABLE word(text TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_OF_NODE: Final = "CREATE INDEX name_node ON name(node)"
_INSERT: Final = "INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?, ?, ?)"
_SHORTEST_WORD: Final = 4  # that a typing error is looked for in
_AT_ONCE: Final = 20_000
_LONGEST: Final = 150  # characters: longer ones are texts that nobody types
_WORTH: Final[Mapping[NameIs, float]] = {
    NameIs.LABEL: 10, NameIs.IDENTIFIER: 10, NameIs.COMMON: 10, NameIs.AS_WRITTEN: 10,
    NameIs.LONG: 9,
}  # fmt: skip
_OF_OTHERS: Final = 0.02  # worth of genes that are not human: most who ask mean human ones
_HALF_AS_MUCH_AGAIN: Final = 1.5


class _Use(NamedTuple):
    """How a name is written, what it is, and in how many figures it is used."""

    text: str
    said: NameIs
    figures: int


class NamesWriter:
    """Takes in figures, then entities, in the order of the dump.

    Args:
        db: Of the index.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._used: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._longer: set[str] = set()
        self._rows: list[tuple[object, ...]] = []
        for statement in _SCHEMA.strip().removesuffix(";").split(";\n"):
            db.execute(statement)

    def add_figure(self, number: int, facts: IndexedFigure) -> None:
        """Take in a figure and its words; as a node it is its number below zero."""
        for entity, word in facts.words:
            self._used[entity][word] += 1
        uses = [_Use(text, NameIs.IDENTIFIER, 0) for text in facts.identifiers]
        self._put(-number, uses, 1)

    def add_entity(self, number: int, facts: EntityFacts, figures: int) -> tuple[str, ...]:
        """Take in an entity that has a page.

        Args:
            number: In the index.
            facts: What was gathered.
            figures: In how many it is shown.

        Returns:
            Its names in one spelling; without ids, which are found whole or not at all.
        """
        used = self._used.pop(facts.iri, Counter())
        uses = [_Use(text, said, 0) for text, said in self._names(facts)]
        uses += (_Use(text, NameIs.WORD, count) for text, count in used.most_common())
        other = facts.kind is Kind.GENE and common_name(facts.organism) not in ("", HUMAN)
        self._put(number, uses, figures, _OF_OTHERS if other else 1)
        for use in uses:
            if use.said in (NameIs.LABEL, NameIs.COMMON, NameIs.LONG):
                words = folded(use.text).replace("-", " ").split()
                self._longer.update(w for w in words if len(w) >= _SHORTEST_WORD and w.isalpha())
        spelled = {key_of(use.text): use.text for use in reversed(uses)}
        if facts.kind is not Kind.PAPER:
            for use in uses:
                if use.said is NameIs.IDENTIFIER:
                    spelled.pop(key_of(use.text), None)
        return tuple(spelled.values())

    def add_identifiers(self, number: int, identifiers: Iterable[str], figures: int) -> None:
        """Take in ids in other databases, which stand behind all entities."""
        self._put(number, [_Use(each, NameIs.IDENTIFIER, 0) for each in identifiers], figures)

    def finish(self) -> None:
        """Write the words of names; nothing can be added any more."""
        self._flush()
        words = ((word,) for word in sorted(self._longer))
        self._db.executemany("INSERT INTO word VALUES (?)", words)
        self._db.execute(_OF_NODE)

    def _names(self, facts: EntityFacts) -> Iterator[tuple[str, NameIs]]:
        is_paper = facts.kind is Kind.PAPER
        identifiers = [text for text, said in facts.names if said is NameIs.IDENTIFIER]
        for text, said in facts.names:
            # A title is looked for in all words of papers.
            if not is_paper or said is NameIs.IDENTIFIER:
                yield text, said
        for text in identifiers:
            if local := text.partition(":")[2]:
                yield local, NameIs.IDENTIFIER
        if facts.kind is Kind.GENE:
            yield from names_of_gene(identifiers)
        elif facts.kind is Kind.ORGANISM:
            yield from names_of_organism(facts.name, identifiers)

    def _put(self, number: int, uses: Iterable[_Use], figures: int, worth: float = 1) -> None:
        by_key: defaultdict[str, list[_Use]] = defaultdict(list)
        for use in uses:
            if use.said is NameIs.IDENTIFIER:
                by_key[key_of_id(use.text)].append(use)
            elif len(use.text) <= _LONGEST:
                for key in keys_of(use.text):
                    by_key[key].append(use)
        self._rows += (_row(key, number, by_key[key], figures, worth) for key in by_key if key)
        if len(self._rows) > _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany(_INSERT, sorted(self._rows))
        self._rows.clear()


def _row(key: str, number: int, uses: list[_Use], figures: int, worth: float) -> tuple[object, ...]:
    """Return the row of a key: the first that it is, with the most used spelling."""
    own = uses[0]
    if len(uses) > 1:
        own = min(uses, key=lambda use: (use.said, -use.figures))
    used = sum([use.figures for use in uses])
    known = max([use.said for use in uses])
    # Of a family with one word the gene that is most shown is the likeliest.
    score = used * (1 + math.log10(figures + 1)) / 3
    if known > NameIs.WORD:
        score *= _HALF_AS_MUCH_AGAIN
    if own.said in _WORTH:
        score += _WORTH[own.said] * (figures + 1)
    elif not used:
        score = 0.4 * figures / (figures + 10)
    return key, number, score * worth, own.said, used, own.text.replace("\0", " ")
