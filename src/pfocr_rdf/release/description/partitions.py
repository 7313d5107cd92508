"""The partitions of a graph: by class and in it by property, by property, by datatype; one node each.

In a class, a property has a partition for each class of its objects, as far as they are nodes of the
graph: what SPARQL editors and generators of schemata look for.

A property has IRIs or literals of one datatype, which the vocabulary says and the shapes check,
so its partition by datatype is itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
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
        (VOID.propertyPartition, [_property(edition, name) for name in counts.properties]),
        (VOID_EXT.datatypePartition, [_datatype(edition, kind) for kind in _literals(counts)]),
    )


def partition_nodes(edition: Edition, counts: Counts, distinct: DistinctCounts) -> Iterator[Node]:
    """Yield all partitions of a graph.

    Args:
        edition: Whose graph.
        counts: Of the graph.
        distinct: Likewise.
    """
    having, triples_of, objects_of = _of_classes(counts)
    for name, entities in sorted(counts.classes.items()):
        part = _class(edition, name)
        said = sorted(having[name])
        yield node(
            part,
            (VOID["class"], (name,)),
            (VOID.entities, (number(entities),)),
            (VOID.propertyPartition, [_within(part, predicate) for predicate in said]),
        )
        for predicate in said:
            yield from _property_of_class(
                _within(part, predicate),
                predicate,
                having[name][predicate],
                triples_of[name][predicate],
                objects_of[name, predicate],
            )
    # HCLS counts classes, literals and graphs in partitions of their own.
    for name, count in zip(_KINDS, (len(counts.classes), distinct.literals, 1), strict=True):
        yield node(
            _class(edition, name),
            (VOID["class"], (name,)),
            (VOID.distinctSubjects, (number(count),)),
        )
    subjects = counts.subjects_of
    for name, triples in sorted(counts.properties.items()):
        range_ = RANGES[name]
        part = _property(edition, name)
        literals = IRI(f"{part}/literals")
        objects = number(distinct.of[name])
        yield node(
            part,
            (VOID.property, (name,)),
            (VOID.triples, (number(triples),)),
            (VOID.distinctSubjects, (number(subjects[name]),)),
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


def _property_of_class(
    part: IRI, predicate: IRI, nodes: int, triples: int, classes: Mapping[IRI, int]
) -> Iterator[Node]:
    """Yield what nodes of one class say by a property, and of which classes or datatype it is."""
    range_ = RANGES[predicate]
    literals = () if range_ is Range.IRI else (IRI(f"{part}/literals"),)
    objects = {name: IRI(f"{part}/class/{short(name)}") for name in sorted(classes)}
    yield node(
        part,
        (VOID.property, (predicate,)),
        (VOID.triples, (number(triples),)),
        (VOID.distinctSubjects, (number(nodes),)),
        (VOID.classPartition, objects.values()),
        (VOID_EXT.datatypePartition, literals),
    )
    for name, each in objects.items():
        yield node(each, (VOID["class"], (name,)), (VOID.triples, (number(classes[name]),)))
    for each in literals:
        yield node(each, (VOID_EXT.datatype, (_xsd(range_),)), (VOID.triples, (number(triples),)))


_ByProperty = defaultdict[IRI, Counter[IRI]]


def _of_classes(
    counts: Counts,
) -> tuple[_ByProperty, _ByProperty, defaultdict[tuple[IRI, IRI], Counter[IRI]]]:
    """Return by class and property: nodes, triples, and triples by class of the object."""
    having: _ByProperty = defaultdict(Counter)
    triples: _ByProperty = defaultdict(Counter)
    objects: defaultdict[tuple[IRI, IRI], Counter[IRI]] = defaultdict(Counter)
    for (classes, predicate), count in counts.having.items():
        for name in classes:
            having[name][predicate] += count
            triples[name][predicate] += count + counts.more[classes, predicate]
    for (classes, predicate, other), count in counts.objects.items():
        for name in classes:
            objects[name, predicate][other] += count
    return having, triples, objects


def _within(part: IRI, predicate: IRI) -> IRI:
    return IRI(f"{part}/property/{short(predicate)}")


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
