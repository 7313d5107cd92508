"""The W3C SHACL test suite: Core passes as a whole, SPARQL is refused as a whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.shacl import UnsupportedShapesError, compile_shapes, conforms
from pfocr_rdf.shacl.names import SH, TRUE
from pfocr_rdf.shacl.reference import validate_with_pyshacl
from tests.support.referees import npm_package
from tests.support.shacl_conformance import (
    SUITE,
    Case,
    collect,
    documented,
    fast,
    same_report,
    table,
)

HERE = SUITE.is_dir()
CORE = collect("core") if HERE else []
SPARQL = collect("sparql") if HERE else []
needs_suite = pytest.mark.skipif(
    not HERE, reason="the npm package shacl-engine, which carries the W3C test suite, is not here"
)


def test_suite_is_complete() -> None:
    """All cases are found: those of W3C's manifests, and one of SPARQL that none of them names."""
    npm_package("shacl-engine")
    assert (len(CORE), len(SPARQL)) == (98, 23)


@needs_suite
@pytest.mark.parametrize("case", CORE, ids=lambda case: case.name)
def test_core(case: Case) -> None:
    """The whole report is as expected, and so is sh:conforms."""
    results = fast(list(read_triples(case.data)), list(read_triples(case.shapes)))
    expected = case.expected_triples()
    verdicts = [value for _, predicate, value in expected if predicate == SH.conforms]
    assert verdicts == [TRUE] or not conforms(results)
    assert conforms(results) or verdicts != [TRUE]
    assert same_report(expected, results)


@needs_suite
def test_a_wrong_report_is_seen() -> None:
    """The comparison can fail: of a report without one of its results it says so."""
    case = next(case for case in CORE if case.name == "core/property/property-001")
    results = fast(list(read_triples(case.data)), list(read_triples(case.shapes)))
    assert same_report(case.expected_triples(), results)
    assert not same_report(case.expected_triples(), results[1:])


@needs_suite
@pytest.mark.parametrize("case", SPARQL, ids=lambda case: case.name)
def test_sparql_is_refused_by_name(case: Case) -> None:
    """No constraint in SPARQL is passed over; the message names terms and the way out."""
    with pytest.raises(UnsupportedShapesError, match=r"sh:\w+.*use --engine pyshacl"):
        compile_shapes(read_triples(case.shapes))


@pytest.mark.whole
@needs_suite
def test_conformance_table_is_current() -> None:
    """docs/shacl.md says what the engines do (else run tests/shacl_conformance.py)."""
    assert documented() == table()


@needs_suite
def test_engines_agree_on_the_person_example() -> None:
    """The reference engine gives our own result type, in every field but the messages."""
    triples = list(read_triples(SUITE / "core" / "complex" / "personexample.ttl"))
    mine, theirs = fast(triples, triples), validate_with_pyshacl(triples, triples)
    assert {(r.focus, r.path, r.value, r.shape, r.component, r.severity) for r in mine} == {
        (r.focus, r.path, r.value, r.shape, r.component, r.severity) for r in theirs
    }
    assert len(mine) == len(theirs) == 4


def test_how_fast_is_said_by_the_benchmark_alone(root: Path) -> None:
    """docs/shacl.md points to the table that `make bench` writes, and has no times of its own."""
    text = (root / "docs" / "shacl.md").read_text(encoding="utf-8")
    assert "(performance.md#shacl-engines)" in text
    assert re.findall(r"[0-9.,]+ ?(?:ms|seconds|MiB)\b", text) == []
    measured = (root / "docs" / "performance.md").read_text(encoding="utf-8")
    section = measured.partition("\n## SHACL engines\n")[2].partition("\n## ")[0]
    assert "<!-- generated: shacl -->" in section
