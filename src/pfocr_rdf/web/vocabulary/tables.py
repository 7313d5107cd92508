"""The shapes and the ontology as tables: what docs/model.md and the pages of shapes show.

What a property is made from stands in the shapes, as `sh:description`; how often it stands and
what its values are is read from the constraints themselves.

Source: SHACL, https://www.w3.org/TR/shacl/#nonValidation
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from pfocr_rdf.rdf import DESCRIPTION_NAMESPACES, IRI, Iris, Prefixes
from pfocr_rdf.shipped import ontology_file, shipped_shapes

SHAPES: Final = "https://w3id.org/pfocr/shapes#"
_RANGE: Final = URIRef("http://schema.org/rangeIncludes")
_DATATYPES: Final = {
    XSD.string: "text",
    XSD.integer: "integer",
    XSD.decimal: "decimal",
    XSD.gYear: "year",
    XSD.date: "date",
    XSD.anyURI: "address",
    XSD.nonNegativeInteger: "integer, at least 0",
    XSD.hexBinary: "hexadecimal digits",
}


class PropertyRow(NamedTuple):
    """A property of a kind of node.

    Attributes:
        iri: The property.
        curie: The same, short.
        value: What its values are, in words; Markdown's backticks around terms.
        times: How often it stands on one node, `1`, `0..1`, `1..n`.
        source: What it is made from.
        kinds: The kinds of nodes that its values are, by name.
    """

    iri: str
    curie: str
    value: str
    times: str
    source: str
    kinds: tuple[str, ...]


class KindTable(NamedTuple):
    """A kind of node, as one node shape has it.

    Attributes:
        name: The local name of the shape.
        classes: CURIEs of what such nodes are, all of them or one.
        values_of: CURIEs of the properties whose values such nodes are; they have no class.
        is_one: Whether such a node is one of the classes, not all.
        closed: Whether there are no other properties.
        rows: Its properties, in the order of the shape.
    """

    name: str
    classes: tuple[str, ...]
    values_of: tuple[str, ...]
    is_one: bool
    closed: bool
    rows: tuple[PropertyRow, ...]

    @property
    def told_by(self) -> str:
        """What such nodes are known by, in words; Markdown's backticks around terms."""
        if not self.classes:
            return f"Value of {_listed(self.values_of, 'or')}"
        return f"Of class {_listed(self.classes, 'or' if self.is_one else 'and')}"


class ConceptRow(NamedTuple):
    """A concept: its CURIE, notation ("" without), label and definition."""

    curie: str
    notation: str
    label: str
    definition: str


class SchemeTable(NamedTuple):
    """A concept scheme, the class of its concepts, and these."""

    curie: str
    of_class: str
    rows: tuple[ConceptRow, ...]


def read_graph(files: Iterable[Path]) -> Graph:
    """Return the graph of Turtle files of ours."""
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


