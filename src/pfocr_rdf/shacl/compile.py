"""Shapes graph -> closures: everything that can be decided before there is data.

Each shape becomes one function of (graph, focus node, results), put together from `steps`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.rdf import IRI, Subject, Term
from pfocr_rdf.shacl.constraints import show
from pfocr_rdf.shacl.declaration import Declaration, find_shapes, refuse_unsupported
from pfocr_rdf.shacl.graph import DataGraph, Index
from pfocr_rdf.shacl.names import OF_VALUES, SH, SH_AND, SH_CLASS, SH_NOT, SH_OR, component
from pfocr_rdf.shacl.parameters import read_rules, read_tests
from pfocr_rdf.shacl.paths import Path, compile_path, parse_path
from pfocr_rdf.shacl.rules import Conforms
from pfocr_rdf.shacl.steps import (
    UNLIMITED,
    Out,
    Reporter,
    Shape,
    Step,
    classes_step,
    decision_of,
    in_graph_step,
    in_turn,
    node_step,
    pass_check,
    pass_step,
    properties_step,
    pure_step,
    remembered_check,
    rule_step,
)
from pfocr_rdf.shacl.unsupported import UnsupportedShapesError

_COUNTS = (component("MinCount"), component("MaxCount"))
_OF_SHAPES = frozenset((SH.property, SH.node, SH.xone, SH_AND, SH_NOT, SH_OR))
_OF_CLASSES = frozenset((SH_CLASS, SH_AND, SH_NOT, SH_OR, SH.xone))
_FEW = 3
"""Of how many predicates combinations are remembered: of more, hardly any comes again."""


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
    siblings = sibling_shapes(declarations)
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
        compiled[node] = compile_shape(declarations[node], compiled, siblings.get(node, ()))
    return {node: compiled[node] for node in declarations}


def sibling_shapes(declarations: Mapping[Subject, Declaration]) -> dict[Subject, list[Subject]]:
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


def compile_shape(
    declaration: Declaration, compiled: Mapping[Subject, Shape], siblings: Sequence[Subject]
) -> Shape:
    """Compile one shape; those that it refers to are compiled already."""
    declaration.check_scope()
    path = _path(declaration)
    counting, resting, vacuous = _steps(declaration, path, compiled, siblings)
    if declaration.flag(SH.deactivated):
        anything = range(UNLIMITED)
        nothing: frozenset[IRI] = frozenset()
        return Shape(
            declaration.node, path, pass_check, pass_step, anything, None, True, nothing, False
        )
    run = in_turn([*counting, *resting])
    rest = in_turn(resting) if resting else None
    if path is None:

        def check_node(graph: DataGraph, focus: Term, out: Out) -> None:
            run(graph, focus, (focus,), out)

        reads = _reads(declaration, compiled)
        few = reads is not None and len(reads) <= _FEW
        check = remembered_check(check_node, reads) if reads and few else check_node
        return Shape(
            declaration.node, None, check, run, range(UNLIMITED), run, vacuous, reads,
            _OF_CLASSES.issuperset(declaration.parameters())
            and all(compiled[each].of_classes for each in declaration.refers_to()),
        )  # fmt: skip
    walk = compile_path(path)

    def check_path(graph: DataGraph, focus: Term, out: Out) -> None:
        run(graph, focus, walk(graph, focus), out)

    least, most = declaration.integer(SH.minCount), declaration.integer(SH.maxCount)
    counts = range(least or 0, UNLIMITED if most is None else most + 1)
    own = OF_VALUES.issuperset(declaration.parameters())
    reads = frozenset((path,)) if own and isinstance(path, str) else None
    return Shape(declaration.node, path, check_path, run, counts, rest, vacuous, reads, False)


def _logical(declaration: Declaration) -> list[Subject]:
    """Return the shapes of which a shape's tests are made."""
    lists = [each for name in (SH_AND, SH_OR, SH.xone) for each in declaration.lists(name)]
    members = [declaration.shape(SH_AND, each) for some in lists for each in some]
    return [*declaration.shapes(SH_NOT), *members]


def _reads(declaration: Declaration, compiled: Mapping[Subject, Shape]) -> frozenset[IRI] | None:
    """Return the predicates whose objects alone decide on a focus node of a node shape."""
    if not _OF_SHAPES.issuperset(declaration.parameters()):
        return None
    found: set[IRI] = set()
    for node in declaration.refers_to():
        reads = compiled[node].reads
        if reads is None:
            return None
        found |= reads
    return frozenset(found)


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
    compiled: Mapping[Subject, Shape],
    siblings: Sequence[Subject],
) -> tuple[list[Step], list[Step], bool]:
    """Return how a shape counts its values, what else it does, and whether that is vacuous."""

    def conforms_to(node: Subject) -> Conforms:
        return decision_of(compiled[node].check)

    reporter = Reporter(declaration, path)
    tests = list(read_tests(declaration, conforms_to))
    rules = list(read_rules(declaration, conforms_to, siblings))
    counting = [
        rule_step(rule, reporter.report(rule)) for rule in rules if rule.component in _COUNTS
    ]
    others = [rule for rule in rules if rule.component not in _COUNTS]
    steps = [rule_step(rule, reporter.report(rule)) for rule in others]
    pure = [(test.pure, reporter.report(test)) for test in tests if test.pure is not None]
    if pure:
        steps.append(pure_step(pure))
    of_classes = all(compiled[each].of_classes for each in _logical(declaration))
    make = classes_step if of_classes else in_graph_step
    steps += [make(test.in_graph, reporter.report(test)) for test in tests if test.in_graph]
    for each in (compiled[node] for node in declaration.shapes(SH.node)):
        if each.path is not None:
            raise declaration.fail(SH.node, "a shape without sh:path", show(each.node))
        steps.append(node_step(each, reporter))
    properties = [compiled[node] for node in declaration.shapes(SH.property)]
    for each in properties:
        if each.path is None:
            raise declaration.fail(SH.property, "a shape with sh:path", show(each.node))
    if properties:
        steps.append(properties_step(properties))
    return counting, steps, all(rule.vacuous for rule in others)
