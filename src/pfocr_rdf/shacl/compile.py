"""Shapes graph -> closures: everything that can be decided before there is data.

Each shape becomes one function of (graph, focus node, results). The tests that depend on
a term alone are fused into one pass over the values that remembers the good ones, because
the figures of a release repeat the same few thousand classes, concepts and identifiers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.shacl.constraints import InGraph, Pure, Test, show
from pfocr_rdf.shacl.declaration import Declaration, find_shapes, refuse_unsupported
from pfocr_rdf.shacl.graph import NOTHING, DataGraph, Index
from pfocr_rdf.shacl.names import SH, component
from pfocr_rdf.shacl.parameters import read_rules, read_tests
from pfocr_rdf.shacl.paths import Path, compile_path, parse_path
from pfocr_rdf.shacl.results import Result
from pfocr_rdf.shacl.rules import Conforms, Rule
from pfocr_rdf.shacl.unsupported import UnsupportedShapesError
from pfocr_rdf.terms import IRI, Literal, Subject, Term

Out = list[Result]
Check = Callable[[DataGraph, Term, Out], None]
Step = Callable[[DataGraph, Term, Sequence[Term], Out], None]
Report = Callable[[Term, Term | None, Path | None, Out], None]
"""Appends the result of one constraint for (focus node, value, path)."""

_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A compiled shape.

    Attributes:
        node: Its name in the shapes graph.
        path: None for a node shape.
        vacuous: Whether a focus node without any value cannot be at fault.
        check: Appends the results of one focus node.
        check_values: The same, for values that the caller has already looked up.
    """

    node: Subject
    path: Path | None
    vacuous: bool
    check: Check
    check_values: Step


def compile_declarations(index: Index) -> dict[Subject, Shape]:
    """Return all shapes of a graph, compiled, in the order in which it names them.

    Raises:
        ShapesError: A shape is ill-formed.
        UnsupportedShapesError: The graph says more than SHACL Core, a shape refers to
            itself, or a pattern cannot be translated.
    """
    refuse_unsupported(index, ())
    declarations = find_shapes(index)
    refuse_unsupported(index, declarations.values())
    siblings = _siblings(declarations)
    references = {
        node: [*declaration.refers_to(), *siblings.get(node, ())]
        for node, declaration in declarations.items()
    }
    try:
        order = list(TopologicalSorter(references).static_order())
    except CycleError as error:
        names = ", ".join(sorted({show(node) for node in error.args[1]}))
        raise UnsupportedShapesError(
            f"shapes: {names}: expected no shape that refers to itself, whose meaning SHACL "
            "leaves undefined (use --engine pyshacl)"
        ) from error
    compiled: dict[Subject, Shape] = {}
    for node in order:
        compiled[node] = _compile(declarations[node], compiled, siblings.get(node, ()))
    return {node: compiled[node] for node in declarations}


def _siblings(declarations: dict[Subject, Declaration]) -> dict[Subject, list[Subject]]:
    """Return, per disjoint qualified property shape, the qualified shapes beside its own."""
    siblings: dict[Subject, list[Subject]] = {}
    for parent in declarations.values():
        children = [declarations[node] for node in parent.shapes(SH.property)]
        for child in children:
            if child.flag(SH.qualifiedValueShapesDisjoint):
                own = child.values(SH.qualifiedValueShape)
                found = siblings.setdefault(child.node, [])
                for other in children:
                    found += [
                        shape
                        for shape in other.shapes(SH.qualifiedValueShape)
                        if shape not in own and shape not in found
                    ]
    return siblings


def _compile(
    declaration: Declaration, compiled: dict[Subject, Shape], siblings: Sequence[Subject]
) -> Shape:
    """Compile one shape; those that it refers to are compiled already."""
    declaration.check_scope()
    path = _path(declaration)
    steps, vacuous = _steps(declaration, path, compiled, siblings)
    if declaration.flag(SH.deactivated):
        return Shape(declaration.node, path, True, _pass_check, _pass_step)
    run = _in_turn(steps)
    if path is None:

        def check(graph: DataGraph, focus: Term, out: Out) -> None:
            run(graph, focus, (focus,), out)

        return Shape(declaration.node, None, vacuous, check, run)
    walk = compile_path(path)

    def check_path(graph: DataGraph, focus: Term, out: Out) -> None:
        run(graph, focus, walk(graph, focus), out)

    return Shape(declaration.node, path, vacuous, check_path, run)


def _pass_check(_graph: DataGraph, _focus: Term, _out: Out) -> None:
    """A deactivated shape: every node conforms."""


def _pass_step(_graph: DataGraph, _focus: Term, _values: Sequence[Term], _out: Out) -> None:
    """A deactivated shape: every value conforms."""


def _path(declaration: Declaration) -> Path | None:
    node = declaration.one(SH.path)
    if node is None:
        return None
    try:
        return parse_path(declaration.index, node)
    except ShapesError as error:
        raise ShapesError(f"shape {show(declaration.node)}: {error}") from error


