"""What a predicate with its objects looks like in a format, remembered.

A release says the same few things of millions of mentions: nine of ten (predicate, objects)
pairs have been written before, and looking one up is ten times faster than writing it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from pfocr_rdf.rdf.terms import IRI, Term

_Shown = TypeVar("_Shown")
Said = tuple[IRI, tuple[Term, ...]]
"""A predicate and its objects, as a `Node` has them."""

_SIZE: Final = 6_000
_MANY_OBJECTS: Final = 4


class Remembered(dict[Said, _Shown]):
    """A function of (predicate, objects), with a bounded memory of what was asked lately.

    When it is full, what it holds becomes the older half, and what the half before held and was
    not asked again is forgotten.

    Example:
        >>> shown = Remembered(lambda said: f"{said[0]} {len(said[1])}")
        >>> shown[IRI("p"), (IRI("o"),)]
        'p 1'
    """

    def __init__(self, show: Callable[[Said], _Shown]) -> None:
        super().__init__()
        self.show = show
        self._older: dict[Said, _Shown] = {}

    def __missing__(self, said: Said) -> _Shown:
        shown = self._older.get(said)
        if shown is None:
            shown = self.show(said)
            # Long lists of objects hardly ever come again.
            if len(said[1]) > _MANY_OBJECTS:
                return shown
        if len(self) >= _SIZE:
            self._older = dict(self)
            self.clear()
        self[said] = shown
        return shown
