"""`validate`: files and graphs in, an outcome and three reports out."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic

from pfocr_rdf.cli.validation_text import format_human, format_json, format_turtle
from pfocr_rdf.errors import InputError, OutputError, ShapesError, UsageError
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.terms import IRI, BlankNode, Literal, Triple
from pfocr_rdf.shacl import UnsupportedShapesError, report_triples
from pfocr_rdf.shacl.names import SH
from pfocr_rdf.shacl.rdflib_terms import from_rdflib, to_rdflib_graph
from pfocr_rdf.shacl.validation import (
    ShaclEngine,
    ValidationOutcome,
    load_shapes,
    validate,
    validate_files,
)
from pfocr_rdf.shipped import context_file, dump_shapes, ontology_file, shipped_shapes

SHAPES = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:GeneShape sh:targetClass schema:Gene ; sh:property ex:GeneName ,
  [ sh:path [ sh:inversePath schema:about ] ; sh:maxCount 0 ; sh:severity sh:Warning ;
    sh:message "Gene: nothing is about it" ] ;
  sh:node [ sh:property [ sh:path ( schema:about schema:name ) ; sh:maxCount 1 ] ] .
ex:GeneName sh:path schema:name ; sh:maxLength 3 ; sh:message "Gene schema:name: short" .
schema:Part rdfs:subClassOf schema:Gene .
"""
DATA = """
@prefix ex: <http://example.org/> .
@prefix schema: <http://schema.org/> .
""" + "".join(f'ex:g{n} a schema:Gene ; schema:name "LONG{n}" .\n' for n in range(7))
SPARQL = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <http://schema.org/> .
<http://example.org/S> sh:targetClass schema:Gene ; sh:sparql [ sh:message "no name" ;
  sh:select "SELECT $this WHERE { $this a <http://schema.org/Gene> }" ] .
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """(data, shapes)."""
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(DATA, encoding="utf-8")
    shapes.write_text(SHAPES, encoding="utf-8")
    return data, shapes


def test_outcome(files: tuple[Path, Path]) -> None:
    """Both engines, the same findings."""
    data, shapes = files
    fast = validate_files([data], [shapes])
    slow = validate_files([data], [shapes], "pyshacl")
    assert (fast.engine, slow.engine) == (ShaclEngine.FAST, ShaclEngine.PYSHACL)
    assert (fast.triples, slow.triples) == (14, 14)
    assert (fast.focus_nodes, slow.focus_nodes) == (7, None)
    assert not fast.conforms
    assert not slow.conforms
    assert fast.severities == slow.severities == {SH.Violation: 7}
    assert {r.focus for r in fast.results} == {r.focus for r in slow.results}


def test_human_report(files: tuple[Path, Path]) -> None:
    """Grouped, counted, five examples, CURIEs."""
    data, shapes = files
    text = format_human(validate_files([data], [shapes]))
    assert text == (
        "Does not conform: 7 sh:Violation (1 file, 14 triples, 7 focus nodes; engine fast).\n"
        "\n"
        "sh:Violation  <http://example.org/GeneName>  schema:name  (7 results)\n"
        "  Gene schema:name: short\n"
        "  constraint: sh:MaxLength\n"
        + "".join(f'    <http://example.org/g{n}>  value "LONG{n}"\n' for n in range(5))
        + "    ... and 2 more\n"
    )


def test_human_report_of_everything(files: tuple[Path, Path]) -> None:
    """Violations come before warnings; every sort of term and path is shown on one line."""
    data, shapes = files
    more = data.with_name("more.ttl")
    more.write_text(
        """@prefix schema: <http://schema.org/> .
        schema:x schema:about _:g .
        _:g a schema:Part ; schema:name "LO\\nNG"@en , 12345 , "12345"^^<http://example.org/dt> ;
          schema:about [ schema:name "a" ] , [ schema:name "b" ] .""",
        encoding="utf-8",
    )
    text = format_human(validate_files([more], [shapes]))
    assert text.startswith(
        "Does not conform: 4 sh:Violation, 1 sh:Warning (1 file, 9 triples, 1 focus node;"
    )
    assert text.index("sh:Violation  ") < text.index("sh:Warning  ^schema:about")
    assert '_:g  value "LO\ufffdNG"@en' in text
    assert '_:g  value "12345"^^xsd:integer' in text
    assert '_:g  value "12345"^^<http://example.org/dt>' in text
    assert "constraint: sh:Node" in text


def test_conforming_reports(files: tuple[Path, Path]) -> None:
    """The text warns where no shape applied."""
    shapes = files[1]
    gene, name = IRI("http://example.org/g"), IRI("http://schema.org/name")
    unseen = validate([(gene, name, Literal("LONG"))], read_triples(shapes))
    assert format_human(unseen) == (
        "Conforms (1 triples, 0 focus nodes; engine fast). "
        "No shape applies to this data, so nothing was checked.\n"
    )
    typed = (
        gene,
        IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        IRI("http://schema.org/Gene"),
    )
    said: list[Triple] = [typed, typed, (gene, name, Literal("OK"))]
    seen = validate(said, read_triples(shapes))
    assert format_human(seen) == "Conforms (2 triples, 1 focus node; engine fast).\n"
    report = rdflib.Graph().parse(data=format_turtle(seen), format="turtle")
    assert isomorphic(report, to_rdflib_graph(report_triples([])))
    assert json.loads(format_json(seen)) == {
        "conforms": True,
        "engine": "fast",
        "files": [],
        "triples": 2,
        "focusNodes": 1,
        "wholeGraph": [],
        "severities": {},
        "results": [],
    }


