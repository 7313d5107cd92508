"""alignment.ttl: what the genes, chemicals, diseases and organisms of a release are elsewhere.

An entity's node there has what each source knows of it: how others spell its IRI and those of
its matches, and the ids that HGNC states of a gene. It is a graph of its own, as none of it was
read in a figure. A further source is a further function of `Aligner`. What a user maps stands
there too, and at the end, with IRIs that sort last, why.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Map
from typing import Final, NamedTuple, Self

from pfocr_rdf.figures import Settings
from pfocr_rdf.figures.join import Mapping
from pfocr_rdf.figures.link import GeneTable, HgncGene
from pfocr_rdf.rdf import (
    ALIGNMENT_GRAPH,
    ALIGNMENT_PROPERTIES,
    IDENTIFIED,
    IRI,
    OURS,
    OWL,
    RDF,
    SKOS,
    SSSOM,
    FormatName,
    Iris,
    Node,
    Prefixes,
    classes_of,
    count_triples,
    cross_reference_iris,
    kind_of,
    make_format,
    node,
)
from pfocr_rdf.release.counts import AlignedLinks

_NONE: Final[Map[str, Sequence[Mapping]]] = {}

Match = tuple[IRI, IRI]
"""A property, and what it leads to."""


class AlignedBatch(NamedTuple):
    """What some entities add to the file; `links` are counted by place in `ALIGNED`."""

    content: bytes
    triples: int
    links: Counter[int]


class Aligner:
    """Makes the alignment of entities.

    Args:
        iris: The spelling of the release.
        table: The HGNC table it is made with.
    """

    def __init__(self, iris: Iris, table: GeneTable) -> None:
        self._iris = iris
        self._table = table
        self._turtle = make_format(FormatName.TURTLE, Prefixes(iris), ALIGNMENT_GRAPH)
        self._links = AlignedLinks(iris)
        self._sources = (self._spelled, self._stated_by_hgnc)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the aligner of a run."""
        return cls(Iris(settings.style), settings.table)

    @property
    def media_type(self) -> str:
        """The media type of the file."""
        return self._turtle.media_type

    def header(self) -> bytes:
        """Return what the file begins with."""
        return self._turtle.header()

    def batch(
        self, entities: Iterable[Node], mapped: Map[str, Sequence[Mapping]] = _NONE
    ) -> AlignedBatch:
        """Return what entities add to the file, in their order.

        Args:
            entities: The entities.
            mapped: A user's mappings, by entity.
        """
        nodes = [
            found
            for entity in entities
            if (found := self.aligned(entity, mapped.get(entity.subject, ()))) is not None
        ]
        return AlignedBatch(
            self._turtle.nodes(nodes), count_triples(nodes), self._links.count(nodes)
        )

    def justified(self, mapped: Map[str, Sequence[Mapping]]) -> AlignedBatch:
        """Return what the file ends with: why the user's mappings are held to be true."""
        nodes = sorted(_justified(each) for of_one in mapped.values() for each in of_one)
        return AlignedBatch(self._turtle.nodes(nodes), count_triples(nodes), Counter())

    def aligned(self, entity: Node, mapped: Sequence[Mapping] = ()) -> Node | None:
        """Return the node of an entity in the alignment, None when it has none there."""
        if kind_of(classes_of(entity)) not in IDENTIFIED and not mapped:
            return None
        matches: dict[IRI, list[IRI]] = {predicate: [] for predicate in ALIGNMENT_PROPERTIES}
        for source in self._sources:
            for predicate, iri in source(entity):
                matches[predicate].append(iri)
        for each in mapped:
            matches[each.predicate].append(each.object)
        found = node(entity.subject, *matches.items())
        return found if found.properties else None

    def _spelled(self, entity: Node) -> Iterator[Match]:
        """Yield the other spellings of an entity's IRI, and of its matches in the graph."""
        spellings = self._iris.spellings
        for other in spellings(entity.subject):
            yield SKOS.exactMatch, other
        for predicate, match in _matches(entity):
            for other in spellings(match):
                yield predicate, other

    def _stated_by_hgnc(self, entity: Node) -> Iterator[Match]:
        gene = self._gene(entity)
        if gene is not None and gene.crossed:
            yield from cross_reference_iris(gene.crossed, self._iris.style)

    def _gene(self, entity: Node) -> HgncGene | None:
        """Return the gene of the table that an entity is or is matched to."""
        hgnc = self._iris.hgnc("")
        for iri in (entity.subject, *(match for _, match in _matches(entity))):
            if iri.startswith(hgnc):
                return self._table.by_hgnc_id(iri.removeprefix(hgnc))
        return None


def _justified(mapping: Mapping) -> Node:
    """Return a mapping as SSSOM writes it in RDF, with an IRI of its own instead of a blank node."""
    said = "\0".join(mapping[:4]).encode()
    return node(
        IRI(f"{OURS}sssom/{hashlib.sha256(said).hexdigest()[:16]}"),
        (RDF.type, (OWL.Axiom,)),
        (OWL.annotatedSource, (mapping.subject,)),
        (OWL.annotatedProperty, (mapping.predicate,)),
        (OWL.annotatedTarget, (mapping.object,)),
        (SSSOM.mapping_justification, (mapping.justification,)),
    )


def _matches(entity: Node) -> Sequence[Match]:
    return [
        (predicate, IRI(str(value)))
        for predicate, values in entity.properties
        if predicate in (SKOS.exactMatch, SKOS.closeMatch)
        for value in values
    ]
