"""A term goes to Oxigraph and comes back as it was."""

from __future__ import annotations

import pyoxigraph
import pytest

from pfocr_rdf.rdf.oxigraph import oxigraph_term, predicate_of, term_of
from pfocr_rdf.rdf.terms import (
    IRI,
    RDF_LANG_STRING,
    XSD_DECIMAL,
    XSD_INTEGER,
    BlankNode,
    Literal,
    Term,
)

TERMS: tuple[Term, ...] = (
    IRI("http://schema.org/name"),
    BlankNode("b0"),
    Literal(""),
    Literal('a "quoted" \\ text\nof two lines'),
    Literal("0.90450", XSD_DECIMAL),
    Literal("007", XSD_INTEGER),
    Literal("no number", XSD_INTEGER),
    Literal("weg", RDF_LANG_STRING, "de"),
)


@pytest.mark.parametrize("term", TERMS)
def test_a_term_comes_back(term: Term) -> None:
    assert term_of(oxigraph_term(term)) == term


def test_what_is_read_is_what_is_written() -> None:
    text = '<x:s> <x:p> "0.980"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    (quad,) = pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_TRIPLES)
    assert predicate_of(quad) == "x:p"
    assert term_of(quad.object) == Literal("0.980", XSD_DECIMAL)


def test_a_triple_term_is_no_term_of_ours() -> None:
    node = pyoxigraph.NamedNode("x:s")
    with pytest.raises(AssertionError, match="triple terms"):
        term_of(pyoxigraph.Triple(node, node, node))
