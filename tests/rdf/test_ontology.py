"""The ontology: complete, tidy, OWL 2 DL as far as Python can tell, and the code's own terms.

The first part is the report of ROBOT (http://robot.obolibrary.org/report), check by check.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pyoxigraph
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, VANN, XSD, BNode, Graph, Literal, URIRef
from rdflib import Namespace as RdflibNamespace
from rdflib.collection import Collection

from pfocr_rdf.figures.api import map_figure, read_figures
from pfocr_rdf.figures.decode.page import FIGURE_TYPES
from pfocr_rdf.figures.map.figure import LEXICONS
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.terms import Literal as PlainLiteral
from pfocr_rdf.rdf.vocabulary import ALIGNMENT_PROPERTIES, NAMESPACES, PFOCR, Property, Range
from pfocr_rdf.rdf.vocabulary import PROPERTIES as OF_DUMPS
from tests.support.places import ROOT

PATH = ROOT / "ontology" / "pfocr.ttl"
ONTOLOGY = URIRef("https://w3id.org/pfocr/vocab")
TERMS = RdflibNamespace(PFOCR.base)
SCHEMA = RdflibNamespace(NAMESPACES["schema"])
OA = RdflibNamespace(NAMESPACES["oa"])

PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
BUILT_IN = {
    *(RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso),
    *(OWL.versionInfo, OWL.deprecated),
}
"""Annotation properties that OWL 2 itself declares."""
SYNTAX = {
    *(RDF.type, RDFS.subClassOf, RDFS.subPropertyOf),
    *(OWL.disjointWith, OWL.versionIRI),
}
"""Predicates that are axioms, not annotations or facts."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(PATH)


def terms(graph: Graph) -> list[URIRef]:
    """Return what the ontology itself defines."""
    found = {s for s in graph.subjects() if isinstance(s, URIRef)}
    return sorted(s for s in found if s.startswith(PFOCR.base))


def of_kind(graph: Graph, kind: URIRef) -> set[URIRef]:
    return {s for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef)}


def literals(graph: Graph) -> Iterator[tuple[URIRef, URIRef, str]]:
    for subject, predicate, value in graph:
        if isinstance(value, Literal):
            assert isinstance(subject, URIRef)
            assert isinstance(predicate, URIRef)
            yield subject, predicate, str(value)


# ---------------------------------------------------------------- the report of ROBOT


def test_each_term_has_one_label_one_definition_an_example_and_its_ontology(graph: Graph) -> None:
    for term in terms(graph):
        assert len(list(graph.objects(term, RDFS.label))) == 1, term
        assert len(list(graph.objects(term, SKOS.definition))) == 1, term
        assert len(list(graph.objects(term, SKOS.example))) == 1, term
        assert list(graph.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY], term


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.prefLabel, SKOS.notation])
def test_no_two_terms_share_a_name(graph: Graph, predicate: URIRef) -> None:
    names = Counter(str(value).lower() for value in graph.objects(None, predicate))
    assert names
    assert {name: n for name, n in names.items() if n > 1} == {}


def test_no_two_terms_share_a_definition(graph: Graph) -> None:
    same = Counter(str(value) for value in graph.objects(None, SKOS.definition))
    assert {text: n for text, n in same.items() if n > 1} == {}


def test_texts_are_tidy(graph: Graph) -> None:
    for subject, predicate, text in literals(graph):
        assert text == " ".join(text.split()), f"{subject} {predicate}: stray white space"
        assert text, f"{subject} {predicate}: empty"
    for term in terms(graph):
        label = str(graph.value(term, RDFS.label))
        assert re.fullmatch(r"[A-Za-z][A-Za-z -]*", label), f"{term}: {label}"
        definition = str(graph.value(term, SKOS.definition))
        assert re.fullmatch(r"[A-Z].*\.", definition), f"{term}: {definition}"
        assert not str(graph.value(term, SKOS.example)).endswith(".ttl"), term


def test_no_definition_only_repeats_the_label(graph: Graph) -> None:
    for term in terms(graph):
        label, definition = graph.value(term, RDFS.label), graph.value(term, SKOS.definition)
        assert str(definition).rstrip(".").lower() != str(label).lower(), term


