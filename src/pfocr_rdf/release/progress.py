"""How far a work on a release is, for whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

BYTES: Final = "bytes"
"""The unit of files that are gone through."""


class Progress(NamedTuple):
    """How far a step is.

    Attributes:
        step: What is being done, "" when the work has one step.
        done: How much of it.
        total: How much there is, 0 when that is not known.
        unit: Of both: `BYTES`, or the word for things that are counted.
        counts: What else was counted so far, by its name.
    """

    step: str
    done: int = 0
    total: int = 0
    unit: str = ""
    counts: Mapping[str, int] = MappingProxyType({})


OnProgress = Callable[[Progress], None]
"""Called again and again, in the process that was asked for the work."""


def unseen(_: Progress) -> None:
    """Show nothing."""
