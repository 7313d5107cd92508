"""KGX: the figures as a Biolink knowledge graph, one JSON object a node or an edge.

An edge is what a figure says, and no more: that it mentions a gene, chemical, disease or
organism, and which paper it is part of. Nothing is said of how two genes of a figure relate.

Source: KGX format, https://biolink.github.io/kgx/kgx_format.html; Biolink Model 4.4
"""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

import orjson

from pfocr_rdf.exporting.forms.curies import Curies
from pfocr_rdf.exporting.forms.facts import (
    AlignedEntity,
    FigureFacts,
    MentionFacts,
    local_name,
)
from pfocr_rdf.exporting.forms.lines import NDJSON, LineFile
from pfocr_rdf.rdf import (
    ALIGNMENT_PROPERTIES,
    IRI,
    MAPPING_PREDICATES,
    PFOCR,
    SCHEMA,
    SKOS,
    IriStyle,
    Kind,
    Node,
    NodeView,
    classes_of,
    kind_of,
    shown_name,
)

FILES: Final = (
    LineFile("pfocr_nodes.jsonl", NDJSON),
    LineFile("pfocr_edges.jsonl", NDJSON),
)
SOURCE: Final = "infores:pfocr"
"""PFOCR in Biolink's registry of information resources."""

_CATEGORIES: Final = {
    Kind.GENE: "biolink:Gene",
    Kind.CHEMICAL: "biolink:ChemicalEntity",
    Kind.DISEASE: "biolink:Disease",
    Kind.PAPER: "biolink:Publication",
    Kind.ORGANISM: "biolink:OrganismTaxon",
}
_MENTIONED: Final = ("gene", "chemical", "disease")
_ORGANISMS: Final = (
    (PFOCR.organism, "pfocr:organism", "automated_agent"),
    (PFOCR.organismRecognized, "pfocr:organismRecognized", "text_mining_agent"),
    (PFOCR.organismInText, "pfocr:organismInText", "text_mining_agent"),
)
_SAME: Final = (SKOS.exactMatch, SKOS.closeMatch, SCHEMA.sameAs)
_OF_IT: Final = tuple(
    each for each in ALIGNMENT_PROPERTIES if each not in (PFOCR.ortholog, *MAPPING_PREDICATES[2:])
)
"""An ortholog is another gene, and what a user maps as wider, narrower or related another thing:
tools that merge what `xref` joins would make one of the two."""
_FIGURE_TYPE: Final = "dctypes:StillImage"
_PAPER_TYPE: Final = "fabio:JournalArticle"
_MENTIONS: Final = "biolink:InformationContentEntityToNamedThingAssociation"


