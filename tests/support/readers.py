"""What RDF libraries read in our bytes, as our own terms, so that sets of triples compare."""

from __future__ import annotations

import warnings
from typing import Any, Final

import pyoxigraph
import rdflib

from pfocr_rdf.figures.map.figure import FigureGraph
from pfocr_rdf.rdf.formats import FormatName, document, make_format
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI, RDF_LANG_STRING, XSD_STRING, Literal, Triple

GRAPH: Final = IRI("https://w3id.org/pfocr/graph/test")
FORMATS: Final = tuple(FormatName)
_OXIGRAPH: Final = {
    FormatName.TURTLE: pyoxigraph.RdfFormat.TURTLE,
    FormatName.JSONLD: pyoxigraph.RdfFormat.JSON_LD,
    FormatName.NTRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
    FormatName.NQUADS: pyoxigraph.RdfFormat.N_QUADS,
    FormatName.TRIG: pyoxigraph.RdfFormat.TRIG,
}
_RDFLIB: Final = {
    FormatName.TURTLE: "turtle",
    FormatName.JSONLD: "json-ld",
    FormatName.NTRIPLES: "nt",
    FormatName.NQUADS: "nquads",
    FormatName.TRIG: "trig",
}
_QUADS: Final = (FormatName.NQUADS, FormatName.TRIG)


def rendered(graph: FigureGraph, name: FormatName, prefixes: Prefixes) -> bytes:
    """Return a document with a figure, its mentions and its entities."""
    format_ = make_format(name, prefixes, GRAPH)
    return document(format_, [format_.figure(graph), format_.nodes(graph.entities)])


def oxigraph_triples(data: bytes, name: FormatName) -> set[Triple]:
    """Return what pyoxigraph reads; it refuses IRIs that RFC 3987 does not allow."""
    triples: set[Triple] = set()
    expected: Any = pyoxigraph.DefaultGraph()
    if name in _QUADS:
        expected = pyoxigraph.NamedNode(GRAPH)
    for quad in pyoxigraph.parse(data, format=_OXIGRAPH[name]):
        assert quad.graph_name == expected, quad
        triples.add((IRI(_iri(quad.subject)), IRI(quad.predicate.value), _term(quad.object)))
    return triples


def _iri(node: Any) -> str:
    assert isinstance(node, pyoxigraph.NamedNode), node
    return node.value


def _term(term: Any) -> IRI | Literal:
    if isinstance(term, pyoxigraph.Literal):
        return Literal(term.value, IRI(term.datatype.value), term.language or "")
    return IRI(_iri(term))


def rdflib_triples(data: bytes, name: FormatName) -> set[Triple]:
    """Return what rdflib reads, with lexical forms as they are written."""
    normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        with warnings.catch_warnings():
            # rdflib's own parsers use what rdflib deprecates.
            warnings.simplefilter("ignore", DeprecationWarning)
            dataset = rdflib.Dataset()
            dataset.parse(data=data, format=_RDFLIB[name])
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
    triples: set[Triple] = set()
    for subject, predicate, value, graph in dataset.quads():
        assert (str(graph) == GRAPH) == (name in _QUADS), graph
        assert isinstance(subject, rdflib.URIRef)
        term: IRI | Literal
        if isinstance(value, rdflib.Literal):
            plain = RDF_LANG_STRING if value.language else XSD_STRING
            term = Literal(str(value), IRI(str(value.datatype or plain)), value.language or "")
        else:
            assert isinstance(value, rdflib.URIRef), value
            term = IRI(str(value))
        triples.add((IRI(str(subject)), IRI(str(predicate)), term))
    return triples
