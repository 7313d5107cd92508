"""What the page of a figure shows: what it says itself, and what the index knows of others."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, NamedTuple

from pfocr_rdf.query.index import Index, Neighbour, Ref, neighbours
from pfocr_rdf.rdf import OA, PFOCR, RDF, SCHEMA, FigureNodes, Kind, NodeView
from pfocr_rdf.web.pages.read_node import refs
from pfocr_rdf.web.pages.read_paper import in_order, read_paper
from pfocr_rdf.web.pages.views import FigureView, MentionView

_KINDS: Final = {
    PFOCR.GeneMention: "gene",
    PFOCR.ChemicalMention: "chemical",
    PFOCR.DiseaseMention: "disease",
    PFOCR.TermMention: "term",
}
_ORDER: Final = tuple(_KINDS.values())
_ENTITY: Final = {"chemical": Kind.CHEMICAL, "disease": Kind.DISEASE}


class Around(NamedTuple):
    """The figures that a figure's page shows, by number.

    Attributes:
        siblings: The others of its paper.
        alike: Those that share most genes with it.
    """

    siblings: list[int]
    alike: list[Neighbour]


def figures_around(index: Index, number: int) -> Around:
    """Return what figures the page of a figure shows."""
    paper = index.figure(number).paper
    of_paper = index.shown_in(paper).figures if paper else ()
    return Around([each for each in of_paper if each != number], neighbours(index, number))


def figure_view(index: Index, nodes: FigureNodes, around: Around) -> FigureView:
    """Return what the page of a figure shows.

    Args:
        index: Of the release.
        nodes: What the release says of the figure.
        around: The figures around it.
    """
    figure, concept = NodeView(nodes.figure), index.concept
    certain = frozenset(figure.all(PFOCR.mentionsUnambiguously))
    rows = (_row(NodeView(mention), index, certain) for mention in nodes.mentions)
    creator = figure.first(SCHEMA.creator)
    return FigureView(
        iri=figure.iri,
        figid=figure.first(SCHEMA.identifier),
        alias=figure.first(SCHEMA.alternateName),
        title=figure.first(SCHEMA.name),
        caption=figure.first(SCHEMA.description),
        url=figure.first(SCHEMA.url),
        image_url=figure.first(SCHEMA.contentUrl),
        source_url=figure.first(SCHEMA.sameAs),
        number=figure.first(PFOCR.figureNumber),
        figure_type=concept(figure.first(PFOCR.figureType)),
        score=figure.first(PFOCR.pathwayScore),
        rank=figure.first(PFOCR.pmcResultRank),
        license=figure.first(SCHEMA.license),
        creator=index.name(creator).label if creator else "",
        keywords=figure.all(SCHEMA.keywords),
        terms=tuple(sorted(index.name(term).label for term in figure.all(SCHEMA.about))),
        network_url=figure.first(PFOCR.ndexNetwork),
        pathway_urls=figure.all(PFOCR.wikiPathway),
        former_urls=figure.all(PFOCR.redirectsFrom),
        organisms=refs(index, figure.all(PFOCR.organism), Kind.ORGANISM),
        organisms_recognized=refs(index, figure.all(PFOCR.organismRecognized), Kind.ORGANISM),
        organisms_in_text=refs(index, figure.all(PFOCR.organismInText), Kind.ORGANISM),
        mentions=tuple(sorted(rows, key=_mention_order)),
        paper=read_paper(index, figure.first(SCHEMA.isPartOf)),
        siblings=in_order(
            item._replace(year="", paper="") for item in index.items(around.siblings)
        ),
        neighbours=index.items([each.figure for each in around.alike], genes=dict(around.alike)),
    )


def _row(mention: NodeView, index: Index, certain: Container[str]) -> MentionView:
    classes = mention.all(RDF.type)
    kind = next((word for cls, word in _KINDS.items() if cls in classes), "term")
    entity_kind = _ENTITY.get(kind, Kind.GENE)
    body, concept = mention.first(OA.hasBody), index.concept
    name = index.name(body)
    row = MentionView(
        iri=mention.iri,
        kind=kind,
        word=mention.first(PFOCR.recognizedText),
        matched=mention.first(PFOCR.matchedText),
        stated=mention.first(PFOCR.statedSymbol),
        entity=Ref(name.kind or entity_kind, body, name.label) if body else None,
        lexicon=concept(mention.first(PFOCR.lexicon)),
        tier=concept(mention.first(PFOCR.matchTier)),
        method=concept(mention.first(PFOCR.identifiedBy)),
        reason=concept(mention.first(PFOCR.unresolvedReason)),
        candidates=refs(index, mention.all(PFOCR.candidate), Kind.GENE),
        occurrences=int(mention.first(PFOCR.occurrences) or 1),
        readings=int(mention.first(PFOCR.readings) or 0),
        other_kinds=tuple(
            sorted(
                {iri.partition("#")[2].partition("-")[0] for iri in mention.all(PFOCR.alsoReadAs)},
                key=_ORDER.index,
            )
        ),
        doubts=(),
    )
    return row._replace(doubts=_doubts(row, is_certain=body in certain))


def _doubts(row: MentionView, *, is_certain: bool) -> tuple[str, ...]:
    """Return why a reading is uncertain, as the vocabulary says what is mentioned unambiguously.

    Args:
        row: The reading.
        is_certain: Whether the figure mentions its entity unambiguously, by this word or another.
    """
    also = f", also a {' and a '.join(row.other_kinds)}" if row.other_kinds else ""
    is_family = row.tier is not None and row.tier.iri == PFOCR.Family
    doubts = (
        ("nothing is named for certain", row.entity is None),
        (f"one of {row.readings} readings{also}", row.readings > 1),
        ("the word is a family's", is_family),
        ("another gene may be meant", row.entity is not None and bool(row.candidates)),
        ("only a keyword of the figure", row.entity is not None and not row.word),
    )
    found = tuple(doubt for doubt, holds in doubts if holds)
    return found or (() if is_certain else ("not of an organism of the figure",))


def _mention_order(row: MentionView) -> tuple[int, int, str, str, str]:
    label = row.entity.label if row.entity else row.stated or row.word
    return (
        _ORDER.index(row.kind),
        0 if row.entity else 1,
        row.word.casefold() or label.casefold(),
        label.casefold(),
        row.iri,
    )
