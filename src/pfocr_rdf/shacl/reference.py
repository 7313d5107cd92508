"""pyshacl as a second opinion: the same result type, from another implementation.

The only module that imports pyshacl; import it when it is needed (it takes a second). Two of its traps are kept
away here: it gets graphs, never text (a text with a fault in it leaves rdflib's literal
normalisation switched off), and its verdict is not asked for, only its results (a warning
may or may not count there). Literals go in exactly as they were written.

Source: https://github.com/RDFLib/pySHACL
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyshacl
from rdflib import Graph

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.rdf import IRI, BlankNode, Literal, Subject, Term, Triple
from pfocr_rdf.shacl.graph import Index, index_triples
from pfocr_rdf.shacl.names import RDF_TYPE, SH, SUBCLASS_OF
from pfocr_rdf.shacl.paths import parse_path
from pfocr_rdf.shacl.rdflib_terms import from_rdflib, quiet, to_rdflib_graph
from pfocr_rdf.shacl.results import Result
from pfocr_rdf.text import one_line

_DATA, _SHAPES = "data.", "shapes."


def validate_with_pyshacl(
    data: Iterable[Triple], shapes: Iterable[Triple], *, axioms: Iterable[Triple] = ()
) -> list[Result]:
    """Return what pyshacl finds.

    Args:
        data: The data graph; held in memory by rdflib, about a kilobyte per triple.
        shapes: The shapes graph; SHACL-SPARQL is understood.
        axioms: As in `compile_shapes`.

    Raises:
        ShapesError: pyshacl cannot run the shapes; its own words are in the message.
    """
    given = [*data, *(triple for triple in axioms if triple[1] == SUBCLASS_OF)]
    data_graph = to_rdflib_graph(given, blank_prefix=_DATA)
    shapes_graph = to_rdflib_graph(shapes, blank_prefix=_SHAPES)
    try:
        with quiet():
            _, report, text = pyshacl.validate(
                data_graph,
                shacl_graph=shapes_graph,
                inference="none",
                do_owl_imports=False,
            )
    except (RuntimeError, ValueError, re.error) as error:
        raise ShapesError(f"shapes: pyshacl: {one_line(str(error))}") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"shapes: pyshacl: {' '.join(str(text).split())}")
    return _read_report(index_triples(from_rdflib(report)))


def _read_report(index: Index) -> list[Result]:
    results: list[Result] = []
    for properties in index.values():
        if SH.ValidationReport in properties.get(RDF_TYPE, ()):
            results += [_read_result(index, node) for node in properties.get(SH.result, ())]
    return sorted(results, key=_order)


def _read_result(index: Index, node: Term) -> Result:
    assert not isinstance(node, Literal), "a result is a node"
    properties = index[node]

    def only(name: IRI) -> Term | None:
        values = properties.get(name)
        return values[0] if values else None

    path = only(SH.resultPath)
    value = only(SH.value)
    focus, shape = only(SH.focusNode), only(SH.sourceShape)
    component, severity = only(SH.sourceConstraintComponent), only(SH.resultSeverity)
    assert focus is not None, "each result has a focus node"
    assert isinstance(shape, (str, BlankNode)), "each result has a shape"
    assert isinstance(component, str), "each result has a component"
    assert isinstance(severity, str), "each result has a severity"
    messages = [each for each in properties.get(SH.resultMessage, ()) if isinstance(each, Literal)]
    return Result(
        _own(focus),
        None if path is None else parse_path(index, path),
        None if value is None else _own(value),
        _own_subject(shape),
        component,
        severity,
        tuple(sorted(messages)) or (Literal("expected no fault"),),
        tuple(_read_result(index, detail) for detail in properties.get(SH.detail, ())),
    )


def _own(term: Term) -> Term:
    return term if isinstance(term, (str, Literal)) else _own_subject(term)


def _own_subject(term: Subject) -> Subject:
    """Give a blank node back the label that it had before it was told apart."""
    if not isinstance(term, BlankNode):
        return term
    prefix = _DATA if term.label.startswith(_DATA) else _SHAPES
    return BlankNode(term.label.removeprefix(prefix))


def _order(result: Result) -> tuple[str, ...]:
    """Sort: rdflib's graphs have no order, and two runs should agree."""
    fields = (result.focus, result.shape, result.path, result.component, result.value)
    return tuple(repr(each) for each in fields)