def _steps(
    declaration: Declaration,
    path: Path | None,
    compiled: dict[Subject, Shape],
    siblings: Sequence[Subject],
) -> tuple[list[Step], bool]:
    """Return what a shape does with its values, and whether it is vacuous."""

    def conforms_to(node: Subject) -> Conforms:
        return _conforms(compiled[node].check)

    reporter = _Reporter(declaration, path)
    tests = list(read_tests(declaration, conforms_to))
    rules = list(read_rules(declaration, conforms_to, siblings))
    steps = [_rule_step(rule, reporter.report(rule)) for rule in rules]
    pure = [(test.pure, reporter.report(test)) for test in tests if test.pure is not None]
    if pure:
        steps.append(_pure_step(pure))
    steps += [
        _in_graph_step(test.in_graph, reporter.report(test))
        for test in tests
        if test.in_graph is not None
    ]
    steps += [_node_step(compiled[node], reporter) for node in declaration.shapes(SH.node)]
    properties = [compiled[node] for node in declaration.shapes(SH.property)]
    for each in properties:
        if each.path is None:
            raise declaration.fail(SH.property, "a shape with sh:path", show(each.node))
    if properties:
        steps.append(_properties_step(properties))
    return steps, all(rule.vacuous for rule in rules)


def _conforms(check: Check) -> Conforms:
    def conforms(graph: DataGraph, node: Term) -> bool:
        results: Out = []
        check(graph, node, results)
        return not results

    return conforms


class _Reporter:
    """Makes the results of one shape, whose fields but three are the same every time."""

    def __init__(self, declaration: Declaration, path: Path | None) -> None:
        self.node = declaration.node
        self.path = path
        self.severity = declaration.iri(SH.severity) or SH.Violation
        self.stated = declaration.messages()

    def messages(self, expected: str) -> tuple[Literal, ...]:
        return self.stated or (Literal(f"expected {expected}"),)

    def report(self, constraint: Test | Rule) -> Report:
        shape, severity, path = self.node, self.severity, self.path
        name, messages = constraint.component, self.messages(constraint.expected)

        def report(focus: Term, value: Term | None, own: Path | None, out: Out) -> None:
            where = path if own is None else own
            out.append(Result(focus, where, value, shape, name, severity, messages))

        return report


def _in_turn(steps: Sequence[Step]) -> Step:
    if len(steps) == 1:
        return steps[0]

    def run(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for step in steps:
            step(graph, focus, values, out)

    return run


def _rule_step(rule: Rule, report: Report) -> Step:
    find = rule.find

    def step(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for fault in find(graph, focus, values):
            report(focus, fault.value, fault.path, out)

    return step


def _pure_step(tests: Sequence[tuple[Pure, Report]]) -> Step:
    """Fuse the tests that need no graph, and remember the values that pass them all."""
    good: set[Term] = set()

    def step(_graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for value in values:
            if value in good:
                continue
            found = len(out)
            for test, report in tests:
                if not test(value):
                    report(focus, value, None, out)
            if len(out) == found:
                if len(good) >= _REMEMBERED:
                    good.clear()
                good.add(value)

    return step


def _in_graph_step(test: InGraph, report: Report) -> Step:
    def step(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for value in values:
            if not test(value, graph):
                report(focus, value, None, out)

    return step


def _node_step(inner: Shape, reporter: _Reporter) -> Step:
    """sh:node: one result per value, with the inner results as its details."""
    messages = reporter.messages(f"a value of the shape {show(inner.node)}")
    shape, path, severity = reporter.node, reporter.path, reporter.severity
    name, check = component("Node"), inner.check

    def step(graph: DataGraph, focus: Term, values: Sequence[Term], out: Out) -> None:
        for value in values:
            detail: Out = []
            check(graph, value, detail)
            if detail:
                found = (focus, path, value, shape, name, severity, messages, tuple(detail))
                out.append(Result(*found))

    return step


def _properties_step(shapes: Sequence[Shape]) -> Step:
    """sh:property: each value is a focus node; its triples are looked up once for all."""
    plain: list[tuple[IRI, bool, Step]] = []
    walked: list[Check] = []
    for shape in shapes:
        if isinstance(shape.path, str):
            plain.append((shape.path, shape.vacuous, shape.check_values))
        else:
            walked.append(shape.check)

    def step(graph: DataGraph, _focus: Term, values: Sequence[Term], out: Out) -> None:
        index = graph.index
        for node in values:
            known = NOTHING if isinstance(node, Literal) else index.get(node, NOTHING)
            for predicate, vacuous, check_values in plain:
                found = known.get(predicate)
                if found:
                    check_values(graph, node, found, out)
                elif not vacuous:
                    check_values(graph, node, (), out)
            for check in walked:
                check(graph, node, out)

    return step
