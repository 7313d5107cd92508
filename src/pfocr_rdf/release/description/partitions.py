"""The partitions of a graph: by class, by property, by datatype; one node each.

A property has IRIs or literals of one datatype, which the vocabulary says and the shapes check,
so its partition by datatype is itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pfocr_rdf.rdf import (
    DESCRIPTION_NAMESPACES,
    IRI,
    NAMESPACES,
    RDFS,
    SD,
    VOID,
    VOID_EXT,
    XSD,
    Node,
    Range,
    Term,
    node,
)
from pfocr_rdf.release.counts import RANGES, Counts, DistinctCounts
from pfocr_rdf.release.description.edition import Edition, number

_PREFIX_OF: Final = {
    namespace: prefix for prefix, namespace in (NAMESPACES | DESCRIPTION_NAMESPACES).items()
}


def short(name: IRI) -> str:
    """Return a class, property or datatype as a path segment.

    Example:
        >>> short(IRI("http://schema.org/name"))
        'schema-name'
    """
    cut = max(name.rfind("#"), name.rfind("/")) + 1
    return f"{_PREFIX_OF[name[:cut]]}-{name[cut:]}"


def partition_links(edition: Edition, counts: Counts) -> tuple[tuple[IRI, list[Term]], ...]:
    """Return how a graph names its partitions."""
    parts = [_class(edition, name) for name in (*counts.classes, *_KINDS)]
    return (
        (VOID.classPartition, [*parts]),
        (VOID.propertyPartition, [_property(edition, name) for name in counts.having]),
        (VOID_EXT.datatypePartition, [_datatype(edition, kind) for kind in _literals(counts)]),
    )


def partition_nodes(edition: Edition, counts: Counts, distinct: DistinctCounts) -> Iterator[Node]:
    """Yield all partitions of a graph.

    Args:
        edition: Whose graph.
        counts: Of the graph.
        distinct: Likewise.
    """
    for name, entities in sorted(counts.classes.items()):
        yield node(
            _class(edition, name), (VOID["class"], (name,)), (VOID.entities, (number(entities),))
        )
    # HCLS counts classes, literals and graphs in partitions of their own.
    for name, count in zip(_KINDS, (len(counts.classes), distinct.literals, 1), strict=True):
        yield node(
            _class(edition, name),
            (VOID["class"], (name,)),
            (VOID.distinctSubjects, (number(count),)),
        )
    for name, triples in sorted(counts.properties.items()):
        range_ = RANGES[name]
        part = _property(edition, name)
        literals = IRI(f"{part}/literals")
        objects = number(distinct.of[name])
        yield node(
            part,
            (VOID.property, (name,)),
            (VOID.triples, (number(triples),)),
            (VOID.distinctSubjects, (number(counts.having[name]),)),
            (VOID.distinctObjects, (objects,)),
            (VOID_EXT.datatypePartition, () if range_ is Range.IRI else (literals,)),
        )
        if range_ is not Range.IRI:
            yield node(
                literals,
                (VOID_EXT.datatype, (_xsd(range_),)),
                (VOID.triples, (number(triples),)),
                (VOID.distinctObjects, (objects,)),
            )
    for range_, triples in sorted(_literals(counts).items()):
        yield node(
            _datatype(edition, range_),
            (VOID_EXT.datatype, (_xsd(range_),)),
            (VOID.triples, (number(triples),)),
            (VOID.distinctObjects, (number(distinct.ranges[range_]),)),
        )


_KINDS: Final = (RDFS.Class, RDFS.Literal, SD.Graph)


def _literals(counts: Counts) -> Counter[Range]:
    triples: Counter[Range] = Counter()
    for name, count in counts.properties.items():
        if RANGES[name] is not Range.IRI:
            triples[RANGES[name]] += count
    return triples


def _xsd(range_: Range) -> IRI:
    return IRI(XSD + range_.value)


def _class(edition: Edition, name: IRI) -> IRI:
    return edition.below("rdf", "class", short(name))


def _property(edition: Edition, name: IRI) -> IRI:
    return edition.below("rdf", "property", short(name))


def _datatype(edition: Edition, range_: Range) -> IRI:
    return edition.below("rdf", "datatype", short(_xsd(range_)))
