"""The parameters of one shape -> its constraints on single values and on all values.

The one place that knows which property of the shapes graph makes which constraint.
Constraints made of other shapes get those shapes compiled, as functions.

Source: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pfocr_rdf.rdf import IRI, Literal, Subject, Term
from pfocr_rdf.shacl import constraints, rules
from pfocr_rdf.shacl.constraints import Test, show
from pfocr_rdf.shacl.declaration import Declaration
from pfocr_rdf.shacl.graph import DataGraph
from pfocr_rdf.shacl.names import SH, SH_AND, SH_CLASS, SH_IN, SH_NOT, SH_OR
from pfocr_rdf.shacl.rules import Conforms, Rule
from pfocr_rdf.shacl.unsupported import UnsupportedShapesError

ConformsTo = Callable[[Subject], Conforms]
"""Gives the compiled decision of another shape."""

_LENGTHS = {"MinLength": SH.minLength, "MaxLength": SH.maxLength}
_RANGES = {
    "MinExclusive": SH.minExclusive,
    "MinInclusive": SH.minInclusive,
    "MaxExclusive": SH.maxExclusive,
    "MaxInclusive": SH.maxInclusive,
}
_QUALIFIED = {
    "QualifiedMinCount": SH.qualifiedMinCount,
    "QualifiedMaxCount": SH.qualifiedMaxCount,
}


def read_tests(shape: Declaration, conforms_to: ConformsTo) -> Iterator[Test]:
    """Yield the constraints on single values, cheap ones first."""
    kind = shape.iri(SH.nodeKind)
    if kind is not None:
        if kind not in constraints.NODE_KINDS:
            raise shape.fail(SH.nodeKind, "one of the six node kinds", show(kind))
        yield constraints.node_kind_test(kind)
    datatype = shape.iri(SH.datatype)
    if datatype is not None:
        yield constraints.datatype_test(datatype)
    members = shape.members(SH_IN)
    if members is not None:
        yield constraints.in_test(members)
    languages = shape.members(SH.languageIn)
    if languages is not None:
        yield constraints.language_test([_language(shape, each) for each in languages])
    for name, parameter in _LENGTHS.items():
        limit = shape.integer(parameter)
        if limit is not None:
            yield constraints.length_test(name, limit)
    for name, parameter in _RANGES.items():
        bound = shape.literal(parameter)
        if bound is not None:
            yield constraints.range_test(name, bound)
    pattern, flags = shape.string(SH.pattern), shape.string(SH.flags)
    if pattern is not None:
        try:
            yield constraints.pattern_test(pattern, flags or "")
        except UnsupportedShapesError as error:
            raise UnsupportedShapesError(f"{error} (use --engine pyshacl)") from error
    for cls in shape.iris(SH_CLASS):
        yield constraints.class_test(cls)
    yield from _logical_tests(shape, conforms_to)


def _language(shape: Declaration, member: Term) -> str:
    if not isinstance(member, Literal):
        raise shape.fail(SH.languageIn, "a list of strings", show(member))
    return member.lexical


def _logical_tests(shape: Declaration, conforms_to: ConformsTo) -> Iterator[Test]:
    for node in shape.shapes(SH_NOT):
        yield constraints.shape_test(
            "Not", f"a value that is not of the shape {show(node)}", _not(conforms_to(node))
        )
    for name, expected, parameter, combine in (
        ("And", "a value of all shapes", SH_AND, _all),
        ("Or", "a value of one shape at least", SH_OR, _any),
        ("Xone", "a value of exactly one shape", SH.xone, _exactly_one),
    ):
        for members in shape.lists(parameter):
            inner = [conforms_to(shape.shape(parameter, member)) for member in members]
            listed = ", ".join(show(member) for member in members)
            yield constraints.shape_test(name, f"{expected} of {listed}", combine(inner))


def _not(inner: Conforms) -> Conforms:
    return lambda graph, value: not inner(graph, value)


def _all(inner: Sequence[Conforms]) -> Conforms:
    return lambda graph, value: all(conforms(graph, value) for conforms in inner)


def _any(inner: Sequence[Conforms]) -> Conforms:
    return lambda graph, value: any(conforms(graph, value) for conforms in inner)


def _exactly_one(inner: Sequence[Conforms]) -> Conforms:
    def decide(graph: DataGraph, value: Term) -> bool:
        return sum(conforms(graph, value) for conforms in inner) == 1

    return decide


def read_rules(
    shape: Declaration, conforms_to: ConformsTo, siblings: Sequence[Subject]
) -> Iterator[Rule]:
    """Yield the constraints on all values together, the counts first."""
    least, most = shape.integer(SH.minCount), shape.integer(SH.maxCount)
    if least is not None:
        yield rules.min_count_rule(least)
    if most is not None:
        yield rules.max_count_rule(most)
    for wanted in shape.values(SH.hasValue):
        yield rules.has_value_rule(wanted)
    if shape.flag(SH.uniqueLang):
        yield rules.unique_language_rule()
    for other in shape.iris(SH.equals):
        yield rules.equals_rule(other)
    for other in shape.iris(SH.disjoint):
        yield rules.disjoint_rule(other)
    for other in shape.iris(SH.lessThan):
        yield rules.less_than_rule(other, or_equal=False)
    for other in shape.iris(SH.lessThanOrEquals):
        yield rules.less_than_rule(other, or_equal=True)
    ignored = shape.members(SH.ignoredProperties)
    if shape.flag(SH.closed):
        yield rules.closed_rule(_listed_properties(shape) | _ignored(shape, ignored or []))
    yield from _qualified_rules(shape, conforms_to, siblings)


def _listed_properties(shape: Declaration) -> frozenset[IRI]:
    """Return the sh:path of each property shape of this shape, where it is an IRI."""
    return frozenset(
        path
        for node in shape.shapes(SH.property)
        for path in Declaration(shape.index, node).values(SH.path)
        if isinstance(path, str)
    )


def _ignored(shape: Declaration, members: Sequence[Term]) -> frozenset[IRI]:
    found: set[IRI] = set()
    for member in members:
        if not isinstance(member, str):
            raise shape.fail(SH.ignoredProperties, "a list of IRIs", show(member))
        found.add(member)
    return frozenset(found)


def _qualified_rules(
    shape: Declaration, conforms_to: ConformsTo, siblings: Sequence[Subject]
) -> Iterator[Rule]:
    limits = [(name, shape.integer(parameter)) for name, parameter in _QUALIFIED.items()]
    value_shape = shape.one(SH.qualifiedValueShape)
    if value_shape is None:
        return  # the counts alone constrain nothing: W3C test core/node/qualified-001
    conforms = conforms_to(shape.shape(SH.qualifiedValueShape, value_shape))
    others = [conforms_to(each) for each in siblings]
    for name, limit in limits:
        if limit is not None:
            yield rules.qualified_rule(name, limit, conforms, others)
