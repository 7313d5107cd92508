"""What the page of a figure shows: about ten selective queries, whatever the release's size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from pfocr_rdf.rdf.vocabulary import OA, PFOCR, RDF, SCHEMA
from pfocr_rdf.web.pages import queries
from pfocr_rdf.web.pages.graph import Graph, node, text
from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.pages.read_node import (
    Name,
    Node,
    is_gene,
    read_concept,
    read_concepts,
    read_figures,
    read_names,
    read_node,
    refs,
    values,
)
from pfocr_rdf.web.pages.read_paper import read_paper, read_siblings
from pfocr_rdf.web.pages.views import Concept, FigureItem, FigureView, MentionRow, PaperView, Ref

NEIGHBOURS: Final = 8
"""How many figures with the same genes are shown."""
_CANDIDATES: Final = 40
_ASKED_GENES: Final = 60

_KINDS: Final = {
    PFOCR.GeneMention: "gene",
    PFOCR.ChemicalMention: "chemical",
    PFOCR.DiseaseMention: "disease",
    PFOCR.TermMention: "term",
}
_ORDER: Final = tuple(_KINDS.values())
_ENTITY: Final = {"chemical": Kind.CHEMICAL, "disease": Kind.DISEASE}


def figure_view(graph: Graph, iri: str) -> FigureView | None:
    """Return a figure, or None when the graph has no such figure."""
    figure = read_node(graph, iri)
    if figure is None or not figure.is_a(PFOCR.PathwayFigure):
        return None
    mentions = list(_mention_nodes(graph, iri))
    concepts = read_concepts(graph)
    article = figure.one(SCHEMA.isPartOf)
    return shown_figure(
        figure,
        mentions,
        read_names(graph, named_by(figure, mentions)),
        lambda concept: read_concept(graph, concepts, concept),
        paper=read_paper(graph, article) if article else None,
        siblings=read_siblings(graph, article, iri) if article else (),
        neighbours=read_neighbours(graph, iri, figure.all(SCHEMA.mentions)),
    )


def shown_figure(
    figure: Node,
    mentions: Iterable[Node],
    names: Mapping[str, Name],
    concept: Callable[[str], Concept | None],
    *,
    paper: PaperView | None,
    siblings: tuple[FigureItem, ...],
    neighbours: tuple[FigureItem, ...],
) -> FigureView:
    """Return the view of a figure of which all is known.

    Args:
        figure: What is said of it.
        mentions: Its mentions.
        names: Of all that `named_by` yields.
        concept: From an IRI, "" too, to a tier, lexicon, method, reason or type.
        paper: It stands in.
        siblings: Other figures of the paper.
        neighbours: Figures that share most genes with it.
    """
    organisms = figure.all(PFOCR.organism)
    recognized = figure.all(PFOCR.organismRecognized)
    return FigureView(
        iri=figure.iri,
        figid=figure.one(SCHEMA.identifier),
        alias=figure.one(SCHEMA.alternateName),
        title=figure.one(SCHEMA.name),
        caption=figure.one(SCHEMA.description),
        url=figure.one(SCHEMA.url),
        image_url=figure.one(SCHEMA.contentUrl),
        source_url=figure.one(SCHEMA.sameAs),
        number=figure.one(PFOCR.figureNumber),
        figure_type=concept(figure.one(PFOCR.figureType)),
        score=figure.one(PFOCR.pathwayScore),
        rank=figure.one(PFOCR.pmcResultRank),
        license=figure.one(SCHEMA.license),
        creator=_label(names, figure.one(SCHEMA.creator)),
        keywords=figure.all(SCHEMA.keywords),
        terms=tuple(sorted(names[term].label for term in figure.all(SCHEMA.about))),
        network_url=figure.one(PFOCR.ndexNetwork),
        pathway_url=figure.one(PFOCR.wikiPathway),
        former_url=figure.one(PFOCR.redirectsFrom),
        organisms=refs(names, organisms, Kind.ORGANISM),
        organisms_recognized=refs(names, recognized, Kind.ORGANISM),
        mentions=tuple(sorted((_row(m, names, concept) for m in mentions), key=_mention_order)),
        paper=paper,
        siblings=siblings,
        neighbours=neighbours,
    )


def read_neighbours(graph: Graph, iri: str, entities: Iterable[str]) -> tuple[FigureItem, ...]:
    """Return the figures that share most genes with one, most first.

    A figure of hundreds of genes is looked for by some of them, evenly chosen; what the found
    figures share is then counted over all.
    """
    genes = sorted(entity for entity in entities if is_gene(entity))
    if not genes:
        return ()
    every = -(-len(genes) // _ASKED_GENES)
    rows = graph.rows(queries.SHARED % (values(genes[::every]), _CANDIDATES))
    candidates = [text(row, "figure") for row in rows if text(row, "figure") != iri]
    mentioned = graph.rows(queries.MENTIONED % values(candidates)) if candidates else []
    own = set(genes)
    shared = Counter(text(row, "figure") for row in mentioned if text(row, "gene") in own)
    best = sorted(shared, key=lambda figure: (-shared[figure], figure))[:NEIGHBOURS]
    return read_figures(graph, best, genes=shared)


def _mention_nodes(graph: Graph, iri: str) -> Iterator[Node]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in graph.rows(queries.MENTIONS, this=node(iri)):
        properties = found.setdefault(text(row, "mention"), {})
        properties.setdefault(text(row, "property"), []).append(text(row, "value"))
    for mention, properties in found.items():
        yield Node(mention, properties)


def named_by(figure: Node, mentions: Iterable[Node]) -> Iterator[str]:
    """Yield the IRIs that a figure's page calls by their names."""
    for predicate in (PFOCR.organism, PFOCR.organismRecognized, SCHEMA.about, SCHEMA.creator):
        yield from figure.all(predicate)
    for mention in mentions:
        yield from mention.all(OA.hasBody)
        yield from mention.all(PFOCR.candidate)


def _row(
    mention: Node, names: Mapping[str, Name], concept: Callable[[str], Concept | None]
) -> MentionRow:
    classes = mention.all(RDF.type)
    kind = next((word for cls, word in _KINDS.items() if cls in classes), "term")
    entity_kind = _ENTITY.get(kind, Kind.GENE)
    body = mention.one(OA.hasBody)
    return MentionRow(
        iri=mention.iri,
        kind=kind,
        word=mention.one(PFOCR.recognizedText),
        matched=mention.one(PFOCR.matchedText),
        stated=mention.one(PFOCR.statedSymbol),
        entity=Ref(names[body].kind or entity_kind, body, names[body].label) if body else None,
        lexicon=concept(mention.one(PFOCR.lexicon)),
        tier=concept(mention.one(PFOCR.matchTier)),
        method=concept(mention.one(PFOCR.identifiedBy)),
        reason=concept(mention.one(PFOCR.unresolvedReason)),
        candidates=refs(names, mention.all(PFOCR.candidate), Kind.GENE),
        occurrences=int(mention.one(PFOCR.occurrences) or 1),
    )


def _mention_order(row: MentionRow) -> tuple[int, int, str, str, str]:
    label = row.entity.label if row.entity else row.stated or row.word
    return (
        _ORDER.index(row.kind),
        0 if row.entity else 1,
        label.casefold(),
        row.word.casefold(),
        row.iri,
    )


def _label(names: Mapping[str, Name], iri: str) -> str:
    return names[iri].label if iri else ""
