"""Finds the figures that share most genes with one, without counting all that share any.

A gene that stands in a tenth of all figures says little of who is like whom, and to count its
figures for each of them takes most of the time. So candidates are looked for by the rarest
genes of a figure, until so many figures have been counted; what a candidate shares is then
counted over all genes. Figures of few or rare genes, most of them, thus get exact answers.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

from pfocr_rdf.query.index.read import Index
from pfocr_rdf.rdf import Kind

NEIGHBOURS: Final = 8
"""How many figures with the same genes are shown."""
COUNTED: Final = 6000
"""Figures of single genes that are counted at most for one figure, the rarest gene's apart."""
_CANDIDATES: Final = 40


class Neighbour(NamedTuple):
    """A figure by its number, and how many genes it shares."""

    figure: int
    genes: int


def neighbours(index: Index, figure: int, limit: int = NEIGHBOURS) -> list[Neighbour]:
    """Return the figures that share most genes with one, most first, then in order of IRIs."""
    genes = [each for each in index.mentioned(figure) if index.kind(each) is Kind.GENE]
    figures_of, ranks = index.figures_of, index.ranks
    genes.sort(key=figures_of.__getitem__)
    shared: Counter[int] = Counter()
    counted = 0
    for gene in genes:
        counted += figures_of[gene]
        if counted > COUNTED and len(shared) > 1:  # it finds itself first
            break
        shared.update(index.shown_in(gene).figures)
    shared.pop(figure, None)
    if not shared:
        return []
    own = set(genes)
    least = sorted(shared.values(), reverse=True)[:_CANDIDATES][-1]
    candidates = [each for each, count in shared.items() if count >= least]
    if len(candidates) > _CANDIDATES:
        candidates.sort(key=lambda each: (-shared[each], ranks[each]))
        del candidates[_CANDIDATES:]
    found = [Neighbour(each, len(own.intersection(index.mentioned(each)))) for each in candidates]
    found.sort(key=lambda each: (-each.genes, ranks[each.figure]))
    return found[:limit]