class KgxMaker:
    """Makes nodes and edges.

    Args:
        style: Of the release's IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        self._curie = Curies(style).of

    def figures(self, figures: Sequence[FigureFacts]) -> tuple[bytes, bytes]:
        """Return a node for each figure, and its edges."""
        return (
            _lines(self._figure(figure) for figure in figures),
            _lines(edge for figure in figures for edge in self._edges(figure)),
        )

    def entities(self, entities: Sequence[AlignedEntity]) -> tuple[bytes, bytes]:
        """Return a node for each entity that Biolink has a class and a CURIE for."""
        return _lines(
            node for entity in entities if (node := self._entity(entity.node, entity.aligned))
        ), b""

    def _figure(self, figure: FigureFacts) -> dict[str, object]:
        said = figure.said
        return _without_empty(
            id=f"PFOCR:{figure.figid}",
            category=["biolink:Publication"],
            name=figure.title,
            description=said.first(SCHEMA.description),
            iri=figure.iri,
            synonym=[figure.alias] if figure.alias else [],
            publication_type=[_FIGURE_TYPE],
            keywords=said.all(SCHEMA.keywords),
            license=said.first(SCHEMA.license),
            xref=self._curies(said.all(PFOCR.wikiPathway)),
            provided_by=[SOURCE],
        )

    def _entity(self, entity: Node, aligned: Node | None) -> dict[str, object] | None:
        kind = kind_of(classes_of(entity))
        category = _CATEGORIES.get(kind) if kind else None
        id_ = self._curie(entity.subject)
        if category is None or not id_:
            return None
        said, elsewhere = NodeView(entity), NodeView(aligned or Node(entity.subject, ()))
        name = said.first(SCHEMA.name)
        record = _without_empty(
            id=id_,
            category=[category],
            name=shown_name(name, said.first(PFOCR.labelFromFigures), ""),
            iri=entity.subject,
            synonym=said.all(SCHEMA.alternateName),
            xref=self._curies([*_all(said, _SAME), *_all(elsewhere, _OF_IT)]),
            provided_by=[SOURCE],
        )
        if kind is Kind.GENE:
            record |= _without_empty(
                symbol=name,
                full_name=said.first(SCHEMA.description),
                taxon=self._curie(said.first(SCHEMA.taxonomicRange)),
            )
        elif kind is Kind.PAPER:
            record["publication_type"] = [_PAPER_TYPE]
            record |= _without_empty(keywords=said.all(SCHEMA.keywords))
        return record

    def _edges(self, figure: FigureFacts) -> Iterator[dict[str, object]]:
        subject = f"PFOCR:{figure.figid}"
        paper = self._curie(figure.paper)
        yield _edge(
            subject,
            "biolink:part_of",
            paper,
            "biolink:Association",
            "knowledge_assertion",
            "automated_agent",
        )
        unambiguous = set(figure.said.all(PFOCR.mentionsUnambiguously))
        about: dict[str, list[MentionFacts]] = {}
        for mention in figure.mentions:
            if mention.entity and mention.kind in _MENTIONED:
                about.setdefault(self._curie(mention.entity), []).append(mention)
        for entity in sorted(about):
            mentions = about[entity]
            edge = _edge(
                subject,
                "biolink:mentions",
                entity,
                _MENTIONS,
                "not_provided",
                "image_processing_agent",
            )
            yield edge | _without_empty(
                publications=[paper],
                qualifiers=_qualifiers(mentions, unambiguous),
                supporting_text=sorted({each.word for each in mentions if each.word}),
                evidence_count=sum(each.occurrences for each in mentions),
            )
        yield from self._organisms(figure, subject, paper)

    def _organisms(
        self, figure: FigureFacts, subject: str, paper: str
    ) -> Iterator[dict[str, object]]:
        found: dict[str, tuple[str, list[str]]] = {}
        for predicate, qualifier, agent in _ORGANISMS:
            for iri in figure.said.all(predicate):
                if curie := self._curie(iri):
                    found.setdefault(curie, (agent, []))[1].append(qualifier)
        for curie, (agent, qualifiers) in sorted(found.items()):
            edge = _edge(subject, "biolink:mentions", curie, _MENTIONS, "not_provided", agent)
            yield edge | {"publications": [paper], "qualifiers": qualifiers}

    def _curies(self, iris: Iterable[str]) -> list[str]:
        return [curie for iri in iris if (curie := self._curie(iri))]


def _all(said: NodeView, predicates: Iterable[IRI]) -> Iterator[str]:
    for predicate in predicates:
        yield from said.all(predicate)


def _edge(
    subject: str, predicate: str, object_: str, category: str, level: str, agent: str
) -> dict[str, object]:
    return {
        # There is one edge for each pair of nodes and predicate.
        "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{subject} {predicate} {object_}").urn,
        "category": [category],
        "subject": subject,
        "predicate": predicate,
        "object": object_,
        "primary_knowledge_source": SOURCE,
        "knowledge_level": level,
        "agent_type": agent,
    }


def _qualifiers(mentions: Sequence[MentionFacts], unambiguous: Container[str]) -> list[str]:
    """Return tiers and lexicons as CURIEs, the strictest first, then what else a word is read as.

    The number of readings is that of the word that is read as fewest things.
    """
    found: dict[str, None] = {}
    for mention in sorted(mentions, key=lambda each: (each.rank, each.lexicon)):
        for concept in (mention.tier, mention.lexicon):
            if concept:
                found[_concept(concept)] = None
    if readings := [mention.readings for mention in mentions if mention.readings]:
        found[f"pfocr:readings={min(readings)}"] = None
    if any(mention.also_read_as for mention in mentions):
        found["pfocr:alsoReadAs"] = None
    if mentions[0].entity in unambiguous:
        found["pfocr:mentionsUnambiguously"] = None
    return list(found)


def _concept(iri: str) -> str:
    return f"pfocr:{local_name(iri)}" if iri.startswith(PFOCR.base) else iri


def _without_empty(**values: object) -> dict[str, object]:
    return {key: value for key, value in values.items() if value}


def _lines(records: Iterable[dict[str, object]]) -> bytes:
    return b"".join([orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records])
