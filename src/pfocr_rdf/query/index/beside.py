"""Who stands beside an entity in its figures, the most specific first.

Popular genes stand beside everything. So of those that share most figures, the ones come first
that share the larger part of theirs: by the cosine, shared figures over the geometric mean of
both numbers of figures. The shipped questions count and rank in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from pfocr_rdf.query.index.model import Ref
from pfocr_rdf.query.index.read import Index, ShownIn
from pfocr_rdf.rdf import Kind, Tier

CANDIDATES: Final = 200
"""So many that share most figures are compared: two figures of two say less than 300 of 400."""


class Beside(NamedTuple):
    """An entity beside another one.

    Attributes:
        ref: Which it is.
        shared: Figures that both share.
        figures: Of this one.
        cosine: Of both, from 0 to 1, to three digits.
        number: Of the entity in the index.
    """

    ref: Ref
    shared: int
    figures: int
    cosine: float
    number: int


def shown_within(index: Index, kind: Kind, entity: int, tier: Tier) -> ShownIn:
    """Return the figures of an entity, of a gene within a tier."""
    shown = index.shown_in(entity)
    return shown.within(tier) if kind is Kind.GENE else shown


def beside(
    index: Index, kind: Kind, entity: int, tier: Tier, limits: Mapping[Kind, int | None]
) -> dict[Kind, tuple[Beside, ...]]:
    """Return the most specific genes, chemicals and diseases in the figures of an entity.

    Args:
        index: Of the release.
        kind: Of the entity.
        entity: Its number.
        tier: In which genes count, also the entity where it is one.
        limits: How many of each kind at most; None for all that are compared.
    """
    figures = shown_within(index, kind, entity, tier).figures
    genes = index.count_within(figures, tier)
    others = genes if tier is Tier.ALL else index.count_untiered(figures)
    genes.pop(entity, None)
    others.pop(entity, None)
    return {
        each: _ranked(index, genes if each is Kind.GENE else others, each, tier, len(figures))[
            :most
        ]
        for each, most in limits.items()
    }


def cosine(shared: int, one: int, other: int) -> float:
    """Return how alike two sets are, from 0 to 1, to three digits.

    Args:
        shared: Members of both.
        one: Members of the first.
        other: Members of the second.

    Example:
        >>> cosine(2, 2, 8), cosine(1, 3, 3)
        (0.5, 0.333)
    """
    return math.floor(1000 * shared / math.sqrt(one * other) + 0.5) / 1000


def _ranked(
    index: Index, counts: Mapping[int, int], kind: Kind, tier: Tier, own: int
) -> tuple[Beside, ...]:
    of_each = index.counted(tier)
    found = [
        Beside(ref, count, of_each[entity], cosine(count, own, of_each[entity]), entity)
        for entity, ref, count in index.top(counts, kind, CANDIDATES)
    ]
    found.sort(key=lambda each: (-each.cosine, -each.shared, each.ref.label, each.ref.iri))
    return tuple(found)