def test_the_ontology_describes_itself(graph: Graph) -> None:
    for predicate in (
        *(DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.license),
        *(OWL.versionIRI, OWL.versionInfo),
        *(VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri),
    ):
        assert len(list(graph.objects(ONTOLOGY, predicate))) == 1, predicate
    assert (ONTOLOGY, RDF.type, OWL.Ontology) in graph
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [ONTOLOGY]
    assert str(graph.value(ONTOLOGY, VANN.preferredNamespaceUri)) == PFOCR.base
    assert str(graph.value(ONTOLOGY, VANN.preferredNamespacePrefix)) == "pfocr"
    version = graph.value(ONTOLOGY, OWL.versionInfo)
    assert str(graph.value(ONTOLOGY, OWL.versionIRI)) == f"{ONTOLOGY}/{version}"
    license_iri = graph.value(ONTOLOGY, DCTERMS.license)
    assert isinstance(license_iri, URIRef)


def test_nothing_uses_a_deprecated_term(graph: Graph) -> None:
    deprecated = set(graph.subjects(OWL.deprecated, Literal(True)))
    assert deprecated.isdisjoint(graph.objects())
    assert deprecated.isdisjoint(set(PFOCR))


def test_another_parser_reads_the_same_number_of_triples(graph: Graph) -> None:
    quads = list(pyoxigraph.parse(path=PATH, format=pyoxigraph.RdfFormat.TURTLE))
    assert len(set(quads)) == len(graph)


# ---------------------------------------------------------------- the code's own terms


def test_the_ontology_defines_exactly_the_terms_of_the_code(graph: Graph) -> None:
    assert {str(term) for term in terms(graph)} == set(PFOCR)


DATATYPES = {
    Range.STRING: XSD.string,
    Range.INTEGER: XSD.integer,
    Range.DECIMAL: XSD.decimal,
}
PROPERTIES: dict[IRI, Property] = OF_DUMPS | ALIGNMENT_PROPERTIES
OURS = [iri for iri in PROPERTIES if iri.startswith(PFOCR.base)]


@pytest.mark.parametrize("iri", OURS)
def test_ranges_are_those_of_the_code(graph: Graph, iri: str) -> None:
    kind = next(p.range for p in PROPERTIES.values() if p.iri == iri)
    term = URIRef(iri)
    ranges = list(graph.objects(term, SCHEMA.rangeIncludes))
    assert ranges
    assert list(graph.objects(term, SCHEMA.domainIncludes))
    if kind is Range.IRI:
        assert (term, RDF.type, OWL.ObjectProperty) in graph
        assert not [r for r in ranges if str(r).startswith(str(XSD))]
    else:
        assert (term, RDF.type, OWL.DatatypeProperty) in graph
        assert ranges == [DATATYPES[kind]]


def test_every_property_of_the_ontology_is_emitted(graph: Graph) -> None:
    kinds = of_kind(graph, OWL.ObjectProperty) | of_kind(graph, OWL.DatatypeProperty)
    assert {str(p) for p in kinds if p.startswith(PFOCR.base)} == set(OURS)


def test_every_term_is_emitted_or_marked(graph: Graph) -> None:
    """What exports may state is what the code maps to and the shapes let pass."""
    shapes = Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        shapes.parse(path)
    lists = [Collection(shapes, head) for head in shapes.objects(None, SH["in"])]
    stated = {
        *map(str, shapes.objects(None, SH.targetClass)),
        *(str(member) for members in lists for member in members),
        *(str(lexicon) for lexicon, _ in LEXICONS.values()),
        *OURS,
    }
    assert {str(term) for term in terms(graph)} - marked(graph) == stated & set(PFOCR)


def test_figures_state_no_term_that_is_marked(graph: Graph) -> None:
    used = set()
    for figure in read_figures(ROOT / "seeds"):
        for node in map_figure(figure).nodes():
            for subject, predicate, value in node.triples():
                used |= {subject, predicate, *([] if isinstance(value, PlainLiteral) else [value])}
    ours = {term for term in used if isinstance(term, str) and term.startswith(PFOCR.base)}
    assert {PFOCR.PathwayFigure, PFOCR.GeneMention, PFOCR.TermMention} <= ours
    assert ours <= {str(term) for term in terms(graph)} - marked(graph)


def marked(graph: Graph) -> set[str]:
    """Return the terms that the ontology says no export states."""
    return {
        str(term)
        for term in terms(graph)
        for note in graph.objects(term, SKOS.scopeNote)
        if str(note).startswith("Not in exports: ")
    }


def test_domains_and_ranges_are_terms_that_exist(graph: Graph) -> None:
    classes = of_kind(graph, OWL.Class)
    for predicate in (SCHEMA.domainIncludes, SCHEMA.rangeIncludes):
        for about in graph.objects(None, predicate):
            if str(about).startswith(PFOCR.base):
                assert about in classes, about
            else:
                assert str(about).startswith((str(SCHEMA), str(XSD))), about


