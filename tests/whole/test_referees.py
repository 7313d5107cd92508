"""Each referee accepts a right example and sees the fault planted in a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pfocr_rdf.rdf.terms import IRI, RDF_LANG_STRING, XSD_INTEGER, Literal, Triple
from tests.support import referees
from tests.support.referees import ENGINES, Engine, RefereeError, ShaclResult, Syntax

EX = "https://example.org/"
SH = "http://www.w3.org/ns/shacl#"

TURTLE = r"""
@prefix ex: <https://example.org/> .
ex:figure ex:name "TGF-\u03B2 \"path\\way\"\n"@en ; ex:number 3 ; ex:about ex:gene .
"""

TRIPLES: set[Triple] = {
    (IRI(EX + "figure"), IRI(EX + "name"), Literal('TGF-β "path\\way"\n', RDF_LANG_STRING, "en")),
    (IRI(EX + "figure"), IRI(EX + "number"), Literal("3", XSD_INTEGER)),
    (IRI(EX + "figure"), IRI(EX + "about"), IRI(EX + "gene")),
}

NTRIPLES = r"""
<https://example.org/figure> <https://example.org/name> "TGF-β \"path\\way\"\n"@en .
<https://example.org/figure> <https://example.org/number> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .
<https://example.org/figure> <https://example.org/about> <https://example.org/gene> .
"""

JSONLD = r"""
{"@context": {"@vocab": "https://example.org/", "about": {"@type": "@id"}},
 "@graph": [{"@id": "https://example.org/figure", "about": "https://example.org/gene",
             "number": 3, "name": {"@value": "TGF-β \"path\\way\"\n", "@language": "en"}}]}
"""

SHAPES = """
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:FigureShape a sh:NodeShape ; sh:targetClass ex:Figure ; sh:nodeKind sh:IRI ;
    sh:property [ sh:path ex:number ; sh:datatype xsd:integer ; sh:maxCount 1 ] ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Warning ] ;
    sh:property [ sh:path [ sh:inversePath ex:contains ] ; sh:minCount 1 ] ;
    sh:property [ sh:path ( ex:about [ sh:zeroOrMorePath ex:in ] ) ;
                  sh:nodeKind sh:Literal ] .
"""

CONFORMING = """
@prefix ex: <https://example.org/> .
ex:paper ex:contains ex:figure .
ex:figure a ex:Figure ; ex:number 3 ; ex:name "a name" .
"""

FAULTY = """
@prefix ex: <https://example.org/> .
ex:figure a ex:Figure ; ex:number "three", 3 ; ex:about ex:gene .
[] a ex:Figure ; ex:name "no IRI" .
"""

FAULTS = {
    (EX + "figure", EX + "number", "DatatypeConstraintComponent", "Violation"),
    (EX + "figure", EX + "number", "MaxCountConstraintComponent", "Violation"),
    (EX + "figure", EX + "name", "MinCountConstraintComponent", "Warning"),
    (EX + "figure", f"^<{EX}contains>", "MinCountConstraintComponent", "Violation"),
    (
        EX + "figure",
        f"<{EX}about>/<{EX}in>*",
        "NodeKindConstraintComponent",
        "Violation",
    ),
    ("_:", f"^<{EX}contains>", "MinCountConstraintComponent", "Violation"),
    ("_:", "", "NodeKindConstraintComponent", "Violation"),
}


SSSOM = """\
#curie_map:
#  NCBIGene: http://identifiers.org/ncbigene/
#  HGNC: http://identifiers.org/hgnc/
#license: https://creativecommons.org/publicdomain/zero/1.0/
#mapping_set_id: https://example.org/mappings
subject_id\tpredicate_id\tobject_id\tmapping_justification
NCBIGene:8600\tskos:exactMatch\tHGNC:11926\tsemapv:LexicalMatching
NCBIGene:7124\tskos:exactMatch\tHGNC:11892\tsemapv:LexicalMatching
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in {
        "right.ttl": TURTLE,
        "wrong.ttl": TURTLE.replace(" .\n", " \n"),
        "right.nt": NTRIPLES,
        "wrong.nt": NTRIPLES.replace("gene>", "ge ne>"),
        "right.jsonld": JSONLD,
        "shapes.ttl": SHAPES,
        "conforming.ttl": CONFORMING,
        "faulty.ttl": FAULTY,
        "right.sssom.tsv": SSSOM,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "syntax"), [("right.ttl", "turtle"), ("right.nt", "ntriples")])
