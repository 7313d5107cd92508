"""Results as a standard sh:ValidationReport, and grouped for a reader.

Source: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pfocr_rdf.rdf import IRI, BlankNode, Literal, Subject, Term, Triple
from pfocr_rdf.shacl.names import RDF_TYPE, SH, TRUE, XSD_BOOLEAN
from pfocr_rdf.shacl.paths import Path, path_triples
from pfocr_rdf.shacl.results import Result, conforms

_FALSE = Literal("false", XSD_BOOLEAN)


@dataclass(frozen=True, slots=True)
class Group:
    """The results that say the same of different nodes.

    Attributes:
        shape: The source shape, as in `Result`; so are path, severity, component.
        messages: The texts, the same for all.
        results: In the order in which they were found; never empty.
    """

    shape: Subject
    path: Path | None
    severity: IRI
    component: IRI
    messages: tuple[Literal, ...]
    results: tuple[Result, ...]


def group_results(results: Sequence[Result]) -> list[Group]:
    """Return the results by shape, path and message, the largest group first."""
    groups: dict[tuple[object, ...], list[Result]] = {}
    for each in results:
        key = (each.shape, each.path, each.severity, each.component, each.messages)
        groups.setdefault(key, []).append(each)
    found = [
        Group(
            first.shape,
            first.path,
            first.severity,
            first.component,
            first.messages,
            tuple(members),
        )
        for members in groups.values()
        for first in members[:1]
    ]
    return sorted(found, key=lambda group: -len(group.results))


def report_triples(results: Sequence[Result]) -> Iterator[Triple]:
    """Yield a validation report; a result's triples follow each other.

    Its own blank nodes are labelled `report`, `result1`, `path1`...; those of data and
    shapes keep their labels, with `data-` before them, so that the two never meet.
    """
    report = BlankNode("report")
    results_made = _fresh("result")
    paths_made = _fresh("path")
    yield report, RDF_TYPE, SH.ValidationReport
    yield report, SH.conforms, TRUE if conforms(results) else _FALSE
    for result in results:
        yield from _result_triples((report, SH.result), result, results_made, paths_made)


def _fresh(prefix: str) -> Iterator[BlankNode]:
    number = 0
    while True:
        number += 1
        yield BlankNode(f"{prefix}{number}")


def _result_triples(
    link: tuple[Subject, IRI],
    result: Result,
    results_made: Iterator[BlankNode],
    paths_made: Iterator[BlankNode],
) -> Iterator[Triple]:
    node = next(results_made)
    owner, predicate = link
    yield owner, predicate, node
    yield node, RDF_TYPE, SH.ValidationResult
    yield node, SH.focusNode, _relabelled(result.focus)
    path: list[Triple] = []
    if result.path is not None:
        path_node, path = path_triples(result.path, paths_made)
        yield node, SH.resultPath, path_node
    if result.value is not None:
        yield node, SH.value, _relabelled(result.value)
    for message in result.messages:
        yield node, SH.resultMessage, message
    yield node, SH.resultSeverity, result.severity
    yield node, SH.sourceConstraintComponent, result.component
    yield node, SH.sourceShape, _relabelled(result.shape)
    yield from path
    for inner in result.detail:
        yield from _result_triples((node, SH.detail), inner, results_made, paths_made)


def _relabelled(term: Term) -> Term:
    return BlankNode(f"data-{term.label}") if isinstance(term, BlankNode) else term
