"""A node answers by predicate, as text or as terms of one sort."""

from __future__ import annotations

from pfocr_rdf.rdf.node_view import NodeView
from pfocr_rdf.rdf.nodes import node, plain
from pfocr_rdf.rdf.terms import IRI, XSD_INTEGER, Literal
from pfocr_rdf.rdf.vocabulary import PFOCR, RDF, SCHEMA

GENE, PAGE = IRI("http://identifiers.org/ncbigene/8600"), IRI("https://www.genenames.org/")
SEEN = NodeView(
    node(
        GENE,
        (RDF.type, [SCHEMA.Gene]),
        (SCHEMA.sameAs, [PAGE, GENE]),
        (SCHEMA.alternateName, plain("RANKL", "OPGL")),
        (SCHEMA.url, [PAGE, Literal("no address")]),
        (PFOCR.occurrences, [Literal("3", XSD_INTEGER)]),
    )
)


def test_first_and_all_are_text_of_any_term() -> None:
    assert SEEN.iri == GENE
    assert SEEN.first(SCHEMA.sameAs) == GENE
    assert SEEN.first(PFOCR.occurrences) == "3"
    assert SEEN.all(SCHEMA.alternateName) == (
        "OPGL",
        "RANKL",
    )
    assert SEEN.first(SCHEMA.name) == ""
    assert SEEN.all(SCHEMA.name) == ()


def test_texts_and_iris_are_told_apart() -> None:
    assert SEEN.texts(SCHEMA.url) == ["no address"]
    assert SEEN.text(SCHEMA.url) == "no address"
    assert SEEN.text(SCHEMA.sameAs) == ""
    assert SEEN.iris(SCHEMA.url, SCHEMA.sameAs) == [PAGE, GENE]
    assert SEEN.iri_of(SCHEMA.url) == PAGE
    assert SEEN.iri_of(SCHEMA.alternateName) is None


def test_it_knows_what_it_says_and_is() -> None:
    assert SCHEMA.url in SEEN
    assert SCHEMA.name not in SEEN
    assert SEEN.is_a(SCHEMA.Gene)
    assert not SEEN.is_a(SCHEMA.Taxon)
    assert SEEN.terms(PFOCR.occurrences) == (Literal("3", XSD_INTEGER),)