class Model:
    """The shapes with the ontology beside them.

    Args:
        shapes: All shapes.
        ontology: The vocabulary.
    """

    def __init__(self, shapes: Graph, ontology: Graph) -> None:
        self._shapes = shapes
        self._ontology = ontology
        self._prefixes = Prefixes(Iris(), DESCRIPTION_NAMESPACES)
        self._kind_of = {
            target: _local(kind)
            for kind in self._kinds()
            for target in shapes.objects(kind, SH.targetClass)
        }
        self._kind_by = {
            path: _local(kind)
            for kind in self._kinds()
            for path in shapes.objects(kind, SH.targetObjectsOf)
        }

    def kinds(self) -> tuple[KindTable, ...]:
        """Return the kinds of nodes whose shapes list all their properties."""
        return tuple(self._table(kind) for kind in self._kinds())

    def schemes(self) -> tuple[SchemeTable, ...]:
        """Return the concept schemes of the ontology, in the order of their names."""
        schemes = sorted(self._ontology.subjects(RDF.type, SKOS.ConceptScheme), key=str)
        return tuple(self._scheme(scheme) for scheme in schemes)

    def curie(self, term: Node) -> str:
        """Return a term as people write it."""
        return self._prefixes.curie(IRI(str(term))) or str(term)

    def _kinds(self) -> list[URIRef]:
        """Return the named node shapes that describe a property of their own with its source."""
        found = {
            kind
            for kind, shape in self._shapes.subject_objects(SH.property)
            if isinstance(kind, URIRef) and (shape, SH.description, None) in self._shapes
        }
        return sorted(found)

    def _table(self, kind: URIRef) -> KindTable:
        shapes = self._shapes
        closed = str(shapes.value(kind, SH.closed)) == "true"
        by_path: dict[Node, list[Node]] = {}
        for shape in shapes.objects(kind, SH.property):
            path = shapes.value(shape, SH.path)
            if isinstance(path, URIRef):
                by_path.setdefault(path, []).append(shape)
        classes = list(shapes.objects(kind, SH.targetClass))
        is_one = len(classes) > 1
        for shape in by_path.pop(RDF.type, []):
            for listed in shapes.objects(shape, SH["in"]):
                more = Collection(shapes, listed)
                if shapes.value(shape, SH.minCount) is not None:
                    classes += [each for each in more if each not in classes]
        rows = [self._row(kind, path, found) for path, found in by_path.items()]
        return KindTable(
            _local(kind),
            tuple(map(self.curie, classes)),
            tuple(map(self.curie, shapes.objects(kind, SH.targetObjectsOf))),
            is_one,
            closed,
            tuple(rows),
        )

    def _row(self, kind: URIRef, path: Node, shapes: Sequence[Node]) -> PropertyRow:
        source = next(
            (str(text) for s in shapes for text in self._shapes.objects(s, SH.description)), ""
        )
        classes = [cls for shape in shapes for cls in self._classes(shape)]
        classes = classes or list(self._narrower(kind, path))
        named = classes or list(self._ontology.objects(path, _RANGE))
        kinds = [self._kind_of[cls] for cls in named if cls in self._kind_of]
        told = self._kind_by.get(path)
        return PropertyRow(
            str(path),
            self.curie(path),
            told or self._value(shapes, classes),
            self._times(shapes),
            source,
            (told,) if told else tuple(kinds),
        )

    def _classes(self, shape: Node) -> Iterator[Node]:
        """Yield the classes that values of a property shape have."""
        yield from self._shapes.objects(shape, SH["class"])
        for alternatives in self._shapes.objects(shape, SH["or"]):
            for each in Collection(self._shapes, alternatives):
                yield from self._shapes.objects(each, SH["class"])

    def _narrower(self, kind: URIRef, path: Node) -> Iterator[Node]:
        """Yield the classes that shapes of only some nodes of a kind ask for."""
        for target in self._shapes.objects(kind, SH.targetClass):
            for other in self._shapes.subjects(SH.targetClass, target):
                for shape in self._shapes.objects(other, SH.property):
                    if self._shapes.value(shape, SH.path) == path:
                        yield from self._classes(shape)

    def _times(self, shapes: Sequence[Node]) -> str:
        lows = [
            int(str(low))
            for s in shapes
            for p in (SH.minCount, SH.qualifiedMinCount)
            for low in self._shapes.objects(s, p)
        ]
        highs = [int(str(high)) for s in shapes for high in self._shapes.objects(s, SH.maxCount)]
        low, high = max(lows, default=0), min(highs, default=None)
        return str(low) if low == high else f"{low}..{'n' if high is None else high}"

    def _value(self, shapes: Sequence[Node], classes: Sequence[Node]) -> str:
        """Return what the values are, by the first constraint that says it."""
        graph = self._shapes
        examples = [f"`{e}`" for s in shapes for e in graph.objects(s, SKOS.example)]
        if examples:
            return ", ".join(examples)
        if classes:
            return _either([self._kind_of.get(cls, self.curie(cls)) for cls in classes])
        for shape in shapes:
            for listed in graph.objects(shape, SH["in"]):
                return self._one_of(list(Collection(graph, listed)))
            datatype = graph.value(shape, SH.datatype)
            if isinstance(datatype, URIRef):
                return _DATATYPES[datatype] + self._range(shape)
            for alternatives in graph.objects(shape, SH["or"]):
                types = [graph.value(each, SH.datatype) for each in Collection(graph, alternatives)]
                if all(isinstance(each, URIRef) for each in types):
                    return _either([_DATATYPES[each] for each in types])  # type: ignore[index]
        return self._range_of(shapes[0])

    def _range_of(self, shape: Node) -> str:
        """Return the concepts that the ontology names as range of a property of ours."""
        path = self._shapes.value(shape, SH.path)
        for cls in self._ontology.objects(path, _RANGE):
            label = self._ontology.value(cls, RDFS.label)
            if label is not None:
                return str(label)
        return "IRI"

    def _range(self, shape: Node) -> str:
        low = self._shapes.value(shape, SH.minInclusive)
        high = self._shapes.value(shape, SH.maxInclusive)
        if low is not None and high is not None:
            return f", {low} to {high}"
        return f", at least {low}" if low is not None else ""

    def _one_of(self, values: list[Node]) -> str:
        if len(values) == 1:
            return f"`{self.curie(values[0])}`"
        label = None
        for cls in self._ontology.objects(values[0], RDF.type):
            label = label or self._ontology.value(cls, RDFS.label)
        return str(label) if label else _either([f"`{self.curie(value)}`" for value in values])

    def _scheme(self, scheme: Node) -> SchemeTable:
        ontology = self._ontology
        rows, of_class = [], ""
        for concept in ontology.subjects(SKOS.inScheme, scheme):
            for cls in ontology.objects(concept, RDF.type):
                if cls not in {SKOS.Concept, OWL.NamedIndividual}:
                    of_class = self.curie(cls)
            rows.append(
                ConceptRow(
                    self.curie(concept),
                    str(ontology.value(concept, SKOS.notation) or ""),
                    str(ontology.value(concept, SKOS.prefLabel) or ""),
                    str(ontology.value(concept, SKOS.definition) or ""),
                )
            )
        return SchemeTable(self.curie(scheme), of_class, tuple(rows))


def _local(iri: Node) -> str:
    return str(iri).removeprefix(SHAPES)


def _either(names: Sequence[str], joint: str = "or") -> str:
    *first, last = names
    return f"{', '.join(first)} {joint} {last}" if first else last


def _listed(terms: Iterable[str], joint: str) -> str:
    return _either([f"`{term}`" for term in terms], joint)


@cache
def shipped_model() -> Model:
    """Return the model that this package ships."""
    return Model(read_graph(shipped_shapes()), read_graph([ontology_file()]))
