"""How far the building of a store is."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class BuildStep(StrEnum):
    """What is being done, in this order."""

    LOAD = "loading"
    OPTIMIZE = "optimizing"
    INDEX = "indexing"


class BuildProgress(NamedTuple):
    """How far a step is.

    Attributes:
        step: Which.
        done: Bytes of the release's files when loading, figures and entities when indexing.
        total: Of the same; 0 when optimizing, which does not tell.
    """

    step: BuildStep
    done: int
    total: int


OnProgress = Callable[[BuildProgress], None]


def unseen(_: BuildProgress) -> None:
    """Show nothing."""
