"""What each word of a figure is read as: how many different things, and of which kinds.

OCR gives a word, and PFOCR looks it up among genes of several species, chemicals and diseases, and
takes all that it finds. Which of them the figure means nobody has decided; that there are several
can be seen, and is said here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from pfocr_rdf.figures.link import Link
from pfocr_rdf.figures.model import Mention
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import IRI, PFOCR, XSD_INTEGER, Kind, Literal, PredicateObjects

FAMILY_SOURCES: Final = frozenset(("bioentities_symbol", "famplex_relations"))
"""Lexicons of families and complexes, which PFOCR expands to a row a member."""

_KINDS: Final = (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE)
_SHOWN: Final = 5

Thing = IRI | tuple[str, str, str]


class Read(NamedTuple):
    """A mention, its IRI, and what it was linked to; `body` is None without an entity."""

    mention: Mention
    link: Link
    iri: IRI
    body: IRI | None


class Readings:
    """The readings of the words of one figure, compared exactly but for blanks around them.

    Args:
        read: All mentions of the figure, in the order of their rows. Those without a recognised
            word are of no word.
    """

    def __init__(self, read: Iterable[Read]) -> None:
        self._things: dict[str, set[Thing]] = {}
        kinds: dict[str, Kind] = {}
        self._several: dict[str, dict[Kind, list[Read]]] = {}
        read = [each for each in read if each.mention.statement.word]
        for each in read:
            statement = each.mention.statement
            word = _compared(statement.word)
            self._things.setdefault(word, set()).add(_thing(each))
            if kinds.setdefault(word, statement.kind) is not statement.kind:
                self._several[word] = {}
        if self._several:
            for each in read:
                statement = each.mention.statement
                by_kind = self._several.get(_compared(statement.word))
                if by_kind is not None:
                    by_kind.setdefault(statement.kind, []).append(each)

    def count(self, word: str) -> int:
        """Return how many different things a word is read as; 0 of a word that is not there.

        An entity is one thing, and so is a family with the members that are stated for it in an
        organism. A word without an entity is a term: one thing for each symbol or match.
        """
        return len(self._things.get(_compared(word), ()))

    def properties(self, read: Read) -> tuple[PredicateObjects, ...]:
        """Return what a mention says of the readings of its word; nothing without a word."""
        kind, word, *_ = read.mention.statement
        if not word:
            return ()
        word = _compared(word)
        count = len(self._things[word])
        said = _COUNTS[count] if count < len(_COUNTS) else _said(count)
        if word not in self._several:
            return (said,)
        others = [
            other.iri
            for of_kind, mentions in self._several[word].items()
            if of_kind is not kind
            for other in mentions
        ]
        return said, (PFOCR.alsoReadAs, tuple(sorted(others)))

    def findings(self) -> Iterable[Finding]:
        """Yield a finding for each word that is read as things of several kinds."""
        for word, by_kind in self._several.items():
            # Kinds and mentions are in the order of the rows.
            first = next(iter(by_kind.values()))[0].mention
            detail = "; ".join(
                f"{kind} {_listed(by_kind[kind])}" for kind in _KINDS if kind in by_kind
            )
            yield Finding("word-of-several-kinds", first.file, first.field, word, detail)


def _compared(word: str) -> str:
    return word.strip() or word


def _thing(read: Read) -> Thing:
    statement = read.mention.statement
    if statement.source in FAMILY_SOURCES:
        return "family", statement.match, statement.organism
    if read.body is not None:
        return read.body
    return statement.kind, statement.symbol or statement.match, statement.organism


def _listed(mentions: Iterable[Read]) -> str:
    names = list(dict.fromkeys(map(_called, mentions)))
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return ", ".join((*names[:_SHOWN], *more))


def _called(read: Read) -> str:
    statement = read.mention.statement
    if read.link.gene:
        return read.link.gene.symbol
    if statement.accession:
        prefix = "CHEBI" if statement.kind is Kind.CHEMICAL else "DOID"
        return f"{prefix}:{statement.accession}"
    return statement.mesh_id or statement.symbol or statement.match or "without an identifier"


def _said(count: int) -> PredicateObjects:
    return PFOCR.readings, (Literal(str(count), XSD_INTEGER),)


_COUNTS: Final = tuple(map(_said, range(20)))
"""Made once: nearly all mentions say one of these."""
