"""What is asked of an enrichment, and what it finds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pfocr_rdf.figures import HUMAN
from pfocr_rdf.query.enrichment.names import ListedName, NameState
from pfocr_rdf.query.index import Meaning, SetOf
from pfocr_rdf.rdf import Kind, Tier

ANY = "any"
"""Genes of all organisms, and of unknown ones."""


@dataclass(frozen=True, slots=True)
class EnrichmentOptions:
    """Which sets a list is compared with.

    Attributes:
        tier: How strictly a gene must be read in a figure to be in its set.
        organism: Whose genes count: a taxon id or a name; `ANY` for all.
        certain: Only what a figure mentions unambiguously.
        by: What a set is of.
    """

    tier: Tier = Tier.SYNONYMS
    organism: str = HUMAN
    certain: bool = False
    by: SetOf = SetOf.FIGURE


class Alike(NamedTuple):
    """Sets with the same numbers.

    Attributes:
        overlap: Members that are also in the list.
        size: All members, as far as they are in the universe.
        odds_ratio: Infinite where list or set has nothing that the other has not; NaN where it
            says nothing.
        p: Of so large an overlap, or a larger one, by chance.
        q: The false discovery rate.
        cosine: How alike list and set are, from 0 to 1.
        sets: Numbers of figures, or of papers, in no order.
    """

    overlap: int
    size: int
    odds_ratio: float
    p: float
    q: float
    cosine: float
    sets: tuple[int, ...]


class EnrichedSet(NamedTuple):
    """A set that shares something with the list, as it is told.

    Attributes:
        id: The figid, or the PMCID of a paper.
        iri: Of the figure or paper.
        title: Of it.
        year: Of the paper, "" where unknown.
        paper: Title of the paper.
        overlap: As in `Alike`, like the next five.
        size: Likewise.
        odds_ratio: Likewise.
        p: Likewise.
        q: Likewise.
        cosine: Likewise.
        shared: What it shares with the list, in the order of the list.
    """

    id: str
    iri: str
    title: str
    year: str
    paper: str
    overlap: int
    size: int
    odds_ratio: float
    p: float
    q: float
    cosine: float
    shared: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What became of a list.

    Attributes:
        options: What was asked.
        organism: What the organism is called, "" for any.
        kinds: Of what the universe is: genes, or also chemicals and diseases.
        names: What became of each name of the list.
        background: What became of each name of the background; empty without one.
        taken: What the list is taken for, each once, as far as it is in the universe.
        universe: How many genes (chemicals, diseases) there are to draw from.
        tested: How many sets there are, with one member in the universe or more.
        found: The sets that share something with the list, the least p first.
    """

    options: EnrichmentOptions
    organism: str
    kinds: tuple[Kind, ...]
    names: tuple[ListedName, ...]
    background: tuple[ListedName, ...]
    taken: tuple[Meaning, ...]
    universe: int
    tested: int
    found: tuple[Alike, ...]

    @property
    def overlapping(self) -> int:
        """How many sets share something with the list."""
        return sum(len(each.sets) for each in self.found)

    def of_state(self, state: NameState) -> tuple[ListedName, ...]:
        """Return the names of the list of which one thing became."""
        return tuple(each for each in self.names if each.state is state)
