"""The pieces a compiled shape is made of: functions over the values of a focus node.

The tests that depend on a term alone are fused into one pass over the values that
remembers the good ones, because the figures of a release repeat the same few thousand
classes, concepts and identifiers. Results are only made where somebody wants them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from pfocr_rdf.rdf import IRI, Literal, Seen, Subject, Term
from pfocr_rdf.shacl.constraints import InGraph, Pure, Test, show
from pfocr_rdf.shacl.declaration import Declaration
from pfocr_rdf.shacl.graph import NOTHING, DataGraph, Subclasses
from pfocr_rdf.shacl.names import SH, component
from pfocr_rdf.shacl.paths import Path
from pfocr_rdf.shacl.results import Result
from pfocr_rdf.shacl.rules import Conforms, Rule

Out = list[Result]
Check = Callable[[DataGraph, Term, Out], None]
Step = Callable[[DataGraph, Term, Sequence[Term], Out], None]
Report = Callable[[Term, Term | None, Path | None, Out], None]
"""Appends the result of one constraint for (focus node, value, path)."""

_REMEMBERED = 4_096
UNLIMITED = sys.maxsize
_STOP: Out = []
"""Given instead of a list of results by those who only ask whether there would be one."""


class NotConforming(Exception):  # noqa: N818 - a signal, not an error
    """Raised by the first fault where nobody wants the results."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A compiled shape.

    Attributes:
        node: Its name in the shapes graph.
        path: None for a node shape.
        check: Appends the results of one focus node.
        check_values: The same, for values that the caller has already looked up.
        counts: How many values are right: the shortcut for the many shapes whose counts
            are all there is to check, or are fine.
        rest: `check_values` less the counts; None where nothing is left.
        vacuous: Whether the rest holds of no values at all.
        reads: The predicates of a focus node whose objects alone decide on it; None where
            more does: the node itself, or what lies beyond it.
        of_classes: Whether the classes of a focus node alone decide on it.
    """

    node: Subject
    path: Path | None
    check: Check
    check_values: Step
    counts: range
    rest: Step | None
    vacuous: bool
    reads: frozenset[IRI] | None
    of_classes: bool


def pass_check(_graph: DataGraph, _focus: Term, _out: Out) -> None:
    """A deactivated shape: every node conforms."""


def pass_step(_graph: DataGraph, _focus: Term, _values: Sequence[Term], _out: Out) -> None:
    """A deactivated shape: every value conforms."""


def decision_of(check: Check) -> Conforms:
    """Return the function that says whether a node conforms to a shape."""

    def conforms(graph: DataGraph, node: Term) -> bool:
        try:
            check(graph, node, _STOP)
        except NotConforming:
            return False
        return True

    return conforms


class Reporter:
    """Makes the results of one shape, whose fields but three are the same every time."""

    def __init__(self, declaration: Declaration, path: Path | None) -> None:
        self.node = declaration.node
        self.path = path
        self.severity = declaration.iri(SH.severity) or SH.Violation
        self.stated = declaration.messages()

    def messages(self, expected: str) -> tuple[Literal, ...]:
        """Return what the shape says, or else what a constraint expected."""
        return self.stated or (Literal(f"expected {expected}"),)

    def report(self, constraint: Test | Rule) -> Report:
        """Return the function that appends a result of one constraint."""
        shape, severity, path = self.node, self.severity, self.path
        name, messages = constraint.component, self.messages(constraint.expected)

        def report(focus: Term, value: Term | None, own: Path | None, out: Out) -> None:
            if out is _STOP:
                raise NotConforming
            where = path if own is None else own
            out.append(Result(focus, where, value, shape, name, severity, messages))

        return report


def in_turn(steps: Sequence[Step]) -> Step:
    """Return one step that takes all steps."""
    if len(steps) == 1:
        return steps[0]

    def run(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for step in steps:
            step(graph, focus, values, out)

    return run


def rule_step(rule: Rule, report: Report) -> Step:
    """Return the step of a constraint on all values."""
    find = rule.find

    def step(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for fault in find(graph, focus, values):
            report(focus, fault.value, fault.path, out)

    return step


def pure_step(tests: Sequence[tuple[Pure, Report]]) -> Step:
    """Fuse the tests that need no graph, and remember the values that pass them all."""
    good = Seen[Term](_REMEMBERED)

    def step(_graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for value in values:
            if value in good:
                continue
            found = len(out)
            for test, report in tests:
                if not test(value):
                    report(focus, value, None, out)
            if len(out) == found:
                good.add(value)

    return step


def remembered_check(check: Check, reads: frozenset[IRI]) -> Check:
    """Return a check that remembers which combinations of these predicates' objects are good.

    For shapes about how a few classes, concepts and counts go together: a release says the
    same few dozen things of millions of nodes.
    """
    predicates = sorted(reads)
    good = Seen[tuple[tuple[Term, ...] | None, ...]](_REMEMBERED)

    def remembered(graph: DataGraph, focus: Term, out: Out) -> None:
        known = NOTHING if isinstance(focus, Literal) else graph.index.get(focus, NOTHING)
        said = tuple([known.get(predicate) for predicate in predicates])
        if said in good:
            return
        found = len(out)
        check(graph, focus, out)
        if len(out) == found:
            good.add(said)

    return remembered


def in_graph_step(test: InGraph, report: Report) -> Step:
    """Return the step of a test that needs the graph."""

    def step(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for value in values:
            if not test(value, graph):
                report(focus, value, None, out)

    return step


def classes_step(test: InGraph, report: Report) -> Step:
    """Return the step of a test that asks for a value's classes alone: it remembers good ones."""
    good = Seen[tuple[Term, ...]](_REMEMBERED)
    plain = in_graph_step(test, report)
    tree: Subclasses | None = None

    def step(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        nonlocal tree
        if graph.supposed is not None:
            plain(graph, focus, values, out)
            return
        if tree is not graph.subclasses:
            good.clear()
            tree = graph.subclasses
        classes_of = graph.classes
        for value in values:
            classes = tuple(classes_of(value))
            if classes in good:
                continue
            # The classes are known: whoever was asked for them need not be asked again.
            if test(value, _knowing(classes, graph.subclasses)):
                good.add(classes)
            else:
                report(focus, value, None, out)

    return step


def _knowing(classes: tuple[Term, ...], tree: Subclasses) -> DataGraph:
    """Return a graph that knows of any node that it is of these classes, and nothing else."""
    return DataGraph({}, tree, lambda _: cast("tuple[IRI, ...]", classes))


def node_step(inner: Shape, reporter: Reporter) -> Step:
    """sh:node: one result per value, with the inner results as its details."""
    messages = reporter.messages(f"a value of the shape {show(inner.node)}")
    shape, path, severity = reporter.node, reporter.path, reporter.severity
    name, check = component("Node"), inner.check

    def step(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for value in values:
            detail: Out = _STOP if out is _STOP else []
            check(graph, value, detail)
            if detail:
                found = (focus, path, value, shape, name, severity, messages, tuple(detail))
                out.append(Result(*found))

    return step


def properties_step(shapes: Sequence[Shape]) -> Step:
    """sh:property: each value is a focus node; its triples are looked up once for all."""
    plain = [
        (each.path, each.counts.start, each.counts.stop, each.check_values, each.rest, each.vacuous)
        for each in shapes
        if isinstance(each.path, str)
    ]
    walked = [each.check for each in shapes if not isinstance(each.path, str)]

    def step(graph: DataGraph, _focus: Term, values: Sequence[Term], out: Out) -> None:
        index = graph.index
        for node in values:
            known = NOTHING if isinstance(node, Literal) else index.get(node, NOTHING)
            for predicate, least, beyond, check_values, rest, vacuous in plain:
                found = known.get(predicate, ())
                if not least <= len(found) < beyond:
                    check_values(graph, node, found, out)
                elif rest is not None and (found or not vacuous):
                    rest(graph, node, found, out)
            for check in walked:
                check(graph, node, out)

    return step
