"""The fast engine's outside: `compile_shapes` once, then `Shapes.validate` per graph.

Source: https://www.w3.org/TR/shacl/#targets, https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from pfocr_rdf.rdf import IRI, BlankNode, Literal, Memo, Subject, Term, Triple
from pfocr_rdf.shacl.alike import AlikeNodes
from pfocr_rdf.shacl.compile import compile_declarations, sibling_shapes
from pfocr_rdf.shacl.constraints import show
from pfocr_rdf.shacl.declaration import Declaration
from pfocr_rdf.shacl.declared import DeclaredShapes
from pfocr_rdf.shacl.graph import (
    Around,
    ClassOf,
    DataGraph,
    Index,
    Subclasses,
    Supposed,
    Surrounded,
    index_triples,
    subclass_pairs,
)
from pfocr_rdf.shacl.names import OWL_CLASS, RDF_TYPE, RDFS_CLASS, SH, SUBCLASS_OF
from pfocr_rdf.shacl.paths import predicates_back
from pfocr_rdf.shacl.reach import NodePlace, Reach, Reaches
from pfocr_rdf.shacl.results import Result
from pfocr_rdf.shacl.steps import Check, pass_check

_REMEMBERED_TYPES = 10_000
_NOTHING_OWN: frozenset[IRI] = frozenset()


@dataclass(frozen=True, slots=True)
class _Target:
    """Where one shape looks for its focus nodes.

    `inside` and `border` are the reach of the shape from focus nodes that lie there.
    """

    shape: Subject
    check: Check
    inside: Reach
    border: Reach
    nodes: tuple[Term, ...] = ()
    classes: tuple[IRI, ...] = ()
    subjects_of: tuple[IRI, ...] = ()
    objects_of: tuple[IRI, ...] = ()

    @property
    def by_class_only(self) -> bool:
        return not (self.nodes or self.subjects_of or self.objects_of)

    @property
    def follows_back(self) -> bool:
        """Whether the shape asks what refers to its focus nodes, and may be asked of a part."""
        return Reach.BACKWARD in self.border

    @property
    def needs_all(self) -> bool:
        """Whether no part can answer for a focus node, whatever refers to it."""
        return Reach.BACKWARD in self.inside or (
            self.follows_back and bool(self.nodes or self.objects_of)
        )

    def whole_graph_only(self, inside: Collection[Term], subclasses: Subclasses) -> str:
        """Return what no part can answer, "" if nothing; see `Shapes.whole_graph_only`."""
        if self.nodes:
            return "sh:targetNode"
        if self.objects_of:
            return "sh:targetObjectsOf"
        within = not self.subjects_of and all(
            each in inside for cls in self.classes for each in subclasses.below(cls)
        )
        reach = self.inside if within else self.border
        return "a path back from a node to what refers to it" if Reach.BACKWARD in reach else ""

    def focus_nodes_of_part(
        self, graph: DataGraph, part: Index, others: Collection[Term]
    ) -> dict[Term, None]:
        """Return each focus node once that is a subject of a part, and some others."""
        inside = [
            each
            for each in self.focus_nodes(graph)
            if not isinstance(each, Literal) and each in part
        ]
        return dict.fromkeys((*inside, *others))

    def focus_nodes(self, graph: DataGraph) -> dict[Term, None]:
        """Return each focus node once, whichever targets name it."""
        found: dict[Term, None] = dict.fromkeys(self.nodes)
        accepted = {each for cls in self.classes for each in graph.subclasses.below(cls)}
        if accepted or self.subjects_of:
            for subject, properties in graph.index.items():
                if not accepted.isdisjoint(properties.get(RDF_TYPE, ())) or any(
                    predicate in properties for predicate in self.subjects_of
                ):
                    found[subject] = None
        for predicate in self.objects_of:
            found |= dict.fromkeys(graph.objects(predicate))
        return found


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of the shapes in one part of a graph.

    Attributes:
        results: Those of all targets that are classes, then those of each other target.
        focus_nodes: How many nodes the targets name.
    """

    results: tuple[tuple[Result, ...], ...]
    focus_nodes: int