def test_rapper_reads_the_triples(files: Path, name: str, syntax: Syntax) -> None:
    assert referees.rapper_triples(files / name, syntax) == TRIPLES


@pytest.mark.parametrize(("name", "syntax"), [("wrong.ttl", "turtle"), ("wrong.nt", "ntriples")])
def test_rapper_refuses_bad_syntax(files: Path, name: str, syntax: Syntax) -> None:
    with pytest.raises(RefereeError):
        referees.rapper_triples(files / name, syntax)


def test_jsonld_reads_the_triples(files: Path) -> None:
    assert referees.jsonld_triples(files / "right.jsonld") == TRIPLES


def test_jsonld_sees_a_changed_value(files: Path) -> None:
    path = files / "changed.jsonld"
    path.write_text(JSONLD.replace('"number": 3', '"number": 4'), encoding="utf-8")
    (only_expected,) = TRIPLES - referees.jsonld_triples(path)
    assert only_expected[2] == Literal("3", XSD_INTEGER)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ('{"@id": "https://example.org/figure", "name": "x"}', "invalid property"),
        ('{"@context": "https://example.org/context", "name": "x"}', "remote load"),
        (JSONLD.replace('"@graph"', '"@id": "https://example.org/g", "@graph"'), "in the graph"),
        ("{", "JSON"),
    ],
    ids=["unmapped key", "remote context", "named graph", "not JSON"],
)
def test_jsonld_refuses_what_would_be_lost(files: Path, document: str, message: str) -> None:
    path = files / "wrong.jsonld"
    path.write_text(document, encoding="utf-8")
    with pytest.raises(RefereeError, match=message):
        referees.jsonld_triples(path)


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_pass_conforming_data_and_find_the_faults(files: Path, engine: Engine) -> None:
    shapes = files / "shapes.ttl"
    conforming, faulty = referees.js_shacl_of(
        engine, [(shapes, files / "conforming.ttl"), (shapes, files / "faulty.ttl")]
    )
    assert conforming == set()
    assert faulty == {
        ShaclResult(focus, path, SH + component, SH + severity)
        for focus, path, component, severity in FAULTS
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_refuse_data_that_is_not_turtle(files: Path, engine: Engine) -> None:
    with pytest.raises(RefereeError, match=r"wrong\.ttl"):
        referees.js_shacl(engine, files / "shapes.ttl", files / "wrong.ttl")


def test_sssom_py_passes_a_valid_table(files: Path) -> None:
    assert referees.sssom_faults(files / "right.sssom.tsv") == []


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("HGNC:11892\tsemapv:LexicalMatching", "HGNC:11892\t", "made up.*UnspecifiedMatching"),
        ("\tmapping_justification", "\tjustification", "made up"),
        ("semapv:LexicalMatching", "semapv:Guess", "'semapv:Guess' does not match"),
        ("HGNC:11892", "NOWHERE:11892", "Missing prefix: NOWHERE"),
        ("HGNC:11892", "no CURIE", "not a valid URI or CURIE"),
        ("#license: ", "#licence: ", "license is not stated"),
    ],
    ids=["justification", "column", "wrong justification", "prefix", "no CURIE", "license"],
)
def test_sssom_py_finds_the_fault(files: Path, right: str, wrong: str, message: str) -> None:
    path = files / "wrong.sssom.tsv"
    path.write_text(SSSOM.replace(right, wrong), encoding="utf-8")
    assert re.search(message, "\n".join(referees.sssom_faults(path)))


def test_a_missing_referee_skips_here_and_fails_in_ci(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match="raptor2-utils"):
        referees.rapper_triples(files / "right.ttl", "turtle")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="raptor2-utils"):
        referees.rapper_triples(files / "right.ttl", "turtle")
    monkeypatch.setattr(referees, "SSSOM", files / "nothing")
    with pytest.raises(pytest.fail.Exception, match="sssom-py"):
        referees.sssom_faults(files / "right.sssom.tsv")
