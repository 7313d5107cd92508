"""Lists of all figures, genes and other entities of a release: filtered, by count or A to Z.

Without a filter of figures a list is a sort of columns. With one, the figures that are left are
marked, and those of each entity counted among them; some tenths of a second for a full release.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import compress
from operator import and_
from typing import NamedTuple

from pfocr_rdf.query.index.columns import Alphabet
from pfocr_rdf.query.index.read import Index
from pfocr_rdf.query.index.set_sizes import (
    ALL_ORGANISMS,
    LISTED,
    Scope,
    SetOf,
)
from pfocr_rdf.rdf import Kind, Tier


class ListOrder(StrEnum):
    """In which order a list is."""

    COUNT = "count"
    ALPHABET = "a-z"
    NEWEST = "newest"


class ListFilter(NamedTuple):
    """What is in a list.

    Attributes:
        kind: What is listed.
        tier: In which genes count.
        certain: Only what is mentioned unambiguously counts.
        year: Of figures that count, 0 for all.
        organism: By its number: of genes, and of the figures that count; 0 for all.
        journals: By their numbers: of the figures that count; all where there is none.
        mentioned: Of a list of figures: what is counted in them.
    """

    kind: Kind
    tier: Tier = Tier.SYNONYMS
    certain: bool = False
    year: int = 0
    organism: int = ALL_ORGANISMS
    journals: tuple[int, ...] = ()
    mentioned: Kind | None = None


class EntityList(NamedTuple):
    """A list, not yet in an order.

    Attributes:
        counts: Of figures or entities by number; only of those that are in it.
        alphabet: Their order A to Z.
    """

    counts: dict[int, int]
    alphabet: Alphabet


def listing(index: Index, asked: ListFilter) -> EntityList:
    """Return what is in a list, each with the number that it is sorted by.

    That is of a figure how many genes it shows, or entities of the kind asked for, and of an
    entity in how many figures it is.
    """
    marked = _marked(index, asked)
    if asked.kind is Kind.FIGURE:
        return EntityList(_figures(index, asked, marked), index.figures_a_to_z)
    return EntityList(_entities(index, asked, marked), index.entities_a_to_z)


def in_order(index: Index, found: EntityList, kind: Kind, order: ListOrder) -> array[int]:
    """Return the numbers of a list in an order; equal ones from A to Z.

    Args:
        index: Of the release.
        found: The list.
        kind: What is listed; only figures and papers are known to be new.
        order: The order.
    """
    places = found.alphabet.places
    numbers = sorted(found.counts, key=places.__getitem__)
    if order is ListOrder.COUNT:
        numbers.sort(key=found.counts.__getitem__, reverse=True)
    elif order is ListOrder.NEWEST:
        years: Mapping[int, int] | Sequence[int] = (
            index.years if kind is Kind.FIGURE else index.years_of_papers
        )
        numbers.sort(key=years.__getitem__, reverse=True)
    return array("I", numbers)


def _marked(index: Index, asked: ListFilter) -> bytearray | None:
    """Return 1 for each figure that counts, by number; None where all count."""
    of_figures = asked.organism if asked.kind is not Kind.GENE else ALL_ORGANISMS
    if not (asked.year or of_figures or asked.journals):
        return None
    marked = bytearray(b"\1") * len(index.years)
    marked[0] = 0
    if asked.year:
        marked = bytearray(map(and_, marked, (year == asked.year for year in index.years)))
    if of_figures:
        shown = set(index.shown_in(of_figures).figures)
        marked = bytearray(map(and_, marked, (each in shown for each in range(len(marked)))))
    if asked.journals:
        marked = bytearray(map(and_, marked, _in_journals(index, asked.journals)))
    return marked


def _in_journals(index: Index, journals: Collection[int]) -> Iterable[bool]:
    return (index.journals[paper] in journals for paper in index.papers)


def _figures(index: Index, asked: ListFilter, marked: bytearray | None) -> dict[int, int]:
    kinds = (asked.mentioned or Kind.GENE,)
    scope = Scope(asked.tier, ALL_ORGANISMS, asked.certain, SetOf.FIGURE, kinds)
    sizes = index.sizes(scope).of_set
    numbers: Iterable[int] = range(1, len(index.years))
    if marked is not None:
        numbers = compress(range(len(marked)), marked)
    # An array ends with the last figure that has any.
    last = len(sizes) if isinstance(sizes, array) else len(index.years)
    found = {each: sizes[each] if each < last else 0 for each in numbers}
    if asked.mentioned or asked.certain:
        return {each: count for each, count in found.items() if count}
    return found


def _entities(index: Index, asked: ListFilter, marked: bytearray | None) -> dict[int, int]:
    is_gene, is_all = asked.kind is Kind.GENE, asked.tier is Tier.ALL
    certain = asked.certain and asked.kind in LISTED
    if asked.kind is Kind.PAPER and marked is not None:
        counts = Counter(compress(index.papers, marked))
        return {each: count for each, count in counts.items() if each}
    numbers: Iterable[int] = index.numbers_of(asked.kind)
    if is_gene and asked.organism:
        numbers = (each for each in numbers if index.organisms[each] == asked.organism)
    if marked is None:
        column = index.counted(asked.tier, certain=certain)
        found = {each: column[each] for each in numbers}
        if certain or (is_gene and not is_all):
            return {each: count for each, count in found.items() if count}
        return found
    counted = {each: _count_marked(index, each, asked, marked, certain=certain) for each in numbers}
    return {each: count for each, count in counted.items() if count}


def _count_marked(
    index: Index, entity: int, asked: ListFilter, marked: bytearray, *, certain: bool
) -> int:
    if not index.figures_of[entity]:
        return 0
    shown = index.shown_once(entity)
    if asked.kind is Kind.GENE:
        shown = shown.within(asked.tier)
    figures: Iterable[int] = compress(shown.figures, shown.certain) if certain else shown.figures
    return sum(map(marked.__getitem__, figures))
