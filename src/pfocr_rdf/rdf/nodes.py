"""Putting nodes together: sorted distinct objects, and one node out of several of a subject.

Pages may say different things of one paper, journal or gene. Where one can be true, the
smallest value is kept (so that no order of files matters) and the rest is returned; a second
name is never lost: it becomes an alternate name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from pfocr_rdf.rdf.terms import IRI, Literal, Node, Term
from pfocr_rdf.rdf.vocabulary import PFOCR, PROPERTIES, RDF, SCHEMA

_ORDER = {RDF.type: -1} | {predicate: i for i, predicate in enumerate(PROPERTIES)}

Facts = Mapping[IRI, Iterable[Term]]


@dataclass(frozen=True, slots=True)
class FigureNodes:
    """What is written of one figure: its node, and its mentions sorted by IRI."""

    figure: Node
    mentions: tuple[Node, ...]


def node(subject: IRI, *properties: tuple[IRI, Iterable[Term]]) -> Node:
    """Return a node with its objects distinct and sorted, without empty predicates."""
    return Node(
        subject,
        tuple(
            (predicate, objects)
            for predicate, values in properties
            if (objects := _distinct(tuple(values)))
        ),
    )


def ordered(subject: IRI, said: Iterable[tuple[IRI, tuple[Term, ...]]]) -> Node:
    """Return a node with its (predicate, objects) pairs in the order of the vocabulary."""
    return Node(subject, tuple(sorted(said, key=lambda pair: _ORDER.get(pair[0], len(_ORDER)))))


def replaced(of: Node, predicate: IRI, values: Iterable[Term]) -> Node:
    """Return a node that says other things by a predicate: nothing, where there are no values."""
    others = [pair for pair in of.properties if pair[0] != predicate]
    objects = _distinct(tuple(values))
    return ordered(of.subject, [*others, (predicate, objects)] if objects else others)


def _distinct(values: tuple[Term, ...]) -> tuple[Term, ...]:
    return values if len(values) < 2 else tuple(_sorted(set(values)))


def _sorted(terms: Iterable[Term]) -> list[Term]:
    try:
        # Terms of one kind compare in C, and in the order of `_sort_key`.
        return sorted(terms)
    except TypeError:
        return sorted(terms, key=_sort_key)


def reconcile(subject: IRI, facts: Facts) -> tuple[Node, tuple[tuple[IRI, Term], ...]]:
    """Return the one node of a subject, and (predicate, value) of what could not be kept.

    Args:
        subject: Whose facts these are.
        facts: All that was said of it, by predicate.
    """
    kept: dict[IRI, Iterable[Term]] = {}
    lost: list[tuple[IRI, Term]] = []
    for predicate in sorted(facts, key=lambda p: _ORDER.get(p, len(_ORDER))):
        values = _sorted(set(facts[predicate]))
        known = PROPERTIES.get(predicate)
        if known is None or known.many or len(values) < 2 or predicate == PFOCR.labelFromFigures:
            kept[predicate] = values  # of labels `settle_label` chooses, when all are counted
            continue
        kept[predicate] = values[:1]
        if predicate == SCHEMA.name:
            others = [*facts.get(SCHEMA.alternateName, ()), *values[1:]]
            kept[SCHEMA.alternateName] = others
        else:
            lost.extend((predicate, value) for value in values[1:])
    if SCHEMA.name in kept and SCHEMA.alternateName in kept:
        names = set(kept[SCHEMA.name])
        kept[SCHEMA.alternateName] = [v for v in kept[SCHEMA.alternateName] if v not in names]
    ordered = sorted(kept.items(), key=lambda item: _ORDER.get(item[0], len(_ORDER)))
    return node(subject, *ordered), tuple(lost)


def facts_of(nodes: Iterable[Node]) -> dict[IRI, list[Term]]:
    """Return all that several nodes of one subject say, by predicate."""
    facts: dict[IRI, list[Term]] = {}
    for one in nodes:
        for predicate, objects in one.properties:
            facts.setdefault(predicate, []).extend(objects)
    return facts


def _sort_key(term: Term) -> tuple[bool, tuple[str, ...]]:
    if isinstance(term, Literal):
        return True, tuple(term)
    return False, (str(term),)


def classes_of(node: Node) -> tuple[IRI, ...]:
    """Return the classes of a node; they are always its first property."""
    predicate, classes = node.properties[0]
    assert predicate == RDF.type, node.subject
    return cast("tuple[IRI, ...]", classes)


def plain(*values: str) -> tuple[Literal, ...]:
    """Return plain literals of the values that are not empty."""
    return tuple(Literal(value) for value in values if value)


def present(*values: IRI | None) -> tuple[IRI, ...]:
    """Return the IRIs that there are."""
    return tuple(value for value in values if value)
