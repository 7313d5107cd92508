"""What the pages of genes, chemicals, diseases and organisms show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pfocr_rdf.query.index import TIER_WORDS, UNTIERED, CountedRef, FigureItem, Index, ShownIn
from pfocr_rdf.rdf import PFOCR, SCHEMA, SKOS, Kind, NodeView, shown_name
from pfocr_rdf.web.pages.read_node import external_ids, ids_elsewhere, refs
from pfocr_rdf.web.pages.views import Count, EntityView, ExternalId, Paged

PAGE_SIZE: Final = 24
"""Figures on one page of an entity."""
PARTNERS: Final = 24
"""Genes shown beside one, in the table and in the picture."""
OTHERS: Final = 12
_BESIDE: Final = (
    (Kind.GENE, PARTNERS),
    (Kind.CHEMICAL, OTHERS),
    (Kind.DISEASE, OTHERS),
)


def entity_view(index: Index, kind: Kind, iri: str, page: int = 1) -> EntityView | None:
    """Return one page of an entity, or None when the release has no such entity or page."""
    number = index.entity_number(iri, kind)
    if number is None:
        return None
    first = _first_view(index, kind, number, PAGE_SIZE)
    if not 1 <= page <= first.figures.pages:
        return None
    return (
        first if page == 1 else replace(first, figures=_part(index, kind, number, page, PAGE_SIZE))
    )


def entity_views(index: Index, kind: Kind, number: int, size: int) -> Iterator[EntityView]:
    """Yield all pages of an entity; what they have in common is counted once.

    Args:
        index: Of the release.
        kind: Of the entity.
        number: Of the entity.
        size: Figures on one page.
    """
    first = _first_view(index, kind, number, size)
    yield first
    for page in range(2, first.figures.pages + 1):
        yield replace(first, figures=_part(index, kind, number, page, size))


def _first_view(index: Index, kind: Kind, number: int, size: int) -> EntityView:
    node, _ = index.content(number)
    entity, shown = NodeView(node), index.shown_in(number)
    genes, chemicals, diseases = _beside(index, kind, number, shown)
    years = Counter(map(index.years.__getitem__, shown.figures))
    tiers = Counter(shown.tiers) if _is_tiered(kind, shown) else {}
    return EntityView(
        kind=kind,
        iri=entity.iri,
        name=shown_name(
            entity.first(SCHEMA.name), entity.first(PFOCR.labelFromFigures), _first(entity)
        ),
        description=entity.first(SCHEMA.description),
        other_names=entity.all(SCHEMA.alternateName),
        identifiers=(
            *_identifiers(entity),
            *ids_elsewhere(entity, index.aligned(number), index.iris),
        ),
        organisms=refs(index, entity.all(SCHEMA.taxonomicRange), Kind.ORGANISM),
        groups=entity.all(PFOCR.taxonGroup),
        image_url=entity.first(SCHEMA.image),
        figures=_part(index, kind, number, 1, size),
        years=tuple(Count(str(year), years[year]) for year in sorted(years) if year),
        tiers=tuple(Count(TIER_WORDS[tier], tiers[tier]) for tier in sorted(tiers)),
        genes=genes,
        chemicals=chemicals,
        diseases=diseases,
        candidate_in=shown.candidate_in if kind is Kind.GENE else 0,
    )


def _is_tiered(kind: Kind, shown: ShownIn) -> bool:
    """Say whether any figure of a gene has a tier; those with the strictest come first."""
    return kind is Kind.GENE and TIER_WORDS[shown.tiers[0]] != UNTIERED if shown.tiers else False


def _part(index: Index, kind: Kind, number: int, page: int, size: int) -> Paged[FigureItem]:
    shown = index.shown_in(number)
    here = slice((page - 1) * size, page * size)
    figures, notes = shown.figures[here], None
    if _is_tiered(kind, shown):
        tiers = zip(figures, shown.tiers[here], strict=True)
        notes = {figure: TIER_WORDS[tier] for figure, tier in tiers}
    return Paged(index.items(figures, notes=notes), len(shown.figures), page, size)


def _beside(
    index: Index, kind: Kind, number: int, shown: ShownIn
) -> tuple[tuple[CountedRef, ...], ...]:
    """Return the genes, chemicals and diseases in most figures of an entity."""
    if kind is Kind.ORGANISM:
        return (), (), ()
    counts = index.count_mentioned(shown.figures)
    del counts[number]
    return tuple(index.most(counts, each, limit) for each, limit in _BESIDE)


def _identifiers(entity: NodeView) -> tuple[ExternalId, ...]:
    own = external_ids(entity.all(SCHEMA.identifier))
    known = {external.label.split()[-1].split(":")[-1] for external in own}
    # A close match whose number is among the identifiers says nothing new.
    matches = (*entity.all(SKOS.closeMatch), *entity.all(SKOS.exactMatch))
    return own + tuple(
        ExternalId(match, match)
        for match in matches
        if not any(match.endswith(ending) for ending in known)
    )


def _first(entity: NodeView) -> str:
    names = entity.all(SCHEMA.alternateName) or entity.all(SCHEMA.identifier)
    return names[0] if names else entity.iri
