"""Terms of ours <-> rdflib's, without a change of lexical form. Imports rdflib.

Two traps: rdflib rewrites "01"^^xsd:integer unless told not to, and to rdflib "b" and
"b"^^xsd:string are two terms where RDF 1.1 knows one.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import rdflib
from rdflib.term import Node

from pfocr_rdf.rdf import (
    IRI,
    RDF_LANG_STRING,
    XSD_STRING,
    BlankNode,
    Literal,
    Subject,
    Term,
    Triple,
)


def to_rdflib_graph(triples: Iterable[Triple], *, blank_prefix: str = "") -> rdflib.Graph:
    """Return triples as an rdflib graph.

    Args:
        triples: Any.
        blank_prefix: Put before the labels of blank nodes, to keep two graphs apart.
    """
    graph = rdflib.Graph()
    with quiet():
        for subject, predicate, value in triples:
            graph.add(
                (
                    _to_node(subject, blank_prefix),
                    rdflib.URIRef(predicate),
                    _to_node(value, blank_prefix),
                )
            )
    return graph


def _to_node(term: Term, blank_prefix: str) -> Node:
    if isinstance(term, BlankNode):
        return rdflib.BNode(blank_prefix + term.label)
    if not isinstance(term, Literal):
        return rdflib.URIRef(term)
    if term.language:
        return rdflib.Literal(term.lexical, lang=term.language)
    if term.datatype == XSD_STRING:
        return rdflib.Literal(term.lexical)
    return rdflib.Literal(term.lexical, datatype=rdflib.URIRef(term.datatype), normalize=False)


def from_rdflib(graph: rdflib.Graph) -> Iterator[Triple]:
    """Yield the triples of an rdflib graph, of a dataset those of all its graphs."""
    if isinstance(graph, rdflib.Dataset):
        triples = (quad[:3] for quad in graph.quads((None, None, None, None)))
    else:
        triples = graph.triples((None, None, None))
    for subject, predicate, value in triples:
        yield _from_subject(subject), IRI(str(predicate)), from_node(value)


def from_node(node: Node) -> Term:
    """Return one rdflib node as a term."""
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), RDF_LANG_STRING, node.language.lower())
        return Literal(str(node), IRI(str(node.datatype)) if node.datatype else XSD_STRING)
    return _from_subject(node)


def _from_subject(node: Node) -> Subject:
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    return IRI(str(node))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-formed literal.

    Finding those is what validation is for.
    """
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Parsing weird boolean")
            yield
    finally:
        logger.setLevel(before)