@dataclass(slots=True)
class Shapes:
    """A compiled shapes graph. Not to be shared between threads: it remembers good values.

    Attributes:
        nodes: The names of all shapes, in the order of the shapes graph.
        look_outside: Whether, of a part of a graph, results depend on more than the classes of
            nodes that are not in it. Such shapes need `around`.
        predicates_back: What is followed from object to subject.
    """

    nodes: tuple[Subject, ...]
    look_outside: bool
    _targets: tuple[_Target, ...]
    _axioms: tuple[tuple[Term, Term], ...]
    predicates_back: frozenset[IRI]
    _alike: Callable[..., AlikeNodes]
    _subclasses: Subclasses = field(init=False)
    _by_types: Memo[tuple[Term, ...], tuple[Check, ...]] = field(init=False)
    _by_own: dict[frozenset[IRI], AlikeNodes] = field(init=False)

    def __post_init__(self) -> None:
        self._subclasses = Subclasses(self._axioms)
        self._by_types = self._remembered_checks(self._subclasses)
        self._by_own = {}

    def whole_graph_only(self, inside: Collection[IRI]) -> dict[Subject, str]:
        """Return the shapes that no part of a graph can answer, each with the reason.

        For all other shapes, the results of a graph are those of its parts together, if each
        is validated with what lies around it, and the class tree is in the axioms.

        Args:
            inside: Classes whose instances are referred to by nodes of their own part only.
        """
        reasons = {
            target.shape: target.whole_graph_only(inside, self._subclasses)
            for target in self._targets
        }
        return {shape: reason for shape, reason in reasons.items() if reason}

    def validate(
        self,
        index: Index,
        *,
        class_of: ClassOf | None = None,
        around: Around | None = None,
        own: frozenset[IRI] = _NOTHING_OWN,
    ) -> list[Result]:
        """Return what is at fault, focus node by focus node in the order of the index.

        Args:
            index: The data graph: subject -> predicate -> distinct objects. Of
                `terms.Node`s it is `{node.subject: dict(node.properties) for node in nodes}`.
            class_of: Answers sh:class for a node that is not in the index: its classes.
            around: Where the index is a part of a graph: says what other nodes say. They are
                no focus nodes. Needed if `look_outside`; slows down all shapes.
            own: Predicates of which nearly each node says something else, while many nodes say
                the same with all others: that is then checked once. Only makes it faster; of no
                use with `around`.
        """
        if around is not None:
            index, own = Surrounded(index, around), _NOTHING_OWN
        subclasses, by_types = self._subclasses, self._by_types
        if any(SUBCLASS_OF in properties for properties in index.values()):
            subclasses = Subclasses([*self._axioms, *subclass_pairs(index)])
            by_types, own = self._remembered_checks(subclasses), _NOTHING_OWN
        graph = DataGraph(index, subclasses, class_of)
        alike = self._nodes_alike(own) if own else None
        results: list[Result] = []
        for subject, properties in index.items():
            types = properties.get(RDF_TYPE)
            if not types:
                continue
            if alike is not None and not own.isdisjoint(properties):
                alike.check(graph, subject, properties, results)
                continue
            for check in by_types[tuple(types)]:
                check(graph, subject, results)
        for target in self._targets:
            if not target.by_class_only:
                for focus in target.focus_nodes(graph):
                    target.check(graph, focus, results)
        return results

    def _nodes_alike(self, own: frozenset[IRI]) -> AlikeNodes:
        if own not in self._by_own:
            self._by_own[own] = self._alike(own - {RDF_TYPE}, shapes_of=self._shapes_of)
        return self._by_own[own]

    def _shapes_of(self, types: tuple[Term, ...]) -> list[Subject]:
        return [target.shape for target in self._targets_of(types, self._subclasses)]

    @property
    def elsewhere(self) -> tuple[tuple[tuple[Term, ...], tuple[IRI, ...]], ...]:
        """The targets that may name a node of any part: nodes, and predicates of which objects.

        In the order of the results of `examine`, but the first of those.
        """
        return tuple(
            (each.nodes, each.objects_of) for each in self._targets if not each.by_class_only
        )

    def whole_only(self, *, referred_from_elsewhere: bool) -> dict[Subject, str]:
        """Return the shapes that no part can answer of whatever data, each with the reason.

        Args:
            referred_from_elsewhere: Whether a triple whose predicate is one of
                `predicates_back` leads from one part into another.
        """
        reason = "a path back from a node to what refers to it"
        return {
            each.shape: reason
            for each in self._targets
            if each.needs_all or (referred_from_elsewhere and each.follows_back)
        }

    def parted(self, whole: Collection[Subject]) -> tuple[Shapes, Shapes]:
        """Return shapes that do nothing about the targets of some, and those that do nothing else."""
        muted = [
            replace(each, check=pass_check) if each.shape in whole else each
            for each in self._targets
        ]
        others = [each for each in self._targets if each.shape in whole]
        asked = [each for each in muted if each.check is not pass_check]
        outside = any(Reach.OUTSIDE in each.inside for each in asked)
        back = self.predicates_back if any(each.follows_back for each in asked) else frozenset()
        return (
            replace(self, _targets=tuple(muted), look_outside=outside, predicates_back=back),
            replace(self, _targets=tuple(others)),
        )

    @property
    def axioms(self) -> tuple[tuple[Term, Term], ...]:
        """Each rdfs:subClassOf that holds in every data graph."""
        return self._axioms

    def classes_below(
        self, pairs: Collection[tuple[Term, Term]]
    ) -> Callable[[Term], frozenset[Term]]:
        """Return what gives a class and all below it, with these rdfs:subClassOf as well."""
        subclasses = Subclasses([*self._axioms, *pairs]) if pairs else self._subclasses
        return subclasses.below

    def examine(
        self,
        part: Index,
        pairs: Collection[tuple[Term, Term]],
        foci: Sequence[Collection[Term]],
        *,
        supposed: Supposed | None = None,
        around: Around | None = None,
    ) -> Examined:
        """Return the results of one part of a graph.

        Args:
            part: No other part has triples of its subjects.
            pairs: Each rdfs:subClassOf of the whole graph.
            foci: For each target of `elsewhere`, the nodes that it names beside those of the part.
            supposed: Answers sh:class for nodes of other parts.
            around: As in `validate`; instead of `supposed`.
        """
        index = part if around is None else Surrounded(part, around)
        subclasses, by_types = self._subclasses, self._by_types
        if pairs:
            subclasses = Subclasses([*self._axioms, *pairs])
            by_types = self._remembered_checks(subclasses)
        graph = DataGraph(index, subclasses, None, supposed)
        results: list[list[Result]] = [[]]
        found: set[Term] = set()
        count = 0
        for subject, properties in part.items():
            types = properties.get(RDF_TYPE)
            if types and (checks := by_types[tuple(types)]):
                count += 1
                for check in checks:
                    check(graph, subject, results[0])
        others = [target for target in self._targets if not target.by_class_only]
        for target, named in zip(others, foci, strict=True):
            results.append([])
            focus_nodes = target.focus_nodes_of_part(graph, part, named)
            found.update(focus_nodes)
            for focus in focus_nodes:
                target.check(graph, focus, results[-1])
        count += sum(not by_types[tuple(graph.values(each, RDF_TYPE))] for each in found)
        return Examined(tuple(map(tuple, results)), count)

    def count_focus_nodes(self, index: Index) -> int:
        """Return how many nodes the targets of all shapes name in a graph."""
        subclasses = Subclasses([*self._axioms, *subclass_pairs(index)])
        graph = DataGraph(index, subclasses, None)
        accepted = {
            each
            for target in self._targets
            for cls in target.classes
            for each in subclasses.below(cls)
        }
        found: set[Term] = {
            subject
            for subject, properties in index.items()
            if not accepted.isdisjoint(properties.get(RDF_TYPE, ()))
        }
        for target in self._targets:
            if not target.by_class_only:
                found.update(target.focus_nodes(graph))
        return len(found)

    def _remembered_checks(
        self, subclasses: Subclasses
    ) -> Memo[tuple[Term, ...], tuple[Check, ...]]:
        return Memo(lambda types: self._checks_of(types, subclasses), _REMEMBERED_TYPES)

    def _checks_of(self, types: Iterable[Term], subclasses: Subclasses) -> tuple[Check, ...]:
        return tuple([target.check for target in self._targets_of(types, subclasses)])

    def _targets_of(self, types: Iterable[Term], subclasses: Subclasses) -> list[_Target]:
        found = frozenset(types)
        return [
            target
            for target in self._targets
            if target.by_class_only
            and any(not found.isdisjoint(subclasses.below(cls)) for cls in target.classes)
        ]


