"""What the pages of genes, chemicals, diseases and organisms show.

A page is of a tier: genes that were matched so count, the gene of the page too. It begins with
symbols and synonyms, as families put dozens of genes into a figure that it does not name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pfocr_rdf.query.index import (
    TIER_WORDS,
    UNTIERED,
    FigureItem,
    Index,
    ShownIn,
    beside,
    shown_within,
)
from pfocr_rdf.rdf import PFOCR, SCHEMA, SKOS, Kind, NodeView, Tier, shown_name
from pfocr_rdf.web.pages.read_node import external_ids, ids_elsewhere, refs
from pfocr_rdf.web.pages.views import Count, EntityView, ExternalId, Paged, TierChoice

PAGE_SIZE: Final = 24
"""Figures on one page of an entity."""
PARTNERS: Final = 24
"""Genes shown beside one, in the table and in the picture."""
OTHERS: Final = 12
BESIDE: Final = {Kind.GENE: PARTNERS, Kind.CHEMICAL: OTHERS, Kind.DISEASE: OTHERS}
"""How many of each kind are shown beside an entity."""


def entity_view(
    index: Index, kind: Kind, iri: str, page: int = 1, tier: Tier | None = None
) -> EntityView | None:
    """Return one page of an entity, or None when the release has no such entity or page.

    Args:
        index: Of the release.
        kind: Of the entity.
        iri: Of the entity.
        page: Of its figures, from 1.
        tier: In which genes count; None for the one that the page begins with.
    """
    number = index.entity_number(iri, kind)
    if number is None:
        return None
    wanted = tier or usual_tier(index, kind, number)
    first = _first_view(index, kind, number, PAGE_SIZE, wanted)
    if not 1 <= page <= first.figures.pages:
        return None
    return first if page == 1 else _on_page(index, number, first, page)


def entity_views(index: Index, kind: Kind, number: int, size: int) -> Iterator[EntityView]:
    """Yield all pages of an entity in all tiers that differ; what parts share is counted once.

    Args:
        index: Of the release.
        kind: Of the entity.
        number: Of the entity.
        size: Figures on one page.
    """
    first = _first_view(index, kind, number, size, usual_tier(index, kind, number))
    others = [each.tier for each in first.switch if each.key]
    for view in (first, *(_first_view(index, kind, number, size, each) for each in others)):
        yield view
        # The figures of what has no tier are the same in all.
        if view is first or kind is Kind.GENE:
            for page in range(2, view.figures.pages + 1):
                yield _on_page(index, number, view, page)


def usual_tier(index: Index, kind: Kind, number: int) -> Tier:
    """Return the tier that a page begins with: `synonyms`, or `all` where that has no figure."""
    is_wide = kind is Kind.GENE and not index.counted(Tier.SYNONYMS)[number]
    return Tier.ALL if is_wide else Tier.SYNONYMS


def _first_view(index: Index, kind: Kind, number: int, size: int, tier: Tier) -> EntityView:
    node, _ = index.content(number)
    entity, every = NodeView(node), index.shown_in(number)
    shown = shown_within(index, kind, number, tier)
    found = {} if kind is Kind.ORGANISM else beside(index, kind, number, tier, BESIDE)
    years = Counter(map(index.years.__getitem__, shown.figures))
    tiers = Counter(every.tiers) if _is_tiered(kind, every) else {}
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
        figures=_part(index, kind, shown, 1, size),
        years=tuple(Count(str(year), years[year]) for year in sorted(years) if year),
        tiers=tuple(Count(TIER_WORDS[tier], tiers[tier]) for tier in sorted(tiers)),
        genes=found.get(Kind.GENE, ()),
        chemicals=found.get(Kind.CHEMICAL, ()),
        diseases=found.get(Kind.DISEASE, ()),
        candidate_in=every.candidate_in if kind is Kind.GENE else 0,
        tier=tier,
        switch=_switch(index, kind, number),
        human=tuple(
            each.ref.label
            for each in found.get(Kind.GENE, ())
            if index.human and index.organisms[each.number] == index.human
        ),
    )


def _on_page(index: Index, number: int, first: EntityView, page: int) -> EntityView:
    shown = shown_within(index, first.kind, number, first.tier)
    return replace(first, figures=_part(index, first.kind, shown, page, first.figures.size))


def _switch(index: Index, kind: Kind, number: int) -> tuple[TierChoice, ...]:
    """Return the tiers in which a page can be had, () where they are all the same.

    Of a gene those in which it has other figures; of others all, as genes stand beside them.
    """
    if kind is Kind.ORGANISM or not index.figures_of[number]:
        return ()
    usual = usual_tier(index, kind, number)
    counts = {tier: index.counted(tier)[number] for tier in Tier}
    choices = tuple(
        TierChoice(tier, "" if tier is usual else tier.value, count)
        for tier, count in counts.items()
        if tier is usual or kind is not Kind.GENE or count not in {0, counts[usual]}
    )
    return choices if len(choices) > 1 else ()


def _is_tiered(kind: Kind, shown: ShownIn) -> bool:
    """Say whether any figure of a gene has a tier; those with the strictest come first."""
    return kind is Kind.GENE and TIER_WORDS[shown.tiers[0]] != UNTIERED if shown.tiers else False


def _part(index: Index, kind: Kind, shown: ShownIn, page: int, size: int) -> Paged[FigureItem]:
    here = slice((page - 1) * size, page * size)
    figures, notes = shown.figures[here], None
    if _is_tiered(kind, shown):
        tiers = zip(figures, shown.tiers[here], strict=True)
        notes = {figure: TIER_WORDS[tier] for figure, tier in tiers}
    return Paged(index.items(figures, notes=notes), len(shown.figures), page, size)


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