def test_json_report(files: tuple[Path, Path]) -> None:
    """All results, in full."""
    data, shapes = files
    document = json.loads(format_json(validate_files([data], [shapes])))
    assert document["files"] == [str(data)]
    assert document["severities"] == {SH.Violation: 7}
    assert len(document["results"]) == 7
    assert document["results"][6] == {
        "focusNode": {"type": "uri", "value": "http://example.org/g6"},
        "path": "<http://schema.org/name>",
        "value": {"type": "literal", "value": "LONG6"},
        "sourceShape": {"type": "uri", "value": "http://example.org/GeneName"},
        "component": "http://www.w3.org/ns/shacl#MaxLengthConstraintComponent",
        "severity": SH.Violation,
        "messages": [{"type": "literal", "value": "Gene schema:name: short"}],
        "detail": [],
    }


def test_turtle_report_is_a_validation_report(files: tuple[Path, Path]) -> None:
    """It parses to the report's triples, and conforms to what the specification asks."""
    data, shapes = files
    more = data.with_name("more.ttl")
    more.write_text(
        '@prefix s: <http://schema.org/> . s:x s:about _:g . _:g a s:Gene ; s:name "LONG"@en , 12345 ;'
        ' s:about [ s:name "a" ] , [ s:name "b" ] .',
        encoding="utf-8",
    )
    outcome = validate_files([data, more], [shapes])
    text = format_turtle(outcome)
    report = rdflib.Graph()
    for triple in to_rdflib_graph(report_triples(outcome.results)):
        report.add(triple)
    assert isomorphic(rdflib.Graph().parse(data=text, format="turtle"), report)
    quads = list(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE))
    assert len(quads) == len(report)
    assert text.count("sh:ValidationResult") == len(outcome.results) + 1  # one is a detail
    rules = """@prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    [] a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
      sh:property [ sh:path sh:conforms ; sh:datatype xsd:boolean ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path sh:result ; sh:class sh:ValidationResult ; sh:minCount 1 ] .
    [] a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
      sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path sh:resultSeverity ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path sh:sourceConstraintComponent ; sh:nodeKind sh:IRI ; sh:minCount 1 ] ,
        [ sh:path sh:resultPath ; sh:maxCount 1 ] , [ sh:path sh:value ; sh:maxCount 1 ] ."""
    graph = rdflib.Graph().parse(data=rules, format="turtle")
    assert validate(from_rdflib(report), graph).conforms


def test_turtle_refuses_what_rdf_does_not_allow() -> None:
    """A graph in memory may have an IRI that no file can have."""
    shapes = [
        (IRI("http://example.org/S"), SH.targetNode, IRI("not an iri")),
        (IRI("http://example.org/S"), SH.nodeKind, SH.Literal),
    ]
    outcome = validate([], shapes)
    with pytest.raises(OutputError, match="report: expected valid IRIs"):
        format_turtle(outcome)


def test_rdflib_graphs(files: tuple[Path, Path]) -> None:
    """A graph and a dataset, with shapes as a graph."""
    data, shapes = files
    graph = rdflib.Graph().parse(data)
    rules = rdflib.Graph().parse(shapes)
    dataset = rdflib.Dataset()
    for triple in graph:
        dataset.graph(rdflib.URIRef("http://example.org/graph")).add(triple)
    assert len(validate(graph, rules).results) == len(validate(dataset, rules).results) == 7


def test_data_as_others_have_it(files: tuple[Path, Path]) -> None:
    """Paths, stores, datasets, quads and triples, of data and of shapes: the same results."""
    data, shapes = files
    expected = validate_files([data], [shapes]).results
    quads = list(pyoxigraph.parse(path=str(data)))
    rules = list(pyoxigraph.parse(path=str(shapes)))
    store = pyoxigraph.Store()
    store.extend(quads)
    given = (data, str(data), [data], store, pyoxigraph.Dataset(quads), quads, read_triples(data))
    for each in given:
        results = validate(each, shapes).results
        assert sorted(map(repr, results)) == sorted(map(repr, expected)), type(each)
    for other in (rules, [shapes], str(shapes), rdflib.Graph().parse(shapes)):
        assert len(validate(data, other).results) == len(expected), type(other)
    assert validate([], shapes).triples == 0


