"""The description of a data set: VoID, its HGNC table, and the alignment of genes."""

from __future__ import annotations

import pyoxigraph
import pytest

from pfocr_rdf.description import (
    ALIGNMENT_GRAPH,
    CC0,
    DATASET,
    FIGURES_GRAPH,
    alignment_node,
    dataset_nodes,
    describe_table,
    hgnc_release_iri,
    void_nodes,
)
from pfocr_rdf.hgnc import TableRelease
from pfocr_rdf.hgnc_choice import embedded_gene_table
from pfocr_rdf.iri import Iris, IriStyle
from pfocr_rdf.prefixes import Prefixes
from pfocr_rdf.terms import IRI, XSD_DATE, XSD_INTEGER, Literal, Node, Term
from pfocr_rdf.vocabulary import DCAT, DCTERMS, PFOCR, PROV, RDF, SCHEMA, SKOS, VOID
from pfocr_rdf.write import FormatName, make_format

TABLE = TableRelease("2024-10-18", "ab" * 32, 43_882, "file", "hgnc.txt")


def said(node: Node) -> dict[IRI, tuple[Term, ...]]:
    return dict(node.properties)


def test_the_graphs_differ() -> None:
    assert len({DATASET, FIGURES_GRAPH, ALIGNMENT_GRAPH}) == 3


def test_the_data_set_names_its_table() -> None:
    dataset, table = dataset_nodes(TABLE, "2024-11")
    assert dataset.subject == DATASET
    assert said(dataset)[RDF.type] == tuple(sorted((VOID.Dataset, DCAT.Dataset)))
    assert said(dataset)[DCAT.version] == (Literal("2024-11"),)
    assert said(dataset)[PROV.wasDerivedFrom] == (table.subject,)
    assert said(dataset)[DCTERMS.license] == said(table)[DCTERMS.license] == (CC0,)
    assert table.subject == hgnc_release_iri(TABLE)
    assert table.subject == "https://w3id.org/pfocr/hgnc/2024-10-18-abababababab"
    assert said(table)[DCTERMS.issued] == (Literal("2024-10-18", XSD_DATE),)
    assert said(table)[DCTERMS.identifier] == (Literal(f"sha256:{'ab' * 32}"),)
    (title,) = said(table)[DCTERMS.title]
    assert title == Literal("HGNC gene table, 43882 genes, last changed 2024-10-18")


def test_what_is_not_known_is_not_said() -> None:
    dataset, table = dataset_nodes(TABLE._replace(date="", origin="embedded"), "")
    assert DCAT.version not in said(dataset)
    assert DCTERMS.issued not in said(table)
    assert table.subject == "https://w3id.org/pfocr/hgnc/undated-abababababab"
    (title,) = said(table)[DCTERMS.title]
    assert isinstance(title, Literal)
    assert "the small table that pfocr-rdf carries" in title.lexical
    assert not title.lexical.endswith("last changed ")
    assert "last changed  " not in title.lexical


def test_void() -> None:
    classes = {SCHEMA.Gene: 3, PFOCR.GeneMention: 4, SKOS.Concept: 1}
    properties = {RDF.type: 9, SCHEMA.name: 5, DCTERMS.title: 2, VOID["class"]: 1}
    nodes = list(void_nodes(dataset_nodes(TABLE, ""), 17, 8, classes, properties))
    subjects = [node.subject for node in nodes]
    assert len(subjects) == len(set(subjects)) == 2 + len(classes) + len(properties)
    first = said(nodes[0])
    assert first[VOID.triples] == (Literal("17", XSD_INTEGER),)
    assert first[VOID.entities] == (Literal("8", XSD_INTEGER),)
    assert first[VOID.uriSpace] == (Literal("https://w3id.org/pfocr/"),)
    by_subject = {node.subject: said(node) for node in nodes}
    counted: dict[Term, Term] = {}
    for partition in (*first[VOID.classPartition], *first[VOID.propertyPartition]):
        assert isinstance(partition, str)
        of = by_subject[partition]
        if VOID["class"] in of:
            counted[of[VOID["class"]][0]] = of[VOID.entities][0]
        else:
            counted[of[VOID.property][0]] = of[VOID.triples][0]
    assert counted == {
        name: Literal(str(count), XSD_INTEGER) for name, count in {**classes, **properties}.items()
    }


def test_partitions_of_namesakes_keep_apart() -> None:
    one, other = IRI("http://a.example/x#Gene"), IRI("http://b.example/y#Gene")
    names = {SCHEMA.Gene: 1, one: 2, other: 3, IRI("http://c.example/Gene"): 4}
    nodes = list(void_nodes(dataset_nodes(TABLE, ""), 1, 1, names, {}))
    assert len({node.subject for node in nodes}) == 2 + len(names)


def test_void_is_turtle_that_parses() -> None:
    nodes = list(void_nodes(dataset_nodes(TABLE, "x"), 1, 1, {SCHEMA.Gene: 1}, {RDF.type: 1}))
    turtle = make_format(FormatName.TURTLE, Prefixes(Iris()), DATASET)
    text = turtle.header() + turtle.nodes(nodes)
    triples = set(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE))
    assert len(triples) == sum(len(objects) for node in nodes for _, objects in node.properties)


@pytest.mark.parametrize("style", IriStyle)
def test_a_gene_is_aligned_with_all_other_spellings(style: IriStyle) -> None:
    node = alignment_node("8600", Iris(style))
    others = {Iris(other).gene("8600") for other in IriStyle if other is not style}
    assert node.subject == Iris(style).gene("8600")
    assert node.properties == ((SKOS.exactMatch, tuple(sorted(others))),)


def test_a_table_in_a_few_words() -> None:
    embedded = embedded_gene_table()
    text = describe_table(embedded)
    date = embedded.release.date
    assert text == f"embedded table of {len(embedded)} genes, last changed {date}"