def compile_shapes(triples: Iterable[Triple], *, axioms: Iterable[Triple] = ()) -> Shapes:
    """Compile a SHACL Core shapes graph.

    Args:
        triples: The shapes graph. owl:imports is not followed: give all triples.
        axioms: Triples whose rdfs:subClassOf holds in every data graph as well; the
            specification looks in the data graph only. Of the shapes graph, where the
            class tree stands there.

    Raises:
        ShapesError: The shapes graph is ill-formed.
        UnsupportedShapesError: It says more than SHACL Core: named in the message.
    """
    index = index_triples(triples)
    compiled = compile_declarations(index)
    own = Subclasses([*subclass_pairs(index), (OWL_CLASS, RDFS_CLASS)])
    class_names = own.below(RDFS_CLASS)
    declarations = {node: Declaration(index, node) for node in compiled}
    paths = {node: shape.path for node, shape in compiled.items()}
    declared = DeclaredShapes(declarations, paths, sibling_shapes(declarations))
    reaches = Reaches(declared)
    targets = []
    for node, shape in compiled.items():
        target = _target(declarations[node], shape.check, class_names, reaches)
        if target.classes or not target.by_class_only:
            targets.append(target)
    pairs = tuple((child, parent) for child, name, parent in axioms if name == SUBCLASS_OF)
    look_outside = any(Reach.OUTSIDE in target.inside for target in targets)
    back = frozenset(
        each for path in paths.values() if path is not None for each in predicates_back(path)
    )
    alike = partial(AlikeNodes, compiled=compiled, declared=declared)
    return Shapes(tuple(compiled), look_outside, tuple(targets), pairs, back, alike)


def _target(
    shape: Declaration, check: Check, class_names: frozenset[Term], reaches: Reaches
) -> _Target:
    for value in shape.values(SH.targetNode):
        if isinstance(value, BlankNode):
            raise shape.fail(SH.targetNode, "an IRI or a literal", show(value))
    classes = shape.iris(SH.targetClass)
    if not class_names.isdisjoint(shape.values(RDF_TYPE)):
        if isinstance(shape.node, BlankNode):
            raise shape.fail(RDF_TYPE, "an IRI for a shape that is a class", show(shape.node))
        classes.append(shape.node)
    return _Target(
        shape.node,
        check,
        reaches.of(shape.node, NodePlace.INSIDE),
        reaches.of(shape.node, NodePlace.BORDER),
        tuple(shape.values(SH.targetNode)),
        tuple(dict.fromkeys(classes)),
        tuple(shape.iris(SH.targetSubjectsOf)),
        tuple(shape.iris(SH.targetObjectsOf)),
    )
