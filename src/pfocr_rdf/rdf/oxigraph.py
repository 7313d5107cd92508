"""Terms of Oxigraph <-> ours, without a change of lexical form.

Source: https://pyoxigraph.readthedocs.io/en/stable/model.html
"""

from __future__ import annotations

import sys

import pyoxigraph

from pfocr_rdf.rdf.terms import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal, Term


def term_of(given: object) -> Term:
    """Return a term of ours. IRIs are interned, as a graph repeats its predicates and nodes.

    Args:
        given: Of Oxigraph; no triple term, which RDF 1.1 does not have.
    """
    if isinstance(given, pyoxigraph.NamedNode):
        return IRI(sys.intern(given.value))
    if isinstance(given, pyoxigraph.Literal):
        return Literal(given.value, IRI(sys.intern(given.datatype.value)), given.language or "")
    assert isinstance(given, pyoxigraph.BlankNode), "RDF 1.1 has no triple terms"
    return BlankNode(given.value)


def predicate_of(quad: pyoxigraph.Quad) -> IRI:
    """Return the predicate of a quad."""
    return IRI(sys.intern(quad.predicate.value))


def oxigraph_term(
    term: Term,
) -> pyoxigraph.NamedNode | pyoxigraph.Literal | pyoxigraph.BlankNode:
    """Return a term as Oxigraph has it."""
    if isinstance(term, BlankNode):
        return pyoxigraph.BlankNode(term.label)
    if not isinstance(term, Literal):
        return pyoxigraph.NamedNode(term)
    if term.datatype == RDF_LANG_STRING:
        return pyoxigraph.Literal(term.lexical, language=term.language)
    if term.datatype == XSD_STRING:
        return pyoxigraph.Literal(term.lexical)
    return pyoxigraph.Literal(term.lexical, datatype=pyoxigraph.NamedNode(term.datatype))
