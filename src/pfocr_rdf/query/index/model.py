"""What an index knows of figures and entities, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from pfocr_rdf.rdf import PFOCR, Kind

NO_KIND: Final = 255
"""Stands in the index where the place of a kind in `PAGED` does."""

TIERS: Final[Mapping[str, str]] = {
    PFOCR.mentionsBySymbol: "Symbol",
    PFOCR.mentionsBySynonym: "Synonym",
    PFOCR.mentionsByFamily: "Family",
}
UNTIERED: Final = "Keyword"
"""Figures whose gene was only among the keywords: they have no tier."""
TIER_WORDS: Final = (*TIERS.values(), UNTIERED)
"""By the number that stands for a tier in the index."""


class NameIs(IntEnum):
    """What a name is to what it names; of several the first is said."""

    LABEL = 0
    IDENTIFIER = 1
    COMMON = 2
    AS_WRITTEN = 3
    """A common name in this spelling alone: `cat`, but `CAT` is a gene."""
    LONG = 4
    WORD = 5
    """A word that figures use for it."""
    ALIAS = 6
    PREVIOUS = 7


class Name(NamedTuple):
    """What a node is called, and its kind when its class has pages."""

    label: str
    kind: Kind | None


class Ref(NamedTuple):
    """Something with a page: its kind, its IRI and what it is called."""

    kind: Kind
    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class CountedRef:
    """Something with a page, and in how many figures."""

    ref: Ref
    count: int


class Concept(NamedTuple):
    """A concept of the vocabulary: tier, lexicon, method, reason, figure type."""

    iri: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class CountedConcept:
    """A concept, and how many mentions say it."""

    concept: Concept
    count: int


class FigureItem(NamedTuple):
    """A figure in a list.

    Attributes:
        genes: How many it shares or shows, 0 where nothing is said.
        note: What else is said of it, "" for nothing.
        image: Address of its image, "" where unknown.
    """

    iri: str
    title: str
    number: str
    year: str
    paper: str
    genes: int = 0
    note: str = ""
    image: str = ""


class Numbers(NamedTuple):
    """Numbers of a release.

    Attributes:
        totals: By name: figures, mentions, papers, genes, chemicals, diseases, organisms,
            journals, triples.
        years: Figures per year of their paper, in the order of the years.
        top_genes: The 50 genes in most figures, by symbol or synonym.
        organisms: Figures per organism, curated or recognised, most first.
        tiers: Mentions per match tier, most first.
        methods: Mentions with a body, by how it was identified.
        reasons: Mentions without a body, by the reason.
    """

    totals: Mapping[str, int]
    years: Mapping[int, int]
    top_genes: tuple[CountedRef, ...]
    organisms: tuple[CountedRef, ...]
    tiers: tuple[CountedConcept, ...]
    methods: tuple[CountedConcept, ...]
    reasons: tuple[CountedConcept, ...]


def end_of(iri: str) -> str:
    """Return what follows the last `/` or `#`, to show for a node without a name."""
    end = iri.rstrip("/#")
    return end[max(end.rfind("/"), end.rfind("#")) + 1 :] or iri
