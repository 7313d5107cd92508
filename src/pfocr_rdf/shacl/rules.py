"""The SHACL Core constraints on all values of a focus node together.

Counts, pairs of properties, unique languages, closed shapes and qualified shapes: a rule
sees the values at once and says which of them, or their number, is at fault.

Source: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from pfocr_rdf.rdf import IRI, Literal, Term
from pfocr_rdf.shacl.constraints import show
from pfocr_rdf.shacl.graph import NOTHING, DataGraph
from pfocr_rdf.shacl.literals import comparable, compare
from pfocr_rdf.shacl.names import component

Conforms = Callable[[DataGraph, Term], bool]


class Fault(NamedTuple):
    """What a rule finds: a value, or None for all values; its path if not the shape's."""

    value: Term | None
    path: IRI | None = None


Find = Callable[[DataGraph, Term, Sequence[Term]], Iterable[Fault]]
_WHOLE = (Fault(None),)


class Rule(NamedTuple):
    """One constraint on the values of a focus node.

    Attributes:
        component: The IRI that a result names.
        expected: For the message where the shape has none.
        vacuous: Whether it holds whenever there are no values at all.
        find: Yields the faults of (graph, focus node, values).
    """

    component: IRI
    expected: str
    vacuous: bool
    find: Find


def min_count_rule(least: int) -> Rule:
    """sh:minCount."""
    return Rule(
        component("MinCount"),
        f"at least {least} {_values(least)}",
        least <= 0,
        lambda _graph, _focus, values: _WHOLE if len(values) < least else (),
    )


def max_count_rule(most: int) -> Rule:
    """sh:maxCount."""
    return Rule(
        component("MaxCount"),
        f"at most {most} {_values(most)}",
        most >= 0,
        lambda _graph, _focus, values: _WHOLE if len(values) > most else (),
    )


def _values(number: int) -> str:
    return "value" if number == 1 else "values"


def has_value_rule(wanted: Term) -> Rule:
    """sh:hasValue: the very term, not one of equal value."""
    return Rule(
        component("HasValue"),
        f"the value {show(wanted)}",
        False,
        lambda _graph, _focus, values: () if wanted in values else _WHOLE,
    )


def unique_language_rule() -> Rule:
    """sh:uniqueLang: one fault per language that two values share; case does not matter."""

    def find(_graph: DataGraph, _focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        tags = Counter(
            value.language.lower()
            for value in values
            if isinstance(value, Literal) and value.language
        )
        return (Fault(None) for uses in tags.values() if uses > 1)

    return Rule(component("UniqueLang"), "at most one value per language", True, find)


def equals_rule(other: IRI) -> Rule:
    """sh:equals: a fault for each value that only one of the two properties has."""

    def find(graph: DataGraph, focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        others, own = graph.values(focus, other), frozenset(values)
        missing = own.difference(others)
        yield from (Fault(value) for value in values if value in missing)
        yield from (Fault(value) for value in others if value not in own)

    return Rule(component("Equals"), f"the same values as <{other}>", False, find)


def disjoint_rule(other: IRI) -> Rule:
    """sh:disjoint."""

    def find(graph: DataGraph, focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        common = frozenset(values).intersection(graph.values(focus, other))
        return (Fault(value) for value in values if value in common)

    return Rule(component("Disjoint"), f"no value in common with <{other}>", True, find)


def less_than_rule(other: IRI, *, or_equal: bool) -> Rule:
    """sh:lessThan and sh:lessThanOrEquals: a fault for each pair that fails."""
    accepted = (-1, 0) if or_equal else (-1,)
    name = "LessThanOrEquals" if or_equal else "LessThan"

    def less(value: Term, bound: Term) -> bool:
        if not isinstance(value, Literal) or not isinstance(bound, Literal):
            return False
        return compare(comparable(value), comparable(bound)) in accepted

    def find(graph: DataGraph, focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        others = graph.values(focus, other)
        return (Fault(value) for value in values for bound in others if not less(value, bound))

    symbol = "<=" if or_equal else "<"
    return Rule(component(name), f"values {symbol} those of <{other}>", True, find)


def closed_rule(allowed: frozenset[IRI]) -> Rule:
    """sh:closed: a fault for each triple with another predicate, which is its path."""

    def find(graph: DataGraph, _focus: Term, values: Sequence[Term]) -> Iterator[Fault]:
        for node in values:
            if isinstance(node, Literal):
                continue
            for predicate, objects in graph.index.get(node, NOTHING).items():
                if predicate not in allowed:
                    for value in objects:
                        yield Fault(value, predicate)

    return Rule(component("Closed"), "no property that the shape does not list", True, find)


def qualified_rule(name: str, limit: int, conforms: Conforms, siblings: Sequence[Conforms]) -> Rule:
    """sh:qualifiedMinCount or sh:qualifiedMaxCount, by `name`.

    Args:
        name: QualifiedMinCount or QualifiedMaxCount.
        limit: The parameter.
        conforms: Decides on the sh:qualifiedValueShape.
        siblings: Decide on the sibling shapes that a counted value must not conform to.
    """
    least = name == "QualifiedMinCount"

    def find(graph: DataGraph, _focus: Term, values: Sequence[Term]) -> Iterable[Fault]:
        count = sum(
            conforms(graph, value) and not any(other(graph, value) for other in siblings)
            for value in values
        )
        return _WHOLE if (count < limit if least else count > limit) else ()

    bound = "at least" if least else "at most"
    return Rule(
        component(name),
        f"{bound} {limit} {_values(limit)} of the qualified shape",
        limit <= 0 if least else limit >= 0,
        find,
    )
