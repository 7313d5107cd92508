"""The steps in which a store is built."""

from __future__ import annotations

from enum import StrEnum


class BuildStep(StrEnum):
    """What is being done, in this order."""

    LOAD = "loading the store"
    OPTIMIZE = "optimizing the store"
    INDEX = "indexing the store"
