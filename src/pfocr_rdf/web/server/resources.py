"""One resource of the store as RDF: the same block that stands for it in the dumps.

Numbers are as Oxigraph keeps them, `0.98` for the `0.980` of a dump.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph

from pfocr_rdf.figures import HUMAN
from pfocr_rdf.rdf import (
    FIGURES_GRAPH,
    IRI,
    OA,
    PFOCR,
    PROPERTIES,
    RDF,
    SCHEMA,
    SKOS,
    FigureNodes,
    FormatName,
    Iris,
    IriStyle,
    Kind,
    Literal,
    Node,
    Prefixes,
    Term,
    document,
    entrez_id,
    make_format,
    mesh_id,
    node,
    oxigraph_term,
    predicate_of,
    redirect_iri,
    term_of,
)
from pfocr_rdf.web.pages import iri_of
from pfocr_rdf.web.server import formats

_WRITERS: Final = {
    "text/turtle": FormatName.TURTLE,
    "application/ld+json": FormatName.JSONLD,
    "application/n-triples": FormatName.NTRIPLES,
}
DATA_TYPES: Final = (*_WRITERS, "application/rdf+xml")
"""How a resource can be had, in order of preference."""

# Entities are written in the order of PROPERTIES; of figures and mentions, these come last.
_LAST: Final = (
    SCHEMA.about, SCHEMA.mentions,
    PFOCR.mentionsBySymbol, PFOCR.mentionsBySynonym, PFOCR.mentionsByFamily,
    PFOCR.mentionsUnambiguously,
    OA.hasTarget, OA.hasBody, PFOCR.recognizedText, PFOCR.matchedText, PFOCR.statedSymbol,
    PFOCR.lexicon, PFOCR.matchTier, PFOCR.identifiedBy, PFOCR.unresolvedReason, PFOCR.candidate,
    PFOCR.occurrences, PFOCR.readings, PFOCR.alsoReadAs,
)  # fmt: skip
_ORDER: Final = {
    predicate: place
    for place, predicate in enumerate(
        (RDF.type, *(known for known in PROPERTIES if known not in _LAST), *_LAST)
    )
}
_DEFAULT: Final = pyoxigraph.DefaultGraph()


class StoreLostError(Exception):
    """The store can no longer be read; the message is for whoever runs the server."""


class Resources:
    """The resources of a store that have an address.

    Args:
        store: Open for reading.
        style: The IRI style of its release.
        prefixes: Of that style.
    """

    def __init__(self, store: pyoxigraph.Store, style: IriStyle, prefixes: Prefixes) -> None:
        self._store = store
        self._style = style
        self._prefixes = prefixes

    def find(self, kind: Kind, key: str) -> IRI | None:
        """Return the IRI of the resource with a key, or None when there is none."""
        iri = iri_of(kind, key, self._style)
        return iri if iri is not None and self.is_a(kind, iri) else None

    def is_a(self, kind: Kind, iri: str) -> bool:
        """Say whether an IRI names a resource of a kind."""
        return next(self._subjects(RDF.type, kind.of_class, iri), None) is not None

    def known_as(self, kind: Kind, key: str) -> IRI | None:
        """Return the one resource that has a key as another name of it, or None.

        A figure by its alias or a former address, a gene by its HGNC number where its IRI has
        the Entrez one, or by its symbol, a chemical or disease by its second identifier.
        """
        found = [iri for iri in dict.fromkeys(self._known_as(kind, key)) if self.is_a(kind, iri)]
        if kind is Kind.GENE and len(found) > 1:
            human = Iris(self._style).taxon(HUMAN)
            found = [
                iri
                for iri in found
                if next(self._subjects(SCHEMA.taxonomicRange, human, iri), None)
            ]
        return found[0] if len(found) == 1 else None

    def triples(self, kind: Kind, iri: IRI) -> Iterator[pyoxigraph.Triple]:
        """Yield what is said of a resource, and of the mentions of a figure."""
        subjects = [iri]
        if kind is Kind.FIGURE:
            subjects += sorted(self._subjects(OA.hasTarget, iri))
        for subject in subjects:
            for quad in self._quads(subject):
                yield quad.triple

    def document(self, kind: Kind, iri: IRI, media_type: str) -> bytes:
        """Return what is said of a resource, as a document in one of `DATA_TYPES`."""
        if media_type not in _WRITERS:
            format_ = formats.GRAPHS[media_type]
            written = pyoxigraph.serialize(
                self.triples(kind, iri),
                format=format_,
                prefixes=dict(self._prefixes.namespaces),
            )
            assert written is not None
            return formats.faithful(written, format_)
        writer = make_format(_WRITERS[media_type], self._prefixes, FIGURES_GRAPH)
        if kind is not Kind.FIGURE:
            return document(writer, [writer.nodes([self._node(iri)])])
        return document(writer, [writer.figure(self.figure(iri))])

    def figure(self, iri: IRI) -> FigureNodes:
        """Return what is said of a figure and of its mentions."""
        mentions = map(self._node, sorted(self._subjects(OA.hasTarget, iri)))
        return FigureNodes(self._node(iri), tuple(mentions))

    def _known_as(self, kind: Kind, key: str) -> Iterator[IRI]:
        if key != key.replace(":", "_") and (iri := self.find(kind, key.replace(":", "_"))):
            yield iri
        iris = Iris(self._style)
        match kind:
            case Kind.FIGURE:
                yield from self._named_so(SCHEMA.alternateName, key)
                for former in (key, f"{key}.html"):
                    if former_iri := redirect_iri(f"figures/{former}"):
                        yield from self._subjects(PFOCR.redirectsFrom, former_iri)
            case Kind.GENE:
                yield from self._named_so(SCHEMA.name, key)
                number = key.removeprefix("HGNC").lstrip(":_")
                if number != key and (hgnc_id := entrez_id(number)):
                    yield from self._subjects(SKOS.exactMatch, iris.hgnc(hgnc_id))
            case Kind.CHEMICAL | Kind.DISEASE:
                if mesh := mesh_id(key):
                    yield from self._subjects(SKOS.closeMatch, iris.mesh(mesh))
            case Kind.ORGANISM:
                yield from self._named_so(SCHEMA.name, key.replace("_", " "))
            case Kind.PAPER:
                return

    def _node(self, iri: IRI) -> Node:
        said: dict[IRI, list[Term]] = {}
        for quad in self._quads(iri):
            said.setdefault(predicate_of(quad), []).append(term_of(quad.object))
        ordered = sorted(
            said, key=lambda predicate: (_ORDER.get(predicate, len(_ORDER)), predicate)
        )
        return node(iri, *((predicate, said[predicate]) for predicate in ordered))

    def _quads(self, subject: str) -> Iterator[pyoxigraph.Quad]:
        return self._matching(pyoxigraph.NamedNode(subject), None, None)

    def _named_so(self, predicate: IRI, name: str) -> Iterator[IRI]:
        return self._subjects(predicate, Literal(name))

    def _subjects(self, predicate: IRI, value: Term, subject: str = "") -> Iterator[IRI]:
        """Yield who says something, of all or of one."""
        known = pyoxigraph.NamedNode(subject) if subject else None
        asked = pyoxigraph.NamedNode(predicate), oxigraph_term(value)
        for quad in self._matching(known, *asked):
            if isinstance(quad.subject, pyoxigraph.NamedNode):
                yield IRI(quad.subject.value)

    def _matching(
        self,
        subject: pyoxigraph.NamedNode | None,
        predicate: pyoxigraph.NamedNode | None,
        value: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | None,
    ) -> Iterator[pyoxigraph.Quad]:
        try:
            yield from self._store.quads_for_pattern(subject, predicate, value, _DEFAULT)
        except (OSError, RuntimeError) as error:  # RocksDB has found its files cut or corrupt
            raise StoreLostError(str(error)) from error
