"""How far shapes look: what a part of a data graph can answer, and what only the whole can.

An export never has its whole graph. It validates a figure with its mentions, and entities by
and by at the end. Whether that gives the results of the whole graph is a question about the
shapes alone, and is answered here once, before there is data.
"""

from __future__ import annotations

from enum import Flag, IntEnum, auto

from pfocr_rdf.rdf import Subject
from pfocr_rdf.shacl.declaration import Declaration
from pfocr_rdf.shacl.declared import DeclaredShapes
from pfocr_rdf.shacl.names import SH
from pfocr_rdf.shacl.paths import (
    AlternativePath,
    InversePath,
    OneOrMorePath,
    Path,
    SequencePath,
    ZeroOrMorePath,
    ZeroOrOnePath,
)

_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)


class NodePlace(IntEnum):
    """Where a node lies for somebody who has one part of the data; the later, the less he knows."""

    INSIDE = 0
    """In the part, and so is all that refers to it."""
    BORDER = 1
    """In the part, but others may refer to it."""
    OUTSIDE = 2
    """In any part: a triple of this one leads to it."""


class Reach(Flag):
    """What a shape wants to know beside the triples of nodes in the part.

    The classes of nodes outside are not counted: sh:class is answered without their triples.
    """

    NEAR = 0
    OUTSIDE = auto()
    """What a node outside says."""
    BACKWARD = auto()
    """What refers to a node that other parts may refer to: only the whole graph can tell."""


class Reaches:
    """Finds the reach of each shape of a shapes graph.

    Args:
        shapes: All of it.
    """

    def __init__(self, shapes: DeclaredShapes) -> None:
        self._declarations, self._paths, self._siblings = shapes
        self._known: dict[tuple[Subject, NodePlace], Reach] = {}

    def of(self, shape: Subject, focus: NodePlace) -> Reach:
        """Return the reach of a shape whose focus nodes lie at a place."""
        known = self._known.get((shape, focus))
        if known is None:
            known = self._known[shape, focus] = self._find(self._declarations[shape], focus)
        return known

    def _find(self, shape: Declaration, focus: NodePlace) -> Reach:
        if shape.flag(SH.deactivated):
            return Reach.NEAR
        path = self._paths[shape.node]
        values, reach = (focus, Reach.NEAR) if path is None else follow(path, focus)
        if focus is NodePlace.OUTSIDE and any(shape.values(name) for name in _PAIRS):
            reach |= Reach.OUTSIDE
        if values is NodePlace.OUTSIDE and shape.flag(SH.closed):
            reach |= Reach.OUTSIDE
        for inner in (*shape.refers_to(), *self._siblings.get(shape.node, ())):
            reach |= self.of(inner, values)
        return reach


def follow(path: Path, start: NodePlace, *, backward: bool = False) -> tuple[NodePlace, Reach]:
    """Return where a path leads at the farthest, and what has to be known to follow it.

    Args:
        path: As parsed.
        start: Where it starts.
        backward: Follow it from its end to its beginning.
    """
    match path:
        case SequencePath(steps):
            place, reach = start, Reach.NEAR
            for step in reversed(steps) if backward else steps:
                place, more = follow(step, place, backward=backward)
                reach |= more
            return place, reach
        case AlternativePath(choices):
            place, reach = follow(choices[0], start, backward=backward)
            for choice in choices[1:]:
                end, more = follow(choice, start, backward=backward)
                place, reach = max(place, end), reach | more
            return place, reach
        case InversePath(inner):
            return follow(inner, start, backward=not backward)
        case ZeroOrOnePath(inner):
            place, reach = follow(inner, start, backward=backward)
            return max(place, start), reach
        case ZeroOrMorePath(inner) | OneOrMorePath(inner):
            place, reach = follow(inner, start, backward=backward)
            if place > start:
                place, more = follow(path, place, backward=backward)
                reach |= more
            return max(place, start), reach
        case _ if backward and start is NodePlace.INSIDE:
            return NodePlace.INSIDE, Reach.NEAR
        case _ if backward:
            return NodePlace.OUTSIDE, Reach.BACKWARD
        case _:
            return NodePlace.OUTSIDE, Reach.OUTSIDE if start is NodePlace.OUTSIDE else Reach.NEAR
