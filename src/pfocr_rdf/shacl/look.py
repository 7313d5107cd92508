"""What a worker finds in one part of a graph: results, and what only other parts can tell.

The classes of nodes of other parts are not all known when a part is read. What is not known is
supposed to be what a shape asks for; what was supposed is told, so that a part about which it
proves wrong is looked at once more.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from xxhash import xxh3_64_intdigest

from pfocr_rdf.rdf import IRI, BlankNode, Literal, Subject, Term, Triple, ntriples_term
from pfocr_rdf.shacl.around import AroundFile
from pfocr_rdf.shacl.cut import NotCut, Part, PartReader
from pfocr_rdf.shacl.engine import Examined, Shapes, compile_shapes
from pfocr_rdf.shacl.graph import Index, subclass_pairs
from pfocr_rdf.shacl.names import RDF_TYPE

Pairs = tuple[tuple[Term, Term], ...]
Types = tuple[Term, ...]


class Classes(NamedTuple):
    """The classes of nodes of other parts, as far as they have been looked at.

    Attributes:
        number: Of this state of knowledge.
        keys: Of the nodes.
        types: For each of them, which of `type_sets` are its classes.
        type_sets: Different sets of classes.
    """

    number: int = 0
    keys: array[int] = array("Q")
    types: array[int] = array("I")
    type_sets: tuple[Types, ...] = ()


class Known(NamedTuple):
    """What is known of the whole graph when a part is looked at.

    Attributes:
        pairs: Each rdfs:subClassOf that the shapes graph does not have.
        classes: Of nodes that were looked at before.
        types: The classes of nodes of other parts, of those that the part has asked about.
        apart: Keys of the part's subjects of which other parts have triples too: left out.
        foci: For each target of `Shapes.elsewhere`, nodes that it names beside those of the part.
        around: The store of what nodes say that other parts refer to.
    """

    pairs: Pairs = ()
    classes: Classes = Classes()
    types: Mapping[Subject, Types] = {}
    apart: frozenset[int] = frozenset()
    foci: tuple[tuple[Term, ...], ...] = ()
    around: Path | None = None


class Look(NamedTuple):
    """What was found in a part. Nodes of whom there may be many are told by their keys.

    Attributes:
        examined: The results; None where only the subjects were asked for.
        triples: How many the part has.
        subjects: The keys of all subjects.
        types: For each of them, which of `type_sets` are its classes.
        type_sets: Different sets of classes.
        supposed: For (node of another part, class), whether it is an instance.
        pairs: Each rdfs:subClassOf of the part.
        objects: For each target of `Shapes.elsewhere`, what it names that is no subject here.
        back: Keys of what predicates that are followed back lead to, where that is no subject here.
        outside: Keys of all nodes that are referred to and no subjects here, if asked for.
        documents: The places of the subjects that are no fragments: others may refer to them.
    """

    examined: Examined | None
    triples: int
    subjects: array[int]
    types: array[int]
    type_sets: tuple[Types, ...]
    supposed: Mapping[tuple[Subject, IRI], bool]
    pairs: Pairs
    objects: tuple[tuple[Term, ...], ...]
    back: array[int]
    outside: array[int]
    documents: array[int]


def key_of(node: Subject) -> int:
    """Return 64 bits for a node."""
    shown = f"_:{node.label}" if isinstance(node, BlankNode) else node
    return xxh3_64_intdigest(shown.encode())


class Looker:
    """The state of a worker: shapes, compiled, and what it has read.

    Args:
        shapes: The shapes graph; its rdfs:subClassOf hold in the data.
        whole: Names of shapes that are answered by the whole graph, elsewhere.
    """

    def __init__(self, shapes: Sequence[Triple], whole: Collection[Subject]) -> None:
        self._shapes, _ = compile_shapes(shapes, axioms=shapes).parted(whole)
        self._reader = PartReader()
        self._around: AroundFile | None = None
        self._classes: tuple[int, dict[int, Types]] = 0, {}

    def look(self, job: tuple[Part, Known]) -> Look | None:
        """Look at a part; None where it cannot be read alone."""
        part, known = job
        try:
            index = self._reader.read(part)
        except NotCut:
            return None
        if known.apart:
            index = {node: said for node, said in index.items() if key_of(node) not in known.apart}
        around = None
        if known.around is not None:
            if self._around is None:
                self._around = AroundFile(known.around)
            around = self._around
        number, keys, types, sets = known.classes
        if self._classes[0] != number:
            by_key = {key: sets[each] for key, each in zip(keys, types, strict=True)}
            self._classes = number, by_key
        return look_at(self._shapes, index, known, self._classes[1], around)

    def fetch(self, job: tuple[Part, frozenset[int], bool]) -> list[tuple[int, bytes]]:
        """Return what nodes of a part say, as N-Triples.

        Args:
            job: The part, the keys of the nodes, and whether what they lead to is wanted too.
                From there on, paths lead into other parts by nodes alone that are wanted anyway.
        """
        part, wanted, further = job
        index = self._reader.read(part)
        found = {node: None for node in index if key_of(node) in wanted}
        queue = list(found) if further else []
        while queue:
            for values in index[queue.pop()].values():
                for value in values:
                    if not isinstance(value, Literal) and value in index and value not in found:
                        found[value] = None
                        queue.append(value)
        return [(key_of(node), written(node, index[node])) for node in found]


def written(node: Subject, said: Mapping[IRI, Sequence[Term]]) -> bytes:
    """Return what a node says as N-Triples."""
    shown = ntriples_term(node)
    return "".join(
        f"{shown} {ntriples_term(predicate)} {ntriples_term(value)} .\n"
        for predicate, values in said.items()
        for value in values
    ).encode()


def look_at(
    shapes: Shapes,
    index: Index,
    known: Known,
    classes: Mapping[int, Types],
    around: AroundFile | None = None,
) -> Look:
    """Look at a part that has been read.

    Args:
        shapes: Those that parts can answer.
        index: The part.
        known: Of the rest.
        classes: Those of `known`, by key.
        around: Opened. Shapes that look outside are only examined with it.
    """
    supposing = _Supposing(shapes, known, classes)
    foci = known.foci or ((),) * len(shapes.elsewhere)
    examined = None
    if around is not None:
        examined = shapes.examine(index, known.pairs, foci, around=around.said)
    elif not shapes.look_outside:
        examined = shapes.examine(index, known.pairs, foci, supposed=supposing)
    numbers: dict[Types, int] = {}
    nothing: tuple[Term, ...] = ()
    types = array(
        "I",
        [numbers.setdefault(said.get(RDF_TYPE, nothing), len(numbers)) for said in index.values()],
    )
    return Look(
        examined,
        sum([sum(map(len, said.values())) for said in index.values()]),
        array("Q", map(key_of, index)),
        types,
        tuple(numbers),
        supposing.answers,
        tuple(subclass_pairs(index)),
        _objects(shapes, index),
        _referred(index, shapes.predicates_back),
        _referred(index, None) if shapes.look_outside else array("Q"),
        array("I", [place for place, node in enumerate(index) if "#" not in str(node)]),
    )


class _Supposing:
    """Answers whether nodes of other parts are instances of classes, and notes what it said."""

    def __init__(self, shapes: Shapes, known: Known, classes: Mapping[int, Types]) -> None:
        self._below = shapes.classes_below(known.pairs)
        self._known = known
        self._classes = classes
        self.answers: dict[tuple[Subject, IRI], bool] = {}

    def __call__(self, node: Subject, cls: IRI) -> bool:
        asked = node, cls
        answer = self.answers.get(asked)
        if answer is None:
            types = self._known.types.get(node)
            if types is None:
                types = self._classes.get(key_of(node))
            answer = types is None or not self._below(cls).isdisjoint(types)
            self.answers[asked] = answer
        return answer


def _objects(shapes: Shapes, index: Index) -> tuple[tuple[Term, ...], ...]:
    found: list[tuple[Term, ...]] = []
    for _, predicates in shapes.elsewhere:
        values = {
            value: None
            for said in (index.values() if predicates else ())
            for predicate in predicates
            for value in said.get(predicate, ())
            if isinstance(value, Literal) or value not in index
        }
        found.append(tuple(values))
    return tuple(found)


def _referred(index: Index, predicates: Iterable[IRI] | None) -> array[int]:
    """Return keys of nodes that are referred to, by some predicates or all, and are not here."""
    found: set[Subject] = set()
    for said in index.values():
        for predicate in said if predicates is None else predicates:
            for value in said.get(predicate, ()):
                if not isinstance(value, Literal) and value not in index:
                    found.add(value)
    return array("Q", sorted(map(key_of, found)))
