"""What a shape's verdict on a node depends on, found out before there is data.

Of nodes that say the same but for some predicates, all that does not depend on those, on what
each is called, or on others has one verdict; a shape is cut down here to the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from pfocr_rdf.rdf import IRI, Subject
from pfocr_rdf.shacl.declaration import Declaration
from pfocr_rdf.shacl.declared import DeclaredShapes
from pfocr_rdf.shacl.names import OF_VALUES, RDF_TYPE, SH, SH_AND, SH_CLASS, SH_NOT, SH_OR


class Of(Enum):
    """What there is to depend on."""

    OBJECTS = auto()
    """The objects of a predicate of the focus node."""
    CLASSES = auto()
    """The classes of those."""
    MORE = auto()
    """Anything else: the focus node itself, or what lies beyond its objects."""


class Need(NamedTuple):
    """One thing that a verdict depends on. How many objects there are is not one."""

    of: Of
    predicate: IRI = IRI("")


MORE: Final = Need(Of.MORE)
_COUNTS: Final = (SH.minCount, SH.maxCount)
_PAIRS: Final = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_OF_OBJECTS: Final = OF_VALUES.difference(_COUNTS)
_QUALIFIED: Final = (
    SH.qualifiedValueShape, SH.qualifiedMinCount, SH.qualifiedMaxCount,
    SH.qualifiedValueShapesDisjoint,
)  # fmt: skip
_MADE_OF_SHAPES: Final = (SH.node, SH.property, SH_NOT, SH_AND, SH_OR, SH.xone)


class Needs:
    """Finds what shapes of a shapes graph depend on.

    Args:
        shapes: All of it.
    """

    def __init__(self, shapes: DeclaredShapes) -> None:
        self._declarations, self._paths, self._siblings = shapes

    def classes_asked(self, shape: Subject) -> frozenset[IRI]:
        """Return the predicates of whose objects a shape asks the classes."""
        return frozenset(need.predicate for need in self._of(shape, None) if need.of is Of.CLASSES)

    def rest(self, shape: Subject, gaps: Collection[IRI]) -> Declaration | None:
        """Return a shape cut down to what depends on more than objects that are not in gaps.

        Args:
            shape: Its name.
            gaps: Predicates whose objects differ.

        Returns:
            The shape with fewer constraints, in their order; None if none is left.
        """

        def differs(needs: Iterator[Need]) -> bool:
            return any(need.of is Of.MORE or need.predicate in gaps for need in needs)

        whole = self._declarations[shape]
        if whole.flag(SH.deactivated):
            return None
        if self._paths[shape] is not None:
            return whole if differs(self._of(shape, None)) else None
        kept = {
            parameter: values
            for parameter in whole.parameters()
            if (
                values := tuple(
                    [each for each in whole.shapes(SH.property) if differs(self._of(each, None))]
                    if parameter == SH.property
                    else whole.values(parameter)
                    if differs(self._of_parameter(whole, parameter, None))
                    else ()
                )
            )
        }
        return whole.cut(kept) if kept else None

    def _of(self, node: Subject, at: IRI | None) -> Iterator[Need]:
        """Yield what a shape needs whose focus nodes are the objects of `at`, if that is one."""
        shape, path = self._declarations[node], self._paths[node]
        if shape.flag(SH.deactivated):
            return
        if path is not None:
            if at is not None or not isinstance(path, str):
                yield MORE
                return
            at = path
        for parameter in shape.parameters():
            yield from self._of_parameter(shape, parameter, at)

    def _of_parameter(self, shape: Declaration, parameter: IRI, at: IRI | None) -> Iterator[Need]:
        own = MORE if at is None else Need(Of.OBJECTS, at)
        if parameter in _COUNTS or parameter == SH.ignoredProperties:
            return
        if parameter == SH.closed:
            if at is not None:
                yield MORE
        elif parameter == SH_CLASS:
            yield from (Need(Of.OBJECTS, RDF_TYPE),) if at is None else (own, Need(Of.CLASSES, at))
        elif parameter in _PAIRS:
            yield own
            yield from (Need(Of.OBJECTS, other) for other in shape.iris(parameter))
            if at is not None and self._paths[shape.node] is None:
                yield MORE
        elif parameter in _OF_OBJECTS:
            yield own
        else:
            assert parameter in _MADE_OF_SHAPES or parameter in _QUALIFIED, parameter
            for inner in (*shape.refers_to(), *self._siblings.get(shape.node, ())):
                yield from self._of(inner, at)
