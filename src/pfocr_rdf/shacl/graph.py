"""The data graph while it is validated: an index, and what is derived from it on demand.

The index is the shape a `terms.Node` already has, so that the export can validate a
figure without copying it: subject -> predicate -> distinct objects.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from pfocr_rdf.rdf import IRI, BlankNode, Literal, Subject, Term, Triple
from pfocr_rdf.shacl.names import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, SUBCLASS_OF

Properties = Mapping[IRI, tuple[Term, ...]]
Index = Mapping[Subject, Properties]
ClassOf = Callable[[Subject], Collection[IRI]]
Supposed = Callable[[Subject, IRI], bool]
"""Says whether a node outside a part of the data is an instance of a class, as far as is known."""
Around = Callable[[Subject], Properties | None]
"""Says what a node outside a part of the data says; None where it says nothing."""

NOTHING: Properties = {}
_SHARED_LIMIT = 200_000


def index_triples(triples: Iterable[Triple]) -> dict[Subject, dict[IRI, tuple[Term, ...]]]:
    """Return the index of a graph; a triple that stands twice counts once.

    Most predicates have one object, and most of those repeat (classes, concepts, small
    numbers): their 1-tuples are shared, which halves the memory of a release.
    """
    index: dict[Subject, dict[IRI, tuple[Term, ...]]] = {}
    shared: dict[Term, tuple[Term]] = {}
    several: dict[tuple[Subject, IRI], dict[Term, None]] = {}
    for subject, predicate, value in triples:
        properties = index.get(subject)
        if properties is None:
            properties = index[subject] = {}
        values = properties.get(predicate)
        if values is None:
            single = shared.get(value)
            if single is None:
                single = (value,)
                if len(shared) < _SHARED_LIMIT:
                    shared[value] = single
            properties[predicate] = single
        elif len(values) == 1 and (subject, predicate) not in several:
            if values[0] != value:
                several[subject, predicate] = {values[0]: None, value: None}
        else:
            several[subject, predicate][value] = None
    while several:
        (subject, predicate), members = several.popitem()
        index[subject][predicate] = tuple(members)
    return index


def rdf_list(index: Index, head: Term) -> list[Term] | None:
    """Return the members of an RDF list, or None where it is not a well-formed one."""
    members: list[Term] = []
    seen: set[Term] = set()
    while head != RDF_NIL:
        if isinstance(head, Literal) or head in seen:
            return None
        seen.add(head)
        properties = index.get(_subject(head), NOTHING)
        first, rest = properties.get(RDF_FIRST, ()), properties.get(RDF_REST, ())
        if len(first) != 1 or len(rest) != 1:
            return None
        members.append(first[0])
        head = rest[0]
    return members


def _subject(term: IRI | BlankNode) -> Subject:
    return term


class Subclasses:
    """Answers "which classes are this class or below it", remembering each answer."""

    __slots__ = ("_children", "_known")

    def __init__(self, pairs: Iterable[tuple[Term, Term]]) -> None:
        self._children: dict[Term, list[Term]] = {}
        self._known: dict[Term, frozenset[Term]] = {}
        for child, parent in pairs:
            self._children.setdefault(parent, []).append(child)

    def below(self, parent: Term) -> frozenset[Term]:
        """Return the class itself and every class below it (rdfs:subClassOf*)."""
        known = self._known.get(parent)
        if known is None:
            found = {parent}
            queue = [parent]
            while queue:
                for child in self._children.get(queue.pop(), ()):
                    if child not in found:
                        found.add(child)
                        queue.append(child)
            known = self._known[parent] = frozenset(found)
        return known


def subclass_pairs(index: Index) -> Iterator[tuple[Term, Term]]:
    """Yield (class, superclass) for each rdfs:subClassOf of a graph."""
    for subject, properties in index.items():
        for parent in properties.get(SUBCLASS_OF, ()):
            yield subject, parent


class Surrounded(Mapping[Subject, Properties]):
    """A part of the data whose neighbours can be looked up; going through it shows only the part.

    Args:
        part: An index.
        around: Describes nodes that are not in it.
    """

    __slots__ = ("_around", "_part")

    def __init__(self, part: Index, around: Around) -> None:
        self._part = part
        self._around = around

    def __getitem__(self, node: Subject) -> Properties:
        """Return what a node says, in the part or around it."""
        found = self._part.get(node)
        if found is None:
            found = self._around(node)
        if found is None:
            raise KeyError(node)
        return found

    def __iter__(self) -> Iterator[Subject]:
        """Yield the nodes of the part."""
        return iter(self._part)

    def __len__(self) -> int:
        """Return how many nodes the part has."""
        return len(self._part)


class DataGraph:
    """One validation's view of the data; made anew for each call, so it holds no state.

    Attributes:
        index: The triples.
        class_of: Answers the classes of a node that the index does not describe.
        subclasses: The class tree of the data and of the axioms the shapes came with.
        supposed: Answers for them instead, where their classes are not known yet.
    """

    __slots__ = ("_inverse", "class_of", "index", "subclasses", "supposed")

    def __init__(
        self,
        index: Index,
        subclasses: Subclasses,
        class_of: ClassOf | None,
        supposed: Supposed | None = None,
    ) -> None:
        self.index = index
        self.subclasses = subclasses
        self.class_of = class_of
        self.supposed = supposed
        self._inverse: dict[IRI, dict[Term, list[Term]]] = {}

    def values(self, node: Term, predicate: IRI) -> Sequence[Term]:
        """Return the objects of a node's predicate; none for a literal."""
        if isinstance(node, Literal):
            return ()
        properties = self.index.get(_subject(node))
        return () if properties is None else properties.get(predicate, ())

    def subjects(self, predicate: IRI, value: Term) -> Sequence[Term]:
        """Return the subjects that have this object; the first call indexes the predicate."""
        return self._objects(predicate).get(value, ())

    def objects(self, predicate: IRI) -> Iterable[Term]:
        """Return each object of a predicate once."""
        return self._objects(predicate).keys()

    def _objects(self, predicate: IRI) -> dict[Term, list[Term]]:
        inverse = self._inverse.get(predicate)
        if inverse is None:
            inverse = self._inverse[predicate] = {}
            for subject, properties in self.index.items():
                for value in properties.get(predicate, ()):
                    inverse.setdefault(value, []).append(subject)
        return inverse

    def is_instance(self, node: Term, cls: IRI) -> bool:
        """Return whether a node is a SHACL instance of a class (rdf:type/rdfs:subClassOf*)."""
        if self.supposed is not None and not isinstance(node, Literal):
            subject = _subject(node)
            if subject not in self.index:
                return self.supposed(subject, cls)
        return not self.subclasses.below(cls).isdisjoint(self.classes(node))

    def classes(self, node: Term) -> Collection[Term]:
        """Return the classes that a node is said to be of; not those that are supposed."""
        if isinstance(node, Literal):
            return ()
        properties = self.index.get(_subject(node))
        if properties is not None:
            return properties.get(RDF_TYPE, ())
        return () if self.class_of is None else self.class_of(_subject(node))
