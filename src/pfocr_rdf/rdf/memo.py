"""Bounded memory of what was made before, as a release says the same again and again.

Asking is done in C; only what is new costs a call of Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from pfocr_rdf.rdf.terms import PredicateObjects

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_PROPERTIES: Final = 12_000
_MANY_OBJECTS: Final = 4


class Memo(dict[_Key, _Value]):
    """A function asked by subscript, with a bounded memory of what was asked lately.

    When it is full, what it holds becomes the older half, and what the half before held and was
    not asked again is forgotten.

    Args:
        make: The function.
        size: How many values are kept at most.
        worth: Says which arguments come again; all by default.

    Example:
        >>> squares = Memo(lambda number: number * number, 1_000)
        >>> squares[12]
        144
    """

    __slots__ = ("_half", "_older", "_worth", "make")

    def __init__(
        self,
        make: Callable[[_Key], _Value],
        size: int,
        worth: Callable[[_Key], bool] | None = None,
    ) -> None:
        super().__init__()
        self.make = make
        self._half = size // 2
        self._worth = worth
        self._older: dict[_Key, _Value] = {}

    def __missing__(self, key: _Key) -> _Value:
        older = self._older
        if key in older:
            value = older[key]
        else:
            value = self.make(key)
            if self._worth is not None and not self._worth(key):
                return value
        if len(self) >= self._half:
            self._older = dict(self)
            self.clear()
        self[key] = value
        return value


class Bounded(dict[_Key, _Value]):
    """A dictionary that holds so many items at most: one more, and it forgets those before.

    For what is no function of its key alone.
    """

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def __setitem__(self, key: _Key, value: _Value, /) -> None:
        if len(self) >= self._size:
            self.clear()
        dict.__setitem__(self, key, value)  # `super()` takes as long as all the rest


class Seen(set[_Key]):
    """A set that holds so many at most, likewise.

    Example:
        >>> seen = Seen(2)
        >>> for letter in "abc":
        ...     seen.add(letter)
        >>> sorted(seen)
        ['c']
    """

    __slots__ = ("_size",)

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def add(self, key: _Key, /) -> None:
        """Add one."""
        if len(self) >= self._size:
            self.clear()
        set.add(self, key)


def memo_of_properties(
    show: Callable[[PredicateObjects], _Value],
) -> Memo[PredicateObjects, _Value]:
    """Remember what a predicate with its objects looks like in a format.

    Nine of ten that a release has have been written before, and looking one up is ten times
    faster than writing it. Long lists of objects hardly ever come again.
    """
    return Memo(show, _PROPERTIES, lambda said: len(said[1]) <= _MANY_OBJECTS)
