"""The SHACL Core constraints on single values: each a factory of a small test.

A factory is called once, when shapes are compiled, with the constraint's parameter; the
test it returns is called for every value. A test that depends on the term alone is pure,
so that its verdict on a value can be remembered.

Source: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from pfocr_rdf.rdf import IRI, RDF_LANG_STRING, BlankNode, Literal, Term
from pfocr_rdf.shacl.graph import DataGraph
from pfocr_rdf.shacl.literals import Check, comparable, compare, lexical_check
from pfocr_rdf.shacl.names import SH, component
from pfocr_rdf.shacl.patterns import compile_pattern

Pure = Callable[[Term], bool]
InGraph = Callable[[Term, DataGraph], bool]

_KINDS: dict[IRI, tuple[type, ...]] = {
    SH.IRI: (str,),
    SH.BlankNode: (BlankNode,),
    SH.Literal: (Literal,),
    SH.BlankNodeOrIRI: (BlankNode, str),
    SH.BlankNodeOrLiteral: (BlankNode, Literal),
    SH.IRIOrLiteral: (str, Literal),
}
NODE_KINDS = frozenset(_KINDS)


class Test(NamedTuple):
    """One constraint on single values: which component, what it expects, how to decide.

    Attributes:
        component: The IRI that a result names.
        expected: For the message where the shape has none: "a value ...".
        pure: The decision, where the term alone decides; else None.
        in_graph: The decision, where the graph is needed; else None.
    """

    component: IRI
    expected: str
    pure: Pure | None = None
    in_graph: InGraph | None = None


def show(term: Term) -> str:
    """Return a term for a message: `<iri>`, `"text"`, `"1"^^xsd:integer`, `_:label`."""
    if isinstance(term, Literal):
        text = f'"{term.lexical}"'
        if term.language:
            return f"{text}@{term.language}"
        name = term.datatype.rpartition("#")[2]
        return text if name == "string" else f"{text}^^{name}"
    return f"_:{term.label}" if isinstance(term, BlankNode) else f"<{term}>"


def class_test(cls: IRI) -> Test:
    """sh:class."""
    return Test(
        component("Class"),
        f"an instance of <{cls}>",
        in_graph=lambda value, graph: graph.is_instance(value, cls),
    )


def datatype_test(datatype: IRI) -> Test:
    """sh:datatype: the datatype itself, and a lexical form that belongs to it."""
    expected = f"a well-formed literal of <{datatype}>"
    return Test(component("Datatype"), expected, _datatype(datatype, lexical_check(datatype)))


def _datatype(datatype: IRI, check: Check | None) -> Pure:
    if datatype == RDF_LANG_STRING:
        return lambda value: isinstance(value, Literal) and value.language != ""
    if check is None:
        return lambda value: isinstance(value, Literal) and value.datatype == datatype
    lexical_ok = check
    return lambda value: (
        isinstance(value, Literal) and value.datatype == datatype and lexical_ok(value.lexical)
    )


def node_kind_test(kind: IRI) -> Test:
    """sh:nodeKind."""
    types = _KINDS[kind]
    name = kind.rpartition("#")[2]
    return Test(component("NodeKind"), f"sh:{name}", lambda value: isinstance(value, types))


def range_test(name: str, bound: Literal) -> Test:
    """sh:minExclusive, minInclusive, maxExclusive, maxInclusive, by `name` (MinExclusive...).

    A value that cannot be compared with the bound is at fault, as the specification has it.
    """
    limit = comparable(bound)
    accepted, symbol = {
        "MinExclusive": ((1,), ">"),
        "MinInclusive": ((0, 1), ">="),
        "MaxExclusive": ((-1,), "<"),
        "MaxInclusive": ((-1, 0), "<="),
    }[name]
    return Test(
        component(name),
        f"a value {symbol} {show(bound)}",
        lambda value: isinstance(value, Literal) and compare(comparable(value), limit) in accepted,
    )


def _text(value: Term) -> str | None:
    """Return SPARQL's str(); None for a blank node, which has none."""
    if isinstance(value, str):
        return value
    return value.lexical if isinstance(value, Literal) else None


def length_test(name: str, limit: int) -> Test:
    """sh:minLength or sh:maxLength, in characters (not bytes, not UTF-16 units)."""
    if name == "MinLength":
        least = limit

        def long_enough(value: Term) -> bool:
            text = _text(value)
            return text is not None and len(text) >= least

        return Test(component(name), f"at least {limit} characters", long_enough)

    def short_enough(value: Term) -> bool:
        text = _text(value)
        return text is not None and len(text) <= limit

    return Test(component(name), f"at most {limit} characters", short_enough)


def pattern_test(pattern: str, flags: str) -> Test:
    """sh:pattern with sh:flags: found anywhere in the text unless anchored."""
    search = compile_pattern(pattern, flags).search

    def matches(value: Term) -> bool:
        text = _text(value)
        return text is not None and search(text) is not None

    shown = f"/{pattern}/{flags}" if flags else pattern
    return Test(component("Pattern"), f"a value that matches {shown}", matches)


def language_test(ranges: Collection[str]) -> Test:
    """sh:languageIn: SPARQL's langMatches, so "en" takes en-GB and not eng."""
    wanted = tuple(each.lower() for each in ranges)
    prefixes = tuple(f"{each}-" for each in wanted)

    def matches(value: Term) -> bool:
        if not isinstance(value, Literal) or not value.language:
            return False
        tag = value.language.lower()
        return tag in wanted or tag.startswith(prefixes) or "*" in wanted

    return Test(component("LanguageIn"), f"a language of {', '.join(ranges) or '()'}", matches)


def in_test(members: Collection[Term]) -> Test:
    """sh:in: exactly one of these terms."""
    allowed = frozenset(members)
    listed = list(members)
    shown = ", ".join(show(each) for each in listed[:5]) + (", ..." if len(listed) > 5 else "")
    return Test(component("In"), f"one of {shown or '()'}", lambda value: value in allowed)


def shape_test(name: str, expected: str, decide: Callable[[DataGraph, Term], bool]) -> Test:
    """sh:not, sh:and, sh:or or sh:xone, whose decision other shapes make."""
    return Test(component(name), expected, in_graph=lambda value, graph: decide(graph, value))