# ---------------------------------------------------------------- OWL 2 DL


def test_everything_used_is_declared(graph: Graph) -> None:
    classes = of_kind(graph, OWL.Class)
    for child, parent in graph.subject_objects(RDFS.subClassOf):
        assert {child, parent} <= classes, (child, parent)
    for child, other in graph.subject_objects(OWL.disjointWith):
        assert {child, other} <= classes, (child, other)
    properties = {p for kind in PROPERTY_KINDS for p in of_kind(graph, kind)}
    assert set(graph.predicates()) <= properties | BUILT_IN | SYNTAX
    for kind in graph.objects(None, RDF.type):
        assert kind in classes or str(kind).startswith(str(OWL)), kind


def test_no_term_is_declared_as_two_kinds(graph: Graph) -> None:
    kinds = (*PROPERTY_KINDS, OWL.Class, OWL.NamedIndividual)
    counts = Counter(term for kind in kinds for term in of_kind(graph, kind))
    assert {term for term, n in counts.items() if n > 1} == set()


def test_subproperties_are_of_one_kind(graph: Graph) -> None:
    for child, parent in graph.subject_objects(RDFS.subPropertyOf):
        kinds = [k for k in PROPERTY_KINDS if {child, parent} <= of_kind(graph, k)]
        assert len(kinds) == 1, (child, parent)


def test_facts_fit_their_property(graph: Graph) -> None:
    individuals = of_kind(graph, OWL.NamedIndividual)
    for predicate in of_kind(graph, OWL.ObjectProperty):
        for subject, value in graph.subject_objects(predicate):
            assert {subject, value} <= individuals, (subject, predicate)
    for predicate in of_kind(graph, OWL.DatatypeProperty):
        for subject, value in graph.subject_objects(predicate):
            assert subject in individuals
            assert isinstance(value, Literal)


def test_there_are_no_blank_nodes(graph: Graph) -> None:
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def test_no_two_of_the_four_kinds_of_mention_can_be_one(graph: Graph) -> None:
    kinds = set(graph.subjects(RDFS.subClassOf, TERMS.Mention))
    apart = {frozenset(pair) for pair in graph.subject_objects(OWL.disjointWith)}
    assert len(kinds) == 4
    assert apart == {frozenset((a, b)) for a in kinds for b in kinds if a != b}


def test_classes_hang_on_well_known_ones(graph: Graph) -> None:
    known = {SCHEMA.ImageObject, SCHEMA.Dataset, OA.Annotation, SKOS.Concept}
    for term in of_kind(graph, OWL.Class):
        if term.startswith(PFOCR.base):
            above = set(graph.transitive_objects(term, RDFS.subClassOf))
            assert known & above, term


# ---------------------------------------------------------------- concepts


def test_each_concept_is_in_one_scheme_with_a_label(graph: Graph) -> None:
    schemes = of_kind(graph, SKOS.ConceptScheme)
    concepts = of_kind(graph, SKOS.Concept)
    assert len(schemes) == 5
    for concept in concepts:
        at = list(graph.objects(concept, SKOS.inScheme))
        assert len(at) == 1
        assert at[0] in schemes
    for named in schemes | concepts:
        labels = list(graph.objects(named, SKOS.prefLabel))
        assert labels == list(graph.objects(named, RDFS.label)), named


def test_a_scheme_holds_the_concepts_of_one_class(graph: Graph) -> None:
    for scheme in of_kind(graph, SKOS.ConceptScheme):
        single = URIRef(str(scheme).removesuffix("s"))
        assert (single, RDFS.subClassOf, SKOS.Concept) in graph
        assert set(graph.subjects(SKOS.inScheme, scheme)) == of_kind(graph, single)


def test_lexicons_and_their_tiers_are_those_of_the_code(graph: Graph) -> None:
    found = {
        str(graph.value(lexicon, SKOS.notation)): (
            str(lexicon),
            str(tier) if (tier := graph.value(lexicon, TERMS.matchTier)) else None,
        )
        for lexicon in graph.subjects(RDF.type, TERMS.Lexicon)
    }
    assert found == LEXICONS


def test_figure_types_are_those_of_the_code(graph: Graph) -> None:
    found = {
        str(graph.value(concept, SKOS.notation)): str(concept)
        for concept in graph.subjects(RDF.type, TERMS.FigureType)
    }
    assert found == FIGURE_TYPES