def test_labels_of_a_store_are_kept() -> None:
    """A result names the very node of the store; RDF 1.2 is refused."""
    node, other = pyoxigraph.BlankNode(), pyoxigraph.NamedNode("http://schema.org/Gene")
    is_a = pyoxigraph.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    triple = pyoxigraph.Triple(node, is_a, other)
    rules = [
        (IRI("http://example.org/S"), SH.targetClass, IRI("http://schema.org/Gene")),
        (IRI("http://example.org/S"), SH.nodeKind, SH.IRI),
    ]
    (result,) = validate([triple], rules).results
    assert result.focus == BlankNode(node.value)
    with pytest.raises(InputError, match=r"data: expected RDF 1.1"):
        validate([pyoxigraph.Triple(node, is_a, triple)], rules)


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    """One label in two files does not join two nodes."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(SHAPES, encoding="utf-8")
    paths = []
    for number in range(2):
        path = tmp_path / f"{number}.nt"
        path.write_text(
            "_:g <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/Gene> .\n"
            f'_:g <http://schema.org/name> "LONG{number}" .\n',
            encoding="utf-8",
        )
        paths.append(path)
    outcome = validate_files(paths, [shapes])
    assert {r.focus for r in outcome.results} == {BlankNode("file1-g"), BlankNode("file2-g")}


@pytest.mark.parametrize("engine", ["fast", "pyshacl"])
def test_a_label_of_the_shapes_names_nothing_of_the_data(tmp_path: Path, engine: str) -> None:
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <u:S> a sh:NodeShape ; "
        "sh:targetNode <u:a> ; sh:property [ sh:path <u:p> ; sh:in ( _:x <u:b> ) ] ."
    )
    (tmp_path / "data.ttl").write_text("<u:a> <u:p> _:x .")
    outcome = validate_files([tmp_path / "data.ttl"], [tmp_path / "shapes.ttl"], engine)
    assert len(outcome.results) == 1


def test_engine_auto(files: tuple[Path, Path], tmp_path: Path) -> None:
    """Fast where it can, else pyshacl; fast alone refuses and says what to do."""
    data, shapes = files
    sparql = tmp_path / "sparql.ttl"
    sparql.write_text(SPARQL, encoding="utf-8")
    assert validate_files([data], [shapes], "auto").engine is ShaclEngine.FAST
    outcome = validate_files([data], [sparql], ShaclEngine.AUTO)
    assert (outcome.engine, len(outcome.results)) == (ShaclEngine.PYSHACL, 7)
    with pytest.raises(UnsupportedShapesError) as caught:
        validate_files([data], [sparql], "fast")
    assert str(caught.value) == (
        "sparql.ttl: shapes: sh:select, sh:sparql: expected SHACL Core only (use --engine pyshacl)"
    )


def test_faults_of_the_caller(files: tuple[Path, Path], tmp_path: Path) -> None:
    """Each is an error of ours, with the file in it."""
    data, shapes = files
    with pytest.raises(UsageError, match="expected one of fast, pyshacl, auto, found jena"):
        validate_files([data], [shapes], "jena")
    with pytest.raises(UsageError, match="at least one RDF file"):
        validate_files([], [shapes])
    with pytest.raises(InputError, match=r"none\.ttl: cannot be read"):
        validate_files([tmp_path / "none.ttl"], [shapes])
    with pytest.raises(ShapesError, match=r"data\.ttl: expected SHACL shapes, found none"):
        validate_files([data], [data])
    broken = tmp_path / "broken.ttl"
    broken.write_text(SHAPES.replace("sh:maxLength 3", "sh:maxLength 'x'"), encoding="utf-8")
    for engine in ("fast", "auto"):
        with pytest.raises(ShapesError, match=r"broken\.ttl: shape <http://example.org/GeneName>"):
            validate_files([data], [broken], engine)
    broken.write_text(SHAPES.replace("sh:maxCount 0", "sh:maxCount 0, 1"), encoding="utf-8")
    with pytest.raises(ShapesError, match="pyshacl"):
        validate_files([data], [broken], "pyshacl")


def test_shipped_shapes_are_the_default(root: Path) -> None:
    """They compile on the fast engine, and are what `validate` uses without --shapes."""
    assert [path.name for path in shipped_shapes()] == sorted(
        path.name for path in (root / "shapes").glob("*.ttl")
    )
    assert {*shipped_shapes()} - {*dump_shapes()} == {root / "shapes" / "void.ttl"}
    assert ontology_file().is_file()
    assert context_file().is_file()
    shapes = load_shapes()
    assert len(shapes.nodes) > 50
    figure = IRI("https://pfocr.wikipathways.org/figures/PMC1__a.html")
    is_a = IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    outcome = validate([(figure, is_a, IRI("https://w3id.org/pfocr/vocab#PathwayFigure"))])
    assert not outcome.conforms
    assert all(result.focus == figure for result in outcome.results)


def test_an_outcome_can_go_to_another_process(files: tuple[Path, Path]) -> None:
    """Results are plain values: the export's workers send them back."""
    import pickle

    outcome = validate_files([files[0]], [files[1]])
    copied = pickle.loads(pickle.dumps(outcome))
    assert isinstance(copied, ValidationOutcome)
    assert copied == outcome
