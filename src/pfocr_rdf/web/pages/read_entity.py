"""What the pages of genes, chemicals, diseases and organisms show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA, SKOS
from pfocr_rdf.web.pages import queries
from pfocr_rdf.web.pages.graph import Graph, node, number, text
from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.pages.read_node import (
    Node,
    external_ids,
    is_gene,
    read_figures,
    read_names,
    read_node,
    refs,
)
from pfocr_rdf.web.pages.views import (
    Count,
    CountedRef,
    EntityView,
    ExternalId,
    FigureItem,
    Paged,
    Ref,
)

PAGE_SIZE: Final = 24
"""Figures on one page of an entity."""
PARTNERS: Final = 24
"""Genes shown beside one, in the table and in the picture."""
SAMPLE: Final = 2000
"""Figures in which the neighbours of an entity are counted; more than nearly every one has."""
OTHERS: Final = 12
_MOST_SORTED: Final = 5000

TIERS: Final[Mapping[str, str]] = {
    PFOCR.mentionsBySymbol: "Symbol",
    PFOCR.mentionsBySynonym: "Synonym",
    PFOCR.mentionsByFamily: "Family",
}
UNTIERED: Final = "Keyword"
"""Figures whose gene was only among the keywords: they have no tier."""
_RANK: Final = {tier: at for at, tier in enumerate((*TIERS.values(), UNTIERED))}


def gene_view(graph: Graph, iri: str, page: int = 1) -> EntityView | None:
    """Return a gene, or None when the graph has no such gene or page."""
    return _entity(graph, iri, Kind.GENE, SCHEMA.Gene, page)


def chemical_view(graph: Graph, iri: str, page: int = 1) -> EntityView | None:
    """Return a chemical, or None when the graph has no such chemical or page."""
    return _entity(graph, iri, Kind.CHEMICAL, SCHEMA.ChemicalSubstance, page)


def disease_view(graph: Graph, iri: str, page: int = 1) -> EntityView | None:
    """Return a disease, or None when the graph has no such disease or page."""
    return _entity(graph, iri, Kind.DISEASE, SCHEMA.MedicalCondition, page)


def organism_view(graph: Graph, iri: str, page: int = 1) -> EntityView | None:
    """Return an organism, or None when the graph has no such organism or page."""
    return _entity(graph, iri, Kind.ORGANISM, SCHEMA.Taxon, page)


def _entity(graph: Graph, iri: str, kind: Kind, cls: IRI, page: int) -> EntityView | None:
    entity = read_node(graph, iri)
    if entity is None or not entity.is_a(cls):
        return None
    is_organism = kind is Kind.ORGANISM
    links = (PFOCR.organism, PFOCR.organismRecognized) if is_organism else (SCHEMA.mentions,)
    if page < 1:
        return None
    path = "|".join(str(node(link)) for link in links)
    total = _number(graph, queries.FIGURE_COUNT % path, iri)
    year_of: dict[str, str] = {}
    tier_of: dict[str, str] = {}
    if is_organism and total > _MOST_SORTED:
        # Of man are nine in ten figures: to sort them by year would take seconds.
        figures = _some_figures(graph, iri, path, total, page)
    else:
        year_of = _years_of_figures(graph, iri, path)
        tier_of = _tiers_of_figures(graph, iri) if kind is Kind.GENE else {}
        figures = _figures(graph, year_of, tier_of, page)
    if page > figures.pages:
        return None
    taxa = entity.all(SCHEMA.taxonomicRange)
    return shown_entity(
        entity,
        kind,
        refs(read_names(graph, taxa), taxa, Kind.ORGANISM),
        figures,
        year_of.values(),
        [tier_of.get(figure, UNTIERED) for figure in year_of] if tier_of else (),
        ((), (), ()) if is_organism else _beside(graph, iri),
        sampled=SAMPLE if total > SAMPLE and not is_organism else 0,
        candidate_in=_number(graph, queries.CANDIDATE_IN, iri) if kind is Kind.GENE else 0,
    )


def shown_entity(
    entity: Node,
    kind: Kind,
    organisms: tuple[Ref, ...],
    figures: Paged[FigureItem],
    years: Iterable[str],
    tiers: Iterable[str],
    beside: tuple[tuple[CountedRef, ...], tuple[CountedRef, ...], tuple[CountedRef, ...]],
    *,
    sampled: int,
    candidate_in: int,
) -> EntityView:
    """Return the view of an entity of which all is known.

    Args:
        entity: What is said of it.
        kind: What it is.
        organisms: It is of.
        figures: The shown part of its figures.
        years: Of all its figures, "" where unknown.
        tiers: Of all its figures, words of `TIERS` or `UNTIERED`; none when no figure has one.
        beside: The genes, chemicals and diseases in its figures.
        sampled: In how many of its figures those were counted, 0 for all.
        candidate_in: How many figures have a word that may mean it.
    """
    of_tier = Counter(tiers)
    genes, chemicals, diseases = beside
    return EntityView(
        kind=kind,
        iri=entity.iri,
        name=entity.one(SCHEMA.name) or _first(entity),
        description=entity.one(SCHEMA.description),
        other_names=entity.all(SCHEMA.alternateName),
        identifiers=_identifiers(entity),
        organisms=organisms,
        groups=entity.all(PFOCR.taxonGroup),
        image_url=entity.one(SCHEMA.image),
        figures=figures,
        years=_years(years),
        tiers=tuple(
            Count(tier, of_tier[tier]) for tier in (*TIERS.values(), UNTIERED) if tier in of_tier
        ),
        genes=genes,
        chemicals=chemicals,
        diseases=diseases,
        sampled=sampled,
        candidate_in=candidate_in,
    )


def read_partners(graph: Graph, iri: str, limit: int = PARTNERS) -> tuple[CountedRef, ...]:
    """Return the genes that share most figures with a gene, most first."""
    ranked = [(other, n) for other, n in _shared_figures(graph, iri) if is_gene(other)]
    return _counted(graph, ranked[:limit], Kind.GENE)


def figure_order(figure: str, year: str, tier: str) -> tuple[int, int, str]:
    """Return what sorts figures of an entity: the strictest tier first, in it the newest."""
    return _RANK[tier], -int(year) if year.isdecimal() else 0, figure


def _years_of_figures(graph: Graph, iri: str, path: str) -> dict[str, str]:
    found = graph.rows(queries.FIGURES_BY_YEAR % path, this=node(iri))
    return {text(row, "figure"): text(row, "year") for row in found}


def _some_figures(graph: Graph, iri: str, path: str, total: int, page: int) -> Paged[FigureItem]:
    asked = queries.SOME_FIGURES % (path, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    shown = [text(row, "figure") for row in graph.rows(asked, this=node(iri))]
    return Paged(read_figures(graph, shown), total, page, PAGE_SIZE)


def _tiers_of_figures(graph: Graph, iri: str) -> dict[str, str]:
    found = graph.rows(queries.TIER_OF_FIGURES, this=node(iri))
    return {text(row, "figure"): TIERS[text(row, "link")] for row in found}


def _figures(
    graph: Graph, year_of: Mapping[str, str], tier_of: Mapping[str, str], page: int
) -> Paged[FigureItem]:
    """One page of the figures: the strictest tier first, in it the newest first."""
    notes = {f: tier_of.get(f, UNTIERED) for f in year_of} if tier_of else {}
    ordered = sorted(year_of, key=lambda f: figure_order(f, year_of[f], notes.get(f, UNTIERED)))
    shown = ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE] if page > 0 else []
    items = read_figures(graph, shown, notes=notes)
    return Paged(items, len(ordered), page, PAGE_SIZE)


def _years(years: Iterable[str]) -> tuple[Count, ...]:
    counts = Counter(year for year in years if year)
    return tuple(Count(year, counts[year]) for year in sorted(counts))


def _shared_figures(graph: Graph, iri: str) -> list[tuple[str, int]]:
    found = graph.rows(queries.BESIDE % SAMPLE, this=node(iri))
    counts = [(text(row, "other"), number(row, "figures")) for row in found]
    return sorted(((o, n) for o, n in counts if o != iri), key=lambda c: (-c[1], c[0]))


def _beside(
    graph: Graph, iri: str
) -> tuple[tuple[CountedRef, ...], tuple[CountedRef, ...], tuple[CountedRef, ...]]:
    """The genes, chemicals and diseases in the figures of an entity."""
    ranked = _shared_figures(graph, iri)
    genes = [(other, n) for other, n in ranked if is_gene(other)][:PARTNERS]
    # Chemicals and diseases share namespaces (MeSH): their class tells, for enough of them.
    others = [(other, n) for other, n in ranked if not is_gene(other)][: OTHERS * 8]
    typed = _counted(graph, others, Kind.CHEMICAL)
    return (
        _counted(graph, genes, Kind.GENE),
        tuple(c for c in typed if c.ref.kind is Kind.CHEMICAL)[:OTHERS],
        tuple(c for c in typed if c.ref.kind is Kind.DISEASE)[:OTHERS],
    )


def _counted(graph: Graph, ranked: Iterable[tuple[str, int]], kind: Kind) -> tuple[CountedRef, ...]:
    counts = dict(ranked)
    names = read_names(graph, counts)
    return tuple(
        CountedRef(Ref(names[iri].kind or kind, iri, names[iri].label), n)
        for iri, n in counts.items()
    )


def _number(graph: Graph, query: str, iri: str) -> int:
    return sum(number(row, "figures") for row in graph.rows(query, this=node(iri)))


def _identifiers(entity: Node) -> tuple[ExternalId, ...]:
    own = external_ids(entity.all(SCHEMA.identifier))
    known = {external.label.split()[-1].split(":")[-1] for external in own}
    # A close match whose number is among the identifiers says nothing new.
    matches = (*entity.all(SKOS.closeMatch), *entity.all(SKOS.exactMatch))
    return own + tuple(
        ExternalId(match, match)
        for match in matches
        if not any(match.endswith(ending) for ending in known)
    )


def _first(entity: Node) -> str:
    names = entity.all(SCHEMA.alternateName) or entity.all(SCHEMA.identifier)
    return names[0] if names else entity.iri
