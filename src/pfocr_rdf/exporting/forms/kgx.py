"""KGX: the figures as a Biolink knowledge graph, one JSON object a node or an edge.

An edge is what a figure says, and no more: that it mentions a gene, chemical, disease or
organism, and which paper it is part of. Nothing is said of how two genes of a figure relate.

Ids are CURIEs which the prefix map beside the files expands to the IRIs of the graph: that of a
figure ends in `.html`, as its IRI does. What Biolink has no slot for are attributes of an edge,
terms of our vocabulary.

Source: KGX format, https://biolink.github.io/kgx/kgx_format.html; Biolink Model 4.4
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import orjson

from pfocr_rdf.exporting.forms.curies import Curies
from pfocr_rdf.exporting.forms.facts import (
    AlignedEntity,
    FigureFacts,
    MentionFacts,
    local_name,
)
from pfocr_rdf.exporting.forms.lines import NDJSON, LineFile, LinesWriter
from pfocr_rdf.rdf import (
    ALIGNMENT_PROPERTIES,
    FIGURES,
    IRI,
    MAPPING_PREDICATES,
    PFOCR,
    SCHEMA,
    SITE,
    SKOS,
    IriStyle,
    Kind,
    Node,
    NodeView,
    classes_of,
    kind_of,
    shown_name,
)
from pfocr_rdf.release import Compression, WrittenFile, write_whole
from pfocr_rdf.release.description import CC0

FILES: Final = (
    LineFile("pfocr_nodes.jsonl", NDJSON),
    LineFile("pfocr_edges.jsonl", NDJSON),
)
PREFIX_FILE: Final = "pfocr_prefix_map.json"
METADATA_FILE: Final = "pfocr_kgx_metadata.json"
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
    (PFOCR.organism, "pfocrvocab:organism", "automated_agent"),
    (PFOCR.organismRecognized, "pfocrvocab:organismRecognized", "text_mining_agent"),
    (PFOCR.organismInText, "pfocrvocab:organismInText", "text_mining_agent"),
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
            id=_figure_id(figure),
            category=["biolink:Publication"],
            name=figure.title or figure.figid,
            description=said.first(SCHEMA.description),
            iri=figure.iri,
            synonym=[name for name in (figure.figid, figure.alias) if name],
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
            name=shown_name(name, said.first(PFOCR.labelFromFigures), id_),
            iri=entity.subject,
            synonym=said.all(SCHEMA.alternateName),
            xref=[
                *self._curies([*_all(said, _SAME), *_all(elsewhere, _OF_IT)]),
                *[each.upper() for each in said.all(SCHEMA.identifier) if each.startswith("pmid:")],
            ],
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
        subject = _figure_id(figure)
        paper = self._curie(figure.paper)
        yield _edge(
            subject,
            "biolink:part_of",
            paper,
            "biolink:Association",
            "knowledge_assertion",
            "automated_agent",
        ) | {"publications": [paper]}
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
                has_attribute=_attributes(mentions, unambiguous),
                supporting_text=sorted({each.word for each in mentions if each.word}),
                evidence_count=sum(each.occurrences for each in mentions),
            )
        yield from self._organisms(figure, subject, paper)

    def _organisms(
        self, figure: FigureFacts, subject: str, paper: str
    ) -> Iterator[dict[str, object]]:
        found: dict[str, tuple[str, list[str]]] = {}
        for predicate, attribute, agent in _ORGANISMS:
            for iri in figure.said.all(predicate):
                if curie := self._curie(iri):
                    found.setdefault(curie, (agent, []))[1].append(attribute)
        for curie, (agent, attributes) in sorted(found.items()):
            edge = _edge(subject, "biolink:mentions", curie, _MENTIONS, "not_provided", agent)
            yield edge | {"publications": [paper], "has_attribute": attributes}

    def _curies(self, iris: Iterable[str]) -> list[str]:
        return [curie for iri in iris if (curie := self._curie(iri))]


class KgxWriter(LinesWriter):
    """Writes nodes and edges, and beside them what their prefixes stand for and what they are.

    Args:
        folder: Where the files go.
        name: Of the release, or "".
        date: Of the release, YYYY-MM-DD.
        style: Of its IRIs.
        compression: Of nodes and edges.
    """

    def __init__(
        self, folder: Path, name: str, date: str, style: IriStyle, compression: Compression | None
    ) -> None:
        super().__init__(folder, FILES, compression)
        self._folder = folder
        self._said = {"version": name or date, "date": date}
        self._prefixes = Curies(style).spaces() | {
            "PFOCR": FIGURES,
            "pfocrvocab": PFOCR.base,
            "biolink": "https://w3id.org/biolink/vocab/",
            "infores": "https://w3id.org/biolink/infores/",
            "dctypes": "http://purl.org/dc/dcmitype/",
            "fabio": "http://purl.org/spar/fabio/",
        }
        self._counts: tuple[Counter[bytes], Counter[bytes]] = (Counter(), Counter())

    def write(self, pieces: Sequence[bytes]) -> None:
        """Append nodes and edges, and count them."""
        super().write(pieces)
        for piece, counts, pattern in zip(pieces, self._counts, _COUNTED, strict=True):
            counts.update(pattern.findall(piece))

    def close(self) -> list[WrittenFile]:
        """Finish the files."""
        nodes, edges = self._counts
        prefixes = dict(sorted(self._prefixes.items()))
        metadata = {
            "name": "PFOCR pathway figures",
            **self._said,
            "license": str(CC0),
            "source": SOURCE,
            "url": SITE,
            "biolink_version": "4.4.6",
            "nodes": _counted(nodes),
            "edges": _counted(edges),
            "prefixes": prefixes,
        }
        written = [
            write_whole(self._folder, name, _json(content), "application/json")
            for name, content in ((PREFIX_FILE, prefixes), (METADATA_FILE, metadata))
        ]
        return [*super().close(), *written]


_COUNTED: Final = (
    re.compile(rb'"category":\["([^"]+)"\]'),
    re.compile(rb'"predicate":"([^"]+)"'),
)
"""Where lines of nodes and edges, as we write them, say what they are."""


def _counted(counts: Counter[bytes]) -> dict[str, object]:
    by = {str(key, "ascii"): count for key, count in sorted(counts.items())}
    return {"count": sum(by.values()), "by": by}


def _json(content: Mapping[str, object]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _figure_id(figure: FigureFacts) -> str:
    return f"PFOCR:{figure.iri.removeprefix(FIGURES)}"


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


def _attributes(mentions: Sequence[MentionFacts], unambiguous: Container[str]) -> list[str]:
    """Return tiers and lexicons as CURIEs, the strictest first, then what else a word is read as.

    The number of readings is that of the word that is read as fewest things.
    """
    found: dict[str, None] = {}
    for mention in sorted(mentions, key=lambda each: (each.rank, each.lexicon)):
        for concept in (mention.tier, mention.lexicon):
            if concept:
                found[_concept(concept)] = None
    if readings := [mention.readings for mention in mentions if mention.readings]:
        found[f"pfocrvocab:readings={min(readings)}"] = None
    if any(mention.also_read_as for mention in mentions):
        found["pfocrvocab:alsoReadAs"] = None
    if mentions[0].entity in unambiguous:
        found["pfocrvocab:mentionsUnambiguously"] = None
    return list(found)


def _concept(iri: str) -> str:
    return f"pfocrvocab:{local_name(iri)}" if iri.startswith(PFOCR.base) else iri


def _without_empty(**values: object) -> dict[str, object]:
    return {key: value for key, value in values.items() if value}


def _lines(records: Iterable[dict[str, object]]) -> bytes:
    return b"".join([orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records])
